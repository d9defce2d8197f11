import tracemalloc

import numpy as np
import pytest
from scipy import sparse

from problems.errors import InputError
from problems.finite_field import residue_type
from problems.quantizers import LevelQuantizer
from problems.ridgelet import Nodes, RidgeletProblem, SparseNetwork, layer, network
from problems.ridgelet.points import Points
from problems.ridgelet.products.features import compiled_block
from problems.rows import as_rows

N, D = 7, 12


def case(prime, n=90, outputs=1):
    rng = np.random.default_rng(prime)
    x, y = rng.integers(0, prime, (n, D)), rng.normal(size=(n, outputs))
    nodes = Nodes(rng.integers(0, prime, (N, D)), rng.integers(0, prime, N))
    return x, y, nodes, RidgeletProblem.from_samples(x, y, prime)


@pytest.mark.parametrize("prime", [3, 5, 17, 257, 1021])
@pytest.mark.parametrize("sparse_points", [False, True])
def test_compiled_features_are_the_numbers_of_numpy(prime, sparse_points):
    x, _, nodes, problem = case(prime)
    if prime < layer.LEAST_PRIME and not sparse_points:
        pytest.skip("dense points of small primes are NumPy's")
    points = sparse.csr_array(x.astype(residue_type(prime))) if sparse_points else x.astype(np.uint16)
    data = Points(points, np.arange(len(x))[::-1])
    compiled = compiled_block(problem.ridgelet, nodes.a, nodes.b, data)
    plain = layer.hidden_block(problem.ridgelet, nodes, data)  # too little to be compiled
    for rows in (slice(0, 90), slice(13, 14), slice(64, 90)):
        np.testing.assert_array_equal(compiled(rows), plain(rows))
    assert plain(slice(0, 90)).shape == (N, 90)


@pytest.mark.parametrize("prime", [3, 17])
def test_much_work_is_compiled_and_the_layer_does_not_show_it(prime, monkeypatch):
    x, _, nodes, problem = case(prime)
    expected = network.hidden_layer(problem, nodes, x)
    for module in (layer, network):
        monkeypatch.setattr(module, "WORTHWHILE", 0)
    np.testing.assert_array_equal(network.hidden_layer(problem, nodes, x), expected)
    assert expected.flags.c_contiguous


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("ridge", [1e-4, 1e-10, 0])
def test_a_fit_by_blocks_is_the_fit_at_once(outputs, ridge, monkeypatch):
    x, y, nodes, problem = case(5, outputs=outputs)
    nodes = Nodes.concatenate([nodes, nodes[:2]])  # equal nodes: the weights of least norm
    at_once = SparseNetwork.fit(problem, nodes, x, y, ridge)
    monkeypatch.setattr(network, "AT_ONCE", 0)
    monkeypatch.setattr(layer, "BLOCK", 7)
    by_blocks = SparseNetwork.fit(problem, nodes, x, y, ridge)
    np.testing.assert_allclose(by_blocks.weights, at_once.weights, rtol=0, atol=1e-9 if ridge != 1e-10 else 1e-5)


@pytest.mark.parametrize("ridge", [1e-4, 0])
@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("chunk", [None, 7])
def test_a_fit_to_the_problem_is_the_fit_to_its_samples(ridge, outputs, chunk, tmp_path, monkeypatch):
    x, y, nodes, problem = case(5, outputs=outputs)
    x, y = np.concatenate([x, x[:30], x[:10]]), np.concatenate([y, 2 * y[:30], -y[:10]])
    x[80:90] = x[0]
    expected = SparseNetwork.fit(problem, nodes, x, y, ridge)
    monkeypatch.setattr(layer, "BLOCK", 16)
    if chunk is None:
        same = RidgeletProblem.from_samples(x, y, 5)
    else:
        np.save(tmp_path / "x.npy", x)
        same = RidgeletProblem.from_chunks(tmp_path / "x.npy", y, 5, chunk=chunk)
    found = SparseNetwork.fit_problem(same, nodes, ridge)
    np.testing.assert_allclose(found.weights.reshape(N, -1), expected.weights, rtol=0, atol=1e-9)


def test_samples_on_disk_are_predicted_chunk_by_chunk(tmp_path, monkeypatch):
    x, y, nodes, problem = case(5)
    fitted = SparseNetwork.fit(problem, nodes, x, y)
    np.save(tmp_path / "x.npy", x)
    monkeypatch.setattr("problems.ridgelet.chunks.samples.CHUNK", 7)
    for source in (tmp_path / "x.npy", str(tmp_path / "x.npy"), as_rows("x", x), [tmp_path / "x.npy"]):
        np.testing.assert_allclose(fitted.predict(source), fitted.predict(x), rtol=0, atol=1e-12)
        assert fitted.risk(source, y) == pytest.approx(fitted.risk(x, y), abs=1e-12)
    halves = LevelQuantizer(5, 0, 2.5).fit(x / 2)
    assert fitted.risk(x / 2, y, quantizer=halves) == pytest.approx(fitted.risk(x, y), abs=1e-12)
    with pytest.raises(InputError, match=r"has shape \(90, 11\), but shape \(n, 12\) is needed"):
        fitted.predict(as_rows("x", x[:, 1:]))
    with pytest.raises(InputError, match=r"x\[8, 3\] = 5"):
        fitted.predict(as_rows("x", np.where(np.arange(90 * D).reshape(90, D) == 8 * D + 3, 5, x)))


@pytest.mark.parametrize("outputs", [1, 3])
def test_lines_over_chunks_are_compiled_too(outputs, tmp_path, monkeypatch):
    x, y, nodes, problem = case(17, outputs=outputs)
    chunked = RidgeletProblem.from_chunks(x, y, 17, chunk=40)
    plain = chunked.line_density(nodes.a)
    monkeypatch.setattr("problems.ridgelet.transform.chunked.WORTHWHILE", 0)
    np.testing.assert_allclose(chunked.line_density(nodes.a), plain, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(plain, problem.line_density(nodes.a), rtol=1e-10, atol=1e-12)


def test_no_sum_depends_on_the_threads(monkeypatch):
    x, y, nodes, problem = case(17, 500)
    block = layer.hidden_block(problem.ridgelet, nodes, Points(x.astype(np.uint8), np.arange(500)))
    monkeypatch.setattr(layer, "BLOCK", 64)
    found = []
    for threads in (1, 3):
        monkeypatch.setattr(layer, "available_threads", lambda threads=threads: threads)
        found.append(layer.normal_equations([layer.Part(block, y)], N, 1))
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)
    features = block(slice(None)).T
    np.testing.assert_allclose(found[0][0], features.T @ features, rtol=0, atol=1e-12)


def test_a_large_fit_holds_no_array_of_all_features(monkeypatch):
    x, y, nodes, problem = case(5, 20_000)
    monkeypatch.setattr(network, "AT_ONCE", 2**17)
    monkeypatch.setattr(layer, "BLOCK", 512)
    SparseNetwork.fit(problem, nodes, x, y)
    tracemalloc.start()
    SparseNetwork.fit(problem, Nodes.concatenate([nodes] * 40), x, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000 * 40 * N * 8 / 2
