"""Circuits by their parts, each of which is counted once."""

from dataclasses import dataclass

from qiskit import QuantumCircuit

from quantum.blocks.qsvt import Qsvt

__all__ = ["Piece", "qsvt_pieces"]


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of a circuit, for counting.

    Attributes
    ----------
    name
        "load", "query" or "phase".
    circuit
        Its gates, alone.
    times
        How often it occurs.
    """

    name: str
    circuit: QuantumCircuit
    times: int


def qsvt_pieces(gate: Qsvt, load: QuantumCircuit) -> list[Piece]:
    """Return what `load` and then a polynomial of a block are made of; phases stand at an angle of no Clifford gate."""
    query = QuantumCircuit(gate.encoding.num_qubits)
    query.append(gate.encoding, query.qubits)
    first, second = (gate.left, gate.right) if gate.adjoint else (gate.right, gate.left)
    count = gate.degree + 1
    phases = [Piece("phase", first.phase(1.0), count - count // 2), Piece("phase", second.phase(1.0), count // 2)]
    return [Piece("load", load, 1), Piece("query", query, gate.degree), *phases]
