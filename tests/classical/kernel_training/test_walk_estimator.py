"""The walk estimator: unbiased, of known variance, and refused where walks would not end."""

import pickle
from collections.abc import Callable

import numpy as np
import pytest

from classical.kernel_training import WalkEstimator, row_radius
from problems.errors import InputError
from problems.kernel_training import ErfNtk, KernelTask, sparse_kernel

SAMPLES = 20_000


@pytest.fixture(scope="module")
def task() -> KernelTask:
    return KernelTask.draw(64, 0, tests=20)


@pytest.fixture(scope="module")
def walker(task: KernelTask) -> WalkEstimator:
    return WalkEstimator(sparse_kernel("published", task.kernel(ErfNtk(10)), task.y, 0), task.y)


def test_it_is_unbiased_on_twenty_points(task: KernelTask, walker: WalkEstimator) -> None:
    tests = task.test_kernel(ErfNtk(10))
    errors, spreads = [], []
    for i, k in enumerate(tests):
        found = walker.estimate(k, SAMPLES, i)
        errors.append((found.mean - walker.expected(k)) / found.error)
        spreads.append(found.error**2 * SAMPLES / walker.variance(k))
        assert (found.samples, found.steps > 0) == (SAMPLES, True)
    assert 0.35 < np.mean(np.square(errors)) < 2.0
    assert np.mean(spreads) == pytest.approx(1, abs=0.05)


def test_what_it_expects_is_the_solution(task: KernelTask, walker: WalkEstimator) -> None:
    sparse = sparse_kernel("published", task.kernel(ErfNtk(10)), task.y, 0)
    k = task.test_kernel(ErfNtk(10))[0]
    expected = k @ np.linalg.solve(sparse, task.y)
    assert walker.expected(k) == pytest.approx(expected, rel=1e-12)
    assert walker.samples_needed(k) == pytest.approx(walker.variance(k) / expected**2, rel=1e-12)


def test_the_variance_is_that_of_all_walks() -> None:
    # Two images with opposite signs, every walk summed by hand: from i it visits the two in turn, ending by chance.
    A, y, k = np.array([[1.0, -0.5], [-0.5, 1.0]]), np.array([1.0, 2.0]), np.array([3.0, -1.0])
    mean = square = 0.0
    for start in (0, 1):
        chance = k[start] ** 2 / (k @ k)
        weight, total = (k @ k) / k[start], 0.0
        for step in range(200):
            total += weight * y[(start + step) % 2]
            mean += chance * 0.5 * total
            square += chance * 0.5 * total**2
            chance *= 0.5
    walker = WalkEstimator(A, y)
    assert walker.expected(k) == pytest.approx(mean, rel=1e-12)
    assert walker.variance(k) == pytest.approx(square - mean**2, rel=1e-12)
    assert walker.walk_length == pytest.approx(2)


def test_other_diagonals_and_zeros_in_k_are_taken() -> None:
    A = np.diag([4.0, 9.0, 1.0]) + 0.3 * (np.ones((3, 3)) - np.eye(3))
    y, k = np.array([1.0, -2.0, 3.0]), np.array([0.0, 2.0, -1.0])
    walker = WalkEstimator(A, y)
    assert walker.expected(k) == pytest.approx(k @ np.linalg.solve(A, y), rel=1e-12)
    found = walker.estimate(k, 100_000, 0)
    assert abs(found.mean - walker.expected(k)) < 4 * found.error
    assert found.error**2 * found.samples == pytest.approx(walker.variance(k), rel=0.05)
    assert walker.radius == pytest.approx(row_radius(A))


def test_a_diagonal_matrix_takes_no_step() -> None:
    found = WalkEstimator(np.eye(2), [1, -1]).estimate([1, 1], 100, 0)
    assert found.steps == 0


def test_a_prediction_of_zero_is_never_read() -> None:
    assert WalkEstimator(np.eye(2), [1, -1]).samples_needed([1, 1]) == np.inf


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: WalkEstimator([[1, 1], [1, 1]], [1, -1]), r"R = 1, .* not below 1"),
        (lambda: WalkEstimator([[0, 0.5], [0.5, 1]], [1, -1]), "diagonal that is not positive"),
        (lambda: WalkEstimator(np.eye(2), [0, 0]), "right_side is zero"),
        (lambda: WalkEstimator(np.eye(2), [1, -1]).estimate([0, 0], 10), "no walk starts"),
        (lambda: WalkEstimator(np.eye(2), [1, -1]).estimate([1], 10), r"give \(2,\)"),
        (lambda: WalkEstimator(np.eye(2), [1, -1]).estimate([1, 1], 1), "samples = 1 is too small"),
        (lambda: row_radius([[1, np.nan], [np.nan, 1]]), "not finite"),
    ],
)
def test_bad_input_is_refused_in_one_line(make: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        make()
    assert "\n" not in str(refused.value)


def test_it_pickles(task: KernelTask, walker: WalkEstimator) -> None:
    again = pickle.loads(pickle.dumps(walker))
    k = task.test_kernel(ErfNtk(10))[3]
    assert again.estimate(k, 100, 5) == walker.estimate(k, 100, 5)
