import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from problems import finite_field
from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem, SparseNetwork
from problems.ridgelet import problem as problem_module
from problems.ridgelet.transform import reference as numpy_transform
from tests import reference

SIZES = [(2, 1), (2, 4), (3, 1), (3, 3), (5, 1), (5, 2), (7, 2), (11, 1), (11, 2), (13, 1), (13, 2)]
CASES = [
    (prime, dimension, activation)
    for (prime, dimension), activation in itertools.product(SIZES, reference.ACTIVATIONS)
    if (prime, activation) != (2, "sine")
]
SMALL_CASES = [case for case in CASES if case[0] ** (case[1] + 1) <= 350]

every_case = pytest.mark.parametrize(("prime", "dimension", "activation"), CASES)
small_case = pytest.mark.parametrize(("prime", "dimension", "activation"), SMALL_CASES)


SPARSE = [sparse.csr_array, sparse.csc_array, sparse.coo_array, sparse.csr_matrix, sparse.csc_matrix, sparse.coo_matrix]


def assert_exact(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-12)


def all_nodes(prime, dimension):
    digits = reference.all_points(prime, dimension + 1)
    return Nodes(digits[:, :-1], digits[:, -1])


def package_transform(prime, dimension, activation):
    """R from the package: one output for each point of Z_P^D, whose label is 1 there and 0 elsewhere."""
    points = reference.all_points(prime, dimension)
    problem = RidgeletProblem.from_samples(points, np.eye(len(points)), prime, 0, activation)
    scaled = problem.scaled_ridgelet(all_nodes(prime, dimension))
    return scaled * problem.norm / prime ** (dimension / 2)


def samples(prime, dimension, outputs=1, seed=0, n=12):
    return reference.random_samples(np.random.default_rng(seed), prime, dimension, n, outputs)


def full_weights(problem):
    """w* = R[h] of every node, from the package: shape (P^(D+1), C)."""
    scaled = problem.scaled_ridgelet(all_nodes(problem.prime, problem.dimension))
    return scaled * problem.norm / problem.prime ** (problem.dimension / 2)


@every_case
def test_the_package_computes_the_transform_of_the_reference(prime, dimension, activation):
    expected = reference.transform_matrix(prime, dimension, activation)
    assert_exact(package_transform(prime, dimension, activation), expected)


@every_case
def test_the_transform_is_an_isometry_and_the_network_inverts_it(prime, dimension, activation):
    transform = reference.transform_matrix(prime, dimension, activation)
    identity = np.eye(prime**dimension)
    assert_exact(transform.T @ transform, identity)
    package = package_transform(prime, dimension, activation)
    assert_exact(package.T @ package, identity)
    network = SparseNetwork(prime, reference.ridgelet_table(prime, activation), all_nodes(prime, dimension), package)
    points = reference.all_points(prime, dimension)
    assert_exact(network.predict(points) / prime ** (dimension / 2), identity)


@every_case
def test_fourier_slice_theorem(prime, dimension, activation):
    r = np.fft.fft(reference.ridgelet_table(prime, activation), norm="ortho")
    f = np.random.default_rng(0).normal(size=(prime,) * dimension)
    spectrum = np.fft.fftn(f, norm="ortho")
    transform = package_transform(prime, dimension, activation) @ f.ravel()
    slices = np.fft.fft(transform.reshape(-1, prime), axis=1, norm="ortho")
    for i, a in enumerate(reference.all_points(prime, dimension)):
        for v in range(prime):
            assert abs(slices[i, v] - r[v].conj() * spectrum[tuple(v * a % prime)]) < 1e-12


@every_case
@pytest.mark.parametrize("outputs", [1, 3])
def test_density_and_probability_agree_with_the_reference(prime, dimension, activation, outputs):
    x, y = samples(prime, dimension, outputs)
    problem = RidgeletProblem.from_samples(x, y, prime, 0.05, activation)
    expected = reference.optimized_distribution(x, y, prime, 0.05, activation)
    nodes = all_nodes(prime, dimension)
    assert_exact(problem.density(nodes), problem.node_count * expected)
    assert_exact(problem.node_count * problem.probability(nodes), problem.node_count * expected)
    assert abs(problem.probability(nodes).sum() - 1) < 1e-12


