"""Snapshots and Aer's simulators: their shots, seeds, waiting, ways to suppress errors, and refusals."""

import copy
import types

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, depolarizing_error

from problems import memory
from problems.errors import InputError
from quantum.backends import NotHonored, Suppression, resolve, simulated_device
from quantum.backends.errors import ServiceError
from quantum.backends.fitting import fit_circuit
from quantum.backends.simulated_device import SimulatedDevice, _IdlingSimulator, can_simulate
from quantum.backends.snapshots import shared_snapshot
from tests.quantum.backends.circuits import chain, fed_forward, flipped

pytest.importorskip("qiskit_ibm_runtime")


def waiting(pairs=120):
    """One qubit waits in a superposition, which only waiting can spoil, while two others are busy."""
    circuit = QuantumCircuit(3)
    circuit.add_register(*chain(1).cregs)
    circuit.h(0)
    circuit.barrier()
    for _ in range(pairs):
        circuit.cx(1, 2)
        circuit.barrier(1, 2)
    circuit.barrier()
    circuit.h(0)
    circuit.measure(0, 0)
    return circuit


@pytest.mark.parametrize("bits", [[1, 0, 0], [0, 1, 1], [0, 0, 1]])
def test_bit_zero_comes_first_and_the_device_is_noisy(bits):
    read = resolve("fake_manila").prepare(flipped(bits), 1).run(500, seed=0)
    assert read.shape == (500, 3)
    assert read.dtype == bool
    share = np.mean(np.all(read == np.array(bits, dtype=bool), axis=1))
    assert 0.85 < share < 1


def test_a_seed_gives_the_same_shots_again_and_another_gives_others():
    backend = resolve("fake_manila")
    program = backend.prepare(chain(3), 1)
    shots = program.run(200, seed=0)
    assert program.run(200, seed=0).tobytes() == shots.tobytes()
    assert resolve("fake_manila").prepare(chain(3), 1).run(200, seed=0).tobytes() == shots.tobytes()
    assert program.run(200, seed=1).tobytes() != shots.tobytes()


@pytest.mark.filterwarnings("ignore::quantum.backends.options.NotHonored")
@pytest.mark.parametrize("suppression", [Suppression(), Suppression(True, False), Suppression(True, True)])
def test_a_recorded_circuit_gives_the_shots_of_the_prepared_one(suppression):
    prepared = resolve("fake_manila", suppression).prepare(chain(3), 1)
    recorded = resolve("fake_manila", suppression).program(prepared.fitted.circuit, 1)
    assert recorded.run(100, seed=3).tobytes() == prepared.run(100, seed=3).tobytes()


def test_the_whole_device_gives_the_same_shots():
    device = shared_snapshot("fake_lagos")
    program = SimulatedDevice(device).prepare(chain(3), 1)
    whole = _IdlingSimulator.from_backend(device, method="density_matrix", max_parallel_threads=1)
    whole = whole.run(program.fitted.circuit, shots=300, seed_simulator=4, memory=True).result().get_memory()
    expected = np.array([[bit == "1" for bit in reversed(shot)] for shot in whole])
    np.testing.assert_array_equal(program.run(300, seed=4), expected)


def test_a_run_leaves_the_noise_that_all_share_as_it_was():
    """Waiting qubits have errors of their own, which Aer puts into a copy."""
    program = resolve("fake_manila").prepare(waiting(), 1)
    noise = program.simulator.options.noise_model
    before, plain = noise.to_dict(serializable=True), NoiseModel.from_backend(program.simulator)
    assert copy.deepcopy(noise) is not noise
    program.run(20, seed=0)
    assert noise.to_dict(serializable=True) == before
    assert noise == plain
    changed = copy.deepcopy(noise)
    changed.add_all_qubit_quantum_error(depolarizing_error(0.1, 1), "delay")
    changed.add_readout_error([[0.9, 0.1], [0.1, 0.9]], [0])
    assert noise == plain != changed


def test_only_the_qubits_in_use_are_simulated():
    program = resolve("fake_manila").prepare(chain(3), 1)
    assert program.circuit.num_qubits == 3
    assert program.fitted.circuit.num_qubits == 5
    assert program.simulator.target.num_qubits == 3


