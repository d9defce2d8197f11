import numpy as np
import pytest

from classical.ridgelet import UniformSampler
from compare.distributions import squares
from compare.distributions.squares import uniform_squares
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from tests import reference


@pytest.mark.parametrize("prime", [2, 3, 17, 257])
def test_they_are_those_of_the_seeds_first_uniform_nodes(prime):
    x, y = reference.random_samples(np.random.default_rng(prime), prime, 4, 12, 1)
    problem = RidgeletProblem.from_samples(x, y, prime)
    expected = problem.density(UniformSampler(problem).sample(6000, 3)) ** 2
    assert uniform_squares(problem, 6000, 3) == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_neither_the_order_of_calls_nor_what_is_kept_changes_a_bit(past_enumeration, monkeypatch):
    computed = []
    density = type(past_enumeration).density
    monkeypatch.setattr(
        type(past_enumeration), "density", lambda problem, nodes: computed.append(len(nodes)) or density(problem, nodes)
    )
    squares._known(past_enumeration).clear()
    long = uniform_squares(past_enumeration, 9000, 5)
    assert computed == [2500] * 4
    np.testing.assert_array_equal(uniform_squares(past_enumeration, 100, 5), long[:100])
    assert len(computed) == 4
    squares._known(past_enumeration).clear()
    np.testing.assert_array_equal(uniform_squares(past_enumeration, 100, 5), long[:100])
    np.testing.assert_array_equal(uniform_squares(past_enumeration, 9000, 5), long)
    assert len(computed) == 8


def test_few_seeds_are_kept_and_only_those_that_do_not_advance(past_enumeration):
    squares._known(past_enumeration).clear()
    for seed in (0, 1, 2, [3, 4], np.random.SeedSequence(5), None):
        uniform_squares(past_enumeration, 10, seed)
    assert len(squares._known(past_enumeration)) == squares.SEEDS
    rng = np.random.default_rng(0)
    one, other = (uniform_squares(past_enumeration, 10, rng) for _ in range(2))
    np.testing.assert_array_equal(one, uniform_squares(past_enumeration, 10, 0))
    assert not np.array_equal(one, other)
    assert len(squares._known(past_enumeration)) == squares.SEEDS
    with pytest.raises(InputError, match="cannot seed"):
        uniform_squares(past_enumeration, 10, -1)
