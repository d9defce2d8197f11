"""Pruning of rotation circuits: rounds, what is cut, arms, and the errors that tickets reach at three layers."""

import itertools

import numpy as np
import pytest

from problems.errors import InputError
from problems.ground_states import CRITICAL_FIELD, IsingModel
from problems.seeds import integer_seed
from quantum.ground_states import (
    ARMS,
    RotationCircuit,
    bonds_covered,
    four_arms,
    prune_rotations,
    pruning,
    random_mask,
    rounds_of,
    train_arm,
)
from quantum.ground_states.pruning import cut

SEEDS = range(8)


@pytest.fixture(scope="module")
def circuit(critical):
    return RotationCircuit(critical, 3)


@pytest.fixture(scope="module")
def runs(circuit):
    return {seed: prune_rotations(circuit, seed, fewest=23) for seed in (1, 2)}


JUDGED = (48, 33, 23)
"""The numbers of gates at which errors are looked at: elsewhere the other arms take one step of their training."""


@pytest.fixture(scope="module")
def seeds(circuit):
    def train(circuit, arm, ticket, initial, seed, iterations):
        steps = iterations if np.count_nonzero(ticket) in JUDGED else 1
        return train_arm(circuit, arm, ticket, initial, seed, steps)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pruning, "train_arm", train)
        return [four_arms(circuit, seed, fewest=23) for seed in SEEDS]


@pytest.fixture(scope="module")
def errors(seeds):
    """Medians by number of gates and arm."""
    counts = [one.gates for one in seeds[0]]
    return {
        gates: {arm: np.median([rounds[place].errors[arm] for rounds in seeds]) for arm in ARMS}
        for place, gates in enumerate(counts)
        if gates in JUDGED
    }


def test_rounds_cut_twelve_percent_each():
    assert rounds_of(72, 23) == [72, 63, 55, 48, 42, 37, 33, 29, 26, 23]
    assert rounds_of(324, 23)[:5] == [324, 285, 251, 221, 194]
    assert rounds_of(3, 1) == [3, 2, 1]


def test_what_is_cut_is_nearest_to_a_multiple_of_pi():
    angles = np.array([0.3, -3.1, 1.6, 0.0, 6.0, 0.2])
    mask = np.array([True, True, True, False, True, True])
    assert np.flatnonzero(cut(angles, mask, 3)).tolist() == [0, 2, 4]
    assert np.flatnonzero(cut(angles, mask, 4)).tolist() == [0, 2, 4, 5]


def test_masks_are_nested_and_what_is_pruned_stays_zero(circuit, runs):
    rounds = runs[1]
    assert [one.gates for one in rounds] == rounds_of(72, 23)
    for before, one in itertools.pairwise(rounds):
        assert not np.any(one.mask & ~before.mask)
        assert np.count_nonzero(one.mask) == one.gates == one.fitted.parameters
        assert np.all(one.fitted.angles[~one.mask] == 0)
        kept, after = circuit.state(before.fitted.angles), circuit.state(one.fitted.angles, one.mask)
        assert one.overlap == pytest.approx((kept @ after) ** 2, abs=1e-12)
        assert one.overlap <= 1 + 1e-12
    assert rounds[0].overlap is None


def test_errors_of_three_layers(errors, seeds):
    """Near the medians over 24 and 64 other seeds.

    A round begins where the last one ended, and a rounding there, of another processor, is soon another ticket: at 48,
    33 and 23 gates log10 of its error has a standard deviation of 0.1, 0.3 and 0.5 over seeds and roundings alike, and
    three standard errors of a median of eight are factors of 1.4, 2.6 and 4.6. A random mask trained once has the
    same error on any processor.
    """
    for gates, low, high, factor in ((48, 3.6e-6, 4.9e-6, 1.5), (33, 4.6e-5, 6.3e-5, 2.6), (23, 6e-4, 1.2e-3, 4.6)):
        assert low / factor < errors[gates]["imp"] < high * factor
    for gates, expected in ((48, 5.18e-5), (33, 4.70e-4), (23, 2.87e-3)):
        assert errors[gates]["T(init,rand)"] == pytest.approx(expected, rel=0.05)
    for gates in (48, 33):
        assert errors[gates]["T(init,rand)"] > 2 * errors[gates]["imp"]
    # At 23 gates errors are of two kinds, and the better kind is the tickets'.
    ticket, random = (
        np.quantile([rounds[-1].errors[arm] for rounds in seeds], 0.25) for arm in ("imp", "T(init,rand)")
    )
    assert random > 1.5 * ticket


