"""Circuits fitted to devices: in their gates, reproducible, with figures that agree with Qiskit's, or refused."""

import json

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.circuit.library import CXGate, Measure, RZGate, SXGate, XGate
from qiskit.quantum_info import Statevector
from qiskit.transpiler import InstructionProperties, Target

from problems.errors import InputError
from quantum.backends import fitting
from quantum.backends.fitting import FittedCircuit, check_depth, fit_circuit
from quantum.backends.options import UnknownErrors
from quantum.backends.snapshots import shared_snapshot
from quantum.preset_passes import TargetPasses
from tests.quantum.backends.circuits import chain, fed_forward

pytest.importorskip("qiskit_ibm_runtime")


def square(broken=(), errors=(1e-3, 0.02, 0.01)):
    """A square of four qubits with errors of gates, measurements and CX gates, some of which are broken."""
    gate, measurement, pair_error = errors
    target = Target(num_qubits=4, dt=1e-9)
    everywhere = {(qubit,): InstructionProperties(duration=1e-8, error=gate) for qubit in range(4)}
    for one in (RZGate(Parameter("t")), SXGate(), XGate()):
        target.add_instruction(one, dict(everywhere))
    times = {key: InstructionProperties(duration=1e-6, error=measurement) for key in everywhere}
    target.add_instruction(Measure(), times)
    pairs = [(0, 1), (1, 2), (2, 3), (3, 0)]
    target.add_instruction(
        CXGate(),
        {pair: InstructionProperties(duration=1e-7, error=1.0 if pair in broken else pair_error) for pair in pairs},
    )
    return target


def places(circuit, name):
    found = [instruction for instruction in circuit.data if instruction.name == name]
    return [tuple(circuit.find_bit(qubit).index for qubit in instruction.qubits) for instruction in found]


@pytest.mark.parametrize("name", ["fake_fez", "fake_manila"])
def test_a_fitted_circuit_is_in_the_devices_gates_and_keeps_its_register(name):
    from qiskit_ibm_runtime.utils.utils import is_isa_circuit

    target = shared_snapshot(name).target
    fitted = fit_circuit(chain(4), target, name, tries=4)
    assert is_isa_circuit(fitted.circuit, target) == ""
    assert [(register.name, register.size) for register in fitted.circuit.cregs] == [("node", 4)]
    assert fitted.qubits == tuple(sorted(qubit for (qubit,) in places(fitted.circuit, "measure")))


def test_the_fitted_circuit_does_what_the_circuit_does():
    circuit = chain(4)
    fitted = fit_circuit(circuit, shared_snapshot("fake_manila").target, "fake_manila", tries=3)
    ideal = Statevector(circuit.remove_final_measurements(inplace=False)).probabilities()
    measured = [place for (place,) in sorted(places(fitted.circuit, "measure"), key=lambda place: _bit(fitted, place))]
    found = Statevector(fitted.circuit.remove_final_measurements(inplace=False)).probabilities(measured)
    np.testing.assert_allclose(found, ideal, atol=1e-12)


def _bit(fitted, place):
    for instruction in fitted.circuit.data:
        if instruction.name == "measure" and fitted.circuit.find_bit(instruction.qubits[0]).index == place[0]:
            return fitted.circuit.find_bit(instruction.clbits[0]).index
    raise AssertionError(place)


def everyone_with_everyone(num_qubits):
    """CX between all qubits, so that a device has to route, and the seed decides how."""
    circuit = QuantumCircuit(num_qubits, num_qubits)
    for control in range(num_qubits):
        circuit.ry(0.3 + control, control)
        for target in range(num_qubits):
            if target != control:
                circuit.cx(control, target)
    circuit.measure(range(num_qubits), range(num_qubits))
    return circuit


def test_fitting_is_deterministic():
    target = shared_snapshot("fake_lagos").target
    passes, circuit = TargetPasses(target), everyone_with_everyone(5)
    tried = [fitting._fit(circuit, target, passes, "fake_lagos", seed, False) for seed in (0, 1, 2, 3, 0, 1, 2, 3)]
    for one, again in zip(tried[:4], tried[4:], strict=True):
        assert one.circuit == again.circuit
        assert one.summary() == again.summary()
    assert len({one.fidelity for one in tried}) > 1
    one, other = (fit_circuit(chain(4), shared_snapshot("fake_fez").target, "fake_fez", tries=4) for _ in range(2))
    assert one.circuit == other.circuit
    assert one.summary() == other.summary()


