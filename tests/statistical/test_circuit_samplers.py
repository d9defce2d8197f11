"""Nodes measured from the circuit against the exact distribution, in both encodings.

All seeds are fixed. Thresholds are set so that an exact sampler would fail a test for about one in a
thousand fresh seeds.
"""

import functools
import itertools

import numpy as np
import pytest
from scipy import stats

from compare.distributions import goodness_of_fit
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
# The rader encoding, where zeros are spread over many bit strings.
RADER = [(3, 3, 15, 2, "relu"), (5, 2, 12, 3, "tanh"), (17, 1, 20, 1, "gaussian")]
# Backend, loader, dynamic, shots; without dynamic=True all shots are drawn from one run.
RADER_RUNS = [
    *(("aer_statevector", loader, False, 20_000) for loader in ("ideal", "sparse", "filtered")),
    *(("aer_mps", loader, False, 1_000) for loader in ("ideal", "sparse", "filtered")),
    *(("aer_statevector", loader, True, 250) for loader in ("ideal", "sparse")),
    ("aer_mps", "filtered", True, 100),
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
def case_sampler(case, backend="aer_statevector", loader="ideal", encoding="binary", dynamic=False):
    return CircuitSampler(case_data(case)[0], backend, encoding, loader, dynamic)


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
    """12 seeds of 3,000 shots for each of 7 problems; no seed serves twice, lest their p-values go together."""
    pvalues = np.array(
        [
            [pvalue(case, case_sampler(case).sample(3_000, seed=[2, number, seed])) for seed in range(12)]
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


@pytest.mark.parametrize(("backend", "loader", "dynamic", "shots"), RADER_RUNS)
def test_nodes_of_the_rader_encoding_follow_the_optimized_distribution(backend, loader, dynamic, shots, measured):
    """Bonferroni: 3 problems, smallest p-value of the suite's own test."""
    run = RADER_RUNS.index((backend, loader, dynamic, shots))
    pvalues = [
        goodness_of_fit(
            case_data(case)[0],
            case_sampler(case, backend, loader, "rader", dynamic).sample(shots, seed=[10, number, run]),
        ).pvalue
        for number, case in enumerate(RADER)
    ]
    name = f"rader, {backend}, {loader}{', dynamic' if dynamic else ''}"
    measured(f"circuit, {name}: smallest chi-square p of {len(RADER)} problems {min(pvalues):.3g}")
    assert min(pvalues) > 1e-3 / len(RADER)


@pytest.mark.parametrize("loader", ["ideal", "filtered"])
def test_pvalues_of_the_rader_encoding_are_uniform_over_seeds(loader, measured):
    """15 seeds of 2,000 shots for each of 3 problems."""
    pvalues = np.array(
        [
            goodness_of_fit(
                case_data(case)[0],
                case_sampler(case, "aer_statevector", loader, "rader").sample(
                    2_000, seed=[11, number, seed, loader == "ideal"]
                ),
            ).pvalue
            for number, case in enumerate(RADER)
            for seed in range(15)
        ]
    )
    uniformity = stats.kstest(pvalues, "uniform").pvalue
    measured(f"circuit, rader, {loader}: {pvalues.size} chi-square p-values uniform with p = {uniformity:.3g}")
    assert uniformity > 1e-3
    assert pvalues.min() > 1e-3 / pvalues.size


@pytest.mark.parametrize("case", RADER)
def test_zeros_and_shifts_that_are_wrong_are_caught_in_the_rader_encoding(case):
    """Zeros read as ones, or a digit shifted by one."""
    problem = case_data(case)[0]
    nodes = case_sampler(case, encoding="rader").sample(10_000, seed=12)
    assert goodness_of_fit(problem, nodes).pvalue > 1e-4
    spoiled = nodes.a.copy()
    spoiled[:, -1] = np.where(nodes.a[:, -1] == 0, 1, nodes.a[:, -1])
    assert goodness_of_fit(problem, Nodes(spoiled, nodes.b)).pvalue < 1e-9
    assert goodness_of_fit(problem, Nodes(nodes.a, (nodes.b + 1) % case[0])).pvalue < 1e-9
