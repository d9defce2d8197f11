"""Any sampler that speaks Qiskit's interface, run as it is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, generate_preset_pass_manager
from qiskit.primitives import BaseSamplerV2
from qiskit.transpiler import Target

from quantum.backends.fitting import FittedCircuit, check_width, fit_circuit
from quantum.backends.options import Suppression
from quantum.backends.shots import no_bond_dimension, shots_of_data

__all__ = ["PrimitiveBackend", "PrimitiveProgram"]

GATES = ("cx", "rz", "sx", "x")
"""Gates that every sampler knows."""


@dataclass(eq=False)
class PrimitiveBackend:
    """A sampler.

    Attributes
    ----------
    sampler
        Has its own options, and its own seed if it has one.
    """

    sampler: BaseSamplerV2

    device = True
    max_shots = None

    @property
    def name(self) -> str:
        """What it is."""
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

    def check(self, qubits: int, rank: int, limit: int | None = None) -> None:
        """Refuse a circuit that is too wide for the sampler's backend, where it tells; see `Backend.check`.

        Raises
        ------
        InputError
            If it is, or a bond dimension is given.
        """
        del rank
        no_bond_dimension(limit, self.name)
        if self.target is not None:
            check_width(qubits, self.target, self.name)

    def prepare(self, circuit: QuantumCircuit, rank: int, limit: int | None = None) -> "PrimitiveProgram":
        """Fit a circuit to the sampler's backend, or write it in gates that every sampler knows.

        Raises
        ------
        InputError
            If it does not fit.
        """
        self.check(circuit.num_qubits, rank, limit)
        if self.target is not None:
            fitted = fit_circuit(circuit, self.target, self.name)
            return PrimitiveProgram(self.sampler, fitted.circuit, fitted)
        control_flow = {one.name for one in circuit.data if one.is_control_flow()}
        basis = [*GATES, *sorted(control_flow)]
        passes = generate_preset_pass_manager(optimization_level=1, basis_gates=basis, seed_transpiler=0)
        return PrimitiveProgram(self.sampler, passes.run(circuit))

    def program(self, circuit: QuantumCircuit, rank: int = 0) -> "PrimitiveProgram":
        """Make a program of a circuit that was fitted before."""
        del rank
        return PrimitiveProgram(self.sampler, circuit)


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
            If fewer shots or bits came back than were asked for.
        """
        del seed
        data = self.sampler.run([self.circuit], shots=shots).result()[0].data
        return shots_of_data(data, self.circuit, shots, type(self.sampler).__name__)