def test_a_device_keeps_the_simulators_that_were_used_last(monkeypatch):
    """Every circuit may have qubits of its own, and a process that runs thousands of them has one device."""
    monkeypatch.setattr(simulated_device, "KEPT", 2)
    device = SimulatedDevice(shared_snapshot("fake_manila"))
    first, second = (device._simulator((qubit,), False, "statevector") for qubit in (0, 1))
    assert device._simulator((0,), False, "statevector") is first
    device._simulator((2,), False, "statevector")
    assert device._simulator((0,), False, "statevector") is first
    assert device._simulator((1,), False, "statevector") is not second
    assert len(device._simulators) == 2


def test_the_fitted_circuit_is_that_of_fit_circuit():
    fitted = resolve("fake_manila").prepare(chain(3), 1).fitted
    expected = fit_circuit(chain(3), shared_snapshot("fake_manila").target, "fake_manila")
    assert fitted.summary() == expected.summary()
    assert fitted.circuit == expected.circuit


def test_waiting_is_noisy():
    """Aer alone leaves a qubit as it is until an explicit delay."""
    program = resolve("fake_manila").prepare(waiting(), 1)
    noisy = np.mean(program.run(2000, seed=0))
    plain = AerSimulator.from_backend(shared_snapshot("fake_manila")).run(
        program.fitted.circuit, shots=2000, seed_simulator=0, memory=True
    )
    quiet = plain.result().get_counts().get("1", 0) / 2000
    assert quiet < 0.1
    assert noisy > 0.2


def test_dynamical_decoupling_is_applied_and_waits_as_long_without_it():
    """Without memory in the noise it changes little; the time spent waiting is the same in both."""
    with pytest.warns(NotHonored, match="Dynamical decoupling is applied on fake_manila, but .* expect no gain"):
        decoupled = resolve("fake_manila", Suppression(dynamical_decoupling=True))
    shares = [np.mean(one.prepare(waiting(), 1).run(2000, seed=0)) for one in (resolve("fake_manila"), decoupled)]
    assert abs(shares[0] - shares[1]) < 0.1
    assert shares[0] != shares[1]


@pytest.fixture
def circuits_that_ran(monkeypatch):
    ran = []

    def run(self, circuits, *arguments, **options):
        ran.extend(circuits)
        return genuine(self, circuits, *arguments, **options)

    genuine = AerSimulator.run
    monkeypatch.setattr(AerSimulator, "run", run)
    return ran


@pytest.mark.filterwarnings("ignore::quantum.backends.options.NotHonored")
@pytest.mark.parametrize("decoupling", [False, True])
@pytest.mark.parametrize("twirling", [False, True])
def test_what_is_asked_for_is_applied(decoupling, twirling, circuits_that_ran):
    program = resolve("fake_manila", Suppression(decoupling, twirling)).prepare(waiting(10), 1)
    plain = program.circuit.count_ops()
    assert program.run(70, seed=0).shape == (70, 1)
    (ran,) = circuits_that_ran
    assert ran.count_ops()["delay"] > 0
    assert (ran.count_ops().get("x", 0) > plain.get("x", 0)) == decoupling
    assert (len(ran.parameters) > plain["cx"]) == twirling


@pytest.mark.filterwarnings("ignore::quantum.backends.options.NotHonored")
@pytest.mark.parametrize("twirling", [False, True])
def test_measurements_are_twirled_and_read_back(twirling, circuits_that_ran):
    """No two-qubit gate is there to be twirled."""
    read = resolve("fake_manila", Suppression(twirling=twirling)).prepare(flipped([1, 0]), 1).run(300, seed=0)
    assert (len(circuits_that_ran[0].parameters) > 0) == twirling
    assert np.mean(np.all(read == [True, False], axis=1)) > 0.85


def test_every_option_that_is_of_no_use_is_told():
    with pytest.warns(NotHonored) as told:
        resolve("fake_manila", Suppression(True, True))
    assert len(told) == 2
    assert "Twirling is applied on fake_manila, but" in str(told[1].message)


