"""The circuit sampler on devices: what its shots are decoded to, how many nodes it draws, and what it refuses."""

import functools
from types import SimpleNamespace

import numpy as np
import pytest
from qiskit.primitives import BackendSamplerV2, StatevectorSampler
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, depolarizing_error
from scipy import stats

from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem
from quantum.backends import NotHonored, Suppression, UnknownErrors, device, resolve
from quantum.backends.shots import check_shots
from quantum.backends.snapshots import shared_snapshot
from quantum.ridgelet import ENCODINGS, CircuitSampler
from quantum.ridgelet.sampler import Measurement
from tests.loopback.environment import connected
from tests.quantum.backends.few_tries import few_tries
from tests.quantum.backends.vendors import Vendor

pytest.importorskip("qiskit_ibm_runtime")


@pytest.fixture(scope="module", autouse=True)
def fitted_fast():
    with few_tries():
        yield


def two_points(dimension=1):
    """Two points; one feature takes four qubits in either encoding."""
    return RidgeletProblem.from_samples([[1] * dimension, [2] * dimension], [1.0, -0.5], 3)


@functools.cache
def on_manila(encoding="binary"):
    return CircuitSampler(two_points(), "fake_manila", encoding)


def test_the_measurement_holds_all_shots_and_the_nodes_of_the_valid_ones():
    sampler = on_manila()
    measurement = sampler.measure(600, seed=0)
    assert measurement.shots == 600
    assert measurement.bits.shape == (600, 4)
    assert measurement.valid.shape == (600,)
    digits, valid = ENCODINGS["binary"](3).decode(measurement.bits)
    np.testing.assert_array_equal(measurement.valid, valid)
    np.testing.assert_array_equal(np.column_stack([measurement.nodes.a, measurement.nodes.b]), digits[valid])
    assert measurement.surviving == np.mean(valid)
    assert 0.8 < measurement.surviving < 1


def test_bits_are_decoded_alike_from_anywhere():
    sampler = on_manila()
    measurement = sampler.measure(50, seed=0)
    again = Measurement.from_bits(measurement.bits, ENCODINGS["binary"](3))
    assert again.nodes == measurement.nodes
    np.testing.assert_array_equal(again.valid, measurement.valid)


@pytest.mark.parametrize("backend", ["aer_statevector", "aer_mps"])
def test_without_noise_every_shot_survives_and_a_sample_is_a_measurement(backend):
    sampler = CircuitSampler(two_points(), backend)
    measurement = sampler.measure(200, seed=4)
    assert measurement.surviving == 1
    assert sampler.sample(200, seed=4) == measurement.nodes
    assert sampler.fitted is None
    assert sampler.loader == "ideal"


@pytest.mark.parametrize("n", [1, 37, 300])
@pytest.mark.parametrize("encoding", ["binary", "rader"])
def test_exactly_as_many_nodes_are_drawn_as_asked_for(n, encoding):
    sampler = on_manila(encoding)
    nodes = sampler.sample(n, seed=1)
    assert len(nodes) == n
    assert nodes.a.shape == (n, 1)
    assert max(nodes.a.max(), nodes.b.max()) < 3
    assert sampler.sample(n, seed=1) == nodes


def test_invalid_shots_are_replaced_by_further_runs():
    sampler = on_manila()
    measurement = sampler.measure(300, seed=1)
    assert measurement.surviving < 1
    nodes = sampler.sample(300, seed=1)
    assert nodes[: len(measurement.nodes)] == measurement.nodes


def test_two_samplers_give_the_same_bytes_for_a_seed():
    sampler, second = (CircuitSampler(two_points(), "fake_guadalupe", "rader") for _ in range(2))
    one, other = sampler.measure(200, seed=9), second.measure(200, seed=9)
    assert one.bits.tobytes() == other.bits.tobytes()
    assert one.nodes.a.tobytes() == other.nodes.a.tobytes()
    assert sampler.measure(200, seed=10).bits.tobytes() != one.bits.tobytes()


def test_the_recorded_circuit_gives_the_bytes_of_the_direct_run():
    sampler = on_manila("rader")
    direct = sampler.measure(100, seed=6)
    seed = int(np.random.default_rng(6).integers(2**31))
    recorded = resolve("fake_manila").program(sampler.fitted.circuit, 1).run(100, seed)
    assert recorded.tobytes() == direct.bits.tobytes()


