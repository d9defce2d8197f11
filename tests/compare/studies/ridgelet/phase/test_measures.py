"""Concentration by samples and by enumeration agree; risks are what they are called."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from classical.ridgelet import EnumerationSampler, UniformSampler
from compare.studies.ridgelet.phase import measures
from compare.studies.ridgelet.phase.measures import concentration, draw, relative_risks
from problems.ridgelet import RidgeletProblem, SparseNetwork


def made_problem(points, c, seed=0):
    made = draw(5, 4, points, 2, 200, np.random.default_rng(seed))
    data = made.data(c)
    return made, data, RidgeletProblem.from_samples(data.x_train, data.y_train, 5)


def test_where_all_is_enumerated_the_measures_are_exact():
    made, _, problem = made_problem(100, 0.7)
    sampler = EnumerationSampler(problem)
    found = concentration(problem, made.signal, sampler.sample(2, 0))
    p = sampler.probabilities
    assert found.density == pytest.approx(5**5 * np.sum(p**2))
    assert found.log_share == pytest.approx(stats.entropy(p) - np.log(5**5))
    assert found.tickets == pytest.approx(p[made.signal.tickets().index(5)].sum())


@pytest.mark.parametrize(("points", "c"), [(100, 0.0), (100, 1.0), (500, 0.7), (625, 1.0)])
def test_samples_give_what_enumeration_gives(points, c, monkeypatch):
    """200 runs of 40 samples each, so few that the signal's nodes are often missed: unbiased all the same."""
    made, _, problem = made_problem(points, c)
    sampler = EnumerationSampler(problem)
    exact = concentration(problem, made.signal, sampler.sample(2, 0))
    monkeypatch.setattr(measures, "is_enumerable", lambda problem: False)
    runs = [concentration(problem, made.signal, sampler.sample(40, [seed, points])) for seed in range(200)]
    for name in ("density", "log_share", "tickets"):
        values, expected = np.array([getattr(run, name) for run in runs]), getattr(exact, name)
        error = values.std(ddof=1) / np.sqrt(len(runs))
        assert abs(values.mean() - expected) < 4 * error + 1e-9 * abs(expected)
        # The heavy nodes are summed, not sampled: a single run is off by little.
        assert values.std(ddof=1) < 0.35 * max(abs(expected), 1)


def test_risks_are_relative_to_predicting_zero():
    _, data, problem = made_problem(100, 0.5)
    optimized, uniform = (make(problem).sample(30, 1) for make in (EnumerationSampler, UniformSampler))
    task = SimpleNamespace(nodes=10, networks=3, ridge=1e-3)
    for nodes in (optimized, uniform):
        found = dict(zip(("empirical", "fresh"), relative_risks(problem, data, nodes, task), strict=True))
        networks = [
            SparseNetwork.fit(problem, nodes[i : i + 10], data.x_train, data.y_train, 1e-3) for i in (0, 10, 20)
        ]
        for kind, x, y in (("empirical", data.x_train, data.y_train), ("fresh", data.x_test, data.y_test)):
            expected = np.mean([network.risk(x, y) for network in networks]) / np.mean(y**2)
            assert found[kind] == pytest.approx(expected)
