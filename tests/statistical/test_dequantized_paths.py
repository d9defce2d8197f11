"""The dequantized sampler against the exact p*: SAMPLES nodes a test, fewer at large primes; fixed seeds.

One path draws the nodes whose law is tested, and every other path the same ones, number by number: FEW of them, more
than a block. A p-value below SMALLEST fails; there are about eighty of them.
"""

import functools

import numpy as np
import pytest
from scipy import sparse, stats

from classical.ridgelet import DequantizedSampler
from classical.ridgelet.dequantized.compiled import kernel
from classical.ridgelet.dequantized.compiled.kernel.first_level import summed_tail, tabled_tail
from problems.ridgelet import Nodes, RidgeletProblem
from tests import reference
from tests.classical.ridgelet.dequantized.cases import assert_same
from tests.statistical.test_classical_samplers import SMALLEST, Case, pvalue, samples, written

SAMPLES, CHUNKED, FEW = 50_000, 20_000, 1500


def sampler_by(path, problem, monkeypatch, threads=1):
    """A sampler by one path; `compiled` is whatever draws at this prime, `kernel` never packs bits."""
    if path == "steps":
        monkeypatch.setattr(kernel, "MANY", 6)
        monkeypatch.setattr(kernel, "FEW", 5)
    sampler = DequantizedSampler(problem, threads, compiled=path == "compiled")
    if path not in ("numpy", "compiled"):
        compiled = kernel.Compiled(sampler._plan)
        assert compiled._tail is tabled_tail
        if path == "sums":
            compiled._tail = summed_tail
        sampler._draw = compiled.draw_nodes
    return sampler


def with_path(*paths, cases):
    pairs = [(path, case) for case in cases for path in paths]
    return pytest.mark.parametrize(("path", "case"), pairs, ids=lambda value: str(value))


def points_of(case):
    """Training data, as `samples` makes it, and harder kinds."""
    rng = np.random.default_rng(5)
    if case.kind.startswith("differ at"):
        x = np.tile(rng.integers(0, case.prime, case.dimension), (min(case.prime, 5), 1))
        x[:, int(case.kind.split()[-1])] = np.arange(len(x))
        return x, rng.normal(size=(len(x), case.outputs))
    if case.kind == "twelve orders":
        x, y = reference.random_samples(rng, case.prime, case.dimension, 14, case.outputs)
        return x, (np.sign(y) * 10.0 ** -np.linspace(0, 12, y.size).reshape(y.shape))
    return samples(case)


@functools.cache
def law(case):
    x, y = points_of(case)
    return reference.optimized_distribution(x, y, case.prime, case.regularization, case.activation)


def problem_of(case, keep=np.asarray):
    x, y = points_of(case)
    return RidgeletProblem.from_samples(keep(x), y, case.prime, case.regularization, case.activation)


@functools.cache
def compiled_nodes(case, seed):
    """Return the nodes of the compiled path, at whose law `check` looks once for a case and seed."""
    return DequantizedSampler(problem_of(case), 1).sample(SAMPLES, seed)


def assert_drawn_alike(sampler, case, seed):
    """The first nodes of a path are those of the compiled one."""
    assert_same(sampler.sample(FEW, seed), compiled_nodes(case, seed)[:FEW])


def check(nodes, case, measured, what):
    value = pvalue(nodes, case.prime, law(case))
    measured(f"dequantized by {what}, chi-square against p*, {case}, {len(nodes)} nodes: {value:.3g}")
    assert value > SMALLEST


TABLED = [
    Case(2, 1, "grid", 1, 0, "step"),
    Case(2, 2, "grid", 2, 0.1, "step"),
    Case(2, 3, "repeated", 2, 0.1),
    Case(2, 6, "repeated"),
    Case(2, 6, "twelve orders", 1),
    Case(2, 5, "differ at 0", 1),
    Case(2, 5, "differ at 4", 1),
    Case(2, 5, "grid", 1, 0),
    Case(2, 4, "single", 2),
    Case(3, 1, "grid", 1, 0, "tanh"),
    Case(3, 4, "repeated", 3, 0.1, "tanh"),
    Case(3, 4, "twelve orders", 1, 1e-3, "sine"),
    Case(3, 3, "differ at 0", 1),
    Case(3, 3, "differ at 2", 1, 0.1, "sine"),
    Case(3, 3, "grid", 2, 0.01, "gaussian"),
]
ANY = [
    Case(5, 2, "repeated", 3, 0.01),
    Case(5, 3, "twelve orders", 1, 1e-3, "sine"),
    Case(5, 3, "differ at 0", 1),
    Case(5, 3, "differ at 1", 2, 0.1, "tanh"),
    Case(5, 3, "differ at 2", 1),
    Case(7, 2, "grid", 1, 0, "tanh"),
    Case(13, 1, "grid", 2, 0.1, "step"),
    Case(31, 1, "repeated", 1, 0.1),
]


