"""The circuit sampler: what it returns, how it handles seeds, and what it refuses before anything is built."""

import itertools
import re
import time

import numpy as np
import pytest
from scipy import stats

from problems.errors import InputError
from problems.ridgelet import Nodes, NodeSampler, RidgeletProblem
from quantum.backends import BACKENDS
from quantum.blocks import FilteredLoader, SparseLoader
from quantum.resources import gate_counts
from quantum.ridgelet import CircuitSampler, loaders, ridgelet_circuit, ridgelet_loader
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
    device = False
    max_shots = None
    target = None

    def __init__(self, digits, width):
        self.bits = (np.asarray(digits)[:, :, None] >> np.arange(width) & 1).reshape(len(digits), -1).astype(bool)
        self.checked, self.shots, self.seeds = [], [], []

    def check(self, qubits, rank, limit=None):
        self.checked.append((qubits, rank, limit))

    def prepare(self, circuit, rank, limit=None):
        self.check(circuit.num_qubits, rank, limit)
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
    assert len(set(backend.checked)) == 1
    assert {qubits for qubits, _, _ in backend.checked} == {sampler.circuit.num_qubits} == {3 * 3 + 2}
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
        ({"loader": "filter"}, "no loader 'filter'. Did you mean 'filtered'"),
        ({"encoding": "radar"}, "no encoding 'radar'. Did you mean 'rader'"),
    ],
)
def test_an_unknown_name_is_refused_and_the_nearest_is_named(arguments, message):
    with pytest.raises(InputError, match=message):
        CircuitSampler(small_problem(), **arguments)


@pytest.mark.parametrize("prime", [37, 257])
def test_a_prime_above_31_is_refused_with_a_remedy(prime):
    problem = RidgeletProblem.from_samples([[0], [1]], [1, -1], prime)
    with pytest.raises(InputError, match=f"prime = {prime} is above 31.*use a smaller prime, .*the dequantized"):
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
        (3, 16, "aer_statevector", r"130 qubits needs 10\^41 bytes, but .* available; use backend='aer_mps'"),
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
@pytest.mark.parametrize("refuse", [CircuitSampler, CircuitSampler.check])
@pytest.mark.parametrize(("prime", "qubits"), [(3, 130), (5, 195), (17, 325), (257, 585)])
def test_a_state_vector_in_the_rader_encoding_is_refused_at_once(refuse, prime, qubits):
    with pytest.raises(InputError, match=rf"state vector of {qubits} qubits needs 10\^.*use backend='aer_mps'"):
        refuse(many_features(prime, 10), encoding="rader")


@pytest.fixture
def no_loader_is_built(monkeypatch):
    def define(_self):
        raise AssertionError("a loader was built")

    for loader in (SparseLoader, FilteredLoader):
        monkeypatch.setattr(loader, "_define", define)


def uneven_problem(points, dimension=64):
    """Half of the points occur twice, so that the filter is not trivial."""
    rng = np.random.default_rng(points)
    x = rng.integers(0, 3, (points, dimension))
    x = np.vstack([x, x[::2]])
    return RidgeletProblem.from_samples(x, rng.normal(size=len(x)), 3)


@pytest.mark.usefixtures("no_loader_is_built")
@pytest.mark.parametrize("encoding", ["binary", "rader"])
@pytest.mark.parametrize(
    ("loader", "points", "dimension", "message"),
    [
        ("sparse", 2_000, 400, r"would take about [\d,]+ two-qubit gates for 2000 amplitudes, .*1,000,000.*fewer"),
        ("filtered", 2_000, 128, r"would take about [\d,]+ two-qubit gates for 2000 amplitudes, .*1,000,000.*fewer"),
        ("sparse", 5_000, 8, r"has \d,\d+ amplitudes to load, .*above 2,048 .*fewer"),
        ("filtered", 5_000, 8, r"has \d,\d+ amplitudes to load, .*above 2,048 .*fewer"),
    ],
)
def test_a_loader_that_is_too_large_is_refused_at_once(loader, points, dimension, message, encoding):
    problem = uneven_problem(points, dimension) if dimension > 8 else uneven_problem(3 * points, dimension)
    for refuse in (CircuitSampler, CircuitSampler.check):
        start = time.perf_counter()
        with pytest.raises(InputError, match=f"loader='{loader}' {message}"):
            refuse(problem, "aer_mps", encoding, loader)
        assert time.perf_counter() - start < 2
    for build in (ridgelet_loader, ridgelet_circuit):
        with pytest.raises(InputError, match=f"loader='{loader}' {message}"):
            build(problem, encoding, loader)


