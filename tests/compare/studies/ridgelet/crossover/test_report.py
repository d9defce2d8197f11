"""Tables, sentences and figures say what the results say; the results are made by hand, so the answers are known."""

import re

import numpy as np
import pytest

from compare.machines import LOADERS, MACHINES, machine_name
from compare.report import write_report
from compare.studies.ridgelet.crossover.findings import findings
from compare.studies.ridgelet.crossover.page import report
from compare.studies.ridgelet.crossover.plots import crossover_figure
from compare.studies.ridgelet.crossover.study import Settings
from compare.studies.ridgelet.crossover.tables import (
    assumption_table,
    circuit_growth_table,
    growth_table,
    seconds_table,
    winner_table,
)
from tests.compare.studies.ridgelet.crossover import known_results


@pytest.fixture(scope="module")
def results():
    return known_results()


def test_known_crossings_are_found(results):
    """A shot takes 1 ms and 1 us a dimension; an enumeration's node 0.1 ns times 3^D; T layers of 25 us."""
    crossings = results.crossings
    # 10^-10 3^D > 1.0147 10^-3 from D = 15 on.
    assert crossings["dimension", 3, "device", "free", "enumeration"].start == 15
    # Six steps of 25 us: 1.5 10^-4.
    assert crossings["dimension", 3, "T layers at once", "free", "enumeration"].start == 13
    # (10 D + 1) steps.
    assert crossings["dimension", 3, "one T at a time", "free", "enumeration"].start == 16
    # 10^-7 K > 1.016 10^-3 from K = 10,160 on; the grid has steps of 2%.
    assert crossings["points", 3, "device", "free", "dequantized"].start == pytest.approx(10_160, rel=0.03)
    # Its own logarithm makes the tree win later, not never.
    assert crossings["points", 3, "T layers at once", "free", "dequantized"].start == pytest.approx(1500, rel=0.03)
    steps = crossings["points", 3, "T layers at once", "log", "dequantized"].start
    assert 1e-7 * steps == pytest.approx((6 + np.ceil(np.log2(steps))) * 25e-6, rel=0.03)
    # One us a point with the loader, against a tenth of that; and 1 us a sample at every D.
    for machine in MACHINES:
        assert crossings["points", 3, machine, "sparse", "dequantized"].start is None
        for loader in LOADERS:
            assert crossings["dimension", 3, machine, loader, "dequantized"].start is None


def test_a_loader_that_costs_steps_is_never_faster_than_a_free_one(results):
    for machine in MACHINES:
        for varied in ("dimension", "points"):
            free, log = (results.quantum(varied, 3, machine, loader) for loader in ("free", "log"))
            for size in (16, 1000, 10**5):
                assert log.log_range([size])[1, 0] > free.log_range([size])[1, 0]


def test_a_faster_classical_machine_moves_the_crossing():
    """Ten times as fast: one in ten of the points, one more ln 10 / ln 3 in D."""
    results = known_results(classical_speedup=10.0)
    assert results.crossings["points", 3, "device", "free", "dequantized"].start == pytest.approx(101_600, rel=0.03)
    assert results.crossings["dimension", 3, "device", "free", "enumeration"].start == 17
    assert known_results(machines=1000).crossings["dimension", 3, "device", "free", "enumeration"].start == 9


def test_the_table_of_winners_has_every_machine_and_loader(results):
    table = winner_table(results)
    names = [machine_name(machine, results.settings) for machine in MACHINES for _ in LOADERS]
    assert [row[0] for row in table.rows] == names
    assert [row[2] for row in table.rows] == [*LOADERS.values()] * len(MACHINES)
    assert {len(row) for row in table.rows} == {len(table.columns)}
    row = dict(zip(table.columns, table.rows[2], strict=True))
    assert row["machine"] == "fake_fez, errors ignored"
    assert row["than dequantized, over D"] == "never up to 10^6 (5, 4)"
    assert row["than enumeration, over D"] == "from 15* [15, 15] (4, 4)"
    assert re.fullmatch(r"from 10\^4\* \[10\^4, 10\^4\] \(5, 4\)", row["than dequantized, over K"])
    assert "D varies at K = 8, K at D = 16" in table.note


def test_a_device_that_is_too_small_says_so_in_its_cell():
    results = known_results()
    for row in results.circuits.values():
        row["on_device"] = None
    rows = winner_table(results).rows
    assert rows[0][3] == "does not fit (5, 0)"
    assert "never" in rows[-1][3]
    assert seconds_table(results, 3).rows[2][1:] == ["does not fit"] * 4
    assert circuit_growth_table(results).rows[4][2] == "does not fit"
    assert not any("fake_fez" in sentence for sentence in findings(results))
    assert len(crossover_figure(results, "dimension").axes) == 1


def test_every_assumption_is_listed_with_a_flag_that_exists(results):
    table = assumption_table(results)
    flags = set(re.findall(r"--[a-z-]+[a-z]", " ".join(row[2] for row in table.rows)))
    names = {"--" + name.replace("_", "-") for name in Settings.__dataclass_fields__}
    assert flags == names
    assert all(all(row) for row in table.rows)
    assert "abacus, 2 cores" in {row[0]: row[1] for row in table.rows}["Classical seconds"]


