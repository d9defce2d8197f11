import re

import numpy as np
import pytest
from scipy import sparse

from classical.ridgelet import SubspaceSampler
from classical.ridgelet.projections import Projections
from classical.ridgelet.subspace import BASES
from problems.errors import InputError
from problems.finite_field import row_blocks
from problems.ridgelet import NodeSampler, RidgeletProblem, SparseNetwork
from problems.ridgelet.data import load_residues
from tests import reference

every_base = pytest.mark.parametrize("base", BASES)


def samples(prime=5, dimension=4, n=60, outputs=1, seed=0):
    return reference.random_samples(np.random.default_rng(seed), prime, dimension, n, outputs)


def make(prime=5, dimension=4, n=60, outputs=1, seed=0, regularization=1e-2):
    return RidgeletProblem.from_samples(*samples(prime, dimension, n, outputs, seed), prime, regularization)


def support(nodes):
    return nodes.a != 0


@every_base
def test_a_subspace_sampler_follows_the_protocol(base):
    problem = make()
    sampler = SubspaceSampler(problem, base=base)
    assert isinstance(sampler, NodeSampler)
    assert sampler.problem is problem
    nodes = sampler.sample(50, seed=3)
    problem.check_nodes(nodes)
    assert len(nodes) == 50
    assert nodes == SubspaceSampler(problem, base=base).sample(50, seed=3)
    assert nodes == sampler.sample(50, np.random.default_rng(3))
    assert nodes != sampler.sample(50, seed=4)
    assert sampler.sample(50) != sampler.sample(50)


# One batch holds every node, so that all of them lie on one subspace, whose law is known.
@every_base
@pytest.mark.parametrize(("coordinates", "outputs"), [(1, 1), (2, 1), (2, 3), (3, 1)])
def test_nodes_follow_the_law_of_the_projected_problem(base, coordinates, outputs):
    prime, regularization = 5 if coordinates < 3 else 3, 0.05
    x, y = samples(prime, 4, 60, outputs, seed=coordinates + outputs)
    problem = RidgeletProblem.from_samples(x, y, prime, regularization)
    nodes = SubspaceSampler(problem, coordinates, base, batch=20_000).sample(20_000, seed=1)
    chosen = np.flatnonzero(support(nodes).any(axis=0))
    assert len(chosen) == coordinates
    expected = {
        "optimized": lambda: reference.optimized_distribution(x[:, chosen], y, prime, regularization),
        "leverage": lambda: reference.leverage_distribution(x[:, chosen], prime, regularization),
        "uniform": lambda: np.full(prime ** (coordinates + 1), prime ** -(coordinates + 1)),
    }[base]()
    inside = type(nodes)(nodes.a[:, chosen], nodes.b)
    numbers = reference.node_numbers(inside, prime)
    assert reference.chi_square_pvalue(numbers, expected) > 1e-3
    # The test can tell: the law of the same points with other labels, or of other points, is refused.
    other = reference.optimized_distribution(x[::-1, chosen], y, prime, regularization)
    assert reference.chi_square_pvalue(numbers, other) < 1e-6


def test_on_all_coordinates_it_is_p_star_of_the_whole_problem():
    x, y = samples(3, 3, 30)
    problem = RidgeletProblem.from_samples(x, y, 3, 0.1)
    nodes = SubspaceSampler(problem, 3).sample(20_000, seed=0)
    expected = reference.optimized_distribution(x, y, 3, 0.1)
    assert reference.chi_square_pvalue(reference.node_numbers(nodes, 3), expected) > 1e-3


