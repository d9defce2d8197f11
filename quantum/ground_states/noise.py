"""Energies on a device's snapshot, with all of its noise, against |+>^N on the same qubits.

The density matrix is followed exactly: no shots, so that differences of a thousandth are seen.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.providers import BackendV2

from problems.ground_states import SpinModel
from quantum.backends.parts import compact
from quantum.backends.simulated_device import SimulatedProgram, used_qubits
from quantum.ground_states.placing import Placed, place, snapshot_device
from quantum.ground_states.settings import SETTINGS, Setting, check_circuit, setting_terms

__all__ = ["NoisyEnergy", "noisy_energy"]


@dataclass(frozen=True)
class NoisyEnergy:
    """The part of an energy that noise leaves, as relative errors (E - E0)/|E0|.

    Attributes
    ----------
    error, error_of_product
        Of the circuit, and of |+>^N on the same qubits.
    unread, unread_of_product
        The same without readout errors.
    two_qubit_gates
        On the device.
    qubits
        The device's qubit of each site.
    """

    error: float
    error_of_product: float
    unread: float
    unread_of_product: float
    two_qubit_gates: int
    qubits: tuple[int, ...]

    @classmethod
    def of(cls, model: SpinModel, energies: NDArray[np.float64], placed: Placed) -> Self:
        """Return it from energies, shape (2, 2): with and without readout errors, of the circuit and of |+>^N."""
        (read, product), (unread, bare) = [[model.relative_error(float(one)) for one in row] for row in energies]
        return cls(read, product, unread, bare, placed.two_qubit_gates, placed.sites)

    @property
    def wins(self) -> bool:
        """Whether the circuit's energy is lower than that of |+>^N, readout errors included."""
        return self.error < self.error_of_product


def noisy_energy(circuit: QuantumCircuit, model: SpinModel, backend: str | BackendV2 = "fake_fez") -> NoisyEnergy:
    """Return the energies of a circuit and of |+>^N on a snapshot, exactly.

    Parameters
    ----------
    circuit
        On N qubits, without classical bits.
    model
        The model.
    backend
        A snapshot, or its name.

    Raises
    ------
    InputError
        If the circuit has another number of qubits, the backend is no snapshot, it cannot take the circuit, or the
        density matrix does not fit in memory: see `noisy_clifford_energy` for the toric code.
    """
    check_circuit(circuit, model)
    device = snapshot_device(backend)
    placed = place(circuit, device)
    qubits, whole = used_qubits(placed.measured("Z")), device.program(placed.measured("Z"))
    assert isinstance(whole, SimulatedProgram)  # whose noise serves all circuits on its qubits
    energies = np.zeros((2, 2))  # read and unread, of the circuit and of the product state
    for setting in SETTINGS:
        table = _table(model, setting)
        for column, made in enumerate((placed.measured, placed.product)):
            program = replace(whole, circuit=compact(made(setting), qubits))
            energies[:, column] += [program.probabilities(read) @ table for read in (True, False)]
    return NoisyEnergy.of(model, energies, placed)


def _table(model: SpinModel, setting: Setting) -> NDArray[np.float64]:
    """Return a setting's energy of all bit strings, shape (2^N,): bit k of the number is site k."""
    groups, strength = setting_terms(model, setting)
    states = np.arange(1 << model.sites)
    energies = np.zeros(len(states))
    for sites in groups:
        parity = np.bitwise_count(states & sum(1 << site for site in sites)) & 1
        energies -= strength * (1.0 - 2.0 * parity)
    return energies
