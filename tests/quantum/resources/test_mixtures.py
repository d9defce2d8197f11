"""Rotations by chance: the stated error is half a diamond distance, half of the T gates, and bounds total variation."""

import math

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Choi, DensityMatrix, Kraus, Operator, SuperOp

from problems.errors import InputError
from quantum.resources import compile_to_basis, group_rotations, mixtures, rotation_cost, rotation_costs, synthesize
from quantum.resources.mixtures import GATES
from quantum.ridgelet import ridgelet_transform

Z = np.diag([1, -1])


def unitary(gates):
    matrix = np.eye(2)
    for name in gates:
        matrix = GATES[name].to_matrix() @ matrix
    return matrix


def channel(mixture):
    """The channel of a mixture, written out: of two syntheses each between two Z gates half of the time."""
    if len(mixture.gates) == 1:
        return SuperOp(Operator(unitary(mixture.gates[0])))
    kraus = []
    for gates, weight in zip(mixture.gates, mixture.weights, strict=True):
        kraus += [np.sqrt(weight / 2) * unitary(gates), np.sqrt(weight / 2) * Z @ unitary(gates) @ Z]
    return SuperOp(Kraus(kraus))


def rz(angle):
    return SuperOp(Operator(np.diag([np.exp(-0.5j * angle), np.exp(0.5j * angle)])))


def choi_distance(first, second):
    """Half the trace distance of the Choi states, which a maximally entangled input tells: half the diamond at most."""
    difference = (Choi(first).data - Choi(second).data) / 2
    return float(np.sum(np.abs(np.linalg.eigvalsh(difference)))) / 2


@pytest.mark.parametrize("error", [1e-2, 1e-4, 1e-6])
@pytest.mark.parametrize("angle", [0.05, 0.3, 0.7])
def test_the_error_is_half_the_diamond_distance(angle, error):
    """From below by the entangled input. From above: U^+ of the channel is (1 - error) times the identity and the rest.

    That the rest is a channel of its own, times `error`, is that its Choi matrix has no negative eigenvalue.
    """
    for mixture in mixtures(angle, error):
        made = channel(mixture)
        assert choi_distance(made, rz(angle)) == pytest.approx(mixture.error, rel=1e-6, abs=1e-12)
        rest = Choi(rz(-angle).compose(made)).data - (1 - mixture.error) * Choi(SuperOp(np.eye(4))).data
        assert np.linalg.eigvalsh(rest).min() > -1e-12
        assert sum(mixture.weights) == pytest.approx(1)
        assert min(mixture.weights) >= 0


@pytest.mark.parametrize("angle", [0.3, 0.7])
def test_alone_a_synthesis_is_off_by_the_sine_of_its_angle(angle):
    for mixture in mixtures(angle, 1e-3, mixed=False):
        assert choi_distance(channel(mixture), rz(angle)) == pytest.approx(mixture.error, rel=1e-6)
        assert mixture.error <= 2.4e-3


@pytest.mark.parametrize("angle", [0.3, 0.7])
def test_a_mixture_takes_half_of_the_t_gates(angle):
    """About 1.5 log2(1/error) against 3 log2(1/error)."""
    for error in (1e-4, 1e-6):
        mixed = min(one.t for one in mixtures(angle, error) if one.error <= error)
        alone = min(one.t for one in mixtures(angle, error, mixed=False) if one.error <= error)
        assert mixed < 0.65 * alone
        assert abs(mixed - 1.5 * math.log2(1 / error)) < 10


def ideal_and_made(circuit, synthesis):
    """Measurements of a circuit, and of one with each rotation replaced by the channel of its mixture."""
    states = [DensityMatrix.from_label("0" * circuit.num_qubits) for _ in range(2)]
    for step in circuit.data:
        places = [circuit.find_bit(qubit).index for qubit in step.qubits]
        exact = step.operation
        made = exact
        if exact.name == "rz" and (found := parts(float(exact.params[0]))) is not None:
            rest, sign = found
            turned = channel(synthesis.mixtures[round(abs(rest), 12)])
            if sign < 0:
                flip = SuperOp(Operator(np.array([[0, 1], [1, 0]])))
                turned = flip.compose(turned).compose(flip)
            made = rz(float(exact.params[0]) - rest).compose(turned)
        states = [states[0].evolve(exact, places), states[1].evolve(made, places)]
    return [state.probabilities() for state in states]


def parts(angle):
    rest = math.remainder(angle, math.pi / 2)
    return None if abs(math.remainder(rest, math.pi / 4)) < 1e-9 else (rest, np.sign(rest))


