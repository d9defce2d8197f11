"""The inversions that the study's page saw on a simulator, gate by gate: degree, CX, success, and HHL beside them."""

from importlib import import_module

import numpy as np
import pytest
from qiskit import QuantumCircuit, qasm3
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from problems.kernel_training import ErfNtk, KernelTask
from quantum.blocks import WalkPhaseEstimation
from quantum.kernel_training import (
    KernelPredictor,
    circuit_row,
    fewest_bits,
    inversion_circuit,
    label_state,
    phase_row,
)
from quantum.kernel_training.phase_row import infidelity
from quantum.resources.counts import compile_to_basis

SEEN = [
    # n, L, epsilon, then kappa, D, CX at most, success: the page's, whose draw is that of seed 0.
    (4, 4, 1e-6, 2.18, 29, 1114, 0.216),
    (8, 4, 1e-3, 4.52, 33, 4737, 0.168),
    (8, 10, 1e-6, 1.66, 21, 3021, 0.231),
    (16, 4, 1e-2, 8.99, 47, 24652, 0.127),
]


@pytest.mark.parametrize(("n", "depth", "epsilon", "kappa", "degree", "most", "success"), SEEN)
def test_circuits_are_their_polynomials_and_reach_the_figures_seen(n, depth, epsilon, kappa, degree, most, success):
    row = circuit_row(KernelPredictor(KernelTask.draw(n, 0, tests=2), ErfNtk(depth), epsilon))
    assert row.error <= 1e-14
    assert (row.images, row.degree) == (n, degree)
    assert row.kappa == pytest.approx(kappa, abs=0.006)
    assert row.two_qubit <= most
    # Scaled to .999 of the largest value here.
    assert success <= row.success <= 1.03 * success
    # max |P| bounds how often it works, epsilon what is found.
    assert row.infidelity <= epsilon**2
    qubits = n.bit_length() - 1
    assert row.qubits == 2 * qubits + 1
    phase = {2: 6, 3: 12, 4: 16}[qubits]
    assert row.two_qubit == degree * (2 * n * (n - 1) + qubits) + (degree + 1) * phase


def test_phase_estimation_takes_many_more_walks_for_the_same_error():
    """1022 walks for 4e-5 where 47 queries leave 6e-5, by the uniform window; with HHL's own, a sine, 510 do."""
    predictor = KernelPredictor(KernelTask.draw(16, 0, tests=2), ErfNtk(4), 1e-2)
    assert predictor.polynomial.degree == 47
    found = infidelity(predictor, predictor.filtered)
    assert found == pytest.approx(6.3e-5, rel=0.02)
    uniform = phase_row(predictor, 9, "uniform")
    assert uniform.walks == 1022
    assert uniform.infidelity == pytest.approx(3.9e-5, rel=0.02)
    assert fewest_bits(predictor, found, "uniform") == 9
    assert fewest_bits(predictor, found) == 8
    sine = phase_row(predictor, 8)
    assert sine.walks == 510
    assert sine.infidelity == pytest.approx(1.8e-5, rel=0.05)
    # A walk is a query with Toffoli gates as its core, and a reflection with four controls.
    assert sine.two_qubit / sine.walks > 2 * 16 * 15 + 6 * 4
    gate = WalkPhaseEstimation(predictor.matrix, 8)
    np.testing.assert_allclose(gate.walked(predictor.task.y), gate.amplitudes(predictor.task.y), rtol=0, atol=1e-12)
    exact = np.linalg.solve(predictor.matrix, predictor.task.y)
    assert gate.solve(predictor.task.y) @ exact > 0.999 * np.linalg.norm(exact)


def test_bits_that_do_not_suffice_are_named(small, monkeypatch):
    monkeypatch.setattr(import_module("quantum.kernel_training.phase_row"), "MOST_BITS", 4)
    with pytest.raises(InputError, match="4 bits do not reach an infidelity of 1e-12"):
        fewest_bits(small, 1e-12)


def test_gates_are_those_of_the_exported_program(small):
    program = qasm3.dumps(compile_to_basis(inversion_circuit(small), 1))
    row = circuit_row(small)
    assert program.count("\ncx ") == row.two_qubit
    assert row.two_qubit == row.degree * 26 + (row.degree + 1) * 6


@pytest.mark.parametrize("n", [2, 4, 16])
def test_the_labels_cost_nothing_and_keep_their_sign(n):
    labels = np.repeat([-1.0, 1.0], n // 2)
    circuit = label_state(labels)
    np.testing.assert_allclose(Statevector(circuit).data, labels / np.sqrt(n), rtol=0, atol=1e-15)
    assert circuit.num_nonlocal_gates() == 0
    # Without the phase, H on all and Z on the label's qubit make -|y>.
    bare = QuantumCircuit(n.bit_length() - 1)
    bare.h(bare.qubits)
    bare.z(bare.qubits[-1])
    np.testing.assert_allclose(Statevector(bare).data, -labels / np.sqrt(n), rtol=0, atol=1e-15)


def test_what_is_no_small_circuit_is_refused():
    with pytest.raises(InputError, match="6 labels are no state of one label qubit"):
        inversion_circuit(KernelPredictor(KernelTask.draw(6, 0, tests=2), ErfNtk(17), 0.3))
    with pytest.raises(InputError, match="n = 64 images are too many"):
        circuit_row(KernelPredictor(KernelTask.draw(64, 0, tests=2), ErfNtk(17), 0.3))
    with pytest.raises(InputError, match="no state of one label qubit"):
        label_state([1.0, -1.0])
