"""The report of a small run: made of records alone."""

import shutil

import pytest

import compare
from compare.distributions import ENUMERABLE
from compare.engine import Runs
from compare.report import Cell
from compare.studies.ridgelet.phase import study
from compare.studies.ridgelet.phase.rows import estimated
from problems.errors import InputError
from tests.compare.studies.lightness import report_lightly

SMALL = {
    "prime": 5,
    "dimensions": (1, 2, 3, 8, 64),
    "points": 125,
    "concentrations": (0.0, 0.5, 1.0),
    "thinnings": (4, 16),
    "spreads": (2, 8),
    "nodes": 8,
    "networks": 4,
    "repeats": 5,
    "samples": 60,
    "seed": 3,
}
"""Settings of a run of seconds. At D = 1, and with 125/16 points at D = 3, K <= N."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return compare.run("phase", out=tmp_path_factory.mktemp("phase"), progress=False, **SMALL)


@pytest.fixture(scope="module")
def report(runs):
    """The report, whose page stands in the folder of the run."""
    return runs.report()


def test_the_card_answers_and_the_page_has_everything(runs, report):
    assert report.card.picture.name == "phase"
    winning, losing, reason = report.card.sentences
    assert winning.startswith("On fresh points, optimized nodes clearly beat uniform ones")
    assert losing.startswith("They are clearly worse than uniform ones in ")
    assert reason.startswith("The reason: under p* no weight vector a gets more than the coverage")
    assert report.sections[0].findings[0].startswith("Known answer: on sin(2 pi sum(x)/P) on all 125 points of Z_P^3")
    assert [table.title.split(":")[0] for section in report.sections[:3] for table in section.tables] == [
        "Known answers",
        "Known answers on fresh points",
        "Gain in risk on fresh points",
        "Gain in risk on training points",
        "How much likelier p* is at its own nodes",
        "Effective number of nodes exp(entropy of p*), as a share of all P^(D+1)",
        "Probability of the target's own nodes under p*",
        "A target spread over more directions",
    ]
    assert (runs.folder / "phase-reason.svg").exists()
    assert "none is taken from the papers" in (runs.folder / "report.html").read_text()


def test_numbers_travel_as_numbers(runs):
    gains = runs.made().sections[1].tables[0]
    assert gains.columns == ["D", "K", "K/P^D", "c = 0", "c = 0.5", "c = 1"]
    (far,) = [row for row in gains.rows if row[0].value == 64]
    assert far[1].value == 125
    assert float(far[2].value) == pytest.approx(125 / 5**64)
    (row,) = estimated(runs, study.Settings(**SMALL)).where(dimension=64, concentration=0.5)
    assert far[4].value == row["fresh_gain"].estimate.best
    assert gains.rows[0][3:] == [Cell("K <= N: any nodes interpolate")] * 3


def test_a_walk_holds_its_problems_and_gains_are_none_where_any_nodes_interpolate(runs):
    rows = estimated(runs, study.Settings(**SMALL))
    on = {walk: rows.of(row for row in rows if walk in row["walks"]) for walk in study.walks(study.Settings(**SMALL))}
    assert on.keys() == {"dimension", "coverage", "directions", "sine"}
    assert on["dimension"].unique("dimension") == [1, 2, 3, 8, 64]
    assert on["coverage"].unique("points") == [125, 31, 7]
    assert on["directions"].unique("directions") == [1, 2, 8]
    assert on["dimension"][0]["empirical_gain"] is None
    assert on["dimension"].where(dimension=2)[0]["empirical_gain"].found == 5
    assert on["dimension"][-1]["fresh"] == 1000


def test_a_problem_is_left_out_until_all_its_concentrations_are_there(runs, tmp_path):
    first = (runs.folder / "records.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "records.jsonl").write_text("".join(line for line in first if '"concentration":0.0' in line))
    shutil.copytree(runs.folder / "asks", tmp_path / "asks")
    report = Runs.read(study.STUDY, tmp_path).made()
    assert report.card.sentences == ["No problem has results at every concentration yet."]


def test_more_repeats_run_the_new_ones_alone(runs):
    before = (runs.folder / "records.jsonl").read_bytes()
    more = compare.run("phase", out=runs.folder, progress=False, **(SMALL | {"repeats": 6}))
    assert (runs.folder / "records.jsonl").read_bytes().startswith(before)
    assert more.asked == runs.asked * 6 // 5


def test_the_report_imports_nothing_that_could_draw(runs):
    report_lightly(runs.folder)


def test_what_is_enumerated_is_what_tables_say():
    assert study.ENUMERABLE == ENUMERABLE


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"prime": 2}, "prime = 2 has no character"),
        ({"prime": 4}, "4"),
        ({"concentrations": 1.5}, "concentration = 1.5 is too large; give at most 1."),
        ({"samples": 10}, "samples = 10 is too small; give at least 80."),
        ({"repeats": 1}, "repeats = 1 is too small; give at least 2."),
    ],
)
def test_bad_settings_are_refused_before_a_folder_is_made(tmp_path, settings, said):
    with pytest.raises(InputError) as refused:
        compare.run("phase", out=tmp_path / "new", progress=False, **settings)
    assert said in str(refused.value)
    assert not (tmp_path / "new").exists()


def test_the_page_fits_every_screen(runs, report, look):
    look(runs.folder / "report.html")