@given(st.sampled_from([(2, 3), (3, 2), (5, 1), (7, 1)]), st.integers(0, 2**32), st.integers(1, 3))
def test_probabilities_sum_to_one_for_any_samples(size, seed, outputs):
    x, y = samples(*size, outputs, seed)
    problem = RidgeletProblem.from_samples(x, y, size[0])
    assert abs(problem.probability(all_nodes(*size)).sum() - 1) < 1e-12


@pytest.mark.parametrize("outputs", [1, 2])
def test_regularization_does_not_matter_when_all_points_are_distinct(outputs):
    rng = np.random.default_rng(1)
    x = rng.permutation(reference.all_points(5, 2))[:10]
    y = rng.normal(size=(10, outputs))
    nodes = all_nodes(5, 2)
    densities = [
        RidgeletProblem.from_samples(x, y, 5, regularization).density(nodes) for regularization in (0, 1e-6, 1.0, 1e6)
    ]
    for density in densities[1:]:
        assert_exact(density, densities[0])


def test_regularization_matters_where_points_repeat_unequally():
    x, y = samples(5, 2)
    nodes = all_nodes(5, 2)
    weak, strong = (RidgeletProblem.from_samples(x, y, 5, value).density(nodes) for value in (0, 1.0))
    assert np.max(np.abs(weak - strong)) > 0.1


@small_case
@pytest.mark.parametrize("regularization", [1e-3, 0.1, 10.0])
def test_the_closed_solution_minimizes_the_ridge_regression_of_the_whole_network(
    prime, dimension, activation, regularization
):
    x, y = samples(prime, dimension, outputs=2)
    network = reference.transform_matrix(prime, dimension, activation).T
    everywhere = reference.all_points(prime, dimension).tolist()
    rows = network[[everywhere.index(point.tolist()) for point in x]]
    normal = rows.T @ rows / len(x) + regularization * np.eye(rows.shape[1])
    minimizer = np.linalg.solve(normal, rows.T @ y / len(x))
    problem = RidgeletProblem.from_samples(x, y, prime, regularization, activation)
    assert_exact(full_weights(problem), minimizer)
    assert abs(problem.norm - np.linalg.norm(minimizer)) < 1e-12


@small_case
def test_without_regularization_it_is_the_interpolation_of_least_norm(prime, dimension, activation):
    x, y = samples(prime, dimension, outputs=2)
    problem = RidgeletProblem.from_samples(x, y, prime, 0, activation)
    everywhere = reference.all_points(prime, dimension).tolist()
    network = reference.transform_matrix(prime, dimension, activation).T
    rows = network[[everywhere.index(point) for point in problem.points.tolist()]]
    assert_exact(full_weights(problem), np.linalg.pinv(rows) @ problem.labels)


def sampling_densities(problem, nodes):
    leverage = reference.leverage_distribution(
        problem.points.repeat(np.rint(problem.frequencies * 12).astype(int), axis=0), problem.prime, 0.05
    )
    return {
        "optimized": None,
        "optimized, given": problem.density(nodes),
        "uniform": np.ones(len(nodes)),
        "leverage": problem.node_count * leverage,
    }


@pytest.mark.parametrize("drawn_from", ["optimized", "optimized, given", "uniform", "leverage"])
@pytest.mark.parametrize(("prime", "dimension"), [(2, 3), (3, 2), (5, 2), (7, 1)])
@pytest.mark.parametrize("outputs", [1, 2])
def test_the_importance_weighted_network_has_the_full_network_as_its_mean(prime, dimension, outputs, drawn_from):
    x, y = samples(prime, dimension, outputs)
    problem = RidgeletProblem.from_samples(x, y, prime, 0.05)
    nodes = all_nodes(prime, dimension)
    density = sampling_densities(problem, nodes)[drawn_from]
    probability = (problem.density(nodes) if density is None else density) / problem.node_count
    possible = probability > 1e-25
    nodes, probability = nodes[possible], probability[possible]
    density = None if density is None else density[possible]
    estimator = SparseNetwork.importance_weighted(problem, nodes, density)
    weights = len(nodes) * estimator.weights.reshape(len(nodes), -1) * probability[:, None]
    mean = SparseNetwork(prime, problem.ridgelet, nodes, weights)
    h = reference.filtered_labels(x, y, prime, 0.05)
    assert_exact(mean.predict(reference.all_points(prime, dimension)), h)


