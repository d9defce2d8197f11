"""Tables, sentences and figures say what both sides say; these are made by hand, so the answers are known."""

import re
from dataclasses import replace

import numpy as np
import pytest

from compare.engine import Rows
from compare.engine.fields import declared
from compare.machines import LOADERS, MACHINES
from compare.statistics import Estimate
from compare.studies.ridgelet.crossover.report import page
from compare.studies.ridgelet.crossover.study import Settings, Shared
from tests.compare.studies.ridgelet.crossover import known_sides, small_run

ABACUS = {"processor": "abacus", "cores": 2, "threads": {"OMP_NUM_THREADS": "1"}}


@pytest.fixture(scope="module")
def sides():
    return known_sides()


@pytest.fixture(scope="module")
def made(sides):
    return page(sides, ABACUS)


def table(made, title):
    """The rows of a table by their first cell, as text."""
    (found,) = (one for section in made.sections for one in section.tables if one.title.startswith(title))
    assert {len(row) for row in found.rows} == {len(found.columns)}
    return {str(row[0]): [str(cell) for cell in row[1:]] for row in found.rows}


def test_known_crossings_are_found(sides):
    """A shot takes 1 ms and 1 us a dimension; an enumeration's node 0.1 ns times 3^D; T layers of 25 us."""
    crossings = sides.crossings
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


def test_a_loader_that_costs_steps_is_never_faster_than_a_free_one(sides):
    for machine in MACHINES:
        for varied in ("dimension", "points"):
            free, log = (sides.quantum[varied, 3, machine, loader] for loader in ("free", "log"))
            for size in (16, 1000, 10**5):
                assert log.log_range([size])[1, 0] > free.log_range([size])[1, 0]


def test_a_faster_classical_machine_moves_the_crossing():
    """Ten times as fast: one in ten of the points, one more ln 10 / ln 3 in D."""
    faster = known_sides(classical_speedup=10.0).crossings
    assert faster["points", 3, "device", "free", "dequantized"].start == pytest.approx(101_600, rel=0.03)
    assert faster["dimension", 3, "device", "free", "enumeration"].start == 17
    many = known_sides(machines=1000).crossings
    assert many["dimension", 3, "device", "free", "enumeration"].start == 9


def test_the_card_answers_in_three_sentences(made):
    never, over_points, naive = made.card.sentences
    assert never.startswith("Against the dequantized sampler no quantum machine is faster a sample at any D up to 10^6")
    assert (
        "in 8 of 12 cases of machine and loader (P = 3, D = 16, 1 classical core), the earliest from K = 1,5"
        in over_points
    )
    assert over_points.endswith("(extrapolated): P = 3, error-corrected, T layers at once, distance 25, free loader.")
    assert "from some D on in 12 of 12 cases" in naive
    assert "the earliest from D = 13 [13, 13] (extrapolated)" in naive
    assert made.card.picture.name == "crossover_dimension"


def test_what_only_the_intervals_leave_possible_is_said():
    """A sample takes 1 us at every D and a shot 1 ms: less, if the classical machine drifts by more than that."""
    never = page(known_sides(drift=2000.0), ABACUS).card.sentences[0]
    assert "up to 10^6, whatever loading costs (P = 3, K = 8, 1 classical core), though intervals leave it" in never


def test_the_machine_says_what_else_it_did_and_what_two_cores_are_worth(sides):
    shared = Shared(Estimate(0.9, 0.95, 0.97, 15), Estimate(0.4, 0.5, 0.6, 15), 2048, 2)
    said = page(replace(sides, cores={3: shared}), ABACUS).sections[0].findings
    assert any(one.startswith("Two cores of this machine draw 0.950 [0.900, 0.970] of twice the nodes") for one in said)
    assert any("wall seconds were 1.00 times the processor seconds (median of 14 sizes" in one for one in said)


def test_cores_make_the_classical_side_faster_and_the_crossing_later(sides):
    shared = Shared(Estimate(0.5, 0.5, 0.5, 15), Estimate(0.5, 0.5, 0.5, 15), 2048, 2)
    many = replace(known_sides(cores=8), cores={3: shared})
    key = ("points", 3, "device", "free", "dequantized")
    assert many.crossings[key].start == pytest.approx(4 * sides.crossings[key].start, rel=0.05)


