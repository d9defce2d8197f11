"""The reading of a sign with |k*> as the paper prepares it, in the branch of a flag."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister

from problems.errors import InputError
from problems.kernel_training.checks import two_labels
from quantum.blocks.multiplexed_rotation import multiplexed_rotation
from quantum.blocks.qsvt import Qsvt
from quantum.kernel_training.flagged_state import FlaggedKernelState

__all__ = ["FlaggedOverlap"]


class FlaggedOverlap:
    """A circuit whose control has E[Z] = <k| f(A) |y> / n, k clipped but not normalized, y the labels.

    Parameters
    ----------
    inversion
        f(A) as a circuit, with a control on its core.
    values
        Kernel values of a test image, scaled, shape (n,), n the rows of the encoding.
    labels
        -1 and +1, shape (n,).

    Raises
    ------
    InputError
        If shapes do not fit, a value is no finite number, or labels are others than -1 and +1.

    Notes
    -----
    Registers: those of the inversion, the `control`, and the `flag`. The control in |1> has the labels: the flag is
    turned by pi y_j, which is its sign and nothing else; in |0> it has |k*>: the flag is turned by 2 arcsin k_j. One
    multiplexed rotation does both, 2 n CX. What is left of |k*> with the flag in |0> meets nothing of the labels, so
    that the mean falls by the root of n / sum_j k_j^2 and shots need not be thrown away.
    """

    def __init__(self, inversion: Qsvt, values: ArrayLike, labels: ArrayLike) -> None:
        self.inversion = inversion
        self.state = FlaggedKernelState(values)
        self.labels = two_labels("labels", labels)
        rows = 2 ** (self.state.num_qubits - 1)
        if self.labels.shape != (rows,) or self.state.images != rows:
            raise InputError(
                f"{self.state.images} kernel values and {len(self.labels)} labels do not fit {rows} rows; give as many "
                "training images, a power of two."
            )

    @property
    def angles(self) -> NDArray[np.float64]:
        """The flag's rotations, shape (2 n,): |k*>'s for the control in |0>, then the labels'."""
        return np.concatenate([2 * np.arcsin(self.state.values), np.pi * self.labels])

    @property
    def circuit(self) -> QuantumCircuit:
        """The circuit, not measured; the mean is that of Z on `control`."""
        index = range(self.state.num_qubits - 1)
        inner, control, flag = (
            QuantumRegister(size, name)
            for size, name in ((self.inversion.num_qubits, "inversion"), (1, "control"), (1, "flag"))
        )
        circuit = QuantumCircuit(inner, control, flag, name="flagged_overlap")
        circuit.h([*index, control[0]])
        place = self.inversion.num_qubits
        multiplexed_rotation(circuit, self.angles, [*index, place], place + 1)
        circuit.append(self.inversion.controlled_core(), [*inner, control[0]])
        circuit.h(control)
        return circuit
