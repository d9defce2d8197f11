"""Oracles against loss tables: every mask, phases without a global one, scratch clean; what a query costs."""

import numpy as np
import pytest
from qiskit.providers.fake_provider import GenericBackendV2
from qiskit.quantum_info import Statevector

from problems.errors import InputError
from problems.neuron_selection import ErrorCountProblem, MaskProblem, error_count_problem, ticket_problem
from quantum.neuron_selection import ErrorCountOracle, FourierOracle, LookupOracle, RippleOracle
from quantum.resources import compile_to_basis
from tests.quantum.neuron_selection.reversible import assert_marks, every_mask, random_problem, thresholds

CASES = [(neurons, whole, density) for neurons in range(1, 9) for whole, density in ((None, 1), (9, 0.7), (1, 0.4))]


def problem_of(neurons, whole, density):
    rng = np.random.default_rng([neurons, whole or 0])
    problem = random_problem(rng, neurons, whole, density)
    return problem, thresholds(problem, rng)


def below(oracle, problem):
    """By the definition: the loss of the quantized problem strictly below the threshold."""
    if oracle.step == 1:
        return problem.table() < oracle.threshold
    quantized = problem.quantized(oracle.bits)
    # What is equal to the threshold up to rounding is not below it.
    return quantized.table() < oracle.threshold - 1e-9 * quantized.step


def assert_marks_as_a_state(oracle, expected, circuit=None):
    """On a random superposition of all masks, which tells phases apart: every mask at once."""
    circuit = circuit or oracle.circuit
    rng = np.random.default_rng(0)
    amplitudes = rng.normal(size=2**oracle.neurons) + 1j * rng.normal(size=2**oracle.neurons)
    state = np.zeros(2**circuit.num_qubits, dtype=complex)
    state[: len(amplitudes)] = amplitudes / np.linalg.norm(amplitudes)
    after = Statevector(state).evolve(circuit).data
    state[: len(amplitudes)] *= np.where(expected, -1, 1)
    np.testing.assert_allclose(after, state, atol=1e-10)
    np.testing.assert_array_equal(oracle.marked(every_mask(oracle.neurons)), expected)


@pytest.mark.parametrize(("neurons", "whole", "density"), CASES)
def test_the_ripple_oracle_marks_every_mask(neurons, whole, density):
    problem, limits = problem_of(neurons, whole, density)
    for threshold in limits:
        oracle = RippleOracle(problem, threshold=threshold)
        assert_marks(oracle, below(oracle, problem))
        assert oracle.circuit.count_ops().get("rccx", 0) <= oracle.sum.toffoli


# Every kind of loss up to 4 neurons, and one each of 5 and 6: state by state they take longest.
@pytest.mark.parametrize(
    ("neurons", "whole", "density"), [case for case in CASES if case[0] < 5 or case in ((5, 1, 0.4), (6, None, 1))]
)
def test_the_fourier_oracle_marks_every_mask(neurons, whole, density):
    problem, limits = problem_of(neurons, whole, density)
    for threshold in limits:
        oracle = FourierOracle(problem, threshold=threshold)
        assert_marks_as_a_state(oracle, below(oracle, problem))


def test_the_fourier_oracle_of_eight_neurons():
    problem = ticket_problem(8, 0)
    oracle = FourierOracle(problem, threshold=0.85)
    assert_marks_as_a_state(oracle, below(oracle, problem))


@pytest.mark.parametrize(("neurons", "whole", "density"), CASES)
def test_the_lookup_oracle_marks_every_mask(neurons, whole, density):
    problem, limits = problem_of(neurons, whole, density)
    for threshold in limits:
        oracle = LookupOracle(problem, threshold=threshold)
        assert_marks_as_a_state(oracle, below(oracle, problem))


@pytest.mark.parametrize("neurons", range(1, 9))
def test_the_error_count_oracle_marks_every_mask(neurons):
    votes = np.random.default_rng(neurons).integers(-9, 10, (5, neurons))
    votes[0] = 0
    problem = ErrorCountProblem(votes)
    for threshold in (-1, 0, 0.5, 1, 2.5, 5, 6, 1e300):
        assert_marks(ErrorCountOracle(problem, threshold=threshold), problem.table() < threshold)


def test_errors_of_a_network_are_counted_and_contributions_rounded():
    problem = error_count_problem(6, 0, bits=8, samples=9)
    oracle = ErrorCountOracle(problem, threshold=4)
    assert oracle.problem is problem
    assert_marks(oracle, problem.table() < 4)
    coarse = ErrorCountOracle(problem, threshold=4, bits=3)
    assert abs(coarse.problem.contributions).max() == 7
    assert_marks(coarse, coarse.problem.table() < 4)


