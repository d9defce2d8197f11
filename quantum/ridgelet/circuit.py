"""The ridgelet-sampling circuit: loader, transform, measurement (arXiv:2301.11936, with sparse data).

|0> --loader--> sum_m h_m |x_m>  --QFT_P on each of the D registers-->  sum_u h^(u)|u>
|0> --prepare--> sum_{v!=0} conj(r^(v))|v>
|u>|v> -> |u/v>|v>,  then the inverse QFT_P on v gives |b>.  Measured: (a, b) with probability |R[h](a,b)|^2.
"""

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from numpy import int64
from numpy.random import Generator
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from problems.activations import Activation, activation_table
from problems.errors import InputError, choose, whole_number, yes_or_no
from problems.finite_field import check_prime
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import check_problem
from quantum.blocks.sparse_loader import measured_loading
from quantum.ridgelet.binary import BinaryEncoding
from quantum.ridgelet.crt import CRTEncoding
from quantum.ridgelet.loaders import DataEncoding, loaded_state, loader_gate
from quantum.ridgelet.rader import RaderEncoding

__all__ = [
    "ENCODINGS",
    "DynamicEncoding",
    "Encoding",
    "circuit_metadata",
    "encodings_of",
    "measured_loader",
    "measured_transform",
    "ridgelet_circuit",
    "ridgelet_loader",
    "ridgelet_transform",
]


class Encoding(DataEncoding, Protocol):
    """How digits of Z_P are held in qubits, and the ridgelet transform on them."""

    name: str
    prime: int
    digit_qubits: int

    def complete(self, digits: NDArray[int64]) -> QuantumCircuit:
        """Return what turns the basis states `encode(digits)` into the digits' states."""
        ...

    def decode(self, bits: NDArray) -> tuple[NDArray[int64], NDArray]:
        """Read measured bits as digits (n, D+1), with a mark for valid rows."""
        ...

    def encode_measured(self, digits: NDArray[int64], rng: Generator) -> NDArray:
        """Write digits (n, D+1) as bits, distributed as the circuit measures them; `decode` is the inverse."""
        ...

    def schmidt_rank(self, terms: int) -> int:
        """Bound the Schmidt rank during the circuit."""
        ...

    def transform(self, dimension: int, ridgelet: NDArray, exact: bool, fractional: bool) -> QuantumCircuit:
        """Return the ridgelet transform on registers x_1, ..., x_D and v."""
        ...


@runtime_checkable
class DynamicEncoding(Encoding, Protocol):
    """An encoding whose transforms that end in a measurement can be semiclassical."""

    def dynamic_transform(self, dimension: int, ridgelet: NDArray, fractional: bool) -> QuantumCircuit:
        """Return the transform with every register measured on the way into the classical register `node`."""
        ...


ENCODINGS: dict[str, Callable[[int], Encoding]] = {
    "binary": BinaryEncoding,
    "rader": RaderEncoding,
    "crt": CRTEncoding,
}
"""Encodings by name: each is made from the prime."""


def encodings_of(prime: int) -> list[str]:
    """Return the names of the encodings that take a prime."""
    return [name for name, make in ENCODINGS.items() if _takes(make, prime)]


def _takes(make: Callable[[int], Encoding], prime: int) -> bool:
    try:
        make(prime)
    except InputError:
        return False
    return True


