"""Seconds over a size, of a classical method and of counted circuits: as measured, and continued by growth beyond.

A classical method goes on as it is made to, by c0 + c x^k or c0 + c e^(kx) of a known k; circuits by a fitted power law
above what is known not to grow; and what errors lose by one of -ln of the share that is kept, a sum over gates.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.machines.assumptions import ESTIMATED, Assumptions
from compare.machines.shots import Shot, machine_seconds, shot_loss
from compare.statistics import Estimate, fit_growth, fit_known_rate
from compare.statistics.fits import KNOWN_SIZES, LEAST_SIZES

__all__ = ["Continued", "Line", "classical_line", "quantum_line"]

Continued = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From sizes, the natural logarithms of low, best and high, shape (3, n)."""

LARGEST_LOSS = 600.0
"""The largest -ln of a share: beyond e^600 all losses are alike."""


@dataclass(frozen=True)
class Line:
    """Seconds over a size.

    Attributes
    ----------
    measured
        Finite seconds by size, at least one, by size.
    beyond
        Continues them past the largest size; None if there are too few sizes.
    extra
        Seconds to be added at each size, known exactly; None for none.
    records
        Hashes of the records of each measured size, as far as they are known.
    """

    measured: Mapping[int, Estimate]
    beyond: Continued | None
    extra: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None
    records: Mapping[int, Sequence[str]] = field(default_factory=dict)

    @property
    def linked(self) -> list[Sequence[str]]:
        """The records of each measured size."""
        return [self.records.get(size, ()) for size in self.measured]

    @property
    def smallest(self) -> int:
        """The smallest size that was measured."""
        return min(self.measured)

    @property
    def largest(self) -> int:
        """The largest size that was measured; what is beyond is extrapolated."""
        return max(self.measured)

    def log_range(self, sizes: ArrayLike) -> NDArray[np.float64]:
        """Return the natural logarithms of low, best and high, shape (3, n); NaN where nothing is known.

        Between measured sizes by straight lines over the logarithms.
        """
        x, known = np.asarray(sizes, dtype=float), np.array(list(self.measured), dtype=float)
        ends = np.log([[one.low, one.best, one.high] for one in self.measured.values()]).T
        found = np.stack([np.interp(np.log(x), np.log(known), values, left=np.nan) for values in ends])
        outside = x > known[-1]
        if np.any(outside):
            found[:, outside] = np.nan if self.beyond is None else self.beyond(x[outside])
        if self.extra is not None:
            with np.errstate(divide="ignore"):
                found = np.logaddexp(found, np.log(self.extra(x)))
        return found

    def at(self, size: int) -> Estimate | None:
        """Return the seconds at one size; None where nothing is known, infinite where they leave the floats."""
        logarithms = self.log_range([size])[:, 0]
        if np.any(np.isnan(logarithms)):
            return None
        with np.errstate(over="ignore"):
            low, best, high = (float(value) for value in np.exp(logarithms))
        count = self.measured[size].samples if size in self.measured else len(self.measured)
        return Estimate(low, best, high, count)


def classical_line(
    measured: Mapping[int, Estimate],
    assumed: Assumptions,
    family: str = "power",
    rate: float = 1.0,
    efficiency: Estimate | None = None,
    spread: float = 1.0,
) -> Line | None:
    """Return a classical method's seconds over a size, continued as it is made to grow; None if there are none.

    Parameters
    ----------
    measured
        Processor seconds by size, on one core of this machine.
    assumed
        Says how many cores the classical machine has, how many times as fast each is, and how seconds drift.
    family, rate
        "power" or "exponential" and its k: the method goes on by c0 + c x^k or c0 + c e^(kx).
    efficiency
        Of several cores, as measured; 1 if left out.
    spread
        How many times as long the slowest round took as the fastest.
    """
    speed, drift = assumed.speed(efficiency), max(assumed.drift, spread)
    found = {
        size: Estimate(one.low / drift / speed.high, one.best / speed.best, one.high * drift / speed.low, one.samples)
        for size, one in sorted(measured.items())
    }
    if len(found) < KNOWN_SIZES:
        return Line(found, None) if found else None
    # Made when it is first asked for: within the sizes that are known it is not needed.
    fitted = functools.cache(lambda: fit_known_rate(list(found), [one.best for one in found.values()], family, rate))
    wider = np.log([[speed.best / speed.high / drift], [1.0], [speed.best / speed.low * drift]])
    return Line(found, lambda sizes: fitted().predict(sizes) + wider)


