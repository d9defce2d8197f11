import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from classical.ridgelet import SAMPLERS, LeverageSampler, RejectionSampler, UniformSampler
from classical.ridgelet.draws import draw, draw_frequency, draw_rows, redraw_bias
from problems.errors import InputError
from problems.ridgelet import Nodes, NodeSampler, RidgeletProblem
from tests import reference

every_sampler = pytest.mark.parametrize("sampler", SAMPLERS.values(), ids=SAMPLERS.keys())


def make(prime=5, dimension=3, n=12, outputs=1, seed=0, regularization=1e-2, activation="relu"):
    x, y = reference.random_samples(np.random.default_rng(seed), prime, dimension, n, outputs)
    return RidgeletProblem.from_samples(x, y, prime, regularization, activation)


def assert_same(one, other):
    np.testing.assert_array_equal(one.a, other.a)
    np.testing.assert_array_equal(one.b, other.b)


def all_nodes(prime, dimension):
    digits = reference.all_points(prime, dimension + 1)
    return Nodes(digits[:, :-1], digits[:, -1])


class FixedRandom:
    """A generator whose uniform numbers are all the same."""

    def __init__(self, value):
        self.value = value

    def random(self, size):
        return np.full(size, self.value)


@every_sampler
def test_a_sampler_follows_the_protocol(sampler):
    problem = make()
    assert isinstance(sampler(problem), NodeSampler)
    assert sampler(problem).problem is problem


@every_sampler
@pytest.mark.parametrize(("prime", "dimension", "outputs"), [(2, 1, 1), (2, 6, 2), (3, 3, 1), (7, 2, 3), (13, 1, 1)])
def test_nodes_are_digits_of_the_right_shape_and_type(sampler, prime, dimension, outputs):
    problem = make(prime, dimension, outputs=outputs)
    for n in (1, 500):
        nodes = sampler(problem).sample(n, seed=0)
        assert nodes.a.shape == (n, dimension)
        assert nodes.b.shape == (n,)
        assert nodes.a.dtype == nodes.b.dtype == np.int64
        for digits in (nodes.a, nodes.b):
            assert digits.min() >= 0
            assert digits.max() <= prime - 1
    assert np.all(problem.density(nodes) >= 0)


@every_sampler
@pytest.mark.parametrize("seed", [0, 12345, [1, 2]])
def test_the_same_seed_gives_the_same_nodes(sampler, seed):
    one, other = sampler(make()), sampler(make())
    first = one.sample(200, seed)
    assert_same(one.sample(200, seed), first)
    assert_same(other.sample(200, seed), first)


@every_sampler
def test_seed_sequences_are_seeds_too(sampler):
    one = sampler(make())
    first = one.sample(200, np.random.SeedSequence(5))
    assert_same(one.sample(200, np.random.SeedSequence(5)), first)
    assert_same(one.sample(200, np.random.default_rng(5)), one.sample(200, 5))


@every_sampler
def test_different_seeds_give_different_nodes(sampler):
    one = sampler(make())
    assert not np.array_equal(one.sample(200, 0).a, one.sample(200, 1).a)
    assert not np.array_equal(one.sample(200).a, one.sample(200).a)


@every_sampler
def test_a_generator_as_seed_advances(sampler):
    one, rng = sampler(make()), np.random.default_rng(0)
    first, second = one.sample(200, rng), one.sample(200, rng)
    assert not np.array_equal(first.a, second.a)
    assert_same(one.sample(200, np.random.default_rng(0)), first)


@every_sampler
def test_sampling_leaves_the_global_random_state_alone(sampler):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    sampler(make()).sample(10, 0)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@every_sampler
@pytest.mark.parametrize(
    ("n", "message"),
    [
        (0, "n = 0 is too small; give at least 1"),
        (-5, "n = -5 is too small; give at least 1"),
        (2.5, "n = 2.5 is no whole number; give one of at least 1"),
        ("3", "n = '3' is no whole number; give one of at least 1"),
        (None, "n = None is no whole number; give one of at least 1"),
        (True, "n = True is no whole number; give one of at least 1"),
        (np.nan, "n = nan is no whole number; give one of at least 1"),
    ],
)
def test_a_bad_number_of_nodes_is_refused(sampler, n, message):
    with pytest.raises(InputError, match=re.escape(message)):
        sampler(make()).sample(n, seed=0)


@every_sampler
@pytest.mark.parametrize("seed", [-1, 1.5, "abc", np.nan, [1, -1]])
def test_a_bad_seed_is_refused(sampler, seed):
    message = f"seed = {re.escape(repr(seed))} cannot seed a random generator .* give a whole number >= 0, or None"
    with pytest.raises(InputError, match=message):
        sampler(make()).sample(3, seed=seed)


@every_sampler
@pytest.mark.parametrize("problem", [None, 5, "digits", [[0, 1]]])
def test_what_is_no_problem_is_refused(sampler, problem):
    message = f"A RidgeletProblem is needed, not {type(problem).__name__}; make one with"
    with pytest.raises(InputError, match=message):
        sampler(problem)


@every_sampler
@pytest.mark.parametrize("n", [3.0, np.int32(3)])
def test_a_whole_number_of_any_type_will_do(sampler, n):
    assert len(sampler(make()).sample(n, seed=0)) == 3


