"""From real features to residues 0..P-1.

Both quantizers are fitted feature by feature, on training data only, and clip what lies outside.
"""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers
from problems.errors import InputError
from problems.finite_field import check_prime
from problems.memory import require_memory

__all__ = ["LevelQuantizer", "QuantileQuantizer"]


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

    def _edges(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
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


class QuantileQuantizer(_Quantizer):
    """P levels that hold equally many training values each (fewer where values repeat)."""

    def _edges(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        # Halved, so that differences of the largest floats do not overflow.
        return 2 * np.quantile(x / 2, np.arange(1, self.prime) / self.prime, axis=0).T


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
