"""How often the comparison's tests raise a false alarm, and how small an error they see."""

import numpy as np
import pytest
from scipy import stats

from classical.ridgelet import DequantizedSampler, EnumerationSampler, UniformSampler
from compare import distributions
from compare.distributions import fidelity, goodness_of_fit, is_enumerable, two_sample_test
from problems.datasets import load_dataset
from problems.ridgelet import Nodes, RidgeletProblem

RUNS = 300


def problem_of(dataset, prime, features, points=None):
    data = load_dataset(dataset, prime, features)
    return RidgeletProblem.from_samples(data.x_train[:points], data.y_train[:points], prime)


@pytest.fixture(scope="module")
def digits():
    """The default of the command line: digits pooled to 2x2, P = 5, D = 4, 3,125 nodes."""
    return problem_of("digits", 5, 4)


@pytest.fixture(scope="module")
def raw():
    """The raw digits: P = 17, D = 64, K = 1,347."""
    return problem_of("digits", 17, None)


@pytest.fixture(scope="module")
def past_enumeration():
    """P = 3, D = 16, K = 16: 3^17 nodes."""
    problem = problem_of("breast-cancer", 3, 16, points=16)
    assert not is_enumerable(problem)
    return problem


def blocks(nodes, size):
    """Independent samples of one size."""
    return [nodes[start : start + size] for start in range(0, len(nodes), size)]


def contaminated(problem, ideal, share, seed):
    """Each node is replaced by a uniform one with probability `share`."""
    control = UniformSampler(problem).sample(len(ideal), [*seed, 0])
    replaced = np.random.default_rng([*seed, 1]).random(len(ideal)) < share
    return Nodes(np.where(replaced[:, None], control.a, ideal.a), np.where(replaced, control.b, ideal.b))


def assert_false_alarms_as_stated(pvalues, measured, name):
    alarms, uniform = np.mean(np.array(pvalues) < 0.05), stats.kstest(pvalues, "uniform").pvalue
    measured(f"{name}: {alarms:.1%} of {len(pvalues)} ideal runs below 0.05; p-values uniform, KS p = {uniform:.3f}")
    assert uniform > 1e-3
    assert alarms == pytest.approx(0.05, abs=0.03)


@pytest.mark.parametrize("n", [300, 2000])
def test_p_values_of_goodness_of_fit_are_uniform(digits, n, measured):
    nodes = EnumerationSampler(digits).sample(RUNS * n, [1, n])
    pvalues = [goodness_of_fit(digits, block).pvalue for block in blocks(nodes, n)]
    assert_false_alarms_as_stated(pvalues, measured, f"goodness_of_fit, digits P = 5, D = 4, {n} nodes")


def test_p_values_of_goodness_of_fit_are_uniform_for_the_dequantized_sampler(digits, measured):
    nodes = DequantizedSampler(digits).sample(2 * RUNS * 100, 2)
    pvalues = [goodness_of_fit(digits, block).pvalue for block in blocks(nodes, 100)]
    assert_false_alarms_as_stated(pvalues, measured, "goodness_of_fit, digits P = 5, D = 4, 100 dequantized nodes")


@pytest.mark.parametrize(("n", "m"), [(80, 80), (40, 150)])
def test_p_values_of_the_two_sample_test_are_uniform(digits, n, m, measured):
    nodes = EnumerationSampler(digits).sample(RUNS * (n + m), [3, n, m])
    runs = enumerate(blocks(nodes, n + m))
    pvalues = [two_sample_test(block[:n], block[n:], digits, seed=run).pvalue for run, block in runs]
    assert_false_alarms_as_stated(pvalues, measured, f"two_sample_test, digits P = 5, D = 4, {n} against {m} nodes")


def test_p_values_of_the_two_sample_test_are_uniform_past_enumeration(past_enumeration, measured):
    nodes = DequantizedSampler(past_enumeration).sample(RUNS * 160, 4)
    runs = enumerate(blocks(nodes, 160))
    pvalues = [two_sample_test(block[:80], block[80:], past_enumeration, seed=run).pvalue for run, block in runs]
    assert_false_alarms_as_stated(pvalues, measured, "two_sample_test, P = 3, D = 16, K = 16, 80 against 80 nodes")


def test_goodness_of_fit_catches_five_percent_of_uniform_nodes(digits, measured):
    n, runs = 5000, 100
    nodes = EnumerationSampler(digits).sample(runs * n, 5)
    mixed = [contaminated(digits, block, 0.05, [5, run]) for run, block in enumerate(blocks(nodes, n))]
    caught = np.mean([goodness_of_fit(digits, sample).pvalue < 0.05 for sample in mixed])
    measured(
        f"goodness_of_fit, digits P = 5, D = 4: 5% uniform nodes among {n:,} caught in {caught:.0%} of {runs} runs"
    )
    assert caught >= 0.95