@pytest.mark.parametrize("oracle", [FourierOracle, RippleOracle, LookupOracle])
def test_gates_that_are_counted_do_the_same(oracle):
    problem = random_problem(np.random.default_rng(3), 4, whole=1, density=0.5)
    made = oracle(problem, threshold=float(np.median(problem.table())))
    compiled = compile_to_basis(made.circuit)
    assert compiled.count_ops()["cx"] <= made.cost.cx
    assert_marks_as_a_state(made, below(made, problem), compiled)


@pytest.mark.parametrize("oracle", [FourierOracle, RippleOracle, LookupOracle])
def test_a_constant_loss(oracle):
    problem = MaskProblem(2.5, np.zeros(2), np.zeros((2, 2)))
    for threshold, marked in ((2.4, False), (2.5, False), (2.6, True)):
        assert_marks_as_a_state(oracle(problem, threshold=threshold), np.full(4, marked))


def test_masks_come_first_and_registers_are_named():
    problem = ticket_problem(8, 0)
    oracle = RippleOracle(problem, threshold=0.85)
    assert [*oracle.registers][:2] == ["mask", "value"]
    assert oracle.registers["mask"] == 8
    assert oracle.registers["value"] == oracle.width
    assert FourierOracle(problem, threshold=0.85).registers == {"mask": 8, "value": oracle.width}
    assert sum(oracle.registers.values()) == oracle.circuit.num_qubits


def test_the_ripple_oracle_of_sixteen_neurons():
    """In 1,432 Toffoli gates; one addition for each pair took 6,540."""
    problem = ticket_problem(16, 0)
    oracle = RippleOracle(problem, threshold=0.6, bits=8)
    assert oracle.width == 13
    assert len(oracle.sum.windows) == 20  # an affine plane of order four
    assert oracle.circuit.count_ops()["rccx"] == 1432
    assert_marks(oracle, problem.quantized(8).table() < 0.6)


def test_the_fourier_oracle_of_sixteen_neurons():
    """In 3,574 CX; pair by pair it took 7,011."""
    cost = FourierOracle(ticket_problem(16, 0), threshold=0.6, bits=8).cost
    assert cost.qubits == 29
    assert cost.cx <= 3_574
    assert cost.rz <= 3_400
    assert cost.toffoli == 0


def test_the_lookup_oracle_of_sixteen_neurons():
    problem = ticket_problem(16, 0)
    oracle = LookupOracle(problem, threshold=float(np.median(problem.table())), bits=8)
    assert oracle.cost.qubits == 16
    assert 60_000 < oracle.cost.cx <= 65_534


def test_costs_of_small_oracles():
    problem = ticket_problem(8, 0)
    ripple, fourier, lookup = (
        oracle(problem, threshold=0.85, bits=6).cost for oracle in (RippleOracle, FourierOracle, LookupOracle)
    )
    assert ripple.rotations == 0
    assert 0 < ripple.t <= 4 * ripple.toffoli
    assert fourier.rotations > 0
    assert lookup.cx <= 2**8 - 2


def test_an_oracle_wider_than_the_backend_is_refused():
    oracle = FourierOracle(ticket_problem(8, 0), threshold=0.85)
    oracle.check(GenericBackendV2(oracle.circuit.num_qubits, seed=0))
    oracle.check(27)
    with pytest.raises(InputError, match=r"has \d+ qubits, but generic_backend_5q has 5"):
        oracle.check(GenericBackendV2(5, seed=0))
    with pytest.raises(InputError, match="but the device has 9; choose fewer neurons"):
        oracle.check(9)


def test_a_problem_of_another_kind_is_refused():
    with pytest.raises(InputError, match="ErrorCountProblem is no quadratic loss"):
        FourierOracle(ErrorCountProblem(np.ones((2, 2))), threshold=1)
    with pytest.raises(InputError, match="counts no errors"):
        ErrorCountOracle(ticket_problem(4, 0), threshold=1)


def test_a_diagonal_that_does_not_fit_in_memory_is_refused():
    problem = random_problem(np.random.default_rng(0), 40, whole=3)
    with pytest.raises(InputError, match=r"A diagonal of 2\^40 phases needs"):
        _ = LookupOracle(problem, threshold=0).circuit
