"""Readout mitigation: the order of bits, mthree's own answers, calibration by circuits, and what is refused."""

import sys

import mthree
import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Parameter
from qiskit.circuit.library import Measure, RZGate, SXGate, XGate
from qiskit.transpiler import InstructionProperties, Target
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, ReadoutError

from problems.errors import InputError
from quantum.backends.readout import (
    ReadoutErrors,
    calibration_circuits,
    distinct_patterns,
    measured_qubits,
    nearest_distribution,
)

FLIPS = np.array([[0.02, 0.11], [0.0, 0.05], [0.07, 0.01]])


def all_patterns(width):
    return (np.arange(2**width)[:, None] >> np.arange(width) & 1).astype(bool)


def read_with_errors(distribution, flips):
    """The exact distribution of what is read: bit by bit, in the order of `all_patterns`."""
    matrix = np.eye(1)
    for zero, one in flips:
        matrix = np.kron([[1 - zero, one], [zero, 1 - one]], matrix)
    return matrix @ distribution


def small_target(errors, gates=("x", "sx", "rz")):
    """A device of unconnected qubits with these readout errors."""
    known = {"x": XGate(), "sx": SXGate(), "rz": RZGate(Parameter("angle"))}
    target = Target(num_qubits=len(errors))
    for name in gates:
        target.add_instruction(known[name], {(qubit,): None for qubit in range(len(errors))})
    stated = {(qubit,): InstructionProperties(error=error) for qubit, error in enumerate(errors)}
    target.add_instruction(Measure(), stated)
    return target


def crossed_circuit():
    """On four qubits: bit 0 of `node` is measured from qubit 3, bit 1 from qubit 1, bit 2 from qubit 0."""
    circuit = QuantumCircuit(QuantumRegister(4, "q"), ClassicalRegister(3, "node"))
    circuit.measure([3, 1, 0], [0, 1, 2])
    return circuit


def test_mitigation_undoes_the_flips_of_every_bit_exactly():
    rng = np.random.default_rng(0)
    distribution = rng.dirichlet(np.full(8, 0.5))
    read = read_with_errors(distribution, FLIPS)
    order = rng.permutation(8)  # whatever the order of the patterns
    mitigation = ReadoutErrors(FLIPS).mitigation(all_patterns(3)[order])
    np.testing.assert_allclose(mitigation.quasi_probabilities(read[order] * 5000), distribution[order], atol=1e-6)
    np.testing.assert_allclose(mitigation.apply(read[order]), distribution[order], atol=1e-6)


def test_bit_0_has_the_first_flips():
    mitigation = ReadoutErrors(np.array([[0.1, 0.0], [0.0, 0.0]])).mitigation(np.array([[0, 0], [1, 0]], dtype=bool))
    np.testing.assert_allclose(mitigation.quasi_probabilities(np.array([900, 100])), [1, 0], atol=1e-6)
    np.testing.assert_allclose(mitigation.matrix, [[0.9, 0.0], [0.1, 1.0]], atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_mthrees_answer_where_some_strings_were_never_seen(seed):
    rng = np.random.default_rng(seed)
    flips, width = rng.uniform(0, 0.08, (6, 2)), 6
    patterns = all_patterns(width)[rng.choice(64, 25, replace=False)]
    counts = rng.integers(1, 200, 25) ** 2
    names = ["".join("01"[int(bit)] for bit in row[::-1]) for row in patterns]
    mitigator = mthree.M3Mitigation(None)
    mitigator.cals_from_matrices([np.array([[1 - a, b], [a, 1 - b]], dtype=np.float32) for a, b in flips])
    strings = dict(zip(names, counts.tolist(), strict=True))
    quasi = mitigator.apply_correction(strings, list(range(width)), distance=width)
    nearest = quasi.nearest_probability_distribution()
    mitigation = ReadoutErrors(flips).mitigation(patterns)
    np.testing.assert_allclose(mitigation.quasi_probabilities(counts), [quasi[name] for name in names], atol=1e-6)
    np.testing.assert_allclose(mitigation.apply(counts), [nearest.get(name, 0.0) for name in names], atol=1e-6)
    assert min(quasi.values()) < 0, "nothing was negative, so nothing was tested"


def test_samples_side_by_side_are_mitigated_one_by_one():
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 40, (8, 5))
    mitigation = ReadoutErrors(FLIPS).mitigation(all_patterns(3))
    together = mitigation.apply(counts)
    for column, one in zip(counts.T, together.T, strict=True):
        np.testing.assert_allclose(mitigation.apply(column), one, atol=1e-12)
    np.testing.assert_allclose(together.sum(axis=0), 1, atol=1e-12)
    assert np.all(together >= 0)


def test_without_errors_nothing_changes():
    patterns, counts = all_patterns(3)[[5, 1, 2]], np.array([1, 5, 4])
    np.testing.assert_allclose(ReadoutErrors(np.zeros((3, 2))).mitigation(patterns).apply(counts), [0.1, 0.5, 0.4])


def test_the_nearest_distribution_is_nearer_than_any_other():
    rng = np.random.default_rng(2)
    for _ in range(20):
        weights = rng.normal(0.2, 0.4, 5)
        found = nearest_distribution(weights)
        assert np.all(found >= 0)
        assert found.sum() == pytest.approx(1)
        others = rng.dirichlet(np.full(5, 0.4), 500)
        between = found + 0.01 * (others - found)  # distributions close by
        for candidates in (others, between):
            assert np.all(np.sum((candidates - weights) ** 2, axis=1) >= np.sum((found - weights) ** 2) - 1e-12)
    np.testing.assert_allclose(nearest_distribution(np.array([1.2, -0.1, -0.1])), [1, 0, 0])


