"""Sampled distributions against the exact ones. All seeds are fixed: a test that passes always passes.

A p-value below SMALLEST fails; with about a hundred of them, right samplers would do so once in a thousand choices
of the seeds.
"""

from typing import NamedTuple

import numpy as np
import pytest
from scipy import stats

from classical.ridgelet import SAMPLERS, DequantizedSampler, LeverageSampler, UniformSampler
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.data import load_residues
from tests import reference

SAMPLES, EACH = 50_000, 10_000
"""Nodes of a test, which find errors of 5% of them (`test_planted_errors_are_caught`), and of each seed of many."""

SMALLEST = 1e-5
EXACT = ["dequantized", "enumeration", "rejection", "marginals"]


class Case(NamedTuple):
    prime: int
    dimension: int
    kind: str
    outputs: int = 1
    regularization: float = 1e-3
    activation: str = "relu"

    def __str__(self):
        sizes = f"P={self.prime} D={self.dimension} C={self.outputs}"
        return f"{sizes} {self.kind} {self.activation} lambda={self.regularization:g}"


CASES = [
    Case(2, 5, "repeated"),
    Case(2, 3, "grid", 1, 0, "step"),
    Case(3, 3, "repeated", 1, 0.1, "tanh"),
    Case(3, 2, "grid", 2, 0.01, "gaussian"),
    Case(3, 3, "unbalanced", 1, 1e-3, "sine"),
    Case(5, 2, "repeated", 2, 0.01),
    Case(5, 3, "unbalanced", 1, 0.1, "sine"),
    Case(5, 2, "grid", 1, 0, "tanh"),
    Case(7, 2, "repeated", 3, 1.0, "gaussian"),
    Case(7, 2, "single", 1, 1e-3, "sine"),
    Case(11, 1, "grid", 1, 0.01, "step"),
    Case(11, 2, "unbalanced", 3, 0.01, "gaussian"),
    Case(13, 1, "repeated", 1, 10.0),
    Case(13, 1, "grid", 2, 0.1, "step"),
    Case(13, 2, "repeated", 2, 1e-3, "sine"),
    Case(13, 1, "single", 2, 0),
]


def samples(case, seed=11):
    """Training data: `grid` is all of Z_P^D, `unbalanced` spans six orders of magnitude, points may repeat."""
    rng = np.random.default_rng(seed)
    x, y = reference.random_samples(rng, case.prime, case.dimension, 14, case.outputs)
    if case.kind == "single":
        return x[:1], y[:1]
    if case.kind == "grid":
        points = reference.all_points(case.prime, case.dimension)
        x = np.vstack([points, points[:2], points[:1]])
        y = rng.normal(size=(len(x), case.outputs))
    if case.kind == "unbalanced":
        y = np.sign(y) * 10.0 ** -np.linspace(0, 6, y.size).reshape(y.shape)
    return x, y


def problem_of(case):
    x, y = samples(case)
    return RidgeletProblem.from_samples(x, y, case.prime, case.regularization, case.activation)


def optimized(case):
    x, y = samples(case)
    return reference.optimized_distribution(x, y, case.prime, case.regularization, case.activation)


def pvalue(nodes, prime, probabilities):
    return reference.chi_square_pvalue(reference.node_numbers(nodes, prime), probabilities)


def written(pvalues):
    return ", ".join(f"{name} {value:.3g}" for name, value in pvalues.items())


