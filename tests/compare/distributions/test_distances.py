import numpy as np
import pytest

from compare.distributions import Distance, TotalVariation, hellinger, kl_divergence, total_variation
from problems.errors import InputError
from tests import reference
from tests.compare.distributions import SMALL, drawn, from_numbers, made, on_a_line, uniform


@pytest.mark.parametrize(("prime", "dimension", "outputs"), SMALL)
def test_total_variation_is_half_the_summed_difference(prime, dimension, outputs):
    problem, exact = made(prime, dimension, outputs)
    nodes = drawn(problem, exact, 300, 1)
    numbers = reference.node_numbers(nodes, prime).tolist()
    literal = sum(abs(numbers.count(i) / 300 - exact[i]) for i in range(len(exact))) / 2
    found = total_variation(problem, nodes)
    assert found.best == pytest.approx(literal)
    assert 0 <= found.low <= found.best <= found.high <= 1
    assert found.samples == 300


def test_total_variation_of_one_impossible_node_is_one():
    problem, exact = on_a_line()
    impossible = np.flatnonzero(exact < 1e-20)
    found = total_variation(problem, from_numbers(problem, np.full(10, impossible[0])))
    assert found.best == pytest.approx(1.0)
    assert found.high == pytest.approx(1.0)


def test_perfect_samples_fall_inside_the_floor():
    problem, exact = made(5, 2)
    runs = [total_variation(problem, drawn(problem, exact, 400, seed), resamples=100) for seed in range(60)]
    assert np.mean([run.floor.low <= run.best <= run.floor.high for run in runs]) > 0.85
    # The floor is the same claim about the same distribution, whatever was sampled.
    mean = np.mean([run.best for run in runs])
    assert [run.floor.best for run in runs] == pytest.approx([mean] * 60, rel=0.05)


def test_the_floor_falls_with_the_square_root_of_the_samples():
    problem, exact = made(5, 2)
    floors = [total_variation(problem, drawn(problem, exact, n, 0)).floor.best for n in (1000, 16_000)]
    assert floors[0] / floors[1] == pytest.approx(4, rel=0.15)


def test_uniform_samples_lie_far_above_the_floor():
    problem, exact = made(5, 2)
    found = total_variation(problem, uniform(problem, 2000, 0))
    limit = np.abs(exact - 1 / len(exact)).sum() / 2
    assert found.best == pytest.approx(limit, abs=0.03)
    assert found.low > 2 * found.floor.high


def test_the_resampling_of_total_variation_is_seeded():
    problem, exact = made(3, 2)
    nodes = drawn(problem, exact, 100, 0)
    assert total_variation(problem, nodes, seed=3) == total_variation(problem, nodes, seed=3)
    assert total_variation(problem, nodes, seed=3) != total_variation(problem, nodes, seed=4)


# All three

DISTANCES = {"total_variation": total_variation, "hellinger": hellinger, "kl_divergence": kl_divergence}


@pytest.mark.parametrize(("prime", "dimension", "outputs"), SMALL)
def test_hellinger_and_kl_are_their_definitions(prime, dimension, outputs):
    problem, exact = made(prime, dimension, outputs)
    nodes = drawn(problem, exact, 300, 1)
    q = np.bincount(reference.node_numbers(nodes, prime), minlength=len(exact)) / 300
    squared = sum((np.sqrt(one) - np.sqrt(other)) ** 2 for one, other in zip(q, exact, strict=True)) / 2
    assert hellinger(problem, nodes).best == pytest.approx(np.sqrt(squared))
    literal = sum(one * np.log(one / other) for one, other in zip(q, exact, strict=True) if one > 0)
    assert kl_divergence(problem, nodes).best == pytest.approx(literal)


@pytest.mark.parametrize("name", DISTANCES)
def test_every_distance_has_an_interval_and_the_floor_of_perfect_samples(name):
    problem, exact = made(5, 2)
    ideal, other = (
        DISTANCES[name](problem, nodes) for nodes in (drawn(problem, exact, 800, 1), uniform(problem, 800, 1))
    )
    assert isinstance(ideal, Distance)
    for found in (ideal, other):
        assert 0 <= found.low < found.best < found.high
        assert found.samples == 800
        assert found.floor.low < found.floor.best < found.floor.high
        assert found.floor.samples == 200
    assert ideal.floor.low * 0.8 < ideal.best < ideal.floor.high * 1.2
    assert other.low > 2 * other.floor.high


@pytest.mark.parametrize(("name", "exponent"), [("total_variation", 0.5), ("hellinger", 0.5), ("kl_divergence", 1.0)])
def test_floors_fall_as_they_should(name, exponent):
    problem, exact = made(5, 2)
    floors = [DISTANCES[name](problem, drawn(problem, exact, n, 0)).floor.best for n in (2000, 32_000)]
    assert floors[0] / floors[1] == pytest.approx(16**exponent, rel=0.2)


def test_an_impossible_node_makes_kl_infinite_and_the_others_not():
    problem, exact = on_a_line()
    numbers = np.r_[reference.node_numbers(drawn(problem, exact, 99, 0), 5), np.flatnonzero(exact < 1e-20)[0]]
    nodes = from_numbers(problem, numbers)
    found = kl_divergence(problem, nodes)
    assert (found.low, found.best, found.high) == (np.inf, np.inf, np.inf)
    assert found.floor.high < np.inf
    assert hellinger(problem, nodes).high <= 1


def test_the_older_name_of_the_result_stays():
    assert TotalVariation is Distance


def test_too_few_resamples_are_refused():
    problem, exact = made(3, 2)
    with pytest.raises(InputError, match="resamples = 5 is too small"):
        hellinger(problem, drawn(problem, exact, 20, 0), resamples=5)
