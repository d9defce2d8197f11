"""Nodes measured from circuits of up to 130 qubits, where no distribution can be enumerated, against exact facts.

All seeds are fixed. Thresholds are set so that an exact sampler would fail a test for about one in a
thousand fresh seeds.
"""

import functools
import itertools
import time
from collections import defaultdict

import numpy as np
import pytest

from compare.distributions import fidelity
from problems.ridgelet import Nodes, RidgeletProblem
from quantum.ridgelet import CircuitSampler
from tests import reference

REGULARIZATION = 0.1
MAX_SECONDS = 60
"""For a run whose own figure is 20 s: a shared machine is noisy."""

# P, D, K, encoding, loader, shots, qubits.
RUNS = [
    (3, 16, 16, "binary", "ideal", 2_000, 34),
    (3, 16, 16, "binary", "sparse", 2_000, 34),
    (3, 16, 16, "rader", "sparse", 2_000, 34),
    (3, 32, 8, "binary", "ideal", 500, 66),
    (3, 32, 8, "binary", "sparse", 500, 66),
    (3, 32, 8, "rader", "ideal", 500, 66),
    (3, 64, 16, "binary", "ideal", 2_000, 130),
    (3, 64, 16, "rader", "ideal", 2_000, 130),
    (2, 40, 16, "binary", "sparse", 2_000, 41),
    (5, 15, 4, "rader", "ideal", 1_000, 48),
    (17, 4, 3, "binary", "ideal", 500, 25),
    (17, 5, 2, "rader", "ideal", 500, 30),
]


@functools.cache
def samples(prime, dimension, points):
    """Points that repeat once to three times, and labels of either sign."""
    rng = np.random.default_rng([prime, dimension, points])
    x = np.repeat(rng.integers(0, prime, (points, dimension)), rng.integers(1, 4, points), axis=0)
    return x, rng.normal(size=len(x))


@functools.cache
def problem_of(prime, dimension, points):
    return RidgeletProblem.from_samples(*samples(prime, dimension, points), prime, REGULARIZATION)


@functools.cache
def nodes_of(prime, dimension, points, encoding, loader, shots, qubits):
    """The nodes, and the seconds that building and running took."""
    start = time.perf_counter()
    sampler = CircuitSampler(problem_of(prime, dimension, points), "aer_mps", encoding, loader)
    nodes = sampler.sample(shots, seed=8)
    seconds = time.perf_counter() - start
    assert sampler.circuit.num_qubits == qubits
    return nodes, seconds


@functools.cache
def coefficients(prime, dimension, points):
    """h of each distinct point, straight from its definition, with norm 1."""
    x, y = samples(prime, dimension, points)
    h = {}
    for point, targets in reference.targets_by_point(x, y).items():
        p = len(targets) / len(x)
        h[point] = p * np.mean(targets) / (p + REGULARIZATION)
    norm = np.linalg.norm(list(h.values()))
    return {point: value / norm for point, value in h.items()}


@functools.cache
def exact_mean_score(prime, dimension, points):
    """E[w] under p* for w = P^(D+1) p*, exactly: the uniform mean of w^2, by Parseval from pairs of points.

    sqrt(w/P) = sum_m h_m r(a.x_m - b) has the frequencies (s x_m, s) in (a, b), with h_m r^(s)/sqrt(P); so w/P has
    their sums, and the mean of its square is the sum of squares of what falls on each.
    """
    spectrum = np.fft.fft(reference.ridgelet_table(prime)) / prime
    terms = [
        (np.append(np.multiply(point, s), s), value * spectrum[s])
        for point, value in coefficients(prime, dimension, points).items()
        for s in range(1, prime)
    ]
    squared = defaultdict(complex)
    for (one, first), (other, second) in itertools.product(terms, repeat=2):
        squared[((one + other) % prime).tobytes()] += first * second
    return prime**2 * sum(abs(value) ** 2 for value in squared.values())


def deviation(run, nodes):
    """How far the mean score is from its exact expectation, in standard errors; and the fidelity."""
    scores = problem_of(*run[:3]).density(nodes)
    exact, error = exact_mean_score(*run[:3]), np.std(scores, ddof=1) / len(scores) ** 0.5
    return (np.mean(scores) - exact) / error, (np.mean(scores) - 1) / (exact - 1), error / (exact - 1)


@pytest.mark.parametrize(("prime", "dimension", "points"), [(2, 5, 6), (3, 3, 5), (5, 2, 7), (17, 1, 3)])
def test_the_exact_mean_score_is_right_where_it_can_be_enumerated(prime, dimension, points):
    p = reference.optimized_distribution(*samples(prime, dimension, points), prime, REGULARIZATION)
    assert exact_mean_score(prime, dimension, points) == pytest.approx(len(p) * np.sum(p**2), rel=1e-12)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: "-".join(map(str, run[:5])))
