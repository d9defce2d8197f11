"""NetKet as the oracle of a step of ours, and as what trains deeper networks."""

import numpy as np
import pytest

from classical.ground_states import FeedForwardState, netket_prune, netket_state, netket_step, random_mask
from classical.ground_states import train as own_train
from problems.errors import InputError
from problems.ground_states import CRITICAL_FIELD, IsingModel, ToricCode
from tests.compiling import compiled_quickly


@pytest.fixture(autouse=True, scope="module")
def _compiled_quickly():
    with compiled_quickly():
        yield


THREE = IsingModel(3, 3, CRITICAL_FIELD)


# Of as many sites, so that JAX compiles most of it once.
@pytest.mark.parametrize("model", [IsingModel(2, 4, CRITICAL_FIELD), ToricCode(2, 2)], ids=repr)
def test_a_step_is_netkets(model):
    first = FeedForwardState(model.sites, 4, seed=0)
    state = own_train(model, first.masked(random_mask(first, 100, 0)), 30).state
    own, theirs = own_train(model, state, 1).state, netket_step(model, state)
    assert np.abs(own.weights - state.weights).max() > 1e-4
    np.testing.assert_allclose(own.weights, theirs.weights, atol=1e-10)


def test_a_convolution_is_the_sum_over_its_places():
    model = IsingModel(2, 3, 1.0, periodic=True)
    state = netket_state(model, "cnn", features=2, kernel=2)
    spins = np.random.default_rng(0).choice([-1.0, 1.0], (5, 6))
    filters = np.asarray(state.parameters["filters"])
    expected = np.zeros(5)
    for one, row in enumerate(spins.reshape(5, 2, 3)):
        for r in range(2):
            for c in range(3):
                part = np.array([[row[(r + i) % 2, (c + j) % 3] for j in range(2)] for i in range(2)])
                expected[one] += np.maximum((filters[:, :, 0] * part[..., None]).sum(axis=(0, 1)), 0).sum()
    np.testing.assert_allclose(state.log_value(spins), expected, atol=1e-12)
    assert netket_state(THREE, "cnn").n_parameters == 36


def test_residual_networks_are_pruned_by_samples():
    model = IsingModel(2, 2, CRITICAL_FIELD, periodic=True)
    options = {"features": 2, "kernel": 2, "blocks": 1}
    found = list(netket_prune(model, "rescnn", 35, dense_steps=30, steps=40, samples=64, **options))
    assert [one.count for one in found] == [42, 37]
    for one in found:
        assert one.training.diverged is None
        # The mean of 20 estimates has a standard error of about half a percent.
        assert model.relative_error(np.mean(one.training.energies[-20:])) < 0.5 * model.plateau()
        assert sum(mask.sum() for mask in one.masks.values()) == one.count
        assert len(one.training.energies) == 40
    with pytest.raises(InputError, match=r"The mask has shape \(2, 2\), but the weights have \(36, 9\)"):
        netket_state(THREE, masks={"weights": np.ones((2, 2))})