@pytest.mark.parametrize("measured", [3, 2])
def test_without_noise_the_first_circuit_than_which_none_is_better_is_taken(monkeypatch, measured):
    """Of twelve the same one, as where all are tried: those with errors of 0; one on more qubits than it measures."""
    circuit, target, known = chain(3), square(errors=(0.0, 0.0, 0.0)), fitting._fit
    del circuit.data[len(circuit.data) - 3 + measured :]
    seeds = []

    def fit(*arguments):
        seeds.append(arguments[4])
        return known(*arguments)

    monkeypatch.setattr(fitting, "_fit", fit)
    quick, tried = fit_circuit(circuit, target, "square", noiseless=True), list(seeds)
    seeds.clear()
    every = fit_circuit(circuit, target, "square")
    assert quick.circuit == every.circuit
    assert quick.summary() == every.summary()
    assert seeds == list(range(12))
    assert tried == ([0] if measured == 3 else seeds)


def test_the_figures_are_those_of_qiskit():
    target = shared_snapshot("fake_fez").target
    fitted = fit_circuit(chain(5), target, "fake_fez", tries=3)
    assert fitted.fidelity == pytest.approx(fitted.circuit.estimate_fidelity(target), rel=1e-12)
    assert fitted.duration == pytest.approx(fitted.circuit.estimate_duration(target, unit="s"), rel=1e-12)
    assert fitted.two_qubit_gates == fitted.circuit.num_nonlocal_gates() == 4
    assert fitted.depth == fitted.circuit.depth()


def test_figures_by_hand():
    """One X and one measurement."""
    circuit = QuantumCircuit(1, 1)
    circuit.x(0)
    circuit.measure(0, 0)
    fitted = fit_circuit(circuit, square(), "square")
    assert fitted.depth == 2
    assert fitted.two_qubit_gates == 0
    assert fitted.fidelity == pytest.approx(0.999 * 0.98, rel=1e-12)
    assert fitted.duration == pytest.approx(1.01e-6, rel=1e-12)


def test_the_summary_is_plain_and_complete():
    fitted = fit_circuit(chain(3), square(), "square")
    summary = fitted.summary()
    assert json.loads(json.dumps(summary)) == summary
    assert set(summary) == {"qubits", "depth", "two_qubit_gates", "duration", "fidelity", "unknown", "seed"}
    assert summary["qubits"] == list(fitted.qubits)
    for name in set(summary) - {"qubits"}:
        assert summary[name] == getattr(fitted, name)


def test_of_all_seeds_the_fewest_qubits_count_first_and_then_the_fidelity(monkeypatch):
    known = {0: (5, 0.9), 1: (4, 0.7), 2: (4, 0.8), 3: (4, 0.8), 4: (6, 0.99)}

    def known_fit(circuit, target, passes, name, seed, noiseless):
        qubits, fidelity = known[seed]
        return FittedCircuit(circuit, tuple(range(qubits)), 1, 1, None, fidelity, 0, seed)

    monkeypatch.setattr(fitting, "_fit", known_fit)
    assert fit_circuit(chain(2), square(), "square", tries=5).seed == 2
    assert fit_circuit(chain(2), square(), "square", tries=2).seed == 1
    assert fit_circuit(chain(2), square(), "square", tries=1).seed == 0


@pytest.mark.parametrize("broken", [(0, 1), (1, 2), (2, 3), (3, 0)])
def test_a_broken_gate_is_not_used(broken):
    fitted = fit_circuit(chain(4), square([broken]), "square")
    assert broken not in places(fitted.circuit, "cx")
    assert fitted.two_qubit_gates == 3


def test_more_qubits_than_working_gates_connect_are_refused_with_both_numbers():
    assert fit_circuit(chain(4), square(), "square", tries=1).qubits == (0, 1, 2, 3)
    with pytest.raises(InputError, match="The circuit has 4 qubits, but square connects 2 by working gates; choose"):
        fit_circuit(chain(4), square([(0, 1), (2, 3)]), "square")
    with pytest.raises(InputError, match="has 6 qubits, but fake_manila connects 5"):
        fit_circuit(chain(6), shared_snapshot("fake_manila").target, "fake_manila")


def test_feed_forward_is_fitted_where_the_device_takes_it():
    fitted = fit_circuit(fed_forward(), shared_snapshot("fake_manila").target, "fake_manila", tries=2)
    assert fitted.duration is None
    assert len(fitted.qubits) == 2
    with pytest.raises(InputError, match=r"feed-forward \(if_else\), which square does not take; .*leave feed-forward"):
        fit_circuit(fed_forward(), square(), "square")


def test_gates_inside_feed_forward_count():
    target = shared_snapshot("fake_manila").target
    fitted = fit_circuit(fed_forward(), target, "fake_manila", tries=1)
    (conditional,) = (one for one in fitted.circuit.data if one.is_control_flow())
    assert [one.name for block in conditional.operation.blocks for one in block.data] == ["x"]
    expected = 1 - target["x"][fitted.circuit.find_bit(conditional.qubits[0]).index,].error
    for name in ("sx", "rz", "x", "measure"):
        for qubits in places(fitted.circuit, name):
            expected *= 1 - target[name][qubits].error
    assert fitted.fidelity == pytest.approx(expected, rel=1e-12)


