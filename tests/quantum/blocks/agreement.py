"""One check that holds together everything a block says of itself, and the plain simulator behind it."""

import functools
import itertools

import numpy as np
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator

from quantum.resources import BASIS, gate_counts
from quantum.resources.counts import compile_to_basis, count_gates

ROUNDING = 1e-12
MANY = 64
"""Columns from which on a few random mixtures stand for all of them."""


def assert_block_agrees(gate, widths, expected, synthesize=True):
    """Hold together everything that a block gate says of itself.

    `widths` are the qubits of its registers, in order; `expected` is its matrix, written out by the caller from the
    definition, on the states `gate.code` if it has some, else on all basis states; `synthesize` also checks the gates
    that a device would run, up to a global phase, and what they cost.
    """
    code = gate.code if hasattr(gate, "code") else np.eye(2**gate.num_qubits)
    assert gate.num_qubits == sum(widths)
    assert gate.num_clbits == 0
    assert code.shape == (2**gate.num_qubits, len(expected))
    assert_close(code.conj().T @ code, np.eye(len(expected)))
    assert_close(expected.conj().T @ expected, np.eye(len(expected)))
    probes = probes_of(len(expected))
    inverse = gate.inverse()
    for block, matrix in [(gate, expected), (inverse, expected.conj().T), (inverse.inverse(), expected)]:
        assert block.num_qubits == block.definition.num_qubits == gate.num_qubits
        assert_close(act(block.definition, code @ probes), code @ matrix @ probes)
        if hasattr(block, "__array__"):
            assert_close(np.asarray(block), matrix)
            assert_close(Operator(block).data, matrix)
    assert hasattr(gate, "__array__") or hasattr(gate, "code")
    if hasattr(gate, "classical_action"):
        assert_action_agrees(gate, widths, np.asarray(gate))
    if synthesize:
        circuit = QuantumCircuit(gate.num_qubits)
        circuit.append(gate, range(gate.num_qubits))
        compiled = compile_to_basis(circuit)  # what `gate_counts` counts
        assert set(compiled.count_ops()) <= set(BASIS)
        assert_equal_up_to_phase(act(compiled, code @ probes), code @ expected @ probes, 1e-9)
        assert count_gates(compiled).two_qubit <= gate.two_qubit_gates
        if hasattr(gate, "code"):  # written by hand: the cost is a number, not a bound
            assert gate_counts(circuit, optimization_level=0).two_qubit == gate.two_qubit_gates


def assert_action_agrees(gate, widths, matrix):
    """Column by column: the gate sends one basis state to one basis state, the lowest register lowest in the index."""
    offsets = np.cumsum([0, *widths[:-1]])
    for values in itertools.product(*(range(2**width) for width in widths)):
        image = gate.classical_action(*values)
        image = image if isinstance(image, tuple) else (image,)
        column = sum(value << offset for value, offset in zip(values, offsets, strict=True))
        row = sum(value << offset for value, offset in zip(image, offsets, strict=True))
        assert np.flatnonzero(matrix[:, column]).tolist() == [row], values
        assert matrix[row, column] == 1


def assert_close(actual, expected, tolerance=ROUNDING):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance)


def assert_equal_up_to_phase(actual, expected, tolerance=ROUNDING):
    overlap = np.vdot(expected, actual)
    assert_close(actual, overlap / abs(overlap) * expected, tolerance)


def assert_equal_up_to_row_phases(actual, expected, tolerance=ROUNDING):
    """Row by row one phase, the same for all columns: what a measurement of the row cannot tell."""
    overlaps = np.sum(expected.conj() * actual, axis=1, keepdims=True)
    phases = np.where(abs(overlaps) > tolerance, overlaps, 1)
    assert_close(actual, phases / abs(phases) * expected, tolerance)


def probes_of(count):
    """Coefficients (count, n) of unit vectors that span everything, or of random mixtures where that is much."""
    if count <= MANY:
        return np.eye(count)
    rng = np.random.default_rng(count)
    mixtures = rng.normal(size=(count, 3)) + 1j * rng.normal(size=(count, 3))
    return mixtures / np.linalg.norm(mixtures, axis=0)


def act(circuit, states, outcomes=()):
    """Apply a circuit to states, the columns, gate by gate; a measurement keeps the branch of its bit in `outcomes`."""
    n = circuit.num_qubits
    tensor = np.exp(1j * circuit.global_phase) * np.reshape(states, [2] * n + [-1])  # qubit i is axis n-1-i
    measured = set()
    for step in circuit.data:
        operation, bits = step.operation, [circuit.find_bit(clbit).index for clbit in step.clbits]
        axes = [n - 1 - circuit.find_bit(qubit).index for qubit in reversed(step.qubits)]
        if operation.name == "measure":
            measured.add(bits[0])
            matrix = np.diag([1 - outcomes[bits[0]], outcomes[bits[0]]])
        elif operation.name == "if_else":
            assert measured.issuperset(bits)
            (condition, value), (body,) = operation.condition, operation.blocks
            matrix = Operator(_without_clbits(body)).data
            if outcomes[circuit.find_bit(condition).index] != value:
                matrix = np.eye(len(matrix))
        else:
            tensor = _applied(tensor, operation, axes)
            continue
        tensor = _multiplied(tensor, matrix, axes)
    return tensor.reshape(2**n, -1)


def _applied(tensor, operation, axes):
    """Apply a gate by its own matrix or, as it states none, by the gates that it is defined by; highest qubit first."""
    if operation.name == "barrier":
        return tensor
    if hasattr(operation, "__array__"):
        return _multiplied(tensor, np.asarray(operation, dtype=complex), axes)
    definition = operation.definition
    tensor = np.exp(1j * definition.global_phase) * tensor
    for step in definition.data:
        assert not step.clbits
        places = [definition.find_bit(qubit).index for qubit in reversed(step.qubits)]
        tensor = _applied(tensor, step.operation, [axes[len(axes) - 1 - place] for place in places])
    return tensor


def _multiplied(tensor, matrix, axes):
    # As np.tensordot, which takes twice as long for few numbers.
    order = [*axes, *(axis for axis in range(tensor.ndim) if axis not in axes)]
    moved = tensor.transpose(order)
    made = (matrix @ moved.reshape(len(matrix), -1)).reshape(moved.shape)
    back = [0] * len(order)
    for place, axis in enumerate(order):
        back[axis] = place
    return made.transpose(back)


def prepared(circuit):
    """Return the amplitudes that a circuit makes of |0...0>, gate by gate."""
    start = np.zeros((2**circuit.num_qubits, 1), dtype=complex)
    start[0] = 1
    return act(circuit, start)[:, 0]


def _without_clbits(body):
    circuit = QuantumCircuit(body.num_qubits)
    for step in body.data:
        circuit.append(step.operation, [body.find_bit(qubit).index for qubit in step.qubits])
    return circuit


@functools.cache
def fourier_matrix(prime, sign):
    products = np.outer(np.arange(prime), np.arange(prime)) % prime
    matrix = np.exp(sign * 2j * np.pi * products / prime) / prime**0.5
    matrix.flags.writeable = False  # it is the same for all who ask
    return matrix


def smallest_generator(prime):
    return next(g for g in range(1, prime) if len({pow(g, k, prime) for k in range(prime - 1)}) == prime - 1)
