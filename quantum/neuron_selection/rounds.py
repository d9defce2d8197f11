"""Expected rounds of quantum search and of minimum finding, in closed form.

Boyer, Brassard, Hoyer and Tapp 1998 (arXiv:quant-ph/9605034) find one of an unknown number k of marked items among M:
a number of rounds is drawn from 0, ..., c - 1, the outcome is checked, and c grows until one is marked. Duerr and
Hoyer 1996 (arXiv:quant-ph/9607014) find a minimum by such searches for anything below the best value so far.

Whitaker (arXiv:2302.05984) gives the cost of choosing neurons as one search of 2^K masks for each of N neurons,
"O(sqrt(2^K N))"; N searches of sqrt(2^K) rounds each cost N sqrt(2^K).
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

from problems.errors import InputError, whole_number

__all__ = ["GROWTH", "best_rounds", "expected_measurements", "expected_rounds", "search_costs", "sizes"]

GROWTH = 6 / 5
"""How c grows after an outcome that is not marked, as Boyer et al. have it. From about 2^9 items on 1.34 is better."""

EXACT = 2**20
"""Sums of so many terms are taken term by term."""

HEAD = 2**12
"""Terms that are computed of a longer sum; the others are interpolated."""

NODES = 32
"""Nodes of the interpolation in each factor of 2 of the number of marked items."""

BLOCK = 2**12
"""Terms that are computed at once: neighbors take about as many attempts."""

MOST_ITEMS = 2**512
"""More would take minutes, and near 2^1000 leave the range of floating-point numbers."""


def expected_rounds(items: int, growth: float = GROWTH) -> float:
    """Return the Grover rounds that Duerr and Hoyer's algorithm is expected to take until it has the minimum.

    It starts from a uniformly drawn item, whose draw is not counted. The minimum is unique and the values are distinct.
    Outcomes are checked by queries that are counted apart: see `expected_measurements`. No run knows that it has the
    minimum; rounds spent after that are not in it.

    Parameters
    ----------
    items
        M, all items: 2^N masks.
    growth
        lambda.

    Raises
    ------
    InputError
        If there is no item, M is above 2^512, or the growth is no finite number above 1.

    Notes
    -----
    The item of rank r (r items are below it) is ever the best so far with probability 1 / (r + 1), so that

        E = sum_(r=1)^(M-1) e(r) / (r + 1),   e(k) = sum_l prod_(l' < l) (1 - P_l') (c_l - 1) / 2,
        P_l = 1/2 - sin(4 c_l theta) / (4 c_l sin 2 theta),   sin^2 theta = k / M,

    with c = ceil(m), m = 1 at first and then m <- min(lambda m, sqrt M). Up to 2^20 terms the sum is exact. Beyond, its
    first 2^12 terms are, and e(r) r / (r + 1) is a cubic spline in log r through 32 nodes an octave, integrated: at
    2^20 items, this differs from the exact sum by less than 1e-8 of it.

    Examples
    --------
    >>> round(expected_rounds(16), 6), round(expected_rounds(256), 6)
    (2.118511, 19.878528)
    """
    return _expected(*_checked(items, growth))[0]


def expected_measurements(items: int, growth: float = GROWTH) -> float:
    """Return the outcomes that `expected_rounds` goes with: each is checked by one query of the loss.

    Raises
    ------
    InputError
        As `expected_rounds` does.
    """
    return _expected(*_checked(items, growth))[1]


def search_costs(
    items: int, marked: ArrayLike, growth: float = GROWTH
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return expected rounds e(k) and measurements of searches for one of k marked items; see `expected_rounds`.

    Parameters
    ----------
    items
        M.
    marked
        Numbers k of marked items, any shape, from 1 to M.
    growth
        lambda.

    Raises
    ------
    InputError
        If a k is below 1 or above M, or as `expected_rounds` does.
    """
    total, factor = _checked(items, growth)
    given = np.asarray(marked, dtype=float)
    wrong = given[~((given >= 1) & (given <= total))]
    if wrong.size:
        raise InputError(
            f"marked = {wrong.flat[0]:g} of {total} items: with none marked a search never ends; give 1 to {total}."
        )
    return _costs(total, given, factor)


