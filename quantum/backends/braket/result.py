"""The text of a finished task, decoded to the bits that were measured; needs no service and no client."""

import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from quantum.backends.adapter import Reading
from quantum.backends.errors import ServiceError

__all__ = ["LABELS", "read_result"]

LABELS = "qubit_labels"
"""Where a recorded circuit's metadata says what the device calls its qubits."""

NEAR = 0.05
"""How far a probability times the shots may be from a whole number, and be a count."""


def read_result(text: str, circuit: QuantumCircuit, shots: int) -> Reading:
    """Decode the text of a task's result, the file results.json.

    Single shots are in the order they were measured, where the maker gives them; counts have none, and their outcomes
    come one after the other.

    Parameters
    ----------
    text
        The file's content: `measurements`, or `measurementProbabilities`, of `measuredQubits`.
    circuit
        The circuit that was submitted; its metadata has the device's names of its qubits.
    shots
        How many were asked for.

    Raises
    ------
    ServiceError
        If it is no result, or one of other qubits or of another number of shots.
    """
    try:
        said = json.loads(text)
        columns = [int(label) for label in said["measuredQubits"]]
        rows = _rows(said, len(columns), shots)
        compiled = _compiled(said)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ServiceError(f"The result cannot be read ({type(error).__name__}); fetch it again.") from None
    except RecursionError:
        raise ServiceError("The result is nested too deeply to be read; fetch it again.") from None
    if rows.shape != (shots, len(columns)):
        raise ServiceError(f"The result holds {len(rows)} of {shots} shots; fetch it again, or submit anew.")
    labels = (circuit.metadata or {}).get(LABELS) or range(circuit.num_qubits)
    bits = np.zeros((shots, circuit.num_clbits), dtype=bool)
    for one in circuit.data:
        if one.operation.name == "measure":
            label = labels[circuit.find_bit(one.qubits[0]).index]
            if label not in columns:
                raise ServiceError(f"The result holds nothing of qubit {label}, which was measured; fetch it again.")
            bits[:, circuit.find_bit(one.clbits[0]).index] = rows[:, columns.index(label)]
    return Reading(bits, compiled)


def _rows(said: dict[str, Any], width: int, shots: int) -> NDArray[np.bool_]:
    """Return the outcomes (shots, measured qubits)."""
    measured = said.get("measurements")
    if measured:
        rows = np.array(measured)
        if rows.ndim != 2 or rows.shape[1] != width or not np.isin(rows, (0, 1)).all():
            raise ValueError("no bits")
        return rows.astype(bool)
    counts: list[tuple[list[bool], int]] = []
    for outcome, share in sorted(said["measurementProbabilities"].items()):
        if len(outcome) != width or set(outcome) - {"0", "1"} or not 0 <= share <= 1:
            raise ValueError("no share of an outcome")
        count = round(share * shots)
        if not math.isclose(share * shots, count, abs_tol=NEAR):
            raise ValueError("no count")
        counts.append(([bit == "1" for bit in outcome], count))
    seen = sum(count for _, count in counts)
    if seen != shots:  # before so many are written out
        raise ServiceError(f"The result holds {seen} of {shots} shots; fetch it again, or submit anew.")
    return np.array([row for row, count in counts for _ in range(count)], dtype=bool).reshape(seen, width)


def _compiled(said: dict[str, Any]) -> str | None:
    """Return the program that the device's maker says it ran, if it says so."""
    for one in (said.get("additionalMetadata") or {}).values():
        if isinstance(one, dict) and isinstance(one.get("compiledProgram"), str):
            return str(one["compiledProgram"])
    return None
