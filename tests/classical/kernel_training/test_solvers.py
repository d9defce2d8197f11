"""Solvers against NumPy, what each refuses, and classifiers on real images."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from classical.kernel_training import (
    CLASSIFIERS,
    SOLVERS,
    Cholesky,
    ConjugateGradient,
    Diagonal,
    Jacobi,
    Minres,
    Nystroem,
    RandomFeatures,
    SupportVectors,
)
from problems.errors import InputError
from problems.kernel_training import ErfNtk, KernelTask, share_right, sparse_kernel


@pytest.fixture(scope="module")
def task() -> KernelTask:
    return KernelTask.draw(128, 0, tests=200)


def _spectrum(values: list[float]) -> NDArray[np.float64]:
    turned = np.linalg.qr(np.random.default_rng(0).standard_normal((len(values), len(values))))[0]
    made: NDArray[np.float64] = turned @ np.diag(values) @ turned.T
    return (made + made.T) / 2


INDEFINITE = _spectrum([3.0, 1.0, -0.5, -2.0])
DEFINITE = _spectrum([4.0, 2.0, 1.0, 0.1])
Y = np.array([1.0, -1.0, 1.0, 2.0])


@pytest.mark.parametrize("name", ["cholesky", "cg", "minres"])
@pytest.mark.parametrize("depth", [4, 12])
def test_solutions_are_those_of_numpy(task: KernelTask, name: str, depth: int) -> None:
    kernel = task.kernel(ErfNtk(depth))
    found = SOLVERS[name]().solve(kernel, task.y)
    expected = np.linalg.solve(kernel, task.y)
    np.testing.assert_allclose(found.vector, expected, rtol=1e-6, atol=1e-8 * np.abs(expected).max())
    assert found.residual < 2e-10


def test_jacobi_is_the_neumann_series(task: KernelTask) -> None:
    sparse = sparse_kernel("published", task.kernel(ErfNtk(12)), task.y, 0)
    found = Jacobi(1e-12).solve(sparse, task.y)
    np.testing.assert_allclose(found.vector, np.linalg.solve(sparse, task.y), rtol=1e-9)
    rough = Jacobi(1e-2).solve(sparse, task.y)
    series = sum(np.linalg.matrix_power(np.eye(task.n) - sparse, k) @ task.y for k in range(rough.work["iterations"]))
    np.testing.assert_allclose(rough.vector, series, rtol=1e-12)


@pytest.mark.parametrize("name", ["published", "offsets", "nearest"])
def test_minres_takes_every_pattern(task: KernelTask, name: str) -> None:
    sparse = sparse_kernel(name, task.kernel(ErfNtk(3)), task.y, 1)
    found = Minres().solve(sparse, task.y)
    np.testing.assert_allclose(found.vector, np.linalg.solve(sparse, task.y), rtol=1e-6, atol=1e-8)


def test_minres_takes_an_indefinite_matrix() -> None:
    np.testing.assert_allclose(Minres().solve(INDEFINITE, Y).vector, np.linalg.solve(INDEFINITE, Y), rtol=1e-8)


def test_iterations_follow_the_condition_number(task: KernelTask) -> None:
    counts = [ConjugateGradient(1e-6).solve(task.kernel(ErfNtk(L)), task.y).work["iterations"] for L in (2, 8, 30)]
    assert counts[0] > 2 * counts[1] > 4 * counts[2]


def test_unchecked_conjugate_gradients_meet_the_negative_curvature() -> None:
    with pytest.raises(InputError, match="take Minres"):
        ConjugateGradient(checked=False).solve(INDEFINITE, Y)


def test_the_diagonal_is_the_kernel_of_a_deep_network(task: KernelTask) -> None:
    kernel = task.kernel(ErfNtk(80))
    np.testing.assert_allclose(
        Diagonal().solve(kernel, task.y).vector, Cholesky().solve(kernel, task.y).vector, rtol=1e-4
    )
    assert Diagonal().solve(DEFINITE, Y).vector.tolist() == (Y / np.diag(DEFINITE)).tolist()


def test_nystroem_of_all_images_is_exact_and_of_few_is_close(task: KernelTask) -> None:
    ntk = ErfNtk(4)
    kernel, tests = task.kernel(ntk), task.test_kernel(ntk)
    whole = Nystroem(task.n, ridge=0).solve(kernel, task.y, 0).vector
    np.testing.assert_allclose(whole, np.linalg.solve(kernel, task.y), rtol=1e-6)
    few = Nystroem(32).solve(kernel, task.y, 0)
    assert np.count_nonzero(few.vector) == few.work["landmarks"] == 32
    assert share_right(tests @ few.vector, task.y_test) > 0.85


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_classifiers_answer_real_images(task: KernelTask, name: str) -> None:
    outputs = CLASSIFIERS[name]().outputs(task, 0)
    assert outputs.shape == (200,)
    assert share_right(outputs, task.y_test) > 0.9
    np.testing.assert_array_equal(outputs, CLASSIFIERS[name]().outputs(task, 0))


@pytest.mark.parametrize("name", SOLVERS)
@pytest.mark.parametrize(
    ("matrix", "right_side", "message"),
    [
        (np.full((2, 2), np.nan), [1, 1], "not finite"),
        (np.ones((2, 3)), [1, 1], "give a symmetric one"),
        ([[1, 2], [0, 1]], [1, 1], "not symmetric"),
        (np.eye(2), [1, 1, 1], r"give \(2,\)"),
        (np.eye(2), [0, 0], "right_side is zero"),
        (np.eye(2), [1, np.inf], "not finite"),
        ([["a"]], [1], "no real numbers"),
    ],
)
def test_bad_systems_are_refused(name: str, matrix: object, right_side: object, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        SOLVERS[name]().solve(matrix, right_side)  # type: ignore[arg-type]
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Cholesky().solve(INDEFINITE, Y), "not positive definite.*take Minres"),
        (lambda: ConjugateGradient().solve(INDEFINITE, Y), "not positive definite.*take Minres"),
        (lambda: Jacobi().solve(INDEFINITE, Y), "not positive; take Minres"),
        (lambda: Jacobi().solve([[1, 2], [2, 1]], [1, 2]), "spectral radius 2"),
        (lambda: Jacobi().solve([[1, 1 - 1e-7], [1 - 1e-7, 1]], [1, -1]), "more than 100,000 steps"),
        (lambda: Diagonal().solve([[0, 1], [1, 0]], [1, 2]), "zero on its diagonal"),
        (lambda: Minres().solve([[1, 1], [1, 1]], [1, -1]), "singular or close to it"),
        (lambda: Nystroem(5).solve(DEFINITE, Y), "more than the 4 training images"),
        (lambda: Nystroem(0), "landmarks = 0"),
        (lambda: ConjugateGradient(0), "tolerance = 0"),
        (lambda: ConjugateGradient(checked=1), "neither True nor False"),  # type: ignore[arg-type]
        (lambda: SupportVectors(0), "penalty = 0"),
        (lambda: RandomFeatures(0), "features = 0"),
    ],
)
def test_what_a_solver_cannot_take_is_said_in_one_line(make: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        make()
    assert "\n" not in str(refused.value)
