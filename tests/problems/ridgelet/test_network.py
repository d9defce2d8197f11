import re
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.linear_model import Ridge

from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem, SparseNetwork
from problems.ridgelet.network import hidden_layer
from tests import reference

PRIME, DIMENSION = 5, 3


def random_nodes(n, prime=PRIME, dimension=DIMENSION, seed=7):
    digits = np.random.default_rng(seed).integers(0, prime, (n, dimension + 1))
    return Nodes(digits[:, :-1], digits[:, -1])


def make(n=40, outputs=1, prime=PRIME, dimension=DIMENSION, seed=0):
    x, y = reference.random_samples(np.random.default_rng(seed), prime, dimension, n, outputs)
    return x, y, RidgeletProblem.from_samples(x, y, prime)


def literal_features(x, nodes, prime=PRIME):
    r = reference.ridgelet_table(prime)
    return np.array(
        [
            [r[(sum(int(u) * int(z) for u, z in zip(a, point, strict=True)) - int(b)) % prime] for a, b in rows]
            for point, rows in ((point, list(zip(nodes.a, nodes.b, strict=True))) for point in x)
        ]
    )


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("n_nodes", [1, 10, 100])
@pytest.mark.parametrize("ridge", [1e-4, 0.1, 10.0])
def test_the_fit_solves_the_normal_equations(outputs, n_nodes, ridge):
    x, y, problem = make(outputs=outputs)
    nodes = random_nodes(n_nodes)
    features = literal_features(x, nodes)
    normal = features.T @ features / len(x) + ridge * np.eye(n_nodes)
    weights = np.linalg.solve(normal, features.T @ y / len(x))
    network = SparseNetwork.fit(problem, nodes, x, y, ridge=ridge)
    np.testing.assert_allclose(network.weights, weights, rtol=0, atol=1e-9)


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("n_nodes", [1, 40, 41, 100])
def test_the_weights_are_those_of_scikit_learn(n_nodes, outputs):
    """Of as many nodes as samples and fewer, and of more, where the other system of equations is the smaller one."""
    x, y, problem = make(outputs=outputs)
    nodes = random_nodes(n_nodes)
    model = Ridge(alpha=1e-3 * len(x), fit_intercept=False, solver="cholesky")
    expected = model.fit(literal_features(x, nodes), y).coef_.T
    found = SparseNetwork.fit(problem, nodes, x, y, ridge=1e-3).weights
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


@given(st.integers(0, 2**32), st.integers(1, 60))
def test_no_other_weights_have_a_smaller_penalized_risk(seed, n_nodes):
    x, y, problem = make(seed=seed)
    nodes = random_nodes(n_nodes, seed=seed)
    fitted = SparseNetwork.fit(problem, nodes, x, y, ridge=1e-3)
    rng = np.random.default_rng(seed)

    def penalized(weights):
        network = SparseNetwork(PRIME, problem.ridgelet, nodes, weights)
        return network.risk(x, y) + 1e-3 * np.sum(weights**2)

    for size in (1e-3, 1e-1, 10.0):
        assert penalized(fitted.weights) <= penalized(fitted.weights + size * rng.normal(size=n_nodes)) + 1e-12


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize(("n_nodes", "copies"), [(5, 1), (5, 3), (100, 1), (100, 3)])
@pytest.mark.parametrize("ridge", [0, 1e-10, 1e-9, 1e-7])
def test_a_vanishing_penalty_gives_least_squares_of_least_norm(outputs, n_nodes, copies, ridge):
    x, y, problem = make(n=60, outputs=outputs)
    nodes = Nodes.concatenate([random_nodes(n_nodes)] * copies)
    network = SparseNetwork.fit(problem, nodes, x, y, ridge=ridge)
    best = np.linalg.lstsq(network.features(x), y, rcond=None)[0]
    residual = np.sum((y - network.features(x) @ best) ** 2) / len(x)
    assert abs(network.risk(x, y) - residual) < 1e-6
    np.testing.assert_allclose(network.weights, best, rtol=0, atol=1e-4 * max(1, np.max(np.abs(best))))


