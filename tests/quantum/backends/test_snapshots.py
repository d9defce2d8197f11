"""Calibration snapshots: their names, and what is left of them without broken gates."""

import sys

import pytest
from qiskit.transpiler import InstructionProperties, Target

from problems.errors import InputError
from quantum.backends.snapshots import shared_snapshot, snapshot, snapshot_names, working_target

pytest.importorskip("qiskit_ibm_runtime")


def test_names_are_sorted_and_each_gives_its_device():
    names = snapshot_names()
    assert names == sorted(set(names))
    assert {"fake_fez", "fake_torino", "fake_manila"} <= set(names)
    assert snapshot("fake_manila").name == "fake_manila"
    assert snapshot("fake_manila").num_qubits == 5


def test_a_shared_snapshot_is_made_once_and_any_other_anew():
    assert shared_snapshot("fake_manila") is shared_snapshot("fake_manila", "target")
    assert snapshot("fake_manila") is not shared_snapshot("fake_manila")
    with pytest.raises(InputError, match=r"no target 'fake_fes'. Did you mean 'fake_fez'"):
        shared_snapshot("fake_fes", "target")


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"no backend 'fake_fes'. Did you mean 'fake_fez'"):
        snapshot("fake_fes")


@pytest.mark.parametrize(
    "ask", [snapshot_names, lambda: snapshot("fake_manila"), lambda: shared_snapshot("fake_manila")]
)
def test_the_missing_extra_is_named(ask, monkeypatch):
    monkeypatch.setitem(sys.modules, "qiskit_ibm_runtime.fake_provider", None)
    with pytest.raises(InputError, match=r"pip install 'quantum-tickets\[ibm\]'"):
        ask()


def test_broken_two_qubit_gates_are_left_out_and_all_else_is_kept():
    target = snapshot("fake_fez").target
    working = working_target(target)
    broken = [qubits for qubits, known in target["cz"].items() if known.error == 1]
    assert len(broken) == 14
    assert set(target["cz"]) - set(working["cz"]) == set(broken)
    for name in set(target.operation_names) - {"cz"}:
        assert dict(working[name]) == dict(target[name])
    for known in ("dt", "pulse_alignment", "acquire_alignment", "granularity", "min_length"):
        assert getattr(working, known) == getattr(target, known)
    for kept, known in zip(working.qubit_properties, target.qubit_properties, strict=True):
        assert (kept.t1, kept.t2) == (known.t1, known.t2)


def test_a_broken_gate_on_one_qubit_or_without_figures_stays():
    from qiskit.circuit import Parameter
    from qiskit.circuit.library import CXGate, RZGate, XGate

    target = Target(num_qubits=2)
    target.add_instruction(XGate(), {(0,): InstructionProperties(error=1.0), (1,): None})
    target.add_instruction(CXGate(), {(0, 1): None, (1, 0): InstructionProperties(error=None)})
    target.add_instruction(RZGate(Parameter("t")), {(0,): InstructionProperties(error=0.0)})
    working = working_target(target)
    assert set(working["x"]) == {(0,), (1,)}
    assert set(working["cx"]) == {(0, 1), (1, 0)}
