"""The measurements of the tasks, held against what is computed here."""

import math

import numpy as np
import pytest

from classical.sparse_training import carleman, continuous_carleman, gradient_descent, pruned_carleman
from compare.studies.sparse_training.networks import DENSE_ETA, DENSE_STEPS
from compare.studies.sparse_training.sources import source_of
from compare.studies.sparse_training.study import CIRCUIT, CONDITION, CYCLES, EXPANSION, LOOP, REEXPANSION, RIVAL
from problems.sparse_training import Perceptron, descend, error_proxy, magnitude_mask
from tests.compare.studies.sparse_training.conftest import SMALL


def test_every_task_has_a_result(runs):
    assert runs.missing == 0
    assert not runs.failed
    assert not [row for kind in runs.study.kinds for row in runs.refused(kind)]


def test_expansions_are_held_against_gradient_descent(runs):
    rows = runs[EXPANSION]
    assert sorted({(row["dimension"], row["degree"]) for row in rows}) == [(2, 3), (4, 3), (4, 5)]
    for record in runs.of_kind(EXPANSION):
        task, found = record.task, record.result
        source = source_of(task, {})
        exact = gradient_descent(source.centered, None, 6)
        errors = [np.abs(carleman(source.centered, None, 6, order) - exact).max() for order in (1, 2)]
        assert found.errors == pytest.approx(errors, rel=1e-9)
        assert found.errors[1] < found.errors[0]
        assert found.continuous == pytest.approx(np.abs(continuous_carleman(source.centered, None, 6, 2) - exact).max())
        eigenvalues = np.linalg.eigvalsh(-source.centered.coefficients[1])
        assert (found.slowest, found.fastest) == pytest.approx((eigenvalues[0], eigenvalues[-1]))
        assert (found.r is None) == (found.slowest <= 0)
        if found.r is not None:
            assert found.r**2 == pytest.approx(2 * found.h)
        path = descend(source.network, np.where(source.mask, source.dense, 0), 6, task.eta, source.mask)
        assert found.trained == source.network.accuracy(path[-1])
        assert found.moved == pytest.approx(np.abs(path - path[0]).max())


@pytest.fixture(scope="module")
def pruned():
    network = Perceptron.from_dataset(SMALL["datasets"], seed=0)
    dense = descend(network, network.initial(0), DENSE_STEPS, DENSE_ETA)[-1]
    return network, dense, magnitude_mask(dense, round(SMALL["share"] * network.size))


def test_reexpanded_errors_are_relative_to_what_gradient_descent_moved(runs, pruned):
    network, dense, mask = pruned
    exact = descend(network, dense * mask, 12, 0.1, mask)[-1][mask]
    moved = np.linalg.norm(exact - dense[mask])
    for row in runs[REEXPANSION].where(seed=0):
        found = pruned_carleman(network, dense * mask, mask, 0.1, 12, row["every"])[-1]
        assert row["quadratic"] == pytest.approx(np.linalg.norm(found - exact) / moved, rel=1e-6)
        assert (row["weights"], row["kept"]) == (network.size, int(mask.sum()))
    # Two expansions of a row: four steps are nearer than twelve, and N = 2 nearer than N = 1.
    by_every = {row["every"]: row for row in runs[REEXPANSION].where(seed=0)}
    assert by_every[4]["quadratic"] < by_every[12]["quadratic"] < by_every[12]["linear"]