def test_several_outputs_are_a_mixture_weighted_by_their_norms():
    x, y = samples(5, 2, outputs=3)
    y = y * [1.0, 10.0, 0.1]
    nodes = all_nodes(5, 2)
    together = RidgeletProblem.from_samples(x, y, 5, 0.1)
    parts = [RidgeletProblem.from_samples(x, column, 5, 0.1) for column in y.T]
    shares = np.array([part.norm**2 for part in parts])
    assert abs(shares.sum() - together.norm**2) < 1e-12 * together.norm**2
    mixture = sum(share * part.density(nodes) for share, part in zip(shares / shares.sum(), parts, strict=True))
    assert_exact(together.density(nodes), mixture)


@pytest.mark.parametrize(("prime", "dimension", "activation"), [(2, 3, "relu"), (3, 2, "sine"), (5, 2, "tanh")])
@pytest.mark.parametrize("outputs", [1, 2])
def test_fourier_moments_come_from_differences_of_points_alone(prime, dimension, activation, outputs):
    x, y = samples(prime, dimension, outputs, n=6)
    p = reference.optimized_distribution(x, y, prime, 0.1, activation)
    a = reference.all_points(prime, dimension + 1)[:, :-1]
    for c in reference.all_points(prime, dimension)[1:]:
        moment = np.sum(p * np.exp(2j * np.pi * (a @ c) / prime))
        assert abs(moment - reference.fourier_moment(x, y, prime, 0.1, c, activation)) < 1e-12


def test_the_parts_of_a_problem_are_what_they_are_called():
    x = [[2, 0], [0, 1], [2, 0], [2, 2]]
    y = [1.0, 4.0, 3.0, -1.0]
    problem = RidgeletProblem.from_samples(x, y, 3, 0.25)
    assert problem.points.tolist() == [[0, 1], [2, 0], [2, 2]]
    assert problem.points.dtype == np.int64
    assert problem.frequencies.tolist() == [0.25, 0.5, 0.25]
    assert problem.labels.tolist() == [[4.0], [2.0], [-1.0]]
    assert_exact(problem.coefficients[:, 0], [2.0, 4 / 3, -0.5])
    assert_exact(problem.norm, np.linalg.norm([2.0, 4 / 3, -0.5]))
    assert_exact(problem.amplitudes * problem.norm, problem.coefficients)
    assert_exact(problem.ridgelet, reference.ridgelet_table(3))
    assert (problem.prime, problem.dimension, problem.outputs) == (3, 2, 1)
    assert (problem.node_count, problem.coverage, problem.regularization) == (27, 1 / 3, 0.25)
    assert problem.activation == "relu"
    assert RidgeletProblem.from_samples(x, y, 3, activation=[0, 1, 0]).activation == "table"


@pytest.mark.parametrize("outputs", [1, 2])
def test_the_order_of_the_samples_does_not_matter(outputs):
    x, y = samples(5, 3, outputs, n=30)
    order = np.random.default_rng(3).permutation(30)
    one, other = RidgeletProblem.from_samples(x, y, 5), RidgeletProblem.from_samples(x[order], y[order], 5)
    np.testing.assert_array_equal(one.points, other.points)
    assert_exact(one.amplitudes, other.amplitudes)


def random_nodes(prime, dimension, n=50):
    digits = np.random.default_rng(5).integers(0, prime, (n, dimension + 1))
    return Nodes(digits[:, :-1], digits[:, -1])


def memory_map(path, x):
    np.save(path, x)
    return np.load(path, mmap_mode="r")


