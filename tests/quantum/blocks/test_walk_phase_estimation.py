"""HHL on the walk of a block encoding: circuit, walks and closed form are one thing, signs included."""

import pickle

import numpy as np
import pytest
from qiskit import QuantumCircuit, qasm2, qasm3, transpile
from qiskit.quantum_info import Operator, Statevector

from problems.errors import InputError
from quantum.blocks import WalkBlockEncoding, WalkPhaseEstimation
from quantum.blocks.phase_window import SineWindow
from quantum.blocks.walk_phase_estimation import ControlledWalk
from quantum.resources import BASIS
from quantum.resources.counts import compile_to_basis, count_gates, gate_counts
from tests.quantum.blocks.agreement import assert_close


def matrix_of(kind, rows):
    rng = np.random.default_rng(rows)
    entries = rng.normal(size=(rows, rows))
    made = {
        "positive": np.abs(entries + entries.T) + 2 * rows * np.eye(rows),
        "indefinite": entries + entries.T,
        "general": entries,
        "complex": entries + entries.T + 1j * (np.tri(rows) - np.tri(rows).T),
        "reducible": np.diag(np.linspace(-2, 1.5, rows)),
    }
    return made[kind]


def right_side_of(matrix):
    rng = np.random.default_rng(7)
    vector = rng.normal(size=len(matrix))
    return vector / np.linalg.norm(vector)


CASES = [
    ("positive", 4, 4),
    ("indefinite", 4, 4),
    ("indefinite", 3, 3),
    ("general", 2, 4),
    ("complex", 2, 4),
    ("reducible", 4, 3),
    ("indefinite", 8, 3),
]


@pytest.mark.parametrize("window", ["sine", "uniform"])
@pytest.mark.parametrize(("kind", "rows", "bits"), CASES)
def test_the_circuit_makes_what_the_closed_form_says(kind, rows, bits, window):
    matrix = matrix_of(kind, rows)
    gate = WalkPhaseEstimation(matrix, bits, window=window)
    right = right_side_of(matrix)
    start = np.zeros(2**gate.num_qubits)
    start[:rows] = right
    ended = Statevector(start).evolve(gate.circuit).data.reshape(2, 2**bits, -1)
    first = gate.encoding.size if gate.encoding.dilated else 0
    assert_close(ended[1, 0, first : first + rows], gate.amplitudes(right), 1e-13)
    assert_close(gate.walked(right), gate.amplitudes(right), 1e-13)
    kept = np.linalg.norm(ended[1, 0, : 1 << len(gate.registers[0])]) ** 2
    assert gate.flagged(right) == pytest.approx(np.linalg.norm(ended[1]) ** 2, abs=1e-12)
    assert gate.flagged(right) + 1e-13 >= kept
    assert gate.success is None
    gate.solve(right)
    # Nothing of a solution is in rows that were added, or in the other half of [[0, A], [A', 0]].
    assert gate.success == pytest.approx(kept, abs=1e-12)
    assert_close(gate.solution(3 * right) / 3, gate.amplitudes(right) * gate.response.kappa / gate.encoding.alpha)


def test_the_closed_form_is_a_function_of_the_matrix():
    """g(A) by a matrix exponential sum, without eigenvectors: g is a cosine series in the phase."""
    matrix = matrix_of("indefinite", 4)
    gate = WalkPhaseEstimation(matrix, 4)
    scaled = matrix / gate.encoding.alpha
    # g(theta) = sum_m G_m T_m(cos theta), m = x - x': start's correlation times the filter's Fourier coefficients.
    start, coefficients = gate.response.start, np.fft.fft(gate.response.filter) / gate.response.estimates
    before, now = np.eye(4), scaled
    total = coefficients[0].real * before
    for m in range(1, 16):
        total = total + 2 * coefficients[m].real * (start[m:] @ start[:-m]) * now
        before, now = now, 2 * scaled @ now - before
    right = right_side_of(matrix)
    assert_close(gate.amplitudes(right), total @ right, 1e-13)


@pytest.mark.parametrize("kind", ["positive", "indefinite", "general", "complex"])
def test_solutions_have_their_signs_and_come_closer_with_every_bit(kind):
    matrix = matrix_of(kind, 4)
    right = right_side_of(matrix)
    exact = np.linalg.solve(matrix, right)
    exact /= np.linalg.norm(exact)
    errors = [np.linalg.norm(WalkPhaseEstimation(matrix, bits, 40.0).solve(right) - exact) for bits in (11, 13, 15)]
    assert errors[0] < 0.02
    np.testing.assert_allclose(np.array(errors[:-1]) / errors[1:], 16, rtol=0.25)
    flipped = WalkPhaseEstimation(-matrix, 11, 40.0).solve(right)
    assert np.vdot(flipped, exact).real < -0.999


@pytest.mark.parametrize("window", ["sine", "uniform"])
def test_a_sparse_encoding_is_walked_too(window):
    rng = np.random.default_rng(5)
    rows = np.arange(8)
    kept = np.isin(rows[:, None] ^ rows, [0, 3, 4])
    matrix = np.where(kept, rng.normal(size=(8, 8)), 0)
    matrix = matrix + matrix.T + np.diag([3, -3, 3, 3, -3, 3, -3, 3])
    gate = WalkPhaseEstimation(WalkBlockEncoding(matrix, [3, 4], hermitian=True), 3, window=window)
    dense = WalkPhaseEstimation(matrix, 3, window=window)
    right = right_side_of(matrix)
    start = np.zeros(2**gate.num_qubits)
    start[:8] = right
    ended = Statevector(start).evolve(gate.circuit).data.reshape(2, 8, -1)
    assert_close(ended[1, 0, :8], gate.amplitudes(right), 1e-12)
    assert_close(gate.amplitudes(right), dense.amplitudes(right), 1e-12)