def test_masked_training_loses_nothing_at_a_download_and_full_training_prunes_anew(runs, pruned):
    network, dense, mask = pruned
    for row in runs[CYCLES].where(seed=0):
        assert row["accuracy"][0] == network.accuracy(dense * mask, held_out=False)
        assert row["before"] == (network.accuracy(dense, held_out=False), network.accuracy(dense))
        first = row["classical"]
        assert row["uploads"][0] == first
        assert row["downloads"][0] == first + 12
        assert row["uploads"][1] == 2 * first + 13
        at = row["downloads"][0]
        if row["mode"] == "masked":
            path = descend(network, dense * mask, first + 12, 0.1, mask)
            assert row["accuracy"][at] == network.accuracy(path[-1], held_out=False) == row["accuracy"][at + 1]
        else:
            path = descend(network, descend(network, dense * mask, first, 0.1, mask)[-1], 12, 0.1)
            again = magnitude_mask(path[-1], int(mask.sum()))
            assert row["accuracy"][at] == network.accuracy(path[-1], held_out=False)
            assert row["accuracy"][at + 1] == network.accuracy(path[-1] * again, held_out=False)
        assert len(row["accuracy"]) == row["downloads"][-1] + 2 if row["mode"] == "full" else True


def test_proxies_are_those_of_the_exact_spectrum(runs, pruned):
    network, dense, mask = pruned
    (row,) = runs[CYCLES].where(seed=0, mode="masked", classical=0)
    assert row["step"].tolist() == [0, 4, 13, 17]
    assert row["since"].tolist() == [0, 4, 0, 4]
    path = descend(network, dense * mask, 4, 0.1, mask)
    for place, weights in ((0, path[0]), (1, path[4])):
        exact = np.linalg.eigvalsh(network.hessian(weights, mask))
        since = int(row["since"][place])
        printed = error_proxy(exact, np.ones(len(exact)), since)
        multiplied = error_proxy(exact, np.ones(len(exact)), since, 0.1, 0.02)
        assert row["printed"][place] == pytest.approx(printed, rel=0.05)
        assert row["multiplied"][place] == pytest.approx(multiplied, rel=0.05)
        assert row["least"][place] == pytest.approx(exact[0], rel=0.05)


def test_conditions_are_those_of_the_page(runs):
    known = {
        (1.0, True): (7.2, 12.7),
        (1.0, False): (6.4, 10.1),
        (-0.5, True): (10.2, 24.0),
        (-0.5, False): (10.1, 23.8),
    }
    for (least, row), wanted in known.items():
        found = runs[CONDITION].where(orders=2, least=least, row=row)
        assert [one["condition"] for one in found] == pytest.approx(wanted, abs=0.05)
        assert all(one["padded"] > one["condition"] for one in found)
        assert [one["iterations"] for one in found] == [5, 9] if row else [4, 8]


def test_circuits_are_the_linearization_and_counted(runs):
    rows = runs[CIRCUIT].where(source="example")
    first = next(row for row in rows if row["method"] == "kernel-reflection" and row["steps"] == 4)
    assert first["condition"] == pytest.approx(11.1359, abs=5e-5)
    assert (first["qubits"], first["degree"], first["queries"]) == (11, 68, 68)
    assert first["success"] > 0.95
    assert first["shot"] == pytest.approx(first["queries"] / first["good"])
    assert first["cx"] > 0
    assert first["t"] > first["cx"]
    for row in runs[CIRCUIT]:
        assert row["error"] < (1e-12 if row["method"] == "marching" else 0.02)


def test_rounds_by_shots_end_near_gradient_descent(runs):
    for row in runs[LOOP]:
        reading = 0 if row["shots"] is None else 2 / math.sqrt(row["shots"])
        # The reflection's own error is within epsilon of what moved.
        assert row["error"] <= reading + row["truncation"] + row["epsilon"] * row["moved"]
        assert (row["queries"] == 0) == (row["shots"] is None)
        assert row["trained"] == pytest.approx(row["descent"], abs=0.05)


def test_rivals_train_the_kept_weights(runs):
    rows = {(row["method"], row["seed"]): row for row in runs[RIVAL]}
    for seed in (0, 1):
        descent = rows["gradient descent", seed]
        assert rows["sgd", seed]["loss"] < descent["loss"]
        assert rows["newton-cg", seed]["loss"] < rows["sgd", seed]["loss"]
        assert rows["exponent", seed]["loss"] == pytest.approx(descent["loss"], rel=0.1)
        assert rows["sgd", seed]["passes"] == pytest.approx(12, abs=0.2)
