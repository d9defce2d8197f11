"""Readings of a noisy circuit's shots: fidelity, surviving share, chi-square and risk, as read and mitigated."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from compare.distributions import Excess
from compare.distributions.exact import exact_probabilities
from compare.statistics import CONFIDENCE, Estimate
from problems.ridgelet import Nodes, RidgeletProblem
from quantum.backends.readout import ReadoutErrors, ReadoutMitigation, distinct_patterns
from quantum.ridgelet.circuit import Encoding

__all__ = [
    "RESAMPLES",
    "Reading",
    "chi_square_ratio",
    "resampled_fidelity",
    "share",
]

RESAMPLES = 1000
"""Bootstrap resamples of the shots."""

MEMORY_ENTRIES = 2**22
"""Numbers in one block of resamples: 32 MiB."""


@dataclass(frozen=True, eq=False)
class Reading:
    """Shots of one circuit, counted by bit string, and what each bit string means.

    Attributes
    ----------
    patterns, counts
        The distinct bit strings (m, clbits), and how often each was seen (m,).
    digits, valid
        Each as digits (m, D+1), and whether it is a node at all (m,).
    density
        P^(D+1) p* of the node, 0 where there is none: shape (m,).
    which
        Which bit string each shot was: shape (shots,).
    """

    patterns: NDArray[np.bool_]
    counts: NDArray[np.int64]
    digits: NDArray[np.int64]
    valid: NDArray[np.bool_]
    density: NDArray[np.float64]
    which: NDArray[np.int64]

    @classmethod
    def of(cls, problem: RidgeletProblem, encoding: Encoding, bits: NDArray[np.bool_]) -> "Reading":
        """Read measured bits (shots, clbits)."""
        patterns, which = distinct_patterns(bits)
        digits, valid = encoding.decode(patterns)
        density = np.zeros(len(patterns))
        density[valid] = problem.density(_nodes(digits[valid]))
        return cls(patterns, np.bincount(which), digits, valid, density, which)

    @property
    def shots(self) -> int:
        """The number of shots."""
        return len(self.which)

    @property
    def raw(self) -> NDArray[np.float64]:
        """The share of each bit string as it was read: shape (m,)."""
        return self.counts / self.counts.sum()

    def drawn(self) -> Nodes:
        """Return the nodes of the valid shots, in the order they were measured."""
        return _nodes(self.digits[self.which[self.valid[self.which]]])

    def redrawn(self, weights: NDArray[np.float64], n: int, rng: np.random.Generator) -> Nodes:
        """Draw `n` nodes from weights (m,) of the bit strings, the invalid ones left out."""
        kept = weights * self.valid
        return _nodes(self.digits[rng.choice(len(kept), n, p=kept / kept.sum())])


def resampled_fidelity(
    reading: Reading,
    excess: Excess,
    errors: ReadoutErrors | None,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
) -> dict[str, Estimate]:
    """Return fidelities with normal 95% intervals, their standard errors from the bootstrap over shots.

    Parameters
    ----------
    reading
        The shots.
    excess
        Of the ideal sampler.
    errors
        The readout errors to be mitigated; None for no mitigation.
    rng
        Draws the resamples.
    resamples
        Their number.

    Returns
    -------
    dict
        The fidelity as read, "raw", invalid shots as density 0; and with mitigation, paired on the same resamples, that
        "mitigated", the "gain" from the first to the second, and the share of weight on valid bit strings, "surviving".

    Raises
    ------
    InputError
        If mitigation does not take the shots, see `ReadoutErrors.mitigation`.
    """
    mitigation = errors.mitigation(reading.patterns) if errors is not None else None
    best = _statistics(reading, excess, mitigation, reading.counts[:, None])
    rows = max(1, MEMORY_ENTRIES // len(reading.patterns))
    parts = []
    for start in range(0, resamples, rows):
        counts = rng.multinomial(reading.shots, reading.raw, size=min(rows, resamples - start)).T
        parts.append(_statistics(reading, excess, mitigation, counts))
    found = {}
    for name, (value,) in best.items():
        spread = np.std(np.concatenate([part[name] for part in parts]), ddof=1)
        common = value * excess.error / excess.value if name != "surviving" else 0.0
        found[name] = Estimate.normal(float(value), float(np.hypot(spread, common)), reading.shots)
    if mitigation is not None:
        left = found["surviving"]
        found["surviving"] = replace(left, low=max(0.0, left.low), high=min(1.0, left.high))
    return found


def _statistics(
    reading: Reading, excess: Excess, mitigation: ReadoutMitigation | None, counts: NDArray
) -> dict[str, NDArray[np.float64]]:
    """Return each statistic of several samples: counts (m, k), results (k,)."""
    raw = (reading.density @ (counts / counts.sum(axis=0)) - 1) / excess.value
    if mitigation is None:
        return {"raw": raw}
    weights = mitigation.apply(counts)
    mitigated = (reading.density @ weights - 1) / excess.value
    return {"raw": raw, "mitigated": mitigated, "gain": mitigated - raw, "surviving": reading.valid @ weights}


def share(hits: int, n: int) -> Estimate:
    """Return a share with its exact binomial 95% interval (Clopper and Pearson)."""
    interval = stats.binomtest(hits, n).proportion_ci(CONFIDENCE)
    return Estimate(float(interval.low), hits / n, float(interval.high), n)


def chi_square_ratio(problem: RidgeletProblem, reading: Reading, weights: NDArray[np.float64]) -> float:
    """Return Pearson's chi-square over its degrees of freedom: 1 on average for perfect samples of the same size.

    Invalid bit strings are left out. Infinite if a node of probability zero has weight.

    Parameters
    ----------
    problem
        An enumerable problem.
    reading
        The shots.
    weights
        Of the bit strings, shape (m,).
    """
    exact = exact_probabilities(problem, "Chi-square")
    kept = weights[reading.valid]
    index = _nodes(reading.digits[reading.valid]).index(problem.prime)
    found = np.bincount(index, weights=kept, minlength=len(exact)) / kept.sum()
    possible = exact > 1e-14 / len(exact)
    if np.any(found[~possible] > 0):
        return np.inf
    distance = float(np.sum((found[possible] - exact[possible]) ** 2 / exact[possible]))
    return reading.shots * float(weights @ reading.valid) * distance / (np.count_nonzero(possible) - 1)


def _nodes(digits: NDArray[np.int64]) -> Nodes:
    return Nodes(digits[:, :-1].copy(), digits[:, -1].copy())