def test_seconds_are_quoted_with_their_interval_and_marked_beyond(results):
    table = seconds_table(results, 3)
    assert table.columns[1:] == ["D = 4", "D = 16", "D = 64", "D = 1024"]
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["dequantized"][0] == "1 µs [1 µs, 1 µs] (5)"
    assert rows["enumeration"][1].startswith("4.3 ms* [")
    assert rows["fake_fez, errors ignored, free loader"][0] == "1 ms (exact)"
    assert rows["fake_fez, errors ignored, free loader"][3].startswith("2.02 ms* [")
    assert rows["fake_fez, errors ignored, free loader"][3].endswith("(4)")
    assert rows["enumeration"][3] == "> 10^300 s* (4)"
    assert rows["error-corrected, T layers at once, sparse loader"][2].endswith("(2)")


def test_growth_is_told_with_its_interval(results):
    table = growth_table(results, "dimension-3")
    rows = {row[0]: row for row in table.rows}
    assert rows["dequantized"][1:3] == ["4 to 256 (5)", "no growth"]
    assert rows["enumeration"][1] == "4 to 10 (4)"
    assert rows["enumeration"][-1].startswith("exponential (10^")
    assert "k = 1.1 [1.1, 1.1]" in rows["enumeration"][-1]
    assert growth_table(results, "points-3").rows[0][3] == "1 [1, 1]"
    assert {len(row) for row in table.rows} == {len(table.columns)}


def test_a_method_that_was_never_timed_says_why():
    results = known_results()
    stopped = "size 3 is refused: Enumerating 3^25 nodes needs 35 TiB, but 20 are there; take fewer."
    results.times["dimension-3"]["methods"]["enumeration"] = {"rows": [], "stopped": stopped}
    row = growth_table(results, "dimension-3").rows[1]
    assert row[1:3] == ["none (0)", "not taken: Enumerating 3^25 nodes needs 35 TiB, but 20 are there"]
    assert winner_table(results).rows[0][4] == "not timed (0, 4)"


def test_growth_of_the_circuits_is_that_of_the_counts(results):
    rows = {row[0]: row for row in circuit_growth_table(results).rows}
    transform = rows["P = 3, T gates, transform"]
    assert transform[1] == "4 to 64 (5)"
    assert transform[2].startswith("power (10^")
    assert transform[3] == "1 [1, 1]"
    assert transform[-1] == "640 (exact)"
    assert rows["P = 3, T layers, transform"][2] == "no growth"
    assert rows["P = 3, T gates, sparse loader over K"][3] == "1 [1, 1]"
    assert rows["P = 3, T gates, sparse loader over K"][-1] == "320 [320, 320] (2)"


def test_sentences_name_winners_losers_and_what_is_extrapolated(results):
    said = findings(results)
    text = " ".join(said)
    assert "against the dequantized sampler: no machine is faster a sample at any D up to 10^6, whatever" in text
    (against,) = (sentence for sentence in said if "against the enumeration" in sentence)
    assert "fake_fez, errors ignored, from 15 [15, 15] (extrapolated) with the sparse loader" in against
    assert "Never" not in against
    (over_points,) = (sentence for sentence in said if "by K" in sentence)
    assert over_points.count("(with the sparse loader)") == len(MACHINES)
    assert "ln P is 1.099" in text
    ratios = next(sentence for sentence in said if "free loader: seconds a sample over" in sentence)
    assert "1,000 [1,000, 1,000] (fake_fez, errors ignored at D = 32)" in ratios
    assert "150 [150, 150] (error-corrected, T layers at once at D = 64)" in ratios


@pytest.mark.parametrize("varied", ["dimension", "points"])
def test_the_figure_shows_what_was_measured_and_what_was_continued(results, varied):
    (axes,) = crossover_figure(results, varied).axes
    dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
    markers = [container[0] for container in axes.containers]
    assert len(markers) == (7 if varied == "dimension" else 6)
    assert len(dashed) == len(markers)
    first = results.classical(f"{varied}-3", "dequantized")
    np.testing.assert_allclose(markers[0].get_xdata(), list(first.measured))
    np.testing.assert_allclose(markers[0].get_ydata(), [one.best for one in first.measured.values()])
    assert len({line.get_marker() for line in markers}) == len(markers)
    assert max(dashed[0].get_xdata()) > 10 * max(markers[0].get_xdata())


def test_the_verdict_comes_first_on_the_page_and_every_table_is_there(results, tmp_path):
    made = report(results)
    page = write_report(made, tmp_path).read_text()
    assert page.index("no machine is faster") < page.index("<h2 ") < page.index("<table>")
    assert [len(section.tables) for section in made.sections] == [2, 1, 3]
    assert len(re.findall("<figure>", page)) == 2
    for name in ("crossover_dimension", "crossover_points"):
        assert (tmp_path / f"{name}.png").stat().st_size > 10_000
