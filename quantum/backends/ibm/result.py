"""The text of a finished job, decoded to the bits that were measured; needs no service and no account."""

import importlib
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from problems.errors import InputError
from quantum.backends.errors import ServiceError
from quantum.backends.wire import one_line

__all__ = ["SHOTS_ASKED", "decode_result"]

SHOTS_ASKED = "shots_asked"
"""Where a submitted circuit's metadata says how many shots were asked for: twirling measures some more."""


def decode_result(text: str, circuit: QuantumCircuit | None = None) -> list[NDArray[np.bool_]]:
    """Decode the text of a job's result, as the service gave it.

    Parameters
    ----------
    text
        The whole answer, as `Account.result_text` returns it.
    circuit
        The circuit that was submitted: registers are taken by its names of them. Without it they stand as they came.

    Returns
    -------
    list of arrays
        For each circuit of the job the measured bits (shots, classical bits), bit 0 first, as many shots as were
        asked for.

    Raises
    ------
    InputError
        If the [ibm] extra is missing.
    ServiceError
        If the text is empty, breaks off, is no result, has fewer shots than were asked for or no bits at all.
    """
    try:
        decoders = importlib.import_module("qiskit_ibm_runtime.decoders.defaults").DEFAULT_DECODERS["executor"]
    except ImportError:
        raise InputError(missing_client("Decoding a job's result")) from None
    if not text.strip():
        raise ServiceError("The result is empty: the job has not finished, or the answer was lost; fetch it again.")
    try:
        json.loads(text)
    except RecursionError:
        raise ServiceError("The result is nested too deeply to be read; fetch it again.") from None
    except ValueError:
        whole = text.lstrip()[:1] == "{"
        told = "breaks off after" if whole else "is no result but some other text of"
        raise ServiceError(f"The result {told} {len(text)} characters; fetch it again.") from None
    try:
        result: Any = text
        for decoder in decoders:
            if decoder.is_applicable(result):
                result = decoder.decode(result)
        bits = [_bits(entry, circuit) for entry in result]
    except ServiceError:
        raise
    except Exception as error:
        problem = one_line(f"{type(error).__name__}: {error}")[:200]
    else:
        if not bits:
            raise ServiceError("The result holds no circuit; fetch it again, or submit the job anew.")
        return bits
    raise ServiceError(
        f"The result cannot be decoded ({problem}); fetch it again, and if that does not help upgrade "
        "qiskit-ibm-runtime."
    )


def missing_client(what: str) -> str:
    """Return the sentence for who has not installed the client."""
    return (
        f"{what} needs qiskit-ibm-runtime, which is not installed; install it with: pip install 'quantum-tickets[ibm]'"
    )


def _bits(entry: Any, circuit: QuantumCircuit | None) -> NDArray[np.bool_]:
    """Return the bits of one circuit, its registers side by side."""
    stated = dict(entry.data.items())
    own = [] if circuit is None else [register.name for register in circuit.cregs]
    names = own if set(own) == set(stated) else stated
    registers = [stated[name].to_bool_array(order="little") for name in names]
    if not registers or any(register.ndim != 2 for register in registers):
        raise ServiceError("The result holds no single run of a circuit; submit the circuit without parameters.")
    bits = np.concatenate(registers, axis=1).astype(bool)
    asked = ((entry.metadata or {}).get("circuit_metadata") or {}).get(SHOTS_ASKED, len(bits))
    if len(bits) < asked or not len(bits):
        raise ServiceError(
            f"The result holds {len(bits)} of {asked} shots; fetch it again, and if that does not help submit anew."
        )
    return bits[:asked]
