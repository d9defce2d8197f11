"""Rotation circuits: real states, exact gradients, gates that are left out, and tickets of disjoint gates."""

import math
import pickle

import numpy as np
import pytest
from qiskit.quantum_info import Operator, Pauli, Statevector
from scipy.linalg import expm

import problems.compiling
from problems.errors import InputError
from problems.ground_states import CRITICAL_FIELD, IsingModel, ToricCode
from quantum.ground_states import RotationCircuit, disjoint_gain, disjoint_ticket, engine
from tests.quantum.ground_states.slopes import differences


@pytest.fixture(scope="module", params=[IsingModel(2, 3, 1.3), IsingModel(3, 3, 0.7, periodic=True)], ids=str)
def circuit(request):
    return RotationCircuit(request.param, 2)


def test_the_order_of_the_gates():
    """Of each site the bond to the right, then the one below; all with Y on the other site; then the next layer."""
    one = [(0, 1), (0, 2), (1, 3), (2, 3)]
    layer = one + [(j, i) for i, j in one]
    assert RotationCircuit(IsingModel(2, 2, 1.0), 2).gates.tolist() == [list(gate) for gate in layer * 2]
    around = RotationCircuit(IsingModel(3, 3, 1.0, periodic=True), 1).gates[:6]
    assert around.tolist() == [[0, 1], [0, 3], [1, 2], [1, 4], [2, 0], [2, 5]]


def test_a_gate_is_its_exponential_without_one_half():
    circuit = RotationCircuit(IsingModel(1, 2, 1.0), 1)
    angle = 0.37
    gate = circuit.circuit([angle, 0.0], [True, False])
    # Y on qubit 0, Z on qubit 1; before it, H on both.
    expected = expm(-1j * angle * Pauli("ZY").to_matrix()) @ np.kron(*[_hadamard()] * 2)
    np.testing.assert_allclose(Operator(gate).data, expected, atol=1e-14)
    assert [one.operation.name for one in gate.data] == ["h", "h", "rx", "rzz", "rx"]


def test_the_fast_path_is_the_circuit_and_its_gradient_that_of_differences(circuit):
    angles = circuit.start(3) * 10
    mask = np.random.default_rng(1).random(circuit.parameters) < 0.7
    state = Statevector(circuit.circuit(angles, mask)).data
    np.testing.assert_allclose(circuit.state(angles, mask), state, atol=1e-12)
    energy, slopes = circuit.gradient(angles, mask)
    assert energy == pytest.approx(np.vdot(state, circuit.model.matrix() @ state).real, abs=1e-11)
    assert energy == pytest.approx(circuit.energy(angles, mask), abs=1e-12)
    assert np.all(slopes[~mask] == 0)
    np.testing.assert_allclose(slopes, differences(lambda some: circuit.energy(some, mask), angles), atol=1e-7)


def test_compiled_code_and_numpy_agree(circuit, monkeypatch):
    angles = circuit.start(4) * 10
    energy, slopes = circuit.gradient(angles)
    pulls = circuit.engine.pulls(circuit.state(angles), circuit.gates)
    # Of a gate put behind all others the slope is that of an angle 0 there.
    longer = np.vstack([circuit.gates, circuit.gates[5]])
    assert pulls[5] == pytest.approx(circuit.engine.gradient(np.append(angles, 0.0), longer)[1][-1], abs=1e-12)
    monkeypatch.setattr(engine, "why_not_compiled", lambda: "for the test")
    other, by_numpy = circuit.gradient(angles)
    assert other == pytest.approx(energy, abs=1e-12)
    np.testing.assert_allclose(by_numpy, slopes, atol=1e-12)
    assert problems.compiling.why_not_compiled() is None


def test_a_gate_that_is_left_out_is_one_with_angle_zero_or_pi(circuit):
    angles, mask = circuit.start(5) * 10, np.ones(circuit.parameters, dtype=bool)
    mask[3] = False
    without = circuit.state(angles, mask)
    angles[3] = 0
    np.testing.assert_allclose(circuit.state(angles), without, atol=1e-13)
    angles[3] = math.pi
    np.testing.assert_allclose(circuit.state(angles), -without, atol=1e-13)


