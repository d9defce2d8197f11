"""The state |y> of the labels, which costs no gate on two qubits."""

import math

import numpy as np
from numpy.typing import ArrayLike
from qiskit import QuantumCircuit

from problems.errors import InputError
from problems.kernel_training.checks import two_labels

__all__ = ["label_state"]


def label_state(labels: ArrayLike) -> QuantumCircuit:
    """Return |0...0> -> n^(-1/2) sum_j y_j |j>, for labels -1 in the first half and +1 in the second.

    The most significant qubit is the label: H on all qubits and Z on it make -|y>, and the circuit's global phase makes
    it |y>. Under a control, where a phase counts, that phase is a Z on the control.

    Parameters
    ----------
    labels
        -1 and +1, shape (n,), n a power of two.

    Raises
    ------
    InputError
        If the labels are others, in another order, of other numbers, or n is no power of two.
    """
    y = two_labels("labels", labels)
    n = len(y)
    if n & (n - 1) or not np.array_equal(y, np.repeat([-1.0, 1.0], n // 2)):
        raise InputError(
            f"{n} labels are no state of one label qubit; give a power of two of them, the first half -1 and the "
            "second +1, or prepare their amplitudes."
        )
    circuit = QuantumCircuit(n.bit_length() - 1, name="labels", global_phase=math.pi)
    circuit.h(circuit.qubits)
    circuit.z(circuit.qubits[-1])
    return circuit