def test_only_the_mask_matters_where_gates_are_few(errors):
    for gates in (33, 23):
        assert errors[gates]["T(init,imp)"] == pytest.approx(errors[gates]["T(rand,imp)"], rel=1)
        assert errors[gates]["T(init,imp)"] == pytest.approx(errors[gates]["imp"], rel=1)


@pytest.mark.parametrize("rewind", ["initial", "dense"])
def test_rewinding(circuit, runs, rewind):
    first, second, *_ = prune_rotations(circuit, 1, rewind, fewest=63)
    dense = runs[1][0]
    np.testing.assert_array_equal(first.fitted.angles, dense.fitted.angles)
    np.testing.assert_array_equal(second.mask, cut(dense.fitted.angles, dense.mask, 63))
    begin = circuit.start(1) if rewind == "initial" else dense.fitted.angles
    np.testing.assert_array_equal(second.fitted.angles, circuit.fit(begin, second.mask).angles)


def test_arms_train_what_their_names_say(circuit, runs):
    ticket, start = runs[2][-1].mask, circuit.start(2)
    found = {arm: train_arm(circuit, arm, ticket, start, 7, iterations=3) for arm in ARMS[1:]}
    mask = random_mask(circuit, 23, 7)
    expected = {
        "T(init,imp)": circuit.fit(start, ticket, 3),
        "T(rand,imp)": circuit.fit(circuit.start(7), ticket, 3),
        "T(init,rand)": circuit.fit(start, mask, 3),
    }
    assert np.count_nonzero(mask) == 23
    assert not np.array_equal(mask, ticket)
    for arm in ARMS[1:]:
        np.testing.assert_array_equal(found[arm].angles, expected[arm].angles)


def test_all_arms_of_a_seed_are_those_of_their_parts(critical, seeds):
    small = RotationCircuit(critical, 1)
    again = four_arms(small, 3, fewest=18)
    begin, fresh, drawn = np.random.default_rng(3).spawn(3)
    first = integer_seed(begin)
    for found, one in zip(again, prune_rotations(small, first, fewest=18), strict=True):
        assert (found.gates, found.overlap, found.errors["imp"]) == (one.gates, one.overlap, one.fitted.error)
        for arm, stream in zip(ARMS[1:], (None, fresh, drawn), strict=True):
            # With all gates two arms are the dense training again, and are not trained once more.
            assert found.errors[arm] == train_arm(small, arm, one.mask, small.start(first), stream).error
    assert [one.gates for one in again] == [24, 21, 18]
    # With all gates the mask is no choice.
    assert again[0].errors["imp"] == again[0].errors["T(init,imp)"] == again[0].errors["T(init,rand)"]
    assert len(set(again[2].errors.values())) == 4
    assert again[0].bonds == 12
    assert [one.gates for one in seeds[3][:4]] == [72, 63, 55, 48]
    assert len(set(seeds[3][3].errors.values())) == 4


def test_tickets_keep_more_bonds_than_random_masks(circuit, seeds):
    covered = [rounds[-1].bonds for rounds in seeds]
    assert max(covered) <= 12
    assert bonds_covered(circuit, circuit.gates[:, 0] < 0) == 0
    assert bonds_covered(circuit, np.isin(np.arange(72), [0, 12, 24])) == 1  # the same bond, either way round, twice
    assert np.mean(covered) > np.mean([bonds_covered(circuit, random_mask(circuit, 23, seed)) for seed in SEEDS])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda one: prune_rotations(one, rewind="start"), "There is no rewind 'start'"),
        (lambda one: prune_rotations(one, fewest=0), "fewest = 0 is too small"),
        (lambda one: prune_rotations(one, fewest=9), "fewest = 9 is more than the 8 gates"),
        (lambda one: prune_rotations(one, share=0), "share = 0 is out of range"),
        (lambda one: prune_rotations(one, share=float("nan")), "share = nan is out of range"),
        (lambda one: random_mask(one, 9), "gates = 9 is more than the circuit's 8"),
        (lambda one: train_arm(one, "imp", np.ones(8, bool), one.start(0)), "There is no arm 'imp'"),
        (lambda one: train_arm(one, "T(init,imp)", np.ones(7, bool), one.start(0)), "The mask has shape \\(7,\\)"),
    ],
)
def test_refusals_are_one_line(call, message):
    with pytest.raises(InputError, match=message) as refusal:
        call(RotationCircuit(IsingModel(2, 2, CRITICAL_FIELD), 1))
    assert "\n" not in str(refusal.value)
