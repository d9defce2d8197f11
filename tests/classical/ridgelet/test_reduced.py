"""Methods that look at features at all points: of points on disk they keep the nodes that they keep in memory."""

import numpy as np
import pytest

from classical.ridgelet import CandidateSampler, RefinedSubspaceSampler, ResidualSubspaceSampler, SubspaceSampler
from classical.ridgelet.reduced import reduced_features, remaining_labels
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from tests import reference


def both(outputs=1, memory=None):
    x, y = reference.random_samples(np.random.default_rng(0), 5, 4, 80, outputs)
    x = x[np.sort(np.unique(x, axis=0, return_index=True)[1])]
    y = y[: len(x)]
    order = np.lexsort(x.T[::-1])
    # The points of either stand in the same order, so that the same numbers are drawn for them.
    x, y = x[order], y[order]
    return RidgeletProblem.from_samples(x, y, 5), RidgeletProblem.from_chunks(x, y, 5, chunk=7, memory=memory)


@pytest.mark.parametrize("outputs", [1, 3])
def test_the_triangle_has_the_inner_products_of_the_features(outputs, monkeypatch):
    monkeypatch.setattr("classical.ridgelet.reduced.BLOCK", 3)
    here, disk = both(outputs)
    nodes = SubspaceSampler(here, 2).sample(11, 0)
    (features, targets), (triangle, rest) = reduced_features(here, nodes), reduced_features(disk, nodes)
    assert len(triangle) == 11 + outputs
    for one, other in ((features, targets), (features, features), (targets, targets)):
        short = {id(features): triangle, id(targets): rest}
        np.testing.assert_allclose(short[id(one)].T @ short[id(other)], one.T @ other, rtol=0, atol=1e-12)
    weights = np.random.default_rng(1).normal(size=(11, outputs))
    np.testing.assert_allclose(remaining_labels(disk, nodes, weights), remaining_labels(here, nodes, weights))


@pytest.mark.parametrize(
    "make",
    [
        lambda problem: CandidateSampler(SubspaceSampler(problem, 2), 4),
        lambda problem: CandidateSampler(SubspaceSampler(problem, 2), 4, "magnitude"),
        lambda problem: RefinedSubspaceSampler(problem, 2, factor=4),
        lambda problem: ResidualSubspaceSampler(problem, 2, batch=5),
    ],
    ids=["pursuit", "magnitude", "refined", "residual"],
)
def test_the_nodes_are_those_of_the_points_in_memory(make):
    here, disk = both(2)
    assert make(disk).sample(9, seed=3) == make(here).sample(9, seed=3)


def test_what_takes_more_than_it_may_is_refused_with_what_it_takes():
    _, disk = both(memory="49MiB")
    with pytest.raises(InputError, match=r"Choosing among 2000 nodes on \d+ points takes .* memory = 49 MiB may"):
        CandidateSampler(SubspaceSampler(disk, 2)).sample(200, 0)
    with pytest.raises(InputError, match="Choosing among 3000 nodes"):
        ResidualSubspaceSampler(disk, 2).sample(3000, 0)
    object.__setattr__(disk.data, "memory", 1000)
    with pytest.raises(InputError, match=r"Holding \d+ points on disk at once takes .* and memory = 1000 bytes may be"):
        _ = disk.points
