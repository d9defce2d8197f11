"""Assumptions about machines: every number that turns counted circuits into seconds, and cannot be counted."""

from dataclasses import dataclass
from typing import Annotated

from compare.engine import Above, Help, Least, Most
from compare.statistics import Estimate

__all__ = [
    "DRIFT",
    "ERROR_CORRECTED",
    "ESTIMATED",
    "ESTIMATED_WORDS",
    "MACHINES",
    "REP_DELAY",
    "RESET",
    "Assumptions",
    "CycleSetting",
    "DistanceSetting",
    "DriftSetting",
    "MachinesSetting",
    "RateSetting",
    "SpeedupSetting",
    "SynthesisSetting",
]

REP_DELAY = 250e-6
"""Seconds between two shots where a device states none: the default of IBM's current ones."""

RESET = 1.6e-6
"""Seconds of the reset that comes before each shot, on IBM's devices."""

DRIFT = 1.2
"""Between runs on an idle machine and runs beside busy processes, which take of shared caches and memory."""

MACHINES = {
    "device": "{device}, errors ignored",
    "device with errors": "{device}, shots lost to errors",
    "one T at a time": "error-corrected, T one by one",
    "T layers at once": "error-corrected, T layers at once",
}
"""Machines by name, and in words."""

ESTIMATED = "estimated"
"""A machine whose seconds an estimator found for each circuit; in words `ESTIMATED_WORDS`."""

ESTIMATED_WORDS = "error-corrected, as estimated"

ERROR_CORRECTED = ("one T at a time", "T layers at once")
"""Machines that take circuits of any width."""


CycleSetting = Annotated[float, Above(0), Help("seconds of a round of error correction")]
DistanceSetting = Annotated[int, Least(1), Help("code distance d; a logical step takes d rounds")]
RateSetting = Annotated[float | None, Above(0), Help("T states a second; all: as many as asked for")]
SynthesisSetting = Annotated[
    float, Least(1e-6), Most(0.5), Help("error of all rotations of a circuit together, in operator norm")
]
MachinesSetting = Annotated[int, Least(1), Help("quantum machines side by side")]
DriftSetting = Annotated[
    float, Least(1), Help("factor by which processor seconds of the same work may differ from run to run")
]
SpeedupSetting = Annotated[float, Above(0), Help("how many times faster than this one the classical machine is")]


@dataclass(frozen=True)
class Assumptions:
    """Everything that is assumed and not counted; a study whose settings inherit them has a flag for each."""

    device: Annotated[str, Help("snapshot of a device: fake_fez, ...")] = "fake_fez"
    reset: Annotated[float, Least(0), Help("seconds of the reset before each shot")] = RESET
    delay: Annotated[float, Least(0), Help("seconds of the device's repetition delay before each shot")] = REP_DELAY
    cycle: CycleSetting = 1e-6
    distance: DistanceSetting = 25
    t_rate: RateSetting = None
    synthesis_error: SynthesisSetting = 0.01
    machines: MachinesSetting = 1
    classical_speedup: SpeedupSetting = 1.0
    cores: Annotated[int, Least(1), Help("cores of the classical machine, all of which draw")] = 2
    drift: DriftSetting = DRIFT

    def speed(self, efficiency: Estimate | None = None) -> Estimate:
        """Return how many times as much the classical machine draws as one core of this one.

        Parameters
        ----------
        efficiency
            Of several cores, as measured; None takes 1.
        """
        one = self.classical_speedup
        if self.cores == 1 or efficiency is None:
            return Estimate(one * self.cores, one * self.cores, one * self.cores, 1)
        return efficiency.times(one * self.cores)

    @property
    def step(self) -> float:
        """Seconds of a logical step of the error-corrected machine: d rounds."""
        return self.distance * self.cycle