@pytest.mark.parametrize(("prime", "dimension"), [(2, 3), (3, 2), (5, 2), (11, 1)])
@pytest.mark.parametrize("regularization", [0, 0.05, 10.0])
def test_leverage_density_is_the_ridge_leverage_of_the_whole_network(prime, dimension, regularization):
    x, y = reference.random_samples(np.random.default_rng(4), prime, dimension, 15)
    sampler = LeverageSampler(RidgeletProblem.from_samples(x, y, prime, regularization, "tanh"))
    expected = reference.leverage_distribution(x, prime, regularization, "tanh")
    density = sampler.density(all_nodes(prime, dimension))
    np.testing.assert_allclose(density, prime ** (dimension + 1) * expected, rtol=0, atol=1e-12)


def test_leverage_ignores_the_labels():
    x, y = reference.random_samples(np.random.default_rng(0), 5, 2, 15)
    one, other = (LeverageSampler(RidgeletProblem.from_samples(x, z, 5, 0.1)) for z in (y, y**2 + 1))
    assert_same(one.sample(100, 3), other.sample(100, 3))


def test_uniform_density_is_one():
    assert UniformSampler(make()).density(all_nodes(5, 3)).tolist() == [1.0] * 625


@pytest.mark.parametrize("sampler", [LeverageSampler, UniformSampler])
def test_density_refuses_nodes_of_another_dimension(sampler):
    with pytest.raises(InputError, match="nodes have dimension 2, but the problem has 3"):
        sampler(make()).density(all_nodes(5, 2))


@pytest.mark.parametrize("outputs", [1, 3])
def test_rejection_tries_as_often_as_expected(outputs, monkeypatch):
    """A node takes sum over outputs c of ||h_c||_1^2 trials, h of norm 1: at most K."""
    problem = make(n=30, outputs=outputs)
    sampler, n = RejectionSampler(problem), 5000
    expected = sum(np.sum(np.abs(column)) ** 2 for column in problem.amplitudes.T)
    assert 1 <= expected <= len(problem.points)
    tried = []

    def count_trials(rng, weights, size):
        tried.append(size)
        return draw(rng, weights, size)

    monkeypatch.setattr("classical.ridgelet.rejection.draw", count_trials)
    sampler.sample(n, seed=0)
    # The outputs of all nodes first, then for each block of trials the points m and the values t.
    trials = sum(tried[1::2])
    assert trials == pytest.approx(n * expected, rel=0.1)


weights = st.lists(st.sampled_from([0.0, 0.0, 1.0, 0.3, 1e-9, 1e9]) | st.floats(0, 10), min_size=1, max_size=20)
extreme = st.sampled_from([0.0, 0.5, np.nextafter(1, 0)]) | st.floats(0, 1, exclude_max=True)


@given(weights, extreme)
def test_an_index_of_weight_zero_is_never_drawn(values, number):
    assume(sum(values) > 1e-300)
    values = np.array(values)
    assert values[draw(FixedRandom(number), values, 3)].min() > 0
    rows = draw_rows(FixedRandom(number), np.vstack([values, values[::-1]]))
    assert values[rows[0]] > 0
    assert values[::-1][rows[1]] > 0


@given(weights, extreme)
def test_a_draw_inverts_the_distribution_function(values, number):
    assume(sum(values) > 1e-300)
    below = np.r_[0, np.cumsum(values)] / sum(values)
    index = int(draw(FixedRandom(number), np.array(values), 1)[0])
    assert below[index] - 1e-12 <= number <= below[index + 1] + 1e-12
    assert draw_rows(FixedRandom(number), np.array([values])).tolist() == [index]


@pytest.mark.parametrize("prime", [2, 3, 5, 17])
def test_frequencies_are_never_zero(prime):
    ridgelet = reference.ridgelet_table(prime)
    drawn = draw_frequency(np.random.default_rng(0), ridgelet, 1000)
    assert drawn.min() >= 1
    assert drawn.max() <= prime - 1
    if prime < 17:
        assert len(np.unique(drawn)) == prime - 1


@pytest.mark.parametrize("prime", [2, 3, 7])
def test_the_bias_follows_the_correlation_with_the_ridgelet(prime, monkeypatch):
    rng, ridgelet = np.random.default_rng(0), reference.ridgelet_table(prime)
    t, h = rng.integers(0, prime, (4, 6)), rng.normal(size=(4, 6))
    seen = []
    monkeypatch.setattr("classical.ridgelet.draws.draw_rows", lambda rng, rows: seen.append(rows))
    redraw_bias(rng, t, h, ridgelet)
    expected = [
        [sum(h[i, m] * ridgelet[(t[i, m] - b) % prime] for m in range(6)) ** 2 for b in range(prime)] for i in range(4)
    ]
    np.testing.assert_allclose(seen[0], expected, rtol=0, atol=1e-12)


def test_rejection_that_takes_hours_is_refused_with_them(monkeypatch):
    rng = np.random.default_rng(0)
    problem = RidgeletProblem.from_samples(rng.integers(0, 17, (50_000, 20)), rng.choice([-1.0, 1.0], 50_000), 17)
    with pytest.raises(InputError, match=r"50,000 trials a node .*: about 1[01] hours for 1000 nodes; draw fewer"):
        RejectionSampler(problem).sample(1000)
    monkeypatch.setattr("problems.memory.psutil.virtual_memory", lambda: type("Now", (), {"available": 10**6}))
    with pytest.raises(InputError, match=r"Rejection on 50000 points needs 7\.63 MiB"):
        RejectionSampler(problem).sample(1)
