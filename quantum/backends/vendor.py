"""Backends of any vendor, run by themselves, and never simulated in their place."""

import inspect
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.providers import BackendV2
from qiskit.transpiler import Target

from quantum.backends.device import Device
from quantum.backends.errors import failures_of
from quantum.backends.fitting import FittedCircuit
from quantum.backends.options import Suppression
from quantum.backends.snapshots import working_target
from quantum.backends.vendor_result import shots_of_result

__all__ = ["VendorBackend", "VendorProgram"]


@dataclass(eq=False)
class VendorBackend(Device):
    """A backend of any vendor.

    Attributes
    ----------
    backend
        Runs circuits itself.
    """

    backend: BackendV2

    @property
    def name(self) -> str:
        """The name that its vendor gives it."""
        return self.backend.name or type(self.backend).__name__

    @property
    def max_shots(self) -> int | None:
        """The most shots of one run, where the vendor tells."""
        limit = getattr(self.backend, "max_shots", None)
        return limit if isinstance(limit, int) else None

    @cached_property
    def target(self) -> Target:
        """The gates that work, and their calibration."""
        return working_target(self.backend.target)

    def notes(self, suppression: Suppression) -> tuple[str, ...]:
        """Return that nothing is asked for: Qiskit's interface has no words for it."""
        chosen = " and ".join(suppression.chosen)
        return (f"{self.name} is run by Qiskit's common interface, which knows no {chosen}: it is left out.",)

    def _ready(self, circuit: QuantumCircuit, fitted: FittedCircuit | None) -> "VendorProgram":
        return VendorProgram(self.backend, circuit, self.name, fitted)


@dataclass(frozen=True, eq=False)
class VendorProgram:
    """A circuit that a vendor's backend runs.

    Attributes
    ----------
    backend
        Runs it.
    circuit
        In the backend's gates.
    name
        What the backend is called in messages.
    fitted
        The circuit and what is expected of it; None if it came from a record.
    """

    backend: BackendV2
    circuit: QuantumCircuit
    name: str
    fitted: FittedCircuit | None = field(default=None)

    def run(self, shots: int, seed: int) -> NDArray[np.bool_]:
        """Return measured bits (shots, classical bits), bit 0 first, in the order they were measured.

        A backend that gives counts alone has no order; the seed then decides it.

        Raises
        ------
        InputError
            If the backend gives neither shots nor counts.
        ServiceError
            If the backend failed, or returned another number of shots or bits than were asked for.
        """
        with failures_of(self.name):
            result = self.backend.run([self.circuit], **self._options(shots, seed)).result()
        return shots_of_result(result, self.circuit, shots, seed, self.name)

    def _options(self, shots: int, seed: int) -> dict[str, Any]:
        """Return what the backend's run takes: a device has no seed, and may refuse what it does not know."""
        options: dict[str, Any] = {"shots": shots}
        known = inspect.signature(self.backend.run).parameters
        if "memory" in known or any(one.kind is one.VAR_KEYWORD for one in known.values()):
            options["memory"] = True
        if "seed_simulator" in (self.backend.options or ()):
            options["seed_simulator"] = seed
        return options