def with_stored_zeros(x):
    """Every entry of x, zeros too, in a CSR array."""
    n, dimension = x.shape
    return sparse.csr_array((x.ravel(), np.tile(np.arange(dimension), n), np.arange(n + 1) * dimension), shape=x.shape)


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize(
    ("prime", "dimension", "n"), [(2, 1, 9), (3, 1, 40), (3, 4, 60), (17, 64, 30), (257, 8, 30), (7919, 12, 9)]
)
def test_dense_mapped_and_sparse_data_make_the_same_problem(tmp_path, prime, dimension, n, outputs):
    rng = np.random.default_rng(prime)
    x = rng.integers(1, prime, (n, dimension)) * (rng.random((n, dimension)) < 0.4)
    x = x[rng.integers(0, n, 2 * n)]  # points repeat unequally
    x[[0, 5]] = 0
    y = rng.normal(size=2 * n) if outputs == 1 else rng.normal(size=(2 * n, outputs))
    activation = rng.normal(size=prime)
    nodes = random_nodes(prime, dimension)
    one = RidgeletProblem.from_samples(x, y, prime, 0.1, activation)
    place = {tuple(point): i for i, point in enumerate(one.points.tolist())}
    kinds = [x, memory_map(tmp_path / "x.npy", x), with_stored_zeros(x)]
    for given_as in (*kinds, *(make(x) for make in SPARSE)):
        other = RidgeletProblem.from_samples(given_as, y, prime, 0.1, activation)
        assert other.data.sparse == sparse.issparse(given_as)
        order = [place[tuple(point)] for point in other.points.tolist()]
        assert sorted(order) == list(range(len(one.data)))
        np.testing.assert_array_equal(other.counts, one.counts[order])
        np.testing.assert_allclose(other.amplitudes, one.amplitudes[order], rtol=1e-14)  # the norm rounds by the order
        assert (other.dimension, other.outputs, other.coverage) == (dimension, outputs, one.coverage)
        np.testing.assert_allclose(other.density(nodes), one.density(nodes), rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(other.scaled_ridgelet(nodes), one.scaled_ridgelet(nodes), rtol=0, atol=1e-12)


@pytest.mark.parametrize("entries", [1, 7, 64, 1000])
@pytest.mark.parametrize("make", [np.array, sparse.csr_array])
def test_blocks_of_points_and_nodes_do_not_change_the_density(monkeypatch, make, entries):
    x, y = samples(5, 3, outputs=2, n=70)
    nodes = random_nodes(5, 3)
    problem = RidgeletProblem.from_samples(make(x), y, 5)
    expected = problem.scaled_ridgelet(nodes)
    shapes = []

    def recorded(rows, columns, prime):
        shapes.append((rows.shape[0], columns.shape[0]))
        return finite_field.scalar_products(rows, columns, prime)

    monkeypatch.setattr(numpy_transform, "scalar_products", recorded)
    monkeypatch.setattr(numpy_transform, "row_blocks", lambda n, k: finite_field.row_blocks(n, k, entries))
    assert_exact(problem.scaled_ridgelet(nodes), expected)
    assert max(n * max(k, 3) for n, k in shapes if n > 1) <= entries if entries >= 64 else len(shapes) > 100
    assert max(k for _, k in shapes) <= max(1, entries // problem.data.entries_in_a_row)
    assert sum(n * k for n, k in shapes) == len(nodes) * len(problem.data)


def test_points_are_made_anew_and_large_enough_for_arithmetic():
    problem = RidgeletProblem.from_samples([[250], [3]], [1.0, 2.0], 251)
    points = problem.points
    assert (points * points).tolist() == [[9], [62500]]
    points[:] = 0
    assert problem.points.tolist() == [[3], [250]]


@pytest.mark.parametrize("make", [np.array, *SPARSE])
def test_later_changes_of_the_samples_do_not_change_the_problem(make):
    x, y = samples(5, 2)
    given_as, nodes = make(x.astype(np.uint8)), all_nodes(5, 2)
    problem = RidgeletProblem.from_samples(given_as, y, 5)
    before = problem.density(nodes)
    (given_as if make is np.array else given_as.data)[:] = 1
    y[:] = 7
    np.testing.assert_array_equal(problem.density(nodes), before)


@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1e12, 1e300])
def test_the_scale_of_the_targets_does_not_matter(scale):
    x, y = samples(5, 2, outputs=2)
    nodes = all_nodes(5, 2)
    expected = RidgeletProblem.from_samples(x, y, 5).density(nodes)
    assert_exact(RidgeletProblem.from_samples(x, y * scale, 5).density(nodes), expected)


def test_amplitudes_of_the_largest_targets_are_finite_at_repeated_points():
    problem = RidgeletProblem.from_samples([[0], [0], [1]], [1.7e308, 1.7e308, -1.7e308], 3)
    assert np.all(np.isfinite(problem.amplitudes))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint16, np.float64])
def test_density_does_not_depend_on_the_number_type_of_the_nodes(dtype):
    x, y = samples(5, 2)
    problem, nodes = RidgeletProblem.from_samples(x, y, 5), all_nodes(5, 2)
    converted = Nodes(nodes.a.astype(dtype), nodes.b.astype(dtype))
    assert_exact(problem.density(converted), problem.density(nodes))


