"""The number that a study judges a device by, from measured bits: raw, and with readout errors mitigated."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from compare.statistics import Z95, Estimate, skewed_mean
from quantum.backends.readout import ReadoutErrors, distinct_patterns

__all__ = ["Scores", "mitigated", "raw"]


@dataclass(frozen=True, eq=False)
class Scores:
    """A number that is the mean of a value of each shot, as (mean - zero)/unit.

    Attributes
    ----------
    name
        The number in words: "cross-entropy fidelity".
    values
        Shape (shots,): a function of each shot's bits alone.
    zero, unit
        The mean where nothing is left of the signal, and what a device without noise has beyond it, so that it has 1;
        0 and 1 where the mean itself is the number.
    unit_error
        The standard error of `unit`, 0 where it is exact.
    perfect
        The number that a device without noise has; None where it is not known.
    pvalue
        Of the hypothesis that the shots are those of a device without noise; None where nothing tests it.
    """

    name: str
    values: NDArray[np.float64]
    zero: float = 0.0
    unit: float = 1.0
    unit_error: float = 0.0
    perfect: float | None = None
    pvalue: float | None = None


def raw(scores: Scores) -> Estimate:
    """Return the number as it was read, with its 95% interval over the shots."""
    return _scaled(scores, scores.values)


def mitigated(scores: Scores, bits: NDArray[np.bool_], errors: ReadoutErrors) -> Estimate:
    """Return the number as it would be without readout errors, with its 95% interval over the shots.

    The matrix A of readout errors, restricted to the bit strings that were seen (M3, Nation et al. 2021, PRX Quantum
    2:040326), is inverted as a whole: v'(A^-1 p) is the mean over the shots of A^-T v at their bit strings. Nothing
    that is negative is cut off, so that nothing is biased by it, and the interval is that of a mean.

    Parameters
    ----------
    scores
        The number.
    bits
        Shape (shots, classical bits).
    errors
        Of each classical bit.

    Raises
    ------
    InputError
        If mitigation does not take the bits; see `quantum.backends.readout.ReadoutErrors.mitigation`.
    """
    patterns, which = distinct_patterns(bits)
    values = np.zeros(len(patterns))
    values[which] = scores.values
    weights = np.linalg.solve(errors.mitigation(patterns).matrix.T, values)
    return _scaled(scores, np.asarray(weights[which], dtype=np.float64))


def _scaled(scores: Scores, values: NDArray[np.float64]) -> Estimate:
    found = skewed_mean(values)
    low, best, high = ((end - scores.zero) / scores.unit for end in (found.low, found.best, found.high))
    low, high = min(low, high), max(low, high)
    if scores.unit_error:
        common = Z95 * best * scores.unit_error / scores.unit
        low, high = best - float(np.hypot(best - low, common)), best + float(np.hypot(high - best, common))
    return Estimate(low, best, high, len(values))