def test_layout_and_depth_are_those_of_the_fitted_circuit():
    sampler = on_manila()
    expected = device.fit_circuit(sampler.circuit, shared_snapshot("fake_manila").target, "fake_manila")
    assert sampler.fitted.summary() == expected.summary()
    assert sampler.loader == "sparse"
    assert [register.name for register in sampler.fitted.circuit.cregs] == ["node"]


def samplers_and_backends():
    return [
        "fake_manila",
        shared_snapshot("fake_manila"),
        AerSimulator(),
        AerSimulator.from_backend(shared_snapshot("fake_manila")),
        StatevectorSampler(seed=0),
        BackendSamplerV2(backend=shared_snapshot("fake_manila"), options={"seed_simulator": 0}),
    ]


@pytest.mark.parametrize("backend", samplers_and_backends(), ids=lambda one: getattr(one, "name", type(one).__name__))
def test_nodes_are_drawn_wherever_the_circuit_runs(backend):
    """Noise moves the shares of the nodes by no more than what such a device is expected to."""
    problem = two_points()
    measurement = CircuitSampler(problem, backend, "rader").measure(1500, seed=1)
    shares = np.bincount(measurement.nodes.index(3), minlength=9) / len(measurement.nodes)
    expected = problem.probability(Nodes.from_index(np.arange(9), 3, 1))
    assert np.abs(shares - expected).sum() / 2 < 0.2


def test_a_statevector_sampler_draws_from_the_exact_distribution():
    problem = two_points()
    measurement = CircuitSampler(problem, StatevectorSampler(seed=5)).measure(4000, seed=0)
    assert measurement.surviving == 1
    counts = np.bincount(measurement.nodes.index(3), minlength=9)
    expected = 4000 * problem.probability(Nodes.from_index(np.arange(9), 3, 1))
    seen = expected > 1e-9
    assert counts[~seen].sum() == 0
    assert stats.chisquare(counts[seen], expected[seen] * 4000 / expected[seen].sum()).pvalue > 1e-3


def test_a_device_by_name_is_one_job_of_the_saved_account(tmp_path):
    """The server's first job runs with seed 7."""
    with connected(tmp_path) as (server, _):
        sampler = CircuitSampler(two_points(), "ibm_fez", "rader", suppression=Suppression(True, True))
        assert server.jobs == {}
        plain = CircuitSampler(two_points(), "ibm_fez", "rader")
        measurement = plain.measure(300, seed=0)
        (job,) = server.jobs.values()
        assert sampler.measure(70, seed=0).bits.shape == (70, 4)
        assert len(server.jobs) == 2
    assert job["tags"][0].startswith("tickets-")
    assert measurement.surviving == 1
    same = resolve(AerSimulator()).program(plain.fitted.circuit, 1)
    assert same.run(300, 7).tobytes() == measurement.bits.tobytes()


@pytest.mark.parametrize("backend", ["fake_manila", StatevectorSampler()])
def test_the_ideal_loader_is_refused_where_gates_alone_are_taken(backend):
    for refuse in (CircuitSampler, CircuitSampler.check):
        with pytest.raises(InputError, match=r"loader='ideal' hands .* takes gates alone; use loader='sparse'"):
            refuse(two_points(), backend, loader="ideal")


def test_a_circuit_that_is_too_wide_is_refused_before_it_is_built(monkeypatch):
    def never(*_arguments, **_options):
        raise AssertionError("a circuit was built")

    monkeypatch.setattr("quantum.ridgelet.sampler.ridgelet_circuit", never)
    for refuse in (CircuitSampler, CircuitSampler.check):
        with pytest.raises(InputError, match="The circuit has 6 qubits, but fake_manila connects 5 by working gates"):
            refuse(two_points(2), "fake_manila")


def test_a_circuit_that_is_too_deep_for_its_shots_is_refused_with_figures():
    sampler = CircuitSampler(two_points(), "fake_manila")
    deep = sampler.fitted.circuit.copy()
    sampler.fitted = type(sampler.fitted)(deep, sampler.fitted.qubits, 900, 400, None, 0.02, 0, 0)
    for refused in (sampler.measure, sampler.sample):
        with pytest.raises(
            InputError, match=r"too deep for fake_manila: depth 900, 400 two-qubit .* 0.02, .*2000 shots"
        ):
            refused(2000, seed=0)
    assert sampler.measure(2501, seed=0).shots == 2501


def test_shots_beyond_the_limit_are_refused():
    with pytest.raises(InputError, match=r"shots = 100001 is beyond the limit of fake_manila, 100000 a run"):
        on_manila().measure(100_001)