def test_a_duration_that_is_not_stated_gives_none():
    target = square()
    target.update_instruction_properties("x", (0,), InstructionProperties(error=1e-3))
    circuit = QuantumCircuit(4, 4)
    circuit.x(range(4))
    circuit.measure(range(4), range(4))
    assert fit_circuit(circuit, target, "square", tries=1).duration is None
    assert fit_circuit(circuit, square(), "square", tries=1).duration == pytest.approx(1.01e-6)


def test_gates_that_cannot_be_had_are_refused_in_one_line():
    target = Target(num_qubits=2)
    target.add_instruction(XGate(), {(0,): None, (1,): None})
    target.add_instruction(CXGate(), {(0, 1): None})
    target.add_instruction(Measure(), {(0,): None, (1,): None})
    with pytest.raises(InputError, match="cannot be written in the gates of poor") as refusal:
        fit_circuit(chain(2), target, "poor")
    assert "\n" not in str(refusal.value)


def of_fidelity(fidelity, duration=2e-6, unknown=0):
    return FittedCircuit(QuantumCircuit(1), (0,), 77, 55, duration, fidelity, unknown, 0)


@pytest.mark.parametrize("shots", [1, 100, 101, 400, 10_000])
def test_a_circuit_is_too_deep_below_one_over_the_root_of_the_shots(shots):
    limit = 1 / np.sqrt(max(shots, 100))
    check_depth(of_fidelity(limit * 1.0001), shots, "dev")
    with pytest.raises(InputError, match="too deep for dev"):
        check_depth(of_fidelity(limit * 0.9999), shots, "dev")


def test_what_is_too_deep_is_told_with_figures():
    with pytest.raises(InputError) as refusal:
        check_depth(of_fidelity(0.004), 10_000, "dev")
    for figure in ("depth 77", "55 two-qubit gates", "2 microseconds", "fidelity of 0.004", "10000 shots", "(0.01)"):
        assert figure in str(refusal.value)
    with pytest.raises(InputError) as refusal:
        check_depth(of_fidelity(0.0, None), 10_000, "dev")
    assert "microseconds" not in str(refusal.value)


def partly_known(errors=(0.01, None, 0.2, 0.03)):
    """A square of four qubits whose calibration leaves some CX errors out, and says nothing of single qubits."""
    target = Target(num_qubits=4)
    for gate in (RZGate(Parameter("t")), SXGate(), XGate(), Measure()):
        target.add_instruction(gate, {(qubit,): None for qubit in range(4)})
    pairs = zip([(0, 1), (1, 2), (2, 3), (3, 0)], errors, strict=True)
    target.add_instruction(CXGate(), {pair: InstructionProperties(error=error) for pair, error in pairs})
    return target


def test_what_is_not_stated_is_unknown_and_no_error_of_zero():
    fitted = fit_circuit(chain(4), partly_known([None] * 4), "dev")
    assert fitted.fidelity is None
    assert fitted.unknown == sum(fitted.circuit.count_ops().values())
    assert fitted.expected == "an unknown fidelity"
    assert fit_circuit(chain(4), partly_known([None] * 4), "dev", noiseless=True).fidelity == 1


def test_of_what_is_partly_stated_the_product_over_the_rest_and_how_much_is_not():
    fitted = fit_circuit(chain(2), partly_known([0.01] * 4), "dev")
    operations = sum(fitted.circuit.count_ops().values())
    assert (fitted.fidelity, fitted.unknown) == (pytest.approx(0.99), operations - 1)
    assert fitted.expected == f"a fidelity of at most 0.99 ({operations - 1} operations of unknown error)"
    assert fitted.summary()["unknown"] == operations - 1


def test_a_layout_is_not_chosen_by_what_a_device_leaves_out(monkeypatch):
    known = {0: (0.9, 9, 3), 1: (None, 7, 5), 2: (0.5, 8, 2)}

    def fit_of(circuit, target, passes, name, seed, noiseless):
        fidelity, gates, unknown = known[seed]
        return FittedCircuit(circuit, (0, 1), 1, gates, None, fidelity, unknown, seed)

    monkeypatch.setattr(fitting, "_fit", fit_of)
    assert fit_circuit(chain(2), square(), "square", tries=3).seed == 1


def test_where_errors_are_unknown_depth_is_warned_of_and_not_refused():
    with pytest.warns(UnknownErrors, match="dev states no error of any gate, .* depth 77, 55 two-qubit gates"):
        check_depth(of_fidelity(None, unknown=90), 100, "dev")
    with pytest.warns(UnknownErrors, match=r"too deep for dev: .* at most 0.01 \(4 operations of unknown err"):
        check_depth(of_fidelity(0.01, unknown=4), 100, "dev")
    check_depth(of_fidelity(0.9, unknown=4), 100, "dev")
