"""The history system: its solution is the recursion, and its condition that of the page."""

import numpy as np
import pytest

from problems.errors import InputError
from problems.sparse_training import HistorySystem, PolynomialUpdate, carleman_matrix, carleman_state
from problems.sparse_training.history import smallest_singular_value
from tests.problems.sparse_training.references import PAIR, dissipative


@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize("constant_row", [True, False])
@pytest.mark.parametrize("basis", ["kronecker", "monomial"])
def test_the_solution_is_the_recursion(padded: bool, constant_row: bool, basis: str) -> None:
    system = HistorySystem(PAIR, (0.4, -0.3), 5, 2, padded, constant_row, basis)  # type: ignore[arg-type]
    assert system.slots == (16 if padded else 6)
    state, step = carleman_state([0.4, -0.3], 2), carleman_matrix(PAIR, 2)
    known = [state[1:3]]
    for _ in range(5):
        state = step @ state
        known.append(state[1:3])
    known += [known[-1]] * (system.slots - 6)
    x = system.solve()
    np.testing.assert_allclose(system.weights(x), known, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(system.matrix @ x, system.right_side, atol=1e-15)


@pytest.mark.parametrize(("slots", "condition"), [(8, 10.838), (16, 21.016), (32, 41.384)])
def test_the_condition_of_standing_still(slots: int, condition: float) -> None:
    still = PolynomialUpdate([np.zeros(2), np.zeros((2, 2))])
    system = HistorySystem(still, None, slots // 2, 1)
    assert system.slots == slots
    assert system.condition == pytest.approx(1 / np.sin(np.pi / (4 * slots + 2)), rel=1e-12)
    assert system.condition == pytest.approx(condition, abs=5e-4)


@pytest.mark.parametrize(
    ("least", "with_row", "without"),
    [
        (1.0, (7.2, 12.7, 24.1, 48.3), (6.4, 10.1, 15.7, 22.4)),
        (0.0, (8.5, 17.0, 43.0, 169), (8.4, 16.7, 41.3, 156)),
        (-0.5, (10.2, 24.0, 90.8, 984), (10.1, 23.8, 89.5, 960)),
    ],
)
def test_conditions_of_the_page(least: float, with_row: tuple, without: tuple) -> None:
    for constant_row, wanted in ((True, with_row), (False, without)):
        for steps, condition in zip((4, 8, 16, 32), wanted, strict=True):
            system = HistorySystem(dissipative(least), None, steps, 2, False, constant_row)
            assert system.condition == pytest.approx(condition, abs=0.5 if condition > 100 else 0.05)


def test_without_the_constant_row_the_condition_saturates() -> None:
    inner = carleman_matrix(dissipative(1.0), 2).toarray()[1:, 1:]
    bound = 2 / (1 - np.linalg.norm(inner, 2))
    assert bound == pytest.approx(35.7, abs=0.05)
    assert HistorySystem(dissipative(1.0), None, 256, 2, False, False).condition < bound
    assert HistorySystem(dissipative(1.0), None, 256, 2, False).condition > 5 * bound


def test_the_example_that_circuits_solve() -> None:
    system = HistorySystem(dissipative(1.0), None, 4, 2)
    x = system.solve()
    assert system.condition == pytest.approx(11.1359, abs=5e-5)
    assert np.linalg.norm(x) * system.alpha == pytest.approx(5.78876, abs=5e-6)
    np.testing.assert_allclose(system.weights(x)[-1], [-0.17337928, -0.14875163], atol=5e-9)


def test_large_systems_have_the_same_least_singular_value() -> None:
    system = HistorySystem(PAIR, None, 8, 3)
    small = np.linalg.svd(system.matrix.toarray(), compute_uv=False)[-1]
    large = HistorySystem(PAIR, None, 48, 3, basis="monomial")
    assert large.rows > 1200
    assert smallest_singular_value(system.matrix) == pytest.approx(small, rel=1e-10)
    dense = np.linalg.svd(large.matrix.toarray(), compute_uv=False)[-1]
    assert smallest_singular_value(large.matrix) == pytest.approx(dense, rel=1e-8)


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(InputError, match="steps T = 0 is too small"):
        HistorySystem(PAIR, None, 0)
    with pytest.raises(InputError, match="start has shape"):
        HistorySystem(PAIR, (1.0,))
    with pytest.raises(InputError, match=r"The history of .* needs"):
        HistorySystem(PAIR, None, 2**40, 2)
