"""The toric code's circuit: all stabilizers +1, on any torus, at the stated cost."""

import numpy as np
import pytest
from qiskit import QuantumCircuit, generate_preset_pass_manager
from qiskit.quantum_info import Pauli, StabilizerState, Statevector

from problems.errors import InputError
from problems.ground_states import IsingModel, ToricCode
from quantum.ground_states import setting_circuit, toric_circuit
from quantum.ground_states.placing import snapshot_device

SHAPES = [(2, 2), (2, 3), (3, 2), (3, 3), (2, 5), (3, 4), (4, 4), (5, 5)]


def stabilizers(code):
    for kind, groups in (("X", code.stars), ("Z", code.plaquettes)):
        for sites in groups:
            yield Pauli("".join(kind if site in sites else "I" for site in reversed(range(code.sites))))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_stabilizer_is_one(shape):
    code = ToricCode(*shape)
    circuit = toric_circuit(code)
    state = StabilizerState(circuit)
    assert all(state.expectation_value(one) == 1 for one in stabilizers(code))
    stars = len(code.stars)
    assert dict(circuit.count_ops()) == {"h": stars - 1, "cx": 3 * (stars - 1)}
    least = code.rows // 2 + code.columns // 2 + 3
    assert least <= circuit.depth() <= least + 1


def test_the_energy_on_three_by_three_is_that_of_the_ground_state_at_depth_five():
    code = ToricCode(3, 3)
    circuit = toric_circuit(code)
    assert circuit.depth() == 5
    assert circuit.count_ops()["cx"] == 24
    state = Statevector(circuit).data
    assert np.vdot(state, code.matrix() @ state).real == pytest.approx(-18, abs=1e-12)


def test_without_its_last_layer_it_is_no_ground_state():
    """The expectation above can fail."""
    code = ToricCode(3, 3)
    circuit = toric_circuit(code)
    cut = QuantumCircuit(18)
    for instruction in circuit.data[:-1]:
        cut.append(instruction)
    state = StabilizerState(cut)
    assert any(state.expectation_value(one) != 1 for one in stabilizers(code))


def test_routed_on_a_device_it_takes_about_ninety_gates():
    target = snapshot_device("fake_fez").target
    measured = setting_circuit(toric_circuit(ToricCode(3, 3)), "Z")
    counts = [
        generate_preset_pass_manager(optimization_level=level, target=target, seed_transpiler=seed)
        .run(measured)
        .count_ops()["cz"]
        for level in (2, 3)
        for seed in range(6)
    ]
    assert 72 <= min(counts) <= 90
    assert np.median(counts) <= 94


def test_a_model_without_stars_is_refused():
    with pytest.raises(InputError, match="has no stars; give a ToricCode") as refusal:
        toric_circuit(IsingModel(3, 3, 1.0))
    assert "\n" not in str(refusal.value)
