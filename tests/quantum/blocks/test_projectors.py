"""The phases of a subspace: their matrix, with a control, what they cost, and a subspace of one's own."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator

from problems.errors import InputError
from quantum.blocks.block_cost import written_cost
from quantum.blocks.projectors import Projector, ZeroFlags
from tests.quantum.blocks.agreement import act, assert_close


class OneState(Projector):
    """The span of a single state, |1...1>, told by a Toffoli gate: what a study would write."""

    num_qubits = 2

    def marking(self):
        circuit = QuantumCircuit(3)
        circuit.ccx(0, 1, 2)
        return circuit

    def project(self, states):
        return np.diag([0, 0, 0, 1]) @ states


def expected_phase(space, angle):
    inside = space.project(np.eye(2**space.num_qubits))
    assert_close(inside @ inside, inside)
    sign = np.diag([1, -1])
    reflection = np.kron(sign, 2 * inside - np.eye(len(inside)))
    return np.cos(angle) * np.eye(len(reflection)) + 1j * np.sin(angle) * reflection


def spaces():
    yield OneState()
    for count, others in [(0, 2), (1, 0), (1, 2), (2, 1), (3, 0), (3, 2), (4, 0), (4, 3), (5, 1)]:
        flags = np.random.default_rng(count).permutation(count + others)[:count]
        yield ZeroFlags(count + others, [int(flag) for flag in flags])


@pytest.mark.parametrize("space", list(spaces()), ids=lambda space: f"{getattr(space, 'flags', 'own')}")
def test_the_phase_is_what_it_says_with_and_without_control(space):
    expected = expected_phase(space, 0.7)
    assert_close(Operator(space.phase(0.7)).data, expected)
    zeros = np.zeros_like(expected)
    controlled = np.block([[np.eye(len(expected)), zeros], [zeros, expected]])
    assert_close(Operator(space.phase(0.7, controlled=True)).data, controlled)


@pytest.mark.parametrize(("flags", "others"), [(7, 0), (7, 5)])
def test_many_flags_are_marked(flags, others):
    """Too wide for whole matrices: the marking, a rotation and the marking back, state by state."""
    space = ZeroFlags(flags + others, range(flags))
    circuit = space.phase(0.7)
    states = np.zeros((2 ** (flags + others + 1), 4))
    inside, outside = (2**others - 1) << flags, (1 << flags) - 2
    high = 1 << (flags + others)
    for column, state in enumerate((inside, outside, inside + high, outside + high)):
        states[state, column] = 1
    expected = states * np.exp(0.7j * np.array([1, -1, -1, 1]))
    assert_close(act(circuit, states), expected)


@pytest.mark.parametrize(("flags", "gates"), [(0, 0), (1, 2), (2, 6), (3, 12), (4, 16), (5, 32), (6, 64), (7, 84)])
def test_a_phase_costs_what_the_docstring_says(flags, gates):
    space = ZeroFlags(2 * flags, range(flags))
    assert written_cost(space.phase(0.3)).two_qubit == gates
    assert written_cost(space.phase(0.3, controlled=True)).two_qubit <= max(gates + 2, 2 * gates)


@pytest.mark.parametrize("flags", [[3], [-1], [0, 0]])
def test_what_makes_no_sense_is_refused(flags):
    with pytest.raises(InputError, match="must be different qubits among the 3"):
        ZeroFlags(3, flags)
