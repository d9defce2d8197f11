"""The cost of a circuit on an IBM device: gates after routing, duration and fidelity from a calibration snapshot."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from qiskit import QuantumCircuit
from qiskit.transpiler import InstructionProperties, Target

from problems.errors import InputError
from quantum.backends.snapshots import shared_snapshot, working_target
from quantum.preset_passes import TargetPasses
from quantum.resources.counts import OPTIMIZATION_LEVEL, SEED, GateCounts, count_gates
from quantum.resources.fractional import fold_angles, with_fractional
from quantum.resources.operations import Operation, critical_path, operations

__all__ = ["TargetCounts", "check_target", "device_target", "target_counts"]


@dataclass(frozen=True)
class TargetCounts:
    """Size of a circuit on a device, in the device's own gates and along its own connections.

    Attributes
    ----------
    target
        The snapshot's name.
    gates
        Its size; the qubits are those in use.
    duration
        Seconds on the longest path of one shot, or None where the snapshot does not state every duration. The
        classical part of feed-forward counts as instantaneous: no snapshot states its time.
    fidelity
        The product of 1 - error over all gates, resets and measurements: a rough scale, no simulation. None where the
        error of an RZZ gate is not known.
    """

    target: str
    gates: GateCounts
    duration: float | None
    fidelity: float | None


@cache
def device_target(target_name: str) -> Target:
    """Return a snapshot's description without its broken gates; decoded once, which takes longer than small circuits.

    Raises
    ------
    InputError
        If qiskit-ibm-runtime is missing, or there is no such snapshot.
    """
    return working_target(shared_snapshot(target_name, "target").target)


def check_target(circuit: QuantumCircuit, target_name: str) -> Target:
    """Return a device's description, or refuse a circuit that it cannot hold, before anything is compiled.

    Two-qubit gates that the snapshot marks as broken (error 1) are left out.

    Parameters
    ----------
    circuit
        The circuit.
    target_name
        A snapshot in `qiskit_ibm_runtime.fake_provider`: "fake_fez", "fake_torino", "fake_sherbrooke", ...

    Raises
    ------
    InputError
        If qiskit-ibm-runtime is missing, there is no such snapshot, it has too few connected qubits, or it takes no
        feed-forward and the circuit has some.
    """
    target = device_target(target_name)
    connected = max(len(part.physical_qubits) for part in target.build_coupling_map().connected_components())
    if circuit.num_qubits > connected:
        raise InputError(
            f"The circuit has {circuit.num_qubits} qubits, but {target_name} connects {connected} by working gates; "
            "choose a larger target, fewer features or a smaller prime."
        )
    for name in {instruction.name for instruction in circuit.data if instruction.is_control_flow()}:
        if name not in target.operation_names:
            raise InputError(
                f"The circuit has feed-forward ({name}), which {target_name} does not take; choose another target, or "
                "leave feed-forward out."
            )
    return target


def target_counts(circuit: QuantumCircuit, target_name: str, fractional: bool = False) -> TargetCounts:
    """Compile a circuit for a device and count; deterministic.

    Parameters are those of `check_target`; with `fractional` the device gets RZZ gates too, see `with_fractional`.

    Raises
    ------
    InputError
        As `check_target` and `with_fractional` do, and if the circuit has a loop.
    """
    target = check_target(circuit, target_name)
    if fractional:
        target = with_fractional(target)
    passes = TargetPasses(target, shared=not fractional)(OPTIMIZATION_LEVEL, SEED)
    if fractional:
        passes.post_optimization = fold_angles(target)
    compiled = passes.run(circuit)
    used = {qubit for operation in operations(compiled) if operation.name != "barrier" for qubit in operation.qubits}
    calibrated = _calibration(compiled, target)
    gates = replace(count_gates(compiled), qubits=len(used))
    return TargetCounts(target_name, gates, _duration(compiled, calibrated), _fidelity(compiled, calibrated))


def _calibration(compiled: QuantumCircuit, target: Target) -> Callable[[Operation], InstructionProperties]:
    index = {qubit: i for i, qubit in enumerate(compiled.qubits)}
    known = {name: dict(target[name]) for name in target.operation_names}
    free, unknown = InstructionProperties(duration=0.0, error=0.0), InstructionProperties()

    def calibrated(operation: Operation) -> InstructionProperties:
        if operation.name == "barrier":
            return free
        return known[operation.name][tuple(index[qubit] for qubit in operation.qubits)] or unknown

    return calibrated


def _fidelity(compiled: QuantumCircuit, calibrated: Callable[[Operation], InstructionProperties]) -> float | None:
    fidelity = 1.0
    for operation in operations(compiled):
        error = calibrated(operation).error
        if operation.name == "rzz" and error is None:
            return None
        fidelity *= 1 - (error or 0)
    return fidelity


def _duration(compiled: QuantumCircuit, calibrated: Callable[[Operation], InstructionProperties]) -> float | None:
    if any(calibrated(operation).duration is None for operation in operations(compiled)):
        return None
    return critical_path(operations(compiled), lambda operation: calibrated(operation).duration)