@pytest.mark.parametrize("error", [0.1, 1e-2, 1e-3])
@pytest.mark.parametrize("mixed", [True, False])
def test_the_stated_error_bounds_the_total_variation_of_what_is_measured(error, mixed):
    circuit = compile_to_basis(ridgelet_transform(3, 1, encoding="rader"))
    synthesis = synthesize(circuit, error, mixed)
    assert 0 < synthesis.error <= error
    ideal, made = ideal_and_made(circuit, synthesis)
    variation = np.sum(np.abs(ideal - made)) / 2
    assert 0 < variation <= synthesis.error
    # And the bound is of the right size.
    assert variation > synthesis.error / 50


def test_a_run_is_the_circuit_up_to_its_syntheses():
    circuit = compile_to_basis(ridgelet_transform(3, 1, encoding="rader"))
    synthesis = synthesize(circuit, 1e-3, mixed=False)
    run = synthesis.draw(1)
    overlap = np.trace(Operator(circuit).data.conj().T @ Operator(run).data) / 2**circuit.num_qubits
    assert 1 - synthesis.error**2 <= abs(overlap) <= 1 + 1e-12


def test_runs_have_the_stated_t_gates_in_the_mean():
    """100 runs; each rotation's numbers of T gates differ by a few."""
    synthesis = synthesize(compile_to_basis(ridgelet_transform(3, 1, encoding="rader")), 1e-2)
    runs = [synthesis.draw(seed) for seed in range(100)]
    counts = [run.count_ops().get("t", 0) + run.count_ops().get("tdg", 0) for run in runs]
    assert not any("rz" in run.count_ops() for run in runs)
    assert abs(np.mean(counts) - synthesis.t) <= 1 + 4 * np.std(counts) / 10
    assert synthesis.draw(3) == runs[3]


def test_the_error_is_split_by_what_it_costs():
    """No more than the stated one is spent, and no angle alone could take a cheaper synthesis within it."""
    circuit = group_rotations(ridgelet_transform(5, 4, encoding="rader")).circuit
    found, equal = synthesize(circuit, 1e-2), synthesize(circuit, 1e-2 / 4)
    assert found.error <= 1e-2
    assert found.t < equal.t
    assert found == synthesize(circuit, 1e-2)
    share = 1e-2 / found.rotations
    even = found.t_exact
    for step in circuit.data:
        if step.operation.name == "rz" and (rest := parts(float(step.operation.params[0]))) is not None:
            even += min(one.t for one in mixtures(round(abs(rest[0]), 12), share) if one.error <= share)
    assert found.t <= math.ceil(even)


def test_equal_rotations_at_17_and_16_take_a_quarter_of_the_t_gates():
    """The issue's estimate is 17.3k of 40.7k T gates at an error of 1e-3."""
    circuit = ridgelet_transform(17, 16, encoding="rader")
    cost, synthesis = rotation_cost(circuit, 1e-3, "together")
    gates = synthesis.draw(0).count_ops()
    assert "rz" not in gates
    assert abs(gates["t"] + gates["tdg"] - cost.t) < 60
    assert cost.t < 10_000
    assert cost.error <= 1e-3
    assert (cost.qubits, cost.ancillas) == (17 * 5 + 16, 16)


def test_four_ways_stand_beside_each_other():
    single, mixture, together, measured = rotation_costs(ridgelet_transform(3, 8, encoding="rader"), 1e-3)
    assert single.t > 1.7 * mixture.t > 1.7 * together.t > 1.7 * measured.t
    assert together.t - measured.t == 4 * together.ands
    assert (single.rotations, together.rotations) == (37, 16)
    assert measured.measurements == measured.ands == 22
    for cost in (single, mixture, together, measured):
        assert cost.error <= 1e-3
        assert cost.t_depth <= cost.t


@pytest.mark.parametrize("error", [0, 1, -1e-3, 1e-12, math.nan, "1e-3", None])
def test_errors_out_of_range_are_refused(error):
    with pytest.raises(InputError, match=r"error = .*; give a"):
        synthesize(QuantumCircuit(1), error)


def test_a_circuit_without_rotations_needs_no_synthesis():
    circuit = QuantumCircuit(1)
    circuit.t(0)
    circuit.rz(np.pi / 4, 0)
    found = synthesize(circuit, 1e-3)
    assert (found.t, found.error, found.rotations) == (2, 0, 0)
    assert found.draw().count_ops()["t"] == 2