def test_features_are_the_ridgelet_of_each_node_at_each_point():
    x, _, problem = make()
    nodes = random_nodes(20)
    network = SparseNetwork(PRIME, problem.ridgelet, nodes, np.zeros(20))
    np.testing.assert_allclose(network.features(x), literal_features(x, nodes), rtol=0, atol=1e-12)


@pytest.mark.parametrize("columns", [None, 1, 3])
def test_shapes_follow_the_targets(columns):
    x, y, problem = make(outputs=columns or 1)
    if columns == 1:
        y = y[:, None]
    network = SparseNetwork.fit(problem, random_nodes(10), x, y)
    assert network.weights.shape == ((10,) if columns is None else (10, columns))
    assert network.predict(x[:7]).shape == ((7,) if columns is None else (7, columns))
    assert isinstance(network.risk(x, y), float)


@pytest.mark.parametrize("outputs", [1, 2])
def test_risk_is_the_mean_squared_error_summed_over_the_outputs(outputs):
    x, y, problem = make(outputs=outputs)
    network = SparseNetwork.fit(problem, random_nodes(10), x, y)
    predictions = literal_features(x, network.nodes) @ network.weights
    expected = np.mean(np.sum((y - predictions).reshape(len(x), -1) ** 2, axis=1))
    np.testing.assert_allclose(network.predict(x), predictions, rtol=0, atol=1e-12)
    assert abs(network.risk(x, y) - expected) < 1e-12


def test_risk_takes_one_output_as_a_column_too():
    x, y, problem = make()
    network = SparseNetwork.fit(problem, random_nodes(10), x, y)
    assert network.risk(x, y[:, None]) == network.risk(x, y)