def test_every_shot_is_one_of_the_distinct_patterns():
    bits = np.random.default_rng(0).random((200, 4)) < 0.3
    patterns, which = distinct_patterns(bits)
    np.testing.assert_array_equal(patterns[which], bits)
    assert len({tuple(row) for row in patterns.tolist()}) == len(patterns) < 17


def test_bits_are_matched_with_the_qubits_they_are_measured_from():
    assert measured_qubits(crossed_circuit()) == [3, 1, 0]
    errors = ReadoutErrors.from_target(crossed_circuit(), small_target([0.1, 0.02, 0.3, 0.04]))
    np.testing.assert_allclose(errors.flips, [[0.04, 0.04], [0.02, 0.02], [0.1, 0.1]])


@pytest.mark.parametrize("target", [small_target([None, 0.02, 0.3, 0.04]), Target(num_qubits=4)])
def test_an_error_that_is_not_stated_is_no_error_of_zero(target):
    with pytest.raises(InputError, match=r"does not state how often qubit [03] is read wrong, .*from_calibration"):
        ReadoutErrors.from_target(crossed_circuit(), target)


def test_calibration_circuits_show_the_errors_of_the_qubits_in_use():
    circuit, stated = crossed_circuit(), {3: FLIPS[0], 1: FLIPS[1], 0: FLIPS[2]}
    noise = NoiseModel()
    for qubit, (zero, one) in stated.items():
        noise.add_readout_error(ReadoutError([[1 - zero, zero], [one, 1 - one]]), [qubit])
    zeros, ones = calibration_circuits(circuit, small_target([0.0] * 4))
    assert [register.name for register in zeros.cregs] == [register.name for register in ones.cregs] == ["node"]
    assert zeros.count_ops() == {"measure": 3}
    assert ones.count_ops() == {"x": 3, "measure": 3}
    shots, read = 20_000, []
    for calibration in (zeros, ones):
        counts = AerSimulator(noise_model=noise).run(calibration, shots=shots, seed_simulator=1).result().get_counts()
        read.append(np.array([[bit == "1" for bit in name[::-1]] for name, n in counts.items() for _ in range(n)]))
    found = ReadoutErrors.from_calibration(*read)
    spread = np.sqrt(FLIPS * (1 - FLIPS) / shots)
    assert np.all(np.abs(found.flips - FLIPS) <= 4 * spread)


def test_calibration_circuits_are_written_in_the_devices_gates():
    _, ones = calibration_circuits(crossed_circuit(), small_target([0.0] * 4, gates=("sx", "rz")))
    assert set(ones.count_ops()) <= {"sx", "rz", "measure"}
    assert measured_qubits(ones) == [3, 1, 0]
    counts = AerSimulator().run(ones, shots=10, seed_simulator=0).result().get_counts()
    assert counts == {"111": 10}


# Refusals


def refusal(call):
    with pytest.raises(InputError) as refused:
        call()
    message = str(refused.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("flips", [np.zeros((3, 3)), np.zeros(3), np.full((1, 2), -0.1), np.full((1, 2), np.nan)])
def test_what_are_no_probabilities_is_refused(flips):
    assert "no pair of probabilities" in refusal(lambda: ReadoutErrors(flips))


def test_a_bit_that_tells_nothing_is_refused():
    message = refusal(lambda: ReadoutErrors(np.array([[0.0, 0.0], [0.6, 0.4]])))
    assert "Classical bit 1 is read wrong with probabilities 0.6 and 0.4" in message


@pytest.mark.parametrize(("zeros", "ones"), [((0, 2), (5, 2)), ((5, 2), (0, 2)), ((5, 2), (5, 3))])
def test_calibrations_that_do_not_belong_together_are_refused(zeros, ones):
    message = refusal(lambda: ReadoutErrors.from_calibration(np.zeros(zeros, dtype=bool), np.ones(ones, dtype=bool)))
    assert str(zeros) in message
    assert str(ones) in message


@pytest.mark.parametrize("shape", [(0, 3), (4, 2), (8,)])
def test_bit_strings_of_another_width_or_none_are_refused(shape):
    assert str(shape) in refusal(lambda: ReadoutErrors(FLIPS).mitigation(np.zeros(shape, dtype=bool)))


def test_more_bit_strings_than_fit_are_refused():
    errors = ReadoutErrors(np.zeros((13, 2)))
    assert "4097 distinct bit strings" in refusal(lambda: errors.mitigation(all_patterns(13)[:4097]))


def test_fed_forward_outcomes_are_refused():
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(0)
    assert "feeds them forward" in refusal(lambda: measured_qubits(circuit))


@pytest.mark.parametrize("times", [0, 2])
def test_a_bit_that_is_not_measured_once_is_refused(times):
    circuit = QuantumCircuit(1, 1)
    for _ in range(times):
        circuit.measure(0, 0)
    assert f"bit 0 is measured {times} times" in refusal(lambda: measured_qubits(circuit))


def test_without_mthree_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "mthree", None)
    message = refusal(lambda: ReadoutErrors(FLIPS).mitigation(all_patterns(3)))
    assert "pip install 'quantum-tickets[ibm]'" in message
