"""A device's description as plain data: what was made for one device is right for another of the same contents."""

import inspect
from collections.abc import Hashable
from typing import Any

from qiskit.circuit import Delay, Measure, Reset
from qiskit.transpiler import Target

__all__ = ["target_contents"]

STANDARD = "qiskit.circuit.library.standard_gates."
"""Where the gates stand that are told by their class and their parameters."""


def target_contents(target: Target) -> Hashable | None:
    """Return all that a description says, in its order.

    Returns
    -------
    Hashable or None
        Equal for descriptions that say the same in the same order. None where plain data do not tell: gates that are
        not Qiskit's own, or angles within bounds.
    """
    if type(target) is not Target or target.has_angle_bounds():
        return None
    operations = []
    for name in target.operation_names:
        told = _told(target.operation_from_name(name))
        if told is None:
            return None
        known = [
            (qubits, None if properties is None else (properties.duration, properties.error))
            for qubits, properties in target[name].items()
        ]
        operations.append((name, told, tuple(known)))
    qubits = target.qubit_properties
    return (
        target.num_qubits,
        target.dt,
        target.granularity,
        target.min_length,
        target.pulse_alignment,
        target.acquire_alignment,
        None if qubits is None else tuple(None if one is None else (one.t1, one.t2, one.frequency) for one in qubits),
        str(target.concurrent_measurements),
        tuple(operations),
    )


def _told(operation: Any) -> Hashable | None:
    """Return what tells an operation from all others; None where its class and its parameters do not."""
    if inspect.isclass(operation):
        return (operation,)
    if operation.base_class in (Measure, Reset, Delay) or operation.base_class.__module__.startswith(STANDARD):
        return operation.base_class, tuple(str(value) for value in operation.params)
    return None
