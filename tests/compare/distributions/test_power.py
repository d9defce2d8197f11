import numpy as np
import pytest

from compare.distributions import (
    cross_entropy,
    fidelity,
    goodness_of_fit,
    power,
    samples_needed,
    two_sample_test,
)
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from tests.compare.distributions import drawn, effects_once_a_problem, made, on_a_line

SHARE, RUNS, FEWER_RUNS = 0.3, 120, 60
"""Contamination, so much that the planned numbers stay small, and runs: of 60 with half of a number that is planned
twice as large as it need be, and so finds the error in 90%, 51 find it 14 times of 15."""


def found_by(test, problem, exact, n, seed):
    mixed = (1 - SHARE) * exact + SHARE / len(exact)
    nodes = drawn(problem, mixed, n, [seed, 0])
    if test == "fidelity":
        return fidelity(problem, nodes).high < 1
    if test == "two_sample":
        return two_sample_test(nodes, drawn(problem, exact, n, [seed, 1]), problem, 199, seed).pvalue < 0.05
    return goodness_of_fit(problem, nodes, test, seed).pvalue < 0.05


@pytest.mark.parametrize("test", ["chi-square", "g", "ranks", "fidelity", "two_sample"])
def test_the_planned_number_finds_the_error_and_half_of_it_does_not(test, monkeypatch):
    effects_once_a_problem(monkeypatch)
    problem, exact = made(5, 2)
    asked = {"test": test} if test in ("fidelity", "two_sample") else {"method": test}
    n = samples_needed(problem, contamination=SHARE, power=0.9, **asked)
    enough = np.mean([found_by(test, problem, exact, n, seed) for seed in range(RUNS)])
    fewer = np.mean([found_by(test, problem, exact, max(50, n // 2), seed) for seed in range(FEWER_RUNS)])
    assert enough > 0.9 - 2 * np.sqrt(0.9 * 0.1 / RUNS)
    assert fewer < 0.85


@pytest.mark.parametrize("test", ["goodness_of_fit", "fidelity", "two_sample"])
def test_more_is_needed_for_less_contamination_and_for_more_power(test, monkeypatch):
    # Of two samples the plans are read off fewer nodes: they need to be in order alone.
    monkeypatch.setattr(power, "PILOT", 500)
    problem, _ = made(5, 2)

    def planned(**changes):
        return samples_needed(problem, test, **({"contamination": 0.3, "power": 0.8} | changes))

    usual = planned()
    assert planned(contamination=0.6) < usual < planned(contamination=0.2)
    assert usual < planned(power=0.99)
    if test != "fidelity":
        assert usual < planned(level=0.001)


def test_ranks_need_fewer_than_chi_square_and_fidelity_most():
    problem, _ = made(5, 2)
    ranks, chi = (samples_needed(problem, contamination=0.1, method=method) for method in ("ranks", "chi-square"))
    assert ranks < chi < samples_needed(problem, "fidelity", 0.1)


def test_impossible_nodes_are_counted_on():
    """One uniform node in 100 of 125 falls where p* is zero, and one such node is proof."""
    problem, exact = on_a_line()
    outside = np.mean(exact < 1e-20)
    first = np.log(0.05) / np.log(1 - 0.05 * outside)
    for method in ("chi-square", "ranks"):
        assert samples_needed(problem, method=method) == pytest.approx(first, rel=0.25)


def test_the_plan_is_seeded_and_says_the_same_again():
    problem, _ = made(3, 2)
    first, again = (samples_needed(problem, contamination=0.3, method="ranks", seed=3) for _ in range(2))
    assert first == again


def test_the_fidelity_past_enumeration_counts_the_error_of_the_ideal_mean(past_enumeration, monkeypatch):
    monkeypatch.setattr(cross_entropy, "UNIFORM_NODES", 20_000)
    n = samples_needed(past_enumeration, "fidelity", 0.3)
    assert 100 < n < 1000
    with pytest.raises(InputError, match=r"E_p.* - 1 itself is known only to .*%"):
        samples_needed(past_enumeration, "fidelity", 0.02)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"contamination": 0.0}, "contamination = 0.0 is no share above 0"),
        ({"contamination": 1.5}, "contamination = 1.5"),
        ({"power": 1.0}, "power = 1.0"),
        ({"level": -0.1}, "level = -0.1"),
        ({"power": 0.04}, "power = 0.04 is not above level = 0.05"),
        ({"test": "ks"}, "no test to plan 'ks'"),
        ({"method": "best"}, "no goodness-of-fit test 'best'"),
        ({"test": "fidelity", "level": 0.01}, "interval of a fidelity is of 95%"),
        ({"test": "two_sample", "contamination": 0.005}, "takes at most 10,000 of each side; plan for a larger share"),
        ({"method": "ranks", "contamination": 0.001}, "the test by ranks takes at most 10,000; plan for a larger"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_one_line(changes, message):
    problem, _ = made(5, 2)
    with pytest.raises(InputError, match=message) as refusal:
        samples_needed(problem, **changes)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("asked", [{"method": "chi-square"}, {"method": "ranks"}, {"test": "fidelity"}])
def test_where_all_nodes_are_alike_nothing_can_be_planned(asked):
    problem = RidgeletProblem.from_samples([[1, 0, 1]], [1.0], prime=2)
    with pytest.raises(InputError, match=r"p. is uniform for this problem"):
        samples_needed(problem, **asked)
