"""Additions that ripple: action, inverse, and what each costs."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from problems.errors import InputError
from quantum.blocks.ripple_addition import RippleAddition, RippleSign, RippleTopBit
from tests.quantum.blocks.agreement import act, assert_close
from tests.quantum.neuron_selection.reversible import run

WIDTHS = (1, 2, 3, 4, 5)


def registers(width):
    """All pairs (a, b), as numbers and as bits."""
    a, b = np.divmod(np.arange(4**width), 2**width)
    return a, b, np.hstack([bits_of(a, width), bits_of(b, width)])


def bits_of(numbers, width):
    return np.asarray(numbers)[:, None] >> np.arange(width) & 1


@pytest.mark.parametrize("width", WIDTHS)
def test_sums_and_signs_of_all_numbers(width):
    a, b, states = registers(width)
    images, _ = run(RippleAddition(width).definition, states)
    np.testing.assert_array_equal(images, np.hstack([bits_of(a, width), bits_of((a + b) % 2**width, width)]))
    assert all(
        RippleAddition(width).classical_action(x, y) == (x, (x + y) % 2**width) for x, y in zip(a, b, strict=True)
    )
    top = (a + b) >> (width - 1) & 1
    images, _ = run(RippleTopBit(width).definition, states)
    np.testing.assert_array_equal(images[:, -1], top)
    assert [RippleTopBit(width).top_bit(x, y) for x, y in zip(a, b, strict=True)] == top.tolist()
    images, phases = run(RippleSign(width).definition, states)
    np.testing.assert_array_equal(images, states)
    np.testing.assert_allclose(phases, 1 - 2 * top)
    assert [RippleSign(width).negative(x, y) for x, y in zip(a, b, strict=True)] == (top == 1).tolist()


@pytest.mark.parametrize("gate", [RippleAddition(3), RippleTopBit(3), RippleSign(3)], ids=lambda gate: gate.name)
def test_an_inverse_takes_all_back_phases_too(gate):
    circuit = QuantumCircuit(gate.num_qubits)
    circuit.append(gate, circuit.qubits)
    circuit.append(gate.inverse(), circuit.qubits)
    assert_close(act(circuit, np.eye(2**gate.num_qubits)), np.eye(2**gate.num_qubits))


@pytest.mark.parametrize("width", WIDTHS)
def test_toffoli_gates(width):
    def toffoli(gate):
        return gate.definition.count_ops().get("rccx", 0)

    assert toffoli(RippleAddition(width)) == max(0, 2 * width - 3)
    assert toffoli(RippleTopBit(width)) == width - 1
    assert toffoli(RippleSign(width)) == max(0, 2 * width - 4)


def test_a_width_below_one_is_refused():
    for gate in (RippleAddition, RippleTopBit, RippleSign):
        with pytest.raises(InputError, match="width = 0 is too small"):
            gate(0)
