"""Readings of shots: against formulas, against the statistics of nodes, and against perfect samples."""

from dataclasses import astuple

import numpy as np
import pytest
from scipy import stats

from classical.ridgelet import EnumerationSampler
from classical.ridgelet.enumeration import enumerate_probabilities
from compare.distributions import Excess, fidelity, ideal_excess
from compare.statistics import Z95
from compare.studies.ridgelet.noise import readings
from compare.studies.ridgelet.noise.readings import Reading, chi_square_ratio, resampled_fidelity, share
from problems.ridgelet import Nodes, RidgeletProblem
from quantum.backends.readout import ReadoutErrors
from quantum.ridgelet import ENCODINGS

BINARY = ENCODINGS["binary"](3)
FLIPS = ReadoutErrors(np.tile([0.02, 0.05], (4, 1)))


@pytest.fixture
def problem():
    return RidgeletProblem.from_samples(np.array([[0], [1], [1]]), np.array([1.0, -0.4, -0.6]), 3)


def bits_of(nodes):
    """Two bits for each digit, the lower first, as the binary encoding measures them."""
    digits = np.column_stack([nodes.a, nodes.b])
    return ((digits[:, :, None] >> np.arange(2)) & 1).reshape(len(nodes), -1).astype(bool)


def perfect(problem, n, seed=0):
    return bits_of(EnumerationSampler(problem).sample(n, seed))


def misread(bits, seed):
    rng = np.random.default_rng(seed)
    wrong = rng.random(bits.shape) < np.where(bits, FLIPS.flips[:, 1], FLIPS.flips[:, 0])
    return bits ^ wrong


def test_shots_are_read_in_their_order(problem):
    nodes = EnumerationSampler(problem).sample(300, 1)
    reading = Reading.of(problem, BINARY, bits_of(nodes))
    assert reading.drawn() == nodes
    assert reading.shots == reading.counts.sum() == 300
    np.testing.assert_allclose(reading.density[reading.which], problem.density(nodes))


def test_invalid_shots_are_no_nodes_and_have_no_density(problem):
    bits = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [0, 1, 1, 0]], dtype=bool)  # 3 is no digit
    reading = Reading.of(problem, BINARY, bits)
    assert reading.valid[reading.which].tolist() == [False, True, False, True]
    assert reading.density[reading.which][[0, 2]].tolist() == [0, 0]
    assert reading.drawn() == Nodes(np.array([[2], [2]]), np.array([1, 1]))


def test_fidelity_is_that_of_the_nodes_where_all_shots_are_valid(problem):
    nodes = EnumerationSampler(problem).sample(3000, 2)
    reading = Reading.of(problem, BINARY, bits_of(nodes))
    found = resampled_fidelity(reading, ideal_excess(problem, 0), None, np.random.default_rng(0))
    expected = fidelity(problem, nodes)
    assert found["raw"].best == pytest.approx(expected.best, abs=1e-12)
    assert found["raw"].samples == 3000
    assert found["raw"].high - found["raw"].low == pytest.approx(expected.high - expected.low, rel=0.1)
    assert list(found) == ["raw"]


def test_an_invalid_shot_counts_as_density_zero(problem):
    bits = np.concatenate([perfect(problem, 50), np.ones((50, 4), dtype=bool)])
    excess = ideal_excess(problem, 0)
    found = resampled_fidelity(Reading.of(problem, BINARY, bits), excess, None, np.random.default_rng(0))
    density = problem.density(EnumerationSampler(problem).sample(50, 0))
    assert found["raw"].best == pytest.approx((density.sum() / 100 - 1) / excess.value)


def test_mitigation_gains_back_what_misreading_lost(problem):
    reading = Reading.of(problem, BINARY, misread(perfect(problem, 20_000), 3))
    found = resampled_fidelity(reading, ideal_excess(problem, 0), FLIPS, np.random.default_rng(0))
    assert found["raw"].high < 0.95
    assert found["mitigated"].low < 1 < found["mitigated"].high
    assert found["gain"].best == pytest.approx(found["mitigated"].best - found["raw"].best)
    assert found["gain"].low > 0
    assert found["surviving"].low > np.mean(reading.valid[reading.which]) + 0.02
    assert found["surviving"].best <= found["surviving"].high == 1
    unpaired = np.hypot(found["raw"].high - found["raw"].low, found["mitigated"].high - found["mitigated"].low)
    assert found["gain"].high - found["gain"].low < unpaired / 3


