"""Aer's simulators behind one adapter: the order of bits, states that are set, seeds, and refusals before building."""

import types

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector
from qiskit_aer import AerSimulator

from problems import memory
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from quantum.backends import BACKENDS
from quantum.backends.aer import AerProgram, bond_dimension, matrix_product_bytes
from quantum.backends.matrix_product import BATCH
from quantum.blocks import IdealLoader
from quantum.ridgelet import ENCODINGS, ridgelet_circuit
from quantum.ridgelet.sampler import schmidt_rank
from tests import reference
from tests.quantum.backends.states import final_state
from tests.quantum.blocks.test_sparse_state import random_state, sparse_state

BOTH = sorted(BACKENDS)
TOLERANCE = {"aer_statevector": 1e-12, "aer_mps": 1e-9}


def flipping_circuit(bits):
    """A circuit whose every shot reads the given bits."""
    circuit = QuantumCircuit(len(bits), len(bits))
    for qubit in np.flatnonzero(bits):
        circuit.x(int(qubit))
    circuit.measure(range(len(bits)), range(len(bits)))
    return circuit


@pytest.mark.parametrize("name", BOTH)
def test_a_backend_knows_its_name(name):
    assert BACKENDS[name].name == name


@pytest.mark.parametrize(("given", "threads"), [("1", 1), ("2", 2), ("", 0)])
@pytest.mark.parametrize("name", BOTH)
def test_a_simulator_takes_as_many_threads_as_the_environment_says_now(monkeypatch, name, given, threads):
    """Aer reads it when it is loaded, and studies say how many later; 0 are all there are."""
    monkeypatch.setenv("OMP_NUM_THREADS", given)
    simulator, _ = BACKENDS[name].fit(flipping_circuit([1, 0]), 1)
    assert (simulator.options.get("max_parallel_threads") or 0) == threads


@pytest.mark.parametrize(
    ("name", "width"),
    [*((name, width) for name in BOTH for width in (1, 7, 8, 9, 20)), ("aer_mps", 64), ("aer_mps", 90)],
)
def test_bit_0_is_read_first(name, width):
    bits = np.random.default_rng(width).random(width) < 0.5
    bits[0] = True
    read = BACKENDS[name].prepare(flipping_circuit(bits), 1).run(3, seed=0)
    assert read.shape == (3, width)
    assert read.dtype == bool
    np.testing.assert_array_equal(read, np.tile(bits, (3, 1)))


@pytest.mark.parametrize("name", BOTH)
def test_classical_bits_count_and_not_qubits(name):
    circuit = QuantumCircuit(4, 2)
    circuit.x([0, 2])
    circuit.measure([2, 1], [0, 1])
    read = BACKENDS[name].prepare(circuit, 1).run(5, seed=0)
    np.testing.assert_array_equal(read, [[True, False]] * 5)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", BOTH)
def test_an_ideal_loader_sets_its_state_on_the_first_qubits(name, seed):
    state = random_state(np.random.default_rng(seed), 5, 7)
    circuit = QuantumCircuit(7)
    circuit.append(IdealLoader(state), range(5))
    circuit.h(6)
    prepared = final_state(circuit, name, 16)
    expected = np.kron(np.array([1, 0, 1, 0]) / 2**0.5, state.vector())
    np.testing.assert_allclose(prepared, expected, rtol=0, atol=TOLERANCE[name])


@pytest.mark.parametrize("width", [70, 130])
def test_a_wide_cat_state_is_set_and_measured(width):
    """Past 63 qubits, where Aer's own target stops."""
    cat = np.array([[False] * width, [True] * width])
    circuit = QuantumCircuit(width, width)
    circuit.append(IdealLoader(sparse_state([0, 2**width - 1], [0.6, -0.8], width)), range(width))
    circuit.measure(range(width), range(width))
    read = BACKENDS["aer_mps"].prepare(circuit, 2).run(400, seed=0)
    ones = read[:, 0]
    np.testing.assert_array_equal(read, cat[ones.astype(int)])
    assert abs(np.mean(ones) - 0.64) < 5 * 0.48 / 20


@pytest.mark.parametrize("name", BOTH)
def test_one_seed_gives_the_same_shots_and_another_gives_others(name):
    circuit = QuantumCircuit(6, 6)
    circuit.h(range(6))
    circuit.measure(range(6), range(6))
    program = BACKENDS[name].prepare(circuit, 1)
    shots = program.run(50, seed=1)
    np.testing.assert_array_equal(program.run(50, seed=1), shots)
    np.testing.assert_array_equal(BACKENDS[name].prepare(circuit, 1).run(50, seed=1), shots)
    assert not np.array_equal(program.run(50, seed=0), program.run(50, seed=2))


