"""The common parts of solvers by a polynomial of a block encoding: phases, circuit, flags and counts."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from quantum.blocks.block_cost import BlockCost
from quantum.blocks.block_encoding import BlockEncoding
from quantum.blocks.inverse_polynomial import InversePolynomial
from quantum.blocks.pieces import Piece, qsvt_pieces
from quantum.blocks.qsvt import Qsvt
from quantum.blocks.reflection_polynomial import ReflectionPolynomial
from quantum.blocks.symmetric_phases import symmetric_phases

__all__ = ["PolynomialSolver"]

HEIGHT = 0.999
"""The largest value of the polynomial in the circuit, into which it is scaled: phases need room below 1."""


class PolynomialSolver(ABC):
    """A circuit that loads b and applies a polynomial of a block, so that one branch of it holds the solution.

    Attributes
    ----------
    encoding
        The block encoding that the circuit applies.
    polynomial
        Unscaled.
    """

    encoding: BlockEncoding
    polynomial: InversePolynomial | ReflectionPolynomial

    @property
    @abstractmethod
    def system_qubits(self) -> int:
        """Qubits of x, the first ones."""

    @property
    @abstractmethod
    def branch(self) -> NDArray[Any]:
        """The amplitudes of the system where all flags say success, shape (2^system qubits,), without the circuit."""

    @property
    @abstractmethod
    def gate(self) -> Qsvt:
        """The polynomial, without the loading of b."""

    @abstractmethod
    def load(self) -> QuantumCircuit:
        """Return the loading of b, as wide as the circuit."""

    @property
    def qubits(self) -> int:
        """The width of the circuit: the encoding's qubits, and `real`."""
        return self.encoding.num_qubits + 1

    @property
    def degree(self) -> int:
        """The polynomial's degree: how often a run applies the block encoding or its adjoint."""
        return self.polynomial.degree

    @property
    def queries(self) -> int:
        """Block encodings of a run: the degree."""
        return self.degree

    @property
    def height(self) -> float:
        """The factor of the polynomial in the circuit: just below 1 over its largest value."""
        return HEIGHT / self.polynomial.maximum

    @property
    def success(self) -> float:
        """The probability that all flags say success."""
        return float(np.linalg.norm(self.branch) ** 2)

    @cached_property
    def phases(self) -> NDArray[np.float64]:
        """Symmetric phases of the polynomial times `height`, shape (degree + 1,), in radians."""
        return symmetric_phases(self.polynomial.coefficients * self.height)

    @property
    def flags(self) -> dict[int, int]:
        """The qubits that say success, and what they then hold: all but the system are 0."""
        return dict.fromkeys(range(self.system_qubits, self.qubits), 0)

    @cached_property
    def circuit(self) -> QuantumCircuit:
        """The loading of b and the polynomial, not measured."""
        return self.load().compose(self.gate.definition)

    @property
    def cost(self) -> BlockCost:
        """The cost of the circuit as it is written, without loading b."""
        return self.gate.cost

    def pieces(self) -> list[Piece]:
        """Return what the circuit is made of, for counting."""
        return qsvt_pieces(self.gate, self.load())
