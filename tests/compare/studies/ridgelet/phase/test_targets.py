"""Targets: their variance, where their ridgelet transform lives, and the points they stand on."""

import numpy as np
import pytest

from classical.ridgelet.enumeration import enumerate_probabilities
from compare.studies.ridgelet.phase.measures import draw
from compare.studies.ridgelet.phase.targets import Characters, distinct_points
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.data import load_residues


def everywhere(prime, dimension):
    return np.indices((prime,) * dimension).reshape(dimension, -1).T


@pytest.mark.parametrize(("prime", "dimension", "count"), [(3, 3, 2), (5, 2, 6), (7, 1, 1), (17, 2, 1)])
def test_a_signal_has_variance_one_and_its_spectrum_on_its_own_nodes(prime, dimension, count):
    signal = Characters.random(prime, dimension, count, np.random.default_rng(prime))
    x = everywhere(prime, dimension)
    values = signal.values(x)
    assert np.mean(values) == pytest.approx(0, abs=1e-12)
    assert np.mean(values**2) == pytest.approx(1)
    problem = RidgeletProblem.from_samples(x, values, prime)
    tickets = signal.tickets()
    assert len(tickets) == len(set(tickets.index(prime))) == count * (prime - 1) * prime
    assert problem.probability(tickets).sum() == pytest.approx(1)


def test_as_many_directions_as_there_are_can_be_drawn_and_none_is_a_multiple_of_another():
    signal = Characters.random(5, 2, (5**2 - 1) // (5 - 1), np.random.default_rng(0))
    tickets = signal.tickets()
    # Every weight vector but 0, each once.
    assert sorted(tickets.a @ [5, 1]) == sorted(np.repeat(np.arange(1, 25), 5))


def test_hits_are_the_tickets_and_nothing_else():
    signal = Characters.random(5, 3, 2, np.random.default_rng(1))
    every = Nodes.from_index(np.arange(5**4), 5, 3)
    np.testing.assert_array_equal(np.flatnonzero(signal.hit(every)), np.sort(signal.tickets().index(5)))


def test_the_sine_is_the_data_set_of_that_name():
    data = load_residues("sine", 5, 3)
    np.testing.assert_allclose(Characters.sine(5, 3).values(data.x_train), data.y_train, atol=1e-12)


@pytest.mark.parametrize(("prime", "dimension", "count"), [(5, 2, 25), (17, 5, 3000), (17, 64, 500)])
def test_points_are_distinct_residues(prime, dimension, count):
    x = distinct_points(prime, dimension, count, np.random.default_rng(0))
    assert x.shape == (count, dimension) == np.unique(x, axis=0).shape
    assert x.min() == 0
    assert x.max() == prime - 1
    # Every digit is uniform: the mean of 3,000 is within five standard errors.
    assert abs(x[:, -1].mean() - (prime - 1) / 2) < 5 * prime / np.sqrt(12 * count)


def test_training_and_fresh_points_are_apart_and_share_one_function():
    made = draw(5, 3, 60, 1, 1000, np.random.default_rng(0))
    assert len(made.fresh) == 65
    assert len(np.unique(np.vstack([made.x, made.fresh]), axis=0)) == 125
    data = made.data(1.0)
    np.testing.assert_array_equal(data.y_test, made.signal.values(data.x_test))
    noise = made.data(0.0)
    assert set(noise.y_train) == set(noise.y_test) == {-1.0, 1.0}
    mixed = made.data(0.25)
    np.testing.assert_allclose(mixed.y_train, 0.5 * data.y_train + np.sqrt(0.75) * noise.y_train)


def test_where_no_point_is_left_the_training_points_stand_in():
    made = draw(5, 2, 25, 1, 1000, np.random.default_rng(0), sine=True)
    data = made.data(0.5)
    assert data.x_test is data.x_train
    np.testing.assert_array_equal(data.y_test, data.y_train)


def test_p_gives_the_signal_its_share_of_the_variance_when_all_points_are_there():
    """c of the variance is signal, the rest white: p* of the signal's nodes is c and little more."""
    made = draw(5, 4, 625, 1, 0, np.random.default_rng(2))
    data = made.data(0.5)
    p = enumerate_probabilities(RidgeletProblem.from_samples(data.x_train, data.y_train, 5))
    assert p[made.signal.tickets().index(5)].sum() == pytest.approx(0.5, abs=0.08)
