"""From a discrete logarithm to the residue it stands for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.finite_field import exponential_table
from quantum.blocks.dense_gate import DenseGate
from quantum.blocks.digits import digit_qubits, permutation_matrix

__all__ = ["DiscreteExponential"]


class DiscreteExponential(DenseGate):
    """|k> -> |g^k mod P> for k < P-1, with the smallest generator g; k = P-1 goes to 0, the rest stays.

    Parameters
    ----------
    prime
        The prime P.

    Notes
    -----
    Registers: one digit of ceil(log2 P) qubits. Decomposition: one permutation matrix, synthesized generically.
    """

    def __init__(self, prime: int) -> None:
        super().__init__("exponential", digit_qubits(prime), [prime])
        self.prime = prime

    def classical_action(self, k: int) -> int:
        """Return what the gate makes of a basis state."""
        if k >= self.prime:
            return k
        return 0 if k == self.prime - 1 else int(exponential_table(self.prime)[k])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        image = np.array([self.classical_action(k) for k in range(2**self.num_qubits)])
        return permutation_matrix(image).astype(dtype or complex)
