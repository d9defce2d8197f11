"""Seconds of a counted circuit on a machine, and what loading the data costs there.

Where an assumption cannot be settled by counting it favors the quantum side, and the table of assumptions says so.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from compare.machines.assumptions import ERROR_CORRECTED, ESTIMATED, Assumptions
from compare.statistics import Estimate, median_range

__all__ = ["LOADERS", "Shot", "loader_steps", "machine_seconds", "shot_loss"]

LOADERS = {"sparse": "sparse loader", "log": "log2 K loader", "free": "free loader"}
"""Prices of loading by name, in words: as built, and two that are assumed."""

LEAST_LOSS = 1e-12
"""The least -ln of the share of shots without error: laws of growth are fitted to its logarithm."""


@dataclass(frozen=True)
class Shot:
    """One run of a circuit, counted; without arguments, of an empty one, which is prepared and measured.

    Attributes
    ----------
    t, t_depth
        T gates and layers of them, once rotations are synthesized.
    duration, fidelity
        Seconds on the device, and the share of runs expected without error; None if the device does not hold it.
    steps
        Of a part that is not built: on the device a two-qubit gate each, else a logical step.
    estimated
        Seconds as an estimator found them for a machine of a stated size; None if it does not hold it.
    step
        Seconds of a logical step of that machine; None if it is that of a fixed code distance.
    """

    t: int = 0
    t_depth: int = 0
    duration: float | None = 0.0
    fidelity: float | None = 1.0
    steps: int = 0
    estimated: float | None = 0.0
    step: float | None = None


def loader_steps(loader: str, points: float) -> int:
    """Return the steps of a loader that is not built: none, or the depth of a tree over the points."""
    return math.ceil(math.log2(points)) if loader == "log" and points > 1 else 0


def machine_seconds(machine: str, shots: Sequence[Shot], assumed: Assumptions, gate: float) -> Estimate | None:
    """Return the seconds that a machine takes for a shot, or None where the machine does not hold the circuit.

    Parameters
    ----------
    machine
        A name in `MACHINES`, or `ESTIMATED`.
    shots
        Of the circuits of several random problems, or a single one that no data changes.
    assumed
        The assumptions.
    gate
        Seconds of the device's two-qubit gate.

    Returns
    -------
    Estimate
        The median between the least and the greatest, over the machines that run side by side. Infinite where errors
        leave a share of shots that floats do not hold.
    """
    seconds = [_seconds(machine, shot, assumed, gate) for shot in shots]
    known = [one / assumed.machines for one in seconds if one is not None]
    return median_range(known) if len(known) == len(seconds) else None


def _seconds(machine: str, shot: Shot, assumed: Assumptions, gate: float) -> float | None:
    if machine in ERROR_CORRECTED:
        supply = 0.0 if assumed.t_rate is None else shot.t / assumed.t_rate
        serial = shot.t if machine == "one T at a time" else shot.t_depth
        # The last step is the measurement.
        return max(serial * assumed.step, supply) + (shot.steps + 1) * assumed.step
    if machine == ESTIMATED:
        step = assumed.step if shot.step is None else shot.step
        return None if shot.estimated is None else shot.estimated + shot.steps * step
    if shot.duration is None or shot.fidelity is None:
        return None
    seconds = shot.duration + shot.steps * gate + assumed.reset + assumed.delay
    kept = shot.fidelity if machine == "device with errors" else 1.0
    return seconds / kept if kept > 0 else math.inf


def shot_loss(shots: Sequence[Shot]) -> float:
    """Return -ln of the share of shots without error on the device: the median of the circuits, at least 1e-12."""
    lost = [-math.log(shot.fidelity) if shot.fidelity else math.inf for shot in shots]
    return max(float(np.median(lost)), LEAST_LOSS)
