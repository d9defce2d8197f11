"""A device's calibration as plain data, as it was when a run was submitted, and made a target again years later.

Nothing but this file is needed to say what was expected of a circuit there: not the vendor, nor its client. Gates are
known by their names, numbers of qubits and numbers of parameters, which is all that fits, errors and durations need.
"""

from collections.abc import Mapping
from typing import Any

from qiskit.circuit import Gate, Instruction, Measure, Parameter, Reset
from qiskit.circuit.controlflow import get_control_flow_name_mapping
from qiskit.circuit.library import get_standard_gate_name_mapping
from qiskit.exceptions import QiskitError
from qiskit.transpiler import InstructionProperties, QubitProperties, Target

from problems.errors import InputError

__all__ = ["as_plain", "as_target"]


def as_plain(target: Target) -> dict[str, Any]:
    """Return a target as what JSON has.

    Parameters
    ----------
    target
        A device's description.

    Returns
    -------
    dict
        `qubits` (their number), `dt` and the other constraints of time, `known` (T1, T2 and frequency of each qubit,
        in seconds and Hz) and `gates`: for each its number of qubits, its number of parameters, and for each place of
        it `[qubits, error, duration]`; None in place of the places where it stands on any.
    """
    known = target.qubit_properties
    return {
        "qubits": target.num_qubits,
        "dt": target.dt,
        "granularity": target.granularity,
        "min_length": target.min_length,
        "pulse_alignment": target.pulse_alignment,
        "acquire_alignment": target.acquire_alignment,
        "known": None if known is None else [[one and one.t1, one and one.t2, one and one.frequency] for one in known],
        "gates": {name: _gate(target, name) for name in sorted(target.operation_names)},
    }


def as_target(plain: Mapping[str, Any]) -> Target:
    """Make a target again of what `as_plain` returned.

    Raises
    ------
    InputError
        If it is no target.
    """
    try:
        known = plain["known"]
        target = Target(
            num_qubits=plain["qubits"],
            dt=plain["dt"],
            granularity=plain["granularity"],
            min_length=plain["min_length"],
            pulse_alignment=plain["pulse_alignment"],
            acquire_alignment=plain["acquire_alignment"],
            qubit_properties=None if known is None else [QubitProperties(*one) for one in known],
        )
        for name, gate in plain["gates"].items():
            places = gate["places"]
            properties = None
            if places is not None:
                properties = {
                    tuple(qubits): InstructionProperties(duration=duration, error=error)
                    for qubits, error, duration in places
                }
            target.add_instruction(_operation(name, gate["qubits"], gate["parameters"]), properties, name=name)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, QiskitError) as error:
        raise InputError(f"The calibration is none that can be read ({type(error).__name__}: {error}).") from None
    return target


def _gate(target: Target, name: str) -> dict[str, Any]:
    operation, places = target.operation_from_name(name), target[name]
    wide = isinstance(operation, type)  # control flow, on any qubits
    found = None
    if places is not None and None not in places:
        found = [[list(qubits), one and one.error, one and one.duration] for qubits, one in sorted(places.items())]
    return {
        "qubits": None if wide else operation.num_qubits,
        "parameters": 0 if wide else len(operation.params),
        "places": found,
    }


def _operation(name: str, qubits: int | None, parameters: int) -> Any:
    if qubits is None:
        return get_control_flow_name_mapping()[name]
    if name in ("measure", "reset"):
        return Measure() if name == "measure" else Reset()
    standard = get_standard_gate_name_mapping().get(name)
    if standard is not None and (standard.num_qubits, len(standard.params)) == (qubits, parameters):
        return standard
    free = [Parameter(f"{name}{i}") for i in range(parameters)]
    if name in ("barrier", "delay"):
        return Instruction(name, qubits, 0, free)
    return Gate(name, qubits, free)
