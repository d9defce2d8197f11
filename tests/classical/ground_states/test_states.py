"""Neural states and their natural gradients: every fast path against the sums as they are written down."""

import pickle

import numpy as np
import pytest

from classical.ground_states import (
    ExactSums,
    FeedForwardState,
    Samples,
    bond_ticket,
    cut,
    natural_gradient,
    random_mask,
    reference_gradient,
    train,
)
from classical.ground_states import samples as by_samples
from classical.ground_states.feed_forward import SPREAD
from classical.ground_states.samples import kernel_of
from classical.ground_states.walks import Walks
from problems.errors import InputError, OutOfReach
from problems.ground_states import CRITICAL_FIELD, IsingModel, ToricCode, all_spins

THREE = IsingModel(3, 3, CRITICAL_FIELD)


def sparse_state(model, alpha, kept, spread=0.3, seed=1):
    rng = np.random.default_rng(seed)
    state = FeedForwardState(model.sites, alpha, rng.normal(0.0, spread, (alpha * model.sites, model.sites)))
    return state.masked(random_mask(state, kept, rng))


def toric_288(weight):
    """Return the toric code's optimum: on each plaquette the 8 patterns of signs whose product is -1."""
    code = ToricCode(3, 3)
    weights = np.zeros((8 * 18, 18))
    patterns = [signs for signs in all_spins(4) if signs.prod() < 0]
    rows = iter(weights)
    for face in code.plaquettes:
        for signs in patterns:
            next(rows)[list(face)] = weight * signs
    return code, FeedForwardState(18, 8, weights, weights != 0)


def test_first_weights_have_the_spread_of_the_paper():
    state = FeedForwardState(9, 4, seed=0)
    assert state.weights.shape == (36, 9)
    assert state.count == 324
    assert state.weights.std() == pytest.approx(SPREAD, rel=0.1)
    np.testing.assert_array_equal(state.weights, FeedForwardState(9, 4, seed=0).weights)


def test_energy_and_derivatives_are_those_of_the_state_written_out():
    model = IsingModel(2, 3, 1.2)
    state = sparse_state(model, 3, 40)
    spins = all_spins(6)
    logs = np.array([sum(max(row @ one, 0.0) for row in state.weights) for one in spins])
    np.testing.assert_allclose(state.log_amplitudes(spins), logs, atol=1e-12)
    psi = np.exp(logs)
    assert state.energy(model) == pytest.approx(psi @ model.matrix() @ psi / (psi @ psi), abs=1e-12)
    places = np.argwhere(state.mask)
    derivatives, step = state.derivatives(spins), 1e-6
    for column in (0, 17, 39):
        moved = state.weights.copy()
        moved[tuple(places[column])] += step
        ahead = FeedForwardState(6, 3, moved, state.mask).log_amplitudes(spins)
        np.testing.assert_allclose(derivatives[:, column], (ahead - logs) / step, atol=1e-6)


def test_the_gradient_without_metric_is_the_slope_of_the_energy():
    model = IsingModel(2, 2, 1.0, periodic=True)
    state = sparse_state(model, 2, 12)
    huge = 1e9  # (S + shift)^-1 g is g / shift
    _, direction = reference_gradient(model, state, huge)
    places, step = np.argwhere(state.mask), 1e-5
    for column in range(12):
        ends = []
        for sign in (1, -1):
            moved = state.weights.copy()
            moved[tuple(places[column])] += sign * step
            ends.append(state.with_weights(moved).energy(model))
        assert huge * direction[column] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-7)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("model", "alpha", "kept"),
    [
        (THREE, 4, 324),
        (THREE, 8, 100),
        (IsingModel(2, 3, 0.8, periodic=True), 2, 50),
        (IsingModel(1, 2, 0.5), 3, 12),
        (ToricCode(2, 2), 2, 70),
    ],
    ids=["dense", "sparse", "periodic", "two", "toric"],
)
def test_exact_sums_at_half_the_work_are_the_reference(model, alpha, kept, compiled):
    state = sparse_state(model, alpha, kept)
    energy, direction = reference_gradient(model, state)
    sums = ExactSums(model, state, compiled)
    found, moved = sums.gradient(state.weights)
    assert found == pytest.approx(energy, abs=1e-12)
    np.testing.assert_allclose(moved, direction, atol=1e-9 * max(1.0, np.abs(direction).max()))
    assert sums.energy(state.weights) == pytest.approx(state.energy(model), abs=1e-12)


