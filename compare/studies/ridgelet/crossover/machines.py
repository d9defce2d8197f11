"""Assumptions that turn counted circuits into seconds a sample: machines, and what loading the data costs on them.

Where an assumption cannot be settled by counting it favors the quantum side, and the table of assumptions says so.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from compare.hardware.plan import REP_DELAY, RESET
from compare.statistics import Estimate, median_range
from problems.errors import InputError, non_negative, whole_number

__all__ = [
    "ERROR_CORRECTED",
    "LOADERS",
    "MACHINES",
    "Assumptions",
    "loader_steps",
    "quantum_seconds",
    "shot_constant",
    "shot_loss",
]

MACHINES = {
    "device": "{device}, errors ignored",
    "device with errors": "{device}, shots lost to errors",
    "one T at a time": "error-corrected, T one by one",
    "T layers at once": "error-corrected, T layers at once",
}
"""Machines by name, and in words."""

ERROR_CORRECTED = ("one T at a time", "T layers at once")
"""Those that take circuits of any width."""

LOADERS = {"sparse": "sparse loader", "log": "log2 K loader", "free": "free loader"}
"""What loading costs, by name, and in words: as built, and two that are assumed."""


@dataclass(frozen=True)
class Assumptions:
    """Everything that is assumed and not counted; the command line has a flag for each.

    Attributes
    ----------
    device
        A snapshot in `qiskit_ibm_runtime.fake_provider`.
    reset, delay
        Seconds before each shot: the reset, and the device's repetition delay.
    cycle
        Seconds of a round of error correction.
    distance
        The code's distance d: a logical step takes d cycles.
    t_rate
        T states a second, of all factories together; None: as many as are asked for.
    synthesis_error
        Of all rotations of a circuit together, in operator norm.
    machines
        Quantum machines that run side by side.
    classical_speedup
        How many times faster than this one the classical machine is.
    """

    device: str = "fake_fez"
    reset: float = RESET
    delay: float = REP_DELAY
    cycle: float = 1e-6
    distance: int = 25
    t_rate: float | None = None
    synthesis_error: float = 0.01
    machines: int = 1
    classical_speedup: float = 1.0

    def check(self) -> None:
        """Refuse what is out of range.

        Raises
        ------
        InputError
            If a number is.
        """
        non_negative("reset", self.reset)
        non_negative("delay", self.delay)
        whole_number("distance", self.distance, 1)
        whole_number("machines", self.machines, 1)
        _positive("cycle", self.cycle)
        _positive("classical_speedup", self.classical_speedup)
        if self.t_rate is not None:
            _positive("t_rate", self.t_rate)
        if not 1e-6 <= non_negative("synthesis_error", self.synthesis_error) <= 0.5:
            raise InputError(
                f"synthesis_error = {self.synthesis_error} is out of range; give a number from 1e-6 to 0.5."
            )

    @property
    def step(self) -> float:
        """Seconds of a logical step of the error-corrected machine: d cycles."""
        return self.distance * self.cycle


def _positive(name: str, value: object) -> None:
    if non_negative(name, value) == 0:
        raise InputError(f"{name} = {value} is zero; give a number above 0.")


def loader_steps(loader: str, points: float) -> int:
    """Return the steps of a loader that is not built: none, or the depth of a tree over the points."""
    return math.ceil(math.log2(points)) if loader == "log" and points > 1 else 0


def quantum_seconds(
    machine: str, loader: str, row: Mapping[str, Any], assumed: Assumptions, gate: float
) -> Estimate | None:
    """Return the seconds a sample takes on a machine, or None where the circuit does not fit on the device.

    Parameters
    ----------
    machine, loader
        Names in `MACHINES` and `LOADERS`.
    row
        Counts of one size, of `count_circuits`.
    assumed
        The assumptions.
    gate
        Seconds of the device's two-qubit gate.

    Returns
    -------
    Estimate
        With a built loader the median between least and greatest of the random problems; without one the transform
        alone, one exact count. Infinite where errors leave a share of shots that floats do not hold.
    """
    steps = loader_steps(loader, row["points"])
    if machine not in ERROR_CORRECTED:
        if row["on_device"] is None:
            return None
        circuits = row["on_device"]["whole"] if loader == "sparse" else [row["on_device"]["transform"]]
        seconds = []
        for circuit in circuits:
            shot = circuit["duration"] + steps * gate + assumed.reset + assumed.delay
            kept = circuit["fidelity"] if machine == "device with errors" else 1.0
            seconds.append(shot / kept if kept > 0 else math.inf)
    else:
        transform = row["transform"]
        none = {"t": 0, "t_depth": 0}
        seconds = []
        for part in row["loaders"] if loader == "sparse" else [none]:
            t, layers = transform["t"] + part["t"], transform["t_depth"] + part["t_depth"]
            supply = 0.0 if assumed.t_rate is None else t / assumed.t_rate
            serial = t if machine == "one T at a time" else layers
            # The last step is the measurement.
            seconds.append(max(serial * assumed.step, supply) + (steps + 1) * assumed.step)
    return median_range([one / assumed.machines for one in seconds])


def shot_constant(
    machine: str, assumed: Assumptions, loader: str = "free", points: int = 1, gate: float = 0.0
) -> float:
    """Return the seconds of every shot that do not depend on D: reset and delay, or the step of the measurement.

    With them the steps of a loader that is not built, over a stated K and with the device's two-qubit gate.
    """
    steps = loader_steps(loader, points)
    if machine in ERROR_CORRECTED:
        return (1 + steps) * assumed.step / assumed.machines
    return (assumed.reset + assumed.delay + steps * gate) / assumed.machines


def shot_loss(row: Mapping[str, Any], loader: str) -> float:
    """Return -ln of the share of shots without error on the device: the median of the circuits, at least 1e-12."""
    circuits = row["on_device"]["whole"] if loader == "sparse" else [row["on_device"]["transform"]]
    kept = [circuit["fidelity"] for circuit in circuits]
    return max(float(np.median([-math.log(share) if share > 0 else math.inf for share in kept])), 1e-12)