@pytest.mark.parametrize("name", BOTH)
def test_preparing_leaves_the_circuit_alone(name):
    circuit = flipping_circuit([True, False, True])
    before = circuit.copy()
    BACKENDS[name].prepare(circuit, 1).run(1, seed=0)
    assert circuit == before


def test_a_failed_simulation_is_an_error():
    circuit = QuantumCircuit(1, 1)
    circuit.t(0)
    circuit.measure(0, 0)
    with pytest.raises(RuntimeError, match="Aer could not run the circuit"):
        AerProgram(AerSimulator(method="stabilizer"), circuit).run(1, seed=0)


def cut_ranks(vector, num_qubits):
    matrices = (vector.reshape(-1, 2**cut) for cut in range(1, num_qubits))
    return [np.count_nonzero(np.linalg.svd(matrix, compute_uv=False) > 1e-10) for matrix in matrices]


def problem_of(prime, dimension, points, outputs=1):
    """Points that repeat unequally, so that the filtered loader has something to do."""
    rng = np.random.default_rng([prime, dimension, points])
    x = rng.integers(0, prime, (points, dimension))
    x = np.vstack([x, x[:1], x[:1]])
    return RidgeletProblem.from_samples(x, rng.normal(size=(len(x), outputs)), prime, 0.1)


def ranks_on_the_way(circuit):
    """The largest rank over all cuts, after every gate that the simulator is given."""
    num_qubits = circuit.num_qubits
    state, largest = Statevector.from_int(0, 2**num_qubits), 1
    first = circuit.data[0].operation
    if isinstance(first, IdealLoader):
        state = Statevector(first.state.extended(num_qubits).vector())
    # Without a setter of Aer's, which Qiskit cannot evolve by.
    rest = circuit.copy_empty_like()
    for step in circuit.data[isinstance(first, IdealLoader) :]:
        rest.append(step)
    _, lowered = BACKENDS["aer_mps"].fit(rest, 2**num_qubits)
    for step in lowered.data:
        state = state.evolve(step.operation, [lowered.find_bit(qubit).index for qubit in step.qubits])
        if len(step.qubits) > 1:
            largest = max(largest, *cut_ranks(state.data, num_qubits))
    return largest


@pytest.mark.parametrize(
    ("encoding", "loader", "prime", "dimension", "points", "outputs"),
    [
        *((encoding, loader, *sizes) for encoding in ("binary", "rader") for loader in ("ideal", "sparse") for sizes in
          [(3, 4, 1, 1), (3, 4, 3, 1), (3, 3, 2, 2), (5, 2, 1, 1)]),
        *(("binary", loader, *sizes) for loader in ("ideal", "sparse") for sizes in
          [(2, 8, 3, 1), (2, 5, 2, 3), (7, 2, 2, 1), (13, 1, 1, 1)]),
        ("binary", "filtered", 2, 8, 2, 1),
        ("binary", "filtered", 2, 6, 1, 2),
        ("rader", "filtered", 3, 3, 2, 1),
    ],
)  # fmt: skip
def test_the_declared_schmidt_rank_holds_after_every_gate(encoding, loader, prime, dimension, points, outputs):
    """A smaller bond dimension would truncate the state without a word."""
    problem = problem_of(prime, dimension, points, outputs)
    circuit = ridgelet_circuit(problem, encoding, loader).remove_final_measurements(inplace=False)
    declared = schmidt_rank(problem, ENCODINGS[encoding](prime), loader)
    assert ranks_on_the_way(circuit) <= bond_dimension(circuit.num_qubits, declared)


# Wide for their points, so that the declared rank is far below what the middle cut can hold.
WIDE = [
    *(("binary", loader, *sizes) for loader in ("ideal", "sparse") for sizes in
      [(2, 14, 3, 1), (3, 7, 2, 1), (3, 6, 1, 2), (5, 5, 1, 1), (17, 2, 1, 1)]),
    *(("rader", loader, *sizes) for loader in ("ideal", "sparse") for sizes in
      [(3, 7, 2, 1), (3, 6, 1, 2), (3, 8, 4, 1), (5, 5, 1, 1), (17, 2, 1, 1)]),
    ("binary", "filtered", 2, 12, 2, 1),
    ("rader", "filtered", 3, 7, 2, 1),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "loader", "prime", "dimension", "points", "outputs"), WIDE)
