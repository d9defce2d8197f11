"""How times grow: power laws over D, K and P, and an exponential for enumeration, fitted to measured times."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from benchmarks.records import Row
from compare.statistics import CONFIDENCE, Estimate

__all__ = ["LARGE_TABLE", "Series", "exponential_base", "power_law"]

SERIES = {
    "dimension": ("dequantized", "D"),
    "points": ("dequantized", "K"),
    "prime": ("dequantized", "P"),
    "rejection": ("rejection", "K"),
    "enumeration": ("enumeration", "D"),
}
"""The method that was timed, and the size over which it was."""

LARGE_TABLE = 10_000
"""Enumeration is fitted from so many nodes on: below, the time is that of the calls and not of the table."""


def power_law(x: ArrayLike, y: ArrayLike) -> Estimate:
    """Return e of y ~ x^e by least squares on logarithms, with the 95% interval that the points' scatter gives."""
    return _slope(np.log(x), np.log(y))


def exponential_base(x: ArrayLike, y: ArrayLike) -> Estimate:
    """Return q of y ~ q^x by least squares on log y, with the 95% interval that the points' scatter gives."""
    slope = _slope(np.asarray(x, dtype=float), np.log(y))
    return Estimate(*(float(np.exp(end)) for end in (slope.low, slope.best, slope.high)), slope.samples)


def _slope(x: np.ndarray, y: np.ndarray) -> Estimate:
    fit, freedom = stats.linregress(x, y), len(x) - 2
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, freedom) * fit.stderr) if freedom > 0 else np.inf
    return Estimate(float(fit.slope) - half, float(fit.slope), float(fit.slope) + half, len(x))


class Series:
    """Times over one size of the problem, and the law fitted to them.

    Attributes
    ----------
    rows
        The measurements, by size.
    method, size
        Who was timed; over "D", "K" or "P".
    x, times
        The sizes and the times.
    fixed
        The sizes that stay the same, as text.
    fitted
        The positions of the sizes that the law is fitted to.
    fit
        Its exponent, for enumeration its base; None where there are no two sizes.
    """

    def __init__(self, rows: Sequence[Row], name: str) -> None:
        self.method, self.size = SERIES[name]
        self.rows = sorted((row for row in rows if row["series"] == name), key=lambda row: row[self.size])
        self.x = np.array([row[self.size] for row in self.rows], dtype=float)
        self.times = [row.get("total") or row["per_sample"] for row in self.rows]
        self.best = np.array([time["best"] for time in self.times])
        self.fixed = ", ".join(f"{key}={self.rows[0][key]}" for key in "DKP" if len({r[key] for r in self.rows}) == 1)
        self.exponential = name == "enumeration"
        self.fitted = np.arange(len(self.rows))
        if self.exponential:
            large = np.flatnonzero([row["nodes"] >= LARGE_TABLE for row in self.rows])
            self.fitted = large if len(large) > 2 else self.fitted
        self.fit: Estimate | None = None
        if len(self.fitted) > 1:
            law = exponential_base if self.exponential else power_law
            self.fit = law(self.x[self.fitted], self.best[self.fitted])

    @classmethod
    def all(cls, rows: Sequence[Row]) -> dict[str, "Series"]:
        """Return the series that were measured."""
        return {name: cls(rows, name) for name in SERIES if any(row["series"] == name for row in rows)}
