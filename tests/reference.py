"""Everything by its definition: slow, literal, and sharing no code with the packages."""

import functools
import itertools

import numpy as np
from scipy import stats

ACTIVATIONS = ("relu", "step", "sine", "tanh", "gaussian")


def ridgelet_table(prime, activation="relu"):
    """The zero-mean, unit-norm activation, straight from its words."""
    values = []
    for t in range(prime):
        c = t if t <= prime / 2 else t - prime
        g = {
            "relu": lambda c=c: max(c, 0.0),
            "step": lambda c=c: 1.0 if c > 0 else 0.0,
            "sine": lambda c=c: np.sin(2 * np.pi * c / prime),
            "tanh": lambda c=c: np.tanh(4 * c / prime),
            "gaussian": lambda c=c: np.exp(-((c / (prime / 4)) ** 2) / 2),
        }[activation]
        values.append(g())
    mean = sum(values) / prime
    norm = sum((g - mean) ** 2 for g in values) ** 0.5
    return np.array([(g - mean) / norm for g in values])


def all_points(prime, dimension):
    return np.array(list(itertools.product(range(prime), repeat=dimension)), dtype=int)


@functools.cache
def activation_arguments(prime, dimension):
    """a.x - b mod P for every node (rows) and every point (columns), both counted like digits."""
    points, nodes = all_points(prime, dimension), all_points(prime, dimension + 1)
    return (nodes[:, :-1] @ points.T - nodes[:, -1:]) % prime


def transform_matrix(prime, dimension, activation="relu"):
    """R as a matrix: rows are nodes (a_1, ..., a_D, b), columns are points, both counted like digits."""
    r = ridgelet_table(prime, activation)
    return r[activation_arguments(prime, dimension)] / prime ** (dimension / 2)


def targets_by_point(x, y):
    """The targets of each distinct point, in a dictionary."""
    y = np.asarray(y, dtype=float).reshape(len(x), -1)
    table = {}
    for row, target in zip(np.asarray(x).tolist(), y, strict=True):
        table.setdefault(tuple(int(z) for z in row), []).append(target)
    return table


def filtered_labels(x, y, prime, regularization):
    """h(x) = p(x) f(x)/(p(x) + lambda) on all of Z_P^D: shape (P^D, C)."""
    table = targets_by_point(x, y)
    points = all_points(prime, np.shape(x)[1])
    h = np.zeros((len(points), np.asarray(y).reshape(len(x), -1).shape[1]))
    for i, point in enumerate(points):
        targets = table.get(tuple(int(z) for z in point))
        if targets:
            p = len(targets) / len(x)
            h[i] = p * np.mean(targets, axis=0) / (p + regularization)
    return h


def optimized_distribution(x, y, prime, regularization, activation="relu"):
    """p* of every node, from the full matrix R."""
    h = filtered_labels(x, y, prime, regularization)
    w = transform_matrix(prime, np.shape(x)[1], activation) @ h
    return np.sum(w**2, axis=1) / np.sum(h**2)


def data_matrix(x, prime, activation="relu"):
    """The full network's features at the distinct points, (K, P^(D+1)), and the frequencies of the points."""
    table = targets_by_point(x, np.zeros(len(x)))
    everywhere = [tuple(point) for point in all_points(prime, np.shape(x)[1]).tolist()]
    columns = [everywhere.index(point) for point in table]
    features = transform_matrix(prime, np.shape(x)[1], activation)[:, columns].T
    return features, np.array([len(targets) for targets in table.values()]) / len(x)


def leverage_distribution(x, prime, regularization, activation="relu"):
    """Ridge-leverage scores of the exponential dictionary, normalized, from their definition."""
    features, frequencies = data_matrix(x, prime, activation)
    weighted = np.sqrt(frequencies)[:, None] * features
    kernel = weighted @ weighted.T + regularization * np.eye(len(frequencies))
    scores = np.sum(weighted * np.linalg.solve(kernel, weighted), axis=0)
    return scores / scores.sum()


def fourier_moment(x, y, prime, regularization, c, activation="relu"):
    """E[e^(2 pi i c.a/P)] under p*, for c != 0: the sum over ordered pairs of points and frequencies s != 0."""
    r = ridgelet_table(prime, activation)
    power = np.abs(np.fft.fft(r)) ** 2 / prime
    h = {}
    for point, targets in targets_by_point(x, y).items():
        p = len(targets) / len(x)
        h[point] = p * np.mean(targets, axis=0) / (p + regularization)
    total = 0.0
    for one, other in itertools.permutations(h, 2):
        difference = np.array(one) - np.array(other)
        for s in range(1, prime):
            if np.array_equal(np.mod(-s * difference, prime), c):
                total += h[one] @ h[other] * power[s]
    return total / sum(value @ value for value in h.values())


def node_numbers(nodes, prime):
    """The row of each node in `transform_matrix`."""
    digits = np.column_stack([nodes.a, nodes.b])
    return np.ravel_multi_index(tuple(digits.T), (prime,) * digits.shape[1])


def chi_square_pvalue(numbers, probabilities):
    """Pearson's test of drawn cell numbers; 0 if a cell of probability zero was drawn.

    Cells are pooled, the rarest first, until each holds 5 expected draws.
    """
    counts = np.bincount(numbers, minlength=len(probabilities))
    possible = probabilities > 1e-25
    if np.any(counts[~possible]):
        return 0.0
    probabilities, counts = probabilities[possible], counts[possible]
    pooled = [[0.0, 0]]
    for cell in np.argsort(probabilities):
        if pooled[-1][0] >= 5:
            pooled.append([0.0, 0])
        pooled[-1][0] += len(numbers) * probabilities[cell]
        pooled[-1][1] += counts[cell]
    if pooled[-1][0] < 5:
        expected, observed = pooled.pop()
        pooled[-1][0] += expected
        pooled[-1][1] += observed
    expected, observed = np.array(pooled).T
    statistic = np.sum((observed - expected) ** 2 / expected)
    return float(stats.chi2.sf(statistic, len(expected) - 1))


def random_samples(rng, prime, dimension, n, outputs=1):
    """Samples with repeated points and targets of either sign."""
    x = rng.integers(0, prime, (n, dimension))
    x = x[rng.integers(0, n, n)]
    y = rng.normal(size=(n, outputs))
    return x, y[:, 0] if outputs == 1 else y
