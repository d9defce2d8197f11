import numpy as np
import pytest
from numba import config

from problems.finite_field import residue_type
from problems.registers import multiplies_integers
from problems.ridgelet.products import integers

needs_instructions = pytest.mark.skipif(
    not multiplies_integers(), reason="this processor has no instruction that multiplies and adds bytes"
)


def product(u, points, rows, prime):
    """The products, and a check that nothing is written behind them."""
    n, count = len(u), len(rows)
    out = np.full((n + 2) * count, 99, dtype=residue_type(prime)).reshape(n + 2, count)
    # Whatever scratch held before, and a number behind it that must stay.
    room = np.full(integers.integer_room(*u.shape, prime) + 1, -7, dtype=np.int32)
    integers.integer_products(u.astype(residue_type(prime)), points, rows, prime, out, room)
    assert np.all(out[n:] == 99)
    assert room[-1] == -7
    return out[:n]


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
    for kind in (residue_type(prime), np.int64):
        np.testing.assert_array_equal(product(u, points.astype(kind), rows, prime), expected)


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
    np.testing.assert_array_equal(product(u, points.astype(residue_type(prime)), np.arange(66), prime), expected)


@needs_instructions
def test_memory_mapped_points_are_multiplied_as_they_are(tmp_path):
    rng = np.random.default_rng(0)
    points, u = rng.integers(0, 17, (90, 33), dtype=np.uint8), rng.integers(0, 17, (9, 33))
    np.save(tmp_path / "points.npy", points)
    mapped = np.asarray(np.load(tmp_path / "points.npy", mmap_mode="r"))
    np.testing.assert_array_equal(product(u, mapped, np.arange(90), 17), u @ points.T.astype(int) % 17)


def test_numba_decides_which_processor_is_compiled_for(monkeypatch):
    monkeypatch.setattr(config, "CPU_NAME", "generic")
    monkeypatch.setattr(config, "CPU_FEATURES", None)
    assert not multiplies_integers()
    monkeypatch.setattr(config, "CPU_FEATURES", "+avx512f,+avx512vnni")
    assert multiplies_integers()
    monkeypatch.setattr(config, "CPU_FEATURES", "+avx2,-avx512vnni")
    assert not multiplies_integers()
