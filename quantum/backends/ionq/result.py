"""The text of a finished job, decoded to the bits that were measured; needs no service, no key and no client."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from qiskit import QuantumCircuit

from quantum.backends.adapter import Reading, as_bits
from quantum.backends.errors import ServiceError

__all__ = ["measured_qubits", "read_result"]

NEAR = 0.05
"""How far a probability times the shots may be from a whole number, and be a count."""


def measured_qubits(circuit: QuantumCircuit) -> list[int | None]:
    """Return for each classical bit of a circuit the qubit that is measured into it last; None where none is."""
    places: list[int | None] = [None] * circuit.num_clbits
    for one in circuit.data:
        if one.operation.name == "measure":
            places[circuit.find_bit(one.clbits[0]).index] = circuit.find_bit(one.qubits[0]).index
    return places


def read_result(text: str, circuit: QuantumCircuit, shots: int) -> Reading:
    """Decode the text of a job's result, as `IonQAccount.result_text` returns it.

    Single shots are in the order they were measured, where the service gives them; a histogram has none, and its
    outcomes come one after the other.

    Parameters
    ----------
    text
        JSON: `job`, the service's description of the job; `shots`, the outcomes, or `probabilities`, how often each
        occurred as a share; outcomes are numbers whose bit q is qubit q.
    circuit
        The circuit that was submitted.
    shots
        How many were asked for.

    Raises
    ------
    ServiceError
        If it is no result, has another number of shots, or has probabilities that are no counts.
    """
    try:
        said = json.loads(text)
        outcomes = _outcomes(said, shots)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ServiceError(f"The result cannot be read ({type(error).__name__}); fetch it again.") from None
    except RecursionError:
        raise ServiceError("The result is nested too deeply to be read; fetch it again.") from None
    if len(outcomes) != shots:
        raise ServiceError(f"The result holds {len(outcomes)} of {shots} shots; fetch it again, or submit anew.")
    bits = as_bits(outcomes, measured_qubits(circuit), circuit.num_qubits)
    compiled = said.get("compiled")
    return Reading(bits, None if compiled is None else json.dumps(compiled, sort_keys=True))


def _outcomes(said: Mapping[str, Any], shots: int) -> Sequence[int]:
    if said.get("shots") is not None:
        return [_whole(one) for one in said["shots"]]
    counts: list[tuple[int, int]] = []
    for outcome, share in sorted(said["probabilities"].items(), key=lambda item: int(item[0])):
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise ServiceError(f"The result holds {share!r:.40} as a share of the shots; fetch it again.")
        count = round(share * shots)
        if not math.isclose(share * shots, count, abs_tol=NEAR):
            raise ServiceError(
                f"The result holds exact probabilities ({share} of {shots} shots is no whole number) and no shots; "
                "take a device, or simulate here."
            )
        counts.append((_whole(outcome), count))
    found = sum(count for _, count in counts)
    if found != shots:  # before so many are written out
        raise ServiceError(f"The result holds {found} of {shots} shots; fetch it again, or submit anew.")
    return [outcome for outcome, count in counts for _ in range(count)]


def _whole(said: Any) -> int:
    if isinstance(said, bool) or not isinstance(said, int | str):
        raise ValueError(said)
    return int(said)
