"""The filtered loader: the state that ridge regression asks for, exactly, and what it costs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import Gate
from qiskit.circuit.library import UnitaryGate
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from quantum.blocks import SparseState, filtered_loader
from quantum.blocks.amplitude_amplification import amplified_probability, exact_probability
from quantum.blocks.filtered_loader import FilteredLoader, filtered_two_qubit_gates
from quantum.resources import BASIS, gate_counts
from quantum.ridgelet.binary import BinaryEncoding
from quantum.ridgelet.loaders import loaded_state
from tests.quantum.blocks.agreement import assert_close, prepared
from tests.quantum.blocks.test_sparse_state import FEW, random_state, sparse_state

LAMBDAS = (0, 1e-6, 1e-3, 0.1, 1, 10)


def data_state(rng, num_qubits, counts):
    """The unfiltered state p f of random points with mean labels f of both signs."""
    state = random_state(rng, num_qubits, len(counts))
    amplitudes = counts * np.where(state.amplitudes < 0, -1, 1) * rng.uniform(0.2, 1, len(counts))
    return SparseState(state.bits, amplitudes / np.linalg.norm(amplitudes))


def random_loader(seed, terms, num_qubits=5, regularization=1e-3, largest=6):
    rng = np.random.default_rng([seed, terms])
    counts = rng.integers(1, largest + 1, terms)
    return FilteredLoader(data_state(rng, num_qubits, counts), counts, int(np.sum(counts)), regularization)


def ridge_state(state, counts, samples, regularization):
    """h = a/(p + lambda), normalized, straight from the definition."""
    h = [a / (n / samples + regularization) for a, n in zip(state.amplitudes, counts, strict=True)]
    return SparseState(state.bits, np.array(h) / np.linalg.norm(h))


def filtered_state(gate):
    """The state that a gate has to prepare on its qubits."""
    return ridge_state(gate.state, gate.counts, gate.samples, gate.regularization)


def circuit_of(gate):
    circuit = QuantumCircuit(gate.num_qubits)
    circuit.append(gate, circuit.qubits)
    return circuit


def assert_prepares_ridge(gate, state, counts, samples, regularization):
    expected = ridge_state(state, counts, samples, regularization)
    assert_close(prepared(gate.definition), expected.extended(gate.num_qubits).vector(), 1e-10)


@pytest.mark.parametrize("regularization", LAMBDAS)
@pytest.mark.parametrize("terms", range(1, 9))
def test_the_gate_prepares_the_ridge_solution(terms, regularization):
    for seed in range(2):
        gate = random_loader(seed, terms, regularization=regularization)
        assert_prepares_ridge(gate, gate.state, gate.counts, int(np.sum(gate.counts)), regularization)


@given(st.data())
@FEW
def test_the_gate_prepares_the_ridge_solution_of_whatever_data(data):
    num_qubits = data.draw(st.integers(1, 5))
    numbers = data.draw(st.lists(st.integers(0, 2**num_qubits - 1), min_size=1, max_size=8, unique=True))
    counts = np.array([data.draw(st.integers(1, 9)) for _ in numbers])
    labels = [data.draw(st.floats(0.01, 1)) * data.draw(st.sampled_from([-1, 1])) for _ in numbers]
    regularization = data.draw(st.floats(1e-6, 10))
    state = sparse_state(numbers, counts * labels, num_qubits)
    samples = int(np.sum(counts)) + data.draw(st.integers(0, 9))  # points with mean label 0 are not in the state
    gate = FilteredLoader(state, counts, samples, regularization)
    assert_prepares_ridge(gate, state, counts, samples, regularization)


@pytest.mark.parametrize("counts", [[1, 2, 3, 4, 5, 6, 7, 8], [8, 8, 8, 8, 8, 8, 8, 1], [1, 1, 5, 5, 2, 2, 2, 9]])
@pytest.mark.parametrize("regularization", [1e-6, 10])
def test_distinct_and_repeated_counts_are_told_apart(counts, regularization):
    state = data_state(np.random.default_rng(0), 4, np.array(counts))
    gate = FilteredLoader(state, counts, sum(counts), regularization)
    assert gate.count_qubits == (len(set(counts)) - 1).bit_length()
    assert_prepares_ridge(gate, state, counts, sum(counts), regularization)


@pytest.mark.parametrize("num_qubits", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("odd", [0, -1])
def test_a_look_up_may_take_all_qubits_as_controls(num_qubits, odd):
    """The odd one out of all basis states; each number of controls up to five has its own gate or synthesis."""
    counts = np.full(2**num_qubits, 2)
    counts[odd] = 1
    state = data_state(np.random.default_rng(0), num_qubits, counts)
    gate = FilteredLoader(state, counts, 64, 0.01)
    assert [len(qubits) for _, qubits, _ in gate.lookups] == [num_qubits]
    assert_prepares_ridge(gate, state, counts, 64, 0.01)


@pytest.mark.parametrize("regularization", [1e-3, 1])
def test_two_outputs_of_a_problem_are_filtered_to_what_the_other_loaders_load(regularization):
    x = [[0, 1], [0, 1], [0, 1], [2, 2], [1, 0], [1, 0], [2, 0]]
    y = [[1, -1], [2, 0], [1, 1], [0, -3], [-1, 2], [-2, 1], [0, 0]]
    problem = RidgeletProblem.from_samples(x, y, prime=3, regularization=regularization)
    target = loaded_state(problem, BinaryEncoding(3))
    point, output = np.nonzero(problem.amplitudes)
    unfiltered = problem.frequencies[point] * problem.labels[point, output]
    state = SparseState(target.bits, unfiltered / np.linalg.norm(unfiltered))
    counts = np.rint(problem.frequencies * len(x)).astype(int)[point]
    gate = FilteredLoader(state, counts, len(x), regularization)
    assert gate.rounds > 0
    made = prepared(gate.definition)
    np.testing.assert_allclose(made, target.extended(gate.num_qubits).vector(), rtol=0, atol=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_the_inverse_empties_all_registers(seed):
    gate = random_loader(seed, 5)
    prepared = filtered_state(gate).extended(gate.num_qubits).vector()
    emptied = Statevector(prepared).evolve(gate.inverse()).data
    np.testing.assert_allclose(emptied, np.eye(len(prepared))[0], rtol=0, atol=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_the_success_probability_is_what_postselection_would_see(seed):
    gate = random_loader(seed, 6, regularization=0.05)
    p = gate.counts / np.sum(gate.counts)
    kept = gate.state.amplitudes * (np.min(p) + 0.05) / (p + 0.05)
    assert gate.success_probability == pytest.approx(np.sum(kept**2), abs=1e-12)
    # The rounds are the fewest that can end at 1.
    assert exact_probability(gate.rounds) <= gate.success_probability < exact_probability(gate.rounds - 1)
    assert amplified_probability(exact_probability(gate.rounds), gate.rounds) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("counts", [[1], [7], [3, 3, 3], [2] * 8])
@pytest.mark.parametrize("regularization", LAMBDAS)
def test_equal_counts_need_no_filter(counts, regularization):
    state = data_state(np.random.default_rng(0), 4, np.array(counts))
    gate = FilteredLoader(state, counts, 50, regularization)
    assert (gate.rounds, gate.success_probability, gate.lookups) == (0, 1, ())
    assert (gate.count_qubits, gate.ancillas, gate.num_qubits) == (0, 1, 5)
    assert gate.definition.count_ops() == {"sparse_loader": 1}
    expected = state.extended(gate.num_qubits).vector()
    np.testing.assert_allclose(Statevector(gate.definition).data, expected, rtol=0, atol=1e-10)


def test_a_huge_lambda_needs_no_filter_and_keeps_the_registers():
    gates = [random_loader(0, 6, regularization=regularization) for regularization in (0, 1e20, 1e308)]
    assert [gate.rounds == 0 for gate in gates] == [False, True, True]
    assert len({(gate.num_qubits, gate.count_qubits, gate.ancillas) for gate in gates}) == 1
    for gate, expected in zip(gates, (filtered_state(gates[0]), gates[1].state, gates[2].state), strict=True):
        made = prepared(gate.definition)
        np.testing.assert_allclose(made, expected.extended(gate.num_qubits).vector(), rtol=0, atol=1e-10)


@pytest.mark.parametrize("exponent", range(2, 13))
def test_a_nearly_constant_filter_is_as_exact(exponent):
    gate = random_loader(0, 8, regularization=10.0**exponent)
    assert_prepares_ridge(gate, gate.state, gate.counts, int(np.sum(gate.counts)), 10.0**exponent)


def test_hundreds_of_rounds_are_as_exact():
    counts = [1, 900, 90, 9]
    state = data_state(np.random.default_rng(0), 3, np.array(counts))
    gate = FilteredLoader(state, counts, 1000, 0)
    assert gate.rounds > 100
    assert_prepares_ridge(gate, state, counts, 1000, 0)


def test_a_vanishing_lambda_filters_most():
    """At lambda = 0 the filter is 1/p: the frequency cancels and the mean labels are left."""
    state = sparse_state([1, 2, 4], [1 * 0.5, 10 * -0.5, 4 * 0.5], 3)
    gate = FilteredLoader(state, [1, 10, 4], 15, 0)
    expected = sparse_state([1, 2, 4], np.array([1, -1, 1]) / 3**0.5, 3).extended(gate.num_qubits).vector()
    np.testing.assert_allclose(Statevector(gate.definition).data, expected, rtol=0, atol=1e-10)
    assert gate.rounds > FilteredLoader(state, [1, 10, 4], 15, 1).rounds > 0


def test_registers_come_in_order():
    gate = random_loader(0, 8)
    assert [(register.name, len(register)) for register in gate.definition.qregs] == [
        ("state", 5),
        ("count", gate.count_qubits),
        ("flag", 1),
    ]
    assert gate.ancillas == gate.count_qubits + 1 == gate.num_qubits - 5


class LoaderWithAncilla(Gate):
    """Loads its state with one ancilla, which is clean again only if it starts from |0...0>."""

    def __init__(self, state, ancillas):
        super().__init__("loader", state.num_qubits + 1, [])
        self.state, self.ancillas = state, 1

    def _define(self):
        vector = self.state.extended(self.num_qubits).vector()
        noise = np.random.default_rng(0).normal(size=(len(vector), len(vector)))
        matrix = np.linalg.qr(np.column_stack([vector.real, noise[:, 1:]]))[0]
        self.definition = QuantumCircuit(self.num_qubits)
        self.definition.append(
            UnitaryGate(matrix * (1 if matrix[:, 0] @ vector.real > 0 else -1)), range(self.num_qubits)
        )


@pytest.mark.parametrize("terms", [1, 2, 4, 7])
def test_a_loader_may_have_an_ancilla(monkeypatch, terms):
    monkeypatch.setattr(filtered_loader, "SparseLoader", LoaderWithAncilla)
    gate = random_loader(0, terms, num_qubits=4)
    assert gate.num_qubits == 4 + gate.ancillas == 4 + 1 + gate.count_qubits + 1
    assert_prepares_ridge(gate, gate.state, gate.counts, int(np.sum(gate.counts)), 1e-3)


@pytest.mark.parametrize("terms", [1, 2, 5, 8, 20])
@pytest.mark.parametrize("seed", range(3))
def test_a_look_up_writes_one_number_for_each_count(terms, seed):
    gate = random_loader(seed, terms)
    for bits, number in zip(gate.state.bits, gate.numbers, strict=True):
        written = 0
        for bit, qubits, values in gate.lookups:
            if bits[list(qubits)].tolist() == list(values):
                written ^= 1 << bit
        assert written == number
    pairs = set(zip(gate.counts.tolist(), gate.numbers.tolist(), strict=True))
    assert len(pairs) == len(set(gate.counts.tolist())) == len(set(gate.numbers.tolist()))
    assert np.count_nonzero(gate.numbers == 0) == np.max(np.unique(gate.counts, return_counts=True)[1])


@pytest.mark.parametrize("seed", range(3))
def test_the_gate_compiles_to_device_gates(seed):
    gate = random_loader(seed, 6)
    compiled = transpile(circuit_of(gate), basis_gates=list(BASIS), optimization_level=1, seed_transpiler=0)
    assert set(compiled.count_ops()) <= set(BASIS)
    expected = filtered_state(gate).extended(gate.num_qubits).vector()
    assert abs(np.vdot(expected, Statevector(compiled).data)) == pytest.approx(1, abs=1e-10)


@pytest.mark.parametrize("num_qubits", [4, 8, 12])
@pytest.mark.parametrize("terms", [2, 4, 8])
def test_the_cost_stays_under_its_prediction(terms, num_qubits, record_property):
    for regularization in (1e-3, 0.1):
        gate = random_loader(1, terms, num_qubits, regularization)
        load = gate_counts(circuit_of(gate.loader), 1).two_qubit
        measured, predicted = gate_counts(circuit_of(gate), 1).two_qubit, gate.predicted_two_qubit_gates(load)
        record_property(
            "measured",
            f"filtered loader, K = {terms}, n = {num_qubits}, lambda = {regularization}: t = {gate.rounds}, "
            f"{measured} two-qubit gates, predicted {predicted}, one load {load}",
        )
        assert 0.75 * predicted <= measured <= predicted


def test_a_large_problem_is_told_by_its_sizes_before_a_gate_is_made():
    gate = random_loader(0, 3000, num_qubits=16, largest=1000)
    assert gate.rounds > 0
    assert filtered_two_qubit_gates(3000, 16, gate.rounds) >= 3000 * (2 * gate.rounds + 1)
    assert "lookups" not in vars(gate)
    assert gate._definition is None


def test_the_prediction_adds_up():
    """One round on three loader qubits: 3 loads, 3 rotations by 4 values, 4 look-ups, a NOT with 3 controls."""
    assert filtered_two_qubit_gates(10, 3, 1, 2, [1, 2, 3, 4]) == 3 * 10 + 3 * 4 + 4 * (1 + 3 + 6 + 30) + 12
    assert filtered_two_qubit_gates(10, 3, 1) == 3 * 10 + 12
    assert filtered_two_qubit_gates(10, 3, 0, 2, [1, 2]) == 10


def test_gates_compare_by_what_they_do():
    state = data_state(np.random.default_rng(0), 3, np.array([1, 2, 2]))
    gate = FilteredLoader(state, [1, 2, 2], 5, 0.1)
    assert gate == gate.copy() == FilteredLoader(state, [1, 2, 2], 5, 0.1)
    assert gate != FilteredLoader(state, [1, 2, 2], 5, 0.2)


@pytest.mark.parametrize(
    ("counts", "samples", "regularization", "message"),
    [
        ([1, 2], 10, 0.1, r"counts have shape \(2,\), but the state has 3 basis states"),
        ([[1], [2], [3]], 10, 0.1, r"counts have shape \(3, 1\)"),
        ([1.0, 2.0, 3.0], 10, 0.1, "no whole numbers"),
        (["1", "2", "3"], 10, 0.1, "no whole numbers"),
        ([True, True, True], 10, 0.1, "no whole numbers"),
        ([1, 0, 3], 10, 0.1, "A count of 0 is not in 1..10"),
        ([1, -2, 3], 10, 0.1, "A count of -2 is not in 1..10"),
        ([1, 2, 11], 10, 0.1, "A count of 11 is not in 1..10"),
        ([1, 2, 3], 0, 0.1, "samples = 0 is too small"),
        ([1, 2, 3], 2.5, 0.1, "samples = 2.5 is no whole number"),
        ([1, 2, 3], 10, -0.1, "regularization = -0.1 is negative"),
        ([1, 2, 3], 10, np.nan, "regularization = nan"),
        ([1, 2, 3], 10, np.inf, "regularization = inf"),
        ([1, 2, 3], 10, "much", "regularization = 'much' is no number"),
    ],
)
def test_a_malformed_filter_is_refused(counts, samples, regularization, message):
    state = sparse_state([1, 2, 4], [1, -1, 2], 3)
    with pytest.raises(InputError, match=message):
        FilteredLoader(state, counts, samples, regularization)
