"""Backends of any vendor, run by themselves through Qiskit's own sampler, and never simulated in their place."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BackendSamplerV2
from qiskit.providers import BackendV2, Options
from qiskit.result import Result
from qiskit.transpiler import Target

from problems.errors import InputError
from quantum.backends.device import Device
from quantum.backends.errors import ServiceError
from quantum.backends.fitting import FittedCircuit
from quantum.backends.options import Suppression
from quantum.backends.shots import shots_of_counts, shots_of_data
from quantum.backends.snapshots import working_target

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
        """What its vendor calls it."""
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
        return (f"{self.name} is run through Qiskit's BackendSamplerV2, which knows no {chosen}: it is left out.",)

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
            If the backend failed, or fewer shots or bits came back than were asked for.
        """
        witness = _Witness(self.backend)
        sampler = BackendSamplerV2(backend=witness, options={"seed_simulator": seed})
        data = sampler.run([self.circuit], shots=shots).result()[0].data
        # Without single shots the sampler returns zeros, and says nothing.
        (result,) = witness.results
        if getattr(result.results[0].data, "memory", None):
            return shots_of_data(data, self.circuit, shots, self.name)
        if getattr(result.results[0].data, "counts", None):
            return shots_of_counts(result.get_counts(0), self.circuit, shots, seed)
        raise InputError(
            f"{self.name} gave neither single shots nor counts, so that all {shots} shots would read as zeros; its run "
            "must take memory=True, or give its vendor's BaseSamplerV2 as the backend."
        )


class _Witness(BackendV2):
    """A vendor's backend that keeps what it returned."""

    def __init__(self, backend: BackendV2) -> None:
        super().__init__(name=backend.name or type(backend).__name__)
        self._backend = backend
        self.results: list[Result] = []

    @property
    def target(self) -> Target:
        return self._backend.target

    @property
    def max_circuits(self) -> int | None:
        return self._backend.max_circuits

    @classmethod
    def _default_options(cls) -> Options:
        return Options()

    def run(self, run_input: Any, **options: Any) -> "_WitnessedJob":
        # A device has no seed, and may refuse what it does not know.
        if "seed_simulator" not in self._backend.options:
            del options["seed_simulator"]
        return _WitnessedJob(self._backend.run(run_input, **options), self, options["shots"])

    def keep(self, result: Result, shots: int) -> None:
        if not result.success:
            raise ServiceError(f"{self.name} could not run the circuit: {result.status}")
        memory = getattr(result.results[0].data, "memory", None)
        if memory and len(memory) != shots:
            raise ServiceError(
                f"{self.name} returned half a result: {len(memory)} shots where {shots} were asked for; run again."
            )
        self.results.append(result)


@dataclass(frozen=True)
class _WitnessedJob:
    job: Any
    witness: _Witness
    shots: int

    def result(self) -> Result:
        result = self.job.result()
        self.witness.keep(result, self.shots)
        return result
