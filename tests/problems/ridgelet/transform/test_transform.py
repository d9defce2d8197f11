"""The compiled ways to the transform give what NumPy gives, for every prime and every kind of points."""

import numpy as np
import pytest
from scipy import sparse

from problems import threads
from problems.ridgelet import Nodes, RidgeletProblem, transform
from problems.ridgelet import problem as problem_module
from problems.ridgelet.transform import compiled_transform, gathered, packed
from problems.ridgelet.transform.gathered import GatheredTransform
from problems.ridgelet.transform.packed import PackedTransform
from problems.ridgelet.transform.reference import NumpyTransform
from tests import reference
from tests.compare.distributions import SMALL, made

PRIMES = [2, 3, 5, 7, 17, 257, 1021]


def kept_as(kind, x, folder):
    if kind == "sparse":
        return sparse.csr_array(x)
    if kind == "mapped":
        np.save(folder / "x.npy", x)
        return np.load(folder / "x.npy", mmap_mode="r")
    return x


def ways(prime, points, dimension, outputs, kind="dense", folder=None):
    """The compiled way and NumPy's, and a function that makes weights and biases."""
    rng = np.random.default_rng([prime, points, dimension, outputs])
    x = rng.integers(0, prime, (points, dimension)) * (rng.random((points, dimension)) < 0.7)
    y = rng.normal(size=(points, outputs)) * 10.0 ** rng.integers(-3, 4, (points, outputs))
    problem = RidgeletProblem.from_samples(kept_as(kind, x, folder), y, prime)
    parts = problem.data, problem.amplitudes, problem.ridgelet
    return compiled_transform(*parts), NumpyTransform(*parts), lambda n: (
        rng.integers(0, prime, (n, dimension)), rng.integers(0, prime, n)
    )  # fmt: skip


def assert_agree(one, other, a, b):
    """Values within 1e-12 of the largest, and densities and those of lines as well."""
    for found, expected in ((one.at(a, b), other.at(a, b)), (one.squared_lines(a), other.squared_lines(a))):
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.max(np.abs(expected)))
    np.testing.assert_allclose(
        np.sum(one.at(a, b) ** 2, axis=1),
        one.squared_lines(a)[np.arange(len(a)), b],
        rtol=0,
        atol=1e-12 * np.max(one.squared_lines(a)),
    )


@pytest.mark.parametrize("prime", PRIMES)
@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("kind", ["dense", "sparse", "mapped"])
def test_compiled_and_numpy_agree(prime, outputs, kind, tmp_path):
    compiled, numpy, nodes = ways(prime, 150, 13, outputs, kind, tmp_path)
    assert type(compiled) is (PackedTransform if prime <= 3 and kind != "sparse" else GatheredTransform)
    for n in (1, 2, 300):
        assert_agree(compiled, numpy, *nodes(n))


@pytest.mark.parametrize("prime", [2, 3])
@pytest.mark.parametrize("points", [1, 63, 64, 65, 511, 512, 513, 4700])
@pytest.mark.parametrize("outputs", [1, 2, 8, 9, 17])
def test_words_and_blocks_of_points_are_summed_up_to_the_last(prime, points, outputs):
    compiled, numpy, nodes = ways(prime, points, 19, outputs)
    assert_agree(compiled, numpy, *nodes(40))


@pytest.mark.parametrize("prime", [2, 3])
@pytest.mark.parametrize("dimension", [1, 2, 3, 4, 5, 8, 150])
def test_every_coordinate_counts(prime, dimension):
    compiled, numpy, nodes = ways(prime, 70, dimension, 1)
    assert_agree(compiled, numpy, *nodes(30))


@pytest.mark.parametrize("prime", [2, 3])
@pytest.mark.parametrize("kept", [packed.KEPT, 0])
def test_packed_points_in_parts_kept_or_made_anew(prime, kept, monkeypatch):
    monkeypatch.setattr(packed, "KEPT", kept)
    monkeypatch.setattr(packed, "PART", 2)
    for outputs in (1, 3):
        compiled, numpy, nodes = ways(prime, 2600, 8, outputs)
        for _ in range(2):
            assert_agree(compiled, numpy, *nodes(600))


@pytest.mark.parametrize("prime", [5, 257])
@pytest.mark.parametrize("outputs", [1, 3])
def test_points_some_at_a_time_and_lines_in_small_pieces(prime, outputs, monkeypatch):
    monkeypatch.setattr(gathered, "POSITIONS", 1100)
    monkeypatch.setattr(gathered, "CELLS", 7 * prime)
    compiled, numpy, nodes = ways(prime, 2300, 6, outputs)
    for n in (1, 33, 67):
        assert_agree(compiled, numpy, *nodes(n))


@pytest.mark.parametrize("prime", [3, 17])
@pytest.mark.parametrize("outputs", [1, 3])
def test_neither_threads_nor_other_nodes_change_a_bit(prime, outputs, monkeypatch):
    compiled, _, nodes = ways(prime, 700, 9, outputs)
    a, b = nodes(2300)
    values, lines = compiled.at(a, b), compiled.squared_lines(a)
    for count in (1, 2, 3):
        monkeypatch.setattr(threads, "available_threads", lambda count=count: count)
        np.testing.assert_array_equal(compiled.at(a, b), values)
        np.testing.assert_array_equal(compiled.squared_lines(a), lines)
    some = np.r_[5, 77, 77, 2299, 1024]
    np.testing.assert_array_equal(compiled.at(a[some], b[some]), values[some])
    np.testing.assert_array_equal(compiled.squared_lines(a[some]), lines[some])


@pytest.mark.parametrize("prime", [2, 17])
def test_weights_of_any_layout(prime):
    compiled, numpy, nodes = ways(prime, 40, 6, 1)
    a, b = nodes(300)
    for layout in (np.asfortranarray(a), np.repeat(a, 2, axis=1)[:, ::2]):
        assert_agree(compiled, numpy, layout, np.repeat(b, 2)[::2])


def test_numpy_serves_where_nothing_else_can(monkeypatch, tmp_path):
    def chosen(prime, x):
        problem = RidgeletProblem.from_samples(x, [1.0, -2.0, 3.0], prime)
        return type(compiled_transform(problem.data, problem.amplitudes, problem.ridgelet))

    x = np.array([[0, 1], [1, 0], [2, 2]])
    assert chosen(1021, x) is GatheredTransform
    assert chosen(1031, x) is NumpyTransform
    np.save(tmp_path / "x.npy", x.astype(">i4"))
    assert chosen(5, np.load(tmp_path / "x.npy", mmap_mode="r")) is NumpyTransform
    monkeypatch.setattr(transform, "why_not_compiled", lambda: "no compiler today")
    assert chosen(5, x) is NumpyTransform


@pytest.mark.parametrize(("prime", "dimension", "outputs"), SMALL)
@pytest.mark.parametrize("worthwhile", [0, 2**60])
def test_density_and_lines_are_exact_either_way(prime, dimension, outputs, worthwhile, monkeypatch):
    monkeypatch.setattr(problem_module, "WORTHWHILE", worthwhile)
    problem, exact = made(prime, dimension, outputs)
    a = reference.all_points(prime, dimension)
    digits = reference.all_points(prime, dimension + 1)
    for found in (problem.line_density(a).ravel(), problem.density(Nodes(digits[:, :-1], digits[:, -1]))):
        assert found == pytest.approx(len(exact) * exact, abs=1e-12)
    nothing = Nodes(np.empty((0, dimension), dtype=int), np.empty(0, dtype=int))
    assert problem.density(nothing).shape == (0,)
    assert problem.line_density(nothing.a).shape == (0, prime)
