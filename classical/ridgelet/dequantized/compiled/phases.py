"""The phases u.x_m + sum of k_f A_f.x_m modulo P at a range of positions: the inner loop of every level of the tail.

It runs in the registers of `problems.registers`: 32 whole numbers below 2^16 where residues are bytes, 16
single-precision numbers where they are wider.
"""

from typing import Any

import numpy as np

from problems.compiling import compiled
from problems.registers import add_multiple, load_residues, reduce, store_sum

__all__ = ["PADDING", "find_phases", "list_terms", "phase_type"]

PADDING = 32
"""Arrays of residues and phases are read and written so far beyond what is asked for, at most."""


def phase_type(residues: Any) -> type[np.unsignedinteger]:
    """Return the type of phases, and of a phase and an outcome in one number, for a type of residues."""
    return np.uint16 if residues == np.uint8 else np.uint32


@compiled
def list_terms(k: Any, start: int, terms: Any) -> int:
    """Write the functionals f >= `start` with k_f != 0, and k_f, into terms (2, M); return how many there are."""
    count = 0
    for f in range(start, k.size):
        if k[f] != 0:
            terms[0, count], terms[1, count] = f, k[f]
            count += 1
    return count


@compiled
def find_phases(
    products: Any,
    at: int,
    keys: Any,
    stride: int,
    first: int,
    terms: Any,
    count: int,
    prime: int,
    offset: Any,
    out: Any,
    size: int,
) -> None:
    """Write offset_m + (u.x_m + sum of k_f y_fm modulo P) into out, for `size` positions m from `first` on.

    Arrays are contiguous and read and written up to `PADDING` entries beyond.

    Parameters
    ----------
    products, at
        u.x_m, uint8 or uint16, and where that of the first position is.
    keys, stride
        A_f.x_m, of the same type, flat; `stride` apart for f and f + 1.
    terms, count
        f and k_f, from `list_terms`.
    prime
        The prime P.
    offset
        What is added at each position; of the type of `out`.
    out
        Of `phase_type`.
    """
    # Registers of 512 bits, whichever the type. What is computed behind the last position lands in the padding, which
    # spares a second loop for what is left over.
    width = 64 // out.itemsize
    # So many products of residues are exact on top of one residue; only then does a sum have to be reduced.
    room = ((2**16 if out.itemsize == 2 else 2**24) - prime) // (prime - 1) ** 2
    for m in range(0, size, width):
        total = load_residues(products, at + m)
        left = room
        for term in range(count):
            if left == 0:
                total, left = reduce(total, prime), room
            total = add_multiple(total, terms[1, term], keys, terms[0, term] * stride + first + m)
            left -= 1
        store_sum(reduce(total, prime), offset, first + m, out, m)
