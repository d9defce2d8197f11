"""Functions of the measured bits whose averages are known exactly: cross-entropy fidelity and Fourier moments."""

import numpy as np
from numpy.typing import NDArray

from compare.distributions import ideal_excess
from compare.distributions.moments import PointKeys, exact_moments
from compare.hardware.observables import Observables, all_strings, check_bits
from problems.finite_field import scalar_products
from problems.ridgelet import Nodes, RidgeletProblem
from quantum.ridgelet.circuit import Encoding

__all__ = ["observables"]

POINTS = 12
"""Data points whose differences are looked at."""

MOMENTS = 2
"""Fourier moments that are estimated: of differences of data points, those with the largest ideal values."""


def observables(problem: RidgeletProblem, encoding: Encoding, bits: int) -> Observables:
    """Return the observables of a problem's circuit; bit strings that are no node count as density 0, and moment 0.

    Parameters
    ----------
    problem
        An enumerable problem.
    encoding
        Reads nodes from bits.
    bits
        How many are measured.

    Raises
    ------
    InputError
        If there are more than 14 bits, or p* is uniform.
    """
    check_bits(bits)
    excess = ideal_excess(problem).value
    strings = all_strings(bits)
    digits, valid = encoding.decode(strings)
    nodes = Nodes(digits[valid][:, :-1].copy(), digits[valid][:, -1].copy())
    density = np.zeros(len(strings))
    density[valid] = problem.density(nodes)
    names, ideal, rows = ["cross-entropy fidelity"], [1.0], [(density - 1) / excess]
    differences = _differences(problem)
    if len(differences):
        exact = exact_moments(PointKeys(problem), differences, np.zeros(len(differences), dtype=np.int64)).real
        for chosen in np.argsort(-np.abs(exact), kind="stable")[:MOMENTS]:
            row = np.zeros(len(strings))
            phases = scalar_products(nodes.a, differences[chosen : chosen + 1], problem.prime)[:, 0]
            row[valid] = np.cos(2 * np.pi / problem.prime * phases)
            names.append(f"cos(2 pi c.a / {problem.prime}), c = ({', '.join(map(str, differences[chosen]))})")
            ideal.append(float(exact[chosen]))
            rows.append(row)
    return Observables(tuple(names), np.array(ideal), np.array(rows))


def _differences(problem: RidgeletProblem) -> NDArray[np.int64]:
    """Return differences of the data points with the largest amplitudes, each up to its sign: shape (f, D)."""
    largest = np.argsort(-np.sum(problem.amplitudes**2, axis=1), kind="stable")[:POINTS]
    points = np.asarray(problem.points, dtype=np.int64)[largest]
    first, second = np.triu_indices(len(points), 1)
    found = (points[first] - points[second]) % problem.prime
    signs = np.stack([found, -found % problem.prime])
    lowest = np.lexsort(np.moveaxis(signs, 2, 0)[::-1], axis=0)[0]
    return np.unique(signs[lowest, np.arange(len(found))], axis=0)