def test_solutions_have_their_norms():
    """Elsewhere norms were wrong and 8 x 8 failed: here indefinite, of eight rows, with a right side of any norm."""
    matrix = matrix_of("indefinite", 8)
    right = 5 * right_side_of(matrix)
    exact = np.linalg.solve(matrix, right)
    found = WalkPhaseEstimation(matrix, 14, 80.0).solution(right)
    np.testing.assert_allclose(found, exact, rtol=0, atol=0.01 * np.linalg.norm(exact))


@pytest.mark.parametrize(("kind", "rows"), [(kind, rows) for kind, rows, _ in CASES])
def test_a_controlled_walk_is_the_reflection_times_the_encoding(kind, rows):
    walk = ControlledWalk(WalkBlockEncoding(matrix_of(kind, rows), hermitian=True))
    encoding = np.asarray(walk.encoding)
    size, index = len(encoding), 1 << len(walk.encoding.registers[0])
    reflection = -np.eye(size)
    reflection[:index, :index] += 2 * np.eye(index)
    expected = np.eye(2 * size, dtype=complex)
    expected[size:, size:] = reflection @ encoding
    assert_close(np.asarray(walk), expected)
    assert_close(Operator(walk.definition).data, expected)
    assert_close(Operator(walk.inverse()).data, expected.conj().T)
    states = np.random.default_rng(3).normal(size=(size, 2))
    assert_close(walk.act(walk.act(states), inverse=True), states)


@pytest.mark.parametrize("bits", [1, 2, 3, 6])
def test_the_sine_window_is_a_sine(bits):
    window = SineWindow(bits)
    size = 2**bits
    expected = [np.sqrt(2 / size) * np.sin(np.pi * (x + 0.5) / size) for x in range(size)]
    assert_close(Statevector(window.definition).data, expected, 1e-14)
    assert_close(window.vector(), expected, 1e-14)
    circuit = QuantumCircuit(bits)
    circuit.append(window, range(bits))
    assert gate_counts(circuit, 0).two_qubit == window.two_qubit_gates == 2 * (bits - 1)


def test_the_cost_is_that_of_its_walks_and_what_the_registers_say():
    gate = WalkPhaseEstimation(matrix_of("positive", 4), 4)
    circuit = QuantumCircuit(gate.num_qubits)
    circuit.append(gate, circuit.qubits)
    compiled = compile_to_basis(circuit, optimization_level=0)
    assert set(compiled.count_ops()) <= set(BASIS)
    assert count_gates(compiled).two_qubit == gate.two_qubit_gates
    assert (gate.walks, gate.cost.queries) == (30, 30)
    # A walk: both states, two Toffoli gates of the core, a reflection with two controls on the third qubit.
    one = QuantumCircuit(5)
    one.append(ControlledWalk(gate.encoding), range(5))
    walk = gate_counts(one, 0).two_qubit
    assert walk == 2 * 4 * 3 + 2 * 6 + 6
    window, transform = 2 * 3, 4 * 3
    table = gate.two_qubit_gates - 30 * walk - 2 * window - 2 * transform
    assert 0 < table <= 2**4


def test_the_circuit_is_a_program_of_gates_that_others_read():
    gate = WalkPhaseEstimation(matrix_of("indefinite", 4), 3)
    assert "gate walk_step" in qasm3.dumps(gate.circuit)
    program = qasm2.dumps(transpile(gate.circuit, basis_gates=["cx", "u"], optimization_level=0))
    read = qasm2.loads(program, custom_instructions=qasm2.LEGACY_CUSTOM_INSTRUCTIONS)
    assert program.count("\ncx ") == gate.two_qubit_gates
    right = right_side_of(gate.encoding.matrix)
    start = np.zeros(2**gate.num_qubits)
    start[:4] = right
    ended = Statevector(start).evolve(read).data.reshape(2, 8, -1)[1, 0, :4]
    overlap = np.vdot(gate.amplitudes(right), ended)
    assert abs(overlap) == pytest.approx(np.linalg.norm(gate.amplitudes(right)) ** 2, abs=1e-10)


def test_a_gate_pickles():
    gate = pickle.loads(pickle.dumps(WalkPhaseEstimation(matrix_of("indefinite", 4), 4)))
    right = right_side_of(gate.encoding.matrix)
    assert_close(gate.amplitudes(right), WalkPhaseEstimation(matrix_of("indefinite", 4), 4).amplitudes(right), 0)


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (lambda: WalkPhaseEstimation(np.ones((2, 2)), 4), "The matrix is singular"),
        (lambda: WalkPhaseEstimation(np.diag([1, 0.1]), 4, kappa=5), "kappa = 5 is below .* 10; give that or more"),
        (lambda: WalkPhaseEstimation(WalkBlockEncoding([[1.0, 2.0], [0.0, 1.0]]), 4), "make it with hermitian=True"),
        (lambda: WalkPhaseEstimation(np.eye(2), 1), "bits = 1 is too small"),
        (lambda: WalkPhaseEstimation(np.eye(2), 4, np.nan), "kappa"),
        (lambda: WalkPhaseEstimation(np.eye(2), 4).solve([0, 0]), "The right side is zero"),
        (lambda: WalkPhaseEstimation(np.eye(2), 4).solve([1, np.nan]), "Entry 1 of the right side is nan"),
        (lambda: WalkPhaseEstimation(np.eye(2), 4).solve([1, 2, 3]), r"shape \(3,\), but the matrix has 2 rows"),
    ],
)
def test_what_cannot_be_inverted_is_refused(refused, message):
    with pytest.raises(InputError, match=message) as refusal:
        refused()
    assert "\n" not in str(refusal.value)
