"""The report of a small run: made of records alone, with the numbers that they have."""

import numpy as np
import pytest

import compare
from compare.engine import Runs
from compare.studies.ridgelet.risk.rows import TICKET, networks
from compare.studies.ridgelet.risk.study import CELL, STUDY
from problems.errors import InputError
from tests.compare.studies.lightness import report_lightly

SETTINGS = {
    "datasets": ["iris", "sine"],
    "methods": ["enumeration", "dequantized", "uniform", "candidates", "subspace-2", "subspace-3", "rbf"],
    "folds": 3,
    "nodes": 8,
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return compare.run("risk", out=tmp_path_factory.mktemp("risk"), progress=False, **SETTINGS)


@pytest.fixture(scope="module")
def report(runs):
    """The report, whose page stands in the folder of the run."""
    return runs.report()


def test_the_card_answers_with_one_picture_and_three_sentences(runs, report):
    assert report.card.picture.name == "candidates"
    assert report.card.sentences[0].startswith("Empirical risk, dequantized less uniform: ")
    assert len(report.card.sentences) == 3
    assert (runs.folder / "report.html").exists()
    assert [section.title for section in report.sections][:3] == [
        "What was compared",
        "Optimized against uniform",
        "Out of sample",
    ]


def test_the_ticket_is_the_best_on_inner_folds_of_what_draws_from_p_star(runs):
    rows = networks(runs).where(case="iris", quoted=True)
    for fold in range(3):
        of_fold = rows.where(fold=fold)
        (ticket,) = of_fold.where(method=TICKET)
        among = [row for row in of_fold if row["method"] in ("dequantized", "candidates", "subspace-2", "subspace-3")]
        assert ticket["inner"] == min(row["inner"] for row in among)
        assert ticket["picked"] in {row["method"] for row in among}
    assert not len(networks(runs).where(case="sine", method=TICKET))


def test_claims_are_differences_in_pairs_of_folds(runs):
    table = runs.made().sections[1].tables[0]
    rows = networks(runs).where(case="iris", quoted=True)
    one, other = (np.array(rows.where(method=name).column("empirical")) for name in ("dequantized", "uniform"))
    (row,) = [row for row in table.rows if str(row[0]) == "iris"]
    assert row[6].value == pytest.approx(np.mean(one - other), rel=1e-12)


def test_methods_that_do_not_apply_say_why_in_their_row(tmp_path):
    runs = compare.run(
        "risk", out=tmp_path, progress=False, datasets="digits-tiny", methods="uniform,enumeration,skewed-chi2", folds=2
    )
    assert len(runs.refused(CELL)) == 0
    more = compare.run("risk", out=tmp_path, progress=False, datasets="iris", methods="uniform,circuit-noisy", folds=2)
    assert more.missing == 0
    (table,) = more.made().sections[-2].tables
    assert "does not apply: 17 qubits" in table.rows[1][1]


def test_other_methods_and_data_sets_change_no_number(runs, tmp_path):
    few = compare.run("risk", out=tmp_path, progress=False, datasets="sine,iris", methods="uniform", folds=2, nodes=8)
    known = {(row["case"], row["fold"]): row["fixed"] for row in runs[CELL].where(method="uniform")}
    for row in few[CELL]:
        np.testing.assert_array_equal(row["fixed"], known[row["case"], row["fold"]])


def test_more_folds_run_the_new_ones_alone(runs):
    before = (runs.folder / "records.jsonl").read_bytes()
    more = compare.run("risk", out=runs.folder, progress=False, **(SETTINGS | {"folds": 4}))
    after = (runs.folder / "records.jsonl").read_bytes()
    assert after.startswith(before)
    assert after[len(before) :].count(b"\n") == 2 * (7 + 1)
    assert more.missing == 0


def test_the_report_loads_no_data_and_makes_no_sampler(runs):
    """It imports nothing that could, and still is the same."""
    report_lightly(runs.folder)


def test_records_of_a_method_that_is_gone_are_still_reported(runs, monkeypatch):
    from compare.studies.ridgelet.methods import METHODS

    for name in ("rbf", "candidates"):
        monkeypatch.delitem(METHODS, name)
    report = Runs.read(STUDY, runs.folder).made()
    assert "RBFSampler" in [str(row[0]) for row in report.sections[3].tables[0].rows]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"datasets": ["irish"]}, "There is no data set 'irish'. Did you mean 'iris'"),
        ({"methods": ["unifrom"]}, "There is no method 'unifrom'. Did you mean 'uniform'"),
        ({"folds": 1}, "folds = 1 is too small; give at least 2."),
        ({"ridge": 0}, "ridge = 0 is too small for a fit by normal equations"),
        ({"activation": "1,2"}, "The activation table has shape (2,)"),
    ],
)
def test_bad_settings_are_refused_before_a_folder_is_made(tmp_path, settings, said):
    with pytest.raises(InputError) as refused:
        compare.run("risk", out=tmp_path / "new", progress=False, **settings)
    assert said in str(refused.value)
    assert not (tmp_path / "new").exists()


def test_the_page_fits_every_screen(runs, report, look):
    look(runs.folder / "report.html")
