"""Kernel reflection: the circuit against its polynomial, the solution against NumPy, success, the norm's estimate."""

import numpy as np
import pytest

from problems.errors import InputError
from quantum.blocks import DenseEncoding, KernelReflection, WalkBlockEncoding
from quantum.blocks.norm_estimate import estimate_norm, guesses_to, reflection_success
from quantum.blocks.preparation import preparation
from tests.quantum.blocks.branches import good_branch

SYSTEMS = {
    "real": lambda rng: (rng.normal(size=(4, 4)), rng.normal(size=4)),
    "complex": lambda rng: (
        rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2)),
        rng.normal(size=2) + 1j * rng.normal(size=2),
    ),
    "padded": lambda rng: (rng.normal(size=(3, 3)), [0, -2.0, 0]),
    "indefinite": lambda rng: (np.diag([1.0, -0.5, 0.8, -1]), rng.normal(size=4)),
}


@pytest.fixture(scope="module", params=list(SYSTEMS))
def system(request):
    return SYSTEMS[request.param](np.random.default_rng(2))


def normalized(vector):
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("ratio", [None, 1.3])
def test_the_circuit_is_its_polynomial_and_the_solution_numpys(system, ratio):
    matrix, right_side = system
    exact = KernelReflection(matrix, right_side, 0.2)
    found = exact if ratio is None else KernelReflection(matrix, right_side, 0.2, max(1.0, ratio * exact.norm))
    branch = good_branch(found.circuit, found.flags, len(found.branch))
    np.testing.assert_allclose(branch, found.branch, rtol=0, atol=1e-11)
    expected = np.linalg.solve(matrix, right_side)
    # Sign included: the reflection is off by epsilon at most.
    np.testing.assert_allclose(found.solve(), normalized(expected), rtol=0, atol=0.2)
    assert found.norm == pytest.approx(np.linalg.norm(expected) * found.encoding.alpha / np.linalg.norm(right_side))
    assert found.success == pytest.approx(np.linalg.norm(branch) ** 2, abs=1e-11)
    assert (1 - 4 * 0.2) * found.ideal_success < found.success < 1


def test_the_error_falls_with_epsilon():
    rng = np.random.default_rng(5)
    matrix, right_side = rng.normal(size=(5, 5)), rng.normal(size=5)
    expected = normalized(np.linalg.solve(matrix, right_side))
    for epsilon in (1e-1, 1e-3, 1e-6):
        found = KernelReflection(matrix, right_side, epsilon)
        assert np.linalg.norm(found.solve() - expected) <= epsilon
        assert found.success > (0.999 / (1 + epsilon)) ** 2 * (1 - epsilon) ** 2


@pytest.mark.parametrize(("ratio", "expected"), [(1.0, 1.0), (1.3, 0.9342), (2.0, 0.64), (0.5, 0.64)])
def test_success_follows_the_guess(ratio, expected):
    assert reflection_success(1 / ratio) == pytest.approx(expected, abs=1e-4)
    matrix, right_side = np.diag([1.0, 0.2, 0.15, 0.1]), np.ones(4)
    norm = KernelReflection(matrix, right_side).norm
    found = KernelReflection(matrix, right_side, 1e-3, ratio * norm)
    assert found.ideal_success == pytest.approx(expected, abs=1e-4)
    assert found.success == pytest.approx(expected, abs=5e-3)
    assert found.polynomial.kappa == max(10.0, ratio * norm)


def test_a_norm_that_is_not_known_is_estimated_from_runs():
    matrix, right_side = np.diag([1.0, 0.2, 0.15, 0.05]), np.ones(4)
    known = KernelReflection(matrix, right_side)
    seen = []
    for seed in range(20):
        found = known.estimate(32, seed)
        assert found.queries == known.estimation_queries(32)
        seen.append(KernelReflection(matrix, right_side, 0.01, found.norm).success)
    assert min(seen) > 0.95 * known.success  # 20 seeds; a norm off by 12% costs 1.3%
    assert np.mean(seen) > 0.985 * known.success
    assert guesses_to(20).tolist() == [1, 2, 4, 8, 16, 32]
    assert guesses_to(1).tolist() == [1]


def test_runs_that_never_succeed_estimate_nothing():
    with pytest.raises(InputError, match="None of 5 runs at each of 3 guesses succeeded"):
        estimate_norm(lambda guess: (0.0, 1), 4, 5, 0)


def test_the_pieces_are_the_circuit():
    found = KernelReflection(np.diag([1.0, 0.5]), [1.0, 1.0], 0.2)
    counted = sum(piece.times * _two_qubit(piece.circuit) for piece in found.pieces())
    assert counted == _two_qubit(found.circuit)
    assert sum(piece.times for piece in found.pieces() if piece.name == "query") == found.queries
    assert found.cost.two_qubit == _two_qubit(found.gate.definition)
    assert (found.cost.queries, found.cost.qubits) == (found.queries, found.qubits)


def _two_qubit(circuit):
    from quantum.resources import gate_counts

    return gate_counts(circuit, optimization_level=0).two_qubit


@pytest.mark.parametrize("vector", [[0, 0, 1, 0], [0.6, 0, -0.8, 0], [0.6, 0, 0.8j, 0], [-1, 0, 0, 0]])
def test_a_right_side_is_prepared_with_its_sign(vector):
    from qiskit.quantum_info import Statevector

    state = Statevector(preparation(np.array(vector)).definition).data
    np.testing.assert_allclose(state, vector, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"matrix": np.ones((2, 2))}, "matrix has no inverse"),
        ({"right_side": [0, 0]}, "right_side is zero"),
        ({"right_side": [1, 2, 3]}, r"right_side has shape \(3,\)"),
        ({"right_side": [np.nan, 0]}, "no finite numbers"),
        ({"guess": 0.5}, "guess = 0.5 is below 1"),
        ({"guess": -2.0}, "guess = -2.0 is negative"),
        ({"epsilon": 2.0}, "epsilon = 2.0 is out of range"),
        ({"matrix": WalkBlockEncoding(np.eye(2))}, "WalkBlockEncoding has no level to add"),
        ({"matrix": DenseEncoding(np.eye(4)), "right_side": np.ones(5)}, r"right_side has shape \(5,\); give \(4,\)"),
    ],
)
def test_bad_systems_are_refused(changes, message):
    with pytest.raises(InputError, match=message) as refusal:
        KernelReflection(**{"matrix": np.eye(2), "right_side": [1.0, 2.0], **changes})
    assert "\n" not in str(refusal.value)