def test_intervals_have_the_spread_of_repeated_experiments(problem):
    excess, spread = ideal_excess(problem, 0), []
    for seed in range(150):
        reading = Reading.of(problem, BINARY, misread(perfect(problem, 1500, seed), seed))
        found = resampled_fidelity(reading, excess, FLIPS, np.random.default_rng(seed), resamples=50)
        spread.append(
            [(one.best, (one.high - one.low) / 2 / Z95) for one in (found["raw"], found["mitigated"], found["gain"])]
        )
    best, errors = np.moveaxis(np.array(spread), 2, 0)
    np.testing.assert_allclose(np.mean(errors, axis=0), np.std(best, axis=0, ddof=1), rtol=0.2)


def test_the_resamples_do_not_depend_on_their_blocks(problem, monkeypatch):
    reading = Reading.of(problem, BINARY, misread(perfect(problem, 500), 3))
    excess = ideal_excess(problem, 0)
    whole = resampled_fidelity(reading, excess, FLIPS, np.random.default_rng(0))
    monkeypatch.setattr(readings, "MEMORY_ENTRIES", 3 * len(reading.patterns))
    blocks = resampled_fidelity(reading, excess, FLIPS, np.random.default_rng(0))
    for name in ("raw", "mitigated", "gain", "surviving"):
        assert astuple(blocks[name]) == pytest.approx(astuple(whole[name]))


def test_an_estimated_excess_widens_the_intervals(problem):
    reading = Reading.of(problem, BINARY, perfect(problem, 2000))
    exact = ideal_excess(problem, 0)
    narrow, wide = (
        resampled_fidelity(reading, excess, None, np.random.default_rng(0))["raw"]
        for excess in (exact, Excess(exact.value, 0.2 * exact.value))
    )
    assert narrow.best == wide.best
    expected = np.hypot((narrow.high - narrow.low) / 2 / Z95, 0.2 * narrow.best)
    assert (wide.high - wide.low) / 2 / Z95 == pytest.approx(expected)


def test_shares_have_their_binomial_intervals():
    found = share(0, 50)
    assert (found.low, found.best, found.samples) == (0, 0, 50)
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 50))
    assert share(30, 50).best == 0.6


def test_chi_square_is_pearsons_on_the_valid_shots(problem):
    nodes = EnumerationSampler(problem).sample(400, 5)
    bits = np.concatenate([bits_of(nodes), np.ones((100, 4), dtype=bool)])
    reading = Reading.of(problem, BINARY, bits)
    counts = np.bincount(nodes.index(3), minlength=9)
    expected = stats.chisquare(counts, 400 * enumerate_probabilities(problem))
    assert chi_square_ratio(problem, reading, reading.raw) == pytest.approx(expected.statistic / 8)


def test_chi_square_is_one_on_average_for_perfect_samples(problem):
    readings = [Reading.of(problem, BINARY, perfect(problem, 300, seed)) for seed in range(200)]
    ratios = [chi_square_ratio(problem, reading, reading.raw) for reading in readings]
    assert abs(np.mean(ratios) - 1) < 4 * np.std(ratios) / np.sqrt(200)


def test_a_node_that_p_never_draws_makes_chi_square_infinite():
    problem = RidgeletProblem.from_samples(np.array([[0]]), np.array([1.0]), 3, activation=[0, 1, -1])
    exact = enumerate_probabilities(problem)
    impossible = Nodes.from_index(np.flatnonzero(exact < 1e-12)[:1], 3, 1)
    reading = Reading.of(problem, BINARY, np.concatenate([perfect(problem, 100), bits_of(impossible)]))
    assert chi_square_ratio(problem, reading, reading.raw) == np.inf
    clean = Reading.of(problem, BINARY, perfect(problem, 100))
    assert np.isfinite(chi_square_ratio(problem, clean, clean.raw))


def test_redrawn_nodes_follow_the_weights_of_valid_bit_strings(problem):
    bits = np.array([[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0]], dtype=bool)
    reading = Reading.of(problem, BINARY, bits)
    place = {tuple(row): i for i, row in enumerate(reading.patterns.tolist())}
    weights = np.zeros(3)
    for row, weight in zip(bits.tolist(), (0.1, 0.3, 0.6), strict=True):
        weights[place[tuple(row)]] = weight
    nodes = reading.redrawn(weights, 4000, np.random.default_rng(0))
    assert set(nodes.a.ravel().tolist()) == {0, 1}
    assert abs(np.mean(nodes.a == 1) - 0.75) < 4 * np.sqrt(0.75 * 0.25 / 4000)