@pytest.mark.filterwarnings("ignore::quantum.backends.options.NotHonored")
@pytest.mark.parametrize(
    ("name", "suppression", "circuit", "message"),
    [
        (
            "fake_manila",
            Suppression(True, False),
            fed_forward(),
            "Dynamical decoupling on fake_manila needs a circuit w",
        ),
        (
            "fake_manila",
            Suppression(False, True),
            fed_forward(),
            "Twirling on fake_manila needs a circuit without feed",
        ),
        ("fake_burlington", Suppression(True, False), chain(2), "fake_burlington needs .* the durations of all gates"),
        (
            "fake_burlington",
            Suppression(False, True),
            chain(2),
            "needs a device with the gates rz and sx; leave it out",
        ),
    ],
)
def test_what_cannot_be_applied_is_refused(name, suppression, circuit, message):
    with pytest.raises(InputError, match=message):
        resolve(name, suppression).prepare(circuit, 1)


def test_outcomes_are_fed_forward():
    program = resolve("fake_manila").prepare(fed_forward(), 1)
    bits = program.run(400, seed=0)
    assert np.mean(bits[:, 0] == bits[:, 1]) > 0.85
    assert 0.1 < np.mean(bits[:, 0]) < 0.35
    assert program.run(400, seed=0).tobytes() == bits.tobytes()


def test_many_qubits_are_simulated_by_trajectories_and_reproducibly():
    program = resolve("fake_guadalupe").prepare(chain(11), 1)
    assert program.simulator.options.method == "statevector"
    shots = program.run(20, seed=2)
    assert program.run(20, seed=2).tobytes() == shots.tobytes()
    assert resolve("fake_manila").prepare(chain(3), 1).simulator.options.method == "density_matrix"


def test_a_simulator_of_aers_runs_as_it_is():
    ideal = resolve(AerSimulator(method="statevector"))
    assert ideal.max_shots is None
    program = ideal.prepare(flipped([1, 0, 1, 1]), 1)
    np.testing.assert_array_equal(program.run(20, seed=0), np.tile([True, False, True, True], (20, 1)))
    noisy = resolve(AerSimulator.from_backend(shared_snapshot("fake_manila"))).prepare(flipped([1] * 3), 1)
    shots = noisy.run(400, seed=1)
    assert 0.8 < np.mean(shots.all(axis=1)) < 1
    assert noisy.run(400, seed=1).tobytes() == shots.tobytes()


def test_what_is_made_to_be_simulated():
    from qiskit.providers.fake_provider import GenericBackendV2

    assert can_simulate(AerSimulator())
    assert can_simulate(shared_snapshot("fake_manila"))
    assert not can_simulate(GenericBackendV2(2, seed=0))


def test_what_the_device_is_known_by():
    backend = resolve("fake_fez")
    assert (backend.name, backend.device, backend.max_shots) == ("fake_fez", True, 100_000)
    assert backend.target.num_qubits == 156
    assert len(backend.target["cz"]) == 338


def test_too_wide_a_circuit_is_refused_before_it_is_built():
    with pytest.raises(InputError, match="has 6 qubits, but fake_manila connects 5"):
        resolve("fake_manila").check(6, 1)
    resolve("fake_manila").check(5, 1)


def test_a_simulation_that_would_not_fit_is_refused(monkeypatch):
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: types.SimpleNamespace(available=24 * 2**20))
    resolve("fake_fez").check(20, 1)
    with pytest.raises(InputError, match=r"Simulating 21 qubits of fake_fez needs 48 MiB, but .*or the device itself"):
        resolve("fake_fez").check(21, 1)


def test_there_is_no_bond_dimension():
    with pytest.raises(InputError, match="bond_dimension = 8 says nothing to fake_manila"):
        resolve("fake_manila").prepare(chain(2), 1, 8)


@pytest.mark.parametrize("method", ["stabilizer", "unitary", "superop"])
def test_a_simulator_whose_method_cannot_run_a_circuit_is_told_in_one_line(method):
    program = resolve(AerSimulator(method=method)).prepare(chain(3), 1)
    with pytest.raises(ServiceError, match=r"aer_simulator\S* failed: AerError: .*invalid") as refusal:
        program.run(20, seed=0)
    assert "\n" not in str(refusal.value)
