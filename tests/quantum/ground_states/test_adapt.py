"""ADAPT: the steepest gate each time, ties by seed, and the errors of its circuits."""

import numpy as np
import pytest
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from problems.ground_states import IsingModel, ToricCode
from quantum.ground_states import adapt
from quantum.ground_states.engine import RealEngine
from quantum.ground_states.rotations import rotation_pool

SEEDS = range(3)


@pytest.fixture(scope="module")
def grown(critical):
    return [adapt(critical, 36, seed) for seed in SEEDS]


def test_errors_of_twelve_twenty_four_and_thirty_six_gates(grown):
    medians = {k: np.median([one.fits[k - 1].error for one in grown]) for k in (12, 24, 36)}
    assert 2.0e-3 < medians[12] < 3.3e-3
    assert 1.2e-4 < medians[24] < 5.0e-4
    assert 0.8e-5 < medians[36] < 4.0e-5
    assert all(np.all(np.diff([fit.error for fit in one.fits]) < 1e-12) for one in grown)


def test_the_first_gate_is_any_of_the_pool_and_the_first_four_subtract_the_same(critical, grown):
    """On |++> every bond pulls alike; gates that share a site with none gain sqrt(4 kappa^2 + 1) - 2 kappa."""
    gain = (np.sqrt(4 * critical.field**2 + 1) - 2 * critical.field) / abs(critical.ground_energy())
    for one in grown:
        assert one.fits[0].error == pytest.approx(critical.plateau() - gain, abs=1e-12)
    assert len({tuple(one.gates[0]) for one in grown}) > 1


def test_each_gate_is_one_of_the_steepest(critical, grown):
    engine, pool, one = RealEngine(critical), rotation_pool(critical), grown[0]
    for k in (1, 5, 20):
        pulls = np.abs(engine.pulls(engine.state(one.fits[k - 1].angles, one.gates[:k]), pool))
        chosen = np.flatnonzero((pool == one.gates[k]).all(axis=1))
        assert pulls[chosen] == pytest.approx(pulls.max(), rel=1e-5)


def test_the_circuit_has_the_state(grown):
    one = grown[1]
    for short in (False, True):
        np.testing.assert_allclose(Statevector(one.circuit(short=short)).data, one.state(), atol=1e-12)
    first = one.circuit(one.fits[2].angles)
    assert first.count_ops()["rzz"] == 3
    assert (one.parameters, one.energy) == (36, one.fits[-1].energy)


def test_a_seed_gives_the_same_gates_again(critical, grown):
    np.testing.assert_array_equal(adapt(critical, 5, 2).gates, grown[2].gates[:5])


def test_it_ends_where_nothing_pulls():
    """Two sites: one gate is exact."""
    model = IsingModel(1, 2, 0.8)
    found = adapt(model, 9)
    assert len(found.fits) < 9
    assert found.error == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: adapt(model, 0), "parameters = 0 is too small"),
        (lambda model: adapt(ToricCode(2, 2), 1), "has no bonds"),
        (lambda model: adapt(model, 2, seed="x"), "cannot seed a random generator"),
        (lambda model: adapt(model, 2).circuit(np.ones(3)), "angles have shape \\(3,\\); give at most 2"),
    ],
)
def test_refusals_are_one_line(call, message):
    with pytest.raises(InputError, match=message) as refusal:
        call(IsingModel(2, 2, 3.0))
    assert "\n" not in str(refusal.value)
