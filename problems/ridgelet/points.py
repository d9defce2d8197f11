"""The distinct points of a data set over Z_P, in as little memory as they take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse, sparray, spmatrix

from problems.errors import InputError
from problems.finite_field import check_residues, no_residue, refused_entry, row_blocks
from problems.showing import Shows

__all__ = ["Points", "Rows", "Samples", "compact_rows"]

Samples: TypeAlias = ArrayLike | sparray | spmatrix
"""Anything that is taken as points (n, D)."""

Rows: TypeAlias = NDArray | csr_array
"""Rows of residues (n, D) of an integer type."""


@dataclass(frozen=True, eq=False, repr=False)
class Points(Shows):
    """The distinct rows of a data array, without copying it; make them with `distinct`.

    K is the number of distinct points.

    Attributes
    ----------
    array
        The data, shape (n, D), entries 0..P-1: an array of the smallest unsigned type, an `np.memmap` of any integer
        type, or a `scipy.sparse.csr_array` of the smallest unsigned type, in canonical format without stored zeros.
    rows
        The row of `array` where each distinct point stands first, shape (K,).
    """

    array: Rows
    rows: NDArray[np.intp]

    def _facts(self) -> Mapping[str, object]:
        return {"points K": len(self.rows), "dimension D": self.array.shape[1], "samples": self.array.shape[0]}

    @classmethod
    def distinct(cls, x: Samples, prime: int) -> tuple[Self, NDArray[np.intp], NDArray[np.int64]]:
        """Find the distinct points among samples.

        Besides the stored data this takes O(n) memory and blocks of bounded size. Comparison is exact.

        Parameters
        ----------
        x
            Points, shape (n, D), whole numbers 0..P-1: an array, which is copied; an `np.memmap` of integers, which is
            kept and only read, and whose file must stay as it is; or a sparse matrix or array, which is copied.
        prime
            The prime P.

        Returns
        -------
        tuple
            The distinct points, in lexicographic order or, if sparse, in the order of their first appearance; the
            number of each sample's point, shape (n,), entries 0..K-1; how many samples sit at each point, shape (K,).

        Raises
        ------
        InputError
            If x is no array of whole numbers 0..P-1 of shape (n, D), or empty.
        """
        return cls.of_rows(compact_rows("x", x, prime), prime)

    @classmethod
    def of_rows(cls, array: Rows, prime: int) -> tuple[Self, NDArray[np.intp], NDArray[np.int64]]:
        """Find the distinct points among rows that `compact_rows` returned, which are kept; returns as `distinct`."""
        label = _first_equal_row(array) if issparse(array) else _rows_in_front(array, prime)
        labels, where, counts = _ranks(label)
        # Sparse rows are labeled by the first sample of their group already.
        rows = labels if issparse(array) else _first_of_each(where, len(counts))
        return cls(array, rows), where, counts

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def shape(self) -> tuple[int, int]:
        """The shape (K, D)."""
        return len(self.rows), self.array.shape[1]

    @property
    def sparse(self) -> bool:
        """Whether `array` and what `take` returns are sparse."""
        return bool(issparse(self.array))

    @property
    def entries_in_a_row(self) -> int:
        """The largest number of entries stored for a point, at least 1; D if dense. Cuts data into bounded blocks."""
        return _longest(self.array) if self.sparse else self.shape[1]

    @property
    def stored(self) -> int:
        """How many numbers are stored for all points, about and at least 1: what a product with them costs."""
        array: Any = self.array
        return max(1, array.nnz) if self.sparse else len(self) * self.shape[1]

    def take(self, index: slice | NDArray[np.integer]) -> Rows:
        """Return the points with these numbers, shape (m, D), copied in the integer type of `array`.

        Unsigned types of few bits wrap around: convert a block before doing arithmetic with it.
        """
        rows = self.rows[index]
        return self.array[rows] if self.sparse else np.asarray(self.array[rows])

    def dense(self) -> NDArray[np.int64]:
        """Return all distinct points, shape (K, D), as a new array."""
        points = np.empty(self.shape, dtype=np.int64)
        for block in row_blocks(*self.shape):
            taken: Any = self.take(block)
            points[block] = taken.toarray() if self.sparse else taken
        return points


def compact_rows(name: str, x: Samples, prime: int, copied: bool = True) -> Rows:
    """Return samples as residues in little memory, or refuse them.

    Parameters
    ----------
    name
        What the samples are called, for the message.
    x
        Points, shape (n, D), whole numbers 0..P-1.
    prime
        The prime P.
    copied
        Whether the result is to be kept, so that nobody else may change it.

    Returns
    -------
    NDArray or csr_array
        Shape (n, D): an `np.memmap` of integers as it is; a copy of the smallest unsigned type of anything else,
        canonical and without stored zeros if sparse. Not to be kept, a dense array that is such already is no copy.

    Raises
    ------
    InputError
        If x has another shape, no entries, or an entry that is no whole number 0..P-1.
    """
    if issparse(x):
        return _compact_sparse(name, x, prime)
    array = check_residues(name, x, prime, 2)
    # Results of arithmetic with memory-mapped arrays may be of that class too, but have no file behind them.
    if isinstance(x, np.memmap) and getattr(x, "_mmap", None) is not None and x.dtype.kind in "iu":
        return x
    return array.astype(np.min_scalar_type(prime - 1), order="C", copy=copied)


def _compact_sparse(name: str, x: sparray | spmatrix, prime: int) -> csr_array:
    if x.ndim != 2:
        raise InputError(f"{name} has shape {x.shape}, but shape (n, D) is needed; reshape it.")
    if 0 in x.shape:
        raise InputError(f"{name} is empty (shape {x.shape}); give at least one entry.")
    if x.dtype.kind not in "iufb":
        raise InputError(f"{name} holds {x.dtype} entries; give whole numbers 0..{prime - 1}.")
    array = _canonical(x)
    bad = no_residue(array.data, prime)
    if np.any(bad):
        entry = int(np.argmax(bad))
        row = int(np.searchsorted(array.indptr, entry, side="right")) - 1
        raise refused_entry(name, (row, int(array.indices[entry])), array.data[entry], prime)
    data = array.data.astype(np.min_scalar_type(prime - 1))
    compact = csr_array((data, array.indices.copy(), array.indptr.copy()), shape=array.shape)
    compact.eliminate_zeros()
    return compact


def _canonical(x: sparray | spmatrix) -> csr_array:
    """Return x in canonical CSR format, its indices sorted and unique, sharing memory with x if it is so already."""
    if x.format == "csr":
        # Made anew: x may remember wrongly that it is canonical.
        array = csr_array((x.data, x.indices, x.indptr), shape=x.shape)
        if array.has_canonical_format:
            return array
    # Duplicates are summed in a type of 64 bits, where small integers do not wrap around.
    wide = {"f": np.float64, "u": np.uint64}.get(x.dtype.kind, np.int64)
    array = csr_array(x.astype(wide))
    array = csr_array((array.data, array.indices, array.indptr), shape=array.shape)
    array.sum_duplicates()
    return array


def _rows_in_front(array: NDArray, prime: int) -> NDArray[np.intp]:
    """Return how many rows are lexicographically smaller than each row: shape (n,).

    A radix sort from the most significant end: as many columns as fit are packed into one 64-bit word, and only rows
    that still equal another one are looked at again. Rows are read in their order, block by block.
    """
    bits = (prime - 1).bit_length()
    smaller = np.zeros(len(array), dtype=np.intp)
    tied = np.arange(len(array))
    if len(tied) < 2:  # nothing to compare, however many columns there are
        return smaller
    for start in range(0, array.shape[1], 64 // bits):
        words = _words(array, tied, slice(start, start + 64 // bits), bits)
        if np.all(words == words[0]):
            continue
        order = np.lexsort((words, smaller[tied]))
        tied, words = tied[order], words[order]
        group = smaller[tied]
        splits = np.r_[True, group[1:] != group[:-1]]
        starts = np.flatnonzero(splits)
        group_start = np.repeat(starts, np.diff(starts, append=len(tied)))
        splits[1:] |= words[1:] != words[:-1]
        starts = np.flatnonzero(splits)
        sizes = np.diff(starts, append=len(tied))
        smaller[tied] = group + np.repeat(starts - group_start[starts], sizes)
        tied = np.sort(tied[np.repeat(sizes > 1, sizes)])
        if len(tied) == 0:
            break
    return smaller


def _words(array: NDArray, rows: NDArray[np.intp], columns: slice, bits: int) -> NDArray[np.uint64]:
    """Pack these columns into one number for each of these rows, the first column counting most."""
    words = np.zeros(len(rows), dtype=np.uint64)
    for block in row_blocks(len(rows), columns.stop - columns.start):
        for column in np.asarray(array[rows[block], columns]).T:
            words[block] = words[block] << np.uint64(bits) | column.astype(np.uint64)
    return words


def _first_equal_row(array: csr_array) -> NDArray[np.intp]:
    """Return the number of the first row that equals each row of a canonical array: shape (n,).

    Rows are grouped by two random linear functionals modulo 2^64. Equal rows share a group; whether all rows of a
    group are equal is then checked entry by entry, and new functionals are drawn until they are.
    """
    n, dimension = array.shape
    width = _longest(array)
    rng = np.random.default_rng(0)
    while True:
        functionals = rng.integers(0, 2**64, (dimension, 2), dtype=np.uint64)
        keys = np.concatenate([array[rows] @ functionals for rows in row_blocks(n, width)])
        order = np.lexsort(keys.T)  # stable: the first row of a group comes first
        keys = keys[order]
        new = np.r_[True, np.any(keys[1:] != keys[:-1], axis=1)]
        first = np.empty(n, dtype=np.intp)
        first[order] = order[new][np.cumsum(new) - 1]
        later = np.flatnonzero(first != np.arange(n))
        blocks = (later[rows] for rows in row_blocks(len(later), width))
        if all(_same_rows(array[rows], array[first[rows]]) for rows in blocks):
            return first


def _same_rows(one: csr_array, other: csr_array) -> bool:
    pairs = ((one.indptr, other.indptr), (one.indices, other.indices), (one.data, other.data))
    return all(np.array_equal(a, b) for a, b in pairs)


def _ranks(labels: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64]]:
    """Return the distinct labels in order, the number of each one's, and the counts; labels are 0..n-1, (n,)."""
    counts = np.bincount(labels, minlength=len(labels))
    used = counts > 0
    return np.flatnonzero(used), (np.cumsum(used) - 1)[labels], counts[used]


def _first_of_each(where: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    first = np.full(count, len(where), dtype=np.intp)
    np.minimum.at(first, where, np.arange(len(where)))
    return first


def _longest(array: csr_array) -> int:
    return max(1, int(np.max(np.diff(array.indptr))))
