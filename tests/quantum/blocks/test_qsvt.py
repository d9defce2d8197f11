"""Polynomials of a block: both parities, both sides, the sign of each degree, any encoding, a control on the core."""

import numpy as np
import pytest
from numpy.polynomial import chebyshev
from qiskit import QuantumCircuit
from qiskit.circuit.library import UnitaryGate
from qiskit.quantum_info import Operator, random_unitary

from problems.errors import InputError
from quantum.blocks import Qsvt, WalkBlockEncoding, symmetric_phases
from quantum.blocks.chebyshev import largest_value
from quantum.blocks.projectors import Projector, ZeroFlags
from tests.quantum.blocks.agreement import act, assert_block_agrees, assert_close, probes_of
from tests.quantum.blocks.matrices import KINDS, random_matrix


def series_of(degree):
    series = np.zeros(degree + 1)
    series[degree % 2 :: 2] = np.random.default_rng(degree).normal(size=degree // 2 + 1)
    return 0.9 * series / largest_value(series)


def transformed(block, series):
    """The polynomial of singular values, by NumPy: odd W P(s) V', even V P(s) V'."""
    w, s, v = np.linalg.svd(block)
    values = chebyshev.chebval(s, series)
    return (w if len(series) % 2 == 0 else v.conj().T) * values @ v


@pytest.mark.parametrize("degree", range(9))
def test_the_sign_of_every_degree_is_right(degree):
    """T_D itself: the circuit's own factor i^(1 - D) would show.

    PennyLane's issue 6013 was about this factor, at the degrees 4, 8, ...
    """
    values = np.array([0.9, -0.3, 0.2, -1])
    gate = Qsvt(WalkBlockEncoding(np.diag(values)), symmetric_phases(0.8 * np.eye(degree + 1)[degree]))
    expected = 0.8 * np.cos(degree * np.arccos(values))
    assert_close(np.diag(Operator(gate.definition).data)[:4], expected)
    assert gate.degree == degree == gate.cost.queries


@pytest.mark.parametrize("adjoint", [False, True])
@pytest.mark.parametrize("hermitian", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_the_block_is_the_polynomial_of_the_matrix(kind, hermitian, adjoint):
    """Also where A is not Hermitian: there the real part is no (V + V')/2 (issue 910 of PennyLane's demos)."""
    encoding = WalkBlockEncoding(random_matrix(kind, 4), hermitian=hermitian)
    block = encoding.block().conj().T if adjoint else encoding.block()
    for degree in (2, 5):
        gate = Qsvt(encoding, symmetric_phases(series_of(degree)), adjoint=adjoint)
        expected = transformed(block, series_of(degree))
        unitary, probes = np.asarray(gate), probes_of(2**gate.num_qubits)
        assert_close(unitary[: len(block), : len(block)], expected)
        assert_close(act(gate.definition, probes), unitary @ probes)
        states = np.zeros((2**encoding.num_qubits, len(block)))
        states[: len(block)] = np.eye(len(block))
        assert_close(gate.transform(states)[: len(block)], expected)
        if not hermitian and kind in ("positive", "complex Hermitian"):
            w, vectors = np.linalg.eigh(block)
            assert_close(expected, vectors * chebyshev.chebval(w, series_of(degree)) @ vectors.conj().T)


@pytest.mark.parametrize(("kind", "degree"), [("positive", 3), ("indefinite", 4), ("complex", 2), ("real", 5)])
def test_everything_the_gate_says_of_itself_agrees(kind, degree):
    encoding = WalkBlockEncoding(random_matrix(kind, 2))
    gate = Qsvt(encoding, symmetric_phases(series_of(degree)))
    assert_block_agrees(gate, [1, 1, 1], np.asarray(gate))


@pytest.mark.parametrize("degree", range(6))
@pytest.mark.parametrize(("kind", "offsets"), [(k, o) for k in KINDS for o in (None, (1, 2))])
def test_a_control_on_the_cores_controls_the_whole(kind, offsets, degree):
    encoding = WalkBlockEncoding(random_matrix(kind, 4, offsets=offsets), offsets, hermitian=True)
    gate = Qsvt(encoding, symmetric_phases(series_of(degree)))
    unitary = np.asarray(gate)
    zeros = np.zeros_like(unitary)
    probes = probes_of(2 * len(unitary))
    expected = np.block([[np.eye(len(unitary)), zeros], [zeros, unitary]]) @ probes
    assert_close(act(gate.controlled_core().definition, probes), expected)


class Span(Projector):
    """A subspace from a circuit that maps it to a flag: told by preparing, marking and preparing back."""

    def __init__(self, preparation, flags):
        self.num_qubits, self.preparation = preparation.num_qubits, preparation
        self.inner = ZeroFlags(self.num_qubits, flags)

    def marking(self):
        circuit = QuantumCircuit(self.num_qubits + 1)
        circuit.append(self.preparation.inverse(), range(self.num_qubits))
        circuit.compose(self.inner.marking(), inplace=True)
        circuit.append(self.preparation, range(self.num_qubits))
        return circuit

    def project(self, states):
        matrix = Operator(self.preparation).data
        return matrix @ self.inner.project(matrix.conj().T @ states)


@pytest.mark.parametrize("degree", [1, 2, 3, 4])
def test_any_unitary_with_any_two_subspaces_is_an_encoding(degree):
    """Ranks 4 and 2: what lies outside of a space is not touched by the block."""
    unitary, left, right = (UnitaryGate(random_unitary(8, seed=seed)) for seed in (1, 2, 3))
    spaces = Span(left, [1]), Span(right, [0, 2])
    onto, onto_right = (space.project(np.eye(8)) for space in spaces)
    block = onto @ Operator(unitary).data @ onto_right
    w, s, v = np.linalg.svd(block)
    assert np.sum(s > 1e-9) == 2
    values = chebyshev.chebval(s, series_of(degree))
    # Even polynomials are not zero at zero: they count on the whole right space, of rank 2.
    expected = (w if degree % 2 else v.conj().T)[:, :2] * values[:2] @ v[:2]
    gate = Qsvt(unitary, symmetric_phases(series_of(degree)), right=spaces[1], left=spaces[0])
    found = Operator(gate.definition).data[:8, :8]
    assert_close((onto if degree % 2 else onto_right) @ found @ onto_right, expected)
    assert_close(gate.transform(onto_right), expected)
    assert_close(np.asarray(gate), Operator(gate.definition).data)


def test_a_state_vector_of_a_thousand_queries_stays_exact():
    encoding = WalkBlockEncoding(random_matrix("indefinite", 8))
    series = np.zeros(1001)
    series[[0, 400, 1000]] = 0.2, -0.3, 0.4
    gate = Qsvt(encoding, symmetric_phases(series))
    states = np.eye(2**encoding.num_qubits)[:, :8]
    assert_close(gate.transform(states)[:8], transformed(encoding.block(), series), 1e-11)


PHASES = symmetric_phases([0, 0.5])


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (lambda: Qsvt(WalkBlockEncoding(np.eye(2)), [0.1, 0.2]), "must read the same from their end"),
        (lambda: Qsvt(WalkBlockEncoding(np.eye(2)), [np.nan]), "list of finite real numbers"),
        (lambda: Qsvt(WalkBlockEncoding(np.eye(2)), []), "list of finite real numbers"),
        (lambda: Qsvt(WalkBlockEncoding(np.eye(2)), [1j]), "list of finite real numbers"),
        (lambda: Qsvt(UnitaryGate(np.eye(4)), PHASES), "no attribute flags"),
        (lambda: Qsvt(UnitaryGate(np.eye(4)), PHASES, right=ZeroFlags(3, [0])), "right space is one of 3 qubits"),
        (
            lambda: Qsvt(UnitaryGate(np.eye(4)), PHASES, ZeroFlags(2, [0]), ZeroFlags(1, [0])),
            "left space is one of 1 qubits",
        ),
        (
            lambda: Qsvt(UnitaryGate(np.eye(4)), PHASES, ZeroFlags(2, [0])).controlled_core(),
            "no method controlled",
        ),
        (
            lambda: Qsvt(WalkBlockEncoding(random_matrix("real", 2)), PHASES).controlled_core(),
            "make the encoding with hermitian=True",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(refused, message):
    with pytest.raises(InputError, match=message):
        refused()
