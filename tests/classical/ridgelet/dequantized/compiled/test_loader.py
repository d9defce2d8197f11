import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classical.ridgelet.dequantized import gates
from classical.ridgelet.dequantized.compiled import loader
from classical.ridgelet.dequantized.plan import make_plan
from classical.ridgelet.dequantized.randomness import Streams
from classical.ridgelet.draws import invert
from tests.classical.ridgelet.dequantized.cases import make

LAST = float(np.nextafter(1, 0))


def compiled(cumulative, uniform):
    law = loader.make_law(cumulative)
    return [loader._invert(law, float(u)) for u in uniform]


@given(
    st.lists(st.sampled_from([0.0, 0.0, 1e-12, 1e-6, 0.1, 1.0, 1e6]), min_size=1, max_size=60).filter(any),
    st.integers(0, 2**32),
)
def test_the_guide_leads_where_bisection_does(weights, seed):
    cumulative = np.cumsum(weights)
    size = len(cumulative)
    edges = np.concatenate([np.arange(size) / size, cumulative / cumulative[-1]])
    near = np.concatenate([edges, np.nextafter(edges, 0), np.nextafter(edges, 1), [0, LAST]])
    uniform = np.concatenate([near[(near >= 0) & (near < 1)], np.random.default_rng(seed).random(50)])
    assert compiled(cumulative, uniform) == invert(cumulative, uniform).tolist()


def test_a_product_that_is_rounded_up_to_the_total_is_the_last_of_positive_weight():
    tiny = 5e-324
    assert LAST * tiny == tiny
    assert compiled(np.array([0.0, tiny, tiny, tiny]), [LAST, 0.0]) == [1, 1]


def test_a_guide_that_leads_too_far_is_corrected():
    cumulative = np.cumsum(np.ones(10))
    law = loader.make_law(cumulative)._replace(guide=np.full(10, 9, dtype=np.int32))
    assert [loader._invert(law, (i + 0.5) / 10) for i in range(10)] == list(range(10))


def test_rare_points_among_many_are_found():
    weights = np.full(100_000, 1e-12)
    weights[77_777] = 1.0
    cumulative = np.cumsum(weights)
    uniform = np.random.default_rng(0).random(2000)
    assert compiled(cumulative, uniform) == invert(cumulative, uniform).tolist()


@pytest.mark.parametrize("prime", [2, 3, 17, 257, 1021])
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_loader_draws_what_numpy_draws(prime, outputs):
    plan = make_plan(make(prime, 6, 40, outputs))
    randomness = Streams(5, prime, 6, len(plan.levels)).draw(0, 1000)
    for found, expected in zip(loader.Loader(plan).load(randomness), gates.load(plan, randomness), strict=True):
        np.testing.assert_array_equal(found, expected)