def test_every_classical_sampler_is_tested_here():
    assert {*EXACT, "leverage", "uniform"} == set(SAMPLERS)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_exact_samplers_draw_from_the_optimized_distribution(case, measured):
    probabilities = optimized(case)
    pvalues = {
        name: pvalue(SAMPLERS[name](problem_of(case)).sample(SAMPLES, seed=seed), case.prime, probabilities)
        for seed, name in enumerate(EXACT)
    }
    measured(f"chi-square against p*, {case}: {written(pvalues)}")
    assert min(pvalues.values()) > SMALLEST, written(pvalues)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_leverage_and_uniform_nodes_follow_their_own_laws(case):
    x, _ = samples(case)
    problem = problem_of(case)
    leverage = reference.leverage_distribution(x, case.prime, case.regularization, case.activation)
    uniform = np.full(len(leverage), 1 / len(leverage))
    pvalues = {
        "leverage": pvalue(LeverageSampler(problem).sample(SAMPLES, seed=4), case.prime, leverage),
        "uniform": pvalue(UniformSampler(problem).sample(SAMPLES, seed=5), case.prime, uniform),
    }
    assert min(pvalues.values()) > SMALLEST, written(pvalues)


def test_pvalues_of_the_dequantized_sampler_are_uniform_over_seeds(measured):
    cases = [Case(3, 2, "repeated"), Case(5, 1, "unbalanced", 2), Case(7, 1, "repeated", 1, 1.0, "tanh")]
    pvalues = []
    for case in cases:
        sampler, probabilities = DequantizedSampler(problem_of(case)), optimized(case)
        pvalues += [pvalue(sampler.sample(EACH, seed), case.prime, probabilities) for seed in range(24)]
    uniformity = stats.kstest(pvalues, "uniform").pvalue
    measured(
        f"dequantized, {len(pvalues)} seeds of {EACH} nodes: p-values uniform with p = {uniformity:.3g}, "
        f"smallest {min(pvalues):.3g}"
    )
    assert uniformity > 1e-3
    assert min(pvalues) > 0.01 / len(pvalues)


def contaminated(nodes, uniform, share):
    rows = np.random.default_rng(0).random(len(nodes)) < share
    return Nodes(np.where(rows[:, None], uniform.a, nodes.a), np.where(rows, uniform.b, nodes.b))


PLANTED = [Case(3, 2, "repeated"), Case(5, 2, "repeated", 2, 0.01), Case(13, 1, "repeated")]


@pytest.mark.parametrize("case", PLANTED, ids=str)
def test_planted_errors_are_caught(case, measured):
    problem, probabilities = problem_of(case), optimized(case)
    assert probabilities.min() > 1e-12
    nodes = DequantizedSampler(problem).sample(SAMPLES, seed=0)
    uniform = UniformSampler(problem).sample(SAMPLES, seed=1)
    rows = np.arange(SAMPLES) < SAMPLES // 20
    shifted = (nodes.b + 1) % case.prime
    swapped = nodes.a.copy()
    swapped[rows, 0] = (swapped[rows, 0] + 1) % case.prime
    planted = {
        "5% uniform": contaminated(nodes, uniform, 0.05),
        "b -> b+1": Nodes(nodes.a, shifted),
        "b -> b+1 in 5%": Nodes(nodes.a, np.where(rows, shifted, nodes.b)),
        "a_1 -> a_1+1 in 5%": Nodes(swapped, nodes.b),
    }
    pvalues = {name: pvalue(wrong, case.prime, probabilities) for name, wrong in planted.items()}
    measured(f"planted errors, {case}: {written(pvalues)}")
    assert pvalue(nodes, case.prime, probabilities) > SMALLEST
    assert max(pvalues.values()) < 1e-6, written(pvalues)


@pytest.mark.parametrize("sampler", [LeverageSampler, UniformSampler])
def test_other_laws_are_told_from_the_optimized_distribution(sampler):
    case = Case(5, 2, "repeated", 2, 0.01)
    nodes = sampler(problem_of(case)).sample(SAMPLES, seed=0)
    assert pvalue(nodes, case.prime, optimized(case)) < 1e-6


def test_a_draw_from_a_cell_of_probability_zero_is_caught():
    probabilities = np.array([0.5, 0.5, 0.0])
    numbers = np.arange(SAMPLES) % 2
    assert reference.chi_square_pvalue(numbers, probabilities) > 0.5
    assert reference.chi_square_pvalue(np.r_[numbers, 2], probabilities) == 0


