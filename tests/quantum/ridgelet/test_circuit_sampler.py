"""The circuit sampler: what it returns, how it handles seeds, and what it refuses before anything is built."""

import time

import numpy as np
import pytest
from scipy import stats

from problems.errors import InputError
from problems.ridgelet import Nodes, NodeSampler, RidgeletProblem
from quantum.backends import BACKENDS
from quantum.ridgelet import CircuitSampler
from quantum.ridgelet import sampler as sampler_module
from tests import reference

BOTH = sorted(BACKENDS)


def small_problem(prime=3, dimension=2, n=8, outputs=1):
    x, y = reference.random_samples(np.random.default_rng(0), prime, dimension, n, outputs)
    return RidgeletProblem.from_samples(x, y, prime)


def many_features(prime, points, dimension=64):
    rng = np.random.default_rng(0)
    return RidgeletProblem.from_samples(rng.integers(0, prime, (points, dimension)), rng.normal(size=points), prime)


def same(one, other):
    return np.array_equal(one.a, other.a) and np.array_equal(one.b, other.b)


@pytest.mark.parametrize("backend", BOTH)
@pytest.mark.parametrize("loader", ["ideal", "sparse"])
@pytest.mark.parametrize(("prime", "dimension", "outputs"), [(2, 3, 1), (3, 2, 2), (5, 1, 3), (13, 1, 1)])
def test_samples_are_nodes_of_the_problem(prime, dimension, outputs, loader, backend):
    problem = small_problem(prime, dimension, outputs=outputs)
    nodes = CircuitSampler(problem, backend, loader=loader).sample(200, seed=0)
    assert isinstance(nodes, Nodes)
    assert nodes.a.shape == (200, dimension)
    assert nodes.b.shape == (200,)
    assert nodes.a.dtype == nodes.b.dtype == np.int64
    assert nodes.a.flags.c_contiguous
    assert nodes.b.flags.c_contiguous
    digits = np.column_stack([nodes.a, nodes.b])
    assert digits.min() >= 0
    assert digits.max() < prime
    assert np.all(problem.density(nodes) > 0)


def test_it_is_a_sampler_like_the_others():
    problem = small_problem()
    sampler = CircuitSampler(problem)
    assert isinstance(sampler, NodeSampler)
    assert sampler.problem is problem
    assert sampler.circuit.num_clbits == 6


@pytest.mark.parametrize("n", [1, 2, np.int64(3), 4.0])
def test_any_whole_number_of_nodes_is_drawn(n):
    assert len(CircuitSampler(small_problem()).sample(n, seed=0)) == n


@pytest.mark.parametrize("backend", BOTH)
@pytest.mark.parametrize("seed", [0, 7, [1, 2], np.random.SeedSequence(5), 2**70])
def test_the_same_seed_gives_the_same_nodes(seed, backend):
    sampler = CircuitSampler(small_problem(), backend)
    nodes = sampler.sample(100, seed)
    assert same(sampler.sample(100, seed), nodes)
    assert same(CircuitSampler(small_problem(), backend).sample(100, seed), nodes)


@pytest.mark.parametrize("backend", BOTH)
def test_two_seeds_give_different_nodes(backend):
    sampler = CircuitSampler(small_problem(), backend)
    drawn = [sampler.sample(100, seed) for seed in (0, 1, 2, None, None)]
    assert not any(same(drawn[i], drawn[j]) for i in range(5) for j in range(i))


@pytest.mark.parametrize("backend", BOTH)
def test_a_generator_advances(backend):
    sampler = CircuitSampler(small_problem(), backend)
    rng = np.random.default_rng(0)
    first, second = sampler.sample(100, rng), sampler.sample(100, rng)
    assert not same(first, second)
    assert same(sampler.sample(100, np.random.default_rng(0)), first)


@pytest.mark.parametrize("backend", BOTH)
def test_the_order_of_the_shots_carries_nothing(backend):
    """Against sorted counts: the two halves are alike, and so are a shot and the one before it."""
    problem = small_problem(2, 2)
    numbers = reference.node_numbers(CircuitSampler(problem, backend).sample(6000, seed=0), 2)
    halves = np.array([np.bincount(half, minlength=8) for half in np.split(numbers, 2)])
    seen = halves.sum(axis=0) >= 10
    assert stats.chi2_contingency(halves[:, seen]).pvalue > 1e-3
    pairs = np.zeros((8, 8))
    np.add.at(pairs, (numbers[::2], numbers[1::2]), 1)
    assert stats.chi2_contingency(pairs[np.ix_(seen, seen)]).pvalue > 1e-3
    ordered = np.array([np.bincount(half, minlength=8) for half in np.split(np.sort(numbers), 2)])
    assert stats.chi2_contingency(ordered[:, seen]).pvalue < 1e-9


class KnownShots:
    """A backend whose program returns bits that the test chose."""

    name = "known"

    def __init__(self, digits, width):
        self.bits = (np.asarray(digits)[:, :, None] >> np.arange(width) & 1).reshape(len(digits), -1).astype(bool)
        self.checked, self.shots, self.seeds = [], [], []

    def check(self, qubits, rank):
        self.checked.append((qubits, rank))

    def prepare(self, circuit, rank):
        self.check(circuit.num_qubits, rank)
        return self

    def run(self, shots, seed):
        self.shots.append(shots)
        self.seeds.append(seed)
        return self.bits


