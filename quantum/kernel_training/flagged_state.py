"""The state |k*> of a test image: its kernel values with the training images as amplitudes.

Zlokapa, Neven, Lloyd, arXiv:2107.09200, section 3: a register runs over the training images, a flag is rotated by the
kernel value, clipped to [-1, 1], and one keeps what has the flag set, n / sum_j k*_j^2 tries on average.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate

from problems.arrays import as_numbers
from problems.errors import InputError
from quantum.blocks.amplitude_amplification import AmplitudeAmplification, amplified_probability, paying_rounds
from quantum.blocks.block_cost import written_cost
from quantum.blocks.multiplexed_rotation import multiplexed_rotation

__all__ = ["FlaggedKernelState"]


class FlaggedKernelState(Gate):
    """|0>|0> -> n^(-1/2) sum_j |j> (sqrt(1 - k_j^2) |0> + k_j |1>), with k clipped to [-1, 1].

    Parameters
    ----------
    values
        Kernel values of a test image with the training images, over the largest that they are to reach: shape (n,),
        n >= 2. Up to a power of two zeros are added: such images are never kept.

    Attributes
    ----------
    values
        Clipped and padded, shape (2^m,).
    images
        n, before padding.

    Raises
    ------
    InputError
        If there are fewer than two values, one is no finite real number, or all are zero.

    Notes
    -----
    Registers: m = log2 n qubits for the training image, then the flag, the highest qubit. Decomposition: H on the
    first, and one rotation of the flag for each of their values, by a Gray code. Cost: n CX at most, for n angles that
    were computed beforehand in O(n); an O(log n) circuit needs memory that answers in superposition.

    Examples
    --------
    >>> state = FlaggedKernelState([0.5, -1.5, 0.5, 0.5])
    >>> state.values.tolist(), f"{state.tries:.4f}"
    ([0.5, -1.0, 0.5, 0.5], '2.2857')
    """

    def __init__(self, values: ArrayLike) -> None:
        given = as_numbers("kernel values", values)
        if given.ndim != 1 or len(given) < 2 or given.dtype.kind not in "biuf" or not np.all(np.isfinite(given)):
            raise InputError(
                f"Kernel values of shape {given.shape} are no state; give at least two finite real numbers in a row."
            )
        if not np.any(np.square(given.astype(float))):
            raise InputError("All kernel values are zero, which is no state; give a test image that resembles one.")
        self.images = len(given)
        index_qubits = (len(given) - 1).bit_length()
        self.values = np.pad(np.clip(given.astype(float), -1, 1), (0, 2**index_qubits - len(given)))
        super().__init__("flagged_kernel_state", index_qubits + 1, [])

    @property
    def flag(self) -> int:
        """The flag's place among the qubits: the highest."""
        return self.num_qubits - 1

    @property
    def amplitudes(self) -> NDArray[np.float64]:
        """The state that is kept, |k*>: unit norm, shape (2^m,)."""
        return self.values / np.linalg.norm(self.values)

    @property
    def probability(self) -> float:
        """The flag's probability to be 1, sum_j k_j^2 / 2^m."""
        return float(np.mean(self.values**2))

    @property
    def tries(self) -> float:
        """The mean number of preparations until the flag is 1: n / sum_j k_j^2 where n is a power of two."""
        return 1 / self.probability

    @property
    def rounds(self) -> int:
        """The rounds of amplitude amplification that need the fewest preparations (2 t + 1) / probability; 0 is none.

        They pay, with 3 preparations in place of at least 4, as soon as the probability is below 0.317; at 1 / 87 they
        need 13 preparations a kept state.
        """
        return paying_rounds(self.probability)

    @property
    def amplified_tries(self) -> float:
        """The mean number of preparations for each state that is kept, with `rounds` rounds; `tries` without any."""
        return (2 * self.rounds + 1) / amplified_probability(self.probability, self.rounds)

    def amplified(self, rounds: int | None = None) -> AmplitudeAmplification:
        """Return the preparation with rounds of amplitude amplification; None takes `rounds`."""
        return AmplitudeAmplification(self, self.flag, self.rounds if rounds is None else rounds)

    def vector(self) -> NDArray[np.float64]:
        """Return the state before anything is kept, shape (2^(m+1),), the flag as the highest bit of the index."""
        return np.concatenate([np.sqrt(1 - self.values**2), self.values]) / np.sqrt(len(self.values))

    @property
    def two_qubit_gates(self) -> int:
        """The CX of the preparation, at most 2^m: where terms of the angles are zero, fewer."""
        return written_cost(self.definition).two_qubit

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, FlaggedKernelState) and np.array_equal(self.values, other.values)

    def _define(self) -> None:
        circuit = QuantumCircuit(self.num_qubits, name=self.name)
        index = list(range(self.flag))
        circuit.h(index)
        multiplexed_rotation(circuit, 2 * np.arcsin(self.values), index, self.flag)
        self.definition = circuit
