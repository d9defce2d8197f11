"""Functions of the measured bits whose averages are known exactly: cross-entropy fidelity and Fourier moments."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compare.distributions import ideal_excess
from compare.distributions.moments import PointKeys, exact_moments
from problems.errors import InputError
from problems.finite_field import scalar_products
from problems.ridgelet import Nodes, RidgeletProblem
from quantum.backends.readout import ReadoutErrors
from quantum.ridgelet.circuit import Encoding

__all__ = ["MOST_BITS", "Observables", "check_bits", "observables", "without_readout_errors"]

MOST_BITS = 14
"""An observable is a table over all bit strings: of so many bits, at most."""

POINTS = 12
"""Data points whose differences are looked at."""

MOMENTS = 2
"""Fourier moments that are estimated: of differences of data points, those with the largest ideal values."""


@dataclass(frozen=True, eq=False)
class Observables:
    """Functions of the measured bits.

    Attributes
    ----------
    names
        In words.
    ideal
        The averages under p*: shape (observables,).
    table
        The values for each bit string, whose bit k stands for 2^k: shape (observables, 2^bits).
    """

    names: tuple[str, ...]
    ideal: NDArray[np.float64]
    table: NDArray[np.float64]

    def at(self, bits: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the values at measured bits (..., bits): shape (observables, ...)."""
        return self.table[:, bits @ (1 << np.arange(bits.shape[-1]))]


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
    strings = (np.arange(2**bits)[:, None] >> np.arange(bits) & 1).astype(bool)
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


def check_bits(bits: int) -> None:
    """Refuse more bits than a table has.

    Raises
    ------
    InputError
        If there are more than 14.
    """
    if bits > MOST_BITS:
        raise InputError(
            f"Expectation values of {bits} bits need a table over all bit strings, of at most {MOST_BITS}; take fewer "
            "features or a smaller prime, or leave --mitigation out."
        )


def without_readout_errors(found: Observables, errors: ReadoutErrors) -> Observables:
    """Return observables whose averages over bits read with errors are those of the others over bits read without.

    With A the matrix of a bit's flips, f' = (A^-1)^T f, bit by bit: linear, unbiased, and larger than f.
    """
    table = found.table
    for bit, (up, down) in enumerate(errors.flips):
        inverse = np.linalg.inv(np.array([[1 - up, down], [up, 1 - down]]))
        halves = table.reshape(len(table), -1, 2, 1 << bit)
        table = np.einsum("xy,maxb->mayb", inverse, halves).reshape(len(table), -1)
    return Observables(found.names, found.ideal, table)
