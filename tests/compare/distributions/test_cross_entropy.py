import numpy as np
import pytest
from scipy import stats

from classical.ridgelet import DequantizedSampler, UniformSampler
from compare.distributions import cross_entropy, fidelity, ideal_excess
from compare.distributions import exact as exact_module
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem
from tests import reference
from tests.compare.distributions import SMALL, drawn, made, uniform


@pytest.mark.parametrize(("prime", "dimension", "outputs"), SMALL)
def test_fidelity_is_its_definition_over_all_nodes(prime, dimension, outputs):
    problem, exact = made(prime, dimension, outputs)
    nodes = drawn(problem, exact, 200, 1)
    w = len(exact) * exact
    scores = w[reference.node_numbers(nodes, prime)]
    ideal = np.sum(exact * w) - 1
    found = fidelity(problem, nodes)
    assert found.best == pytest.approx((np.mean(scores) - 1) / ideal)
    assert (found.low, found.high) == pytest.approx(ends_by_bisection(scores, w), abs=1e-3 * (found.high - found.low))
    assert found.samples == 200


def ends_by_bisection(scores, w):
    """The slow way: the outermost shares that either test of the mean accepts, one share after the other."""
    n, ideal = len(scores), np.mean(w**2) - 1
    skewness = stats.skew(scores) / np.sqrt(n)
    skewness *= ((n - 1) / n) ** 1.5  # over the standard error with n - 1

    def by_sample(share):
        t = (np.mean(scores) - 1 - share * ideal) / stats.sem(scores)
        transformed = t + skewness * t**2 / 3 + skewness**2 * t**3 / 27 + skewness / 6
        return abs(transformed) <= stats.t.ppf(0.975, n - 1)

    def by_law(share):
        weights = 1 - min(1, max(0, share)) + min(1, max(0, share)) * w
        away = w - np.average(w, weights=weights)
        spread, cube = (np.average(away**power, weights=weights) for power in (2, 3))
        law = stats.pearson3(cube / spread**1.5 / np.sqrt(n), 0, np.sqrt(spread / n))
        return 0.025 <= law.cdf(np.mean(scores) - 1 - share * ideal) <= 0.975

    best, ends = (np.mean(scores) - 1) / ideal, []
    for sign in (-1, 1):
        inside, outside = best, best + 2 * sign
        for _ in range(30):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if by_sample(middle) or by_law(middle) else (inside, middle)
        ends.append(inside)
    return ends


@pytest.mark.parametrize(("prime", "dimension", "outputs"), SMALL)
def test_fidelity_is_one_for_ideal_and_zero_for_uniform_samples(prime, dimension, outputs):
    problem, exact = made(prime, dimension, outputs)
    ideal, control = (fidelity(problem, nodes) for nodes in (drawn(problem, exact, 3000, 1), uniform(problem, 3000, 1)))
    assert ideal.low <= 1 <= ideal.high
    assert control.low <= 0 <= control.high
    assert ideal.high - ideal.low < 0.3


def test_fidelity_is_linear_in_the_share_of_uniform_nodes():
    problem, exact = made(5, 2)
    mixed = Nodes.concatenate([drawn(problem, exact, 6000, 2), uniform(problem, 2000, 2)])
    assert fidelity(problem, mixed).best == pytest.approx(0.75, abs=0.06)


@pytest.mark.parametrize("n", [50, 400])
def test_fidelity_holds_where_nothing_can_be_enumerated(raw, n, monkeypatch):
    monkeypatch.setattr(cross_entropy, "UNIFORM_NODES", 10_000)
    ideal = fidelity(raw, DequantizedSampler(raw).sample(n, seed=1))
    control = fidelity(raw, UniformSampler(raw).sample(n, seed=1))
    assert ideal.low <= 1 <= ideal.high
    assert control.low <= 0 <= control.high
    assert ideal.low > control.high
    assert ideal.samples == control.samples == n


def test_the_estimated_ideal_mean_agrees_with_the_exact_one(monkeypatch):
    """The way past enumeration, tried where the answer is known."""
    problem, exact = made(5, 2)
    nodes = drawn(problem, exact, 1000, 1)
    known = fidelity(problem, nodes)
    monkeypatch.setattr(exact_module, "ENUMERABLE", 1)
    estimated = fidelity(problem, nodes, seed=2)
    assert estimated.best == pytest.approx(known.best, rel=0.03)
    assert estimated.high - estimated.low > known.high - known.low


def test_the_ideal_excess_is_exact_and_estimated_where_nothing_is_enumerated(monkeypatch):
    problem, exact = made(5, 2)
    known = ideal_excess(problem)
    assert known.value == pytest.approx(len(exact) * np.sum(exact**2) - 1)
    assert known.error == 0
    monkeypatch.setattr(exact_module, "ENUMERABLE", 1)
    estimated = ideal_excess(problem, 0)
    assert 0 < estimated.error < 0.1 * known.value
    assert abs(estimated.value - known.value) < 4 * estimated.error


def test_the_interval_knows_the_error_of_the_ideal_mean(monkeypatch):
    problem, exact = made(5, 2)
    nodes = drawn(problem, exact, 5_000, 1)
    monkeypatch.setattr(exact_module, "ENUMERABLE", 1)
    monkeypatch.setattr(cross_entropy, "UNIFORM_NODES", 200)
    runs = [fidelity(problem, nodes, seed=seed) for seed in range(200)]
    spread = np.std([run.best for run in runs])
    assert np.mean([run.high - run.low for run in runs]) / 2 == pytest.approx(1.96 * spread, rel=0.25)


def test_the_uniform_nodes_of_fidelity_are_seeded(monkeypatch):
    problem, exact = made(3, 2)
    nodes = drawn(problem, exact, 100, 0)
    monkeypatch.setattr(exact_module, "ENUMERABLE", 1)
    monkeypatch.setattr(cross_entropy, "UNIFORM_NODES", 100)
    assert fidelity(problem, nodes, seed=3) == fidelity(problem, nodes, seed=3)
    assert fidelity(problem, nodes, seed=3) != fidelity(problem, nodes, seed=4)


@pytest.mark.parametrize("dimension", [1, 30])
def test_fidelity_is_refused_where_the_optimized_distribution_is_uniform(dimension, monkeypatch):
    monkeypatch.setattr(cross_entropy, "UNIFORM_NODES", 1000)
    problem = RidgeletProblem.from_samples([[1] * dimension], [1.0], prime=2)
    with pytest.raises(InputError, match="uniform for this problem"):
        fidelity(problem, UniformSampler(problem).sample(10, seed=0))
