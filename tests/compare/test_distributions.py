import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from classical.ridgelet import DequantizedSampler, UniformSampler
from compare import distributions
from compare.distributions import (
    ENUMERABLE,
    MIN_EXPECTED,
    fidelity,
    goodness_of_fit,
    is_enumerable,
    total_variation,
    two_sample_test,
)
from problems.datasets import load_dataset
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem
from tests import reference

REGULARIZATION = 0.05
SMALL = [(2, 3, 1), (3, 2, 1), (5, 2, 2), (7, 1, 3)]  # (P, D, outputs)


def made(prime, dimension, outputs=1):
    """A problem with repeated points, and p* of all its nodes from the reference."""
    rng = np.random.default_rng([prime, dimension, outputs])
    x, y = reference.random_samples(rng, prime, dimension, 12, outputs)
    problem = RidgeletProblem.from_samples(x, y, prime, REGULARIZATION)
    return problem, reference.optimized_distribution(x, y, prime, REGULARIZATION)


def on_a_line():
    """sin(2 pi (x_1 + x_2)/5) on all points: only nodes with a = (v, v), v != 0, have a probability."""
    x = reference.all_points(5, 2)
    y = np.sin(2 * np.pi * x.sum(axis=1) / 5)
    exact = reference.optimized_distribution(x, y, 5, REGULARIZATION)
    digits = reference.all_points(5, 3)
    np.testing.assert_array_equal(exact > 1e-20, (digits[:, 0] == digits[:, 1]) & (digits[:, 0] > 0))
    return RidgeletProblem.from_samples(x, y, 5, REGULARIZATION), exact


def drawn(problem, probabilities, n, seed):
    """Ideal samples, drawn without any sampler of the package."""
    numbers = np.random.default_rng(seed).choice(len(probabilities), n, p=probabilities)
    return from_numbers(problem, numbers)


def from_numbers(problem, numbers):
    digits = np.array(np.unravel_index(numbers, (problem.prime,) * (problem.dimension + 1))).T
    return Nodes(digits[:, :-1], digits[:, -1])


def uniform(problem, n, seed):
    return from_numbers(problem, np.random.default_rng(seed).integers(0, problem.node_count, n))


@pytest.fixture(scope="module")
def raw():
    """The raw digits: P = 17, D = 64, where nothing can be enumerated."""
    data = load_dataset("digits", 17)
    return RidgeletProblem.from_samples(data.x_train, data.y_train, 17)


# Total variation


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


# Goodness of fit


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
    cells = distributions._pool(expected)
    assert cells.shape == expected.shape
    pooled = np.bincount(cells, weights=expected)
    assert set(cells.tolist()) == set(range(len(pooled)))
    assert pooled.sum() == pytest.approx(expected.sum())
    if len(pooled) > 1:
        assert pooled.min() >= MIN_EXPECTED


@pytest.mark.parametrize("n", [40, 100, 300, 5000])
def test_every_tested_cell_expects_at_least_five(n, monkeypatch):
    problem, exact = made(5, 2)
    tested = {}

    def chisquare(observed, expected):
        tested.update(observed=observed, expected=expected)
        return stats.power_divergence(observed, expected)

    monkeypatch.setattr(distributions.stats, "chisquare", chisquare)
    goodness_of_fit(problem, drawn(problem, exact, n, 0))
    assert len(tested["expected"]) > 1
    assert tested["expected"].min() >= MIN_EXPECTED
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


# Fidelity


@pytest.mark.parametrize(("prime", "dimension", "outputs"), SMALL)
def test_fidelity_is_its_definition_over_all_nodes(prime, dimension, outputs):
    problem, exact = made(prime, dimension, outputs)
    nodes = drawn(problem, exact, 200, 1)
    w = len(exact) * exact
    scores = w[reference.node_numbers(nodes, prime)]
    ideal = np.sum(exact * w) - 1
    found = fidelity(problem, nodes)
    half = stats.norm.ppf(0.975) * np.std(scores, ddof=1) / np.sqrt(200) / ideal
    assert found.best == pytest.approx((np.mean(scores) - 1) / ideal)
    assert (found.low, found.high) == pytest.approx((found.best - half, found.best + half))
    assert found.samples == 200


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
    monkeypatch.setattr(distributions, "UNIFORM_NODES", 10_000)
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
    monkeypatch.setattr(distributions, "ENUMERABLE", 1)
    estimated = fidelity(problem, nodes, seed=2)
    assert estimated.best == pytest.approx(known.best, rel=0.03)
    assert estimated.high - estimated.low > known.high - known.low