def test_a_new_backend_is_one_entry_and_its_shots_are_decoded_in_order(monkeypatch):
    digits = np.array([[4, 0, 3], [1, 2, 0], [0, 4, 4]])
    backend = KnownShots(digits, 3)
    monkeypatch.setitem(BACKENDS, "known", backend)
    sampler = CircuitSampler(small_problem(5, 2, 10, 3), "known")
    nodes = sampler.sample(3, seed=0)
    np.testing.assert_array_equal(nodes.a, digits[:, :2])
    np.testing.assert_array_equal(nodes.b, digits[:, 2])
    assert {qubits for qubits, _ in backend.checked} == {sampler.circuit.num_qubits} == {3 * 3 + 2}
    assert backend.shots == [3]
    rng = np.random.default_rng(0)
    for _ in range(20):
        sampler.sample(3, rng)
    assert len(set(backend.seeds[1:])) == 20
    assert all(0 <= seed < 2**31 for seed in backend.seeds)


def test_shots_that_are_no_nodes_are_an_error(monkeypatch):
    monkeypatch.setitem(BACKENDS, "known", KnownShots([[0, 1, 2], [3, 0, 0], [0, 0, 3]], 2))
    with pytest.raises(RuntimeError, match="2 of 3 shots are no nodes"):
        CircuitSampler(small_problem(), "known").sample(3, seed=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"backend": "aer-mps"}, "no backend 'aer-mps'. Did you mean 'aer_mps'"),
        ({"backend": "statevector"}, "no backend 'statevector'. Did you mean 'aer_statevector'"),
        ({"backend": "ibm"}, "no backend 'ibm'. .*There are: .*aer_mps, aer_statevector"),
        ({"backend": None}, "no backend None. .*There are: .*aer_mps, aer_statevector"),
        ({"encoding": "binray"}, "no encoding 'binray'. Did you mean 'binary'"),
        ({"loader": "spare"}, "no loader 'spare'. Did you mean 'sparse'"),
        ({"loader": "ideall"}, "no loader 'ideall'. Did you mean 'ideal'"),
    ],
)
def test_an_unknown_name_is_refused_and_the_nearest_is_named(arguments, message):
    with pytest.raises(InputError, match=message):
        CircuitSampler(small_problem(), **arguments)


@pytest.mark.parametrize("prime", [37, 257])
def test_a_prime_above_31_is_refused_with_a_remedy(prime):
    problem = RidgeletProblem.from_samples([[0], [1]], [1, -1], prime)
    with pytest.raises(InputError, match=f"prime = {prime} is above 31.*use a smaller prime, or the dequantized"):
        CircuitSampler(problem)


@pytest.mark.parametrize("value", [None, "digits", ([[0], [1]], [1, -1])])
def test_what_is_no_problem_is_refused_with_the_way_to_make_one(value):
    with pytest.raises(InputError, match=f"not {type(value).__name__}; make one with RidgeletProblem.from_samples"):
        CircuitSampler(value)


@pytest.mark.parametrize(
    ("n", "message"),
    [
        (0, "n = 0 is too small; give at least 1"),
        (-3, "n = -3 is too small; give at least 1"),
        (2.5, "n = 2.5 is no whole number; give one of at least 1"),
        ("ten", "n = 'ten' is no whole number"),
        (None, "n = None is no whole number"),
        (True, "n = True is no whole number"),
    ],
)
def test_a_bad_number_of_nodes_is_refused(n, message):
    with pytest.raises(InputError, match=message):
        CircuitSampler(small_problem()).sample(n, seed=0)


@pytest.mark.parametrize("seed", [-1, 1.5, "abc", [1, -2]])
def test_a_bad_seed_is_refused(seed):
    with pytest.raises(InputError, match=r"seed = .* cannot seed .*give a whole number >= 0, or None"):
        CircuitSampler(small_problem()).sample(3, seed)


@pytest.fixture
def nothing_is_built(monkeypatch):
    def build(*_arguments, **_more):
        raise AssertionError("a circuit was built")

    monkeypatch.setattr(sampler_module, "ridgelet_circuit", build)


@pytest.mark.usefixtures("nothing_is_built")
@pytest.mark.parametrize(
    ("prime", "points", "backend", "message"),
    [
        # 65 digits of 5 qubits: 24 2^325 bytes.
        (17, 100, "aer_statevector", r"325 qubits needs 10\^99 bytes, but .* available; use backend='aer_mps'"),
        (3, 16, "aer_statevector", r"130 qubits needs 10\^40 bytes, but .* available; use backend='aer_mps'"),
        (31, 1000, "aer_mps", "325 qubits with bond dimension 120000 needs .* TiB, but .*fewer data points or fewer"),
    ],
)
@pytest.mark.parametrize("refuse", [CircuitSampler, CircuitSampler.check])
def test_a_simulation_that_would_not_fit_is_refused_at_once(refuse, prime, points, backend, message):
    problem = many_features(prime, points)
    assert problem.amplitudes.shape == (points, 1)
    start = time.perf_counter()
    with pytest.raises(InputError, match=message):
        refuse(problem, backend)
    assert time.perf_counter() - start < 0.5


@pytest.mark.usefixtures("nothing_is_built")
@pytest.mark.parametrize("backend", BOTH)
def test_the_check_lets_pass_what_fits(backend):
    CircuitSampler.check(small_problem(), backend)
