"""The report: made of records alone, its claims from numbers; a user's own update; and what is refused beforehand."""

import math

import numpy as np
import pytest

import compare
from compare.engine import Runs, Seeds
from compare.engine.fields import make
from compare.engine.running import plan
from compare.hardware.plan import Order, make_plan
from compare.hardware.tasks import create_for, find_orders, keep
from compare.studies.sparse_training.crossing import Costs, costs_of
from compare.studies.sparse_training.expansions import expand
from compare.studies.sparse_training.published import ACCURACY, PROXY, published
from compare.studies.sparse_training.rounds import rounds
from compare.studies.sparse_training.study import CIRCUIT, EXPANSION, LOOP, SHOTS, STUDY, UPDATE, Settings, tasks
from problems.errors import InputError
from tests.compare.hardware.runs import bring
from tests.compare.once import copied
from tests.compare.studies.sparse_training.conftest import SMALL
from tests.compare.verdict.door import claim_of
from tests.problems.sparse_training.references import PAIR

TITLES = [
    "Truncation on real networks",
    "Pruned perceptrons",
    "Training with downloads",
    "Rivals",
    "Condition of the history system",
    "Circuits",
    "Training by a circuit",
    "Seconds, and where they cross",
    "Errata of the paper",
]


@pytest.fixture(scope="session")
def report(runs):
    return runs.report()


def section(report, title):
    return next(one for one in report.sections if one.title == title)


def test_the_card_answers_with_one_picture_and_three_sentences(runs, report):
    assert report.card.picture.name == "seconds"
    first, second, third = report.card.sentences
    assert first.startswith("Training 2 weights of a pruned network by a circuit works end to end: 2 rounds of T = 4")
    assert second.startswith("The certificate R < 1 holds for 0 of ")
    assert "never faster than classical training of all n" in third
    assert (runs.folder / "report.html").exists()


def test_every_part_has_its_section(report):
    assert [one.title for one in report.sections][:9] == TITLES
    errata = section(report, "Errata of the paper").tables[0]
    assert str(errata.rows[0][0]) == "The constants (equations 5 and 6)"
    assert "neither is polynomial" in " ".join(str(cell) for row in errata.rows for cell in row)


def test_published_curves_stand_beside_ours_as_theirs(report):
    found = published()
    assert {name: len(x) for name, (x, _) in found.items()} == {PROXY: 23, ACCURACY: 96}
    assert found[PROXY][1][0] == 0.998827
    pictures = section(report, "Training with downloads").pictures
    assert [picture.name for picture in pictures] == ["accuracy", "proxy"]
    assert all("as its authors plotted it" in picture.caption for picture in pictures)


def test_seconds_follow_from_what_is_counted_and_assumed(runs):
    costs = costs_of(runs, Settings())
    rows = [row for row in runs[CIRCUIT] if row["method"] == "kernel-reflection" and row["source"] == "breast-cancer"]
    few, many = sorted((row["steps"], row["shot"]) for row in rows)
    exponent = math.log(many[1] / few[1]) / math.log(2)
    assert costs.exponent == pytest.approx(exponent)
    assert costs.shot == pytest.approx(few[1] * (100 / 4) ** exponent)
    shots = 1000 / 0.01**2
    assert costs.quantum(2**20, 1000) == pytest.approx((shots * costs.shot * 400 + 1000) * 25e-6)
    assert costs.classical(1e8) == pytest.approx(6 * 1e8 * 50_000 * 100 / 1e12)
    start = costs.start(lambda n: 1000, lambda n: n)
    assert costs.quantum(start, 1000) < costs.classical(start)
    assert costs.quantum(start / 1.2, 1000) > costs.classical(start / 1.2)
    assert costs.start(lambda n: 0.1 * n, lambda n: n) is None
    # A logical step more, as a shot of that machine ends with a measurement.
    assert costs.gates(1000) == pytest.approx(shots * costs.shot * (costs.t + 1) * 25e-6)


def test_a_fast_enough_circuit_would_win():
    costs = Costs(Settings(error=1.0, flops=1e6), "none", 1.0, 0.0)
    assert costs.start(lambda n: 0.1 * n, lambda n: n) == pytest.approx(1e4)


@pytest.fixture(scope="session")
def own(runs, tmp_path_factory):
    """A run of a user's own update, from a file, beside what the small run has already."""
    folder = tmp_path_factory.mktemp("own")
    arrays = {f"F_{k}": matrix for k, matrix in enumerate(PAIR.coefficients)}
    np.savez(folder / "mine.npz", **arrays, start=np.array([0.4, -0.3]))
    few = SMALL | {"steps": 8, "seeds": 0, "every": 12, "classical": 0, "modes": "masked", "rivals": "sgd"}
    return compare.run(
        "training", update=str(folder / "mine.npz"), out=copied(runs, folder / "out"), progress=False, **few
    )


