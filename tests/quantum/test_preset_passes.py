"""Passes that are kept compile as fresh ones do, and belong to what a device's description says."""

import threading

import numpy as np
import pytest
from qiskit import QuantumCircuit, generate_preset_pass_manager
from qiskit.circuit import Gate, Parameter
from qiskit.circuit.library import CXGate, RXGate
from qiskit.transpiler import InstructionProperties, QubitProperties, Target

from quantum import preset_passes
from quantum.backends.snapshots import shared_snapshot, working_target
from quantum.preset_passes import KEPT, TargetPasses, basis_passes
from quantum.target_contents import target_contents

BASIS = ("cx", "rz", "sx", "x")


def random_circuit(seed, qubits=4):
    rng = np.random.default_rng(seed)
    circuit = QuantumCircuit(qubits, qubits)
    for _ in range(8):
        one, other = (int(qubit) for qubit in rng.choice(qubits, 2, replace=False))
        circuit.rx(rng.normal(), one)
        circuit.cx(one, other)
        circuit.rzz(rng.normal(), one, other)
    circuit.measure(range(qubits), range(qubits))
    return circuit


@pytest.fixture
def target():
    pytest.importorskip("qiskit_ibm_runtime")
    return working_target(shared_snapshot("fake_manila").target)


@pytest.mark.parametrize("level", range(4))
def test_kept_passes_compile_as_fresh_ones(level, target):
    """Each is used for several circuits, in another order the second time."""
    given = {"optimization_level": level, "seed_transpiler": 5}
    for seed in (0, 1, 2, 1, 0):
        circuit = random_circuit(seed)
        fresh = generate_preset_pass_manager(basis_gates=list(BASIS), **given).run(circuit)
        assert basis_passes(BASIS, level, 5).run(circuit) == fresh
        for layout in (None, [3, 1, 0, 2]):
            fresh = generate_preset_pass_manager(target=target, initial_layout=layout, **given).run(circuit)
            found = TargetPasses(working_target(target))(level, 5, layout).run(circuit)
            assert found == fresh
            assert found.layout.final_index_layout() == fresh.layout.final_index_layout()


def test_passes_are_made_once_and_the_last_ones_are_kept(target, monkeypatch):
    made = []

    def counted(**options):
        made.append(options["seed_transpiler"])
        return generate_preset_pass_manager(**options)

    monkeypatch.setattr(preset_passes, "_KEPT", preset_passes._Kept())
    monkeypatch.setattr(preset_passes, "generate_preset_pass_manager", counted)
    for seed in (0, 1, 0, 1):
        assert TargetPasses(working_target(target))(1, seed) is TargetPasses(target)(1, seed)
    assert made == [0, 1]
    for seed in range(2, KEPT + 1):  # seed 0 was used before seed 1
        TargetPasses(target)(1, seed)
    TargetPasses(target)(1, 1)
    TargetPasses(target)(1, 0)
    assert made == [*range(KEPT + 1), 0]


def test_each_thread_has_its_own():
    """They hold what they found while they run."""
    found = []
    thread = threading.Thread(target=lambda: found.append(basis_passes(BASIS, 1, 0)))
    thread.start()
    thread.join()
    assert found[0] is not basis_passes(BASIS, 1, 0)
    assert basis_passes(BASIS, 1, 0) is basis_passes(list(BASIS), 1, 0)


def test_what_is_not_shared_may_be_changed(target):
    assert TargetPasses(target, shared=False)(1, 0) is not TargetPasses(target, shared=False)(1, 0)


def test_passes_stay_as_they_were_when_their_target_changes(target):
    circuit = random_circuit(0)
    before = TargetPasses(target)(3, 0).run(circuit)
    again = working_target(target)
    worse = {pair: InstructionProperties(error=0.4, duration=1e-7) for pair in target["cx"] if 1 in pair}
    for pair, properties in worse.items():
        target.update_instruction_properties("cx", pair, properties)
    changed = TargetPasses(target)(3, 0).run(circuit)
    assert changed == generate_preset_pass_manager(3, target=target, seed_transpiler=0).run(circuit)
    assert TargetPasses(again)(3, 0).run(circuit) == before != changed


def described(angle=0.5, error=0.1, t1=1e-4, dt=1e-9, gate=None):
    made = Target(num_qubits=2, dt=dt, qubit_properties=[QubitProperties(t1=t1), QubitProperties()])
    made.add_instruction(gate or RXGate(angle), {(0,): InstructionProperties(1e-8, error), (1,): None}, name="turn")
    made.add_instruction(CXGate(), {(0, 1): None})
    return made


def test_descriptions_are_equal_where_they_say_the_same():
    contents = target_contents(described())
    assert contents == target_contents(described())
    assert hash(contents) == hash(target_contents(described()))
    for other in ({"angle": 0.6}, {"error": 0.2}, {"t1": 2e-4}, {"dt": 2e-9}):
        assert target_contents(described(**other)) != contents


def test_what_plain_data_do_not_tell_is_not_kept(target):
    assert target_contents(described(gate=Gate("turn", 1, []))) is None
    bounded = Target(num_qubits=1)
    bounded.add_instruction(RXGate(Parameter("angle")), {(0,): None}, angle_bounds=[(0, 1)])
    assert target_contents(bounded) is None
    assert target_contents(target) is not None
