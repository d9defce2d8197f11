"""How often intervals of a fidelity hold it. Samples are drawn from the exact law of w: hundreds take seconds."""

import functools

import numpy as np
import pytest
from scipy import stats

from classical.ridgelet.enumeration import enumerate_probabilities
from compare.distributions.ends import Ideal, interval
from compare.distributions.goodness import _uniform_share
from compare.distributions.ranks import scores
from compare.statistics import Z95
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import load_residues

RUNS = 300

LEAST = 0.92
"""Of 300 runs at 95%, fewer than 276 hold once in 107 times; of an interval that covers 90%, 276 do once in 7, of one
that covers 88%, once in 60."""

PROBLEMS = {
    "light": ("breast-cancer", 3, 2, None),  # skewness of w over uniform nodes 1.3
    "digits": ("digits", 5, 4, None),  # 7.3
    "wine": ("wine", 5, 6, None),  # 6.3, and 6.6 over nodes of p*
    "binary digits": ("digits", 2, 12, 40),
}

SHARES = {"uniform": 0.0, "half": 0.5, "ideal": 1.0}


@functools.cache
def law_of(name):
    """w of every node."""
    dataset, prime, features, points = PROBLEMS[name]
    data = load_residues(dataset, prime, features)
    problem = RidgeletProblem.from_samples(data.x_train[:points], data.y_train[:points], prime)
    return problem.node_count * enumerate_probabilities(problem)


def samples(law, share, shape, seed):
    """Values of w at nodes of a mixture with that share of p*."""
    probabilities = (1 - share + share * law) / len(law)
    return np.random.default_rng(seed).choice(law, shape, p=probabilities / probabilities.sum())


def holding(found, truth):
    return np.mean([one.low <= truth <= one.high for one in found])


# Every problem with every share, and either with both numbers: few where a heavy tail makes it hard, as of ideal nodes
# of wine, and many where the normal interval fails, as of uniform nodes of the digits.
@pytest.mark.parametrize(
    ("name", "share", "n"),
    [(name, share, (60, 500)[(i + j) % 2]) for i, name in enumerate(PROBLEMS) for j, share in enumerate(SHARES)],
)
def test_the_interval_holds_the_share_of_p_star_in_a_mixture(name, share, n, measured):
    law = law_of(name)
    drawn, ideal = samples(law, SHARES[share], (RUNS, n), [1, n]), Ideal.exact(law)
    found = [interval(values, ideal) for values in drawn]
    held = holding(found, SHARES[share])
    measured(f"fidelity, {name}, {len(law):,} nodes known, {n} {share}: {held:.1%} of {RUNS} intervals hold it")
    assert held >= LEAST
    # And it is not bought by width: the normal interval is as wide, but where the samples are few and skewed.
    error = np.std(drawn, axis=1, ddof=1) / np.sqrt(n) / ideal.value
    width = np.median([one.high - one.low for one in found]) / np.median(2 * Z95 * error)
    assert width < (1.35 if n == 500 else 3.0)


def test_the_normal_interval_of_500_uniform_nodes_of_the_digits_does_not_hold_it():
    """The interval is made for this: rare nodes that are missing lower mean and error together."""
    law = law_of("digits")
    assert stats.skew(law) == pytest.approx(7.3, abs=0.1)
    drawn = samples(law, 0.0, (4000, 500), 2)
    means, errors = drawn.mean(axis=1), drawn.std(axis=1, ddof=1) / np.sqrt(500)
    assert np.mean(np.abs(means - 1) <= Z95 * errors) < 0.935
    assert np.corrcoef(means, errors)[0, 1] > 0.8


@pytest.mark.parametrize("name", ["light", "digits", "binary digits"])
def test_it_holds_where_the_ideal_mean_is_estimated(name, measured):
    """7,500 uniform nodes and 500 samples of p*, as past enumeration."""
    law, n = law_of(name), 500
    drawn, control = samples(law, 1.0, (RUNS, n), 3), samples(law, 0.0, (RUNS, 15 * n), 4)
    found = [interval(values, Ideal.estimated(other)) for values, other in zip(drawn, control, strict=True)]
    held = holding(found, 1.0)
    measured(f"fidelity, {name}, {len(law):,} nodes taken as unknown, {n} ideal: {held:.1%} of {RUNS} intervals hold 1")
    assert held >= LEAST


def test_where_too_few_uniform_nodes_decide_it_is_said(measured):
    """Over uniform nodes of wine the skewness of w^2 is 61: what rests on 7,500 of them holds too rarely."""
    law, n, runs = law_of("wine"), 500, 100
    assert stats.skew(law**2) > 50
    drawn, control = samples(law, 1.0, (runs, n), 3), samples(law, 0.0, (runs, 15 * n), 4)
    found = [interval(values, Ideal.estimated(other)) for values, other in zip(drawn, control, strict=True)]
    said = np.mean(["uniform nodes of which few decide" in one.caution for one in found])
    measured(
        f"fidelity, wine, nodes taken as unknown: {holding(found, 1.0):.0%} of {runs} hold 1, {said:.0%} cautioned"
    )
    assert said > 0.75


@pytest.mark.parametrize("n", [150, 500])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_share_of_uniform_nodes_that_ranks_tell_is_held_as_well(share, n, measured):
    """A ratio of mean scores, which are skewed: its normal interval held 0 in 87% of runs with 150 nodes of p*."""
    rng = np.random.default_rng([7, n, int(share)])

    def drawn(uniform, *shape):
        return scores(rng.random(shape) ** (3 if uniform else 1))  # ranks of uniform nodes: density u^(-2/3)/3

    found = [_uniform_share(drawn(share, n), drawn(True, 32, 250)) for _ in range(RUNS)]
    held = holding(found, share)
    measured(f"share of uniform nodes by ranks, {n} nodes, share {share:g}: {held:.1%} of {RUNS} intervals hold it")
    assert held >= LEAST


def test_few_samples_of_a_heavy_tail_are_cautioned_and_others_are_not():
    light, heavy = law_of("light"), law_of("wine")
    assert interval(samples(light, 1.0, 60, 5), Ideal.exact(light)).caution == ""
    assert interval(samples(light, 1.0, 60, 5), Ideal.estimated(samples(light, 0.0, 2500, 6))).caution == ""
    assert interval(samples(heavy, 1.0, 500, 5), Ideal.exact(heavy)).caution == ""
    few = interval(samples(heavy, 1.0, 60, 5), Ideal.exact(heavy)).caution
    assert few.startswith("60 samples are few where rare nodes weigh so much")
    enough = int(few.rpartition("draw ")[2].rstrip(".").replace(",", ""))
    assert interval(samples(heavy, 1.0, enough, 5), Ideal.exact(heavy)).caution == ""