def test_probability_underflows_where_density_does_not():
    problem = RidgeletProblem.from_samples([[3] * 300, [5] * 300], [1.0, -2.0], 257)
    nodes = Nodes(np.arange(600).reshape(2, 300) % 257, np.array([0, 256]))
    assert np.all(problem.probability(nodes) == 0)
    assert np.all(problem.density(nodes) > 0)


X, Y = [[0, 1], [2, 2], [4, 0]], [1.0, -1.0, 2.0]


@pytest.mark.parametrize(
    ("prime", "message"),
    [
        (0, "prime = 0 is too small; give at least 2"),
        (1, "prime = 1 is too small; give at least 2"),
        (4, "prime = 4 is not prime; the nearest primes are 3 and 5"),
        (-3, "prime = -3 is too small; give at least 2"),
        (2.5, "prime = 2.5 is no whole number; give one of at least 2"),
        ("7", "prime = '7' is no whole number; give one of at least 2"),
        (True, "prime = True is no whole number; give one of at least 2"),
    ],
)
def test_a_problem_needs_a_prime(prime, message):
    with pytest.raises(InputError, match=re.escape(message)):
        RidgeletProblem.from_samples(X, Y, prime)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([[0, 1], [2, 5], [4, 0]], "x[1, 1] = 5 is no whole number in 0..4; quantize the data first"),
        ([[0, 1], [2, 2], [-1, 0]], "x[2, 0] = -1 is no whole number in 0..4; quantize the data first"),
        ([[0.5, 1], [2, 2], [1, 0]], "x[0, 0] = 0.5 is no whole number in 0..4; quantize the data first"),
        ([[0, np.nan], [2, 2], [1, 0]], "x[0, 1] = nan is no whole number in 0..4; quantize the data first"),
        ([["0", "1"], ["2", "2"], ["1", "0"]], "x holds <U1 entries; give whole numbers 0..4"),
        ([[0, 1], [2], [4, 0]], "x is no rectangular array; give rows of equal length"),
        ([0, 1, 2], "x has shape (3,), but shape (n, D) is needed; reshape it"),
        ([[[0]], [[1]], [[2]]], "x has shape (3, 1, 1), but shape (n, D) is needed; reshape it"),
        (np.empty((0, 2)), "x is empty (shape (0, 2)); give at least one entry"),
        ([], "x has shape (0,), but shape (n, D) is needed; reshape it"),
    ],
)
def test_bad_points_are_refused(x, message):
    with pytest.raises(InputError, match=re.escape(message)):
        RidgeletProblem.from_samples(x, Y, 5)


@pytest.mark.parametrize("make", SPARSE)
@pytest.mark.parametrize(("value", "text"), [(-1, "-1"), (5, "5"), (0.5, "0.5"), (np.nan, "nan")])
def test_bad_sparse_points_are_refused(make, value, text):
    x = np.array([[0, 1], [0, value], [4, 0]])
    with pytest.raises(InputError, match=re.escape(f"x[1, 1] = {text} is no whole number in 0..4; quantize the data")):
        RidgeletProblem.from_samples(make(x), Y, 5)


def test_sparse_points_of_a_wrong_shape_are_refused():
    for x, message in (
        (sparse.csr_array((0, 2)), "x is empty (shape (0, 2)); give at least one entry"),
        (sparse.coo_array([0, 1, 2]), "x has shape (3,), but shape (n, D) is needed; reshape it"),
        (sparse.csr_array((2, 2)), "x has 2 rows but y has 3; give one target for each point"),
    ):
        with pytest.raises(InputError, match=re.escape(message)):
            RidgeletProblem.from_samples(x, Y, 5)


