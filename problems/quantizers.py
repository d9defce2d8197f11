"""From real features to residues 0..P-1.

Both quantizers are fitted feature by feature, on training data only, and clip what lies outside. Data that do not fit
in memory are passed over once.
"""

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers
from problems.errors import InputError, whole_number
from problems.finite_field import check_prime
from problems.memory import require_memory
from problems.quantile_sketch import QuantileSketch, buffer_rows
from problems.rows import RowSource, as_rows, row_number

__all__ = ["LevelQuantizer", "QuantileQuantizer"]

CHUNK = 65_536
"""Rows that are read at once, at most."""

ENTRIES = 2**21
"""Entries that are read at once, at most: in double precision 16 MiB."""


class _Quantizer:
    """Edges between P levels for each feature: level = number of edges at or below the value."""

    edges: NDArray[np.float64]  # (D, P-1), each row ascending

    def __init__(self, prime: int) -> None:
        self.prime = check_prime(prime)

    def fit(self, x: ArrayLike) -> Self:
        """Choose the edges from training features `x`, shape (n, D).

        Raises
        ------
        InputError
            If `x` is not two-dimensional, is empty, or holds NaN or infinite values, or if the levels do not fit in
            memory.
        """
        features = _features(x)
        needed = 3 * 8 * features.shape[1] * self.prime
        require_memory(
            needed, f"Quantizing {features.shape[1]} features to {self.prime} levels", "take a smaller prime"
        )
        self.edges = self._edges(features)
        return self

    def fit_chunks(self, x: Any, chunk: int = CHUNK) -> Self:
        """Choose the edges from training features that stay where they are, in one pass over them.

        Parameters
        ----------
        x
            Features, shape (n, D), as `problems.rows.as_rows` takes them: the path of an NPY file, anything that has a
            shape and gives slices of rows, or several of these.
        chunk
            Rows that are read at once, at most.

        Raises
        ------
        InputError
            As `fit` does, naming the row, or if the rows cannot be read.
        """
        source, chunk = as_rows("x", x), whole_number("chunk", chunk, 1)
        if len(source.shape) != 2 or 0 in source.shape:
            raise InputError(f"{source.name} has shape {source.shape}; give shape (n, D) with n, D >= 1.")
        count, dimension = source.shape
        needed = 3 * 8 * dimension * self.prime
        require_memory(needed, f"Quantizing {dimension} features to {self.prime} levels", "take a smaller prime")
        self.edges = self._streamed(_finite_rows(source, max(1, min(chunk, ENTRIES // dimension))), count, dimension)
        return self

    def _edges(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        raise NotImplementedError

    def _streamed(self, blocks: Iterator[NDArray[np.float64]], count: int, dimension: int) -> NDArray[np.float64]:
        raise NotImplementedError

    def transform(self, x: ArrayLike) -> NDArray[np.int64]:
        """Return residues 0..P-1, shape (n, D), non-decreasing in every feature.

        Raises
        ------
        InputError
            If the quantizer is not fitted, or `x` has another number of features than the training data.
        """
        if not hasattr(self, "edges"):
            raise InputError("This quantizer has no edges yet; call fit on training features first.")
        features = _features(x)
        if features.shape[1] != len(self.edges):
            raise InputError(
                f"x has {features.shape[1]} features, but the quantizer was fitted on {len(self.edges)}; give the same."
            )
        columns = [
            np.searchsorted(edge, column, side="right") for edge, column in zip(self.edges, features.T, strict=True)
        ]
        return np.stack(columns, axis=1).astype(np.int64)

    def fit_transform(self, x: ArrayLike) -> NDArray[np.int64]:
        """Fit on `x` and return its residues."""
        return self.fit(x).transform(x)


class LevelQuantizer(_Quantizer):
    """P levels of equal width.

    Parameters
    ----------
    prime
        The number of levels P.
    low, high
        The range that is cut into P levels. Left out, each feature's own range in the training data. For whole
        grey levels 0..P-1 take ``low=0, high=P``: then every level is its own residue.
    """

    def __init__(self, prime: int, low: float | None = None, high: float | None = None) -> None:
        super().__init__(prime)
        if low is not None and high is not None and not low < high:
            raise InputError(f"The range from {low} to {high} is empty; give low < high.")
        for bound in (low, high):
            if bound is not None and not np.isfinite(bound):
                raise InputError(f"The range bound {bound} is not finite; give a number, or None.")
        self.low, self.high = low, high

    def _edges(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        low = x.min(axis=0) if self.low is None else np.full(x.shape[1], float(self.low))
        high = x.max(axis=0) if self.high is None else np.full(x.shape[1], float(self.high))
        if np.any(low > high) or (np.any(low == high) and (self.low, self.high) != (None, None)):
            at = int(np.argmax(high <= low))
            raise InputError(
                f"The range from {low[at]} to {high[at]} is empty for feature {at} of the data; give low < high."
            )
        steps = np.arange(1, self.prime)
        # Scaled by a power of two: exact on whole levels, and no overflow near the largest floats.
        shift = self.prime.bit_length()
        low, high = np.ldexp(low, -shift)[:, None], np.ldexp(high, -shift)[:, None]
        return np.ldexp((low * (self.prime - steps) + high * steps) / self.prime, shift)

    def _streamed(self, blocks: Iterator[NDArray[np.float64]], count: int, dimension: int) -> NDArray[np.float64]:
        low, high = np.full(dimension, np.inf), np.full(dimension, -np.inf)
        for block in blocks:
            low, high = np.minimum(low, block.min(axis=0)), np.maximum(high, block.max(axis=0))
        return self._edges(np.stack([low, high]))


class QuantileQuantizer(_Quantizer):
    """P levels that hold equally many training values each (fewer where values repeat).

    Attributes
    ----------
    rank_error
        Bound on how far the share of the values below an edge is from what it should be, besides equal values: 0 after
        `fit`, and after `fit_chunks` of so few rows that all are held; about log2(n/k)/(2 k) of more rows, k being
        `problems.quantile_sketch.buffer_rows`.
    """

    rank_error: float = 0.0

    def _edges(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        # Halved, so that differences of the largest floats do not overflow.
        self.rank_error = 0.0
        return 2 * np.quantile(x / 2, np.arange(1, self.prime) / self.prime, axis=0).T

    def _streamed(self, blocks: Iterator[NDArray[np.float64]], count: int, dimension: int) -> NDArray[np.float64]:
        sketch = QuantileSketch(dimension, buffer_rows(count, dimension))
        for block in blocks:
            sketch.add(block)
        self.rank_error = sketch.error
        return np.ascontiguousarray(sketch.quantiles(np.arange(1, self.prime) / self.prime).T)


def _finite_rows(source: RowSource, step: int) -> Iterator[NDArray[np.float64]]:
    """Read all rows, some at a time, as real numbers."""
    for start in range(0, source.shape[0], step):
        block = source.read(start, min(start + step, source.shape[0])).astype(float)
        if not np.all(np.isfinite(block)):
            row, column = (int(place) for place in np.argwhere(~np.isfinite(block))[0])
            where = row_number(source, start + row)
            raise InputError(
                f"{source.name}[{where}, {column}] = {block[row, column]} is not finite; impute it, or drop that row."
            )
        yield block


def _features(x: ArrayLike) -> NDArray[np.float64]:
    given = as_numbers("x", x)
    if given.dtype.kind not in "iufb":
        raise InputError("The features are no array of real numbers; give shape (n, D).")
    features = given.astype(float)
    if features.ndim != 2 or features.size == 0:
        raise InputError(f"The features have shape {features.shape}; give shape (n, D) with n, D >= 1.")
    if not np.all(np.isfinite(features)):
        raise InputError("The features hold NaN or infinite values; impute or drop those rows.")
    return features
