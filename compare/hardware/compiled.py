"""Two-qubit gates of a circuit as its vendor says that it ran it, in whatever words the vendor has."""

import json
import re
from typing import Any

__all__ = ["AS_SENT", "compiled_gates"]

AS_SENT = "as it was sent"
"""The words of a vendor's reading for a circuit that was run as it is."""

PAIR = re.compile(r"\s*(?P<gate>[A-Za-z]\w*)(\s*\([^;]*\))?\s+[$\w\[\]]+\s*,\s*[$\w\[\]]+\s*")
"""A statement of OpenQASM on two qubits; matched in time that grows with its length alone, as it may be anybody's."""

NO_GATES = ("barrier", "box", "measure", "qubit", "bit", "qreg", "creg")


def compiled_gates(said: str | None, here: int | None) -> int | None:
    """Return the two-qubit gates of a circuit as its vendor compiled it; None where that is not known.

    Parameters
    ----------
    said
        The outcome's record: a program in OpenQASM, the JSON of IonQ's, "as it was sent", or None.
    here
        The gates as it was sent.
    """
    if said is None:
        return None
    if said == AS_SENT:
        return here
    if "OPENQASM" in said[:1000]:
        matches = (PAIR.fullmatch(part) for part in re.split(r"[;{}\n]", said))
        return sum(found is not None and found["gate"] not in NO_GATES for found in matches)
    try:
        return _pairs(json.loads(said)) or None  # a form that is not known has none
    except (ValueError, RecursionError):
        return None


def _pairs(part: Any) -> int:
    if isinstance(part, list):
        return sum(map(_pairs, part))
    if not isinstance(part, dict):
        return 0
    if isinstance(part.get("gate"), str):
        places = [part.get(name) for name in ("target", "targets", "control", "controls")]
        return sum(len(one) if isinstance(one, list) else one is not None for one in places) == 2
    return sum(map(_pairs, part.values()))
