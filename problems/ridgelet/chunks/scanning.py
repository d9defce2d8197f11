"""The one pass over data on disk that finds its distinct points."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.ridgelet.chunks.comparing import all_equal, first_of_each_code
from problems.ridgelet.chunks.packing import PackedRows
from problems.ridgelet.chunks.points import ChunkedPoints
from problems.ridgelet.chunks.reading import ResidueRows
from problems.ridgelet.tails import MOST_CODES, functionals, point_codes, wanted

__all__ = ["find_points"]


def find_points(
    rows: ResidueRows, chunk: int, memory: int, packed: bool = False
) -> tuple[ChunkedPoints, NDArray[np.intp], NDArray[np.int64]]:
    """Find the distinct points among rows: one pass in the order of the file, and one over rows that appear again.

    Rows of equal codes are compared in full. Should any differ, there is another pass with another functional; that
    is hardly ever needed, as one more is computed at once than are expected to be.

    Parameters
    ----------
    rows
        The data, shape (n, D).
    chunk, memory
        See `ChunkedPoints`.
    packed
        Whether the points keep the rows packed in memory, and the data are not read again.

    Returns
    -------
    tuple
        The distinct points, in the order of their first appearance; the number of each row's point, shape (n,); and how
        many rows sit at each point, shape (K,).

    Raises
    ------
    InputError
        If an entry is no residue, or cannot be quantized; or there are more points than codes.
    """
    count, dimension = rows.shape
    prime, rng = rows.prime, np.random.default_rng(0)
    least = wanted(count, dimension, prime)
    if prime**least > MOST_CODES:
        raise InputError(f"{count} points over Z_{prime} are more than 63-bit codes tell apart; give fewer points.")
    spare = least < dimension and prime ** (least + 1) <= MOST_CODES
    tail = functionals(rng, range(least + spare), dimension, prime)
    codes, largest = np.empty(count, dtype=np.uint64), 0
    kept = PackedRows(rows.source.name, rows.shape, prime) if packed else None
    for start in range(0, count, chunk):
        stop = min(start + chunk, count)
        block = rows.checked(start, stop)
        largest = max(largest, int(block.max()))
        codes[start:stop] = point_codes(block, tail, prime)
        if kept is not None:
            kept.write(start, block)
    if kept is not None:
        rows = ResidueRows.of(kept, prime, None)
    rows = rows.narrowed(largest)
    while True:
        every = ChunkedPoints(rows, np.arange(count), codes, len(tail), chunk, memory)
        first = first_of_each_code(codes)
        later = np.flatnonzero(first != every.rows)
        # All D functionals tell any two points apart.
        if len(later) == 0 or len(tail) == dimension or all_equal(every, later, first[later]):
            break
        if prime ** (len(tail) + 1) > MOST_CODES:
            raise InputError(f"{rows.source.name}: 63-bit codes over Z_{prime} do not tell its rows apart.")
        more = functionals(rng, range(len(tail), len(tail) + 1), dimension, prime)
        tail = np.vstack([tail, more])
        for which, block in every.chunks():
            codes[which] = codes[which] * np.uint64(prime) + point_codes(block, more, prime)
    if len(later) == 0:
        return every, every.rows, np.ones(count, dtype=np.int64)
    numbers, where, counts = np.unique(first, return_inverse=True, return_counts=True)
    return replace(every, rows=numbers, codes=codes[numbers]), where.reshape(-1), counts