def test_prediction_is_the_same_in_blocks():
    rng = np.random.default_rng(0)
    x, y, problem = make()
    network = SparseNetwork.fit(problem, random_nodes(3000), x, y)
    many = rng.integers(0, PRIME, (1500, DIMENSION))
    expected = network.features(many) @ network.weights
    np.testing.assert_allclose(network.predict(many), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("form", [sparse.csr_array, sparse.csc_matrix, sparse.coo_array, "map"])
@pytest.mark.parametrize("outputs", [1, 2])
def test_sparse_and_mapped_samples_make_the_same_network(tmp_path, form, outputs):
    x, y, problem = make(outputs=outputs)
    if form == "map":
        np.save(tmp_path / "x.npy", x.astype(np.uint8))
        given_as = np.load(tmp_path / "x.npy", mmap_mode="r")
    else:
        given_as = form(x)
    nodes = random_nodes(1000)
    one, other = (SparseNetwork.fit(problem, nodes, z, y) for z in (x, given_as))
    np.testing.assert_array_equal(other.weights, one.weights)
    np.testing.assert_array_equal(other.predict(given_as), one.predict(x))
    assert other.risk(given_as, y) == one.risk(x, y)


def test_features_and_predictions_of_more_points_than_a_block_holds():
    x, y, problem = make()
    network = SparseNetwork.fit(problem, random_nodes(1500), x, y)
    many = np.random.default_rng(0).integers(0, PRIME, (2000, DIMENSION)).astype(np.uint8)
    t = (many.astype(int) @ network.nodes.a.T - network.nodes.b) % PRIME
    for given_as in (many, sparse.csr_array(many)):
        np.testing.assert_array_equal(network.features(given_as), network.ridgelet[t])
        np.testing.assert_allclose(network.predict(given_as), network.ridgelet[t] @ network.weights, rtol=0, atol=1e-12)


def test_samples_in_the_smallest_type_are_read_where_they_lie():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 5, (16_000, 400), dtype=np.uint8)
    problem = RidgeletProblem.from_samples(x[:50], rng.normal(size=50), 5)
    nodes = Nodes(rng.integers(0, 5, (3, 400)), rng.integers(0, 5, 3))
    network = SparseNetwork.fit_problem(problem, nodes)
    network.predict(x[:15_000])  # compiled
    tracemalloc.start()
    outputs = network.predict(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < x.nbytes / 2
    np.testing.assert_allclose(outputs, network.features(x) @ network.weights, rtol=0, atol=1e-12)


def test_all_nodes_interpolate_the_distinct_points():
    x = reference.all_points(3, 2)[:7]
    y = np.random.default_rng(0).normal(size=7)
    problem = RidgeletProblem.from_samples(x, y, 3)
    network = SparseNetwork.fit(problem, Nodes.from_index(np.arange(27), 3, 2), x, y, ridge=0)
    np.testing.assert_allclose(network.predict(x), y, rtol=0, atol=1e-12)


def test_the_estimator_needs_no_fit_and_keeps_the_number_of_outputs():
    for outputs in (1, 2):
        _, _, problem = make(outputs=outputs)
        network = SparseNetwork.importance_weighted(problem, random_nodes(10))
        assert network.weights.shape == ((10,) if outputs == 1 else (10, 2))
        weights = problem.importance_weights(network.nodes)
        np.testing.assert_array_equal(network.weights.reshape(10, -1), weights)


@pytest.mark.parametrize("ridge", [-1e-9, np.nan, np.inf])
def test_a_bad_penalty_is_refused(ridge):
    x, y, problem = make()
    message = f"ridge = {ridge} is negative or not finite; give a real number >= 0"
    with pytest.raises(InputError, match=re.escape(message)):
        SparseNetwork.fit(problem, random_nodes(5), x, y, ridge=ridge)


def test_a_penalty_that_is_no_number_is_refused():
    x, y, problem = make()
    with pytest.raises(InputError, match=r"ridge = 'a' is .*; give a real number >= 0"):
        SparseNetwork.fit(problem, random_nodes(5), x, y, ridge="a")


def test_a_network_without_nodes_is_refused():
    x, y, problem = make()
    none = Nodes(np.empty((0, DIMENSION), dtype=int), np.empty(0, dtype=int))
    with pytest.raises(InputError, match="A network needs at least one hidden node; sample some first"):
        SparseNetwork.fit(problem, none, x, y)
    with pytest.raises(InputError, match="A network needs at least one hidden node; sample some first"):
        SparseNetwork.importance_weighted(problem, none)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([[0, 0, 5]], [1.0], "x[0, 2] = 5 is no whole number in 0..4; quantize the data first"),
        ([[0, 0]], [1.0], "x has dimension 2, but the nodes have 3; give the same"),
        ([[0, 0, 1]], [1.0, 2.0], "x has 1 rows but y has 2; give one target for each point"),
        ([[0, 0, 1]], [np.nan], "y[0] is NaN or infinite; impute or drop that sample"),
        (np.empty((0, 3)), [], "x is empty (shape (0, 3)); give at least one entry"),
    ],
)
def test_bad_samples_are_refused(x, y, message):
    good_x, good_y, problem = make()
    nodes = random_nodes(5)
    network = SparseNetwork.fit(problem, nodes, good_x, good_y)
    with pytest.raises(InputError, match=re.escape(message)):
        SparseNetwork.fit(problem, nodes, x, y)
    with pytest.raises(InputError, match=re.escape(message)):
        network.risk(x, y)


def test_nodes_of_another_dimension_are_refused():
    x, y, problem = make()
    other = random_nodes(5, dimension=DIMENSION + 1)
    with pytest.raises(InputError, match=r"dimension .*3.* nodes have .*4|nodes have dimension 4.* has 3"):
        SparseNetwork.fit(problem, other, x, y)
    with pytest.raises(InputError, match="nodes have dimension 4, but the problem has 3"):
        SparseNetwork.importance_weighted(problem, other)


@pytest.mark.parametrize("digit", [-1, PRIME, 1000])
def test_nodes_with_other_digits_are_refused(digit):
    x, y, problem = make()
    nodes = random_nodes(5)
    nodes.a[2, 1] = digit
    with pytest.raises(InputError, match=rf"nodes.a\[2, 1\] = {digit} is no whole number in 0..4"):
        SparseNetwork.fit(problem, nodes, x, y)


def test_a_hidden_layer_is_the_ridgelet_of_its_products():
    problem = RidgeletProblem.from_samples(np.array([[0, 1], [2, 2]]), [1.0, -1.0], 3)
    nodes = random_nodes(4, 3, 2)
    layer = hidden_layer(problem, nodes, np.array([[1, 2]]))
    for column, a, b in zip(layer[0], nodes.a, nodes.b, strict=True):
        assert column == problem.ridgelet[(a[0] + 2 * a[1] - b) % 3]
