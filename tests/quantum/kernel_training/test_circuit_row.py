"""The inversions that the study's page saw on a simulator, gate by gate: degree, CX, success, and HHL beside them."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from problems.kernel_training import ErfNtk, KernelTask
from quantum.blocks import WalkPhaseEstimation
from quantum.kernel_training import KernelPredictor, circuit_row, inversion_circuit, label_state

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
    exact = np.linalg.solve(predictor.matrix, predictor.task.y)
    exact /= np.linalg.norm(exact)

    def infidelity(found):
        return 1 - (exact @ found) ** 2 / (found @ found)

    assert predictor.polynomial.degree == 47
    assert infidelity(predictor.filtered) == pytest.approx(6.3e-5, rel=0.02)
    uniform = WalkPhaseEstimation(predictor.matrix, 9, window="uniform")
    assert uniform.walks == 1022
    assert infidelity(uniform.solve(predictor.task.y)) == pytest.approx(3.9e-5, rel=0.02)
    assert infidelity(WalkPhaseEstimation(predictor.matrix, 8, window="uniform").solve(predictor.task.y)) > 1e-4
    sine = WalkPhaseEstimation(predictor.matrix, 8)
    assert sine.walks == 510
    assert infidelity(sine.solve(predictor.task.y)) == pytest.approx(1.8e-5, rel=0.05)
    assert np.sign(sine.solve(predictor.task.y) @ exact) == 1
    walked = sine.walked(predictor.task.y)
    np.testing.assert_allclose(walked, sine.amplitudes(predictor.task.y), rtol=0, atol=1e-12)


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
