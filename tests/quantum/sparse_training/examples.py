"""Updates that several tests look at, and Carleman's matrix and history by their definitions."""

import functools
import itertools

import numpy as np

from problems.sparse_training import PolynomialUpdate


def page(lam=1.0):
    """Two weights: F_0 = (-.05, -.05), F_1 = -.1 diag(lam, 2), F_2 = -.05 on the squares."""
    return PolynomialUpdate([[-0.05, -0.05], -0.1 * np.diag([lam, 2.0]), -0.05 * np.eye(4)[[0, 3]]])


def squares(n):
    """The same of n weights, with eigenvalues from 1 to 2."""
    places = np.arange(n)
    quadratic = np.zeros((n, n * n))
    quadratic[places, places * (n + 1)] = -0.05
    return PolynomialUpdate([np.full(n, -0.05), -0.1 * np.diag(np.linspace(1, 2, n)), quadratic])


def drawn(n, degree=2, size=0.1, seed=0):
    rng = np.random.default_rng(seed)
    return PolynomialUpdate(
        [size * rng.normal(size=n), *(size * rng.normal(size=(n, n**k)) for k in range(1, degree + 1))]
    )


def carleman(update, order):
    """B on 1, u, u x u, ..., written out block by block."""
    n = update.dimension
    factors = dict(enumerate(matrix.reshape(n, -1) for matrix in update.coefficients))
    factors[1] = factors.get(1, 0) + np.eye(n)
    starts = np.cumsum([0, *(n**j for j in range(order + 1))])
    matrix = np.zeros((starts[-1], starts[-1]))
    matrix[0, 0] = 1
    for j in range(1, order + 1):
        for ks in itertools.product(factors, repeat=j):
            if sum(ks) <= order:
                block = functools.reduce(np.kron, [factors[k] for k in ks])
                matrix[starts[j] : starts[j + 1], starts[sum(ks)] : starts[sum(ks) + 1]] += block
    return matrix


def history_matrix(update, steps, order):
    """L = 1 - shift x (B or 1) on 2 * 2^ceil(log2 T) slots."""
    step, slots = carleman(update, order), 2 * 2 ** int(np.ceil(np.log2(steps)))
    size = len(step)
    matrix = np.eye(slots * size)
    for t in range(slots - 1):
        moved = step if t < steps else np.eye(size)
        matrix[(t + 1) * size : (t + 2) * size, t * size : (t + 1) * size] = -moved
    return matrix


def history(update, steps, order, start=None):
    """The normalized history, (S, size), by repeated multiplication."""
    step, slots = carleman(update, order), 2 * 2 ** int(np.ceil(np.log2(steps)))
    u = np.zeros(update.dimension) if start is None else np.asarray(start)
    power, state = np.ones(1), [np.ones(1)]
    for _ in range(order):
        power = np.kron(power, u)
        state.append(power)
    rows = [np.concatenate(state)]
    for t in range(slots - 1):
        rows.append(step @ rows[-1] if t < steps else rows[-1])
    return np.array(rows) / np.linalg.norm(rows)
