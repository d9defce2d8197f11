"""A device of IonQ's as Qiskit describes devices: native gates, and what its characterization says of them."""

from collections.abc import Mapping
from typing import Any

from qiskit.circuit import Measure, Parameter
from qiskit.transpiler import InstructionProperties, QubitProperties, Target

from quantum.backends.adapter import real_number

__all__ = ["make_target"]

LONGEST = 1.0
"""Seconds that no operation on ions takes: a larger number is in some other unit, and counts as not stated."""


def make_target(qubits: int, two_qubit_gate: str, known: Mapping[str, Any] | None) -> Target:
    """Return a device's native gates between all qubits that it connects.

    A characterization has one number for each kind of operation, which counts for all qubits alike.

    Parameters
    ----------
    qubits
        Their number.
    two_qubit_gate
        "ms" or "zz".
    known
        The device's characterization as the service tells it: `fidelity` (spam, 1q, 2q), `timing` in seconds and
        `connectivity`; None where there is none.
    """
    from qiskit_ionq import GPI2Gate, GPIGate, MSGate, ZZGate
    from qiskit_ionq.ionq_equivalence_library import add_equivalences

    add_equivalences()  # what Qiskit compiles to these gates by
    known = known or {}
    timing = _table(known, "timing")
    times = QubitProperties(t1=real_number(timing.get("t1")), t2=real_number(timing.get("t2")))
    target = Target(num_qubits=qubits, qubit_properties=[times] * qubits)
    single = [(qubit,) for qubit in range(qubits)]
    target.add_instruction(GPIGate(Parameter("φ")), dict.fromkeys(single, _properties(known, "1q")))
    target.add_instruction(GPI2Gate(Parameter("φ")), dict.fromkeys(single, _properties(known, "1q")))
    gates = {"ms": MSGate(Parameter("φ0"), Parameter("φ1"), Parameter("θ")), "zz": ZZGate(Parameter("θ"))}
    pairs = _pairs(qubits, known.get("connectivity"))
    target.add_instruction(gates[two_qubit_gate], dict.fromkeys(pairs, _properties(known, "2q")))
    target.add_instruction(Measure(), dict.fromkeys(single, _properties(known, "spam", "readout")))
    return target


def _properties(known: Mapping[str, Any], kind: str, timed: str | None = None) -> InstructionProperties:
    said = _table(known, "fidelity").get(kind)
    fidelity = real_number(said if not isinstance(said, Mapping) else said.get("median", said.get("mean")))
    duration = real_number(_table(known, "timing").get(timed or kind))
    return InstructionProperties(
        error=None if fidelity is None or not 0 <= fidelity <= 1 else 1 - fidelity,
        duration=None if duration is None or not 0 <= duration < LONGEST else duration,
    )


def _pairs(qubits: int, connectivity: Any) -> list[tuple[int, int]]:
    """Return which pairs have a gate, in both orders; all of them where none are named."""
    said = connectivity if isinstance(connectivity, list) else []
    named = {tuple(pair) for pair in said if isinstance(pair, list) and _is_pair(pair, qubits)}
    found = named or {(first, second) for first in range(qubits) for second in range(qubits) if first != second}
    return sorted(found | {(second, first) for first, second in found})


def _is_pair(said: list[Any], qubits: int) -> bool:
    whole = all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < qubits for one in said)
    return whole and len(said) == len(set(said)) == 2


def _table(known: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a table of a characterization; an empty one where it has none."""
    found = known.get(name)
    return found if isinstance(found, Mapping) else {}