@with_path("compiled", cases=TABLED)
def test_small_primes_follow_the_optimized_distribution(path, case, measured):
    check(compiled_nodes(case, 0), case, measured, path)


@with_path("numpy", "kernel", cases=TABLED)
def test_other_paths_draw_the_same_nodes_at_small_primes(path, case, monkeypatch):
    assert_drawn_alike(sampler_by(path, problem_of(case), monkeypatch), case, 0)


@with_path("compiled", cases=ANY)
def test_any_prime_follows_the_optimized_distribution(path, case, measured):
    check(compiled_nodes(case, 1), case, measured, path)


@with_path("numpy", "sums", "steps", cases=ANY)
def test_other_paths_draw_the_same_nodes_at_any_prime(path, case, monkeypatch):
    assert_drawn_alike(sampler_by(path, problem_of(case), monkeypatch), case, 1)


@pytest.mark.parametrize("case", [Case(7, 2, "single", 2), Case(31, 1, "single"), Case(61, 1, "single")], ids=str)
def test_single_points_follow_the_optimized_distribution(case, monkeypatch, measured):
    check(compiled_nodes(case, 2), case, measured, "compiled")
    assert_drawn_alike(sampler_by("numpy", problem_of(case), monkeypatch), case, 2)


@pytest.mark.parametrize("case", [Case(37, 1, "repeated"), Case(61, 1, "grid", 2), Case(67, 1, "repeated")], ids=str)
def test_primes_with_more_cells_than_a_table_holds_follow_the_optimized_distribution(case, monkeypatch, measured):
    sampler = sampler_by("numpy", problem_of(case), monkeypatch)
    assert kernel.Compiled(sampler._plan)._tail is summed_tail
    check(compiled_nodes(case, 3), case, measured, "compiled")
    assert_drawn_alike(sampler, case, 3)


KEPT = [Case(2, 5, "repeated", 2), Case(3, 3, "twelve orders", 1), Case(5, 3, "repeated", 2), Case(7, 2, "grid")]


@with_path("compiled", cases=KEPT)
def test_sparse_points_follow_the_optimized_distribution(case, path, monkeypatch, measured):
    problem = problem_of(case, sparse.csr_array)
    check(sampler_by(path, problem, monkeypatch).sample(SAMPLES, 4), case, measured, f"{path}, sparse")


@pytest.mark.parametrize("dtype", ["u1", "<i8"])
@pytest.mark.parametrize("case", KEPT, ids=str)
def test_memory_mapped_points_follow_the_optimized_distribution(case, dtype, tmp_path, monkeypatch, measured):
    def keep(x):
        np.save(tmp_path / "x.npy", x.astype(dtype))
        return np.load(tmp_path / "x.npy", mmap_mode="r")

    problem = problem_of(case, keep)
    check(sampler_by("compiled", problem, monkeypatch).sample(SAMPLES, 5), case, measured, f"compiled, mapped {dtype}")


@pytest.mark.parametrize("case", [*KEPT, Case(2, 6, "twelve orders", 1), Case(13, 1, "repeated", 2)], ids=str)
def test_points_in_chunks_of_seven_follow_the_optimized_distribution(case, measured):
    x, y = points_of(case)
    problem = RidgeletProblem.from_chunks(x, y, case.prime, case.regularization, case.activation, chunk=7)
    check(DequantizedSampler(problem, 1).sample(CHUNKED, 8), case, measured, "chunks of 7")


