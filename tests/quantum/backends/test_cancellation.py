"""Errors canceled exactly, as a map, and by sampled circuits within their stated errors; with gamma as it must be."""

import itertools

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Measure, Parameter
from qiskit.circuit.library import CZGate, RZGate, SXGate, XGate
from qiskit.quantum_info import DensityMatrix, Pauli, Statevector
from qiskit.transpiler import InstructionProperties, Target
from qiskit_aer.noise import depolarizing_error

from problems.errors import InputError
from quantum.backends.cancellation import PAULIS, gate_noise, prepare_cancellation
from tests.quantum.backends.circuits import fed_forward
from tests.quantum.backends.test_folding import STRENGTH, noisy, wide_enough

ERROR = 0.75 * STRENGTH
"""One minus the average fidelity of such a gate."""


def device(error=ERROR, pairs=((0, 1), (1, 2))):
    target = Target(num_qubits=3)
    for one in (RZGate(Parameter("a")), SXGate(), XGate(), Measure()):
        target.add_instruction(one, {(qubit,): InstructionProperties(error=0.0) for qubit in range(3)})
    both = [pair for one in pairs for pair in (one, one[::-1])]
    target.add_instruction(CZGate(), {pair: InstructionProperties(error=error) for pair in both})
    return target


def weights(rate):
    """The quasi-probability of each Pauli operator in the inverse of a pair's noise."""
    names = ["II", *PAULIS]
    commuting = np.array([[Pauli(one).commutes(Pauli(other)) for other in names] for one in names])
    shrinking = np.exp(-2 * rate * (~commuting).sum(axis=1))
    return names, np.where(commuting, 1, -1) @ (1 / shrinking) / 16


def test_the_rate_is_that_of_depolarizing_noise_of_the_stated_error():
    shrinking = np.exp(-16 * gate_noise(ERROR))
    assert shrinking == pytest.approx(1 - STRENGTH, rel=1e-12)
    channel = depolarizing_error(STRENGTH, 2)
    found = DensityMatrix.from_label("0+").evolve(channel.to_quantumchannel())
    assert found.expectation_value(Pauli("ZX")).real == pytest.approx(shrinking, rel=1e-12)


def test_exactly_the_inverse_undoes_the_noise_gate_by_gate():
    names, quasi = weights(gate_noise(ERROR))
    assert quasi.sum() == pytest.approx(1.0)
    channel = depolarizing_error(STRENGTH, 2).to_quantumchannel()
    circuit = wide_enough()
    state = DensityMatrix.from_label("000")
    for one in circuit.data:
        wires = [circuit.find_bit(qubit).index for qubit in one.qubits]
        if one.name != "measure":
            state = state.evolve(one.operation, wires)
        if one.name == "cz":
            noisy_state = state.evolve(channel, wires)
            undone = sum(
                weight * noisy_state.evolve(Pauli(name), wires).data for name, weight in zip(names, quasi, strict=True)
            )
            state = DensityMatrix(undone)
    ideal = Statevector(circuit.remove_final_measurements(inplace=False)).probabilities()
    np.testing.assert_allclose(state.probabilities(), ideal, atol=1e-12)
    # Gamma of all eight gates is that of the package: the absolute weights of one, to the power of eight.
    prepared = prepare_cancellation(circuit, device(), 160)
    assert prepared.gamma == pytest.approx(np.exp(2 * 15 * gate_noise(ERROR)) ** 8, rel=1e-9)
    assert np.abs(quasi).sum() ** 8 == pytest.approx(prepared.gamma, rel=0.01)


def test_sampled_circuits_recover_the_ideal_law_within_their_errors(record_property):
    circuit, simulated = wide_enough(), noisy()
    ideal = Statevector(circuit.remove_final_measurements(inplace=False)).probabilities()
    score = (8 * ideal - 1) / (8 * ideal @ ideal - 1)
    raw = float(simulated.program(circuit).probabilities(readout=False) @ score)
    prepared = prepare_cancellation(circuit, device(), 4800)
    assert (prepared.circuits, prepared.each, prepared.places) == (300, 16, (0, 1, 2))
    shots = prepared.run(simulated.backend, seed=4)
    each = shots.gamma * shots.signs * score[shots.bits @ (1 << np.arange(3))].mean(axis=1)
    error = each.std(ddof=1) / np.sqrt(len(each))
    record_property("measured", f"fidelity {raw:.4f} with noise, {each.mean():.4f} +- {error:.4f} canceled")
    assert abs(each.mean() - 1) < 3 * error
    assert (1 - raw) > 2.5 * error
    # A share (1 - 1/gamma)/2 of circuits has sign -1.
    negative = np.mean(shots.signs < 0)
    share = (1 - 1 / shots.gamma) / 2
    assert negative == pytest.approx(share, abs=4 * np.sqrt(share / len(shots.signs)))
    few = prepare_cancellation(circuit, device(), 160)
    one, again = (few.run(simulated.backend, seed=4) for _ in range(2))
    np.testing.assert_array_equal(again.bits, one.bits)
    np.testing.assert_array_equal(again.signs, one.signs)


def test_all_shots_are_used_whatever_their_number():
    for shots, each in ((160, 16), (100, 10), (97, 1), (30, 15)):
        prepared = prepare_cancellation(wide_enough(), device(), shots)
        assert (prepared.each, prepared.circuits * prepared.each) == (each, shots)


def test_what_is_not_known_or_beyond_repair_is_refused():
    def refused(told, circuit, target):
        with pytest.raises(InputError, match=told) as refusal:
            prepare_cancellation(circuit, target, 160)
        assert "\n" not in str(refusal.value)

    refused("does not state the error of 'cz' on qubits 0 and 1, .* calibrate it", wide_enough(), device(None))
    refused("does not state the error of 'cz' on qubits 1 and 2", wide_enough(), device(pairs=[(0, 1)]))
    for error in (0.8, -0.01, np.nan):
        told = f"The error {error:g} of 'cz' on qubits 0 and 1 is not in 0..3/4, and leaves nothing to be restored"
        refused(told, wide_enough(), device(error))
    refused("takes gamma = .*beyond 100 it is refused", wide_enough(), device(0.3))
    refused("feeds them forward", fed_forward(), device())
    twice = QuantumCircuit(2, 1)
    for qubit in range(2):
        twice.measure(qubit, 0)
    refused("Classical bit 0 is measured 2 times", twice, device())


def test_the_paulis_are_those_that_are_not_the_identity():
    assert len(PAULIS) == len(set(PAULIS)) == 15
    assert set(PAULIS) == {"".join(pair) for pair in itertools.product("IXYZ", repeat=2)} - {"II"}
