"""One file and one line: a new sampler is in every study of methods, in their reports, and in the estimators."""

import numpy as np
import pytest

import compare
from compare.estimators import TicketRegressor
from compare.studies.ridgelet.methods import METHODS, NodeMethod

PLACE = "tests.compare.studies.ridgelet.toy:SmallWeightsSampler"

ASKED = {
    "compare": {
        "dataset": "iris",
        "features": 2,
        "nodes": 1,
        "samples": 60,
        "chain_samples": 60,
        "chain_points": 4,
        "dimensions": 2,
    },
    "risk": {"datasets": "sine-tiny", "folds": 2, "nodes": 8},
    "study": {"datasets": "sine", "primes": 3, "features": 2, "nodes": 4, "repeats": 2},
    "scale": {"dimensions": 2, "points": 4, "samples": 20, "repeats": 2},
}


def shown(report):
    return {str(cell) for section in report.sections for table in section.tables for row in table.rows for cell in row}


@pytest.mark.parametrize("study", ASKED)
def test_a_registered_sampler_is_in_every_study_and_its_report(study, tmp_path, here, monkeypatch, request):
    if (
        study == "compare"
    ):  # the others' figures show what is not in their styles; that of most figures need not as well
        request.getfixturevalue("undrawn")
    monkeypatch.setitem(METHODS, "small-weights", NodeMethod("small weights", "control", PLACE))
    runs = compare.run(study, methods=["small-weights", "uniform"], out=tmp_path, progress=False, **ASKED[study])
    assert runs.missing == 0
    assert "small weights" in shown(runs.report())
    assert runs.methods["small-weights"].law == "control"
    assert (tmp_path / "report.html").exists()


# And of "compare", as a method more beside all others, in samplers/test_study.py.
@pytest.mark.parametrize("study", [study for study in ASKED if study != "compare"])
def test_a_sampler_may_be_named_by_its_place_with_nothing_registered(study, tmp_path):
    runs = compare.run(study, methods=[PLACE, "uniform"], out=tmp_path, progress=False, **ASKED[study])
    assert runs.missing == 0
    assert "SmallWeightsSampler" in shown(runs.made())


def test_the_estimators_take_it(monkeypatch):
    monkeypatch.setitem(METHODS, "small-weights", NodeMethod("small weights", "control", PLACE))
    x = np.random.default_rng(0).normal(size=(40, 2))
    fitted = [
        TicketRegressor(20, prime=5, sampler=name, random_state=1).fit(x, x[:, 0]) for name in ("small-weights", PLACE)
    ]
    assert fitted[0].nodes_ == fitted[1].nodes_