@pytest.mark.parametrize("digit", ["b", "a_1"])
def test_goodness_of_fit_catches_one_shifted_digit(digits, digit, measured):
    n, runs = 100, 100
    nodes = EnumerationSampler(digits).sample(runs * n, [6, digit == "b"])
    a, b = nodes.a.copy(), nodes.b.copy()
    shifted = b if digit == "b" else a[:, 0]
    shifted[:] = (shifted + 1) % digits.prime
    caught = np.mean([goodness_of_fit(digits, block).pvalue < 0.05 for block in blocks(Nodes(a, b), n)])
    measured(f"goodness_of_fit, digits P = 5, D = 4: {digit} + 1 in {n} nodes caught in {caught:.0%} of {runs} runs")
    assert caught >= 0.95


def marginals_pvalue(nodes, other, prime):
    """Chi-square of every digit's two histograms, summed: what one-hot marginals can see."""
    statistic = freedom = 0
    for one, two in zip(np.c_[nodes.a, nodes.b].T, np.c_[other.a, other.b].T, strict=True):
        table = np.array([np.bincount(digits, minlength=prime) for digits in (one, two)])
        result = stats.chi2_contingency(table)
        statistic, freedom = statistic + result.statistic, freedom + result.dof
    return stats.chi2.sf(statistic, freedom)


def test_the_two_sample_test_catches_uniform_nodes_that_marginals_do_not_see(raw, measured):
    n, runs, sampler, control = 2000, 4, DequantizedSampler(raw), UniformSampler(raw)
    pairs = [(sampler.sample(n, [7, run]), control.sample(n, [8, run])) for run in range(runs)]
    caught = [two_sample_test(nodes, other, raw, seed=run).pvalue for run, (nodes, other) in enumerate(pairs)]
    blind = [marginals_pvalue(nodes, other, 17) for nodes, other in pairs]
    measured(
        f"two_sample_test, raw digits P = 17, D = 64: dequantized {n:,} against uniform {n:,}, largest p = "
        f"{max(caught):.3f} of {runs} runs; marginals of all digits alone, smallest p = {min(blind):.2f}"
    )
    assert max(caught) <= 0.002
    assert min(blind) > 0.05 / runs


def test_the_two_sample_test_catches_one_shifted_digit_at_large_dimension(raw, measured):
    n, runs = 300, 4
    halves = blocks(DequantizedSampler(raw).sample(2 * n * runs, 9), 2 * n)
    pairs = [(both[:n], Nodes(both[n:].a, (both[n:].b + 1) % 17)) for both in halves]
    caught = [two_sample_test(nodes, other, raw, seed=run).pvalue for run, (nodes, other) in enumerate(pairs)]
    measured(
        f"two_sample_test, raw digits P = 17, D = 64: b + 1 in {n} of 2 x {n} nodes, largest p = {max(caught):.3f}"
    )
    assert max(caught) < 0.05


@pytest.mark.parametrize("n", [200, 1000])
def test_the_fidelity_interval_covers_one_where_all_nodes_are_known(digits, n, measured):
    runs = 400
    nodes = EnumerationSampler(digits).sample(runs * n, [10, n])
    found = [fidelity(digits, block) for block in blocks(nodes, n)]
    covered = np.mean([one.low <= 1 <= one.high for one in found])
    measured(f"fidelity, digits P = 5, D = 4: {covered:.1%} of {runs} intervals of {n} ideal nodes hold 1")
    assert covered == pytest.approx(0.95, abs=0.04)


def test_the_fidelity_interval_covers_one_past_enumeration(past_enumeration, measured, monkeypatch):
    # As many uniform nodes as ideal ones, so that both errors count.
    n, runs = 1000, 300
    monkeypatch.setattr(distributions, "UNIFORM_NODES", n)
    nodes = DequantizedSampler(past_enumeration).sample(runs * n, 11)
    found = [fidelity(past_enumeration, block, seed=run) for run, block in enumerate(blocks(nodes, n))]
    covered = np.mean([one.low <= 1 <= one.high for one in found])
    measured(f"fidelity, P = 3, D = 16, K = 16: {covered:.1%} of {runs} intervals of {n} ideal nodes hold 1")
    assert covered == pytest.approx(0.95, abs=0.04)


def test_the_fidelity_interval_covers_zero_for_uniform_nodes(digits, measured):
    n, runs = 500, 400
    nodes = UniformSampler(digits).sample(runs * n, 12)
    covered = np.mean([one.low <= 0 <= one.high for one in (fidelity(digits, block) for block in blocks(nodes, n))])
    measured(f"fidelity, digits P = 5, D = 4: {covered:.1%} of {runs} intervals of {n} uniform nodes hold 0")
    assert covered == pytest.approx(0.95, abs=0.04)
