"""Energies on a snapshot: tickets of few disjoint gates beat |+>^N, layers and stabilizer states are as told."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import PauliList
from qiskit.transpiler import QubitProperties
from qiskit_aer.noise import (
    amplitude_damping_error,
    coherent_unitary_error,
    depolarizing_error,
    pauli_error,
    phase_damping_error,
    thermal_relaxation_error,
)

from problems.errors import InputError
from problems.ground_states import CRITICAL_FIELD, IsingModel, ToricCode
from quantum.backends.parts import compact
from quantum.backends.readout import ReadoutErrors
from quantum.backends.simulated_device import SimulatedDevice, SimulatedProgram, used_qubits
from quantum.backends.snapshots import snapshot
from quantum.ground_states import (
    HamiltonianAnsatz,
    RotationCircuit,
    adapt,
    disjoint_ticket,
    energy_of_bits,
    noisy_clifford_energy,
    noisy_energy,
    placing,
    toric_circuit,
)
from quantum.ground_states.placing import place, place_clifford, snapshot_device
from quantum.ground_states.stabilizers import TwirledNoise, _eigenvalues, _eigenvalues_by_matrix, _numbers, _waiting

DEVICE = "fake_fez"


@pytest.fixture(scope="module")
def tickets(critical):
    circuit = RotationCircuit(critical, 1)
    made = {(k, short): circuit.circuit(*disjoint_ticket(circuit, k), short=short) for k, short in CASES}
    return {case: noisy_energy(one, critical, DEVICE) for case, one in made.items()}


CASES = [(1, False), (4, False), (4, True)]


def test_one_and_four_disjoint_gates_beat_the_product_state_on_the_same_qubits(critical, tickets):
    for case, found in tickets.items():
        assert found.wins, case
        assert found.unread < found.unread_of_product
        # Noise takes of both, of the ticket more.
        assert found.unread_of_product == pytest.approx(critical.plateau(), abs=1e-6)
        assert found.error_of_product > found.unread_of_product
    assert [tickets[case].two_qubit_gates for case in CASES] == [2, 8, 4]
    assert len(set(tickets[4, False].qubits)) == 9


def test_one_cx_a_gate_is_worth_more_than_two(tickets):
    long, short = tickets[4, False], tickets[4, True]
    assert short.error < long.error - 1e-3
    assert short.error_of_product - short.error > 1.5 * (long.error_of_product - long.error)


def test_grown_gates_that_share_sites_win_too_and_by_more(critical, tickets):
    """Four gates of ADAPT on connected bonds: routed without swaps, most of them prepared with one CX."""
    found = adapt(critical, 4)
    noisy = noisy_energy(found.circuit(short=True), critical, DEVICE)
    assert noisy.wins
    assert noisy.error < tickets[4, True].error - 1e-3
    assert found.error < noisy.unread < noisy.error


def test_a_full_layer_and_the_hamiltonian_ansatz_lose(critical, monkeypatch):
    """On one of two layouts instead of twelve: they lose by far."""
    monkeypatch.setattr(placing, "fit_circuit", partial(placing.fit_circuit, tries=2))
    circuit = RotationCircuit(critical, 1)
    half = np.arange(circuit.parameters) < 12
    ansatz = HamiltonianAnsatz(critical, 1)
    layer = circuit.circuit(circuit.fit(circuit.start(0), half).angles, half)
    for one in (layer, ansatz.circuit(ansatz.optimize().angles)):
        found = noisy_energy(one, critical, DEVICE)
        assert not found.wins
        assert found.unread > found.unread_of_product
        assert 0.05 < found.error < 0.1
        assert 24 < found.two_qubit_gates < 60


def test_exact_energies_are_those_of_many_shots():
    model = IsingModel(2, 2, CRITICAL_FIELD)
    circuit = RotationCircuit(model, 1)
    state = circuit.circuit(*disjoint_ticket(circuit, 2))
    found = noisy_energy(state, model, DEVICE)
    device = snapshot_device(DEVICE)
    placed = place(state, device)
    for made, error in ((placed.measured, found.error), (placed.product, found.error_of_product)):
        bits = {setting: device.program(made(setting)).run(20_000, 3) for setting in ("Z", "X")}
        shots = energy_of_bits(model, bits)
        assert abs(shots.error - error) < 4 * shots.standard_error / abs(model.ground_energy())


def test_probabilities_are_those_of_shots_and_readout_errors_a_matrix_on_them():
    device = snapshot_device(DEVICE)
    circuit = QuantumCircuit(3, 3)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.cx(1, 2)
    circuit.rx(0.3, 2)
    circuit.measure([2, 0, 1], [0, 1, 2])
    program = device.prepare(circuit, 0)
    assert isinstance(program, SimulatedProgram)
    read, exact = program.probabilities(), program.probabilities(readout=False)
    flips = ReadoutErrors.from_target(program.circuit, program.simulator.target).flips
    matrix = np.ones((1, 1))
    for up, down in flips:
        matrix = np.kron(np.array([[1 - up, down], [up, 1 - down]]), matrix)
    np.testing.assert_allclose(read, matrix @ exact, atol=1e-12)
    shots = 40_000
    counts = np.bincount(program.run(shots, 0) @ [1, 2, 4], minlength=8)
    assert np.all(np.abs(counts / shots - read) < 5 * np.sqrt(read * (1 - read) / shots))
    assert exact.sum() == pytest.approx(1)


@pytest.fixture(scope="module")
def small_code():
    return ToricCode(2, 2)


def test_twirled_noise_is_exact_where_the_noise_is_of_pauli_operators(small_code):
    """A snapshot whose qubits do not decay: its gates' errors are depolarizing."""
    decayless = snapshot(DEVICE)
    decayless.target.qubit_properties = [QubitProperties(t1=1e6, t2=1e6)] * decayless.target.num_qubits
    exact, twirled = _both(small_code, SimulatedDevice(decayless))
    np.testing.assert_allclose(twirled, exact, atol=1e-6)
    assert np.all(np.abs(twirled) < 1 - 1e-3)


