"""Equal rotations at once: the same unitary as one by one, clean ancillas, and the fewest T gates."""

import itertools
import math

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit

from problems.errors import InputError
from quantum.blocks.equal_rotations import EqualRotations, append_equal_rotations, append_rotation, weight_plan
from tests.quantum.blocks.agreement import act, assert_close

ALWAYS = 1e3
"""T gates of a rotation at which every AND is worth it."""

ANGLES = (0.3, -1.1, math.pi / 8, math.pi / 16, math.pi / 4, 3 * math.pi / 4, math.pi)


def phases(count, angle):
    """The diagonal of RZ(angle) on each qubit, from the weight of each basis state."""
    weights = np.array([number.bit_count() for number in range(2**count)])
    return np.exp(1j * angle * (weights - count / 2))


@pytest.mark.parametrize("count", range(1, 6))
def test_it_is_one_rotation_a_qubit_and_leaves_its_ancillas_clean(count):
    for angle in ANGLES:
        gate = EqualRotations(count, angle, ALWAYS)
        states = np.eye(2**gate.num_qubits)[:, : 2**count]
        expected = np.zeros((2**gate.num_qubits, 2**count), dtype=complex)
        expected[: 2**count] = np.diag(phases(count, angle))
        made = act(gate.definition, states)
        np.testing.assert_allclose(made, expected, rtol=0, atol=1e-12, err_msg=f"angle {angle}")


@pytest.mark.parametrize(
    ("count", "angle"), [(3, 0.7), (5, 0.7), (2, math.pi / 8), (4, math.pi / 8), (4, math.pi / 16)]
)
def test_measured_ands_give_the_same_whatever_is_measured(count, angle):
    plan = weight_plan(count, angle, ALWAYS, measured=True)
    circuit = QuantumCircuit(count + plan.ancillas)
    outcomes = ClassicalRegister(plan.ancillas)
    circuit.add_register(outcomes)
    qubits = circuit.qubits
    append_equal_rotations(circuit, angle, qubits[:count], qubits[count:], plan, outcomes)
    assert circuit.count_ops()["measure"] == plan.ancillas > 0
    states = np.eye(2**circuit.num_qubits)[:, : 2**count]
    expected = np.zeros((2**circuit.num_qubits, 2**count), dtype=complex)
    expected[: 2**count] = np.diag(phases(count, angle))
    for measured in itertools.product((0, 1), repeat=plan.ancillas):
        # Each outcome has probability 1/2.
        assert_close(act(circuit, states, measured) * 2 ** (plan.ancillas / 2), expected)


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12])
def test_a_plan_costs_what_its_gates_do_and_no_other_costs_less(count):
    for angle, t in itertools.product([0.3, math.pi / 8, math.pi / 16, math.pi / 32], [3.0, 11.0, 30.0]):
        plan = weight_plan(count, angle, t)
        ops = EqualRotations(count, angle, t).definition.count_ops()
        spent = ops.get("t", 0) + ops.get("tdg", 0) + t * ops.get("rz", 0)
        assert plan.t == pytest.approx(spent), (angle, t)
        assert plan.t == pytest.approx(min(every_cost(count, angle, t))), (angle, t)


def every_cost(wires, angle, t):
    """T gates of every way of adding up wires of one bit, and those of the bits above."""
    one = round(4 * angle / math.pi) % 2 if exact(angle) else t
    for ands in range(wires // 2 + 1):
        left = wires if not ands else max(wires - 2 * ands, 1)
        for above in every_cost(ands, 2 * angle, t) if ands else (0,):
            yield 8 * ands + left * one + above


def exact(angle):
    return abs(math.remainder(angle, math.pi / 4)) < 1e-9


@pytest.mark.parametrize(("count", "ands"), [(1, 0), (2, 0), (3, 1), (4, 1), (7, 4), (15, 11), (63, 57), (64, 57)])
def test_weights_take_as_many_ands_as_are_worth_it(count, ands):
    """n - popcount(n) ANDs give all bits of the weight, and the even are taken as an odd number and one."""
    plan = weight_plan(count, 0.3, 30.0, measured=True)
    assert plan.ancillas == ands <= count - count.bit_count()
    assert weight_plan(count, 0.3, 30.0).t >= plan.t


@pytest.mark.parametrize("most", [0, 1, 5, 20])
def test_there_are_no_more_ancillas_than_are_given(most):
    plan, free = weight_plan(40, 0.3, 30.0, ancillas=most), weight_plan(40, 0.3, 30.0)
    assert plan.ancillas <= most
    assert plan.t > free.t
    assert weight_plan(40, 0.3, 30.0, ancillas=free.ancillas) == free


def test_multiples_of_an_eighth_are_clifford_and_t_gates_phase_included():
    for eighths in range(-9, 10):
        angle = eighths * math.pi / 4
        circuit = QuantumCircuit(1)
        append_rotation(circuit, angle, circuit.qubits[0])
        ops = circuit.count_ops()
        assert set(ops) <= {"t", "tdg", "s", "sdg", "z"}, eighths
        assert ops.get("t", 0) + ops.get("tdg", 0) == eighths % 2, eighths
        expected = np.diag(np.exp([-0.5j * angle, 0.5j * angle]))
        np.testing.assert_allclose(act(circuit, np.eye(2)), expected, rtol=0, atol=1e-12, err_msg=f"{eighths} eighths")


@pytest.mark.parametrize(
    "arguments", [(0, 0.1, 30.0), (2, math.nan, 30.0), (2, math.inf, 30.0), (2, 0.1, -1.0), (2, 0.1, math.nan)]
)
def test_what_is_out_of_range_is_refused(arguments):
    with pytest.raises(InputError):
        EqualRotations(*arguments)
    with pytest.raises(InputError, match="ancillas"):
        EqualRotations(2, 0.1, 30.0, -1)
