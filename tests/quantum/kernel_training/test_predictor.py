"""Predictions of test images: circuits, exact numbers and NumPy's answers are one thing, and so are their costs."""

import pickle

import numpy as np
import pytest
from qiskit.quantum_info import SparsePauliOp, Statevector

from problems.errors import InputError
from problems.kernel_training import ErfNtk, KernelTask, decide
from quantum.backends import resolve
from quantum.kernel_training import KernelPredictor, PredictionCost, amplified_mean, best_readout
from quantum.kernel_training.predictor import dense_query_gates
from quantum.resources import compile_to_basis, gate_counts, rotation_count


def mean_of(circuit, qubit):
    z = SparsePauliOp.from_sparse_list([("Z", [qubit], 1)], circuit.num_qubits)
    return Statevector(circuit).expectation_value(z).real


def images_of_both_signs(predictor):
    return [int(np.argmin(predictor.means)), int(np.argmax(predictor.means))]


@pytest.mark.parametrize(
    ("n", "depth", "epsilon", "pattern"),
    [
        (4, 4, 1e-2, "dense"),
        (8, 10, 1e-1, "dense"),
        (8, 4, 1e-1, "offsets"),
        (8, 4, 1e-1, "published"),
        (8, 4, 1e-1, "diagonal"),
        (6, 10, 1e-1, "dense"),
    ],
)
def test_the_circuit_reads_what_the_eigenvectors_say_with_its_sign(n, depth, epsilon, pattern):
    predictor = KernelPredictor(KernelTask.draw(n, 0, tests=40), ErfNtk(depth), epsilon, pattern, seed=3)
    for image in images_of_both_signs(predictor):
        overlap = predictor.overlap(image)
        assert overlap.expectation == pytest.approx(predictor.means[image], abs=1e-12)
        assert mean_of(overlap.circuit, overlap.circuit.num_qubits - 1) == pytest.approx(
            predictor.means[image], abs=1e-11
        )
        assert overlap.cost.two_qubit == gate_counts(overlap.circuit, 1).two_qubit <= predictor.two_qubit
        assert overlap.cost.queries == predictor.cost(image).degree
        counted = rotation_count(compile_to_basis(overlap.circuit))
        assert counted - 1 <= predictor.rotations <= 1.12 * counted + 20
    if n in (4, 8) and pattern in ("dense", "offsets"):
        assert overlap.cost.two_qubit == predictor.two_qubit
    assert (np.sign(predictor.means[images_of_both_signs(predictor)]) == [-1, 1]).all()


def test_an_indefinite_pattern_is_inverted_with_its_signs():
    """Seed and pattern make a matrix with a negative eigenvalue, on which conjugate gradients fail."""
    task = KernelTask.draw(16, 0, tests=40)
    predictor = KernelPredictor(task, ErfNtk(1), 0.3, "published", 4)
    assert np.linalg.eigvalsh(predictor.matrix).min() < -0.1
    image = images_of_both_signs(predictor)[0]
    assert predictor.overlap(image).expectation == pytest.approx(predictor.means[image], abs=1e-12)
    fine = KernelPredictor(task, ErfNtk(1), 1e-9, "published", 4)
    exact = fine.states.values @ np.linalg.solve(fine.matrix, task.y)
    np.testing.assert_allclose(fine.outputs(), exact, rtol=0, atol=1e-8 * np.abs(exact).max() * fine.kappa)


@pytest.mark.parametrize("rule", ["sign", "median"])
def test_predictions_are_numpys_with_both_rules(rule):
    task = KernelTask.draw(16, 1, tests=64)
    predictor = KernelPredictor(task, ErfNtk(4), 1e-10)
    solution = np.linalg.solve(predictor.matrix, task.y)
    exact = predictor.states.values @ solution
    # Relative to the largest terms of the sums, which cancel: the error of the polynomial.
    assert np.abs(predictor.outputs() - exact).max() < 1e-9 * np.linalg.norm(solution)
    np.testing.assert_array_equal(predictor.answers(rule), decide(exact, rule))
    scaled = predictor.states.amplitudes @ solution / np.linalg.norm(solution)
    np.testing.assert_allclose(predictor.overlaps, scaled, rtol=0, atol=1e-12)
    assert np.mean(predictor.answers(rule) == task.y_test) > 0.8


def test_shots_of_the_circuit_give_the_mean(small):
    image = images_of_both_signs(small)[0]
    bits = resolve("aer_statevector").prepare(small.circuit(image), 4).run(4000, 7)
    mean = np.mean(1 - 2 * bits[:, 0].astype(int))
    assert abs(mean - small.means[image]) < 4 / 4000**0.5
    assert np.sign(mean) == np.sign(small.means[image])


def test_the_paper_prepares_the_state_in_the_branch_of_a_flag(small):
    for image in images_of_both_signs(small):
        circuit = small.flagged(image).circuit
        cost = small.cost(image)
        assert mean_of(circuit, circuit.num_qubits - 2) == pytest.approx(cost.flagged_mean, abs=1e-12)
        assert np.sign(cost.flagged_mean) == np.sign(cost.mean)
    written = gate_counts(circuit, 1).two_qubit
    # 2 n CX prepare both branches, where amplitudes of |k*> take 2 (n - 1).
    assert written == small.two_qubit + 2


@pytest.mark.parametrize("rounds", [1, 2])
def test_an_amplified_reading_keeps_the_sign(small, rounds):
    image = images_of_both_signs(small)[0]
    gate = small.amplified(image, rounds)
    assert gate.rounds == rounds
    mean = mean_of(gate.definition, gate.num_qubits - 1)
    assert mean == pytest.approx(amplified_mean(small.means[image], rounds), abs=1e-11)
    assert np.sign(mean) == np.sign(small.means[image]) * (-1) ** rounds
    assert small.amplified(image).rounds == best_readout(small.means[image]).rounds


