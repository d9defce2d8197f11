"""Samplers that speak Qiskit's interface, run as they are."""

import numpy as np
import pytest
from qiskit.primitives import BackendSamplerV2, StatevectorSampler
from qiskit_aer.primitives import SamplerV2 as AerSampler

from problems.errors import InputError
from quantum.backends import NotHonored, Suppression, resolve
from quantum.backends.snapshots import shared_snapshot
from tests.quantum.backends.circuits import chain, fed_forward, flipped


@pytest.mark.parametrize("sampler", [StatevectorSampler(seed=1), AerSampler(seed=1)])
def test_bit_zero_comes_first(sampler):
    backend = resolve(sampler)
    assert backend.device
    assert backend.target is None
    assert backend.max_shots is None
    read = backend.prepare(flipped([1, 0, 1, 1]), 1).run(9, seed=0)
    np.testing.assert_array_equal(read, np.tile([True, False, True, True], (9, 1)))


def test_the_shots_are_those_of_the_sampler():
    read = resolve(StatevectorSampler(seed=3)).prepare(chain(3), 1).run(100, seed=0)
    data = StatevectorSampler(seed=3).run([chain(3)], shots=100).result()[0].data
    np.testing.assert_array_equal(read, data.node.to_bool_array(order="little"))


def test_feed_forward_is_left_to_the_sampler():
    read = resolve(AerSampler(seed=1)).prepare(fed_forward(), 1).run(50, seed=0)
    assert read[:, 0].any()
    np.testing.assert_array_equal(read[:, 0], read[:, 1])


def test_a_sampler_that_tells_its_backend_gets_a_fitted_circuit():
    pytest.importorskip("qiskit_ibm_runtime")
    backend = resolve(BackendSamplerV2(backend=shared_snapshot("fake_manila"), options={"seed_simulator": 4}))
    program = backend.prepare(flipped([1, 0, 1]), 1)
    assert program.fitted is not None
    assert program.circuit is program.fitted.circuit
    assert np.mean(np.all(program.run(300, seed=0) == [True, False, True], axis=1)) > 0.8
    with pytest.raises(InputError, match="has 6 qubits, but BackendSamplerV2 connects 5"):
        backend.check(6, 1)


def test_ibms_sampler_gets_a_fitted_circuit():
    executor = pytest.importorskip("qiskit_ibm_runtime.executor_sampler")
    backend = resolve(
        executor.Sampler(mode=shared_snapshot("fake_manila"), options={"simulator": {"seed_simulator": 4}})
    )
    program = backend.prepare(flipped([1, 0, 1]), 1)
    assert program.fitted is not None
    assert np.mean(np.all(program.run(300, seed=0) == [True, False, True], axis=1)) > 0.8


def test_a_recorded_circuit_is_run_as_it_is():
    ran = []

    class Witness(StatevectorSampler):
        def run(self, pubs, *, shots=None):
            ran.extend(pubs)
            return super().run(pubs, shots=shots)

    circuit = flipped([0, 1])
    assert resolve(Witness()).program(circuit, 1).run(2, seed=0).tolist() == [[False, True]] * 2
    assert ran == [circuit]


def test_its_own_options_stay_as_they_are():
    with pytest.warns(
        NotHonored, match="StatevectorSampler runs with its own options, so twirling is left out; switch"
    ):
        resolve(StatevectorSampler(), Suppression(twirling=True))


def test_there_is_no_bond_dimension():
    with pytest.raises(InputError, match="bond_dimension = 4 says nothing to StatevectorSampler"):
        resolve(StatevectorSampler()).check(2, 1, 4)
