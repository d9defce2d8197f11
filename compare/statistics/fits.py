"""How positive values grow with a size: a power law against an exponential, each with or without a constant on top.

A sampler's time is often a constant and a part that grows. Without that constant among the candidates a straight line
`c0 + c x` over small sizes passes for an exponential, and the beginning of an exponential for a power law.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.statistics.estimates import Estimate, student
from problems.errors import InputError

__all__ = ["EVIDENCE", "KNOWN_SIZES", "LEAST_SIZES", "Curve", "FittedGrowth", "fit_growth", "fit_known_rate"]

EVIDENCE = 20.0
"""A verdict needs an evidence ratio of at least this; candidates within it of the best take part in predictions."""

LEAST_SIZES = 4
"""Different sizes that a fit needs at least."""

KNOWN_SIZES = 3
"""Different sizes that a fit of a known rate needs at least."""

SIZES_FOR_CONSTANT = 7
"""Different sizes that a fit with a constant on top needs: it has three parameters."""

ROUNDING = 1e-8
"""Relative errors below this are rounding: exact counts would make the likelihood infinite."""

FAMILIES = ("constant", "power", "exponential")
"""Kinds of growth."""

POWERS, TURNS = (0.02, 12.0), (0.02, 60.0)
"""Exponents k of x^k, and the rise k (x_max - x_min) of e^(kx), of candidates with a constant on top."""

SHARES = (-18.0, 7.0)
"""Natural logarithm of the constant over the growing part at the largest size."""

SHARE_STEPS = 10_001
"""Shares of the constant that are tried where the rate is known."""

GRID, ZOOMS = 41, 7
"""Points of the search's grid in each direction, and how often it is narrowed to what is possible."""

BAND = 101
"""Straight lines whose envelope is the band around the best one."""


@dataclass(frozen=True)
class Curve:
    """One candidate, fitted by least squares to the logarithms.

    Attributes
    ----------
    family
        "constant", "power" for c x^k or "exponential" for c e^(kx).
    overhead
        Whether a constant is added.
    rate
        The exponent or rate k with its 95% interval (likelihood profile; without overhead Student's t). None of a
        constant.
    error
        Standard deviation of the residuals: relative errors, for small ones.
    aicc
        Akaike's criterion with the correction for small samples (Hurvich and Tsai 1989); smaller is better.
    """

    family: str
    overhead: bool
    rate: Estimate | None
    error: float
    aicc: float
    _parameters: NDArray[np.float64] = field(repr=False, compare=False)
    _room: NDArray[np.float64] = field(repr=False, compare=False)
    _largest: float = field(repr=False, compare=False)

    def predict(self, sizes: ArrayLike) -> NDArray[np.float64]:
        """Return the natural logarithms of low, best and high at some sizes, shape (3, n).

        The 95% interval is that of the curve, not of a new value: all curves of the family that the data leave
        possible, by the likelihood profile.
        """
        x = np.asarray(sizes, dtype=float)
        rate, share, scale = self._parameters[..., None]  # the best curve is the first
        growing = rate * _steps(self.family, x, self._largest)
        values = scale + np.logaddexp(share, growing)
        room = self._room[:, None]
        return np.stack([np.min(values - room, axis=0), values[0], np.max(values + room, axis=0)])


