import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from compare.distributions import goodness_of_fit, pooled
from compare.distributions.pooled import MIN_EXPECTED, divergence, pool, pooled_statistic
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from tests import reference
from tests.compare.distributions import REGULARIZATION, SMALL, drawn, from_numbers, made, on_a_line, uniform


@pytest.mark.parametrize(("prime", "dimension", "outputs"), [(2, 3, 1), (3, 2, 1), (5, 1, 2)])
def test_without_pooling_the_statistic_is_pearsons(prime, dimension, outputs):
    problem, exact = made(prime, dimension, outputs)
    possible = exact > 1e-20
    n = int(np.ceil(6 / exact[possible].min()))
    nodes = drawn(problem, exact, n, 2)
    counts = np.bincount(reference.node_numbers(nodes, prime), minlength=len(exact))
    statistic = np.sum((counts - n * exact)[possible] ** 2 / (n * exact)[possible])
    found = goodness_of_fit(problem, nodes)
    assert found.statistic == pytest.approx(statistic)
    assert found.pvalue == pytest.approx(stats.chi2.sf(statistic, possible.sum() - 1))
    assert found.samples == n
    assert f"{possible.sum()} cells" in found.detail


def literal_pools(expected):
    """Lists of cells: most probable first, a new list once 5 are expected, a poor last one joined to that before it."""
    pools = [[]]
    for cell in sorted(range(len(expected)), key=lambda i: -expected[i]):
        if sum(expected[i] for i in pools[-1]) >= 5:
            pools.append([])
        pools[-1].append(cell)
    if sum(expected[i] for i in pools[-1]) < 5:
        last = pools.pop()
        pools[-1] += last
    return pools


@pytest.mark.parametrize("n", [30, 60, 200, 1000])
def test_pooled_cells_give_the_statistic_computed_by_hand(n):
    # A table without symmetry: no two nodes tie, so there is one way to pool.
    x, y = reference.random_samples(np.random.default_rng(5), 5, 1, 12)
    problem = RidgeletProblem.from_samples(x, y, 5, REGULARIZATION, [0.3, 1.1, -0.4, 2.0, 0.7])
    r = problem.ridgelet[reference.activation_arguments(5, 1)] / np.sqrt(5)
    exact = (r @ reference.filtered_labels(x, y, 5, REGULARIZATION))[:, 0] ** 2
    exact /= exact.sum()
    assert len(np.unique(exact.round(12))) == len(exact)
    nodes = drawn(problem, exact, n, 3)
    counts = np.bincount(reference.node_numbers(nodes, 5), minlength=len(exact))
    pools = literal_pools(n * exact)
    expected = np.array([sum(n * exact[i] for i in pool) for pool in pools])
    observed = np.array([sum(counts[i] for i in pool) for pool in pools])
    assert len(pools) > 1
    statistic = np.sum((observed - expected) ** 2 / expected)
    found = goodness_of_fit(problem, nodes)
    assert found.statistic == pytest.approx(statistic)
    assert found.pvalue == pytest.approx(stats.chi2.sf(statistic, len(pools) - 1))


@given(st.lists(st.floats(1e-9, 50), min_size=1, max_size=60))
def test_pooling_keeps_all_probability_in_cells_of_at_least_five(counts):
    expected = np.array(sorted(counts, reverse=True))
    cells = pool(expected)
    assert cells.shape == expected.shape
    pooled = np.bincount(cells, weights=expected)
    assert set(cells.tolist()) == set(range(len(pooled)))
    assert pooled.sum() == pytest.approx(expected.sum())
    if len(pooled) > 1:
        assert pooled.min() >= MIN_EXPECTED


@pytest.mark.parametrize(("method", "least"), [("chi-square", 5), ("g", 20)])
@pytest.mark.parametrize("n", [80, 300, 5000])
def test_every_tested_cell_expects_enough(n, method, least, monkeypatch):
    problem, exact = made(5, 2)
    tested = {}

    def statistic(observed, cells, name):
        tested.update(observed=observed, expected=n * cells)
        return pooled_statistic(observed, cells, name)

    monkeypatch.setattr(pooled, "pooled_statistic", statistic)
    goodness_of_fit(problem, drawn(problem, exact, n, 0), method)
    assert len(tested["expected"]) > 1
    assert tested["expected"].min() >= least
    assert tested["expected"].sum() == pytest.approx(n)
    assert tested["observed"].sum() == n


@pytest.mark.parametrize("hits", [1, 20])
def test_a_sample_of_probability_zero_gives_p_zero(hits):
    problem, exact = on_a_line()
    impossible = np.flatnonzero(exact < 1e-20)
    numbers = reference.node_numbers(drawn(problem, exact, 500, 0), 5)
    numbers[:hits] = impossible[0]
    found = goodness_of_fit(problem, from_numbers(problem, numbers))
    assert found.pvalue == 0.0
    assert found.statistic == np.inf
    assert f"{hits} samples fell on nodes of probability zero" in found.detail


