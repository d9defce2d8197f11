"""Clifford+T counts: circuits countable by hand, the stated error, and what is refused."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator

from problems.errors import InputError
from quantum.resources import CliffordTCounts, clifford_t_counts, compile_to_basis, rotation_count
from quantum.resources.clifford_t import check_rotations, compile_to_clifford_t
from quantum.ridgelet import ridgelet_transform


def circuit_of(num_qubits, *gates):
    circuit = QuantumCircuit(num_qubits)
    for name, *arguments in gates:
        getattr(circuit, name)(*arguments)
    return circuit


@pytest.mark.parametrize(
    ("circuit", "t", "t_depth", "clifford", "two_qubit"),
    [
        (circuit_of(2), 0, 0, 0, 0),
        (circuit_of(1, ("t", 0)), 1, 1, 0, 0),
        (circuit_of(1, ("h", 0), ("tdg", 0), ("h", 0)), 1, 1, 2, 0),
        (circuit_of(2, ("t", 0), ("t", 1)), 2, 1, 0, 0),
        (circuit_of(2, ("t", 1), ("cx", 0, 1), ("t", 1)), 2, 2, 1, 1),
        (circuit_of(2, ("h", 0), ("cx", 0, 1)), 0, 0, 2, 1),
        (circuit_of(1, ("rz", np.pi / 4, 0)), 1, 1, 0, 0),
    ],
)
def test_small_circuits_are_counted_as_by_hand(circuit, t, t_depth, clifford, two_qubit):
    expected = CliffordTCounts(circuit.num_qubits, t, t_depth, clifford, two_qubit, 0, 1e-6)
    assert clifford_t_counts(circuit) == expected


def test_the_toffoli_gate_takes_seven_t_gates():
    """Its known cost without ancillas (Amy, Maslov, Mosca, Roetteler 2013, arXiv:1206.0758)."""
    counts = clifford_t_counts(circuit_of(3, ("ccx", 0, 1, 2)))
    assert (counts.t, counts.two_qubit, counts.rotations) == (7, 6, 0)


@pytest.mark.parametrize("dimension", [1, 3])
def test_the_transform_at_2_is_clifford(dimension):
    counts = clifford_t_counts(ridgelet_transform(2, dimension))
    assert (counts.t, counts.t_depth, counts.rotations) == (0, 0, 0)


@pytest.mark.parametrize("error", [1e-2, 1e-5, 1e-8])
@pytest.mark.parametrize("angle", [0.1, 1.0, 2.3, 5.7])
def test_a_rotation_is_synthesized_within_the_stated_error(error, angle):
    circuit = circuit_of(1, ("rz", angle, 0))
    compiled = compile_to_clifford_t(circuit, error)
    assert np.linalg.norm(Operator(compiled).data - Operator(circuit).data, ord=2) <= error
    # About 3 log2(1/error) T gates (arXiv:1403.2975).
    counts = clifford_t_counts(circuit, error)
    assert abs(counts.t - 3 * np.log2(1 / error)) <= 12
    assert counts.t == counts.t_depth
    assert counts.rotations == 1


def test_a_whole_circuit_is_within_its_rotations_errors():
    circuit = ridgelet_transform(3, 1)
    error, rotations = 1e-4, rotation_count(compile_to_basis(circuit))
    compiled = compile_to_clifford_t(circuit, error)
    assert np.linalg.norm(Operator(compiled).data - Operator(circuit).data, ord=2) <= rotations * error


def test_counts_are_deterministic_and_a_smaller_error_takes_more_t_gates():
    circuit = ridgelet_transform(3, 2)
    coarse, fine = clifford_t_counts(circuit, 1e-3), clifford_t_counts(circuit, 1e-9)
    assert clifford_t_counts(circuit, 1e-3) == coarse
    assert fine.t > coarse.t > 0
    assert (fine.rotations, fine.two_qubit) == (coarse.rotations, coarse.two_qubit)


@pytest.mark.parametrize("multiple", range(-8, 9))
def test_multiples_of_an_eighth_turn_are_no_rotations(multiple):
    assert rotation_count(circuit_of(1, ("rz", multiple * np.pi / 4, 0))) == 0
    assert rotation_count(circuit_of(1, ("rz", multiple * np.pi / 4 + 0.01, 0))) == 1


def test_gates_in_blocks_are_counted():
    circuit = QuantumCircuit(2, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.t(1)
        circuit.cx(1, 0)
    counts = clifford_t_counts(circuit)
    assert (counts.t, counts.t_depth, counts.clifford, counts.two_qubit) == (1, 1, 1, 1)


@pytest.mark.parametrize("error", [0, -1e-3, 0.2, 1e-13, float("nan")])
def test_an_error_out_of_range_is_refused(error):
    with pytest.raises(InputError, match=r"rotation_error = .* is out of range; give a number from 1e-12 to 0.1"):
        clifford_t_counts(circuit_of(1), error)


def test_too_many_rotations_are_refused_before_they_are_synthesized(monkeypatch):
    def never(*arguments, **options):
        raise AssertionError("a refused circuit was compiled")

    monkeypatch.setattr("quantum.resources.clifford_t.generate_preset_clifford_t_pass_manager", never)
    monkeypatch.setattr("quantum.resources.clifford_t.MAX_ROTATIONS", 10)
    with pytest.raises(InputError, match=r"has 17 rotations, and synthesizing more than 10 .* takes many minutes"):
        clifford_t_counts(circuit_of(17, *[("rz", 0.1, qubit) for qubit in range(17)]))


def test_rotations_that_do_not_fit_in_memory_are_refused(monkeypatch):
    monkeypatch.setattr("quantum.resources.clifford_t.MAX_ROTATIONS", 10**15)
    with pytest.raises(InputError, match=r"Synthesizing 1,000,000,000,000 rotations .* needs .*; use fewer features"):
        check_rotations(10**12)
