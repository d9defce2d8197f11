"""Residues in few bits, against the same residues in bytes."""

import re

import numpy as np
import pytest

from classical.ridgelet import DequantizedSampler
from problems.errors import InputError
from problems.quantizers import QuantileQuantizer
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.chunks import packing
from problems.ridgelet.chunks.packing import PackedRows, packed_bytes
from problems.rows import RowSource
from tests import reference
from tests.classical.ridgelet.dequantized.cases import assert_same


def in_words(rows, bits):
    """The bits of each row as one text, the first residue first; filled up to whole bytes."""
    text = ["".join(f"{value:0{bits}b}"[::-1] for value in row) for row in rows.tolist()]
    width = -(-len(text[0]) // 8) * 8
    return [one.ljust(width, "0") for one in text]


@pytest.mark.parametrize(("prime", "bits"), [(2, 1), (3, 2), (5, 4), (13, 4)])
@pytest.mark.parametrize("dimension", [1, 3, 4, 7, 8, 9, 33])
def test_rows_are_read_as_they_were_written(prime, bits, dimension, monkeypatch):
    rows = np.random.default_rng(prime).integers(0, prime, (50, dimension), dtype=np.uint8)
    packed = PackedRows("x", rows.shape, prime)
    for start in range(0, 50, 7):
        packed.write(start, rows[start : start + 7].astype(np.uint16))
    assert isinstance(packed, RowSource)
    assert packed.held == packed_bytes(50, dimension, prime) == 50 * -(-dimension * bits // 8)
    written = ["".join(f"{byte:08b}"[::-1] for byte in row) for row in packed._rows.tolist()]
    assert written == in_words(rows, bits)
    # Compiled, and by NumPy where nothing can be.
    for reason in (None, "numba is missing"):
        monkeypatch.setattr(packing, "why_not_compiled", lambda reason=reason: reason)
        for start, stop in ((0, 50), (3, 4), (11, 40), (20, 20)):
            found = packed.read(start, stop)
            np.testing.assert_array_equal(found, rows[start:stop])
            assert found.flags.c_contiguous


@pytest.mark.parametrize(("prime", "dimension"), [(2, 9), (3, 6), (7, 3)])
def test_problems_and_nodes_are_those_of_the_file_which_is_read_once(prime, dimension, tmp_path):
    x, y = reference.random_samples(np.random.default_rng(0), prime, dimension, 60, 2)
    np.save(tmp_path / "x.npy", x)
    packed = RidgeletProblem.from_chunks(tmp_path / "x.npy", y, prime, chunk=7, packed=True)
    (tmp_path / "x.npy").unlink()
    expected = RidgeletProblem.from_samples(x, y, prime)
    assert packed.digest == expected.digest
    for compiled in (True, False):
        nodes = DequantizedSampler(packed, 1, compiled=compiled).sample(30, 1)
        assert_same(nodes, DequantizedSampler(expected, 1).sample(30, 1))


def test_levels_are_packed_too_and_made_once(monkeypatch):
    x = np.random.default_rng(0).normal(size=(60, 5))
    levels, made = QuantileQuantizer(3).fit(x), []
    transform = QuantileQuantizer.transform
    monkeypatch.setattr(QuantileQuantizer, "transform", lambda self, x: made.append(len(x)) or transform(self, x))
    problem = RidgeletProblem.from_chunks(x, np.ones(60), 3, quantizer=levels, chunk=7, packed=True)
    DequantizedSampler(problem, 1).sample(5, 0)
    assert sum(made) == 60
    assert problem.digest == RidgeletProblem.from_samples(transform(levels, x), np.ones(60), 3).digest


def test_what_is_not_packed_is_refused_and_memory_is_predicted():
    x = np.zeros((5, 3), dtype=int)
    x[0, 0] = 1
    with pytest.raises(InputError, match=re.escape("packed = True: residues of P = 17 take a byte or more")):
        RidgeletProblem.from_chunks(x, np.ones(5), 17, packed=True)
    with pytest.raises(InputError, match="packed = 3 is neither"):
        RidgeletProblem.from_chunks(x, np.ones(5), 3, packed=3)
    with pytest.raises(InputError, match=r"and holding them packed takes 48 MiB at least; give memory = 49MiB"):
        RidgeletProblem.from_chunks(x, np.ones(5), 3, packed=True, memory="48MiB")