def test_the_cross_entropy_fidelity_is_1(run, measured):
    nodes, seconds = nodes_of(*run)
    assert nodes.a.shape == (run[5], run[1])
    errors, value, error = deviation(run, nodes)
    prime, dimension, points, encoding, loader, shots, qubits = run
    measured(
        f"circuit, {qubits:3} qubits, P={prime}, D={dimension}, K={points}, {encoding}, {loader}: fidelity "
        f"{value:.3f} +- {error:.3f}, {shots:,} shots in {seconds:.1f} s"
    )
    assert abs(errors) < 4
    assert 5 * error < 1  # uniform nodes, whose fidelity is 0, are five standard errors away
    interval = fidelity(problem_of(*run[:3]), nodes)
    assert abs(interval.best - 1) < 2 * (interval.high - interval.low)
    assert seconds < MAX_SECONDS


@pytest.mark.parametrize("run", RUNS, ids=lambda run: "-".join(map(str, run[:5])))
def test_hidden_values_at_pairs_of_points_follow_their_exact_law(run):
    """(a.x_1 - b, a.x_2 - b) has the law P^-2 ((h_1 r + h_2 r)^2 P + what the other points add, a constant).

    Exact where no two points interfere with a third and a fourth: the points drawn here are affinely independent.
    """
    nodes, _ = nodes_of(*run)
    prime, h = run[0], coefficients(*run[:3])
    assert reference_rank([(*point, 1) for point in h], prime) == len(h)
    pairs = sorted(itertools.combinations(h, 2), key=lambda pair: -abs(h[pair[0]] * h[pair[1]]))[:5]
    r, pvalues = reference.ridgelet_table(prime), []
    for one, other in pairs:
        law = prime * (h[one] * r[:, None] + h[other] * r) ** 2 + 1 - h[one] ** 2 - h[other] ** 2
        hidden = [(nodes.a @ np.array(point) - nodes.b) % prime for point in (one, other)]
        pvalues.append(reference.chi_square_pvalue(hidden[0] * prime + hidden[1], law.reshape(-1) / prime**2))
    assert min(pvalues) > 1e-3 / len(pairs)


def reference_rank(rows, prime):
    """The rank of integer rows over Z_P."""
    rows, rank = np.array(rows) % prime, 0
    for column in range(rows.shape[1]):
        pivots = np.flatnonzero(rows[rank:, column])
        if len(pivots):
            rows[[rank, rank + pivots[0]]] = rows[[rank + pivots[0], rank]]
            rows[rank] = rows[rank] * pow(int(rows[rank, column]), -1, prime) % prime
            below = rows[rank + 1 :]
            below[:] = (below - np.outer(below[:, column], rows[rank])) % prime
            rank += 1
            if rank == len(rows):
                break
    return rank


@pytest.mark.parametrize("run", RUNS[:8], ids=lambda run: "-".join(map(str, run[:5])))
def test_the_fourier_moments_are_right(run):
    """Exact at any D: nonzero along differences of points, zero elsewhere."""
    prime, dimension, points = run[:3]
    x, y = samples(prime, dimension, points)
    a = nodes_of(*run)[0].a
    h = coefficients(prime, dimension, points)
    # The pairs of points with the largest moments, and two directions along none.
    pairs = sorted(itertools.combinations(h, 2), key=lambda pair: -abs(h[pair[0]] * h[pair[1]]))[:6]
    directions = [np.subtract(one, other) % prime for one, other in pairs]
    zeros = [np.eye(dimension, dtype=int)[0], np.ones(dimension, dtype=int)]
    moments = [reference.fourier_moment(x, y, prime, REGULARIZATION, c) for c in [*directions, *zeros]]
    assert min(np.abs(moments[:6])) > 0.01
    assert moments[6:] == [0, 0]
    for c, moment in zip([*directions, *zeros], moments, strict=True):
        waves = np.exp(2j * np.pi * (a @ c) / prime)
        # The moments are real, since p* is even in a.
        assert abs(np.mean(waves.real) - np.real(moment)) < 4 * np.std(waves.real) / run[5] ** 0.5
        assert abs(np.mean(waves.imag) - np.imag(moment)) < 4 * np.std(waves.imag) / run[5] ** 0.5


@pytest.mark.parametrize("run", [RUNS[0], RUNS[8], RUNS[10]], ids=lambda run: "-".join(map(str, run[:5])))
def test_uniform_nodes_are_caught(run, measured):
    """Of as many uniform nodes; and of nodes a third of which are uniform."""
    rng = np.random.default_rng(9)
    digits = rng.integers(0, run[0], (run[5], run[1] + 1))
    uniform = Nodes(digits[:, :-1], digits[:, -1])
    caught = deviation(run, uniform)[0]
    nodes, _ = nodes_of(*run)
    spoiled = rng.random(run[5]) < 1 / 3
    mixed = Nodes(np.where(spoiled[:, None], uniform.a, nodes.a), np.where(spoiled, uniform.b, nodes.b))
    third = deviation(run, mixed)[0]
    measured(f"circuit, {run[6]} qubits: uniform nodes {caught:.0f} s.e. away, a third of them {third:.1f}")
    assert caught < -8
    assert third < -3


@pytest.mark.parametrize("run", [RUNS[0], RUNS[10]], ids=lambda run: "-".join(map(str, run[:5])))
def test_a_shifted_bias_is_caught(run):
    nodes, _ = nodes_of(*run)
    assert deviation(run, Nodes(nodes.a, (nodes.b + 1) % run[0]))[0] < -8