def quantum_line(
    machine: str,
    shots: Mapping[int, Sequence[Shot]],
    fixed: Mapping[int, Shot],
    assumed: Assumptions,
    gate: float,
    steps: Callable[[float], int] | None = None,
) -> Line | None:
    """Return the seconds of a machine over a size; None if the device holds none of the circuits.

    Parameters
    ----------
    machine, assumed, gate
        As of `machine_seconds`.
    shots
        By size, of the circuits of several random problems; sizes at which they take infinitely long are left out.
    fixed
        The part of a shot that is known not to grow, counted at each size: an empty shot, or more. A shot that is all
        of it goes on as a constant.
    steps
        From a size, further steps of a part that is not built, known at every size.
    """
    every = {size: machine_seconds(machine, found, assumed, gate) for size, found in sorted(shots.items())}
    measured = {size: one for size, one in every.items() if one is not None and np.isfinite(one.high)}
    if not measured:
        return None

    def alone(on: str, more: int = 0) -> dict[int, float]:
        """Return seconds of the fixed part, with some steps more."""
        parts = {size: replace(fixed[size], steps=fixed[size].steps + more) for size in measured}
        found = {size: machine_seconds(on, [part], assumed, gate) for size, part in parts.items()}
        return {size: one.best for size, one in found.items() if one is not None}

    best = {size: one.best for size, one in measured.items()}
    beyond: Continued | None
    if all(list(found) == [fixed[size]] for size, found in shots.items()):
        beyond = _constant(measured[max(measured)])
    elif machine == ESTIMATED:
        beyond = None  # a machine of a stated size holds no larger circuits
    elif machine == "device with errors":
        losses = {size: shot_loss(shots[size]) for size in measured}
        without = {size: value * np.exp(-losses[size]) for size, value in best.items()}
        lost = _power_above(losses, {size: shot_loss([fixed[size]]) for size in measured})
        beyond = _lossy(_power_above(without, alone("device")), lost)
    else:
        beyond = _power_above(best, alone(machine))
    if steps is None:
        return Line(measured, beyond)
    a_step = alone(machine, 1)[min(measured)] - alone(machine)[min(measured)]
    return Line(measured, beyond, lambda sizes: np.array([steps(size) for size in sizes]) * a_step)


def _constant(last: Estimate) -> Continued:
    level = np.log([last.low, last.best, last.high])
    return lambda sizes: np.repeat(level[:, None], len(sizes), axis=1)


def _power_above(values: Mapping[int, float], constants: Mapping[int, float]) -> Continued | None:
    """Return a power law of what is above known values, and the last of these; None if there are too few sizes."""
    above = {size: value - constants[size] for size, value in values.items()}
    growing = {size: value for size, value in above.items() if value > 1e-9 * values[size]}
    if len(growing) < LEAST_SIZES:
        return None
    growth, constant = (
        functools.cache(lambda: fit_growth(list(growing), list(growing.values()))),
        constants[max(values)],
    )

    def continued(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(divide="ignore"):
            return np.logaddexp(growth().log_range(sizes, ("constant", "power")), np.log(constant))

    return continued


def _lossy(seconds: Continued | None, lost: Continued | None) -> Continued | None:
    if seconds is None or lost is None:
        return None
    return lambda sizes: seconds(sizes) + np.exp(np.minimum(lost(sizes), LARGEST_LOSS))