def ridgelet_transform(
    prime: int,
    dimension: int,
    activation: Activation = "relu",
    encoding: str = "binary",
    exact: bool = False,
    fractional: bool = False,
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
        A name in `ENCODINGS`: "binary", "rader" or "crt".
    exact
        Whether the amplitudes are R[h] with their phases. Without it they may differ by phases that depend on the
        outcome (a, b) alone, which no measurement of it sees: with the other encodings that saves a two-qubit gate a
        digit where P - 1 is a multiple of 4. The binary transform always is exact.
    fractional
        Whether to write phases on two qubits as RZZ gates of any angle, for devices that have them. The rader encoding
        alone has such a form; the others stay as they are.

    Returns
    -------
    QuantumCircuit
        Registers x1, ..., xD and v; v starts in |0>. It sends |x> to the sum of R[delta_x](a,b)|a>|b>, a in the
        data registers and b in v.

    Raises
    ------
    InputError
        If an argument is out of range or unknown, or the encoding does not take the prime.
    """
    prime, dimension = check_prime(prime), whole_number("dimension", dimension, 1)
    chosen = choose("encoding", encoding, ENCODINGS)(prime)
    ridgelet = activation_table(activation, prime)
    return chosen.transform(dimension, ridgelet, yes_or_no("exact", exact), yes_or_no("fractional", fractional))


def measured_transform(
    prime: int,
    dimension: int,
    activation: Activation = "relu",
    encoding: str = "binary",
    dynamic: bool = False,
    fractional: bool = False,
) -> QuantumCircuit:
    """Return the ridgelet transform and the measurement of all its registers, without a loader.

    Parameters are those of `ridgelet_transform` and `ridgelet_circuit`; the classical register is `node`.

    Raises
    ------
    InputError
        If an argument is out of range or unknown, or the encoding does not take the prime or is not dynamic.
    """
    prime, dimension = check_prime(prime), whole_number("dimension", dimension, 1)
    chosen = choose("encoding", encoding, ENCODINGS)(prime)
    return _measured(chosen, dimension, activation_table(activation, prime), dynamic, fractional)


def _measured(encoding: Encoding, dimension: int, ridgelet: NDArray, dynamic: bool, fractional: bool) -> QuantumCircuit:
    fractional = yes_or_no("fractional", fractional)
    if not yes_or_no("dynamic", dynamic):
        circuit = encoding.transform(dimension, ridgelet, exact=False, fractional=fractional)
        node = ClassicalRegister(circuit.num_qubits, "node")
        circuit.add_register(node)
        circuit.measure(circuit.qubits, node)
        return circuit
    if not isinstance(encoding, DynamicEncoding):
        raise InputError(
            f"dynamic=True needs transforms made of Hadamards and phases, which encoding={encoding.name!r} has not; "
            "use encoding='rader', for the primes 3, 5, 17 and 257."
        )
    return encoding.dynamic_transform(dimension, ridgelet, fractional)


def ridgelet_loader(
    problem: RidgeletProblem, encoding: str = "binary", loader: str = "sparse", ancillas: bool = True
) -> QuantumCircuit:
    """Return the loader alone, so that its cost can be told apart from the transform's.

    Parameters are those of `ridgelet_circuit`; the qubits are the data registers, then the output's, then the
    loader's own, which it leaves in |0>.

    Raises
    ------
    InputError
        If the encoding or the loader is unknown, the encoding does not take the prime, or the loader would be huge.
    """
    problem = check_problem(problem)
    return _loader_on(problem, choose("encoding", encoding, ENCODINGS)(problem.prime), loader, ancillas)


def measured_loader(problem: RidgeletProblem, encoding: str = "binary") -> QuantumCircuit:
    """Return the sparse loader whose ancillas are cleaned by measurements, on the way and fed forward.

    Parameters are those of `ridgelet_circuit`; the qubits are those of `ridgelet_loader`, with a classical bit for
    each ancilla. Where measuring saves nothing it is that loader.

    Raises
    ------
    InputError
        As `ridgelet_loader` does.
    """
    problem = check_problem(problem)
    chosen = choose("encoding", encoding, ENCODINGS)(problem.prime)
    loader_gate(problem, chosen, "sparse", ancillas=False)  # refuses what would be huge
    circuit = measured_loading(loaded_state(problem, chosen))
    completion = chosen.complete(problem.points)
    return circuit.compose(completion, circuit.qubits[: completion.num_qubits])


def _loader_on(problem: RidgeletProblem, encoding: Encoding, loader: str, ancillas: bool) -> QuantumCircuit:
    """Return the loader for an encoding: the listed basis states, and what completes them."""
    gate = loader_gate(problem, encoding, loader, ancillas)
    circuit = QuantumCircuit(gate.num_qubits, name=f"{loader}_loader")
    circuit.append(gate, circuit.qubits)
    completion = encoding.complete(problem.points)
    return circuit.compose(completion, circuit.qubits[: completion.num_qubits])


def circuit_metadata(problem: RidgeletProblem, encoding: str) -> dict[str, Any]:
    """Return what a measured circuit carries as its `metadata`, plain data: how to read its bits, and of what problem.

    Fitting the circuit to a device keeps it, and so does a QPY file.
    """
    return {
        "encoding": encoding,
        "prime": problem.prime,
        "dimension": problem.dimension,
        "problem": problem.digest,
    }


def ridgelet_circuit(
    problem: RidgeletProblem,
    encoding: str = "binary",
    loader: str = "ideal",
    dynamic: bool = False,
    ancillas: bool = True,
    fractional: bool = False,
) -> QuantumCircuit:
    """Return the whole circuit, measured.

    Parameters
    ----------
    problem
        The problem whose nodes are drawn.
    encoding
        A name in `ENCODINGS`.
    loader
        A name in `LOADERS`. The ideal loader runs on simulators only.
    dynamic
        Whether the transforms that end in a measurement are semiclassical: their two-qubit gates become phases that
        depend on earlier outcomes, fed forward in the middle of the circuit. The rader encoding alone has it.
    ancillas
        Whether the sparse loader may take qubits of its own where that saves gates, as it does for more than 64
        terms; see `SparseLoader`. A simulator is better off without.
    fractional
        Whether phases on two qubits of the transform are RZZ gates; see `ridgelet_transform`.

    Returns
    -------
    QuantumCircuit
        Quantum registers x1, ..., xD; then `output` if there are several outputs, and `loader` if the loader needs
        qubits of its own; then v. One classical register `node` with the digits of a_1, ..., a_D, b, to be read by
        the encoding's `decode`. Its `metadata` is `circuit_metadata`.

    Raises
    ------
    InputError
        If the encoding or the loader is unknown, the encoding does not take the prime or is not dynamic, or the
        loader would be huge.
    """
    problem = check_problem(problem)
    chosen = choose("encoding", encoding, ENCODINGS)(problem.prime)
    transform = _measured(chosen, problem.dimension, problem.ridgelet, dynamic, fractional)
    loading = _loader_on(problem, chosen, loader, ancillas)
    *x, v = transform.qregs
    data = [qubit for register in x for qubit in register]
    output = QuantumRegister((problem.outputs - 1).bit_length(), "output")
    own = QuantumRegister(loading.num_qubits - len(data) - len(output), "loader")
    between = [register for register in (output, own) if len(register)]
    node = ClassicalRegister(transform.num_clbits, "node")
    name, label = f"ridgelet_{encoding}_{loader}", circuit_metadata(problem, encoding)
    circuit = QuantumCircuit(*x, *between, v, node, name=name, metadata=label)
    circuit.compose(loading, qubits=[*data, *output, *own], inplace=True)
    circuit.barrier()  # a matrix product state gets its qubits in order again
    circuit.compose(transform, qubits=[*data, *v], clbits=node, inplace=True)
    return circuit
