"""The inversion of one kernel as a circuit: simulated, held against its polynomial, and counted."""

from dataclasses import dataclass

import numpy as np
from qiskit import QuantumCircuit

from problems.errors import InputError
from problems.memory import require_memory
from quantum.kernel_training.label_state import label_state
from quantum.kernel_training.phase_row import infidelity
from quantum.kernel_training.predictor import KernelPredictor
from quantum.resources import gate_counts

__all__ = ["CircuitRow", "circuit_row", "inversion_circuit"]

MOST_IMAGES = 32
"""A circuit of more has hundreds of thousands of gates."""


@dataclass(frozen=True)
class CircuitRow:
    """Size and effect of the circuit |0> -> f(A)|y>.

    Attributes
    ----------
    images, qubits
        Training images n, and the circuit's width.
    kappa, degree
        The condition number and D, the queries.
    two_qubit, depth
        CX gates and depth, compiled with all qubits connected.
    success
        The probability that the inversion is kept, by the circuit.
    error
        The largest difference of an amplitude from f(A)|y> by eigenvectors.
    infidelity
        1 - |<x|found>|^2 with the exact normalized solution x.
    """

    images: int
    qubits: int
    kappa: float
    degree: int
    two_qubit: int
    depth: int
    success: float
    error: float
    infidelity: float


def inversion_circuit(predictor: KernelPredictor) -> QuantumCircuit:
    """Return |0> -> f(A)|y>: registers `index`, `offset`, `real`, of which the last two are |0> where it worked.

    Raises
    ------
    InputError
        If n is no power of two, or the classes are not as many; see `label_state`.
    """
    inverse = predictor.inverse.circuit
    circuit = QuantumCircuit(*inverse.qregs, name="inversion")
    circuit.compose(label_state(predictor.task.y), circuit.qregs[0], inplace=True)
    circuit.compose(inverse, inplace=True)
    return circuit


def circuit_row(predictor: KernelPredictor) -> CircuitRow:
    """Simulate the inversion gate by gate, and count it.

    Raises
    ------
    InputError
        If there are more than 32 training images, or `inversion_circuit` refuses them.
    """
    from qiskit.quantum_info import Statevector

    n = predictor.task.n
    if n > MOST_IMAGES:
        raise InputError(f"n = {n} images are too many to be simulated gate by gate; give at most {MOST_IMAGES}.")
    circuit = inversion_circuit(predictor)
    require_memory(64 * 2**circuit.num_qubits, f"A state vector of {circuit.num_qubits} qubits", "take fewer images")
    counts = gate_counts(circuit, 1)
    kept = Statevector(circuit).data[:n]
    return CircuitRow(
        n,
        circuit.num_qubits,
        predictor.kappa,
        predictor.polynomial.degree,
        counts.two_qubit,
        counts.depth,
        float(np.linalg.norm(kept) ** 2),
        float(np.abs(kept - predictor.filtered).max()),
        infidelity(predictor, kept),
    )