@pytest.mark.parametrize("loader", ["sparse", "filtered"])
def test_the_limit_of_gates_is_where_it_is_said_to_be(monkeypatch, loader):
    """The predicted figure itself is accepted, one gate less is not; the gates built are not more."""
    problem = uneven_problem(6, 3)
    monkeypatch.setattr(loaders, "MAX_GATES", 0)
    with pytest.raises(InputError) as refusal:
        ridgelet_loader(problem, "rader", loader)
    monkeypatch.setattr(loaders, "MAX_GATES", 10**9)
    built = gate_counts(ridgelet_loader(problem, "rader", loader)).two_qubit
    while True:  # the filtered loader's first figure is of its sizes alone
        predicted = int(re.search(r"about ([\d,]+) two", str(refusal.value)).group(1).replace(",", ""))
        monkeypatch.setattr(loaders, "MAX_GATES", predicted - 1)
        with pytest.raises(InputError, match=f"about {predicted:,} "):
            ridgelet_loader(problem, "rader", loader)
        monkeypatch.setattr(loaders, "MAX_GATES", predicted)
        try:
            ridgelet_loader(problem, "rader", loader)
        except InputError as larger:
            refusal.value.args = larger.args
        else:
            break
    zeros = np.count_nonzero(np.any(problem.points == 0, axis=0) & np.any(problem.points != 0, axis=0))
    assert built <= predicted + zeros  # a controlled Hadamard for each digit that is sometimes 0


@pytest.mark.parametrize(
    ("prime", "dimension", "points", "encoding", "loader", "needed"),
    [
        (3, 10, 2, "binary", "ideal", 2 * 2 * 2),
        (3, 10, 2, "rader", "sparse", 2 * 2 * 2),
        (3, 10, 2, "rader", "filtered", 10 * 2 * 2),
        (5, 6, 1, "rader", "ideal", 4 * 2),
        (17, 2, 1, "rader", "ideal", 16 * 4),
        (7, 5, 2, "binary", "sparse", 2 * 6 * 2),
        (3, 3, 20, "rader", "ideal", 2**4),  # what 8 qubits can hold at most
    ],
)
def test_a_bond_dimension_that_truncates_is_refused_and_the_needed_one_taken(
    prime, dimension, points, encoding, loader, needed
):
    problem = many_features(prime, points, dimension)
    assert np.count_nonzero(problem.amplitudes) >= min(points, 10)
    arguments = {"problem": problem, "backend": "aer_mps", "encoding": encoding, "loader": loader}
    for refuse in (CircuitSampler, CircuitSampler.check):
        for limit in (1, needed - 1):
            with pytest.raises(
                InputError, match=rf"bond_dimension = {limit} would truncate.* may need up to {needed}\."
            ):
                refuse(**arguments, bond_dimension=limit)
    CircuitSampler.check(**arguments, bond_dimension=10**6)
    one, other = (CircuitSampler(**arguments, bond_dimension=limit) for limit in (needed, None))
    assert same(one.sample(20, seed=0), other.sample(20, seed=0))


@pytest.mark.parametrize("limit", [0, -1, 2.5, "many", True, float("nan")])
def test_a_bond_dimension_that_is_none_is_refused(limit):
    with pytest.raises(InputError, match=r"bond_dimension = .*at least 1"):
        CircuitSampler(small_problem(), "aer_mps", bond_dimension=limit)


@pytest.mark.parametrize("refuse", [CircuitSampler, CircuitSampler.check])
def test_a_state_vector_has_no_bond_dimension(refuse):
    with pytest.raises(InputError, match=r"bond_dimension = 64 says nothing to aer_statevector.*backend='aer_mps'"):
        refuse(small_problem(), bond_dimension=64)


@pytest.mark.parametrize("backend", BOTH)
def test_the_binary_encoding_is_not_dynamic(backend):
    with pytest.raises(InputError, match=r"dynamic=True .*'binary'.*encoding='rader', for the primes 3, 5, 17 and 257"):
        CircuitSampler(small_problem(), backend, dynamic=True)
    with pytest.raises(InputError, match="encoding='rader'"):
        ridgelet_circuit(small_problem(), dynamic=True)


SMALLEST = [
    ((3, 2, 2), loader, dynamic, backend)
    for loader, dynamic, backend in itertools.product(["ideal", "sparse", "filtered"], [False, True], BOTH)
]
LARGER = [  # each prime with each of the other values
    ((5, 1, 3), "ideal", False, "aer_mps"),
    ((5, 1, 3), "sparse", True, "aer_statevector"),
    ((5, 1, 3), "filtered", True, "aer_mps"),
    ((17, 1, 1), "ideal", True, "aer_mps"),
    ((17, 1, 1), "sparse", False, "aer_statevector"),
    ((17, 1, 1), "filtered", False, "aer_mps"),
]


@pytest.mark.parametrize(("sizes", "loader", "dynamic", "backend"), [*SMALLEST, *LARGER])
def test_samples_of_the_rader_encoding_are_nodes(sizes, loader, dynamic, backend):
    prime, dimension, outputs = sizes
    problem = small_problem(prime, dimension, 5, outputs)
    sampler = CircuitSampler(problem, backend, "rader", loader, dynamic)
    nodes = sampler.sample(40, seed=0)
    digits = np.column_stack([nodes.a, nodes.b])
    assert digits.shape == (40, dimension + 1)
    assert digits.min() >= 0
    assert digits.max() < prime
    assert np.all(problem.density(nodes) > 0)
    assert same(sampler.sample(40, seed=0), nodes)


@pytest.mark.usefixtures("nothing_is_built")
@pytest.mark.parametrize("backend", BOTH)
def test_the_check_lets_pass_what_fits(backend):
    CircuitSampler.check(small_problem(), backend)
