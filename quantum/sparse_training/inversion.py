"""The history by inverting L/alpha: a polynomial close to 1/x of its singular values."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from quantum.blocks import InversePolynomial, inverse_polynomial, symmetric_phases
from quantum.blocks.kernel_reflection import BlockEncoding, preparation
from quantum.blocks.pieces import Piece, qsvt_pieces
from quantum.blocks.qsvt import Qsvt

__all__ = ["SystemInversion"]

HEIGHT = 0.999
"""What enters the circuit is the polynomial over its largest value, times this: phases need room."""


class SystemInversion:
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
        self.polynomial: InversePolynomial = inverse_polynomial(self.kappa, epsilon)

    @property
    def degree(self) -> int:
        """The polynomial's degree."""
        return self.polynomial.degree

    @property
    def queries(self) -> int:
        """Block encodings of a run: the degree."""
        return self.degree

    @property
    def height(self) -> float:
        """What P is multiplied by."""
        return HEIGHT / self.polynomial.maximum

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

    @cached_property
    def phases(self) -> NDArray[np.float64]:
        """Symmetric phases of the polynomial times `height`, shape (degree + 1,)."""
        return symmetric_phases(self.polynomial.coefficients * self.height)

    @property
    def qubits(self) -> int:
        """The width of the circuit."""
        return self.encoding.num_qubits + 1

    @property
    def flags(self) -> dict[int, int]:
        """The qubits that say success, and what they then hold."""
        return dict.fromkeys(range(self.encoding.system_qubits, self.qubits), 0)

    def _load(self) -> QuantumCircuit:
        circuit = QuantumCircuit(self.qubits, name="inversion")
        circuit.append(preparation(self.right_side), range(self.encoding.system_qubits))
        return circuit

    @cached_property
    def gate(self) -> Qsvt:
        """The inversion, without the loading of b."""
        return Qsvt(self.encoding, self.phases, adjoint=True)

    @cached_property
    def circuit(self) -> QuantumCircuit:
        """The loading of b and the inversion, not measured."""
        return self._load().compose(self.gate.definition)

    def pieces(self) -> list[Piece]:
        """Return what the circuit is made of, for counting."""
        return qsvt_pieces(self.gate, self._load())
