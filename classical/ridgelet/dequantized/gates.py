"""The gates in plain NumPy, whole batches at a time: the readable reference, for every prime."""

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.plan import Plan
from classical.ridgelet.dequantized.randomness import Randomness, digits_of
from classical.ridgelet.draws import bias_weights, invert, pick_rows
from problems.finite_field import inverse, row_blocks, scalar_products

__all__ = ["draw_nodes", "load"]

ENTRIES = 2**22
"""Nodes x points (or x P) handled at once: bounds the memory."""


def load(plan: Plan, randomness: Randomness) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Apply gate 1, the loader: draw the position of m0, the output (measured and dropped), and 1/v."""
    output, m0 = np.divmod(invert(plan.cumulative, randomness.point), len(plan.order))
    v = invert(plan.frequencies, randomness.frequency)
    return m0, output, plan.inverses[v] if len(plan.inverses) else inverse(v, plan.prime)


def draw_nodes(plan: Plan, randomness: Randomness, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
    """Draw the nodes of `randomness` into a (n, D) and b (n,)."""
    m0, output, v_inverse = load(plan, randomness)
    for rows in row_blocks(len(b), max(len(plan.order), plan.prime), ENTRIES):
        h = plan.amplitudes[output[rows]]
        u, products = _transform(plan, randomness, rows, m0[rows], h)
        # Gate 3, multiplication by 1/v, of the string and of the products alike.
        scale = v_inverse[rows, None]
        a[rows] = scale * u % plan.prime
        # Gate 4, the last Fourier transform.
        b[rows] = pick_rows(bias_weights(scale * products % plan.prime, h, plan.ridgelet), randomness.bias[rows])


def _transform(
    plan: Plan, randomness: Randomness, rows: slice, m0: NDArray[np.int64], h: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Apply gate 2, the Fourier transforms: return u (n, D) and the products u.x_m at each position (n, K)."""
    prime, keys = plan.prime, plan.keys.astype(np.int64)
    # The uniform prefix: the one matrix product of the algorithm.
    u = digits_of(randomness.words[rows], prime, plan.dimension)
    products = _products(plan, u)
    k = np.zeros((len(m0), len(plan.tail)), dtype=np.int64)
    for level, functionals in reversed(list(enumerate(plan.levels))):
        first, last = _group(plan.shared, level, m0)
        # Where the group is m0 alone, u is uniform already.
        drawn = np.flatnonzero(last - first > 1)
        row, m = _members(first[drawn], last[drawn])
        phase = (products[drawn[row], m] + np.sum(k[drawn[row]].T * keys[:, m] % prime, axis=0)) % prime
        powers = prime ** np.arange(functionals.stop - functionals.start)
        cell = row * prime * powers[-1] + powers @ keys[functionals, m]
        weights = _spectrum(cell, h[drawn[row], m], phase, (len(drawn), *[prime] * len(powers)))
        picked = pick_rows(weights, randomness.levels[rows, level][drawn])
        k[drawn, functionals] = picked[:, None] // powers % prime
    u = (u + scalar_products(k, plan.tail.T, prime)) % prime
    return u, (products + scalar_products(k, keys.T, prime)) % prime


def _products(plan: Plan, u: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return u.x_m mod P at each position: shape (n, K)."""
    products = np.empty((len(u), len(plan.order)), dtype=np.int64)
    for positions in row_blocks(len(plan.order), plan.dimension):
        points = plan.data.take(plan.order[positions])
        products[:, positions] = scalar_products(u, points, plan.prime)
    return products


def _group(shared: NDArray[np.uint8], level: int, m0: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where the group of each m0 begins and ends: the positions that share the first `level` levels with it."""
    edges = np.flatnonzero(shared < level) if level else np.array([0, len(shared) - 1])
    group = np.searchsorted(edges, m0, side="right")
    return edges[group - 1], edges[group]


def _members(first: NDArray[np.intp], last: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """List the ranges first..last-1, one after the other: the row of each entry, and the entry."""
    size = last - first
    row = np.repeat(np.arange(len(size)), size)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
    return row, first[row] + offset


def _spectrum(
    cell: NDArray[np.int64], h: NDArray[np.float64], phase: NDArray[np.int64], shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Return |sum_m h_m w^(phase_m + k.key_m)|^2 for every k, up to a factor: one row for each string."""
    root = np.exp(2j * np.pi * np.arange(shape[1]) / shape[1])
    value, outcomes = h * root[phase], int(np.prod(shape[1:]))
    size = shape[0] * outcomes
    summed = np.bincount(cell, value.real, size) + 1j * np.bincount(cell, value.imag, size)
    transformed = np.fft.ifftn(summed.reshape(shape), axes=range(1, len(shape)))
    return (np.abs(transformed) ** 2).reshape(shape[0], outcomes)
