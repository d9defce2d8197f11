import re

import numpy as np
import pytest

from classical.peers import PEERS, Peer, pruned
from classical.peers.protocol import scaled
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from tests import reference

every_peer = pytest.mark.parametrize("peer", PEERS.values(), ids=PEERS.keys())


@pytest.fixture
def hasty(monkeypatch):
    """Trainings of few steps, where nothing is to be learned."""
    monkeypatch.setattr(pruned, "STEPS", 40)


def make(outputs=1, n=50):
    x, y = reference.random_samples(np.random.default_rng(0), 5, 3, n, outputs)
    return x, y - y.mean(axis=0), RidgeletProblem.from_samples(x, y, 5)


@every_peer
@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("outputs", [1, 3])
def test_a_peer_follows_the_protocol(peer, outputs):
    x, y, problem = make(outputs)
    one = peer(problem)
    assert isinstance(one, Peer)
    assert one.problem is problem
    peer.check(problem, 6)
    model = one.fit(x, y, 6, seed=1)
    fresh = np.random.default_rng(5).integers(0, 5, (11, 3))
    predicted = model.predict(fresh)
    assert predicted.shape == (11, *y.shape[1:])
    assert predicted.dtype == float
    assert np.all(np.isfinite(predicted))
    assert model.predict(fresh[:1]).shape == (1, *y.shape[1:])
    np.testing.assert_array_equal(peer(problem).fit(x, y, 6, seed=1).predict(fresh), predicted)
    assert not np.array_equal(one.fit(x, y, 6, seed=2).predict(x), model.predict(x))


@every_peer
@pytest.mark.usefixtures("hasty")
def test_a_peer_is_fitted_to_the_samples_it_is_given_not_to_the_problems_data(peer):
    x, y, problem = make()
    other = RidgeletProblem.from_samples(x[::-1], y**2, 5)
    fresh = np.random.default_rng(5).integers(0, 5, (11, 3))
    one, same = (peer(either).fit(x[:30], y[:30], 5, seed=1).predict(fresh) for either in (problem, other))
    np.testing.assert_array_equal(one, same)


@every_peer
@pytest.mark.usefixtures("hasty")
def test_a_peer_leaves_the_global_random_state_alone(peer):
    x, y, problem = make()
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    peer(problem).fit(x, y, 4, seed=0)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@every_peer
def test_a_peer_learns_a_smooth_function(peer):
    # A bump on all of Z_7^2, which no linear model follows.
    x = reference.all_points(7, 2)
    y = np.exp(-(((x - 3) / 2) ** 2).sum(axis=1))
    y = (y - y.mean()) / y.std()
    order = np.random.default_rng(0).permutation(49)
    train, test = order[:40], order[40:]
    model = peer(RidgeletProblem.from_samples(x[train], y[train], 7)).fit(x[train], y[train], 30, seed=0)
    seen, new = (np.mean((model.predict(x[part]) - y[part]) ** 2) / np.mean(y[part] ** 2) for part in (train, test))
    assert seen < 0.6
    if peer in (PEERS["rbf"], PEERS["nystroem"], PEERS["pruned"]):
        assert new < 0.4


@every_peer
@pytest.mark.usefixtures("hasty")
def test_few_samples_and_features_that_say_nothing_are_fitted_all_the_same(peer):
    x, y = np.array([[0, 1], [2, 0]]), np.array([1.0, -1.0])
    assert np.all(np.isfinite(peer(RidgeletProblem.from_samples(x, y, 3)).fit(x, y, 1, seed=0).predict(x)))
    x, y = np.ones((20, 2), dtype=int), np.random.default_rng(0).normal(size=20)
    model = peer(RidgeletProblem.from_samples(x, y, 3)).fit(x, y, 2, seed=0)
    assert np.ptp(model.predict(x)) < 1e-6
    if peer is not PEERS["pruned"]:
        np.testing.assert_allclose(model.predict(x), y.mean())


@every_peer
def test_bad_samples_are_refused(peer):
    x, y, problem = make()
    one = peer(problem)
    for arguments, message in [
        ((x[:, :2], y, 4), "x has dimension 2, but the problem has 3; give points of the problem"),
        ((x + 0.5, y, 4), "x[0, 0] = "),
        ((x, y[:-1], 4), "x has 50 rows but y has 49; give one target for each point"),
        ((x, np.where(np.arange(50) == 7, np.nan, y), 4), "y[7] is NaN or infinite"),
        ((x[:1], y[:1], 4), "x has 1 sample, and no penalty can be chosen on it; give at least 2"),
        ((x, y, 0), "nodes = 0 is too small; give at least 1"),
        ((x, y, 4, -1), "seed = -1 cannot seed a random generator"),
    ]:
        with pytest.raises(InputError, match=re.escape(message)):
            one.fit(*arguments)
    with pytest.raises(InputError, match="A RidgeletProblem is needed, not str"):
        peer("digits")


@pytest.mark.parametrize(
    ("name", "nodes", "message"),
    [
        (
            "nystroem",
            51,
            "Nystroem takes its 51 landmarks among the training samples, and there are 50; ask for fewer nodes.",
        ),
        (
            "ridge-leverage",
            10**6,
            "A dictionary of 10000000 candidates on 50 samples takes 3.73 GiB, above the 1 GiB allowed; "
            "ask for fewer nodes.",
        ),
        (
            "matching-pursuit",
            10**6,
            "A dictionary of 10000000 candidates on 50 samples takes 3.73 GiB, above the 1 GiB allowed; "
            "ask for fewer nodes.",
        ),
        (
            "pruned",
            10**8,
            "Training 400000000 dense hidden units on 3 features takes minutes a network; ask for fewer nodes.",
        ),
    ],
)
def test_a_peer_that_does_not_apply_says_why(name, nodes, message):
    x, y, problem = make()
    for attempt in (lambda: PEERS[name].check(problem, nodes), lambda: PEERS[name](problem).fit(x, y, nodes, seed=0)):
        with pytest.raises(InputError) as refused:
            attempt()
        assert str(refused.value) == message


def test_nystroem_counts_the_samples_it_is_fitted_to():
    x, y, problem = make()
    with pytest.raises(InputError, match=r"Nystroem takes its 40 landmarks .* there are 30"):
        PEERS["nystroem"](problem).fit(x[:30], y[:30], 40)


def test_peers_see_digits_from_zero_to_one():
    assert scaled([[0, 2, 4]], 5).tolist() == [[0.0, 0.5, 1.0]]
