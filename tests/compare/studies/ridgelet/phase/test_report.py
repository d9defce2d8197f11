"""The report of a small run: made of records alone."""

import subprocess
import sys

import pytest

import compare
from compare.distributions import ENUMERABLE
from compare.studies.ridgelet.phase import study
from compare.studies.ridgelet.phase.rows import gathered
from problems.errors import InputError

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
    return compare.run("phase", out=tmp_path_factory.mktemp("phase"), workers=2, progress=False, **SMALL)


def test_the_card_answers_and_the_page_has_everything(runs):
    report = runs.report()
    assert report.card.picture.name == "phase"
    assert report.card.sentences[0].startswith("Known answer: on sin(2 pi sum(x)/P)")
    assert len(report.card.sentences) == 3
    tables = [table.title for section in report.sections[:2] for table in section.tables]
    assert tables[:3] == ["Known answers", "Gain in risk on fresh points", "Gain in risk on training points"]
    assert (runs.folder / "phase-reason.svg").exists()


def test_walks_hold_the_sites_and_risks_are_none_where_any_nodes_interpolate(runs):
    walks = gathered(runs, study.Settings(**SMALL)).walks
    assert walks.keys() == {"dimension", "coverage", "directions", "sine"}
    assert [site["dimension"] for site in walks["dimension"]] == [1, 2, 3, 8, 64]
    assert walks["dimension"][0]["cells"][0]["empirical-gain"] is None
    assert walks["dimension"][1]["cells"][0]["empirical-gain"]["samples"] == 5
    assert walks["dimension"][-1]["fresh"] == 1000


def test_more_repeats_run_the_new_ones_alone(runs):
    before = (runs.folder / "records.jsonl").read_bytes()
    more = compare.run("phase", out=runs.folder, progress=False, **(SMALL | {"repeats": 6}))
    assert (runs.folder / "records.jsonl").read_bytes().startswith(before)
    assert more.asked == runs.asked * 6 // 5


def test_the_report_imports_nothing_that_could_draw(runs):
    code = (
        "import sys; from compare.cli import main\n"
        "try: main(['report', sys.argv[1]])\n"
        "except SystemExit as stop: assert not stop.code, stop.code\n"
        "heavy = {'qiskit', 'sklearn', 'scipy.stats', 'classical', 'quantum'} & sys.modules.keys()\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(runs.folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


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
