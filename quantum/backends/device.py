"""The common ground of all devices: a circuit is fitted to their gates once, and runs as it was fitted."""

from abc import ABC, abstractmethod

from qiskit import QuantumCircuit
from qiskit.transpiler import Target

from problems.errors import InputError
from quantum.backends.fitting import FittedCircuit, check_width, fit_circuit
from quantum.backends.protocols import Program

__all__ = ["Device"]


class Device(ABC):
    """A backend that takes gates alone."""

    device = True
    noiseless = False
    """Whether it is a simulator without noise, whose gates have no errors to state."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The name by which callers know it."""

    @property
    @abstractmethod
    def target(self) -> Target | None:
        """The gates that work, and their calibration; None where nothing is known of them."""

    def check(self, qubits: int, rank: int, limit: int | None = None) -> None:
        """Refuse a circuit that is too wide for the device; see `Backend.check`.

        Raises
        ------
        InputError
            If it is, or a bond dimension is given.
        """
        del rank  # noise leaves no bound on it
        if limit is not None:
            raise InputError(
                f"bond_dimension = {limit!r} says nothing to {self.name}; leave it out, or use backend='aer_mps'."
            )
        if self.target is not None:
            check_width(qubits, self.target, self.name)

    def prepare(self, circuit: QuantumCircuit, rank: int, limit: int | None = None) -> Program:
        """Fit a circuit to the device; nothing runs yet.

        Raises
        ------
        InputError
            If it does not fit, or the device cannot run it as it is asked to.
        """
        self.check(circuit.num_qubits, rank, limit)
        if self.target is None:
            return self._ready(self._unfitted(circuit), None)
        fitted = fit_circuit(circuit, self.target, self.name, noiseless=self.noiseless)
        return self._ready(fitted.circuit, fitted)

    def program(self, circuit: QuantumCircuit, rank: int = 0) -> Program:
        """Make a program of a circuit that was fitted to the device before; a seed gives the same shots.

        Raises
        ------
        InputError
            If the device cannot run it as it is asked to.
        """
        del rank
        return self._ready(circuit, None)

    def _unfitted(self, circuit: QuantumCircuit) -> QuantumCircuit:
        """Return the circuit for a device of which nothing is known."""
        return circuit

    @abstractmethod
    def _ready(self, circuit: QuantumCircuit, fitted: FittedCircuit | None) -> Program:
        """Return a circuit in the device's gates, ready to run; `fitted` is None for one from a record."""
