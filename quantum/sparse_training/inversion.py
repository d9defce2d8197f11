"""The history by inverting L/alpha: a polynomial close to 1/x of its singular values."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from quantum.blocks import BlockEncoding, inverse_polynomial
from quantum.blocks.polynomial_solver import PolynomialSolver
from quantum.blocks.preparation import preparation
from quantum.blocks.qsvt import Qsvt

__all__ = ["SystemInversion"]


class SystemInversion(PolynomialSolver):
    """The circuit that turns b into the normalized solution of (L/alpha) x = b by quantum signal processing.

    Parameters
    ----------
    encoding
        Of L/alpha; any `BlockEncoding`.
    right_side
        b, normalized.
    epsilon
        The error of the inverse polynomial, relative, in (0, 1).

    Notes
    -----
    Gilyen, Su, Low and Wiebe, arXiv:1806.01838, theorem 41: the odd polynomial P of the adjoint block turns
    V S U' b into about V S^-1 U' b. Success is (height |x|/max |P|)^2: it falls as (|x|/kappa)^2.
    Registers: the system, the encoding's ancillas, the qubit `real`. Success: all but the system are 0. Decomposition:
    b loaded, then a `Qsvt` of the adjoint block.
    """

    def __init__(self, encoding: BlockEncoding, right_side: NDArray[Any], epsilon: float) -> None:
        self.encoding, self.right_side, self.epsilon = encoding, right_side, epsilon
        self.kappa = max(encoding.condition, 1.0)
        self.polynomial = inverse_polynomial(self.kappa, epsilon)

    @cached_property
    def branch(self) -> NDArray[Any]:
        """The amplitudes of the system where all flags say success, its squared norm the success.

        What the circuit does, without one: the polynomial by its Chebyshev recursion.
        """
        c, block = self.polynomial.coefficients, self.encoding
        before, now = self.right_side, block.apply(self.right_side, adjoint=True)
        found = c[1] * now
        for k in range(2, len(c)):
            before, now = now, 2 * block.apply(now, adjoint=bool(k % 2)) - before
            if k % 2:
                found = found + c[k] * now
        return np.asarray(found * self.height)

    @property
    def system_qubits(self) -> int:
        """Qubits of x."""
        return self.encoding.system_qubits

    def load(self) -> QuantumCircuit:
        """Return b on the system."""
        circuit = QuantumCircuit(self.qubits, name="inversion")
        circuit.append(preparation(self.right_side), range(self.encoding.system_qubits))
        return circuit

    @cached_property
    def gate(self) -> Qsvt:
        """The inversion, without the loading of b."""
        return Qsvt(self.encoding, self.phases, adjoint=True)