def test_the_table_of_winners_has_every_machine_and_loader(made, sides):
    (found,) = (one for one in made.sections[0].tables if one.title.startswith("From which size"))
    names = [sides.name(machine) for machine in MACHINES for _ in LOADERS]
    assert names[-1] == "error-corrected, T layers at once, distance 25"
    assert [row[0] for row in found.rows] == names
    assert [row[2] for row in found.rows] == [*LOADERS.values()] * len(MACHINES)
    row = dict(zip(found.columns, map(str, found.rows[2]), strict=True))
    assert row["machine"] == "fake_fez, errors ignored"
    assert row["than dequantized, over D"] == "never up to 10^6 (5, 4)"
    assert row["than enumeration, over D"] == "from 15* [15, 15] (4, 4)"
    assert re.fullmatch(r"from 10\^4\* \[10\^4, 10\^4\] \(5, 4\)", row["than dequantized, over K"])
    assert found.rows[2][4].value == 15
    assert "D varies at K = 8, K at D = 16" in found.note


def test_a_device_that_is_too_small_says_so_in_its_cells():
    made = page(known_sides(on_device=0), ABACUS)
    (winners, times) = made.sections[0].tables
    assert str(winners.rows[0][3]) == "does not fit (5, 0)"
    assert "never" in str(winners.rows[-1][3])
    assert [str(cell) for cell in times.rows[2][1:]] == ["does not fit"] * 4
    assert "duration on the device, whole" not in table(made, "Growth of the circuits over D")
    assert not any("fake_fez" in sentence for section in made.sections for sentence in section.findings)


def test_what_has_no_record_yet_is_left_out():
    made = page(replace(known_sides(), device=None, circuits={}, curves=Rows([])), {})
    assert made.card.sentences == []
    assert {str(row[3]) for row in made.sections[0].tables[0].rows} == {"not timed (0, 0)"}


def test_every_assumption_is_listed_with_a_flag_that_exists(made):
    (found,) = made.sections[1].tables
    flags = set(re.findall(r"--[a-z-]+[a-z]", " ".join(row[2] for row in found.rows)))
    assert flags == {f"--{one.flag.replace('_', '-')}" for one in declared(Settings).values()}
    assert all(all(row) for row in found.rows)
    values = table(made, "Every assumption")
    assert "abacus, 2 cores, OMP_NUM_THREADS=1" in values["Classical seconds"][0]
    assert "as it was on 2025-02-26" in values["Device"][0]


def test_seconds_are_quoted_with_their_interval_and_marked_beyond(made):
    (_, found) = made.sections[0].tables
    assert found.columns[1:] == ["D = 4", "D = 16", "D = 64", "D = 1024"]
    rows = table(made, "Seconds a sample")
    assert rows["dequantized"][0] == "1 µs [1 µs, 1 µs] (5)"
    assert rows["enumeration"][1].startswith("4.3 ms* [")
    assert rows["fake_fez, errors ignored, free loader"][0] == "1 ms (exact)"
    assert rows["fake_fez, errors ignored, free loader"][3].startswith("2.02 ms* [")
    assert rows["fake_fez, errors ignored, free loader"][3].endswith("(4)")
    assert rows["enumeration"][3] == "> 10^300 s* (4)"
    assert rows["error-corrected, T layers at once, distance 25, sparse loader"][2].endswith("(2)")


def test_growth_is_told_with_its_interval(made):
    rows = table(made, "Growth of seconds over D, P = 3, K = 8")
    assert rows["dequantized"][:2] == ["4 to 256 (5)", "no growth"]
    assert rows["enumeration"][0] == "4 to 10 (4)"
    assert rows["enumeration"][-2].startswith("exponential (")
    assert "k = 1.1" in rows["enumeration"][-2]
    assert rows["enumeration"][-1] == "1.00"
    assert table(made, "Growth of seconds over K")["dequantized"][1].startswith("power")
    prepared = "enumeration, processor seconds of preparation at P = 3, K = 8: grows as e^(k D), k = 1.1"
    assert any(said.startswith(prepared) for said in made.sections[2].findings)


