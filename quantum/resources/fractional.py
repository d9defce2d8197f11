"""RZZ gates of any angle: how a circuit is counted where a device has them.

IBM calls them fractional gates. None of the snapshots that come with qiskit-ibm-runtime has them, so a target is made
by hand: RZZ on every pair that has CZ. Its angles are folded into 0..pi/2, as the devices take them, by the runtime
client's own pass. Its error is not known: vendors state that of another gate on the same pair in its place.
"""

from functools import cache
from importlib import import_module

from qiskit import QuantumCircuit, generate_preset_pass_manager
from qiskit.circuit import Parameter
from qiskit.circuit.library import RZZGate
from qiskit.passmanager import BasePassManager
from qiskit.transpiler import InstructionProperties, PassManager, Target
from qiskit.transpiler.passes import Optimize1qGatesDecomposition

from problems.errors import InputError
from quantum.resources.counts import OPTIMIZATION_LEVEL, SEED, GateCounts, count_gates

__all__ = ["FRACTIONAL_BASIS", "compile_fractional", "fold_angles", "fractional_counts", "with_fractional"]

FRACTIONAL_BASIS = ("rzz", "cz", "rx", "rz", "sx", "x")
"""The gates of a device that has fractional ones."""


def compile_fractional(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return the circuit transpiled to `FRACTIONAL_BASIS`, all qubits connected, angles of RZZ in 0..pi/2.

    Deterministic.

    Raises
    ------
    InputError
        If qiskit-ibm-runtime is missing.
    """
    passes = generate_preset_pass_manager(
        optimization_level=OPTIMIZATION_LEVEL, basis_gates=list(FRACTIONAL_BASIS), seed_transpiler=SEED
    )
    passes.post_optimization = fold_angles()
    return passes.run(circuit)


def fractional_counts(circuit: QuantumCircuit) -> GateCounts:
    """Count the gates of a circuit after `compile_fractional`.

    Raises
    ------
    InputError
        If qiskit-ibm-runtime is missing, or the circuit has a loop.
    """
    return count_gates(compile_fractional(circuit))


def fold_angles(target: Target | None = None) -> BasePassManager:
    """Return the passes that bring the angles of RZZ into 0..pi/2; without a target, for `FRACTIONAL_BASIS`.

    Raises
    ------
    InputError
        If qiskit-ibm-runtime is missing.
    """
    single = [gate for gate in FRACTIONAL_BASIS if gate not in ("rzz", "cz")]
    merged = Optimize1qGatesDecomposition(basis=single) if target is None else Optimize1qGatesDecomposition(target)
    return PassManager([_folding()(), merged])


@cache
def _folding() -> type:
    try:
        return import_module("qiskit_ibm_runtime.transpiler.passes").FoldRzzAngle
    except ImportError:
        raise InputError(
            "Fractional gates are counted with qiskit-ibm-runtime's own pass, which is not installed; install it "
            "with: pip install 'quantum-tickets[ibm]'"
        ) from None


def with_fractional(target: Target) -> Target:
    """Return a target with RZZ on the pairs that have CZ, and nothing known of its error and duration.

    Where the target has RZZ itself, it stays, but for an error that is another gate's on the same pair.

    Raises
    ------
    InputError
        If the target has no CZ: nobody offers RZZ on such devices.
    """
    if "cz" not in target.operation_names:
        raise InputError(
            f"A device with the gates {', '.join(sorted(target.operation_names))} is none that RZZ gates of any angle "
            "come with; name one with CZ, such as fake_fez, or leave the fractional gates out."
        )
    made = Target(
        num_qubits=target.num_qubits,
        dt=target.dt,
        granularity=target.granularity,
        min_length=target.min_length,
        pulse_alignment=target.pulse_alignment,
        acquire_alignment=target.acquire_alignment,
        qubit_properties=target.qubit_properties,
    )
    for name in target.operation_names:
        known = dict(target[name])
        if name == "rzz":
            known = {pair: _own(target, pair, found) for pair, found in known.items()}
        made.add_instruction(target.operation_from_name(name), None if None in known else known, name=name)
    if "rzz" not in target.operation_names:
        made.add_instruction(RZZGate(Parameter("angle")), dict.fromkeys(target["cz"], InstructionProperties()))
    return made


def _own(target: Target, pair: tuple[int, ...], found: InstructionProperties | None) -> InstructionProperties:
    """Return the properties of RZZ on a pair, without an error that another gate has there."""
    if found is None:
        return InstructionProperties()
    others = [name for name in target.operation_names if name != "rzz" and pair in target[name]]
    errors = [getattr(target[name][pair], "error", None) for name in others]
    return InstructionProperties(found.duration, None if found.error in errors else found.error)
