import numpy as np
import pytest

from classical.ridgelet.dequantized.compiled.phases import PADDING, find_phases, list_terms, phase_type
from problems.finite_field import residue_type


@pytest.mark.parametrize(("prime", "kind"), [(2, np.uint16), (251, np.uint16), (257, np.uint32), (1021, np.uint32)])
def test_phases_have_the_type_that_their_registers_hold(prime, kind):
    assert phase_type(residue_type(prime)) is kind


def test_terms_are_the_functionals_that_were_drawn():
    terms = np.full((2, 6), -1)
    assert list_terms(np.array([3, 0, 5, 0, 0, 1]), 0, terms) == 3
    assert terms[:, :3].tolist() == [[0, 2, 5], [3, 5, 1]]
    assert list_terms(np.array([3, 0, 5, 0, 0, 1]), 1, terms) == 2
    assert terms[:, :2].tolist() == [[2, 5], [5, 1]]
    assert list_terms(np.zeros(6, dtype=int), 0, terms) == 0
    assert list_terms(np.zeros(0, dtype=int), 0, terms) == 0


@pytest.mark.parametrize("prime", [2, 3, 5, 7, 17, 61, 127, 173, 181, 191, 251, 257, 521, 1021])
@pytest.mark.parametrize("functionals", [0, 1, 2, 3, 40])
def test_phases_add_the_functionals_drawn_so_far(prime, functionals):
    rng, points, nodes = np.random.default_rng(prime), 150, 3
    kind = residue_type(prime)
    keys = rng.integers(0, prime, functionals * points + PADDING).astype(kind)
    products = rng.integers(0, prime, nodes * points + PADDING).astype(kind)
    keys[::3], products[:10] = prime - 1, prime - 1  # the largest sums
    offset = (rng.integers(0, 5, points + PADDING) * prime).astype(phase_type(kind))
    rows = np.arange(functionals)[:, None] * points
    for k in (rng.integers(0, prime, functionals), np.full(functionals, prime - 1), np.zeros(functionals, int)):
        terms = np.full((2, functionals), -1)
        count = list_terms(k, 0, terms)
        for node, first, size in [(0, 0, points), (2, 0, points), (1, 7, 1), (1, 0, 33), (2, 149, 1), (0, 85, 65)]:
            out, here = np.full(size + PADDING, 9999, dtype=offset.dtype), np.arange(first, first + size)
            at = node * points + first
            find_phases(products[None], at, keys, points, first, terms, count, prime, offset, out, size)
            total = products[node * points + here].astype(int) + k @ keys[rows + here].astype(int)
            np.testing.assert_array_equal(out[:size], offset[here] + total % prime)


@pytest.mark.parametrize("prime", [2, 3, 5, 13, 127, 251])
def test_every_number_that_a_register_holds_is_reduced(prime):
    """One term of every residue times every residue, added to every one of some residues."""
    some = np.unique([0, 1, prime // 2, prime - 1])
    x, k, y = (grid.ravel() for grid in np.meshgrid(some, np.arange(1, prime), np.arange(prime), indexing="ij"))
    for factor in range(1, prime):
        here = k == factor
        size = int(here.sum())
        products, keys = (np.pad(values[here], (0, PADDING)).astype(np.uint8) for values in (x, y))
        out, nothing = np.empty(size + PADDING, dtype=np.uint16), np.zeros(size + PADDING, dtype=np.uint16)
        find_phases(products[None], 0, keys, size, 0, np.array([[0], [factor]]), 1, prime, nothing, out, size)
        np.testing.assert_array_equal(out[:size], (x[here] + factor * y[here]) % prime)
