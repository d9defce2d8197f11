"""Functions of the measured bits whose averages are estimated: as tables over all bit strings."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compare.hardware.scores import Scores
from problems.errors import InputError
from quantum.backends.readout import ReadoutErrors

__all__ = ["MOST_BITS", "Observables", "all_strings", "check_bits", "of_scores", "without_readout_errors"]

MOST_BITS = 14
"""An observable is a table over all bit strings: of so many bits, at most."""


@dataclass(frozen=True, eq=False)
class Observables:
    """Functions of the measured bits.

    Attributes
    ----------
    names
        In words.
    ideal
        The averages without noise: shape (observables,); NaN where they are not known.
    table
        The values for each bit string, whose bit k stands for 2^k: shape (observables, 2^bits).
    """

    names: tuple[str, ...]
    ideal: NDArray[np.float64]
    table: NDArray[np.float64]

    def at(self, bits: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the values at measured bits (..., bits): shape (observables, ...)."""
        return self.table[:, bits @ (1 << np.arange(bits.shape[-1]))]

    @property
    def uniform(self) -> NDArray[np.float64]:
        """The averages where noise has left nothing, over all bit strings alike: shape (observables,)."""
        return self.table.mean(axis=1)


def all_strings(bits: int) -> NDArray[np.bool_]:
    """Return every bit string, that of number n in row n, bit 0 first: shape (2^bits, bits).

    Raises
    ------
    InputError
        If there are more than 14 bits.
    """
    check_bits(bits)
    return (np.arange(2**bits)[:, None] >> np.arange(bits) & 1).astype(bool)


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


def of_scores(scores: Callable[[NDArray[np.bool_]], Scores], bits: int) -> Observables:
    """Return the one number that a study judges devices by, which is a mean over shots, as an observable.

    Parameters
    ----------
    scores
        Values at bit strings; see `compare.hardware.payload.PayloadKind`.
    bits
        How many are measured.

    Raises
    ------
    InputError
        If there are more than 14 bits.
    """
    found = scores(all_strings(bits))
    ideal = np.nan if found.perfect is None else found.perfect
    return Observables((found.name,), np.array([ideal]), ((found.values - found.zero) / found.unit)[None])


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