@dataclass(frozen=True)
class FittedGrowth:
    """The growth of values over sizes, as they tell it.

    Attributes
    ----------
    sizes
        How many sizes were fitted.
    smallest, largest
        Their range; what is outside is extrapolated.
    verdict
        "none" if a constant is the best candidate, "power" or "exponential" if the better of these two is `EVIDENCE`
        times likelier than the other, else "undecided".
    evidence
        exp of half the difference in AICc between the best candidate of the better family and that of the other:
        how many times likelier the better one is.
    power, exponential, constant
        The best candidate of each family; the interval of its rate reaches over the family's other candidate, if that
        one is within `EVIDENCE` of it: which of the two it is was chosen by the same data.
    candidates
        All that were fitted.
    """

    sizes: int
    smallest: float
    largest: float
    verdict: str
    evidence: float
    power: Curve
    exponential: Curve
    constant: Curve
    candidates: tuple[Curve, ...] = field(repr=False, default=())

    @property
    def best(self) -> Curve:
        """The candidate with the smallest AICc."""
        return min((self.constant, self.power, self.exponential), key=lambda curve: curve.aicc)

    def log_range(self, sizes: ArrayLike, families: Collection[str] = FAMILIES) -> NDArray[np.float64]:
        """Return the natural logarithms of low, best and high at some sizes, shape (3, n).

        The best candidate's value, between the ends of all candidates that the data do not refuse: those within
        `EVIDENCE` of the best. So an extrapolation says what it does not know.

        Parameters
        ----------
        sizes
            The sizes.
        families
            Those to choose from, where more is known than the data say: "constant", "power", "exponential".
        """
        known = [curve for curve in self.candidates if curve.family in families]
        best = min(known, key=lambda curve: curve.aicc)
        possible = [curve for curve in known if _possible(curve, best)]
        found = np.stack([curve.predict(sizes) for curve in possible])
        return np.stack([found[:, 0].min(axis=0), best.predict(sizes)[1], found[:, 2].max(axis=0)])

    def at(self, size: float) -> Estimate:
        """Return the value at a size, its 95% interval as in `log_range`; infinite where it leaves the floats."""
        with np.errstate(over="ignore", under="ignore"):
            low, middle, high = (float(value) for value in np.exp(self.log_range([size])[:, 0]))
        return Estimate(low, middle, high, self.sizes)


def fit_growth(sizes: Sequence[float], values: Sequence[float]) -> FittedGrowth:
    """Fit power laws and exponentials to values over sizes, and compare them by AICc.

    Candidates are c, c x^k, c e^(kx) and from `SIZES_FOR_CONSTANT` sizes on c0 + c x^k and c0 + c e^(kx), k > 0, each
    fitted to the logarithms of the values, whose errors are taken as normal and equal: times err by a percentage.

    Parameters
    ----------
    sizes
        At least `LEAST_SIZES` different sizes > 0; equal sizes may be repeated, and count as independent values.
    values
        One value > 0 for each.

    Raises
    ------
    InputError
        If the lengths differ, there are too few different sizes, or a number is out of range.

    References
    ----------
    Burnham and Anderson, Model Selection and Multimodel Inference (2002), sections 2.4 (AICc) and 2.10 (evidence
    ratios); Bates and Watts, Nonlinear Regression Analysis (1988), section 6.1 (profiles).
    """
    x, y = _checked(sizes, values, LEAST_SIZES, "do not tell a power law from an exponential")
    different = len(np.unique(x))
    target = np.log(y)
    constant = _constant(x, target)
    candidates, found = [constant], {}
    for family in ("power", "exponential"):
        curves = [_plain(family, x, target)]
        if different >= SIZES_FOR_CONSTANT:
            curves.append(_with_constant(family, x, target))
        candidates += curves
        found[family] = _widened(curves)
    ranked = sorted(found.values(), key=lambda curve: curve.aicc)
    evidence = float(np.exp(min((ranked[1].aicc - ranked[0].aicc) / 2, 600)))
    verdict = ranked[0].family if evidence >= EVIDENCE else "undecided"
    if constant.aicc <= ranked[0].aicc:
        verdict = "none"
    return FittedGrowth(
        len(x),
        float(x.min()),
        float(x.max()),
        verdict,
        evidence,
        found["power"],
        found["exponential"],
        constant,
        tuple(candidates),
    )


