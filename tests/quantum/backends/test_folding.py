"""Folded gates are there when a circuit runs, and extrapolation from them ends where there is no noise."""

import numpy as np
import pytest
from qiskit import QuantumCircuit, generate_preset_pass_manager
from qiskit.quantum_info import Operator, Statevector
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, depolarizing_error

from compare.statistics.extrapolation import extrapolate
from problems.errors import InputError
from quantum.backends.fitting import fit_circuit
from quantum.backends.folding import check_factors, fold, two_qubit_gates
from quantum.backends.simulated_device import SimulatedDevice
from quantum.backends.snapshots import snapshot
from tests.quantum.backends.circuits import chain, fed_forward
from tests.quantum.backends.planted import exact_law

STRENGTH = 0.01
"""Probability with which two-qubit gates replace their pair by a random one."""


def noisy():
    model = NoiseModel(basis_gates=["cz", "rz", "sx", "x"])
    model.add_all_qubit_quantum_error(depolarizing_error(STRENGTH, 2), ["cz"])
    return SimulatedDevice(AerSimulator(noise_model=model))


def wide_enough():
    """A circuit of CZ gates with a law that is far from uniform."""
    circuit = QuantumCircuit(3, 3)
    for angle in (0.3, 1.1, 0.7, 0.2):
        for qubit in range(3):
            circuit.sx(qubit)
            circuit.rz(angle + qubit, qubit)
            circuit.sx(qubit)
        circuit.cz(0, 1)
        circuit.cz(1, 2)
    circuit.measure(range(3), range(3))
    return circuit


@pytest.mark.parametrize("name", ["fake_fez", "fake_sherbrooke"])  # CZ and ECR
def test_folded_gates_survive_until_the_circuit_runs(name):
    device = SimulatedDevice(snapshot(name))
    fitted = fit_circuit(chain(3), device.target, name, tries=1)
    law, gates = exact_law(fitted.circuit), fitted.two_qubit_gates
    assert gates > 1
    for factor in (1, 3, 5):
        folded = fold(fitted.circuit, factor)
        program = device.program(folded)
        assert two_qubit_gates(folded) == two_qubit_gates(program.circuit) == factor * gates
        np.testing.assert_allclose(exact_law(folded), law, atol=1e-12)
        assert folded.layout is fitted.circuit.layout
    # Compiled once more, nothing of it would be left.
    again = generate_preset_pass_manager(3, target=device.target, initial_layout=list(range(folded.num_qubits)))
    assert two_qubit_gates(again.run(folded)) <= gates


def test_in_the_limit_of_infinite_shots_extrapolation_recovers_the_ideal_value(record_property):
    circuit, device = wide_enough(), noisy()
    ideal = Statevector(circuit.remove_final_measurements(inplace=False)).probabilities()
    factors = (1, 3, 5)
    laws = [device.program(fold(circuit, factor)).probabilities(readout=False) for factor in factors]
    fidelities = [(8 * law @ ideal - 1) / (8 * ideal @ ideal - 1) for law in laws]
    errors = {"raw": abs(fidelities[0] - 1)}
    for name in ("linear", "exponential"):
        errors[name] = abs(extrapolate(factors, fidelities, [0, 0, 0], name).value - 1)
    record_property("measured", f"8 CZ, each depolarizing by {STRENGTH}; off by {errors}")
    assert errors["raw"] > 0.04
    assert errors["linear"] < 0.02
    assert errors["exponential"] < 0.002


def test_a_law_that_holds_is_extrapolated_exactly_with_its_error():
    x, rng = np.array([1, 3, 5]), np.random.default_rng(0)
    assert extrapolate(x, -2 * np.exp(-0.2 * x), [0.01] * 3).value == pytest.approx(-2, rel=1e-12)
    assert extrapolate(x, 3 - 0.5 * x, [0.0] * 3, "linear").value == pytest.approx(3, rel=1e-12)
    for law, values in (("exponential", 0.9 * np.exp(-0.1 * x)), ("linear", 0.9 - 0.1 * x)):
        spread = np.array([0.01, 0.02, 0.02])
        found = [extrapolate(x, values + spread * rng.normal(size=3), spread, law) for _ in range(2000)]
        assert {one.law for one in found} == {law}
        ends = np.array([one.value for one in found])
        assert ends.mean() == pytest.approx(0.9, abs=5 * ends.std() / np.sqrt(2000))
        assert np.mean([one.error for one in found]) == pytest.approx(ends.std(), rel=0.08)


def test_what_is_not_clearly_of_one_sign_is_extrapolated_by_a_line():
    assert extrapolate([1, 3], [0.02, 0.01], [0.01, 0.01]).law == "linear"
    assert extrapolate([1, 3], [0.5, -0.5], [0.01, 0.01]).law == "linear"


def test_factors_that_cannot_be_are_refused():
    for factors, told in (
        ((1, 2), "factor = 2 is even, but gates are folded in pairs"),
        ((0, 3), "factor = 0 is too small"),
        ((3,), "factors = 3 leave nothing to extrapolate from"),
        ((), "factors = none leave nothing"),
        ((1, 3, 3), "leave nothing to extrapolate from; give two different ones"),
        ((1, 2.5), "factor = 2.5 is no whole number"),
    ):
        with pytest.raises(InputError, match=told):
            check_factors(factors)
    assert check_factors((1, 3, 5)) == (1, 3, 5)
    with pytest.raises(InputError, match="factor = 4 is even"):
        fold(wide_enough(), 4)
    with pytest.raises(InputError, match=r"Noise of strength 1.0, 1.0 alone says nothing"):
        extrapolate([1, 1], [0.5, 0.4], [0.1, 0.1])
    with pytest.raises(InputError, match="There is no extrapolation 'cubic'"):
        extrapolate([1, 3], [0.5, 0.4], [0.1, 0.1], "cubic")


def test_gates_that_are_not_folded_are_named():
    circuit = QuantumCircuit(2, 2)
    circuit.rzz(0.3, 0, 1)
    with pytest.raises(InputError, match="The gate 'rzz' is not its own inverse and is not folded"):
        fold(circuit, 3)
    with pytest.raises(InputError, match="Gates within feed-forward are not folded"):
        fold(fed_forward(), 3)


def test_gates_of_ions_are_undone_by_native_gates_alone():
    ionq = pytest.importorskip("qiskit_ionq", reason="IonQ's client is not installed: it comes with the extra [ionq]")
    circuit = QuantumCircuit(2, 2)
    for gate, wires in (
        (ionq.GPI2Gate(0.1), [0]),
        (ionq.MSGate(0.2, 0.7, 0.25), [1, 0]),
        (ionq.ZZGate(0.25), [0, 1]),
        (ionq.GPIGate(0.4), [1]),
        (ionq.MSGate(0.9, 0.3, 0.1), [0, 1]),
    ):
        circuit.append(gate, wires)
    for factor in (1, 3, 5):
        folded = fold(circuit, factor)
        assert two_qubit_gates(folded) == factor * two_qubit_gates(circuit)
        assert {one.name for one in folded.data} <= {"gpi", "gpi2", "ms", "zz"}
        assert all(0 <= value < 1 for one in folded.data for value in one.operation.params)
        assert Operator(folded).equiv(Operator(circuit))
