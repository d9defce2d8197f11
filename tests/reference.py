"""Everything by its definition: slow, literal, and sharing no code with the packages."""

import itertools

import numpy as np


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


def transform_matrix(prime, dimension, activation="relu"):
    """R as a matrix: rows are nodes (a_1, ..., a_D, b), columns are points, both counted like digits."""
    r = ridgelet_table(prime, activation)
    points = all_points(prime, dimension)
    nodes = all_points(prime, dimension + 1)
    matrix = np.empty((len(nodes), len(points)))
    for i, node in enumerate(nodes):
        for j, x in enumerate(points):
            matrix[i, j] = r[
                (sum(int(a) * int(z) for a, z in zip(node[:-1], x, strict=True)) - int(node[-1])) % prime
            ]
    return matrix / prime ** (dimension / 2)


def filtered_labels(x, y, prime, regularization):
    """h(x) = p(x) f(x)/(p(x) + lambda) on all of Z_P^D: shape (P^D, C)."""
    y = np.asarray(y, dtype=float).reshape(len(x), -1)
    table = {}
    for row, target in zip(np.asarray(x).tolist(), y, strict=True):
        table.setdefault(tuple(int(z) for z in row), []).append(target)
    points = all_points(prime, np.shape(x)[1])
    h = np.zeros((len(points), y.shape[1]))
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


def random_samples(rng, prime, dimension, n, outputs=1):
    """Samples with repeated points and targets of either sign."""
    x = rng.integers(0, prime, (n, dimension))
    x = x[rng.integers(0, n, n)]
    y = rng.normal(size=(n, outputs))
    return x, y[:, 0] if outputs == 1 else y