def test_the_start_is_small_and_fitted_angles_of_gates_left_out_are_zero(critical):
    circuit = RotationCircuit(critical, 3)
    many = np.concatenate([circuit.start(seed) for seed in range(20)])
    assert len(many) == 20 * 72
    assert np.std(many) == pytest.approx(0.1, rel=0.08)
    mask = np.arange(72) % 3 == 0
    found = circuit.fit(circuit.start(0), mask, iterations=5)
    assert np.all(found.angles[~mask] == 0)
    assert found.parameters == 24
    assert found.iterations <= 5
    assert found.error == pytest.approx(circuit.error(found.angles, mask), abs=1e-12)
    assert circuit.optimize(0, mask, iterations=5).energy == found.energy


@pytest.mark.parametrize("gates", [1, 2, 3, 4])
def test_disjoint_gates_each_subtract_the_same(critical, gates):
    circuit = RotationCircuit(critical, 1)
    angles, mask = disjoint_ticket(circuit, gates)
    gain = disjoint_gain(critical.field) / abs(critical.ground_energy())
    sites = circuit.gates[mask].ravel()
    assert len(set(sites.tolist())) == len(sites) == 2 * gates
    assert circuit.error(angles, mask) == pytest.approx(critical.plateau() - gates * gain, abs=1e-14)
    # No other angles are better: the fit ends where it began.
    assert circuit.fit(np.full(24, 0.1), mask).error == pytest.approx(circuit.error(angles, mask), abs=1e-9)


def test_one_gate_on_three_by_three(critical):
    circuit = RotationCircuit(critical, 1)
    assert circuit.error(*disjoint_ticket(circuit, 1)) == pytest.approx(0.034249, abs=1e-6)


def test_a_first_gate_takes_one_cx(circuit):
    angles = circuit.start(6) * 10
    mask = np.zeros(circuit.parameters, dtype=bool)
    mask[[0, 3, 8, 11]] = True
    long, short = circuit.circuit(angles, mask), circuit.circuit(angles, mask, short=True)
    np.testing.assert_allclose(Statevector(short).data, Statevector(long).data, atol=1e-13)
    _, ticket = disjoint_ticket(circuit, 3)
    counts = circuit.circuit(angles, ticket, short=True).count_ops()
    assert (counts["cx"], counts.get("rzz", 0)) == (3, 0)


def test_circuits_of_lattices_beyond_any_state_vector():
    circuit = RotationCircuit(IsingModel(10, 10, CRITICAL_FIELD), 1)
    angles, mask = disjoint_ticket(circuit, 50)
    made = circuit.circuit(angles, mask, short=True)
    assert dict(made.count_ops()) == {"ry": 50, "cx": 50, "h": 100}
    assert made.depth() == 3


def test_it_pickles(circuit):
    again = pickle.loads(pickle.dumps(circuit))
    assert again.energy(again.start(0)) == circuit.energy(circuit.start(0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: RotationCircuit(model, 0), "p = 0 is too small"),
        (lambda model: RotationCircuit(ToricCode(2, 2), 1), "has no bonds for rotations"),
        (
            lambda model: RotationCircuit(IsingModel(6, 6, 1.0), 1).energy(np.zeros(120)),
            "36 sites have 2\\^36 amplitudes",
        ),
        (lambda model: RotationCircuit(model, 1).energy([1, 2]), "angles have shape \\(2,\\); give 8 finite"),
        (lambda model: RotationCircuit(model, 1).circuit(np.full(8, np.inf)), "give 8 finite numbers"),
        (lambda model: RotationCircuit(model, 1).energy(np.ones(8), np.ones(7, bool)), "The mask has shape \\(7,\\)"),
        (lambda model: RotationCircuit(model, 1).energy(np.ones(8), np.ones(8)), "type float64; give 8 booleans"),
        (lambda model: RotationCircuit(model, 1).start(-1), "seed = -1 cannot seed"),
        (lambda model: disjoint_ticket(RotationCircuit(model, 1), 3), "gates = 3 cannot all be disjoint"),
        (lambda model: disjoint_ticket(RotationCircuit(model, 1), 0), "gates = 0 is too small"),
    ],
)
def test_refusals_are_one_line(call, message):
    with pytest.raises(InputError, match=message) as refusal:
        call(IsingModel(2, 2, CRITICAL_FIELD))
    assert "\n" not in str(refusal.value)


def _hadamard():
    return np.array([[1, 1], [1, -1]]) / math.sqrt(2)
