"""Nodes measured from the circuit against the reference distribution, and past what can be enumerated.

All seeds are fixed. Thresholds are set so that an exact sampler would fail a test for about one in a
thousand fresh seeds.
"""

import functools
import itertools

import numpy as np
import pytest
from scipy import stats

from problems.ridgelet import Nodes, RidgeletProblem
from quantum.ridgelet import CircuitSampler
from tests import reference

REGULARIZATION = 0.1
# (P, D, samples, outputs, activation); points repeat in all of them.
CASES = [
    (2, 5, 14, 1, "relu"),
    (3, 3, 15, 2, "relu"),
    (3, 4, 30, 1, "sine"),
    (5, 2, 12, 3, "tanh"),
    (7, 2, 20, 1, "step"),
    (11, 1, 9, 2, "gaussian"),
    (13, 2, 25, 1, "relu"),
]
SHOTS = {"aer_statevector": 50_000, "aer_mps": 3_000}
LOADERS = ("ideal", "sparse")


@functools.cache
def case_data(case):
    """Samples, the problem and the probability of every node."""
    prime, dimension, n, outputs, activation = case
    x, y = reference.random_samples(np.random.default_rng([prime, dimension, n]), prime, dimension, n, outputs)
    assert len(np.unique(x, axis=0)) < n
    problem = RidgeletProblem.from_samples(x, y, prime, REGULARIZATION, activation)
    return problem, reference.optimized_distribution(x, y, prime, REGULARIZATION, activation)


@functools.cache
def case_sampler(case, backend="aer_statevector", loader="ideal"):
    return CircuitSampler(case_data(case)[0], backend, loader=loader)


def pvalue(case, nodes):
    return reference.chi_square_pvalue(reference.node_numbers(nodes, case[0]), case_data(case)[1])


@pytest.mark.parametrize(("backend", "loader"), [*itertools.product(SHOTS, LOADERS)])
def test_nodes_follow_the_optimized_distribution(backend, loader, measured):
    """Bonferroni: 7 problems, smallest p-value."""
    pvalues = [
        pvalue(case, case_sampler(case, backend, loader).sample(SHOTS[backend], seed=[1, number]))
        for number, case in enumerate(CASES)
    ]
    measured(f"circuit, {backend}, {loader}: smallest chi-square p of {len(CASES)} problems {min(pvalues):.3g}")
    assert min(pvalues) > 1e-3 / len(CASES)


def test_pvalues_are_uniform_over_seeds(measured):
    """30 seeds of 10,000 shots for each of 7 problems; no seed serves twice, lest their p-values go together."""
    pvalues = np.array(
        [
            [pvalue(case, case_sampler(case).sample(10_000, seed=[2, number, seed])) for seed in range(30)]
            for number, case in enumerate(CASES)
        ]
    )
    each = [stats.kstest(row, "uniform").pvalue for row in pvalues]
    together = stats.kstest(pvalues.reshape(-1), "uniform").pvalue
    measured(f"circuit: {pvalues.size} chi-square p-values uniform with p = {together:.3g}, least {pvalues.min():.3g}")
    assert together > 1e-3
    assert min(each) > 1e-3 / len(CASES)
    assert pvalues.min() > 1e-3 / pvalues.size


def test_pvalues_of_the_matrix_product_state_are_uniform_over_seeds(measured):
    """30 seeds of 1,000 shots for each of two problems."""
    pvalues = np.array(
        [
            pvalue(
                CASES[number], case_sampler(CASES[number], "aer_mps", "sparse").sample(1_000, seed=[3, number, seed])
            )
            for number in (1, 3)
            for seed in range(30)
        ]
    )
    uniformity = stats.kstest(pvalues, "uniform").pvalue
    measured(f"circuit, aer_mps: {pvalues.size} chi-square p-values uniform with p = {uniformity:.3g}")
    assert uniformity > 1e-3
    assert pvalues.min() > 1e-3 / pvalues.size


# P = 2 is left out: v = 1 is the only frequency there, so that p* does not depend on b.
@pytest.mark.parametrize("case", CASES[1:])
def test_a_bias_shifted_by_one_is_caught(case):
    nodes = case_sampler(case).sample(2_000, seed=4)
    assert pvalue(case, nodes) > 1e-4
    assert pvalue(case, Nodes(nodes.a, (nodes.b + 1) % case[0])) < 1e-9


@pytest.mark.parametrize("case", CASES)
def test_a_weight_shifted_by_one_is_caught(case):
    nodes = case_sampler(case).sample(2_000, seed=5)
    assert pvalue(case, nodes) > 1e-4
    shifted = nodes.a.copy()
    shifted[:, 0] = (shifted[:, 0] + 1) % case[0]
    assert pvalue(case, Nodes(shifted, nodes.b)) < 1e-9