def test_labels_that_are_left_take_the_place_of_the_problems_own():
    x, y = samples(5, 3, 40)
    problem = RidgeletProblem.from_samples(x, y, 5, 0.1)
    left = np.random.default_rng(9).normal(size=problem.labels.shape)
    nodes = Projections(problem).nodes(
        np.array([[0, 2]]), np.zeros(20_000, dtype=int), left, "optimized", np.random.default_rng(1)
    )
    again = np.repeat(problem.points, problem.counts, axis=0), np.repeat(left, problem.counts, axis=0)
    expected = reference.optimized_distribution(again[0][:, [0, 2]], again[1], 5, 0.1)
    numbers = reference.node_numbers(type(nodes)(nodes.a[:, [0, 2]], nodes.b), 5)
    assert reference.chi_square_pvalue(numbers, expected) > 1e-3
    assert not nodes.a[:, 1].any()


@pytest.mark.parametrize("base", ["optimized", "leverage"])
def test_the_projections_may_have_a_regularization_of_their_own(base):
    x, y = samples(5, 3, 60)
    problem = RidgeletProblem.from_samples(x, y, 5, 1e-3)
    nodes = SubspaceSampler(problem, 2, base, batch=20_000, regularization=0.2).sample(20_000, seed=1)
    chosen = np.flatnonzero(support(nodes).any(axis=0))
    if base == "optimized":
        expected = reference.optimized_distribution(x[:, chosen], y, 5, 0.2)
    else:
        expected = reference.leverage_distribution(x[:, chosen], 5, 0.2)
    numbers = reference.node_numbers(type(nodes)(nodes.a[:, chosen], nodes.b), 5)
    assert reference.chi_square_pvalue(numbers, expected) > 1e-3


@pytest.mark.parametrize("large", [1e4, 1e200])
def test_a_large_regularization_gives_p_star_of_the_whole_problem_on_the_subspace(large):
    x, y = samples(3, 3, 40)
    x = np.unique(x, axis=0)  # all frequencies equal: p* of the whole depends on no regularization
    y = y[: len(x)]
    problem = RidgeletProblem.from_samples(x, y, 3)
    nodes = SubspaceSampler(problem, 2, batch=20_000, regularization=large).sample(20_000, seed=1)
    whole = reference.optimized_distribution(x, y, 3, 0.0)
    outside = np.flatnonzero(~support(nodes).any(axis=0))
    assert len(outside) == 1
    given = np.where(reference.all_points(3, 4)[:, outside[0]] == 0, whole, 0.0)
    assert reference.chi_square_pvalue(reference.node_numbers(nodes, 3), given / given.sum()) > 1e-3


@every_base
@pytest.mark.parametrize("coordinates", [1, 2, 3])
def test_a_node_sees_so_many_coordinates_and_each_is_seen(base, coordinates):
    nodes = SubspaceSampler(make(dimension=6), coordinates, base).sample(400, seed=0)
    assert support(nodes).sum(axis=1).max() == coordinates
    assert support(nodes).any(axis=0).all()


def test_one_seed_gives_all_bases_the_same_subspaces():
    problem = make(dimension=30)
    together = sum(support(SubspaceSampler(problem, 2, base).sample(300, seed=5)) for base in BASES)
    assert np.count_nonzero(together, axis=1).max() == 2


def test_a_batch_shares_its_subspace():
    problem = make(dimension=30)
    nodes = SubspaceSampler(problem, 2, batch=7).sample(300, seed=5)
    seen = [np.flatnonzero(support(nodes[start : start + 7]).any(axis=0)) for start in range(0, 300, 7)]
    assert {len(coordinates) for coordinates in seen} == {2}
    assert len({tuple(coordinates) for coordinates in seen}) > 30


def test_blocks_keep_batches_and_laws(monkeypatch):
    x, y = samples(5, 4, 60)
    problem = RidgeletProblem.from_samples(x, y, 5, 0.05)
    from problems.finite_field import row_blocks

    monkeypatch.setattr(
        "classical.ridgelet.subspace.row_blocks", lambda rows, columns: row_blocks(rows, columns, 2**16)
    )
    nodes = SubspaceSampler(problem, 2, batch=15_000).sample(15_000, seed=1)
    chosen = np.flatnonzero(support(nodes).any(axis=0))
    expected = reference.optimized_distribution(x[:, chosen], y, 5, 0.05)
    numbers = reference.node_numbers(type(nodes)(nodes.a[:, chosen], nodes.b), 5)
    assert len(chosen) == 2
    assert reference.chi_square_pvalue(numbers, expected) > 1e-3


