"""The packed path draws what the reference draws, node by node."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classical.ridgelet import DequantizedSampler
from classical.ridgelet.dequantized import gates
from classical.ridgelet.dequantized.compiled import bits
from classical.ridgelet.dequantized.compiled.bits import PackedBits
from classical.ridgelet.dequantized.compiled.kernel import Compiled
from classical.ridgelet.dequantized.plan import make_plan
from classical.ridgelet.dequantized.randomness import Streams
from problems.ridgelet import RidgeletProblem
from tests import reference


def drawn(path, plan, n, seed=0, first=0):
    streams = Streams(seed, plan.prime, plan.dimension, len(plan.levels))
    a, b = np.empty((n, plan.dimension), dtype=np.int64), np.empty(n, dtype=np.int64)
    path(streams.draw(first, first + n), a, b)
    return a, b


def check(problem, n=600, seed=0):
    plan = make_plan(problem)
    expected = drawn(lambda *to: gates.draw_nodes(plan, *to), plan, n, seed)
    for path in (PackedBits(plan), Compiled(plan)):
        for one, other in zip(drawn(path.draw_nodes, plan, n, seed), expected, strict=True):
            np.testing.assert_array_equal(one, other)


@given(
    st.sampled_from([2, 3]),
    st.integers(1, 150),
    st.sampled_from([1, 2, 5, 40, 63, 64, 65, 300, 511, 512, 513, 1500]),
    st.integers(1, 3),
    st.integers(0, 2**32),
)
def test_random_problems(prime, dimension, n, outputs, seed):
    rng = np.random.default_rng(seed)
    x, y = reference.random_samples(rng, prime, dimension, n, outputs)
    check(RidgeletProblem.from_samples(x, y * 10.0 ** rng.integers(-6, 7, y.shape), prime), 100, seed)


@pytest.mark.parametrize(("prime", "dimension"), [(2, 1), (2, 2), (2, 3), (2, 6), (2, 9), (3, 1), (3, 2), (3, 5)])
def test_the_whole_grid(prime, dimension):
    x = reference.all_points(prime, dimension)
    check(RidgeletProblem.from_samples(x, np.random.default_rng(1).normal(size=len(x)), prime))


@pytest.mark.parametrize("prime", [2, 3])
@pytest.mark.parametrize("coordinate", [0, 1, 62, 63, 64, 99])
def test_points_equal_but_for_one_coordinate(prime, coordinate):
    x = np.tile(np.random.default_rng(0).integers(0, prime, 100), (prime, 1))
    x[:, coordinate] = range(prime)
    check(RidgeletProblem.from_samples(x, [1.0, -2.0, 0.5][:prime], prime))


@pytest.mark.parametrize("prime", [2, 3])
def test_many_points_in_steps_of_few_nodes(prime, monkeypatch):
    monkeypatch.setattr(bits, "SCRATCH", 2**14)
    monkeypatch.setattr(bits, "NODES", 100)
    rng = np.random.default_rng(0)
    x = rng.integers(0, prime, (9000, 40))  # more than one span
    check(RidgeletProblem.from_samples(x, rng.normal(size=9000), prime), 110)


@pytest.mark.parametrize("prime", [2, 3])
def test_it_is_what_draws_dense_points_and_only_those(prime):
    x, y = reference.random_samples(np.random.default_rng(0), prime, 9, 40)
    assert isinstance(DequantizedSampler(RidgeletProblem.from_samples(x, y, prime))._draw.__self__, PackedBits)
    other = RidgeletProblem.from_samples(x, y, 5)
    assert not isinstance(DequantizedSampler(other)._draw.__self__, PackedBits)
