"""Compiled sums of neural states: H psi, tables of derivatives, local energies and Metropolis walks.

Each has a NumPy reference beside its caller, which gives the same numbers.
"""

import numpy as np
from numpy.typing import NDArray

from problems.compiling import compiled

__all__ = ["apply_flips", "derivatives", "flip_ratios", "walk"]

Real = NDArray[np.float64]


@compiled
def apply_flips(psi: Real, diagonal: Real, masks: NDArray[np.int64], strength: float) -> Real:
    """Return H psi, of products of X whose sites are the bits of the masks."""
    found = np.empty_like(psi)
    for number in range(psi.size):
        flipped = 0.0
        for mask in masks:
            flipped += psi[number ^ mask]
        found[number] = diagonal[number] * psi[number] - strength * flipped
    return found


@compiled
def derivatives(arguments: Real, spins: Real, neurons: NDArray[np.int64]) -> Real:
    """Return the spins of each column where its neuron is on, else 0; all by columns in Fortran's order."""
    rows, columns = spins.shape
    turned = np.empty((columns, rows))
    for column in range(columns):
        neuron = neurons[column]
        for row in range(rows):
            turned[column, row] = spins[row, column] if arguments[row, neuron] > 0 else 0.0
    return turned.T


@compiled
def walk(
    spins: Real,
    weights: Real,
    sites: NDArray[np.int64],
    starts: NDArray[np.int64],
    touched: NDArray[np.int64],
    kinds: NDArray[np.int64],
    limits: Real,
) -> None:
    """Let each row of spins walk on: proposal t of row c flips `sites[kinds[t, c]]`; see `Walks`.

    Neurons whose arguments a proposal of kind p changes are touched[starts[p]:starts[p + 1]].
    """
    arguments = np.empty(len(weights))
    for row in range(len(spins)):
        own = spins[row]
        for neuron in range(len(weights)):
            total = 0.0
            for site in range(own.size):
                total += weights[neuron, site] * own[site]
            arguments[neuron] = total
        for step in range(len(kinds)):
            kind = kinds[step, row]
            gained = 0.0
            for neuron in touched[starts[kind] : starts[kind + 1]]:
                moved = arguments[neuron]
                for site in sites[kind]:
                    if site >= 0:
                        moved -= 2.0 * weights[neuron, site] * own[site]
                gained += max(moved, 0.0) - max(arguments[neuron], 0.0)
            if limits[step, row] < 2.0 * gained:
                for neuron in touched[starts[kind] : starts[kind + 1]]:
                    for site in sites[kind]:
                        if site >= 0:
                            arguments[neuron] -= 2.0 * weights[neuron, site] * own[site]
                for site in sites[kind]:
                    if site >= 0:
                        own[site] = -own[site]


@compiled
def flip_ratios(
    spins: Real,
    arguments: Real,
    weights: Real,
    sites: NDArray[np.int64],
    starts: NDArray[np.int64],
    touched: NDArray[np.int64],
    flips: NDArray[np.int64],
) -> Real:
    """Return the sums over flips of psi(flipped) / psi(s), of each row of spins; see `walk`."""
    found = np.zeros(len(spins))
    for row in range(len(spins)):
        for kind in flips:
            gained = 0.0
            for neuron in touched[starts[kind] : starts[kind + 1]]:
                moved = arguments[row, neuron]
                for site in sites[kind]:
                    if site >= 0:
                        moved -= 2.0 * weights[neuron, site] * spins[row, site]
                gained += max(moved, 0.0) - max(arguments[row, neuron], 0.0)
            found[row] += np.exp(gained)
    return found
