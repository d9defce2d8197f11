"""What is assumed about machines: every number that turns counted circuits into seconds, and cannot be counted."""

from dataclasses import dataclass

from problems.errors import InputError, non_negative, whole_number

__all__ = ["ERROR_CORRECTED", "MACHINES", "REP_DELAY", "RESET", "Assumptions"]

REP_DELAY = 250e-6
"""Seconds between two shots where a device states none: the default of IBM's current ones."""

RESET = 1.6e-6
"""Seconds of the reset that comes before each shot, on IBM's devices."""

MACHINES = {
    "device": "{device}, errors ignored",
    "device with errors": "{device}, shots lost to errors",
    "one T at a time": "error-corrected, T one by one",
    "T layers at once": "error-corrected, T layers at once",
}
"""Machines by name, and in words."""

ERROR_CORRECTED = ("one T at a time", "T layers at once")
"""Those that take circuits of any width."""


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
