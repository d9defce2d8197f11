"""A space with one state left out: its projector, its phases, its marking, and what is refused."""

import numpy as np
import pytest
from qiskit.quantum_info import Operator

from problems.errors import InputError
from quantum.blocks.preparation import preparation
from quantum.blocks.without_state import WithoutState
from tests.quantum.blocks.agreement import assert_close

STATE = np.array([0.5, 0.0, -0.5, np.sqrt(0.5)])


@pytest.fixture(scope="module", params=[1, 3])
def space(request):
    flags = request.param
    return WithoutState(2 + flags, range(2, 2 + flags), preparation(STATE), STATE)


def projector(space):
    """Written out: flags 0, and orthogonal to the state."""
    matrix = np.zeros((2**space.num_qubits,) * 2)
    matrix[:4, :4] = np.eye(4) - np.outer(STATE, STATE)
    return matrix


def test_it_projects(space):
    matrix = projector(space)
    states = np.random.default_rng(0).normal(size=(len(matrix), 3))
    assert_close(space.project(states), matrix @ states)


@pytest.mark.parametrize("controlled", [False, True])
def test_its_phase_is_that_of_the_projector(space, controlled):
    matrix, size = projector(space), 2**space.num_qubits
    reflection = 2 * matrix - np.eye(size)
    plus = np.cos(0.7) * np.eye(size) + 1j * np.sin(0.7) * reflection
    both = np.block([[plus, 0 * plus], [0 * plus, plus.conj()]])
    if controlled:
        both = np.block([[np.eye(2 * size), 0 * both], [0 * both, both]])
    assert_close(Operator(space.phase(0.7, controlled)).data, both)


def test_its_marking_flips_the_next_qubit_up_to_phases(space):
    matrix, size = projector(space), 2**space.num_qubits
    expected = np.block([[np.eye(size) - matrix, matrix], [matrix, np.eye(size) - matrix]])
    found = Operator(space.marking()).data
    # Diagonal factors in front are allowed: they are what is left when the NOT is taken off.
    rest = expected @ found
    assert_close(np.abs(np.diag(rest)), 1)
    assert_close(rest, np.diag(np.diag(rest)))


def test_a_state_and_flags_that_do_not_make_up_the_qubits_are_refused():
    with pytest.raises(InputError, match=r"A state of 2 qubits and flags \[3\] do not make up 4 qubits"):
        WithoutState(4, [3], preparation(STATE), STATE)