def test_twirled_noise_is_near_to_all_of_it(small_code):
    exact, twirled = _both(small_code, snapshot_device(DEVICE))
    np.testing.assert_allclose(twirled, exact, atol=4e-3)


def test_eigenvalues_of_a_twirled_channel_are_those_of_the_gates_own_qubits():
    """X on the gate's first qubit alone: Z there changes its sign, whatever stands on the second."""
    found = _eigenvalues(pauli_error([("IX", 0.3), ("II", 0.7)]))
    operators = PauliList(["IIZ", "ZII", "ZIZ", "YIX", "III"])  # the last letter is qubit 0
    assert found[_numbers(operators, (0, 2))] == pytest.approx([0.4, 1.0, 0.4, 1.0, 1.0])
    assert found[_numbers(operators, (2, 0))] == pytest.approx([1.0, 0.4, 0.4, 0.4, 1.0])


@pytest.mark.parametrize(
    "error",
    [
        pauli_error([("IX", 0.3), ("ZY", 0.2), ("II", 0.5)]),
        thermal_relaxation_error(1e-4, 1.6e-4, 3e-6).tensor(thermal_relaxation_error(1e-4, 5e-5, 3e-6)),
        depolarizing_error(0.1, 2).compose(amplitude_damping_error(0.2).expand(phase_damping_error(0.1))),
        coherent_unitary_error(np.diag([1, 1, 1, 1j])),  # no product over the qubits
    ],
)
def test_eigenvalues_qubit_by_qubit_are_those_of_the_whole_matrix(error):
    np.testing.assert_allclose(_eigenvalues(error), _eigenvalues_by_matrix(error), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("t1", "t2"), [(1e-4, 5e-5), (1e-4, 1.6e-4), (1e-4, 3e-4)])
def test_waiting_is_twirled_thermal_relaxation(t1, t2):
    """Below T1, between T1 and twice T1, and above, which no qubit can be."""
    expected = _eigenvalues(thermal_relaxation_error(t1, min(t2, 2 * t1), 3e-6))
    np.testing.assert_allclose(_waiting(QubitProperties(t1=t1, t2=t2), 3e-6), expected, rtol=1e-12)
    assert _waiting(QubitProperties(t1=t1, t2=t2), 0.0) is None
    assert _waiting(None, 3e-6) is None


def _both(code, device):
    """Stabilizers' means by the density matrix and by twirled noise, with and without readout errors."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(placing, "TRIES", 1)  # any place will do
        placed = place_clifford(toric_circuit(code), device)
    qubits, whole = used_qubits(placed.measured("Z")), device.program(placed.measured("Z"))
    noise = TwirledNoise(device.target, qubits)
    states = np.arange(1 << code.sites)
    exact, twirled = [], []
    for setting, groups in (("Z", code.plaquettes), ("X", code.stars)):
        circuit = placed.measured(setting)
        terms = np.array([[site in sites for site in range(code.sites)] for sites in groups])
        signs = [1 - 2.0 * (np.bitwise_count(states & sum(1 << site for site in sites)) & 1) for sites in groups]
        program = replace(whole, circuit=compact(circuit, qubits))
        exact += [program.probabilities(read) @ np.array(signs).T for read in (True, False)]
        twirled += list(noise.means(circuit, terms))
    return np.array(exact), np.array(twirled)


def test_the_toric_code_on_three_by_three_keeps_part_of_its_order(small_code, monkeypatch):
    monkeypatch.setattr(placing, "TRIES", 3)
    small, large = (noisy_clifford_energy(toric_circuit(code), code) for code in (small_code, ToricCode(3, 3)))
    for found in (small, large):
        assert found.unread_of_product == pytest.approx(0.5, abs=1e-9)
        assert 0.5 < found.error_of_product < 0.56
        assert found.wins
        assert found.unread < found.error
    assert small.error < large.error < 0.35
    assert 78 <= large.two_qubit_gates <= 94


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: noisy_energy(QuantumCircuit(3), model), "has 3 qubits and the model 4 sites"),
        (lambda model: noisy_energy(QuantumCircuit(4), model, "fake_fezz"), "There is no snapshot 'fake_fezz'"),
        (lambda model: noisy_energy(QuantumCircuit(4), model, "aer_statevector"), "There is no snapshot"),
        (
            lambda model: noisy_clifford_energy(RotationCircuit(model, 1).circuit(np.full(8, 0.1)), model),
            "has a gate that is no Clifford gate",
        ),
        (
            lambda model: noisy_energy(QuantumCircuit(18), ToricCode(3, 3), "fake_fez"),
            "A density matrix of 18 qubits needs 4 TiB",
        ),
    ],
)
def test_refusals_are_one_line(call, message):
    with pytest.raises(InputError, match=message) as refusal:
        call(IsingModel(2, 2, CRITICAL_FIELD))
    assert "\n" not in str(refusal.value)