def test_constant_coordinates_are_never_chosen():
    x, y = samples(5, 6)
    x[:, [0, 3]] = 2
    problem = RidgeletProblem.from_samples(x, y, 5)
    for base in BASES:
        nodes = SubspaceSampler(problem, 2, base).sample(500, seed=0)
        assert support(nodes).any(axis=0).tolist() == [False, True, True, False, True, True]
    x[:, [1, 2, 4]] = 0
    nodes = SubspaceSampler(RidgeletProblem.from_samples(x, y, 5), 2).sample(500, seed=0)
    assert support(nodes).any(axis=0).tolist() == [False] * 5 + [True]


def test_a_single_point_leaves_every_coordinate_to_choose():
    problem = RidgeletProblem.from_samples([[1, 2, 0]], [1.0], 3)
    assert support(SubspaceSampler(problem, 1).sample(200, seed=0)).any(axis=0).all()


@pytest.mark.parametrize("regularization", [1e-3, 1e200])
def test_where_the_labels_cancel_nodes_are_uniform(regularization):
    # The exclusive or: its mean label is zero seen through either coordinate.
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = 0.1 * np.array([1.0, -1.0, -1.0, 1.0])
    problem = RidgeletProblem.from_samples(np.tile(x, (3, 1)), np.tile(y, 3), 3, regularization)
    nodes = SubspaceSampler(problem, 1, batch=9000).sample(9000, seed=0)
    chosen = np.flatnonzero(support(nodes).any(axis=0))
    numbers = reference.node_numbers(type(nodes)(nodes.a[:, chosen], nodes.b), 3)
    assert reference.chi_square_pvalue(numbers, np.full(9, 1 / 9)) > 1e-3


@every_base
def test_without_regularization_cells_without_data_do_no_harm(base):
    problem = make(prime=7, dimension=3, n=10, regularization=0.0)
    problem.check_nodes(SubspaceSampler(problem, 2, base).sample(200, seed=0))


@every_base
@pytest.mark.parametrize("coordinates", [1, 2])
def test_sparse_points_give_the_nodes_of_dense_ones(base, coordinates):
    x, y = samples(5, 8)
    x[np.random.default_rng(0).random(x.shape) < 0.6] = 0
    order = np.lexsort(x.T[::-1])  # dense points are kept in this order, sparse ones as they come
    dense, thin = (RidgeletProblem.from_samples(z, y[order], 5) for z in (x[order], sparse.csr_array(x[order])))
    one, other = (SubspaceSampler(problem, coordinates, base).sample(200, seed=2) for problem in (dense, thin))
    assert one == other


def held_out_risk(problem, nodes, x, y, x_new, y_new):
    return SparseNetwork.fit(problem, nodes, x, y, ridge=1e-2).risk(x_new, y_new)


def test_a_target_on_one_pair_of_coordinates_is_learned_where_whole_nodes_learn_nothing():
    rng = np.random.default_rng(0)
    x, x_new = rng.integers(0, 5, (2, 600, 6))
    table = rng.normal(size=(5, 5))
    table -= table.mean()
    table /= table.std()
    y, y_new = (table[z[:, 1], z[:, 4]] for z in (x, x_new))
    problem = RidgeletProblem.from_samples(x, y, 5)
    risks = {base: [] for base in ("optimized", "uniform", "whole")}
    for seed in range(5):
        for base in ("optimized", "uniform"):
            nodes = SubspaceSampler(problem, 2, base).sample(150, seed)
            risks[base].append(held_out_risk(problem, nodes, x, y, x_new, y_new))
        a, b = rng.integers(0, 5, (150, 6)), rng.integers(0, 5, 150)
        risks["whole"].append(held_out_risk(problem, type(nodes)(a, b), x, y, x_new, y_new))
    means = {base: np.mean(values) for base, values in risks.items()}
    assert means["optimized"] < 0.8 * means["uniform"]
    assert means["optimized"] < 0.5 * means["whole"]