def best_rounds(items: int, marked: int) -> int:
    """Return floor(pi / (4 theta)), sin^2 theta = k / M: the rounds that bring marked items nearest to certainty.

    Raises
    ------
    InputError
        If k is not from 1 to M.
    """
    total = whole_number("items", items, 1)
    some = whole_number("marked", marked, 1)
    if some > total:
        raise InputError(f"marked = {some} items of {total}; give 1 to {total}.")
    return math.floor(math.pi / (4 * math.asin(math.sqrt(some / total))))


def sizes(items: int, growth: float) -> list[int]:
    """Return c = ceil(m) of one search's attempts until it grows no more: all later ones have the last."""
    most, size, found = math.sqrt(items), 1.0, [1]
    while size < most:
        size = min(growth * size, most)
        found.append(math.ceil(size))
    return found


def check_growth(growth: float) -> float:
    """Return the factor, or refuse one with which c does not grow.

    Raises
    ------
    InputError
        If it is no finite number above 1.
    """
    if isinstance(growth, bool | str) or not 1 < growth < math.inf:
        raise InputError(f"growth = {growth!r} lets no search grow; give a finite number above 1, as 6/5 or 1.34.")
    return float(growth)


def _checked(items: int, growth: float) -> tuple[int, float]:
    total = whole_number("items", items, 1)
    if total > MOST_ITEMS:
        raise InputError(
            f"items = 2^{total.bit_length() - 1} are above 2^512, whose sums take minutes; E grows as sqrt(M)."
        )
    return total, check_growth(growth)


@lru_cache(maxsize=256)
def _expected(items: int, growth: float) -> tuple[float, float]:
    """Return the expected rounds and measurements of minimum finding."""
    exact = items - 1 if items - 1 <= EXACT else HEAD - 1
    ranks = np.arange(1, exact + 1, dtype=float)
    parts = [[float(np.sum(cost / (ranks + 1))) for cost in _costs(items, ranks, growth)]]
    if exact < items - 1:
        parts.append(_tail(items, growth))
    rounds, measurements = np.sum(parts, axis=0)
    return float(rounds), float(measurements)


def _tail(items: int, growth: float) -> list[float]:
    """Return the sums over r = HEAD, ..., M - 1, as integrals over log r from HEAD - 1/2 to M - 1/2."""
    first, last = math.log(HEAD - 0.5), math.log(items) + math.log1p(-0.5 / items)
    logs = np.linspace(first, last, 1 + math.ceil(NODES * (last - first) / math.log(2)))
    ranks = np.minimum(np.exp(logs), float(items))
    return [
        float(CubicSpline(logs, cost * (ranks / (ranks + 1))).integrate(first, last))
        for cost in _costs(items, ranks, growth)
    ]


def _costs(items: int, marked: NDArray[np.float64], growth: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rounds, measurements = np.zeros(marked.shape), np.zeros(marked.shape)
    attempts = sizes(items, growth)
    for start in range(0, marked.size, BLOCK):
        part = slice(start, start + BLOCK)
        angles = np.arcsin(np.sqrt(marked.flat[part] / float(items)))
        rounds.flat[part], measurements.flat[part] = _block_costs(angles, attempts, 1e-15 / math.sqrt(items))
    return rounds, measurements


def _block_costs(
    angles: NDArray[np.float64], attempts: list[int], enough: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both costs; attempts end when none goes on with a probability above `enough`.

    What is left out then weighs less than rounding, even if every later attempt were the longest.
    """
    turns, slopes = 4 * angles, 4 * np.sin(2 * angles)
    rounds, measurements, going = np.zeros_like(angles), np.zeros_like(angles), np.ones_like(angles)
    attempt = 0
    while np.max(going) > enough:
        choices = attempts[min(attempt, len(attempts) - 1)]
        rounds += going * ((choices - 1) / 2)
        measurements += going
        going *= np.clip(0.5 + np.sin(choices * turns) / (choices * slopes), 0, 1)
        attempt += 1
    return rounds, measurements
