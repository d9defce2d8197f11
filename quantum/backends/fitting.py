"""Circuits in a device's own gates and along its connections, and what is to be expected of them there."""

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qiskit import QuantumCircuit
from qiskit.circuit import Qubit
from qiskit.exceptions import QiskitError
from qiskit.transpiler import Target

from problems.errors import InputError
from quantum.backends.options import UnknownErrors
from quantum.backends.parts import compact, part_of
from quantum.backends.snapshots import working_target
from quantum.preset_passes import TargetPasses

__all__ = [
    "LEAST_SHOTS",
    "FittedCircuit",
    "check_depth",
    "check_width",
    "compact",
    "expect",
    "fit_circuit",
    "is_timed",
    "operation_counts",
    "part_of",
]

OPTIMIZATION_LEVEL = 3
"""Qiskit's."""

LEAST_SHOTS = 100
"""Fewer shots tell little on any device; what is too deep is decided as if there were this many."""


@dataclass(frozen=True, eq=False)
class FittedCircuit:
    """A circuit that a device takes as it is.

    Attributes
    ----------
    circuit
        On the device's qubits, in its gates, with the classical registers of the circuit that was fitted.
    qubits
        The device's qubits in use, ascending.
    depth
        Operations on the longest path, measurements included.
    two_qubit_gates
        Their number. Blocks of feed-forward are counted as if each of them ran.
    duration
        Seconds of one shot, or None where the device does not state every duration or outcomes are fed forward.
    fidelity
        The product of 1 - error over all gates, resets and measurements whose error the device states: a rough scale,
        no simulation. None if it states none of them.
    unknown
        Gates, resets and measurements whose error it does not state: the fidelity is lower by theirs.
    seed
        The seed of Qiskit's transpiler that gave the circuit.
    """

    circuit: QuantumCircuit
    qubits: tuple[int, ...]
    depth: int
    two_qubit_gates: int
    duration: float | None
    fidelity: float | None
    unknown: int
    seed: int

    @property
    def expected(self) -> str:
        """The fidelity to be expected, in words."""
        if self.fidelity is None:
            return "an unknown fidelity"
        if self.unknown:
            return f"a fidelity of at most {self.fidelity:.3g} ({self.unknown} operations of unknown error)"
        return f"an expected fidelity of {self.fidelity:.3g}"

    @property
    def layout(self) -> list[int] | None:
        """For each qubit of the circuit that was fitted the device's qubit where it ends; None where none is known."""
        layout = self.circuit.layout
        return None if layout is None else [int(place) for place in layout.final_index_layout()]

    def summary(self) -> dict[str, Any]:
        """Return all but the circuit as plain data, for records."""
        return {
            "qubits": list(self.qubits),
            "depth": self.depth,
            "two_qubit_gates": self.two_qubit_gates,
            "duration": self.duration,
            "fidelity": self.fidelity,
            "unknown": self.unknown,
            "seed": self.seed,
        }


def check_width(qubits: int, target: Target, name: str) -> None:
    """Refuse a circuit that has more qubits than a device connects by working gates.

    Parameters
    ----------
    qubits
        The width of the circuit.
    target
        The device's description, without broken gates.
    name
        What the device is called in the message.

    Raises
    ------
    InputError
        If it is too wide.
    """
    coupling = target.build_coupling_map()
    # All qubits are connected where no connections are stated; a simulator may state no number either.
    parts = [] if coupling is None else [len(part.physical_qubits) for part in coupling.connected_components()]
    connected = max(parts, default=target.num_qubits)
    if connected is not None and qubits > connected:
        raise InputError(
            f"The circuit has {qubits} qubits, but {name} connects {connected} by working gates; choose a larger "
            "device, fewer features or a smaller prime."
        )


def fit_circuit(
    circuit: QuantumCircuit, target: Target, name: str, tries: int = 12, noiseless: bool = False
) -> FittedCircuit:
    """Compile a circuit for a device; deterministic.

    Of several layouts, those with the fewest qubits are kept, and of these the one with the best fidelity, or where
    not every error is known, the one with the fewest two-qubit gates: a qubit more costs a simulation twice its time,
    and on a device it is one more that decays.

    Parameters
    ----------
    circuit
        The circuit, measured.
    target
        The device's description; gates marked as broken (error 1) are not used.
    name
        What the device is called in messages.
    tries
        Seeds 0, ..., tries - 1 of Qiskit's transpiler are tried, in this order; without noise only up to the first
        whose circuit cannot be bettered.
    noiseless
        Whether a gate without a stated error has none: a simulator without noise.

    Raises
    ------
    InputError
        If the circuit is too wide, has feed-forward that the device does not take, or cannot be written in the
        device's gates.
    """
    working = working_target(target)
    check_width(circuit.num_qubits, working, name)
    for fed_forward in {instruction.name for instruction in circuit.data if instruction.is_control_flow()}:
        if fed_forward not in working.operation_names:
            raise InputError(
                f"The circuit has feed-forward ({fed_forward}), which {name} does not take; choose another device, or "
                "leave feed-forward out."
            )
    passes = TargetPasses(working)
    fewest = len({qubit for one in circuit.data if one.name == "measure" for qubit in one.qubits})
    fitted: list[FittedCircuit] = []
    for seed in range(tries):
        fitted.append(_fit(circuit, working, passes, name, seed, noiseless))
        if noiseless and fitted[-1].fidelity == 1 and len(fitted[-1].qubits) == fewest:
            break  # no other is better, and of equal ones the first is taken
    comparable = not any(one.unknown for one in fitted)

    def cost(one: FittedCircuit) -> float:
        return one.two_qubit_gates if one.fidelity is None or not comparable else -one.fidelity

    return min(fitted, key=lambda one: (len(one.qubits), cost(one), one.seed))


