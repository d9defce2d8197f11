"""Pruning: numbers of weights, both rewindings, and the lattice that masks come to."""

import numpy as np
import pytest

from classical.ground_states import FeedForwardState, Jastrow, bond_ticket, cut, prune, random_mask, read_mask, train
from problems.errors import InputError
from problems.ground_states import CRITICAL_FIELD, IsingModel, ToricCode, schedule

THREE = IsingModel(3, 3, CRITICAL_FIELD)
TWO = IsingModel(2, 2, CRITICAL_FIELD)

NUMBERS = (324, 285, 251, 221, 194, 171, 150, 132, 116, 102, 90, 79, 70, 62, 55, 48, 42, 37, 33, 29, 26, 23)


@pytest.fixture(scope="module")
def rounds():
    return list(prune(THREE, FeedForwardState(9, 4, seed=5), least=23))


def test_rounds_have_the_numbers_of_the_page():
    assert schedule(324, 23) == NUMBERS
    assert schedule(10, 10) == (10,)
    assert schedule(2592, 544, 0.2)[-1] == 544 or 544 in schedule(2592, 500, 0.2)


def test_the_smallest_weights_go_and_what_is_gone_stays_gone():
    state = FeedForwardState(9, 2, seed=0)
    first = state.masked(cut(state, 100))
    assert np.abs(state.weights[~first.mask]).max() <= np.abs(state.weights[first.mask]).min()
    second = cut(first, 60)
    assert second.sum() == 60
    assert not (second & ~first.mask).any()


def test_random_masks_are_uniform_over_all_weights():
    state = FeedForwardState(4, 2, seed=0)
    drawn = np.mean([random_mask(state, 8, seed) for seed in range(2000)], axis=0)
    assert random_mask(state, density=0.5, seed=0).sum() == 16
    assert np.abs(drawn - 0.25).max() < 5 * np.sqrt(0.25 * 0.75 / 2000)


@pytest.mark.parametrize("rewind", ["dense", "initial"])
def test_each_round_begins_with_the_rewound_weights(rewind):
    first = FeedForwardState(4, 2, seed=1)
    found = list(prune(TWO, first, least=20, steps=5, dense_steps=7, rewind=rewind))
    start = train(TWO, first, 7).state if rewind == "dense" else first
    assert [one.state.count for one in found] == list(schedule(32, 20))
    for one in found:
        again = train(TWO, start.masked(one.state.mask), 5)
        np.testing.assert_array_equal(again.state.weights, one.state.weights)
    before, after = found[1].state, found[2].state
    np.testing.assert_array_equal(after.mask, cut(before, after.count))
    assert found[0].fidelity is None
    assert found[2].fidelity == pytest.approx(after.fidelity(before))


def test_pruning_finds_the_lattice(rounds):
    errors = {one.state.count: THREE.relative_error(one.training.energy) for one in rounds}
    assert tuple(errors) == NUMBERS
    for one in rounds:
        if one.state.count <= 48:
            found = read_mask(one.state.mask, THREE)
            assert found.on_products == found.candidates
            # Below the error of the nearest-neighbor Jastrow state there is a neuron on every bond, and conversely.
            assert (found.covered == 12) == (errors[one.state.count] < 2e-3)
    assert errors[33] == pytest.approx(9.1e-4, rel=0.15)
    assert errors[23] > 2e-3
    assert errors[324] < 1e-9


def test_the_fidelity_dips_where_a_bond_is_lost(rounds):
    dips = {one.state.count: one.fidelity for one in rounds[1:]}
    errors = [THREE.relative_error(one.training.energy) for one in rounds]
    lost = next(one.state.count for one, error in zip(rounds, errors, strict=True) if error > 2e-3)
    assert min(dips, key=dips.get) <= lost < 24 + 6
    assert dips[lost] < 0.995