@pytest.mark.parametrize("case", CASES)
def test_five_percent_of_uniform_nodes_are_caught(case):
    prime, dimension, *_ = case
    rng = np.random.default_rng(6)
    nodes = case_sampler(case).sample(50_000, rng)
    assert pvalue(case, nodes) > 1e-4
    spoiled = rng.random(len(nodes)) < 0.05
    digits = rng.integers(0, prime, (len(nodes), dimension + 1))
    a = np.where(spoiled[:, None], digits[:, :-1], nodes.a)
    b = np.where(spoiled, digits[:, -1], nodes.b)
    assert pvalue(case, Nodes(a, b)) < 1e-9


@functools.cache
def wide_case(dimension, points):
    """Points that repeat once to three times, and labels of either sign, at P = 3."""
    rng = np.random.default_rng([dimension, points])
    x = np.repeat(rng.integers(0, 3, (points, dimension)), rng.integers(1, 4, points), axis=0)
    y = rng.normal(size=len(x))
    return x, y, RidgeletProblem.from_samples(x, y, 3, REGULARIZATION)


def score_deviation(problem, nodes):
    """How far the mean score is from its expectation E_uniform[density^2], in standard errors of both.

    The expectation is estimated from 200,000 uniform nodes, which know of no sampler.
    """
    rng = np.random.default_rng(7)
    digits = rng.integers(0, problem.prime, (200_000, problem.dimension + 1))
    squares = problem.density(Nodes(digits[:, :-1], digits[:, -1])) ** 2
    scores = problem.density(nodes)
    error = np.hypot(np.std(scores) / len(scores) ** 0.5, np.std(squares) / len(squares) ** 0.5)
    return (np.mean(scores) - np.mean(squares)) / error, np.mean(scores), np.mean(squares)


@functools.cache
def wide_nodes(dimension, points, shots, loader):
    return CircuitSampler(wide_case(dimension, points)[2], "aer_mps", loader=loader).sample(shots, seed=8)


# (D, K, shots): 34 and 66 qubits.
WIDE = [(16, 16, 2_000), (32, 8, 500)]


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("dimension", "points", "shots"), WIDE)
def test_the_mean_score_is_right_past_enumeration(dimension, points, shots, loader, measured):
    problem = wide_case(dimension, points)[2]
    nodes = wide_nodes(dimension, points, shots, loader)
    assert nodes.a.shape == (shots, dimension)
    deviation, mean, expected = score_deviation(problem, nodes)
    qubits = 2 * (dimension + 1)
    measured(f"circuit, {qubits} qubits, {loader}: mean score {mean:.3f}, exact {expected:.3f}, {deviation:+.2f} s.e.")
    assert abs(deviation) < 4


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("dimension", "points", "shots"), WIDE)
def test_the_fourier_moments_are_right_past_enumeration(dimension, points, shots, loader):
    """Exact at any D: nonzero along differences of points, zero elsewhere."""
    x, y, problem = wide_case(dimension, points)
    a = wide_nodes(dimension, points, shots, loader).a
    # The pairs of points with the largest moments, and two directions along none.
    weight = np.abs(np.outer(problem.amplitudes, problem.amplitudes))
    pairs = sorted(itertools.combinations(range(points), 2), key=lambda pair: -weight[pair])[:6]
    directions = [(problem.points[one] - problem.points[other]) % 3 for one, other in pairs]
    zeros = [np.eye(dimension, dtype=int)[0], np.ones(dimension, dtype=int)]
    moments = [reference.fourier_moment(x, y, 3, REGULARIZATION, c) for c in [*directions, *zeros]]
    assert min(np.abs(moments[:6])) > 0.01
    assert moments[6:] == [0, 0]
    for c, moment in zip([*directions, *zeros], moments, strict=True):
        waves = np.exp(2j * np.pi * (a @ c) / 3)
        # The moments are real, since p* is even in a.
        assert abs(np.mean(waves.real) - np.real(moment)) < 4 * np.std(waves.real) / shots**0.5
        assert abs(np.mean(waves.imag) - np.imag(moment)) < 4 * np.std(waves.imag) / shots**0.5


def test_the_mean_score_catches_a_shifted_bias_past_enumeration():
    problem = wide_case(16, 16)[2]
    nodes = wide_nodes(16, 16, 2_000, "ideal")
    assert abs(score_deviation(problem, Nodes(nodes.a, (nodes.b + 1) % 3))[0]) > 10


def test_the_mean_score_catches_uniform_nodes_past_enumeration():
    problem = wide_case(16, 16)[2]
    digits = np.random.default_rng(9).integers(0, 3, (2_000, 17))
    assert abs(score_deviation(problem, Nodes(digits[:, :-1], digits[:, -1]))[0]) > 10
