"""How much memory points on disk take, predicted and held against what they may take."""

from problems.errors import InputError
from problems.memory import readable_bytes
from problems.rows import RowSource

__all__ = ["CHUNK", "DEFAULT", "allowed", "held", "least_bytes", "rows_at_once"]

CHUNK = 65_536
"""Rows that are read at once, at most."""

CHUNK_BYTES = 2**26
"""Bytes of rows, as they are stored, that are read at once, at most, unless one row has more."""

ROW, OUTPUT = 56, 24
"""Bytes held for a row, and for each output of it, at most: numbers, codes and their order while the data are read;
numbers, codes, counts, labels and amplitudes later."""

BLOCK = 3 * 2**24
"""Bytes of the rows that are in work as floating-point numbers."""

DEFAULT = 3 * 2**28
"""Bytes allowed where nobody says how many, unless more is the least: with Python and its libraries below 1 GB."""


def rows_at_once(chunk: int, dimension: int, itemsize: int) -> int:
    """Return how many rows of `dimension` entries of `itemsize` bytes are read at once, at most `chunk`."""
    return max(1, min(chunk, CHUNK_BYTES // (dimension * itemsize)))


def held(count: int, outputs: int, chunk_bytes: int) -> int:
    """Return the bytes that `count` rows take: what is held for each, and one chunk as stored and as residues."""
    return count * (ROW + OUTPUT * outputs) + 2 * chunk_bytes + BLOCK


def least_bytes(rows: RowSource, outputs: int, chunk: int = CHUNK) -> int:
    """Return the bytes that reading rows (n, D) with so many outputs takes at least."""
    count, dimension = rows.shape[0], rows.shape[1]
    at_once = min(rows_at_once(chunk, dimension, rows.dtype.itemsize), count)
    return rows.held + held(count, outputs, at_once * dimension * rows.dtype.itemsize)


def allowed(memory: int | None, least: int, purpose: str) -> int:
    """Return the bytes that may be taken: those that are given, or as a rule `DEFAULT`.

    Raises
    ------
    InputError
        If they are less than the least.
    """
    if memory is None:
        return max(DEFAULT, 2 * least)
    if memory < least:
        # Rounded up, so that what is named works.
        raise InputError(
            f"memory = {readable_bytes(memory)} is too little: {purpose} takes {readable_bytes(least)} at least; give "
            f"memory = {-(-least // 2**20)}MiB or more."
        )
    return memory
