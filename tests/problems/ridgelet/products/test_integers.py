import numpy as np
import pytest
from numba import config

from problems.finite_field import residue_type
from problems.registers import multiplies_integers
from problems.ridgelet.products import integers
from problems.ridgelet.products.floats import read_only

needs_instructions = pytest.mark.skipif(
    not multiplies_integers(), reason="this processor has no instruction that multiplies and adds bytes"
)


def product(u, points, rows, prime):
    """The products, and a check that nothing is written beside them."""
    n, count, kind = len(u), len(rows), residue_type(prime)
    out = np.full((n + 2, count + 3), 99, dtype=kind)
    cut = integers.cut(points.shape[1], prime)
    # Whatever scratch held before, and a number behind it that must stay.
    room = np.full(integers.integer_room(n, cut) + 1, -7, dtype=np.int32)
    u, parts = read_only(u.astype(kind)), room.view(np.int8 if kind == np.uint8 else np.int16)
    integers.integer_products(u, read_only(points.astype(kind)), rows, prime, cut, 2, out, room, parts)
    assert np.all(out[n:] == 99)
    assert np.all(out[:, [0, 1, -1]] == 99)
    assert room[-1] == -7
    return out[:n, 2:-1]


@needs_instructions
@pytest.mark.parametrize("prime", [2, 3, 5, 17, 127, 131, 251, 257, 521, 1021])
@pytest.mark.parametrize(
    ("n", "dimension", "count"),
    [
        (1, 1, 1),
        (6, 4, 64),
        (7, 5, 65),
        (5, 3, 63),
        (5, 3, 64),
        (6, 3, 63),
        (13, 129, 257),
        (12, 8, 256),
        (2, 2100, 70),
        (8, 4100, 3),
    ],
)
def test_integer_products_are_exact(prime, n, dimension, count):
    rng = np.random.default_rng(dimension)
    u, points = rng.integers(0, prime, (n, dimension)), rng.integers(0, prime, (count + 5, dimension))
    u[0], points[0] = prime - 1, prime - 1
    u[-1, ::2], points[-1] = prime // 2, prime // 2  # the largest products of centered residues
    rows = rng.permutation(count + 5)[:count]
    expected = u @ points[rows].T % prime
    np.testing.assert_array_equal(product(u, points, rows, prime), expected)


@needs_instructions
@pytest.mark.parametrize(
    ("prime", "digit", "weight"),
    [(251, 250, 125), (251, 250, 126), (1021, 510, 510), (1021, 510, 511), (257, 128, 129), (5, 4, 2)],
)
@pytest.mark.parametrize("dimension", [63, 64, 65, 500, 540, 4099])
def test_the_largest_sums_are_exact(prime, digit, weight, dimension):
    """Every product of a chunk is as large as it can be, with either sign."""
    u, points = np.full((7, dimension), weight), np.full((66, dimension), digit)
    expected = u @ points.T % prime
    np.testing.assert_array_equal(product(u, points, np.arange(66), prime), expected)


def test_numba_decides_which_processor_is_compiled_for(monkeypatch):
    monkeypatch.setattr(config, "CPU_NAME", "generic")
    monkeypatch.setattr(config, "CPU_FEATURES", None)
    assert not multiplies_integers()
    monkeypatch.setattr(config, "CPU_FEATURES", "+avx512f,+avx512vnni")
    assert multiplies_integers()
    monkeypatch.setattr(config, "CPU_FEATURES", "+avx2,-avx512vnni")
    assert not multiplies_integers()
