"""The measurements of the tasks, held against what is computed here from matrices, and a golden of their numbers."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from compare.engine import Seeds
from compare.studies.kernel_training.measures import claim, images_of, measure
from compare.studies.kernel_training.records import Case, Claim
from compare.studies.kernel_training.study import CASE, CIRCUIT, CLAIM, NOISE, RIVAL, TIMING, Settings, tasks
from compare.studies.kernel_training.tables import NETWORKS
from problems.kernel_training import ErfNtk, KernelTask, decide, sparse_kernel

GOLDEN = Path(__file__).parents[3] / "goldens" / "kernels.json"


def test_every_task_has_a_result(runs):
    assert runs.missing == 0
    assert not runs.failed
    assert [row for kind in runs.study.kinds for row in runs.refused(kind)] == []


def matrices(row):
    task = Case(*(row[name] for name in Case.__dataclass_fields__))
    seeds = Seeds(task)
    images = images_of(task, seeds)
    ntk = NETWORKS[task.network].make(task.depth)
    drawn = seeds("pattern", by=("dataset", "seed", "n", "pattern"))
    matrix = sparse_kernel(task.pattern, images.kernel(ntk), images.y, drawn)
    return images, ntk, matrix


def some(rows):
    """Every seventh row, so that all patterns, depths and networks are among them."""
    return list(rows)[::7]


def test_answers_and_conditions_are_those_of_numpy(runs):
    seen = set()
    for row in some(runs[CASE]):
        images, ntk, matrix = matrices(row)
        outputs = images.test_kernel(ntk) @ np.linalg.solve(matrix, images.y)
        assert row["sign"] == np.mean(np.sign(outputs) == images.y_test)
        assert row["median"] == np.mean(decide(outputs, "median") == images.y_test)
        singular = np.linalg.svd(matrix, compute_uv=False)
        assert row["condition"] == pytest.approx(singular[0] / singular[-1], rel=1e-6)
        assert row["kappa"] == pytest.approx(np.linalg.norm(np.abs(matrix), 2) / singular[-1], rel=1e-6)
        assert row["least"] == pytest.approx(np.linalg.eigvalsh(matrix)[0], abs=1e-9)
        assert row["radius"] == pytest.approx(np.max(np.abs(matrix).sum(axis=1)) - 1, abs=1e-9)
        assert row["entries"] == np.max(np.sum(matrix != 0, axis=1))
        seen.add((row["network"], row["pattern"]))
    assert {network for network, _ in seen} == set(NETWORKS)


def test_what_a_readout_takes_is_what_its_predictor_says(runs):
    """Two computations of the same: the study's from the solution, the predictor's from eigenvectors."""
    from quantum.kernel_training import KernelPredictor, best_readout

    for row in some(runs[CASE].where(network="unit", n=16)):
        task = Case(*(row[name] for name in Case.__dataclass_fields__))
        drawn = Seeds(task)("pattern", by=("dataset", "seed", "n", "pattern"))
        images, ntk, _ = matrices(row)
        predictor = KernelPredictor(images, ntk, task.epsilon, task.pattern, drawn)
        assert row["degree"] == predictor.polynomial.degree
        # The polynomial is off by epsilon, relative to the solution's norm.
        means = np.abs(predictor.means)
        assert row["signal"] == pytest.approx(
            float(np.median(means)), abs=2 * task.epsilon * np.sqrt(predictor.success)
        )
        assert row["tries"] == pytest.approx(float(np.median(predictor.states.tries)), rel=1e-9)
        assert row["shots"] == pytest.approx(float(np.median(1 / predictor.overlaps**2 - 1)), rel=1e-6)
        assert row["queries"] == row["degree"] * row["readout"]
        assert row["amplified"] == row["degree"] * best_readout(min(row["signal"], 1)).circuits


def test_walks_are_recorded_where_they_end_and_not_applicable_elsewhere(runs):
    rows = runs[CASE]
    assert all((row["walks"] is None) == (row["radius"] >= 1) for row in rows)
    assert {row["walks"] is None for row in rows} == {True, False}
    # Without pairs a walk is the Hadamard test's shot, to the factor that its circuit stays below 1 by.
    for row in rows.where(pattern="diagonal", network="unit"):
        assert row["walks"] == pytest.approx(row["shots"], rel=1e-9)


def test_patterns_share_the_splits_and_networks_the_images():
    one, other = (Case("mnist-8-9", 8, 20, 3, network, depth, pattern, 0.01) for network, depth, pattern in
                  (("unit", 2, "dense"), ("published", 9, "nearest")))  # fmt: skip
    assert images_of(one, Seeds(one)).digest == images_of(other, Seeds(other)).digest
    larger = Case("mnist-8-9", 16, 20, 3, "unit", 2, "dense", 0.01)
    nested = images_of(larger, Seeds(larger))
    # Standardized anew, but of the same images.
    assert nested.n == 16
    assert KernelTask.draw(8, 0).digest != images_of(one, Seeds(one)).digest


def test_splits_overlap_by_the_share_of_their_tests(runs):
    for row in runs[CASE].where(dataset="mnist-8-9"):
        assert row["overlap"] == pytest.approx(40 / 960)


def test_claims_are_measured_at_the_depth_of_the_rule(runs):
    for row in some(runs[CLAIM]):
        task = Claim(*(row[name] for name in Claim.__dataclass_fields__))
        images = images_of(task, Seeds(task))
        assert (
            row["depth"]
            == images.depth(task.factor)
            == round(task.factor * 8 * math.log(task.n / row["separation"]) / 0.0864171571)
        )
        largest = ErfNtk(row["depth"]).normalised(1 - row["separation"])
        values = np.clip(images.test_kernel(ErfNtk(row["depth"])) / largest, -1, 1)
        assert row["tries_apart"] == pytest.approx(np.median(task.n / np.sum(values**2, axis=1)), rel=1e-9)
        assert row["tries"] > row["tries_apart"]


def test_rivals_answer_and_solvers_are_timed(runs):
    assert {row["method"] for row in runs[RIVAL]} == {"nearest-neighbor", "nystroem"}
    assert all(0.5 < row["sign"] <= 1 for row in runs[RIVAL])
    for row in runs[TIMING]:
        assert 0 < row["solve"].best <= row["solve"].high
        assert (row["work"] > 0) == (row["method"] == "cg")


def test_circuits_do_what_matrices_say(runs):
    for row in runs[CIRCUIT]:
        n = row["n"]
        assert row["block"] < 1e-12
        assert row["solution"] < 2 * row["epsilon"]
        assert row["readout"] < row["epsilon"]
        assert row["cx_query"] <= 2 * n * (n - 1) + math.log2(n)
        assert row["cx"] < row["cx_readout"]
        assert row["t"] > row["t_query"] > 0
        assert row["counted"]
        assert row["walks"] is None or (row["walks"] > row["degree"] and row["solution_hhl"] <= row["solution"])


def test_signs_are_read_through_the_noise(runs):
    (row,) = runs[NOISE]
    assert row["degree"] == 1
    assert row["expected"] == len(row["exact"]) == 2
    assert row["exact"][0] * row["exact"][1] < 0
    assert row["right"] == 2
    assert 0.4 < row["kept"] < 1


def test_the_default_asks_for_twenty_splits_of_all_and_of_others_few():
    settings = Settings()
    assert settings.repeats == 20
    planned = [one for one in tasks(settings) if one.kind is CASE]
    first = [one.task for one in planned if (one.task.dataset, one.task.network) == ("mnist-8-9", "unit")]
    assert len(first) == 6 * 5 * 5 * 20
    others = {(one.task.dataset, one.task.network): one.task.n for one in planned}
    del others["mnist-8-9", "unit"]
    assert others == {("mnist-8-9", "published"): 32, ("digits", "unit"): 32, ("digits", "convolutional"): 32}


def numbers():
    for network, depth, pattern in (
        ("unit", 4, "dense"),
        ("unit", 12, "published"),
        ("published", 10, "offsets"),
        ("convolutional", 2, "nearest"),
        ("unit", 30, "diagonal"),
    ):
        task = Case("digits", 12, 20, 1, network, depth, pattern, 0.05)
        for name, value in vars(measure(task, Seeds(task), {})).items():
            yield f"{network} {depth} {pattern}/{name}", value
    task = Claim("mnist-8-9", 16, 20, 0, 0.1)
    for name, value in vars(claim(task, Seeds(task), {})).items():
        yield f"claim/{name}", value


def test_the_numbers_are_those_that_were_found_before():
    golden, found = json.loads(GOLDEN.read_text()), dict(numbers())
    assert {name for name, value in found.items() if value is None} == {
        name for name, value in golden.items() if value is None
    }
    known = {name: value for name, value in golden.items() if value is not None}
    assert {name: found[name] for name in known} == pytest.approx(known, rel=1e-7)
