"""Costs on devices: by hand from the calibration, against Qiskit's own estimates, and what is refused."""

import sys

import numpy as np
import pytest
from qiskit import QuantumCircuit, generate_preset_pass_manager

from problems.errors import InputError
from quantum.resources import check_target, device_target, target_counts
from quantum.ridgelet import ridgelet_transform

fake_provider = pytest.importorskip("qiskit_ibm_runtime.fake_provider")


def chain(num_qubits):
    """A chain of CX, measured."""
    circuit = QuantumCircuit(num_qubits)
    circuit.h(0)
    for qubit in range(num_qubits - 1):
        circuit.cx(qubit, qubit + 1)
    circuit.measure_all()
    return circuit


def test_one_gate_and_one_measurement_cost_what_the_calibration_says():
    """A device of one qubit leaves no choice of layout."""
    target = fake_provider.FakeArmonkV2().target
    circuit = QuantumCircuit(1, 1)
    circuit.x(0)
    circuit.measure(0, 0)
    found = target_counts(circuit, "fake_armonk")
    x, measure = target["x"][0,], target["measure"][0,]
    assert (found.target, found.gates.qubits, found.gates.depth, found.gates.one_qubit) == ("fake_armonk", 1, 2, 1)
    assert found.duration == pytest.approx(x.duration + measure.duration, rel=1e-12)
    assert found.fidelity == pytest.approx((1 - x.error) * (1 - measure.error), rel=1e-12)


def test_conditioned_gates_add_to_duration_and_error():
    target = fake_provider.FakeManilaV2().target
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.x(0)
    found = target_counts(circuit, "fake_manila")
    calibrations = [(target["x"][qubit,], target["measure"][qubit,]) for qubit in range(5)]
    possible = [(1 - x.error) * (1 - measure.error) for x, measure in calibrations]
    where = int(np.argmin(np.abs(np.array(possible) - found.fidelity)))
    x, measure = calibrations[where]
    assert (found.gates.conditioned, found.gates.measurements) == (1, 1)
    assert found.fidelity == pytest.approx(possible[where], rel=1e-12)
    assert found.duration == pytest.approx(x.duration + measure.duration, rel=1e-12)


def test_a_chain_fits_a_line_without_swaps():
    """fake_manila is a line of 5 qubits."""
    gates = target_counts(chain(5), "fake_manila").gates
    assert (gates.qubits, gates.two_qubit, gates.measurements) == (5, 4, 5)


def test_a_circle_does_not_fit_a_line():
    circuit = chain(4).remove_final_measurements(inplace=False)
    circuit.cx(3, 0)
    assert target_counts(circuit, "fake_manila").gates.two_qubit > 4


@pytest.mark.parametrize("name", ["fake_fez", "fake_torino", "fake_sherbrooke"])
@pytest.mark.parametrize("circuit", [chain(5), ridgelet_transform(3, 2), ridgelet_transform(5, 1)])
def test_the_estimates_are_those_of_qiskit(name, circuit):
    found = target_counts(circuit, name)
    target = check_target(circuit, name)
    compiled = generate_preset_pass_manager(optimization_level=2, target=target, seed_transpiler=0).run(circuit)
    assert found.duration == pytest.approx(compiled.estimate_duration(target), rel=1e-12)
    assert found.fidelity == pytest.approx(compiled.estimate_fidelity(target), rel=1e-12)
    assert found.gates.depth == compiled.depth()
    assert found.gates.two_qubit == compiled.num_nonlocal_gates()
    assert 0 < found.fidelity < 1
    assert found == target_counts(circuit, name)


@pytest.mark.parametrize("kind", ["FakeFez", "FakeTorino", "FakeSherbrooke"])
def test_broken_two_qubit_gates_are_left_out(kind):
    backend = getattr(fake_provider, kind)()
    working = check_target(chain(2), backend.name)
    broken = 0
    for name in backend.target.operation_names:
        for qubits, known in backend.target[name].items():
            if qubits is not None and len(qubits) == 2 and known is not None and (known.error or 0) >= 1:
                broken += 1
                assert qubits not in working[name]
            elif known is not None:
                kept = working[name][qubits]
                assert (kept.duration, kept.error) == (known.duration, known.error)
    assert broken > 0


# Refusals, all before anything is compiled


@pytest.fixture
def never_compiled(monkeypatch):
    def never(*arguments, **options):
        raise AssertionError("a refused circuit was compiled")

    monkeypatch.setattr("quantum.resources.targets.TargetPasses", never)


def test_an_unknown_target_is_refused_with_the_nearest(never_compiled):
    with pytest.raises(InputError, match=r"no target 'fake_fes'. Did you mean 'fake_fez'"):
        target_counts(chain(2), "fake_fes")


def test_more_qubits_than_the_device_has_are_refused_with_both_numbers(never_compiled):
    with pytest.raises(InputError, match="The circuit has 6 qubits, but fake_manila connects 5"):
        target_counts(chain(6), "fake_manila")


def test_feed_forward_that_the_device_does_not_take_is_refused(never_compiled):
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.x(0)
    with pytest.raises(InputError, match=r"feed-forward \(if_else\), which fake_miami does not take"):
        target_counts(circuit, "fake_miami")


def test_the_missing_extra_is_named(never_compiled, monkeypatch):
    device_target.cache_clear()
    monkeypatch.setitem(sys.modules, "qiskit_ibm_runtime.fake_provider", None)
    with pytest.raises(InputError, match=r"pip install 'quantum-tickets\[ibm\]'"):
        target_counts(chain(2), "fake_fez")