def test_uniform_samples_are_caught():
    problem, _ = made(5, 2)
    assert goodness_of_fit(problem, uniform(problem, 500, 0)).pvalue < 1e-6


@pytest.mark.parametrize(("prime", "dimension", "outputs"), SMALL)
def test_too_few_samples_are_refused_with_a_number_that_suffices(prime, dimension, outputs):
    problem, exact = made(prime, dimension, outputs)
    with pytest.raises(InputError, match="4 samples are too few for a chi-square test") as refusal:
        goodness_of_fit(problem, drawn(problem, exact, 4, 0))
    needed = int(re.search(r"at least (\d+) are needed", str(refusal.value))[1])
    assert 10 <= needed < 100
    assert 0 <= goodness_of_fit(problem, drawn(problem, exact, needed, 0)).pvalue <= 1


# The G-test


def test_g_is_the_log_likelihood_ratio_over_its_correction():
    observed, law = np.array([30.0, 50, 20]), np.array([0.25, 0.5, 0.25])
    g = 2 * sum(count * np.log(count / (100 * p)) for count, p in zip(observed, law, strict=True))
    correction = 1 + (4 + 2 + 4 - 1) / (6 * 100 * 2)
    assert pooled_statistic(observed, law, "g") == pytest.approx(g / correction)
    assert pooled_statistic(np.stack([observed, observed]), law, "g") == pytest.approx([g / correction] * 2)


def test_g_and_chi_square_agree_where_counts_are_large():
    problem, exact = made(3, 2)
    nodes = drawn(problem, exact, 20_000, 4)
    chi, g = (goodness_of_fit(problem, nodes, method) for method in ("chi-square", "g"))
    assert g.detail.startswith("G-test over")
    assert g.statistic == pytest.approx(chi.statistic, rel=0.05)
    assert g.pvalue == pytest.approx(chi.pvalue, abs=0.05)


# The effect


@pytest.mark.parametrize(("statistic", "freedom"), [(3.0, 1), (40.0, 20), (700.0, 300), (2e4, 300), (5e6, 12)])
def test_the_ends_of_the_interval_put_the_statistic_at_the_tails(statistic, freedom):
    low, best, high = divergence(statistic, freedom, 10)
    assert best == pytest.approx((statistic - freedom) / 10)
    assert low < best < high
    if statistic > 1e6:
        # SciPy's series gives up here; the law is normal by far.
        spread = np.sqrt(2 * freedom + 4 * 10 * best)
        assert (10 * low, 10 * high) == pytest.approx((statistic - 1.96 * spread, statistic + 1.96 * spread), rel=1e-3)
        return
    assert stats.ncx2.cdf(statistic, freedom, 10 * high) == pytest.approx(0.025, abs=5e-4)
    if low > 0:
        assert stats.ncx2.cdf(statistic, freedom, 10 * low) == pytest.approx(0.975, abs=5e-4)


def test_a_statistic_below_what_is_expected_gives_no_divergence():
    assert divergence(2.0, 20, 10) == (0.0, 0.0, 0.0)
    low, best, high = divergence(15.0, 20, 10)
    assert (low, best) == (0.0, 0.0)
    assert high > 0


@pytest.mark.parametrize("share", [0.05, 0.2, 1.0])
def test_the_interval_holds_the_divergence_of_contaminated_samples(share):
    problem, exact = made(3, 2)
    mixed = (1 - share) * exact + share / len(exact)
    cells = pooled.pooled_cells(exact, 2000)
    one, other = (np.bincount(cells, weights=law) for law in (exact, mixed))
    true = np.sum((other - one) ** 2 / one)
    runs = [goodness_of_fit(problem, drawn(problem, mixed, 2000, seed)) for seed in range(300)]
    covered = np.mean([run.low <= true <= run.high for run in runs])
    assert covered == pytest.approx(0.95, abs=0.04)
    assert np.mean([run.best for run in runs]) == pytest.approx(true, rel=0.15)


def test_the_interval_of_ideal_samples_holds_zero():
    problem, exact = made(3, 2)
    runs = [goodness_of_fit(problem, drawn(problem, exact, 1000, seed)) for seed in range(200)]
    assert np.mean([run.low == 0 for run in runs]) == pytest.approx(0.97, abs=0.03)
    assert all(run.low <= run.best <= run.high for run in runs)


def test_the_effect_is_infinite_where_a_sample_is_impossible():
    problem, exact = on_a_line()
    found = goodness_of_fit(problem, from_numbers(problem, np.full(50, np.flatnonzero(exact < 1e-20)[0])))
    assert (found.low, found.best, found.high) == (np.inf, np.inf, np.inf)
