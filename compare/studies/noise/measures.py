"""What shots of a noisy circuit say: fidelity, surviving share, chi-square and risk, as read and mitigated."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from classical.ridgelet.enumeration import enumerate_probabilities
from compare.distributions import UNIFORM_NODES, is_enumerable
from compare.distributions.squares import uniform_squares
from compare.statistics import CONFIDENCE, Estimate
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem
from problems.seeds import Seed
from quantum.backends.readout import ReadoutErrors, ReadoutMitigation, distinct_patterns
from quantum.ridgelet.circuit import Encoding

__all__ = [
    "RESAMPLES",
    "Excess",
    "Reading",
    "Resampled",
    "chi_square_ratio",
    "ideal_excess",
    "resampled_fidelity",
    "share",
]

RESAMPLES = 1000
"""Bootstrap resamples of the shots."""

MEMORY_ENTRIES = 2**22
"""Numbers in one block of resamples: 32 MiB."""


@dataclass(frozen=True)
class Excess:
    """E_p*[w] - 1 with w = P^(D+1) p*: what the fidelity divides by, and its standard error."""

    value: float
    error: float


def ideal_excess(problem: RidgeletProblem, seed: Seed) -> Excess:
    """Return the excess of the ideal sampler: exact where nodes can be enumerated, else from uniform nodes.

    Raises
    ------
    InputError
        If p* is uniform, so that the fidelity is undefined.
    """
    if is_enumerable(problem):
        found = Excess(float(problem.node_count * np.sum(enumerate_probabilities(problem) ** 2)) - 1, 0.0)
    else:
        squares = uniform_squares(problem, UNIFORM_NODES, seed)
        found = Excess(float(np.mean(squares)) - 1, float(np.std(squares, ddof=1) / np.sqrt(UNIFORM_NODES)))
    if found.value < 1e-9:
        raise InputError("p* is uniform for this problem, so no noise changes it and fidelity is undefined.")
    return found


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


@dataclass(frozen=True)
class Resampled:
    """The fidelity of one circuit's shots as read and mitigated, paired on the same resamples of the shots.

    Attributes
    ----------
    raw, mitigated
        The fidelity; invalid shots count as density 0. Without mitigation the second is None.
    gain
        Mitigated minus raw.
    surviving
        The share of weight on valid bit strings after mitigation.
    """

    raw: Estimate
    mitigated: Estimate | None = None
    gain: Estimate | None = None
    surviving: Estimate | None = None


def resampled_fidelity(
    reading: Reading,
    excess: Excess,
    errors: ReadoutErrors | None,
    rng: np.random.Generator,
    resamples: int = RESAMPLES,
) -> Resampled:
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
    spread = {name: float(np.std(np.concatenate([part[name] for part in parts]), ddof=1)) for name in best}

    def estimate(name: str, scaled: bool = True) -> Estimate:
        value = float(best[name][0])
        common = value * excess.error / excess.value if scaled else 0.0
        return Estimate.normal(value, float(np.hypot(spread[name], common)), reading.shots)

    if mitigation is None:
        return Resampled(estimate("raw"))
    surviving = estimate("surviving", scaled=False)
    clipped = Estimate(max(0.0, surviving.low), surviving.best, min(1.0, surviving.high), surviving.samples)
    return Resampled(estimate("raw"), estimate("mitigated"), estimate("gain"), clipped)


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
    exact = enumerate_probabilities(problem)
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
