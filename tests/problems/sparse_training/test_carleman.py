"""The discrete Carleman matrix in both bases, against its definition and the page's numbers."""

from math import comb

import numpy as np
import pytest

from problems.errors import InputError
from problems.sparse_training import (
    PolynomialUpdate,
    block_starts,
    carleman_matrix,
    carleman_size,
    carleman_state,
    monomials,
)
from tests.problems.sparse_training.references import PAIR, SCALAR, compositions, random_update, trajectory


@pytest.mark.parametrize(("dimension", "degree", "order"), [(1, 2, 4), (2, 0, 2), (2, 3, 3), (3, 2, 3), (2, 5, 4)])
def test_blocks_are_sums_over_compositions(dimension: int, degree: int, order: int) -> None:
    update = random_update(dimension, degree)
    found = carleman_matrix(update, order).toarray()
    np.testing.assert_allclose(found, compositions(update, order), rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize(("dimension", "degree", "order"), [(1, 2, 4), (2, 3, 3), (3, 2, 3), (2, 5, 4)])
def test_monomials_say_the_same(dimension: int, degree: int, order: int) -> None:
    update = random_update(dimension, degree, seed=1)
    u = np.random.default_rng(0).standard_normal(dimension) * 0.3
    long, short = (carleman_state(u, order, basis) for basis in ("kronecker", "monomial"))
    for _ in range(3):
        long = carleman_matrix(update, order) @ long
        short = carleman_matrix(update, order, "monomial") @ short
        starts = block_starts(dimension, order)
        for place, one in enumerate(monomials(dimension, order)):
            index = int(np.ravel_multi_index(one, (dimension,) * len(one))) if one else 0
            assert short[place] == pytest.approx(long[starts[len(one)] + index], rel=1e-11, abs=1e-14)


@pytest.mark.parametrize(("dimension", "order"), [(1, 3), (2, 4), (5, 2)])
def test_sizes(dimension: int, order: int) -> None:
    update = random_update(dimension, 2)
    long = order + 1 if dimension == 1 else (dimension ** (order + 1) - 1) // (dimension - 1)
    assert carleman_size(dimension, order) == long == carleman_matrix(update, order).shape[0]
    short = comb(dimension + order, order)
    assert carleman_size(dimension, order, "monomial") == short == carleman_matrix(update, order, "monomial").shape[0]
    assert block_starts(dimension, order)[-1] == long == len(carleman_state(np.ones(dimension), order))
    assert block_starts(dimension, order, "monomial")[-1] == short == len(monomials(dimension, order))


def test_every_block_has_its_constant() -> None:
    block = carleman_matrix(PAIR, 2)[3:, [0]].toarray()[:, 0]
    np.testing.assert_allclose(block, np.array([1, -2, -2, 4]) * 1e-4, rtol=1e-14)


@pytest.mark.parametrize(("order", "last"), [(1, 0.0536870912), (2, 0.0686628673)])
def test_one_weight_of_the_page(order: int, last: float) -> None:
    state = carleman_state([0.5], order)
    for _ in range(10):
        state = carleman_matrix(SCALAR, order) @ state
    assert state[1] == pytest.approx(last, abs=5e-11)
    assert trajectory(SCALAR, np.array([0.5]), 10)[-1, 0] == pytest.approx(0.0733230250, abs=5e-11)


def test_an_order_as_high_as_the_degree_of_all_steps_is_exact() -> None:
    update = random_update(2, 2, seed=4)
    u, steps = np.array([0.2, -0.1]), 2
    state = carleman_state(u, 2**steps, "monomial")
    for _ in range(steps):
        state = carleman_matrix(update, 2**steps, "monomial") @ state
    np.testing.assert_allclose(state[1:3], trajectory(update, u, steps)[-1], rtol=1e-13)


def test_what_cannot_be_made_is_refused() -> None:
    with pytest.raises(InputError, match="order N = 0 is too small"):
        carleman_matrix(PAIR, 0)
    with pytest.raises(InputError, match="There is no basis 'fourier'"):
        carleman_matrix(PAIR, 2, "fourier")  # type: ignore[arg-type]
    wide = PolynomialUpdate([np.zeros(64), np.zeros((64, 64)), np.ones((64, 64**2))])
    with pytest.raises(InputError, match=r"Carleman matrix of 64 weights to the order N = 5.* needs"):
        carleman_matrix(wide, 5)
