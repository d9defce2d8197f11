"""Linear functionals modulo P that tell points apart, and codes made of their values.

The functionals are drawn from one stream, whatever points there are, so that any number of them is the beginning of
any larger number. They are unit triangular (functional f is 0 on the coordinates before f, 1 on f, random behind),
hence linearly independent: all D of them tell any two points apart.
"""

import numpy as np
from numpy.typing import NDArray

from problems.finite_field import residue_type, row_blocks, scalar_products

__all__ = ["MOST_CODES", "digits_of_code", "functionals", "point_codes", "wanted"]

MOST_CODES = 2**63
"""Codes are whole numbers below."""


def wanted(count: int, dimension: int, prime: int) -> int:
    """Return how many functionals leave a quarter of a pair of `count` random points together, at most D."""
    number = 0
    while prime**number < 2 * count * (count - 1):
        number += 1
    return min(number, dimension)


def functionals(rng: np.random.Generator, which: range, dimension: int, prime: int) -> NDArray[np.int64]:
    """Draw functionals: shape (m, D). The generator is that of seed 0, and has drawn all before `which`."""
    rows = rng.integers(0, prime, (len(which), dimension))
    for row, f in zip(rows, which, strict=True):
        row[:f], row[f] = 0, 1
    return rows


def point_codes(rows: NDArray, tail: NDArray[np.int64], prime: int) -> NDArray[np.uint64]:
    """Return one number for each row, whose digits to base P are the functionals' values, the first counting most.

    Parameters
    ----------
    rows
        Residues, shape (m, D).
    tail
        Functionals, shape (M, D), with P^M <= `MOST_CODES`.
    prime
        The prime P.
    """
    codes = np.zeros(len(rows), dtype=np.uint64)
    for block in row_blocks(len(rows), rows.shape[1]):
        for values in scalar_products(tail, rows[block], prime):
            codes[block] = codes[block] * np.uint64(prime) + values.astype(np.uint64)
    return codes


def digits_of_code(codes: NDArray[np.uint64], count: int, prime: int) -> NDArray[np.unsignedinteger]:
    """Return the values of the `count` functionals that codes are made of: shape (M, K)."""
    digits = np.empty((count, len(codes)), dtype=residue_type(prime))
    left = codes
    for f in reversed(range(count)):
        left, digits[f] = np.divmod(left, np.uint64(prime))
    return digits