def test_a_ticket_of_42_weights_has_the_energy_of_the_nearest_neighbor_jastrow_state():
    mask = bond_ticket(THREE, alpha=4)
    found = read_mask(mask, THREE)
    assert (mask.sum(), found.neurons, found.covered, found.share) == (42, {1: 18, 2: 12}, 12, 1.0)
    for seed in range(6):
        trained = train(THREE, FeedForwardState(9, 4, seed=seed).masked(mask), 300)
        assert THREE.relative_error(trained.energy) == pytest.approx(9.10628e-4, abs=1e-8)


def test_masks_of_the_toric_code_are_read_on_plaquettes():
    code = ToricCode(2, 2)
    mask = np.zeros((8, 8), dtype=bool)
    mask[0, list(code.plaquettes[1])] = True
    mask[1, list(code.plaquettes[1])] = True
    mask[2, list(code.stars[0])] = True
    mask[3, :2] = True
    found = read_mask(mask, code)
    assert (found.candidates, found.on_products, found.covered, found.products) == (3, 2, 1, 4)
    assert found.held == (0, 2, 0, 0)
    assert found.share == pytest.approx(2 / 3)
    assert read_mask(np.zeros((8, 8)), code).share is None


def test_a_pruning_that_diverges_ends_there_and_says_so(monkeypatch):
    from classical.ground_states import pruning

    def wild(model, state, steps, **options):
        return train(model, state, steps, rate=0.008 if state.count > 280 else 5.0, **options)

    monkeypatch.setattr(pruning, "train", wild)
    found = list(prune(THREE, FeedForwardState(9, 4, seed=0), least=100, steps=30, dense_steps=30))
    assert [one.training.diverged is None for one in found] == [True, True, False]


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: schedule(10, 11), "least = 11 is above the 10 weights"),
        (lambda: schedule(10, 2, 0.0), "share = 0.0 cuts nothing"),
        (lambda: prune(TWO, FeedForwardState(4, 1), rewind="late"), "There is no rewinding 'late'"),
        (lambda: prune(TWO, FeedForwardState(4, 1), density=2.0), "density = 2.0 is out of range"),
        (lambda: bond_ticket(THREE, alpha=3), "alpha = 3 has too few neurons for this mask; give at least 4"),
        (lambda: read_mask(np.ones((4, 4)), THREE), r"The mask has shape \(4, 4\)"),
    ],
)
def test_bad_input_is_refused_in_one_line(ask, told):
    with pytest.raises(InputError, match=told) as refusal:
        ask()
    assert "\n" not in str(refusal.value)


def test_another_field_and_another_lattice_show_the_same():
    ordered = IsingModel(3, 3, 2.0)
    for done in prune(ordered, FeedForwardState(9, 4, seed=0), least=26):
        found = read_mask(done.state.mask, ordered)
        if done.state.count <= 48:
            assert found.on_products == found.candidates >= 9
    narrow = IsingModel(2, 3, CRITICAL_FIELD)  # 7 bonds
    near = narrow.relative_error(Jastrow.nearest_neighbor(narrow).optimize().energy)
    errors = {
        done.state.count: narrow.relative_error(done.training.energy)
        for done in prune(narrow, FeedForwardState(6, 4, seed=0), least=13)
    }
    assert errors[15] == pytest.approx(near, rel=1e-3)
    assert errors[13] > 5 * near


def test_pruning_by_samples_finds_the_plaquettes_of_the_toric_code():
    code = ToricCode(2, 3)
    optimum = 6 * 8 * 4  # a neuron of four weights for each pattern of signs that breaks a plaquette
    options = {"samples": 512, "dense_steps": 250, "steps": 60, "share": 0.2}
    rounds = prune(code, FeedForwardState(12, 6, seed=0), least=optimum * 9 // 10, seed=0, **options)
    found = {done.state.count: (read_mask(done.state.mask, code), done.training) for done in rounds}
    assert tuple(found) == (864, 691, 553, 442, 354, 283, 226, 181)
    for count in (283, 226, 181):
        read, _ = found[count]
        assert read.candidates >= 0.8 * count / 4
        assert read.share >= (0.9 if count > 250 else 1.0)
        assert read.covered == 6
    errors = {count: code.relative_error(training.energy) for count, (_, training) in found.items()}
    assert errors[226] < 0.01
    assert errors[181] > 1.5 * errors[226]
