"""Any sampler that speaks Qiskit's interface, run as it is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BaseSamplerV2
from qiskit.transpiler import Target

from quantum.backends.device import Device
from quantum.backends.errors import failures_of
from quantum.backends.fitting import FittedCircuit
from quantum.backends.options import Suppression
from quantum.backends.shots import shots_of_data
from quantum.preset_passes import basis_passes

__all__ = ["PrimitiveBackend", "PrimitiveProgram"]

GATES = ("cx", "rz", "sx", "x")
"""Gates that every sampler knows."""


@dataclass(eq=False)
class PrimitiveBackend(Device):
    """A sampler.

    Attributes
    ----------
    sampler
        Has its own options, and its own seed if it has one.
    """

    sampler: BaseSamplerV2

    max_shots = None

    @property
    def name(self) -> str:
        """The name of the sampler's class."""
        return type(self.sampler).__name__

    @cached_property
    def target(self) -> Target | None:
        """The gates of the sampler's backend, where it tells; None otherwise."""
        backend = getattr(self.sampler, "backend", None)
        # A method of IBM's samplers, an attribute of Qiskit's.
        target = getattr(backend() if callable(backend) else backend, "target", None)
        return target if isinstance(target, Target) else None

    def notes(self, suppression: Suppression) -> tuple[str, ...]:
        """Return that the sampler's own options are left as they are."""
        chosen = " and ".join(suppression.chosen)
        return (f"{self.name} runs with its own options, so {chosen} is left out; switch it on there.",)

    def _unfitted(self, circuit: QuantumCircuit) -> QuantumCircuit:
        """Write the circuit in gates that every sampler knows."""
        control_flow = {one.name for one in circuit.data if one.is_control_flow()}
        basis = [*GATES, *sorted(control_flow)]
        return basis_passes(basis, 1, 0).run(circuit)

    def _ready(self, circuit: QuantumCircuit, fitted: FittedCircuit | None) -> "PrimitiveProgram":
        return PrimitiveProgram(self.sampler, circuit, fitted)


@dataclass(frozen=True, eq=False)
class PrimitiveProgram:
    """A circuit that a sampler runs.

    Attributes
    ----------
    sampler
        Runs it.
    circuit
        In the sampler's gates.
    fitted
        The circuit and what is expected of it, where the sampler's backend is known.
    """

    sampler: BaseSamplerV2
    circuit: QuantumCircuit
    fitted: FittedCircuit | None = None

    def run(self, shots: int, seed: int) -> NDArray[np.bool_]:
        """Return measured bits (shots, classical bits), bit 0 first; samplers take no seed, but may have their own.

        Raises
        ------
        ServiceError
            If the sampler failed, or fewer shots or bits came back than were asked for.
        """
        del seed
        name = type(self.sampler).__name__
        with failures_of(name):
            data = self.sampler.run([self.circuit], shots=shots).result()[0].data
        return shots_of_data(data, self.circuit, shots, name)