def test_the_interval_knows_the_error_of_the_ideal_mean(monkeypatch):
    problem, exact = made(5, 2)
    nodes = drawn(problem, exact, 20_000, 1)
    monkeypatch.setattr(distributions, "ENUMERABLE", 1)
    monkeypatch.setattr(distributions, "UNIFORM_NODES", 200)
    runs = [fidelity(problem, nodes, seed=seed) for seed in range(200)]
    spread = np.std([run.best for run in runs])
    assert np.mean([run.high - run.best for run in runs]) == pytest.approx(1.96 * spread, rel=0.25)


def test_the_uniform_nodes_of_fidelity_are_seeded(monkeypatch):
    problem, exact = made(3, 2)
    nodes = drawn(problem, exact, 100, 0)
    monkeypatch.setattr(distributions, "ENUMERABLE", 1)
    monkeypatch.setattr(distributions, "UNIFORM_NODES", 100)
    assert fidelity(problem, nodes, seed=3) == fidelity(problem, nodes, seed=3)
    assert fidelity(problem, nodes, seed=3) != fidelity(problem, nodes, seed=4)


@pytest.mark.parametrize("dimension", [1, 30])
def test_fidelity_is_refused_where_the_optimized_distribution_is_uniform(dimension, monkeypatch):
    monkeypatch.setattr(distributions, "UNIFORM_NODES", 1000)
    problem = RidgeletProblem.from_samples([[1] * dimension], [1.0], prime=2)
    with pytest.raises(InputError, match="uniform for this problem"):
        fidelity(problem, UniformSampler(problem).sample(10, seed=0))


# Two samples


def test_two_ideal_samples_are_not_told_apart_and_uniform_nodes_are():
    problem, exact = made(5, 2)
    one, other = (drawn(problem, exact, 300, seed) for seed in (1, 2))
    same = two_sample_test(one, other, problem)
    assert same.pvalue > 0.05
    assert same.samples == 600
    assert "499 permutations" in same.detail
    assert two_sample_test(one, uniform(problem, 300, 3), problem).pvalue == pytest.approx(1 / 500)


def test_the_two_sample_test_works_where_nothing_can_be_enumerated(raw):
    sampler = DequantizedSampler(raw)
    one, other = sampler.sample(150, seed=1), sampler.sample(100, seed=2)
    assert two_sample_test(one, other, raw).pvalue > 0.05
    assert two_sample_test(one, UniformSampler(raw).sample(100, seed=2), raw).pvalue < 0.01


def test_the_smallest_p_value_is_set_by_the_permutations():
    problem, exact = made(5, 2)
    nodes, other = drawn(problem, exact, 200, 1), uniform(problem, 200, 1)
    assert two_sample_test(nodes, other, problem, permutations=19).pvalue == pytest.approx(1 / 20)


def test_at_most_the_first_nodes_of_either_side_are_tested(monkeypatch):
    problem, exact = made(5, 2)
    nodes, other = drawn(problem, exact, 300, 1), uniform(problem, 250, 1)
    monkeypatch.setattr(distributions, "MAX_TESTED", 100)
    found = two_sample_test(nodes, other, problem)
    assert found == two_sample_test(nodes[:100], other[:100], problem)
    assert found.samples == 200


def test_nodes_against_themselves_have_p_one():
    problem, exact = made(5, 2)
    nodes = drawn(problem, exact, 50, 1)
    found = two_sample_test(nodes, nodes, problem)
    assert found.statistic == pytest.approx(0, abs=1e-20)
    assert found.pvalue == 1.0


def test_the_two_sample_statistic_is_the_sum_of_three_scaled_mean_distances():
    problem, exact = made(3, 2, 2)
    one, other = drawn(problem, exact, 20, 1), uniform(problem, 30, 2)
    r = reference.ridgelet_table(3)
    # The density is P^(D+1) p* = P |sum_m h_m r(a.x_m - b)|^2, h of norm 1
    blocks = []
    for side in (one, other):
        digits = np.column_stack([side.a, side.b])
        one_hot = [[float(digit == level) for digit in row for level in range(3)] for row in digits]
        hidden = [[r[(a @ x - b) % 3] for x in problem.points] for a, b in zip(side.a, side.b, strict=True)]
        density = [[3 * np.sum((np.array(row) @ problem.amplitudes) ** 2)] for row in hidden]
        blocks.append((one_hot, hidden, density))
    statistic = 0.0
    for first, second in zip(*blocks, strict=True):
        distance = np.sum((np.mean(first, axis=0) - np.mean(second, axis=0)) ** 2)
        statistic += distance / np.sum(np.var(np.concatenate([first, second]), axis=0))
    assert two_sample_test(one, other, problem).statistic == pytest.approx(statistic)


