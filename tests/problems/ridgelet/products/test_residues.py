import numpy as np
import pytest

from problems.finite_field import residue_type
from problems.registers import multiplies_integers
from problems.ridgelet.points import Points
from problems.ridgelet.products import residues


@pytest.mark.parametrize("usable", [True, False])
@pytest.mark.parametrize("prime", [17, 257])
@pytest.mark.parametrize("gathered", [1, 100, 10**6])
def test_points_of_any_type_and_order_are_multiplied(prime, gathered, usable, tmp_path, monkeypatch):
    """As they are, or copied: all at once, some at a time and one by one."""
    monkeypatch.setattr(residues, "GATHERED", gathered)
    monkeypatch.setattr(residues, "multiplies_integers", lambda: usable and multiplies_integers())
    rng = np.random.default_rng(0)
    points, u = rng.integers(0, prime, (90, 33)), rng.integers(0, prime, (9, 33))
    points[0] = prime - 1
    rows, kind = rng.permutation(90)[:70], residue_type(prime)
    np.save(tmp_path / "points.npy", points.astype(kind))
    mapped = np.asarray(np.load(tmp_path / "points.npy", mmap_mode="r"))
    unaligned = np.frombuffer(b"0" + points.tobytes(), dtype=np.int64, offset=1).reshape(points.shape)
    assert not unaligned.flags.aligned
    for given in (mapped, mapped[:, ::-1], np.asfortranarray(mapped), points, points.astype(np.int32), unaligned):
        multiply = residues.residue_products(Points(given, np.arange(90)), prime)
        for count in (70, 3):
            out = np.full((12, count), 99, dtype=kind)
            multiply(u.astype(kind), rows[:count], out)
            np.testing.assert_array_equal(out[:9], u @ np.asarray(given)[rows[:count]].T % prime)
            assert np.all(out[10:] == 99)
