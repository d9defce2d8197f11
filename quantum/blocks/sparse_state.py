"""A quantum state with few nonzero amplitudes, listed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError

__all__ = ["SparseState"]


@dataclass(frozen=True, eq=False)
class SparseState:
    """sum_m amplitude_m |bits_m> with real amplitudes, none of them zero.

    Attributes
    ----------
    bits
        Distinct basis states, shape (M, n): entry (m, q) is the value of qubit q.
    amplitudes
        Shape (M,), Euclidean norm 1.

    Raises
    ------
    InputError
        If the shapes disagree, a basis state repeats, an amplitude is zero, or the norm is not 1.
    """

    bits: NDArray[np.bool_]
    amplitudes: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.bits.ndim != 2 or self.amplitudes.shape != (len(self.bits),):
            raise InputError(
                f"A sparse state needs bits (M, n) and amplitudes (M,); got {self.bits.shape} and "
                f"{self.amplitudes.shape}."
            )
        if len({row.tobytes() for row in np.packbits(self.bits, axis=1)}) < len(self.bits):
            raise InputError("A basis state is listed twice; add the amplitudes of equal basis states first.")
        # So written, NaN is refused too.
        if not (np.all(self.amplitudes) and abs(np.linalg.norm(self.amplitudes) - 1) <= 1e-9):
            raise InputError("The amplitudes must be nonzero with norm 1; drop zeros and normalize them.")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SparseState):
            return NotImplemented
        return np.array_equal(self.bits, other.bits) and np.array_equal(self.amplitudes, other.amplitudes)

    def __len__(self) -> int:
        return len(self.amplitudes)

    @property
    def num_qubits(self) -> int:
        """The number of qubits n."""
        return self.bits.shape[1]

    def extended(self, num_qubits: int) -> "SparseState":
        """Return the state with further qubits in |0> at the end."""
        padding = np.zeros((len(self), num_qubits - self.num_qubits), dtype=bool)
        return SparseState(np.hstack([self.bits, padding]), self.amplitudes)

    def vector(self) -> NDArray[np.complex128]:
        """Return all 2^n amplitudes, qubit 0 the lowest bit of the index."""
        vector = np.zeros(2**self.num_qubits, dtype=complex)
        vector[self.bits @ (1 << np.arange(self.num_qubits))] = self.amplitudes
        return vector

    def matrix_product(self) -> tuple[list[tuple[NDArray, NDArray]], list[NDArray]]:
        """Return the state as a matrix product in Vidal's canonical form (Gamma tensors, Schmidt values).

        Each Gamma is a pair of matrices, for the qubit's value 0 and 1, as Aer's `set_matrix_product_state`
        takes them. Bond dimension at most M, so O(n M^3) work (Vidal 2003, arXiv:quant-ph/0301063).
        """
        suffixes = self._suffix_classes()
        # The distinct suffixes of a cut are basis states, so they are an orthonormal basis of the right-hand side:
        # one sweep of singular value decompositions from the left is enough.
        first = np.unique(suffixes[0], return_index=True)[1]
        center = np.zeros((1, len(first)))
        center[0, suffixes[0]] = self.amplitudes
        schmidt, gammas, bonds = np.ones(1), [], []
        for q in range(self.num_qubits):
            left, right = suffixes[q], suffixes[q + 1]
            member = np.unique(left, return_index=True)[1]  # one basis state for each suffix
            theta = np.zeros((len(center), 2, right.max() + 1))
            theta[:, self.bits[member, q].astype(int), right[member]] = center[:, left[member]]
            u, values, v = np.linalg.svd(theta.reshape(-1, theta.shape[2]), full_matrices=False)
            kept = values > 1e-14 * values[0]
            u, values, v = u[:, kept], values[kept], v[kept]
            gamma = u.reshape(len(center), 2, -1) / schmidt[:, None, None]
            if q == self.num_qubits - 1:
                gamma = gamma * (values[0] * v[0, 0])
            else:
                bonds.append(values)
            gammas.append((gamma[:, 0].astype(complex), gamma[:, 1].astype(complex)))
            center, schmidt = values[:, None] * v, values
        return gammas, bonds

    def _suffix_classes(self) -> list[NDArray[np.int64]]:
        """Return, for each cut, a number for the values of the qubits behind it: one array (M,) a cut."""
        number = np.zeros(len(self), dtype=np.int64)
        classes = [number]
        for q in range(self.num_qubits - 1, -1, -1):
            pairs = 2 * number + self.bits[:, q]
            number = np.unique(pairs, return_inverse=True)[1].reshape(-1)
            classes.append(number)
        return classes[::-1]