def check_depth(fitted: FittedCircuit, shots: int, name: str) -> None:
    """Refuse a circuit whose signal is expected to drown in the noise of the shots, or warn where that is not certain.

    What a device of fidelity F shows of a distribution is about F of it; the shots' own noise is 1/sqrt(shots).

    Parameters
    ----------
    fitted
        The circuit on the device.
    shots
        How often it is to run; fewer than `LEAST_SHOTS` count as that many.
    name
        What the device is called in the message.

    Warns
    -----
    UnknownErrors
        If the device does not state every error of the circuit, and states none, or too large ones.

    Raises
    ------
    InputError
        If it states all, and the expected fidelity is below 1/sqrt(shots).
    """
    noise = 1 / math.sqrt(max(shots, LEAST_SHOTS))
    if fitted.fidelity is None:
        warnings.warn(
            f"{name} states no error of any gate, so it is not known whether anything of the circuit's distribution "
            f"outlasts its noise: depth {fitted.depth}, {fitted.two_qubit_gates} two-qubit gates.",
            UnknownErrors,
            stacklevel=2,
        )
        return
    if fitted.fidelity >= noise:
        return
    lasting = "" if fitted.duration is None else f", {1e6 * fitted.duration:.3g} microseconds"
    message = (
        f"The circuit is too deep for {name}: depth {fitted.depth}, {fitted.two_qubit_gates} two-qubit gates{lasting}, "
        f"{fitted.expected}, which drowns in the noise of {shots} shots ({noise:.2g}); take fewer points or features, "
        "a smaller prime or another encoding."
    )
    if fitted.unknown == 0:
        raise InputError(message)
    warnings.warn(message, UnknownErrors, stacklevel=2)


def operation_counts(circuit: QuantumCircuit) -> tuple[int, int, int]:
    """Return how many gates on one qubit, gates on two and measurements a circuit has, feed-forward as if it ran.

    Waiting, barriers and resets are no gates.
    """
    index = {qubit: i for i, qubit in enumerate(circuit.qubits)}
    found = [(name, len(qubits)) for name, qubits in _operations(circuit, index)]
    gates = [width for name, width in found if name not in ("barrier", "delay", "measure", "reset", "store")]
    return gates.count(1), gates.count(2), sum(name == "measure" for name, _ in found)


def is_timed(circuit: QuantumCircuit, target: Target) -> bool:
    """Tell whether a fitted circuit's times are known: no feed-forward, and every duration stated."""
    if circuit.has_control_flow_op():
        return False
    index = {qubit: i for i, qubit in enumerate(circuit.qubits)}
    timed = [one for one in _operations(circuit, index) if one[0] not in ("barrier", "delay")]
    known = [(target[name] or {}).get(qubits) for name, qubits in timed if name in target.operation_names]
    return len(known) == len(timed) and all(one is not None and one.duration is not None for one in known)


def _fit(
    circuit: QuantumCircuit, target: Target, passes: TargetPasses, name: str, seed: int, noiseless: bool
) -> FittedCircuit:
    try:
        compiled = passes(OPTIMIZATION_LEVEL, seed).run(circuit)
    except QiskitError as error:
        reason = " ".join(str(error.message).split())
        raise InputError(
            f"The circuit cannot be written in the gates of {name} ({reason}); choose another device."
        ) from None
    return expect(compiled, target, seed, noiseless)


def expect(compiled: QuantumCircuit, target: Target, seed: int, noiseless: bool = False) -> FittedCircuit:
    """Say what is to be expected of a circuit that was compiled for a device.

    Parameters
    ----------
    compiled
        On the device's qubits, in its gates.
    target
        The device's description, without broken gates.
    seed
        The seed of Qiskit's transpiler that gave the circuit.
    noiseless
        Whether a gate without a stated error has none: a simulator without noise.
    """
    index = {qubit: i for i, qubit in enumerate(compiled.qubits)}
    operations = [operation for operation in _operations(compiled, index) if operation[0] != "barrier"]
    errors = [_error(target, *operation) for operation in operations]
    if noiseless:
        errors = [error or 0.0 for error in errors]
    known = [error for error in errors if error is not None]
    return FittedCircuit(
        circuit=compiled,
        qubits=tuple(sorted({qubit for _, qubits in operations for qubit in qubits})),
        depth=compiled.depth(lambda instruction: instruction.name not in ("barrier", "store")),
        two_qubit_gates=sum(len(qubits) == 2 for _, qubits in operations),
        duration=_duration(compiled, target),
        fidelity=math.prod(1 - error for error in known) if known or not errors else None,
        unknown=len(errors) - len(known),
        seed=seed,
    )


def _operations(circuit: QuantumCircuit, place: Mapping[Qubit, int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield names and qubits of all operations, blocks of feed-forward written out."""
    for instruction in circuit.data:
        qubits = tuple(place[qubit] for qubit in instruction.qubits)
        if not instruction.is_control_flow():
            yield instruction.name, qubits
            continue
        for block in instruction.operation.blocks:
            yield from _operations(block, dict(zip(block.qubits, qubits, strict=True)))


def _error(target: Target, name: str, qubits: Sequence[int]) -> float | None:
    """Return the error that a device states of one operation; None where it states none."""
    if name == "delay" or name not in target.operation_names:  # a store has no errors, and waiting states none
        return 0.0
    properties = (target[name] or {}).get(tuple(qubits))
    return None if properties is None or properties.error is None else min(properties.error, 1.0)


def _duration(circuit: QuantumCircuit, target: Target) -> float | None:
    return circuit.estimate_duration(target, unit="s") if is_timed(circuit, target) else None