def fit_known_rate(sizes: Sequence[float], values: Sequence[float], family: str, rate: float) -> Curve:
    """Fit c0 + c x^k or c0 + c e^(kx) with a k that is known: what is counted grows so by construction.

    Parameters
    ----------
    sizes, values
        As of `fit_growth`, at least 3 different sizes.
    family, rate
        "power" or "exponential", and k > 0.

    Raises
    ------
    InputError
        If the lengths differ, there are too few different sizes, or a number is out of range.
    """
    x, y = _checked(sizes, values, KNOWN_SIZES, "do not tell a constant from what grows above it")
    n, target, largest = len(x), np.log(y), float(x.max())
    shares = np.linspace(*SHARES, SHARE_STEPS)
    shape = np.logaddexp(shares[:, None], rate * _steps(family, x, largest))
    scales = np.mean(target - shape, axis=1)
    squares = np.sum((target - shape - scales[:, None]) ** 2, axis=1)
    least = _floor(squares.min(), n)
    allowed = least * (1 + _quantile(n - 2) / (n - 2))
    inside = np.flatnonzero((squares <= allowed) | (squares == squares.min()))
    spread = inside[np.linspace(0, len(inside) - 1, GRID).astype(int)]
    order = np.array([int(np.argmin(squares)), *spread])
    parameters = np.stack([np.full(len(order), float(rate)), shares[order], scales[order]])
    room = np.sqrt(np.maximum(allowed - squares[order], 0) / n)
    known = Estimate(float(rate), float(rate), float(rate), n)
    error = float(np.sqrt(least / (n - 2)))
    return Curve(family, True, known, error, _aicc(least, n, 2), parameters, room, largest)


