"""Packed residues looked up byte by byte, compiled: NumPy would make a number of 64 bits of each byte first."""

from typing import Any

from problems.compiling import compiled

__all__ = ["unpack"]


@compiled
def unpack(held: Any, table: Any, words: Any) -> None:
    """Write table[held], what each byte of rows (m, B) holds, into words (m, B)."""
    for i in range(len(held)):
        bytes_of_row, out = held[i], words[i]
        for j in range(out.size):
            out[j] = table[bytes_of_row[j]]
