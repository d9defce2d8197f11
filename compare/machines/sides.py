"""The two sides as lines over a size: seconds of a classical method, and of counted circuits on a machine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from compare.machines.assumptions import Assumptions
from compare.machines.curves import Line, constant_line, known_line, lossy_line, power_line
from compare.machines.shots import Shot, machine_seconds, shot_loss
from compare.statistics import Estimate

__all__ = ["classical_line", "quantum_line"]


def classical_line(
    measured: Mapping[int, Estimate], assumed: Assumptions, family: str = "power", rate: float = 1.0
) -> Line | None:
    """Return a classical method's seconds over a size, continued as it is made to grow; None if there are none.

    Parameters
    ----------
    measured
        Seconds by size, on this machine.
    assumed
        Says how many times as fast the classical machine is.
    family, rate
        "power" or "exponential" and its k: the method goes on by c0 + c x^k or c0 + c e^(kx).
    """
    scale = 1 / assumed.classical_speedup
    faster = {
        size: Estimate(one.low * scale, one.best * scale, one.high * scale, one.samples)
        for size, one in measured.items()
    }
    return known_line(faster, family, rate)


def quantum_line(
    machine: str,
    shots: Mapping[int, Sequence[Shot]],
    fixed: Mapping[int, Shot],
    assumed: Assumptions,
    gate: float,
    steps: Callable[[float], int] | None = None,
) -> Line | None:
    """Return the seconds of a machine over a size; None if the device holds none of the circuits.

    Beyond the counted sizes what grows goes on by a power law; where shots are lost to errors, by one of the seconds
    of a shot and one of -ln of the share that is kept, which is a sum over gates.

    Parameters
    ----------
    machine, assumed, gate
        As of `machine_seconds`.
    shots
        By size, of the circuits of several random problems.
    fixed
        The part of a shot that is known not to grow, counted at each size: an empty shot, or more. A shot that is all
        of it goes on as a constant.
    steps
        From a size, further steps of a part that is not built, known at every size.
    """
    measured = {size: machine_seconds(machine, found, assumed, gate) for size, found in shots.items()}

    def seconds(on: str, more: int = 0) -> dict[int, float]:
        """Return seconds of the fixed part alone, with some steps more."""
        found = {
            size: machine_seconds(on, [replace(shot, steps=shot.steps + more)], assumed, gate)
            for size, shot in fixed.items()
        }
        return {size: one.best for size, one in found.items() if one is not None}

    if all(list(found) == [fixed[size]] for size, found in shots.items()):
        line = constant_line(measured)
    elif machine == "device with errors":
        held = {size: found for size, found in shots.items() if measured[size] is not None}
        losses = {size: shot_loss(found) for size, found in held.items()}
        line = lossy_line(measured, losses, seconds("device"), {size: shot_loss([fixed[size]]) for size in held})
    else:
        line = power_line(measured, seconds(machine))
    if line is None or steps is None:
        return line
    a_step = next(iter(seconds(machine, 1).values())) - next(iter(seconds(machine).values()))

    def added(sizes: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([steps(size) for size in sizes]) * a_step

    return replace(line, extra=added)