def test_the_test_itself_has_uniform_pvalues_with_pooled_cells(measured):
    rng = np.random.default_rng(0)
    probabilities = rng.exponential(size=300) ** 4
    probabilities /= probabilities.sum()
    pvalues = [reference.chi_square_pvalue(rng.choice(300, 10_000, p=probabilities), probabilities) for _ in range(300)]
    uniformity = stats.kstest(pvalues, "uniform").pvalue
    measured(f"chi-square with pooled cells, 300 ideal samples: p-values uniform with p = {uniformity:.3g}")
    assert uniformity > 1e-3


@pytest.fixture(scope="module")
def raw_digits():
    data = load_residues("digits", 17)
    return RidgeletProblem.from_samples(data.x_train, data.y_train, 17)


def mean_with_error(values):
    return np.mean(values), np.std(values) / np.sqrt(len(values))


def test_mean_score_on_raw_digits_agrees_with_uniform_nodes(raw_digits, measured):
    uniform = UniformSampler(raw_digits).sample(20_000, seed=0)
    drawn = raw_digits.density(DequantizedSampler(raw_digits).sample(10_000, seed=1))
    expected, expected_error = mean_with_error(raw_digits.density(uniform) ** 2)
    mean, error = mean_with_error(drawn)
    measured(
        f"mean score, digits P=17 D=64 K={len(raw_digits.points)}: dequantized {mean:.3f} +- {error:.3f}, "
        f"from uniform nodes {expected:.3f} +- {expected_error:.3f}"
    )
    assert abs(mean - expected) < 4 * np.hypot(error, expected_error)
    uniform_mean, uniform_error = mean_with_error(raw_digits.density(uniform))
    assert abs(uniform_mean - 1) < 4 * uniform_error
    assert mean - 1 > 20 * np.hypot(error, expected_error)


def moment_directions(points, prime, rng):
    """Directions c with a nonzero moment (along differences of points), and some with moment 0."""
    pairs = [(0, 1), (2, 5), (6, 3), (7, 4)]
    along = [-s * (points[i] - points[j]) % prime for i, j in pairs for s in (1, 2, 8)]
    unit = np.eye(points.shape[1], dtype=int)
    beside = [(c + unit[10]) % prime for c in along[:4]]
    return along, [*beside, unit[0], unit[-1], *rng.integers(0, prime, (4, points.shape[1]))]


@pytest.mark.parametrize("activation", ["relu", "sine"])
@pytest.mark.parametrize("outputs", [1, 2])
def test_fourier_moments_at_dimension_64_are_exact(activation, outputs, measured):
    rng = np.random.default_rng(0)
    x = load_residues("digits", 17).x_train[:8]
    x, y = np.vstack([x, x[:3]]), rng.normal(2, 1, size=(11, outputs))
    problem = RidgeletProblem.from_samples(x, y, 17, 0.05, activation)
    nodes = DequantizedSampler(problem).sample(100_000, seed=0)
    along, beside = moment_directions(x[:8], 17, rng)
    directions = np.array([*along, *beside])
    expected = np.array([reference.fourier_moment(x, y, 17, 0.05, c, activation) for c in directions])
    assert np.all(expected[len(along) :] == 0)
    phases = np.exp(2j * np.pi * (nodes.a @ directions.T % 17) / 17)
    real = (phases.real.mean(axis=0) - expected) / (phases.real.std(axis=0) / np.sqrt(len(nodes)))
    imaginary = phases.imag.mean(axis=0) / (phases.imag.std(axis=0) / np.sqrt(len(nodes)))
    strength = expected / (phases.real.std(axis=0) / np.sqrt(len(nodes)))
    measured(
        f"Fourier moments, digits P=17 D=64 K=8 C={outputs} {activation}: {len(directions)} directions, "
        f"worst deviation {max(np.abs(real).max(), np.abs(imaginary).max()):.2f} standard errors, "
        f"largest moment {np.abs(strength).max():.0f}"
    )
    assert np.abs(strength).max() > 20
    assert np.abs(real).max() < 4
    assert np.abs(imaginary).max() < 4