def _checked(
    sizes: Sequence[float], values: Sequence[float], least: int, reason: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = np.asarray(sizes, dtype=float), np.asarray(values, dtype=float)
    if x.ndim != 1 or x.shape != y.shape:
        raise InputError(f"sizes of shape {x.shape} and values of shape {y.shape} do not match; give one value a size.")
    different = len(np.unique(x))
    if different < least:
        raise InputError(f"{different} different sizes {reason}; give at least {least}.")
    # So written, NaN is refused too.
    if not (np.all((x > 0) & (x < np.inf)) and np.all((y > 0) & (y < np.inf))):
        raise InputError("Sizes and values must be positive and finite; correct them.")
    return x, y


def _possible(curve: Curve, best: Curve) -> bool:
    return curve.aicc - best.aicc <= 2 * np.log(EVIDENCE)


def _widened(curves: Sequence[Curve]) -> Curve:
    """Return the best of a family, the interval of its rate reaching over all that are possible beside it."""
    best = min(curves, key=lambda curve: curve.aicc)
    rates = [curve.rate for curve in curves if curve.rate is not None and _possible(curve, best)]
    assert best.rate is not None  # only constants have none, and they are no growth
    low, high = min(rate.low for rate in rates), max(rate.high for rate in rates)
    return replace(best, rate=Estimate(low, best.rate.best, high, best.rate.samples))


def _steps(family: str, x: NDArray[np.float64], largest: float) -> NDArray[np.float64]:
    """Return what the rate multiplies in the logarithm of the growing part, which is 0 at the largest size."""
    if family == "constant":
        return np.zeros_like(x)
    return np.log(x / largest) if family == "power" else x - largest


def _aicc(squares: float, n: int, parameters: int) -> float:
    """Return AICc of n normal residuals; the correction is left out where it has no meaning: n <= parameters + 2."""
    q = parameters + 1  # and their variance
    correction = 2 * q * (q + 1) / (n - q - 1) if n >= SIZES_FOR_CONSTANT else 0.0
    return float(n * np.log(squares / n)) + 2 * q + correction


def _floor(squares: float, n: int) -> float:
    return max(float(squares), n * ROUNDING**2)


def _quantile(freedom: int) -> float:
    """Return how much larger than the least a sum of squares may be, over its mean square, at 95%."""
    return student(freedom) ** 2


def _constant(x: NDArray[np.float64], target: NDArray[np.float64]) -> Curve:
    n, level = len(x), float(target.mean())
    squares = _floor(np.sum((target - level) ** 2), n)
    room = np.sqrt(squares / (n - 1) * _quantile(n - 1) / n)
    parameters = np.array([[0.0], [-np.inf], [level]])
    error = float(np.sqrt(squares / (n - 1)))
    return Curve("constant", False, None, error, _aicc(squares, n, 1), parameters, np.array([room]), float(x.max()))


def _plain(family: str, x: NDArray[np.float64], target: NDArray[np.float64]) -> Curve:
    """Fit a straight line to the logarithms: the profile is Student's interval, in closed form."""
    n, largest = len(x), float(x.max())
    steps = _steps(family, x, largest)
    offsets = steps - steps.mean()
    spread = offsets @ offsets
    rate = float(offsets @ target / spread)
    squares = _floor(np.sum((target - target.mean() - rate * offsets) ** 2), n)
    allowed = squares / (n - 2) * _quantile(n - 2)
    half = float(np.sqrt(allowed / spread))
    # The ellipse of possible lines, cut along the rate; at each rate the level has what is left of the allowance.
    rates = rate + half * np.concatenate([[0.0], np.linspace(-1, 1, BAND)])
    scales = target.mean() - rates * steps.mean()
    room = np.sqrt(np.maximum(allowed - (rates - rate) ** 2 * spread, 0) / n)
    parameters = np.stack([rates, np.full_like(rates, -np.inf), scales])
    estimate = Estimate(rate - half, rate, rate + half, n)
    return Curve(
        family, False, estimate, float(np.sqrt(squares / (n - 2))), _aicc(squares, n, 2), parameters, room, largest
    )


def _with_constant(family: str, x: NDArray[np.float64], target: NDArray[np.float64]) -> Curve:
    """Search rate and share of the constant on a grid that narrows; the scale follows in closed form."""
    n, largest = len(x), float(x.max())
    steps = _steps(family, x, largest)
    # Rates over their logarithm: their range is wide.
    bounds = np.log(POWERS) if family == "power" else np.log(np.array(TURNS) / np.ptp(x))
    outer = np.array([bounds, SHARES])
    box = outer.copy()
    for _ in range(ZOOMS):
        axes = [np.linspace(low, high, GRID) for low, high in box]
        rates, shares = (part.ravel() for part in np.meshgrid(*axes, indexing="ij"))
        shape = np.logaddexp(shares[:, None], np.exp(rates)[:, None] * steps)
        scales = np.mean(target - shape, axis=1)
        squares = np.sum((target - shape - scales[:, None]) ** 2, axis=1)
        least = _floor(squares.min(), n)
        allowed = least * (1 + _quantile(n - 3) / (n - 3))
        inside = (squares <= allowed) | (squares == squares.min())
        cells = [axis[1] - axis[0] for axis in axes]
        box = np.array(
            [
                (max(values[inside].min() - cell, low), min(values[inside].max() + cell, high))
                for values, cell, (low, high) in zip((rates, shares), cells, outer, strict=True)
            ]
        )
    # Of all that is possible the best at each rate, and the two ends: predictions are extreme there.
    allowed_shares = np.where(inside, shares, np.nan).reshape(GRID, GRID)
    order = np.array([int(np.argmin(squares))])
    for i in np.flatnonzero(np.any(np.isfinite(allowed_shares), axis=1)):
        held = GRID * i + np.flatnonzero(np.isfinite(allowed_shares[i]))
        order = np.append(order, [held[0], held[np.argmin(squares[held])], held[-1]])
    parameters = np.stack([np.exp(rates[order]), shares[order], scales[order]])
    room = np.sqrt(np.maximum(allowed - squares[order], 0) / n)
    known = parameters[0]
    estimate = Estimate(float(known.min()), float(known[0]), float(known.max()), n)
    return Curve(family, True, estimate, float(np.sqrt(least / (n - 3))), _aicc(least, n, 3), parameters, room, largest)