@pytest.mark.parametrize("batch", [777, 1025, 50_001])
@pytest.mark.parametrize(
    "case", [Case(2, 5, "repeated"), Case(3, 3, "repeated", 2), Case(5, 2, "repeated", 2)], ids=str
)
def test_streams_by_threads_follow_the_optimized_distribution(case, batch, measured):
    sampler = DequantizedSampler(problem_of(case), threads=3)
    nodes = Nodes.concatenate(sampler.stream(SAMPLES, batch, 6))
    check(nodes, case, measured, f"3 threads in batches of {batch}")


@pytest.mark.parametrize("prime", [2, 3, 5])
def test_samples_of_one_node_each_follow_the_optimized_distribution(prime, measured):
    """One node of each of many seeds: whatever depends on the place in a block would show."""
    case = Case(prime, 2, "repeated")
    sampler, rng = DequantizedSampler(problem_of(case), 1), np.random.default_rng(0)
    nodes = Nodes.concatenate(sampler.sample(1, rng) for _ in range(1000))
    check(nodes, case, measured, "samples of one node")


def affine(prime, outputs, rng):
    """Three points that are affinely independent: their arguments a.x - b are uniform and independent."""
    x = np.array([[0, 0], [prime // 3, 1], [5, prime // 2 + 1]]) + rng.integers(0, prime, 2)
    return x % prime, rng.normal(size=(3, outputs))


@pytest.mark.parametrize(
    ("prime", "path", "size", "outputs"),
    [
        *((257, "compiled", 50_000, outputs) for outputs in (1, 2)),
        *((1021, "compiled", 2000, outputs) for outputs in (1, 2)),
        *((1031, "numpy", 2000, outputs) for outputs in (1, 2)),
        (65537, "numpy", 100, 1),
    ],
)
def test_large_primes_have_the_right_laws_of_arguments_and_mean_density(prime, path, size, outputs, measured):
    x, y = affine(prime, outputs, np.random.default_rng(prime))
    problem = RidgeletProblem.from_samples(x, y, prime, 0.1)
    nodes = DequantizedSampler(problem, compiled=path == "compiled").sample(size, 7)
    h, r, points = problem.amplitudes, problem.ridgelet, problem.points
    cells = 16 if size > 1000 else 4
    cell = np.arange(prime) * cells // prime
    share = np.bincount(cell) / prime
    first, second = np.bincount(cell, r), np.bincount(cell, r**2)
    arguments = (nodes.a @ points.T - nodes.b[:, None]) % prime
    pvalues = []
    for m, other in ((0, 1), (1, 2), (2, 0)):
        # sum over the third point, and over outputs, of (h_m r(s) + h_o r(t) + h_q r(q))^2 with s, t in their cells
        rest = np.sum(h**2) - np.sum(h[[m, other]] ** 2)
        expected = (
            np.sum(h[m] ** 2) * np.outer(second, share)
            + np.sum(h[other] ** 2) * np.outer(share, second)
            + 2 / prime * np.sum(h[m] * h[other]) * np.outer(first, first)
            + rest * np.outer(share, share)
        )
        np.testing.assert_allclose(expected.sum(), 1, rtol=0, atol=1e-12)
        numbers = cell[arguments[:, m]] * cells + cell[arguments[:, other]]
        pvalues.append(reference.chi_square_pvalue(numbers, expected.ravel()))
    density = problem.density(nodes)
    # E[density] under p* is the second moment of the density of uniform nodes; only pairs of equal points survive.
    gram, fourth = h @ h.T, np.sum(r**4)
    square = np.sum(h**2, axis=1)
    mean = prime * fourth * np.sum(square**2) + sum(
        square[m] * square[n] + 2 * gram[m, n] ** 2 for m in range(3) for n in range(3) if m != n
    )
    deviation = (density.mean() - mean) / (density.std() / np.sqrt(size))
    biases = stats.kstest((nodes.b + np.random.default_rng(0).random(size)) / prime, "uniform").pvalue
    measured(
        f"dequantized by {path}, P={prime} C={outputs}, {size} nodes: pairs of arguments {written_list(pvalues)}, "
        f"mean density {deviation:.2f} standard errors from {mean:.3f}, b uniform {biases:.3g}"
    )
    assert min([*pvalues, biases]) > SMALLEST
    assert abs(deviation) < 4


def written_list(pvalues):
    return written({f"({m}, {n})": value for (m, n), value in zip(((0, 1), (1, 2), (2, 0)), pvalues, strict=True)})
