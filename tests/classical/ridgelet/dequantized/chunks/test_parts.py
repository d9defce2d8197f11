"""Reduced sums, bit by bit: equal nodes would hide differences."""

import numpy as np
import pytest

from classical.ridgelet.dequantized.chunks.drawing import LocalParts, draw_batch
from classical.ridgelet.dequantized.chunks.part import SummedPart, shares
from classical.ridgelet.dequantized.chunks.plan import make_chunk_plan
from classical.ridgelet.dequantized.chunks.tabled import TabledPart
from classical.ridgelet.dequantized.randomness import Streams
from problems.ridgelet import RidgeletProblem
from tests import reference

SIZES = [(2, 9, 70), (3, 6, 70), (5, 4, 60), (17, 3, 60), (257, 3, 60), (2, 3, 1), (257, 1, 40)]


class Noted(LocalParts):
    """Parts that note all that they have added up."""

    def __init__(self, parts):
        super().__init__(parts)
        self.sums = []

    def level(self, level, nodes, picked):
        return self.noted(super().level(level, nodes, picked))

    def first_level(self, u):
        return self.noted(super().first_level(u))

    def histogram(self, picked):
        return self.noted(super().histogram(picked))

    def noted(self, sums):
        self.sums.append(sums)
        return sums


def drawn(size, make, parts=1, chunk=65_536, outputs=2, n=40):
    """The nodes and all sums of a batch, by so many parts."""
    prime, dimension, count = size
    x, y = reference.random_samples(np.random.default_rng(1), prime, dimension, count, outputs)
    problem = RidgeletProblem.from_chunks(x, y, prime, chunk=chunk)
    plan = make_chunk_plan(problem)
    parts = Noted([make(share) for share in shares(plan, problem.data, parts)])
    a, b = np.empty((n, dimension), dtype=np.int64), np.empty(n, dtype=np.int64)
    draw_batch(plan, parts, Streams(4, prime, dimension, len(plan.levels)).draw(0, n), a, b)
    return a, b, parts.sums


def tabled(threads=1):
    return lambda share: TabledPart(share, threads)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("outputs", [1, 3])
def test_sums_do_not_depend_on_chunks_parts_threads_or_the_way(size, outputs):
    a, b, expected = drawn(size, SummedPart, outputs=outputs)
    assert len(expected) >= 2
    for make, parts, chunk in (
        (SummedPart, 4, 7),
        (tabled(), 1, 65_536),
        (tabled(), 1, 7),
        (tabled(3), 1, 11),
        (tabled(2), 3, 7),
        (tabled(), 2, 1),
        (tabled(), 1000, 100),
    ):
        other_a, other_b, sums = drawn(size, make, parts, chunk, outputs)
        assert len(sums) == len(expected)
        for one, other in zip(sums, expected, strict=True):
            np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(a, other_a)
        np.testing.assert_array_equal(b, other_b)
