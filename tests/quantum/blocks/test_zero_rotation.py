"""The rotation of the flag of zero: its matrix on every state of the controls, the phases it leaves, and its price."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from quantum.blocks.parity_walk import ParityWalk
from quantum.blocks.zero_rotation import ZeroRotation
from quantum.resources import gate_counts
from tests.quantum.blocks.agreement import act, assert_close

TURNS = [np.pi / 2, -np.pi / 2, 0.3, -1.1, 2.5, -2.9, 4.0]


def corner(prime):
    """The transform at j = 0 between z = 0 and z = 1."""
    root = np.sqrt(prime - 1)
    return np.array([[-1, root], [root, 1]]) / np.sqrt(prime)


def written(rotation, controls):
    """The circuit, with the controls lowest and z highest."""
    circuit = QuantumCircuit(controls + 1)
    *low, zero = circuit.qubits
    walk = ParityWalk(circuit)
    rotation.append(walk, low, zero)
    walk.finish()
    return circuit


def blocks(rotation, controls):
    """The 2 x 2 matrix on z for each state of the controls, shape (2^c, 2, 2); nothing mixes the controls."""
    size = 2**controls
    matrix = act(written(rotation, controls), np.eye(2 * size)).reshape(2, size, 2, size)
    assert_close(matrix * (1 - np.eye(size))[:, None, :], 0)
    return np.einsum("yczc->cyz", matrix)


def angles_of(prime, turn):
    """Both angles that go with a turn."""
    angle = np.arccos(np.cos(turn) / np.sqrt(prime))
    return angle, -angle


def rotations(prime, controls):
    """Every wire and several turns, with both angles of each."""
    return [
        ZeroRotation(prime, wire, turn, angle)
        for wire in range(controls)
        for turn in TURNS
        for angle in angles_of(prime, turn)
    ]


@pytest.mark.parametrize("prime", [3, 5, 7, 31, 241])
@pytest.mark.parametrize("controls", [1, 2])
def test_with_one_or_two_controls_it_is_a_reflection(controls, prime):
    for wire in range(controls):
        at_zero, *elsewhere = blocks(ZeroRotation(prime, wire), controls)
        assert_close(at_zero, corner(prime))
        for block in elsewhere:
            assert_close(block[:, 0], [1, 0])
            assert_close(abs(block[:, 1]), [0, 1])


@pytest.mark.parametrize(("controls", "prime"), [(3, 7), (3, 31), (4, 17), (4, 41), (6, 97), (6, 241)])
def test_with_more_controls_it_turns_at_zero_and_leaves_a_phase_on_one_wire(controls, prime):
    given = rotations(prime, controls)
    for rotation in given if controls < 6 else given[::7]:
        found = blocks(rotation, controls)
        # Up to the phase on both states of z, the same matrix as the reflection.
        assert_close(found[0], np.exp(1j * (rotation.turn - np.pi)) * corner(prime))
        assert_close(found[0, 0, 0], np.exp(1j * rotation.turn) / np.sqrt(prime))
        phases = np.ones(2**controls, dtype=complex)
        phases[1 << rotation.wire] = np.exp(1j * rotation.angle)
        assert_close(found[1:, 0, 0], phases[1:])
        assert_close(found[1:, 1, 0], 0)
        assert_close(found[1:, 0, 1], 0)


@pytest.mark.parametrize("controls", [1, 2, 3, 4, 6])
def test_with_the_corrected_phases_the_whole_has_the_given_ones(controls):
    """A diagonal on the controls alone, which also meets z = 1, completes the stage."""
    prime = 31
    phases = np.random.default_rng(controls).uniform(-np.pi, np.pi, 2**controls)
    phases[0] = 0
    before = phases.copy()
    given = rotations(prime, controls)[:: controls + 1] if controls > 2 else [ZeroRotation(prime)]
    for rotation in given:
        alone = 1 << rotation.wire if controls > 2 else None
        remaining = rotation.corrected(phases, alone)
        np.testing.assert_array_equal(phases, before)
        found = np.exp(1j * remaining)[:, None, None] * blocks(rotation, controls)
        assert_close(found[0], corner(prime))
        assert_close(found[1:, :, 0], np.exp(1j * phases[1:])[:, None] * [1, 0])


def test_the_angles_left_out_are_right_angles_for_more_than_two_controls_with_a_right_turn():
    found = blocks(ZeroRotation(13, turn=np.pi / 2), 3)
    assert_close(found[0], -1j * corner(13))
    assert_close(found[1:, 0, 0], [1j, 1, 1, 1, 1, 1, 1])


@pytest.mark.parametrize(("controls", "gates"), [(1, 1), (2, 3), (3, 6), (4, 10), (6, 34)])
def test_the_price_is_the_declared_one(controls, gates):
    for wire in {0, controls - 1}:
        for turn in TURNS[:3] if controls > 2 else [np.pi]:
            rotation = ZeroRotation(31, wire, turn, angles_of(31, turn)[0])
            circuit = written(rotation, controls)
            assert sum(len(step.qubits) == 2 for step in circuit.data) == gates
            assert max(len(step.qubits) for step in circuit.data) == 2
            assert gate_counts(circuit).two_qubit == gates


def test_a_turn_and_an_angle_that_do_not_fit_are_refused():
    """With the defaults the amplitude between zero and itself would vanish."""
    circuit = QuantumCircuit(4)
    rotation = ZeroRotation(17)
    with pytest.raises(ValueError, match="do not fit"):
        rotation.append(ParityWalk(circuit), circuit.qubits[:3], circuit.qubits[3])