def test_a_constant_density_does_not_blind_the_two_sample_test():
    """p* of a single point over Z_2 is uniform, so only the other kernels can see that b is always 0."""
    problem = RidgeletProblem.from_samples([[1, 0, 1]], [1.0], prime=2)
    nodes = uniform(problem, 200, 0)
    shifted = Nodes(uniform(problem, 200, 1).a, np.zeros(200, dtype=int))
    assert two_sample_test(nodes, shifted, problem).pvalue < 0.01


def test_lists_of_one_and_the_same_node_are_not_told_apart():
    problem, _ = made(5, 2)
    one, other = (from_numbers(problem, np.full(n, 7)) for n in (40, 60))
    assert two_sample_test(one, other, problem).pvalue == 1.0


def test_the_permutations_are_seeded():
    problem, exact = made(5, 2)
    one, other = (drawn(problem, exact, 30, seed) for seed in (1, 2))
    assert two_sample_test(one, other, problem, seed=5) == two_sample_test(one, other, problem, seed=5)
    pvalues = {two_sample_test(one, other, problem, seed=seed).pvalue for seed in range(4)}
    assert len(pvalues) > 1
    assert max(pvalues) - min(pvalues) < 0.15


# What can be enumerated


def test_the_limit_of_enumeration_is_a_million_nodes():
    def of(prime, dimension):
        return RidgeletProblem.from_samples([[0] * dimension, [1] * dimension], [1.0, -1.0], prime)

    assert ENUMERABLE == 10**6
    assert is_enumerable(of(5, 4))
    assert is_enumerable(of(3, 11))
    assert not is_enumerable(of(3, 12))
    assert not is_enumerable(of(17, 64))


# Refusals

ONE_SIDED = {"goodness_of_fit": goodness_of_fit, "total_variation": total_variation, "fidelity": fidelity}
EVERY = ONE_SIDED | {
    "two_sample_test": lambda problem, nodes: two_sample_test(nodes, uniform(problem, 20, 0), problem),
    "two_sample_test, other side": lambda problem, nodes: two_sample_test(uniform(problem, 20, 0), nodes, problem),
}


@pytest.mark.parametrize("name", ["goodness_of_fit", "total_variation"])
def test_what_needs_all_nodes_refuses_a_problem_with_too_many(raw, name):
    nodes = UniformSampler(raw).sample(10, seed=0)
    with pytest.raises(InputError, match=r"all 17\^65 nodes.*use fidelity or two_sample_test"):
        ONE_SIDED[name](raw, nodes)


@pytest.mark.parametrize("name", EVERY)
def test_nodes_of_another_dimension_are_refused(name):
    problem, other = made(5, 2)[0], made(5, 3)[0]
    with pytest.raises(InputError, match="nodes have dimension 3, but the problem has 2"):
        EVERY[name](problem, uniform(other, 20, 0))


@pytest.mark.parametrize("where", ["a", "b"])
@pytest.mark.parametrize("digit", [-1, 5])
@pytest.mark.parametrize("name", EVERY)
def test_digits_out_of_range_are_refused(name, digit, where):
    problem, _ = made(5, 2)
    nodes = uniform(problem, 20, 0)
    (nodes.a[3] if where == "a" else nodes.b[3:])[0] = digit
    with pytest.raises(InputError, match=rf"nodes\.{where}\[3.*\] = {digit} is no whole number in 0\.\.4"):
        EVERY[name](problem, nodes)


@pytest.mark.parametrize("name", EVERY)
def test_no_samples_are_refused(name):
    problem, _ = made(5, 2)
    message = "no samples to compare" if name in ("goodness_of_fit", "total_variation") else "too few"
    with pytest.raises(InputError, match=message):
        EVERY[name](problem, uniform(problem, 0, 0))


@pytest.mark.parametrize("name", ["fidelity", "two_sample_test", "two_sample_test, other side"])
def test_a_single_sample_has_no_interval_and_no_test(name):
    problem, _ = made(5, 2)
    with pytest.raises(InputError, match=r"1 .*samples are too few"):
        EVERY[name](problem, uniform(problem, 1, 0))
