"""The ridgelet-sampling circuit: loader, transform, measurement (arXiv:2301.11936, with sparse data).

|0> --loader--> sum_m h_m |x_m>  --QFT_P on each of the D registers-->  sum_u h^(u)|u>
|0> --prepare--> sum_{v!=0} conj(r^(v))|v>
|u>|v> -> |u/v>|v>,  then the inverse QFT_P on v gives |b>.  Measured: (a, b) with probability |R[h](a,b)|^2.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Instruction

from problems.activations import Activation, activation_table
from problems.errors import choose, whole_number
from problems.finite_field import check_prime
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import check_problem
from quantum.blocks.digits import digits_to_bits
from quantum.blocks.ideal_loader import IdealLoader
from quantum.blocks.sparse_loader import SparseLoader
from quantum.blocks.sparse_state import SparseState
from quantum.ridgelet.binary import BinaryEncoding

__all__ = [
    "ENCODINGS",
    "LOADERS",
    "Encoding",
    "loaded_state",
    "ridgelet_circuit",
    "ridgelet_loader",
    "ridgelet_transform",
]


class Encoding(Protocol):
    """How digits of Z_P are held in qubits, and the ridgelet transform on them."""

    name: str
    prime: int
    digit_qubits: int

    def encode(self, digits: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Write digits (n, D) as bits of the data registers."""
        ...

    def decode(self, bits: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Read measured bits as digits (n, D+1), with a mark for valid rows."""
        ...

    def schmidt_rank(self, terms: int) -> int:
        """Bound the Schmidt rank during the circuit."""
        ...

    def transform(self, dimension: int, ridgelet: NDArray[np.float64]) -> QuantumCircuit:
        """Return the ridgelet transform on registers x_1, ..., x_D and v."""
        ...


ENCODINGS: dict[str, Callable[[int], Encoding]] = {"binary": BinaryEncoding}
"""Encodings by name: each is made from the prime."""

LOADERS: dict[str, type[Instruction]] = {"ideal": IdealLoader, "sparse": SparseLoader}
"""Loaders by name: instructions made from a `SparseState`."""


def ridgelet_transform(
    prime: int, dimension: int, activation: Activation = "relu", encoding: str = "binary"
) -> QuantumCircuit:
    """Return the ridgelet transform alone: no loader, no measurement, the preparation of v included.

    Parameters
    ----------
    prime
        The prime P.
    dimension
        The data dimension D >= 1.
    activation
        A name, or a table of P real numbers.
    encoding
        A name in `ENCODINGS`.

    Returns
    -------
    QuantumCircuit
        Registers x1, ..., xD and v; v starts in |0>. It sends |x> to the sum of R[delta_x](a,b)|a>|b>, a in the
        data registers and b in v.

    Raises
    ------
    InputError
        If an argument is out of range or unknown.
    """
    prime, dimension = check_prime(prime), whole_number("dimension", dimension, 1)
    chosen = choose("encoding", encoding, ENCODINGS)(prime)
    return chosen.transform(dimension, activation_table(activation, prime))


def loaded_state(problem: RidgeletProblem, encoding: Encoding) -> SparseState:
    """Return what the loader prepares: the amplitudes h over the data registers.

    With several outputs, the last ceil(log2 C) qubits hold the output, a class register that is never measured:
    the nodes are then the mixture over the outputs.
    """
    point, output = np.nonzero(problem.amplitudes)
    bits = encoding.encode(problem.points[point])
    class_bits = digits_to_bits(output[:, None], (problem.outputs - 1).bit_length())
    amplitudes = problem.amplitudes[point, output]
    return SparseState(np.hstack([bits, class_bits]), amplitudes / np.linalg.norm(amplitudes))


def ridgelet_loader(problem: RidgeletProblem, encoding: str = "binary", loader: str = "sparse") -> QuantumCircuit:
    """Return the loader alone, so that its cost can be told apart from the transform's.

    Parameters are those of `ridgelet_circuit`; the qubits are the data registers, then the output's.

    Raises
    ------
    InputError
        If the encoding or the loader is unknown, or the encoding does not take the prime.
    """
    chosen = choose("encoding", encoding, ENCODINGS)(check_problem(problem).prime)
    gate = choose("loader", loader, LOADERS)(loaded_state(problem, chosen))
    circuit = QuantumCircuit(gate.num_qubits, name=f"{loader}_loader")
    circuit.append(gate, circuit.qubits)
    return circuit


def ridgelet_circuit(problem: RidgeletProblem, encoding: str = "binary", loader: str = "ideal") -> QuantumCircuit:
    """Return the whole circuit, measured.

    Parameters
    ----------
    problem
        The problem whose nodes are drawn.
    encoding
        A name in `ENCODINGS`.
    loader
        A name in `LOADERS`. The ideal loader runs on simulators only.

    Returns
    -------
    QuantumCircuit
        Quantum registers x1, ..., xD, then `output` if there are several, then v; one classical register `node`
        with the digits of a_1, ..., a_D, b, to be read by the encoding's `decode`.

    Raises
    ------
    InputError
        If the encoding or the loader is unknown, or the encoding does not take the prime.
    """
    problem = check_problem(problem)
    chosen = choose("encoding", encoding, ENCODINGS)(problem.prime)
    loading = ridgelet_loader(problem, encoding, loader)
    transform = chosen.transform(problem.dimension, problem.ridgelet)
    *x, v = transform.qregs
    output = QuantumRegister((problem.outputs - 1).bit_length(), "output")
    node = ClassicalRegister(transform.num_qubits, "node")
    circuit = QuantumCircuit(*x, *([output] if len(output) else []), v, node, name=f"ridgelet_{encoding}_{loader}")
    data = [qubit for register in x for qubit in register]
    circuit.compose(loading, qubits=[*data, *output], inplace=True)
    circuit.compose(transform, qubits=[*data, *v], inplace=True)
    circuit.measure([*data, *v], node)
    return circuit
