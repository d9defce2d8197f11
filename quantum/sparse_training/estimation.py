"""The history by phase estimation, in the way of Harrow, Hassidim and Lloyd: a peer."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from problems.errors import InputError
from quantum.blocks.phase_response import MOST_BITS, PhaseResponse
from quantum.blocks.pieces import Piece
from quantum.blocks.preparation import preparation
from quantum.blocks.walk_phase_estimation import ControlledWalk, WalkPhaseEstimation
from quantum.sparse_training.carleman_encoding import CarlemanEncoding
from quantum.sparse_training.carleman_walk import CarlemanWalk

__all__ = ["SystemEstimation"]

MARGIN = 1.1
"""Eigenvalues are inverted from 1/(1.1 kappa) on: at 1/kappa itself the filter's edge would be felt."""

GRID = 41
"""Singular values at which the response is held against the inverse."""


class SystemEstimation:
    """The circuit that turns b into the normalized solution of (L/alpha) x = b by phase estimation.

    Parameters
    ----------
    encoding
        Of L/alpha.
    right_side
        b, normalized.
    epsilon
        The error of the inverse, relative, in (0, 1): it says how many bits of phase are taken.

    Notes
    -----
    L is not Hermitian: [[0, L], [L', 0]] is, with eigenvalues +-sigma, and its inverse turns (b, 0) into (0, x). Its
    block encoding takes one of L and one of its adjoint (`CarlemanWalk`), so that a walk is two queries. The response
    of an eigenvalue is that of `PhaseResponse`, odd as the inverse is.
    Registers: the system, the row of blocks, the encoding's ancillas, the phase, the flag. Success: the row is 1, the
    flag is 1, all else but the system 0. Decomposition: `WalkPhaseEstimation`.
    """

    def __init__(self, encoding: CarlemanEncoding, right_side: NDArray[Any], epsilon: float) -> None:
        self.encoding, self.right_side, self.epsilon = encoding, right_side, epsilon
        if not 0 < epsilon < 1:
            raise InputError(f"epsilon = {epsilon} is out of range; give an error between 0 and 1, both excluded.")
        self.kappa = max(encoding.condition, 1.0)
        self.response = self._fewest_bits()

    def _fewest_bits(self) -> PhaseResponse:
        sigma = np.exp(-np.log(self.kappa) * np.linspace(0, 1, GRID))
        kappa = MARGIN * self.kappa
        # The phases of two such eigenvalues are 1/kappa apart: fewer bits do not tell them from 0.
        for bits in range(max(2, int(np.log2(self.kappa))), MOST_BITS - 4):
            response = PhaseResponse(bits, kappa)
            if np.abs(kappa * sigma * response.amplitudes(sigma) - 1).max() <= self.epsilon:
                return response
        raise InputError(
            f"kappa = {self.kappa:.4g} and epsilon = {self.epsilon} take more bits of phase than are simulated; allow "
            "a larger error or take method='qsvt'."
        )

    @property
    def degree(self) -> int:
        """Walks of a run."""
        return self.response.walks

    @property
    def queries(self) -> int:
        """Block encodings of a run: one and an adjoint for each walk."""
        return 2 * self.response.walks

    @cached_property
    def branch(self) -> NDArray[Any]:
        """The amplitudes of the system where all flags say success, its squared norm the success, in closed form."""
        u, sigma, vh = np.linalg.svd(self.encoding.matrix())
        return np.asarray(
            vh.conj().T @ (self.response.amplitudes(np.minimum(sigma, 1)) * (u.conj().T @ self.right_side))
        )

    @property
    def qubits(self) -> int:
        """The width of the circuit."""
        return self.encoding.num_qubits + 1 + self.response.bits + 1

    @property
    def flags(self) -> dict[int, int]:
        """The qubits that say success, and what they then hold."""
        row, flag = self.encoding.system_qubits, self.qubits - 1
        return {row: 1, **dict.fromkeys(range(row + 1, flag), 0), flag: 1}

    def _load(self) -> QuantumCircuit:
        circuit = QuantumCircuit(self.qubits, name="estimation")
        circuit.append(preparation(self.right_side), range(self.encoding.system_qubits))
        return circuit

    @cached_property
    def circuit(self) -> QuantumCircuit:
        """The loading of b and the inversion, not measured."""
        walk: Any = CarlemanWalk(self.encoding)
        circuit = self._load()
        circuit.append(WalkPhaseEstimation(walk, self.response.bits, self.response.kappa), circuit.qubits)
        return circuit

    def pieces(self) -> list[Piece]:
        """Return what the circuit is made of, for counting: its query is a controlled walk, which is two."""
        walk: Any = CarlemanWalk(self.encoding)
        forth, back = QuantumCircuit(walk.num_qubits + 1), QuantumCircuit(walk.num_qubits + 1)
        forth.append(ControlledWalk(walk), forth.qubits)
        back.append(ControlledWalk(walk).inverse(), back.qubits)
        written = WalkPhaseEstimation(walk, self.response.bits, self.response.kappa).definition
        rest = written.copy_empty_like()
        for instruction in written.data:
            if instruction.qubits[0] not in written.qubits[: walk.num_qubits]:
                rest.append(instruction)
        walks = [Piece("query", step, self.degree // 2) for step in (forth, back)]
        return [Piece("load", self._load(), 1), *walks, Piece("phase", rest, 1)]