def test_bad_targets_are_refused_before_points_are_compared(monkeypatch):
    monkeypatch.setattr(problem_module.Points, "of_rows", None)
    with pytest.raises(InputError, match="x has 3 rows but y has 2"):
        RidgeletProblem.from_samples(X, [1.0, 2.0], 5)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([1.0, 2.0], "x has 3 rows but y has 2; give one target for each point"),
        ([1.0, 2.0, 3.0, 4.0], "x has 3 rows but y has 4; give one target for each point"),
        ([], "x has 3 rows but y has 0; give one target for each point"),
        ([1.0, np.nan, 0.0], "y[1] is NaN or infinite; impute or drop that sample"),
        ([1.0, 2.0, -np.inf], "y[2] is NaN or infinite; impute or drop that sample"),
        ([[1.0, 2.0], [1.0, 1.0], [0.0, np.inf]], "y[2] is NaN or infinite; impute or drop that sample"),
        (["a", "b", "c"], "y is no array of real numbers; give targets of shape (n,) or (n, C)"),
        ([[1.0], [1.0, 2.0], [0.0]], "y is no rectangular array; give rows of equal length"),
        ([1j, 0, 1], "y is no array of real numbers; give targets of shape (n,) or (n, C)"),
        ([None, 0, 1], "y[0] is NaN or infinite; impute or drop that sample"),
        (1.0, "y has shape (), but shape (n,) or (n, C) is needed; reshape it"),
        (np.ones((3, 1, 1)), "y has shape (3, 1, 1), but shape (n,) or (n, C) is needed; reshape it"),
        (np.ones((3, 0)), "y has shape (3, 0), but shape (n,) or (n, C) is needed; reshape it"),
        ([0, 0, 0], "All targets are zero at every distinct point (mean label), so no node is better"),
        (np.zeros((3, 2)), "All targets are zero at every distinct point (mean label), so no node is better"),
    ],
)
def test_bad_targets_are_refused(y, message):
    with pytest.raises(InputError, match=re.escape(message)):
        RidgeletProblem.from_samples(X, y, 5)


@pytest.mark.parametrize("y", [[1.0, -1.0], [0.1 + 0.2, -0.3], [1e300, -1e300]])
def test_targets_whose_means_cancel_are_refused(y):
    with pytest.raises(InputError, match=r"All targets are zero .* give targets that differ from zero"):
        RidgeletProblem.from_samples([[1, 2], [1, 2]], y, 5)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1e-9, "regularization = -1e-09 is negative or not finite; give a real number >= 0"),
        (np.nan, "regularization = nan is negative or not finite; give a real number >= 0"),
        (np.inf, "regularization = inf is negative or not finite; give a real number >= 0"),
        ("a", "regularization = 'a' is no number; give a real number >= 0"),
        (None, "regularization = None is no number; give a real number >= 0"),
        ([1, 2], "regularization = [1, 2] is no number; give a real number >= 0"),
    ],
)
def test_a_bad_regularization_is_refused(value, message):
    with pytest.raises(InputError, match=re.escape(message)):
        RidgeletProblem.from_samples(X, Y, 5, regularization=value)


@pytest.mark.parametrize(
    ("activation", "message"),
    [
        ("gausian", "There is no activation 'gausian'. Did you mean 'gaussian' or 'sine'? There are: "),
        ([1, 1, 1, 1, 1], "The activation table is constant on Z_5, and a constant has no ridgelet; choose"),
        ([1, 2, 3], "The activation table has shape (3,), but one value for each residue is needed: (5,)"),
        ([1, 2, 3, 4, np.nan], "The activation table holds NaN or infinite values; give finite numbers"),
    ],
)
def test_a_problem_needs_an_activation_with_a_ridgelet(activation, message):
    with pytest.raises(InputError, match=re.escape(message)):
        RidgeletProblem.from_samples(X, Y, 5, activation=activation)


def test_sine_has_no_ridgelet_at_two():
    with pytest.raises(InputError, match=r"The activation 'sine' is constant on Z_2, .* a larger prime"):
        RidgeletProblem.from_samples([[0], [1]], [1.0, -1.0], 2, activation="sine")


@pytest.mark.parametrize("method", ["density", "probability", "scaled_ridgelet", "importance_weights"])
def test_nodes_of_another_problem_are_refused(method):
    problem = RidgeletProblem.from_samples(X, Y, 5)
    with pytest.raises(InputError, match=r"nodes have dimension 3, but the problem has 2; were they drawn for"):
        getattr(problem, method)(all_nodes(2, 3))
    with pytest.raises(InputError, match=r"nodes.a\[\d+, \d+\] = 5 is no whole number in 0..4"):
        getattr(problem, method)(all_nodes(7, 2))
    with pytest.raises(InputError, match=r"nodes.b\[0\] = -1 is no whole number in 0..4"):
        getattr(problem, method)(Nodes(np.zeros((1, 2), dtype=int), np.array([-1])))


def test_no_nodes_have_no_density():
    problem = RidgeletProblem.from_samples(X, Y, 5)
    assert problem.density(Nodes(np.empty((0, 2), dtype=int), np.empty(0, dtype=int))).shape == (0,)