def test_costs_are_made_of_their_parts(small):
    image = small.median_image()
    cost = small.cost(image)
    kept = np.linalg.norm(small.filtered)
    assert cost.success == pytest.approx(kept**2, rel=1e-13)
    assert cost.mean == pytest.approx(small.states.amplitudes[image] @ small.filtered, rel=1e-13)
    assert cost.mean / cost.overlap == pytest.approx(kept, rel=0.02)  # but for the polynomial's error
    assert cost.shots == pytest.approx(1 / cost.mean**2 - 1, rel=1e-13)
    assert cost.readout == pytest.approx(1 / cost.overlap**2 - 1, rel=1e-13)
    assert cost.flagged_shots == pytest.approx(cost.tries / cost.mean**2 - 1, rel=1e-12)
    assert cost.queries == cost.degree * cost.shots
    assert cost.gates == cost.two_qubit * cost.shots
    assert cost.solution_queries == pytest.approx(cost.degree / kept**2, rel=1e-12)
    assert cost.amplified_solution_queries == pytest.approx(cost.solution_queries, rel=1e-12)  # no round pays here
    assert cost.readout_queries < cost.queries < cost.flagged_queries
    assert cost.amplified_queries < cost.queries
    assert cost.amplified_flagged_queries < cost.flagged_queries
    sizes = np.abs(small.overlaps)
    assert np.count_nonzero(sizes < sizes[image]) <= len(sizes) // 2 >= np.count_nonzero(sizes > sizes[image]) - 1


def test_a_round_of_amplification_pays_at_the_success_that_is_usual():
    cost = PredictionCost(8, 4.5, 33, 0.17, 20.0, 0.1, 0.04, 5000, 4000)
    one_round = 3 * 33 / np.sin(3 * np.arcsin(0.17**0.5)) ** 2
    assert cost.amplified_solution_queries == pytest.approx(one_round, rel=1e-12)
    assert one_round < 0.6 * cost.solution_queries


@pytest.mark.parametrize(("rows", "cnots"), [(4, 26), (8, 115), (16, 484), (32, 1989)])
def test_a_dense_query_costs_two_states_and_its_core(rows, cnots):
    """The page's CX of a bare query, whose log2 n CX become Toffoli gates under the control."""
    qubits = rows.bit_length() - 1
    assert dense_query_gates(rows) == cnots - qubits + 6 * qubits


def test_t_gates_of_larger_circuits_follow_from_smaller_ones(small):
    known = small.t_cost(0, 1e-2)
    assert known.error <= 0.01 * (1 + 1e-9)
    assert small.cost(0).t_gates(known, 1e-2) == pytest.approx(known.t, rel=0.02)
    larger = KernelPredictor(KernelTask.draw(8, 0, tests=2), ErfNtk(17), 0.2)
    assert larger.cost(0).t_gates(known, 1e-2) == pytest.approx(larger.t_cost(0, 1e-2).t, rel=0.1)


def test_gates_of_larger_kernels_follow_from_the_pieces(monkeypatch):
    task = KernelTask.draw(32, 0, tests=4)
    by_pieces = KernelPredictor(task, ErfNtk(17), 0.1)
    assert by_pieces.overlap(0).cost.two_qubit == by_pieces.two_qubit
    monkeypatch.setattr("quantum.kernel_training.predictor.WRITTEN_OUT", 16)
    assert KernelPredictor(task, ErfNtk(17), 0.1).two_qubit == by_pieces.two_qubit


def test_a_predictor_says_what_it_is_and_pickles(small):
    assert repr(small).startswith(
        "KernelPredictor(KernelTask('mnist-8-9': 9 v 8, n = 4, 40 test images), dense, kappa=2.18"
    )
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(small)).means, small.means)


@pytest.mark.parametrize("images", [4, 8])
@pytest.mark.parametrize("seed", range(6))
def test_an_image_twice_makes_a_kernel_singular_however_it_is_rounded(images, seed):
    task = KernelTask.draw(images, seed, tests=2)
    doubled = KernelTask(np.vstack([task.x[:1]] * 2 + [task.x[2:]]), task.y, task.x_test, task.y_test)
    for layers in (1, 4, 17):
        with pytest.raises(InputError, match="The kernel is singular") as refusal:
            KernelPredictor(doubled, ErfNtk(layers))
        assert "\n" not in str(refusal.value)


def test_what_cannot_be_predicted_is_refused(small):
    task = small.task
    bad = {
        "is above the stated kappa = 1.5; state at least": lambda: KernelPredictor(task, ErfNtk(4), kappa=1.5),
        "epsilon = 1.5": lambda: KernelPredictor(task, ErfNtk(4), 1.5),
        "There is no pattern 'near'": lambda: KernelPredictor(task, ErfNtk(4), pattern="near"),
        "There is no test image 40": lambda: small.cost(40),
        "There is no test image -1": lambda: small.overlap(-1),
        "6 kernel values and 6 labels do not fit 8 rows": lambda: KernelPredictor(
            KernelTask.draw(6, 0, tests=2), ErfNtk(17), 0.2
        ).flagged(0),
        "k_max = 0": lambda: KernelPredictor(task, ErfNtk(4), k_max=0),
    }
    for told, refused in bad.items():
        with pytest.raises(InputError, match=told) as refusal:
            refused()
        assert "\n" not in str(refusal.value)
