"""Residues of small primes held in memory in few bits each: read once from wherever they are, unpacked chunk by chunk.

A byte holds eight residues of P = 2, four of P = 3, and two of primes up to 13. A table of 256 entries says what each
byte holds, so that unpacking is one look-up a byte; whoever reads sees bytes, as from a file of residues.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.compiling import why_not_compiled
from problems.errors import InputError

__all__ = ["LARGEST_PACKED", "PackedRows", "bits_of", "packed_bytes"]

LARGEST_PACKED = 13
"""The largest prime whose residues take less than a byte."""


def bits_of(prime: int) -> int:
    """Return how many bits a residue takes.

    Raises
    ------
    InputError
        If it would be a byte or more, and nothing is packed.
    """
    if prime > LARGEST_PACKED:
        raise InputError(
            f"packed = True: residues of P = {prime} take a byte or more, and only those up to P = {LARGEST_PACKED} "
            "take less; leave it out."
        )
    return next(bits for bits in (1, 2, 4) if prime <= 2**bits)


def packed_bytes(count: int, dimension: int, prime: int) -> int:
    """Return the bytes that rows of residues take."""
    return count * -(-dimension * bits_of(prime) // 8)


class PackedRows:
    """Rows of residues (n, D) in memory; see `problems.rows.RowSource`. Each is written before it is read.

    Parameters
    ----------
    name
        The name of the rows in messages.
    shape
        (n, D).
    prime
        The prime P, at most `LARGEST_PACKED`.
    """

    shared = False

    def __init__(self, name: str, shape: tuple[int, int], prime: int) -> None:
        self.name, self.dtype = name, np.dtype(np.uint8)
        self.shape: tuple[int, ...] = shape
        self._bits = bits_of(prime)
        self._rows = np.zeros((shape[0], packed_bytes(1, shape[1], prime)), dtype=np.uint8)
        self.held = self._rows.nbytes
        each = 8 // self._bits
        # What each byte holds, as one number of as many bytes.
        residues = np.arange(256)[:, None] >> self._bits * np.arange(each) & 2**self._bits - 1
        self._table = np.ascontiguousarray(residues, dtype=np.uint8).view(f"u{each}").reshape(256)

    def write(self, start: int, rows: NDArray[np.unsignedinteger]) -> None:
        """Hold rows, shape (m, D), from `start` on."""
        held, each = self._rows[start : start + len(rows)], 8 // self._bits
        held[:] = 0
        for place in range(each):
            column = rows[:, place::each].astype(np.uint8, copy=False)
            held[:, : column.shape[1]] |= column << np.uint8(self._bits * place)

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows `start`..`stop`-1; see `problems.rows.RowSource`."""
        held = self._rows[start:stop]
        if why_not_compiled() is None:
            # Imported here, so that nothing else waits for the compiler.
            from problems.ridgelet.chunks.unpacking import unpack

            words = np.empty(held.shape, dtype=self._table.dtype)
            unpack(held, self._table, words)
        else:
            words = self._table[held]
        return np.ascontiguousarray(words.view(np.uint8)[:, : self.shape[1]])