def test_a_method_that_was_never_timed_says_why():
    sides = known_sides()
    stopped = "size 3 is refused: Enumerating 3^25 nodes needs 35 TiB, but 20 are there; take fewer."
    curves = [
        {**row, "rows": (), "stopped": stopped} if row["method"] == "enumeration" else row for row in sides.curves
    ]
    made = page(replace(sides, curves=Rows(curves)), ABACUS)
    row = table(made, "Growth of seconds over D")["enumeration"]
    assert row[:2] == ["none (0)", "not taken: Enumerating 3^25 nodes needs 35 TiB, but 20 are there"]
    assert str(made.sections[0].tables[0].rows[0][4]) == "not timed (0, 4)"


def test_growth_of_the_circuits_is_that_of_the_counts(made):
    rows = table(made, "Growth of the circuits over D")
    p, span, law, power, _, last = rows["T gates, transform"]
    assert (p, span, last) == ("3", "4 to 64 (5)", "640 (exact)")
    assert law.startswith("power (")
    assert power.startswith("1")
    assert rows["T layers, transform"][2] == "no growth"
    assert table(made, "Growth of the circuits over K")["T gates, sparse loader"][-1] == "320 [320, 320] (2)"


def test_sentences_compare_seconds_and_tell_what_errors_cost(made):
    said = made.sections[0].findings
    ratios = next(sentence for sentence in said if "free loader: seconds a sample over" in sentence)
    assert "1,000 [1,000, 1,000] (fake_fez, errors ignored at D = 32)" in ratios
    assert "150 [150, 150] (error-corrected, T layers at once, distance 25 at D = 64)" in ratios
    errors = next(sentence for sentence in said if "without error" in sentence)
    assert errors.startswith("P = 3, D = 32 on fake_fez: with the sparse loader a share of 0.7 to 0.7 of the shots")


@pytest.mark.parametrize(("varied", "lines"), [("dimension", 7), ("points", 6)])
def test_the_figure_shows_what_was_measured_and_what_was_continued(made, sides, varied, lines):
    (picture,) = (one for one in made.pictures if one.name == f"crossover_{varied}")
    (axes,) = picture.figure().axes
    dashed = [line for line in axes.lines if len(line.get_xdata()) > 50]
    markers = [container[0] for container in axes.containers]
    assert len(markers) == len(dashed) == lines
    first = sides.classical[varied, 3, "dequantized"]
    np.testing.assert_allclose(markers[0].get_xdata(), list(first.measured))
    np.testing.assert_allclose(markers[0].get_ydata(), [one.best for one in first.measured.values()])
    assert len({(line.get_marker(), line.get_color()) for line in markers}) == len(markers)
    assert max(dashed[0].get_xdata()) > 10 * max(markers[0].get_xdata())


def test_the_report_is_made_of_records_alone(monkeypatch):
    """No device is decoded, no sampler made, no problem drawn, nothing counted or timed."""
    runs = small_run()
    for module in ("crossover.measures", "drawn"):
        for name in ("device_target", "count_circuits", "time_curve", "random_problem"):
            monkeypatch.setattr(f"compare.studies.ridgelet.{module}.{name}", None, raising=False)
    made = runs.made()
    assert [len(section.tables) for section in made.sections[:3]] == [2, 1, 5]
    assert "circuit (MPS, crt)" in table(made, "Growth of seconds over P")


def test_a_setting_that_the_report_alone_reads_runs_nothing_again(tmp_path):
    import shutil

    import compare
    from tests.compare.studies.ridgelet.crossover import SMALL

    shutil.copytree(small_run().folder, tmp_path / "run")
    before = (tmp_path / "run" / "records.jsonl").read_bytes()
    changed = {"reset": 0.0, "delay": 0.1, "cycle": 1e-3, "distance": 7, "t_rate": 1e3, "machines": 9}
    runs = compare.run("crossover", out=tmp_path / "run", progress=False, **SMALL, **changed, classical_speedup=1e-3)
    assert (tmp_path / "run" / "records.jsonl").read_bytes() == before
    assert "repetition delay 100 ms" in table(runs.made(), "Every assumption")["A shot on the device"][0]


def test_the_page_fits_every_screen(look, tmp_path):
    small_run().report(tmp_path)
    look(tmp_path / "report.html")
