"""Circuits with random gates: their weights undo the noise exactly, and what is drawn has those weights."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator, Statevector

from problems.errors import InputError
from quantum.backends.cancellation import PAULIS, gate_noise, prepare_cancellation
from quantum.backends.drawing import RandomGates, canceled_mean, share_of_shots
from tests.quantum.backends.circuits import fed_forward
from tests.quantum.backends.test_cancellation import ERROR, device, weights
from tests.quantum.backends.test_folding import noisy, wide_enough


def one_gate():
    """A circuit of one CZ gate with a law that is far from uniform."""
    circuit = QuantumCircuit(3, 3)
    for qubit in range(3):
        circuit.sx(qubit)
        circuit.rz(0.3 + qubit, qubit)
        circuit.sx(qubit)
    circuit.cz(0, 1)
    for qubit in range(2):
        circuit.rz(0.7, qubit)
        circuit.sx(qubit)
    circuit.measure(range(3), range(3))
    return circuit


def law(circuit):
    return noisy().program(circuit).probabilities(readout=False)


def test_all_circuits_with_their_weights_have_the_law_without_noise():
    circuit = one_gate()
    gates = RandomGates.of(circuit, device())
    ideal = Statevector(circuit.remove_final_measurements(inplace=False)).probabilities()
    assert np.abs(law(circuit) - ideal).max() > 1e-3
    (place,) = gates.places
    others = [gates.followed({place: name}) for name in PAULIS]
    assert {(one.paulis, one.sign) for one in others} == {(1, -1)}
    undone = gates.gamma * gates.plain * law(circuit)
    undone = undone - gates.gamma * (1 - gates.plain) * np.mean([law(one.circuit) for one in others], axis=0)
    np.testing.assert_allclose(undone, ideal, atol=1e-12)
    # By the package's own weights, each gate's generators one by one: the same to first order.
    names, quasi = weights(gate_noise(ERROR))
    assert gates.gamma * gates.plain == pytest.approx(quasi[names.index("II")], rel=1e-12)
    assert gates.gamma == pytest.approx(np.abs(quasi).sum(), rel=1e-12)
    assert gates.gamma == pytest.approx(prepare_cancellation(circuit, device(), 160).gamma, rel=0.01)


def test_a_pauli_is_in_the_device_s_own_gates_and_after_its_gate():
    circuit = one_gate()
    gates, target = RandomGates.of(circuit, device()), device()
    (place,) = gates.places
    for name in PAULIS:
        made = gates.followed({place: name}).circuit
        assert {one.name for one in made.data} <= set(target.operation_names)
        wanted = circuit.copy_empty_like()
        for number, one in enumerate(circuit.data):
            wanted.append(one.operation, one.qubits, one.clbits)
            for letter, qubit in zip(name if number == place else "", (0, 1), strict=False):
                if letter != "I":
                    getattr(wanted, letter.lower())(qubit)
        bare = [one.remove_final_measurements(inplace=False) for one in (made, wanted)]
        assert Operator(bare[0]).equiv(Operator(bare[1]))


def test_what_is_drawn_has_its_probabilities(record_property):
    gates, rng, draws = RandomGates.of(wide_enough(), device(0.02)), np.random.default_rng(3), 4000
    found = [gates.chosen(rng) for _ in range(draws)]
    assert all(found)
    every = np.array([[place in one for place in gates.places] for one in found])
    wanted = (1 - gates.intact) / (1 - gates.plain)
    errors = np.sqrt(wanted * (1 - wanted) / draws)
    record_property("measured", f"{draws} draws of {len(wanted)} gates: {every.mean(axis=0)} where {wanted} is wanted")
    assert np.all(np.abs(every.mean(axis=0) - wanted) < 4 * errors)
    seen = [name for one in found for name in one.values()]
    shares = np.array([seen.count(name) for name in PAULIS]) / len(seen)
    assert np.all(np.abs(shares - 1 / 15) < 4 * np.sqrt(14 / 225 / len(seen)))
    # Of several gates too: the mean of their number, and how often it is one.
    alone = gates.plain * np.sum(1 / gates.intact - 1) / (1 - gates.plain)
    assert np.mean(every.sum(axis=1) == 1) == pytest.approx(alone, abs=4 * np.sqrt(alone * (1 - alone) / draws))


def test_drawn_circuits_recover_the_ideal_value_within_their_errors(record_property):
    circuit, simulated = wide_enough(), noisy()
    ideal = Statevector(circuit.remove_final_measurements(inplace=False)).probabilities()
    score = (8 * ideal - 1) / (8 * ideal @ ideal - 1)
    gates, rng = RandomGates.of(circuit, device()), np.random.default_rng(8)
    shots, each = share_of_shots(20_000, gates.plain, 24)

    def values(drawn, count):
        found = simulated.program(drawn).probabilities(readout=False)
        return score[rng.choice(8, count, p=found / found.sum())]

    plain = values(circuit, shots)
    drawn = gates.draw(24, rng)
    means = np.array([values(one.circuit, each).mean() for one in drawn])
    signs = np.array([one.sign for one in drawn])
    (value,), parts = canceled_mean(plain[None], means[None], signs, gates.gamma, gates.plain)
    error = np.hypot(*parts)[0]
    record_property("measured", f"fidelity {plain.mean():.4f} with noise, {value:.4f} +- {error:.4f} canceled")
    assert abs(value - 1) < 3 * error
    assert 1 - plain.mean() > 2.5 * error
    # As many circuits drawn without regard to whether they have random gates would spread far more.
    assert error < 0.5 * gates.gamma * np.sqrt(1 - 1 / gates.gamma**2) / np.sqrt(25)


def test_the_two_parts_of_the_error_are_those_of_shots_and_of_circuits():
    first, means, signs = np.array([[0.0, 1.0, 1.0, 0.0]]), np.array([[0.2, 0.6, 0.1]]), np.array([-1, 1, -1])
    values, parts = canceled_mean(first, means, signs, 1.5, 0.8)
    assert values == pytest.approx(1.5 * (0.8 * 0.5 + 0.2 * 0.1))
    spreads = np.std(first, ddof=1) / 2, np.std([-0.2, 0.6, -0.1], ddof=1) / np.sqrt(3)
    np.testing.assert_allclose(parts[:, 0], 1.5 * np.array([0.8, 0.2]) * spreads)


def test_all_shots_are_shared_out():
    for shots, plain, count in ((2000, 0.9, 32), (60, 0.99, 6), (40, 0.1, 32), (8, 0.5, 6)):
        first, each = share_of_shots(shots, plain, count)
        assert first + count * each == shots
        assert first >= 2
        assert each >= 1
    assert share_of_shots(2000, 0.9, 20) == (1800, 10)
    with pytest.raises(InputError, match="shots = 33 do not go round 32 circuits with random gates"):
        share_of_shots(33, 0.9, 32)


def test_what_is_not_known_or_beyond_repair_is_refused():
    for told, circuit, target in (
        ("does not state the error of 'cz' on qubits 0 and 1", wide_enough(), device(None)),
        ("takes gamma = .*beyond 100 it is refused", wide_enough(), device(0.3)),
        ("No two-qubit gate of the circuit has an error", wide_enough(), device(0.0)),
        ("Gates within feed-forward have no errors canceled", fed_forward(), device()),
    ):
        with pytest.raises(InputError, match=told):
            RandomGates.of(circuit, target)
