"""Crosstalk of a planted size is detected, and none where there is none: two circuits of six qubits."""

import itertools

import numpy as np
import pytest

from compare.distributions import two_sample_test
from compare.statistics.outcomes import same_outcomes
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import first_points, load_residues
from quantum.backends.regions import place_circuits
from quantum.backends.snapshots import snapshot
from quantum.backends.together import together
from quantum.ridgelet import ENCODINGS, ridgelet_circuit
from quantum.ridgelet.sampler import Measurement
from tests.quantum.backends.few_tries import few_tries
from tests.quantum.backends.planted import exact_law, neighbors_between, with_coupling

ANGLE = 0.1
"""Radians that a pair of neighbors in different regions turns in each layer of gates: one pair here, some 45 layers."""

DISTANCES = {0.0: 0.0, 0.02: 0.0044, 0.05: 0.0272, ANGLE: 0.1046}
"""By angle, how far a circuit's law beside the other is from its own: total variation."""

SHOTS = 4000


@pytest.fixture(scope="module")
def laws():
    """The problem; and by angle the laws of the two circuits, alone and beside each other, each of shape (2^6,)."""
    data = first_points(load_residues("digits", prime=3, features=2), 4)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, prime=3)
    circuit = ridgelet_circuit(problem, "rader", "sparse", ancillas=False)
    target = snapshot("fake_fez").target
    with few_tries(4):
        regions = place_circuits([circuit] * 2, target, "fake_fez", regions=[range(6), range(6, 12)], tries=4)
    whole = together([region.fitted.circuit for region in regions], ["a", "b"])
    pairs = neighbors_between([region.qubits for region in regions], target)
    assert pairs == [(5, 6)]
    alone = [exact_law(region.fitted.circuit) for region in regions]
    beside = {}
    for angle in DISTANCES:
        joint = exact_law(with_coupling(whole, pairs, angle)).reshape(64, 64)
        beside[angle] = [joint.sum(axis=0), joint.sum(axis=1)]
    return problem, alone, beside


def drawn(law, rng, shots=SHOTS):
    outcomes = rng.choice(len(law), shots, p=law / law.sum())
    return (outcomes[:, None] >> np.arange(6) & 1).astype(bool)


def test_exactly_coupling_moves_the_laws_and_nothing_else_does(laws, record_property):
    _, alone, beside = laws
    for law, other in zip(beside[0.0], alone, strict=True):
        np.testing.assert_allclose(law, other, atol=1e-12)
    found = {
        angle: [float(np.abs(law - other).sum() / 2) for law, other in zip(both, alone, strict=True)]
        for angle, both in beside.items()
    }
    record_property("measured", f"total variation by radians of ZZ a layer: {found}")
    for angle, distances in found.items():
        np.testing.assert_allclose(distances, DISTANCES[angle], atol=1e-3)


def test_planted_crosstalk_is_detected_and_none_is_not(laws, record_property):
    _, alone, beside = laws
    rng, found = np.random.default_rng(26), {}
    for angle in (0.0, 0.05, ANGLE):
        pvalues = [
            same_outcomes(drawn(one, rng), drawn(other, rng)).pvalue
            for _ in range(50)
            for one, other in zip(alone, beside[angle], strict=True)
        ]
        found[angle] = float(np.mean(np.array(pvalues) < 0.05 / 2))  # Holm's first step for two circuits
    record_property("measured", f"crosstalk is seen by radians of ZZ a layer, at {SHOTS} shots: {found}")
    assert found[ANGLE] == 1.0
    assert 0.2 < found[0.05] < 0.7
    assert found[0.0] <= 0.08  # 2.5 of 100 are expected, more than 8 in 1 of 1,000 such tests


def test_the_kernel_test_of_nodes_says_the_same(laws):
    problem, alone, beside = laws
    encoding, rng = ENCODINGS["rader"](3), np.random.default_rng(5)

    def nodes(law):
        return Measurement.from_bits(drawn(law, rng, 2000), encoding).nodes

    for seed, (one, other, same) in enumerate(zip(alone, beside[ANGLE], beside[0.0], strict=True)):
        assert two_sample_test(nodes(one), nodes(other), problem, 199, seed).pvalue == 1 / 200
        assert two_sample_test(nodes(one), nodes(same), problem, 199, seed).pvalue > 0.05


def test_the_pvalue_is_uniform_whatever_the_sizes():
    rng = np.random.default_rng(1)
    law = rng.dirichlet(np.full(64, 0.3))
    pvalues = [same_outcomes(drawn(law, rng, 700), drawn(law, rng, 300)).pvalue for _ in range(300)]
    for level in (0.05, 0.2, 0.5, 0.8):
        assert np.mean(np.array(pvalues) < level) == pytest.approx(level, abs=4 * np.sqrt(level * (1 - level) / 300))


def test_what_is_compared_is_told():
    first = np.zeros((100, 2), dtype=bool)
    second = first.copy()
    second[:40, 1] = True
    found = same_outcomes(first, second)
    assert (found.freedom, found.bit, found.shift, found.distance) == (1, 1, 0.4, 0.4)
    # Expected 80 and 20 on either side: 2 (400/80 + 400/20).
    assert found.statistic == pytest.approx(50.0)
    assert found.floor == pytest.approx(np.sqrt(2 / np.pi) * np.sqrt(0.16 * 0.02))
    same = same_outcomes(first, first)
    assert (same.pvalue, same.freedom, same.distance) == (1.0, 0, 0.0)
    for one, other in itertools.pairwise([first[:0], first, np.zeros((5, 3), dtype=bool)]):
        with pytest.raises(InputError, match="cannot be compared"):
            same_outcomes(one, other)