def test_on_raw_digits_optimized_nodes_classify_better_than_uniform_ones_on_the_same_subspaces():
    data = load_residues("digits", 17)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, 17)

    def accuracy(base, seed):
        nodes = SubspaceSampler(problem, 2, base).sample(200, seed)
        network = SparseNetwork.fit(problem, nodes, data.x_train, data.y_train)
        return np.mean(np.sign(network.predict(data.x_test)) == np.sign(data.y_test))

    optimized, uniform = (np.array([accuracy(base, seed) for seed in range(6)]) for base in ("optimized", "uniform"))
    assert optimized.mean() > 0.82
    assert np.mean(optimized - uniform) > 3 * np.std(optimized - uniform, ddof=1) / np.sqrt(6)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"coordinates": 0}, "coordinates = 0 is too small; give at least 1"),
        ({"coordinates": 1.5}, "coordinates = 1.5 is no whole number; give one of at least 1"),
        ({"coordinates": 5}, "coordinates = 5, but the data has 4; give at most that"),
        ({"base": "optimised"}, "There is no base 'optimised'. Did you mean 'optimized'? There are: leverage, opt"),
        ({"batch": 0}, "batch = 0 is too small; give at least 1"),
        ({"regularization": -1}, "regularization = -1 is negative or not finite; give a real number >= 0"),
    ],
)
def test_bad_settings_are_refused(arguments, message):
    with pytest.raises(InputError, match=re.escape(message)):
        SubspaceSampler(make(), **arguments)


def test_a_grid_beyond_memory_is_refused():
    problem = make(prime=257, dimension=8)
    with pytest.raises(InputError, match=r"The grid of 257\^8 points of a subspace needs .* take fewer coordinates"):
        SubspaceSampler(problem, 8)


def test_bad_numbers_seeds_and_problems_are_refused():
    with pytest.raises(InputError, match="n = 0 is too small"):
        SubspaceSampler(make()).sample(0)
    with pytest.raises(InputError, match="seed = -1 cannot seed"):
        SubspaceSampler(make()).sample(1, seed=-1)
    with pytest.raises(InputError, match="A RidgeletProblem is needed, not str"):
        SubspaceSampler("digits")


@every_base
@pytest.mark.parametrize("columns", [1, 3, 100])
def test_points_on_disk_give_the_nodes_of_the_same_points_in_memory(base, columns, monkeypatch, tmp_path):
    x, y = samples(dimension=9)
    x, first = np.unique(x, axis=0, return_index=True)  # in the order that points in memory have
    memory = RidgeletProblem.from_samples(x, y[first], 5)
    np.save(tmp_path / "x.npy", x)
    chunked = RidgeletProblem.from_chunks(tmp_path / "x.npy", y[first], 5, chunk=7)
    sampler = SubspaceSampler(chunked, base=base)
    monkeypatch.setattr(sampler._projections._columns, "_most", columns)
    monkeypatch.setattr("classical.ridgelet.subspace.row_blocks", lambda n, entries: row_blocks(n, 1, 4))
    assert sampler.sample(50, seed=2) == SubspaceSampler(memory, base=base).sample(50, seed=2)
    assert sampler._projections.varying.tolist() == Projections(memory).varying.tolist()


def test_what_comes_next_is_read_in_the_same_pass(monkeypatch):
    x, y = samples(dimension=9)
    problem = RidgeletProblem.from_chunks(x, y, 5, chunk=7)
    sampler, passes = SubspaceSampler(problem), []
    chunks = type(problem.data).chunks
    monkeypatch.setattr(type(problem.data), "chunks", lambda data: passes.append(1) or chunks(data))
    monkeypatch.setattr("classical.ridgelet.subspace.row_blocks", lambda n, entries: row_blocks(n, 1, 4))
    sampler.sample(50, seed=2)
    assert len(passes) == 1
