"""The cost of a good shot: queries of the block encoding, with failures and amplification counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from qiskit import QuantumCircuit

from problems.showing import ShowsFields
from quantum.blocks.amplitude_amplification import amplified_probability, paying_rounds
from quantum.blocks.pieces import Piece
from quantum.resources import clifford_t_counts, gate_counts

__all__ = ["GateCost", "SolverCost", "SolverGates", "gate_cost", "shot_queries", "solver_gates"]

ROTATION_ERROR = 1e-6
"""Operator norm to which rotations are synthesized for numbers of T gates."""


@dataclass(frozen=True)
class GateCost:
    """Gates, all qubits connected.

    Attributes
    ----------
    cx
        CNOTs.
    t
        T gates, every rotation synthesized by itself to 1e-6.
    """

    cx: int
    t: int

    def __add__(self, other: "GateCost") -> "GateCost":
        return GateCost(self.cx + other.cx, self.t + other.t)

    def times(self, count: int) -> "GateCost":
        """Return the cost of so many of it."""
        return GateCost(count * self.cx, count * self.t)


def gate_cost(circuit: QuantumCircuit, rotation_error: float = ROTATION_ERROR) -> GateCost:
    """Count the gates of a circuit; deterministic.

    Raises
    ------
    InputError
        If there are more rotations than are synthesized in minutes.
    """
    return GateCost(gate_counts(circuit).two_qubit, clifford_t_counts(circuit, rotation_error).t)


@dataclass(frozen=True)
class SolverGates:
    """Gates of a circuit by its parts.

    Attributes
    ----------
    load
        The right side.
    query
        One block encoding; of phase estimation a controlled walk, which is two.
    phases
        All phases between queries.
    whole
        All of it, as its parts are written: a compiler may find fewer.
    """

    load: GateCost
    query: GateCost
    phases: GateCost
    whole: GateCost


@dataclass(frozen=True, repr=False)
class SolverCost(ShowsFields):
    """The cost of a circuit.

    Attributes
    ----------
    method
        Its name.
    qubits
        Its width, readout included.
    alpha, condition, norm
        alpha, kappa_eff = alpha/sigma_min(L), and |x| with (L/alpha) x = b.
    degree
        Of the polynomial; of phase estimation the walks of a run.
    queries
        Block encodings of a run.
    success
        Probability that a run's flags say success.
    good
        Probability that a run can be read: success, the top time qubit, and the constant or a weight.
    rounds
        Of amplitude amplification, 0 where it does not help.
    queries_per_good_shot
        Expected: queries/good without amplification, or (2 rounds + 1) queries over what it brings.
    estimation_queries
        What the norm |x| takes where it is not known, once for a system; 0 for methods that do not need it.
    """

    method: str
    qubits: int
    alpha: float
    condition: float
    norm: float
    degree: int
    queries: int
    success: float
    good: float
    rounds: int
    queries_per_good_shot: float
    estimation_queries: int


def solver_gates(pieces: Sequence[Piece], rotation_error: float = ROTATION_ERROR) -> SolverGates:
    """Count the gates of a circuit piece by piece, each compiled once.

    Raises
    ------
    InputError
        If there are more rotations than are synthesized in minutes.
    """
    found = [(piece, gate_cost(piece.circuit, rotation_error)) for piece in pieces]
    none = GateCost(0, 0)
    phases = sum((cost.times(piece.times) for piece, cost in found if piece.name == "phase"), none)
    whole = sum((cost.times(piece.times) for piece, cost in found), none)
    named = {piece.name: cost for piece, cost in reversed(found)}
    return SolverGates(named["load"], named["query"], phases, whole)


def shot_queries(queries: int, good: float) -> tuple[int, float]:
    """Return the rounds of amplitude amplification that make a good shot cheapest, and what it then costs.

    Parameters
    ----------
    queries
        Of a run.
    good
        Probability that a run is good, in (0, 1].

    Raises
    ------
    InputError
        If the probability is not in (0, 1].
    """
    rounds = paying_rounds(good)
    return rounds, (2 * rounds + 1) * queries / amplified_probability(good, rounds)