def test_a_users_own_update_takes_the_place_of_ours(own):
    assert not own.failed
    assert own.missing == 0
    (row,) = own[EXPANSION]
    assert (row["dimension"], row["degree"], row["trained"]) == (2, 2, None)
    # From this start the expansion at it is another one than the page's at the origin, which is here "origin".
    assert row["origin"] == pytest.approx(0.0017578356, abs=5e-11)
    assert [row["source"] for row in own[LOOP]] == [own[UPDATE][0]["source"]] * len(own[LOOP])
    for row in own[LOOP]:
        assert row["error"] <= (2 / math.sqrt(row["shots"]) if row["shots"] else 0) + row["truncation"] + 0.01


def test_its_file_is_named_in_the_report(own):
    made = own.made()
    table = section(made, "Truncation on real networks").tables[0]
    assert str(table.rows[0][0]) == "mine.npz"
    assert len(made.card.sentences) == 3


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"quadratic": "digits-classes"}, "has not two classes"),
        ({"datasets": "diabetes"}, "a number as its target"),
        ({"datasets": "digit"}, "digits"),
        ({"solvers": "qvst"}, "qsvt"),
        ({"shots": 1}, "shots = 1 gives no error"),
        ({"kept": 0}, "kept = 0"),
        ({"kept": 32}, "keep at most 16"),
        ({"orders": 9}, "orders = 9"),
        ({"etas": 0}, "eta = 0"),
        ({"modes": "half"}, "masked"),
        ({"share": 2}, "share = 2"),
        ({"epsilon": 0}, "epsilon = 0"),
        ({"update": "nowhere.npz"}, "There is no file"),
    ],
)
def test_bad_settings_are_refused_in_one_line_before_a_folder_is_made(tmp_path, given, said):
    with pytest.raises(InputError) as refused:
        compare.run("training", out=tmp_path / "out", progress=False, **given)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()


def test_descent_that_diverges_is_told_with_its_step():
    only = [one for one in tasks(Settings(etas=(30.0,), seeds=(0,), kept=(2,), steps=100)) if one.kind == EXPANSION]
    assert len(only) == 1
    with pytest.raises(InputError, match=r"Gradient descent diverges at step \d+ of 100"):
        expand(only[0].task, Seeds(only[0].task), {})


def test_seeds_sizes_and_steps_are_tasks_of_their_own():
    few, more = (tasks(Settings(seeds=seeds)) for seeds in ((0,), (0, 1)))
    known = {one.id for one in few}
    assert known < {one.id for one in more}
    counts = {kind: sum(one.kind.name == kind for one in more) for kind in {one.kind.name for one in more}}
    # Two step sizes of networks of 2, 4 and 8 weights, and of 4 with q = 5, for each seed.
    assert counts["training/expansion"] == 2 * 2 * 4
    assert counts["training/cycles"] == 2 * 2 * 2 * 2


def test_a_small_instance_is_submitted_and_fetched_as_a_record(tmp_path):
    """Two steps on a simulator, as they would go to a device; the record stands in the report."""
    few = {"seeds": 0, "kept": 2, "etas": 0.1, "device_shots": 4000}
    asked = plan(STUDY, [make(Settings, few)])
    orders = find_orders(asked, tmp_path / "out")
    assert [one.kind for one in orders.tasks] == [SHOTS]
    device = make_plan(orders.ordered, Order("aer_statevector", 4000, 1))
    run = create_for(orders, device, tmp_path / "out")
    bring(run, None)
    keep(run, STUDY)
    (row,) = Runs.read(STUDY, tmp_path / "out")[SHOTS]
    assert row["refused"] is None
    assert np.all(np.abs(row["weights"] - row["expected"]) < 5 * row["errors"])
    assert row["good"] == pytest.approx(row["predicted"], abs=5 * np.sqrt(row["predicted"]))
    said = rounds(Runs.read(STUDY, tmp_path / "out"), Settings()).findings
    assert said[0].startswith("On a device, T = 2 steps by marching, 4,000 shots: u(T) = ")


def test_the_claim_is_shots_times_queries_over_masked_training(runs):
    found = claim_of(runs)
    costs = costs_of(runs, runs.settings)
    kept = runs.settings.share * 1e8
    assert (found.paper, found.size) == ("2303.03428", "n = 10^8 weights")
    assert found.mark.ratio.best == pytest.approx(costs.gates(kept) / costs.classical(kept))
    assert found.mark.beyond > 10
    flops = next(one for one in found.changes if one.flag == "--flops")
    assert flops.factor == pytest.approx(found.mark.ratio.best, rel=1e-6)


def test_the_page_fits_every_screen(report, runs, look):
    look(runs.folder / "report.html")