def test_a_sample_beyond_the_limit_takes_several_runs():
    vendor = Vendor()
    vendor.max_shots = 20
    with pytest.warns(UnknownErrors, match="vendor_four states no error of any gate"):
        nodes = CircuitSampler(two_points(), vendor).sample(50, seed=0)
    assert len(nodes) == 50
    assert len(vendor.shots) >= 3
    assert max(map(len, vendor.shots)) <= 20


@pytest.mark.parametrize("shots", [0, 2.5, "many", None])
def test_a_bad_number_of_shots_is_refused(shots):
    with pytest.raises(InputError, match="shots = "):
        CircuitSampler(two_points()).measure(shots)


class Zeros(StatevectorSampler):
    """A sampler over a backend that keeps no single shots."""

    def run(self, pubs, *, shots=None):
        pubs = list(pubs)
        for circuit in pubs:
            circuit.data = [one for one in circuit.data if one.name == "measure"]
        return super().run(pubs, shots=shots)


def test_shots_that_are_all_zero_are_refused_in_a_sentence():
    with pytest.raises(
        InputError, match=r"All 400 shots of Zeros are zeros, .* keeps counts alone .*memory=True"
    ) as told:
        CircuitSampler(two_points(), Zeros()).measure(400, seed=0)
    assert "\n" not in str(told.value)


def test_a_few_zeros_may_be_right():
    """One shot is 0 with a probability that is not small."""
    sampler = CircuitSampler(RidgeletProblem.from_samples([[0], [1]], [1.0, 0.3], 3), Zeros())
    assert sampler.measure(1, seed=0).shots == 1


class Invalid(StatevectorSampler):
    """A sampler whose shots are all one: 3 is no digit of Z_3."""

    def run(self, pubs, *, shots=None):
        pubs = list(pubs)
        for circuit in pubs:
            measurements = [one for one in circuit.data if one.name == "measure"]
            circuit.clear()
            circuit.x(range(circuit.num_qubits))
            for one in measurements:
                circuit.append(one)
        return super().run(pubs, shots=shots)


def test_a_device_that_measures_no_node_at_all_is_given_up():
    with pytest.raises(RuntimeError, match="None of the last 3 runs on Invalid measured a node"):
        CircuitSampler(two_points(), Invalid()).sample(10, seed=0)


def test_the_user_is_told_what_is_of_no_use():
    suppression = Suppression(dynamical_decoupling=True)
    with pytest.warns(NotHonored, match="simulates without noise, so dynamical decoupling has nothing to suppress"):
        CircuitSampler(two_points(), suppression=suppression)
    with pytest.warns(NotHonored, match="Dynamical decoupling is applied on fake_manila, but"):
        decoupled = CircuitSampler(two_points(), "fake_manila", suppression=suppression)
    plain = on_manila()
    assert decoupled.measure(300, seed=0).bits.tobytes() != plain.measure(300, seed=0).bits.tobytes()


def test_a_noise_model_of_ones_own_is_of_unknown_error_and_no_noise_of_none():
    noise = NoiseModel()
    noise.add_all_qubit_quantum_error(depolarizing_error(0.05, 2), ["cx"])
    sampler = CircuitSampler(two_points(), AerSimulator(noise_model=noise, seed_simulator=1))
    assert sampler.fitted.fidelity is None
    with pytest.warns(UnknownErrors, match="states no error of any gate"):
        sampler.measure(100, seed=0)
    assert CircuitSampler(two_points(), AerSimulator()).fitted.fidelity == 1


@pytest.mark.parametrize("backend", ["aer_statevector", "aer_mps", "fake_manila"])
@pytest.mark.parametrize("shots", [2**31, 10**11, 10**20])
def test_shots_that_no_memory_holds_are_refused_before_anything_runs(backend, shots):
    sampler = CircuitSampler(two_points(), backend, "rader")
    with pytest.raises(InputError, match=f"{shots}"):
        sampler.measure(shots)
    with pytest.raises(InputError, match=f"{shots}"):
        sampler.sample(shots)


def test_the_bits_of_shots_need_memory(monkeypatch):
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=10**6))
    with pytest.raises(InputError, match=r"Reading 10000 shots of dev needs 1\.72 MiB, but 977 KiB are available"):
        check_shots(10_000, 3, "dev")
    assert check_shots(1000, 3, "dev") == 1000
