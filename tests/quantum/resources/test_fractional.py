"""Targets with RZZ gates made by hand: where they have them, what is known of them, and what is refused."""

import sys

import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.circuit.library import CZGate, RZZGate, SXGate
from qiskit.transpiler import InstructionProperties, Target

from problems.errors import InputError
from quantum.resources import device_target, fractional, target_counts, with_fractional
from quantum.ridgelet import ridgelet_transform

pytest.importorskip("qiskit_ibm_runtime")


def test_a_snapshot_gets_rzz_on_the_pairs_that_have_cz_and_nothing_is_known_of_it():
    plain = device_target("fake_fez")
    made = with_fractional(plain)
    assert "rzz" not in plain.operation_names
    assert set(made["rzz"]) == set(plain["cz"])
    assert {(known.error, known.duration) for known in made["rzz"].values()} == {(None, None)}
    for name in plain.operation_names:
        assert dict(made[name]) == dict(plain[name])


def test_an_error_that_is_another_gates_is_not_known():
    target = Target(num_qubits=3)
    target.add_instruction(SXGate(), {(qubit,): InstructionProperties(1e-8, 1e-4) for qubit in range(3)})
    target.add_instruction(CZGate(), {pair: InstructionProperties(7e-8, 3e-3) for pair in ((0, 1), (1, 2))})
    known = {(0, 1): InstructionProperties(6e-8, 3e-3), (1, 2): InstructionProperties(6e-8, 2e-3)}
    target.add_instruction(RZZGate(Parameter("angle")), known)
    found = with_fractional(target)["rzz"]
    assert (found[0, 1].duration, found[0, 1].error) == (6e-8, None)
    assert (found[1, 2].duration, found[1, 2].error) == (6e-8, 2e-3)


def test_on_a_device_the_fidelity_with_rzz_is_not_known():
    circuit = ridgelet_transform(17, 1, encoding="rader", fractional=True)
    found = target_counts(circuit, "fake_fez", fractional=True)
    assert (found.fidelity, found.duration) == (None, None)
    assert found.gates.two_qubit < target_counts(circuit, "fake_fez").gates.two_qubit


def test_devices_without_cz_are_refused():
    with pytest.raises(InputError, match=r"cx.*name one with CZ, such as fake_fez"):
        with_fractional(device_target("fake_manila"))


def test_without_the_runtime_client_it_says_what_to_install(monkeypatch):
    name = "qiskit_ibm_runtime.transpiler.passes"
    monkeypatch.setitem(sys.modules, name, None)
    fractional._folding.cache_clear()
    with pytest.raises(InputError, match=r"pip install 'quantum-tickets\[ibm\]'"):
        fractional.fractional_counts(QuantumCircuit(1))