def test_neurons_whose_argument_is_zero_are_off_at_both_ends():
    model = IsingModel(2, 2, 1.0)
    mask = bond_ticket(model, 0, 2)
    state = FeedForwardState(4, 2, 0.25 * mask, mask)  # equal weights: s_i + s_j = 0 for half of the configurations
    energy, direction = reference_gradient(model, state)
    found, moved = ExactSums(model, state).gradient(state.weights)
    assert found == pytest.approx(energy, abs=1e-12)
    np.testing.assert_allclose(moved, direction, atol=1e-10)


def test_more_weights_than_rows_give_the_same_vector():
    rng = np.random.default_rng(0)
    table, energies = rng.normal(size=(20, 50)), rng.normal(size=20)
    probabilities = rng.dirichlet(np.ones(20))
    wide = natural_gradient(table, probabilities, energies)
    mean = probabilities @ table
    metric = (table - mean).T @ (probabilities[:, None] * (table - mean))
    force = 2 * (table - mean).T @ (probabilities * energies)
    np.testing.assert_allclose(wide, np.linalg.solve(metric + 1e-3 * np.eye(50), force), atol=1e-9)


@pytest.mark.parametrize("kept", [324, 300, 40])
def test_the_metric_of_configurations_is_that_of_the_table(kept):
    state = sparse_state(THREE, 4, kept)
    spins = np.random.default_rng(2).choice([-1.0, 1.0], (30, 9))
    table = state.derivatives(spins)
    on = (spins @ state.weights.T > 0).astype(float)
    np.testing.assert_allclose(kernel_of(on, spins, state.mask), table @ table.T, atol=1e-10)


@pytest.mark.parametrize("kept", [324, 300, 60])
def test_a_step_by_samples_is_the_natural_gradient_of_what_was_drawn(kept):
    state = sparse_state(THREE, 4, kept, spread=0.05)
    spins, probabilities, energies = Samples(THREE, state, 200, 7).drawn(state.weights)
    assert probabilities.sum() == pytest.approx(1.0)
    psi = state.amplitudes()
    numbers = (spins < 0) @ (1 << np.arange(9))
    applied = THREE.matrix() @ psi
    np.testing.assert_allclose(energies, applied[numbers] / psi[numbers], rtol=1e-9)
    energy, direction = Samples(THREE, state, 200, 7).gradient(state.weights)
    assert energy == pytest.approx(probabilities @ energies)
    expected = natural_gradient(state.derivatives(spins), probabilities, energies)
    np.testing.assert_allclose(direction, expected, atol=1e-7 * np.abs(expected).max())


@pytest.mark.parametrize("model", [IsingModel(2, 3, 1.0), ToricCode(2, 2)], ids=repr)
def test_walks_draw_from_the_amplitudes_squared_compiled_or_not(model):
    state = sparse_state(model, 2, 30)
    drawn = {}
    for compiled in (True, False):
        walks = Walks(model, state.mask, 4000, np.random.default_rng(3), compiled)
        spins, shares, energies = walks.drawn(state.weights)
        drawn[compiled] = (spins, shares, energies)
    np.testing.assert_array_equal(drawn[True][0], drawn[False][0])
    np.testing.assert_allclose(drawn[True][2], drawn[False][2], rtol=1e-9)
    spins, shares, energies = drawn[True]
    psi = state.amplitudes()
    numbers = (spins < 0) @ (1 << np.arange(model.sites))
    np.testing.assert_allclose(energies, (model.matrix() @ psi)[numbers] / psi[numbers], rtol=1e-9)
    counts = np.zeros(1 << model.sites)
    counts[numbers] = 4000 * shares
    # Walks are independent of each other: each is one draw, and 6 standard deviations of chi^2 are never left.
    expected = 4000 * psi**2
    distance, freedom = ((counts - expected) ** 2 / expected).sum(), len(psi) - 1
    assert abs(distance - freedom) < 6 * np.sqrt(2 * freedom)


def test_walks_lead_where_drawing_exactly_does(monkeypatch):
    monkeypatch.setattr(by_samples, "DRAWN_SITES", 0)
    found = train(THREE, FeedForwardState(9, 2, seed=0), 150, samples=256, seed=1)
    assert THREE.relative_error(found.state.energy(THREE)) < 1e-4
    assert abs(found.energy - found.state.energy(THREE)) < 5 * found.standard_error
    assert found.standard_error > 0