def test_the_matrix_product_state_is_exact_at_the_declared_rank(encoding, loader, prime, dimension, points, outputs):
    """Aer reorders qubits as it goes and cuts between them, wherever they stand then."""
    problem = problem_of(prime, dimension, points, outputs)
    circuit = ridgelet_circuit(problem, encoding, loader).remove_final_measurements(inplace=False)
    declared = schmidt_rank(problem, ENCODINGS[encoding](prime), loader)
    states = [final_state(circuit, name, declared) for name in ("aer_statevector", "aer_mps")]
    assert abs(abs(np.vdot(*states)) - 1) < 1e-8


@pytest.mark.parametrize("dynamic", [False, True])
@pytest.mark.parametrize(("prime", "dimension", "points"), [(3, 7, 2), (5, 4, 1)])
def test_the_bond_dimension_makes_no_difference_to_the_shots(prime, dimension, points, dynamic):
    """The declared one, and one that holds everything: the same seed, the same shots."""
    problem = problem_of(prime, dimension, points)
    circuit = ridgelet_circuit(problem, "rader", dynamic=dynamic)
    declared = schmidt_rank(problem, ENCODINGS["rader"](prime), "ideal")
    middle = 2 ** (circuit.num_qubits // 2)
    assert declared < middle
    one, other = (BACKENDS["aer_mps"].prepare(circuit, rank).run(40, seed=1) for rank in (declared, middle))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("qubits", "rank", "bond"), [(1, 5, 1), (2, 5, 2), (5, 100, 4), (10, 7, 7), (300, 64, 64)])
def test_the_bond_dimension_is_the_rank_or_what_the_middle_cut_holds(qubits, rank, bond):
    assert bond_dimension(qubits, rank) == bond


@pytest.mark.parametrize(("num_qubits", "terms"), [(1, 1), (6, 5), (8, 200), (10, 16), (60, 12)])
def test_the_predicted_bytes_hold_four_matrix_products_and_a_batch_of_samples(num_qubits, terms):
    gammas, bonds = random_state(np.random.default_rng(0), num_qubits, terms).matrix_product()
    product = sum(matrix.nbytes for pair in gammas for matrix in pair)
    batch = 16 * BATCH * max((len(bond) for bond in bonds), default=1)
    predicted = matrix_product_bytes(num_qubits, terms)
    assert 4 * product + 6 * batch <= predicted <= 2 * (4 * product + 6 * batch)


def available(monkeypatch, count):
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: types.SimpleNamespace(available=count))


def test_a_state_vector_is_refused_from_the_first_byte_that_is_missing(monkeypatch):
    available(monkeypatch, 88 * 2**10)
    BACKENDS["aer_statevector"].check(10, 1)
    with pytest.raises(
        InputError, match=r"state vector of 11 qubits needs 176 KiB, but 88 KiB are available; .*aer_mps"
    ):
        BACKENDS["aer_statevector"].check(11, 1)


def test_a_matrix_product_state_is_refused_from_the_first_byte_that_is_missing(monkeypatch):
    available(monkeypatch, matrix_product_bytes(40, 8))
    BACKENDS["aer_mps"].check(40, 8)
    with pytest.raises(InputError, match=r"of 40 qubits with bond dimension 9 needs .*fewer data points"):
        BACKENDS["aer_mps"].check(40, 9)


@pytest.mark.parametrize(("name", "needs"), [("aer_statevector", "1.38 KiB"), ("aer_mps", "384 KiB")])
def test_preparing_checks_the_memory_too(monkeypatch, name, needs):
    available(monkeypatch, 100)
    with pytest.raises(InputError, match=f"needs {needs}, but 100 bytes are available"):
        BACKENDS[name].prepare(flipping_circuit([True] * 4), 1)


def test_two_problems_prepared_side_by_side_do_not_mix():
    """Two programs of one backend, run in turns, each keep their own state."""
    rng = np.random.default_rng(0)
    programs = []
    for _ in range(2):
        x, y = reference.random_samples(rng, 3, 2, 6)
        problem = RidgeletProblem.from_samples(x, y, 3)
        programs.append(BACKENDS["aer_statevector"].prepare(ridgelet_circuit(problem), 100))
    alone = [program.run(20, seed=3) for program in programs]
    for program, shots in zip(programs[::-1], alone[::-1], strict=True):
        np.testing.assert_array_equal(program.run(20, seed=3), shots)
    assert not np.array_equal(*alone)