def test_masked_weights_stay_zero_and_equal_seeds_give_equal_trainings():
    state = FeedForwardState(9, 4, seed=3).masked(random_mask(FeedForwardState(9, 4, seed=3), 60, 4))
    for options in ({}, {"samples": 64, "seed": 5}):
        found, again = (train(THREE, state, 20, **options) for _ in range(2))
        assert (found.state.weights[~state.mask] == 0).all()
        assert (found.state.weights[state.mask] != state.weights[state.mask]).all()
        np.testing.assert_array_equal(found.state.weights, again.state.weights)
        assert found.diverged is None


def test_the_toric_optimum_has_the_energies_of_the_page():
    for weight, energy in ((0.0, -9.0), (0.25, -16.24821), (1.0, -17.9999838)):
        code, state = toric_288(weight)
        assert state.energy(code) == pytest.approx(energy, abs=2e-5 if weight < 1 else 1e-6)
    assert state.count == 288


def test_a_rate_that_is_too_large_diverges_in_a_step_that_is_told():
    for options in ({}, {"samples": 256, "seed": 0}):
        found = train(THREE, FeedForwardState(9, 4, seed=0), 100, rate=0.05, **options)
        assert found.diverged is not None
        assert 1 <= found.diverged < 60
        assert found.energy is None
        assert found.told == f"The run diverged in step {found.diverged}: take a smaller rate."
        assert len(found.energies) == found.diverged
    assert train(THREE, FeedForwardState(9, 4, seed=0), 30).diverged is None


def test_infinite_numbers_are_a_divergence_too():
    found = train(THREE, FeedForwardState(9, 1, seed=0), 5, rate=1e300)
    assert found.diverged is not None
    assert np.isfinite(found.state.weights).all()


def test_states_pickle():
    state = sparse_state(THREE, 2, 30)
    again = pickle.loads(pickle.dumps(state))
    np.testing.assert_array_equal(again.weights, state.weights)
    assert repr(again) == "FeedForwardState(9 sites, alpha = 2, 30 of 162 weights)"
    assert again.fidelity(state) == pytest.approx(1.0)


DENSE = FeedForwardState(9, 4, seed=0)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: FeedForwardState(9, 0), "alpha = 0 is too small; give at least 1"),
        (lambda: FeedForwardState(9, 1.5), "alpha = 1.5 is no whole number"),
        (lambda: FeedForwardState(0, 1), "sites = 0 is too small"),
        (lambda: FeedForwardState(9, 4, np.zeros((9, 36))), r"weights have shape \(9, 36\), but 4 neurons a site"),
        (lambda: FeedForwardState(2, 1, np.full((2, 2), np.inf)), "not finite"),
        (lambda: DENSE.masked(np.ones((9, 36))), r"The mask has shape \(9, 36\), but the weights have \(36, 9\)"),
        (lambda: DENSE.masked(np.full((36, 9), 2)), "values other than true and false"),
        (lambda: random_mask(DENSE, density=0.0), "density = 0.0 is out of range"),
        (lambda: random_mask(DENSE, density=1.5), "density = 1.5 is out of range"),
        (lambda: random_mask(DENSE, 400), "400 weights cannot be kept of 324"),
        (lambda: cut(DENSE, 325), "325 weights cannot be kept of 324"),
        (lambda: train(IsingModel(2, 2, 1.0), DENSE, 1), "The state has 9 sites and .* 4; give both as many"),
        (lambda: train(THREE, DENSE, -1), "steps = -1 is too small"),
        (lambda: train(THREE, DENSE, 1, rate=0), "rate = 0.0 moves nothing"),
        (lambda: train(THREE, DENSE, 1, shift=float("nan")), "shift = nan is negative or not finite"),
        (lambda: train(THREE, DENSE, 1, samples=1), "samples = 1 is too small; give at least 2"),
    ],
)
def test_bad_input_is_refused_in_one_line(ask, told):
    with pytest.raises(InputError, match=told) as refusal:
        ask()
    assert "\n" not in str(refusal.value)


def test_exact_sums_that_are_too_large_are_refused_with_their_bytes_and_what_to_use():
    for model, alpha, size in ((ToricCode(3, 3), 8, r"2\.\d+ GiB"), (IsingModel(6, 6, 1.0), 4, r"1\.\d+ PiB")):
        with pytest.raises(OutOfReach, match=rf"needs {size}.*; train by samples \(samples = 1024\)") as refusal:
            train(model, FeedForwardState(model.sites, alpha, seed=0), 1)
        assert "\n" not in str(refusal.value)
    with pytest.raises(OutOfReach, match=r"needs .* but .* take fewer samples or weights"):
        train(IsingModel(6, 6, 1.0), FeedForwardState(36, 4, seed=0), 1, samples=10**9)
