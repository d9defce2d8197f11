"""Regions of a device as they are written, "0-7" or "0,1,2,9-11"; Qiskit is not needed to read them."""

from collections.abc import Sequence

from problems.errors import InputError
from problems.showing import so_many

__all__ = ["check_number", "read_region", "write_region"]

DIGITS = 6
"""No device has qubits with numbers as long as this."""

MOST = 10_000
"""Qubits of a region; what names more is a slip."""


def read_region(text: str) -> tuple[int, ...]:
    """Read the qubits of a region, as in "0-7" or "0,1,2,9-11".

    Raises
    ------
    InputError
        If it is none.
    """
    found: list[int] = []
    for word in text.split(","):
        ends = [end.strip() for end in word.split("-")]
        if len(ends) > 2 or not all(end.isascii() and end.isdigit() and len(end) < DIGITS for end in ends):
            raise InputError(
                f"{text!r:.60} names no region; write qubits and ranges of them, such as 0-7 or 0,1,2,9-11."
            )
        first, last = int(ends[0]), int(ends[-1])
        if not first <= last < first + MOST:
            raise InputError(f"{word.strip()!r:.60} is no range of a region's qubits; write its first and its last.")
        found += range(first, last + 1)
    if len(set(found)) < len(found):
        raise InputError(f"The region {text!r:.60} has a qubit twice; name each once.")
    return tuple(found)


def check_number(regions: int, circuits: int) -> None:
    """Refuse regions that are more or fewer than the circuits that run at once in them.

    Raises
    ------
    InputError
        If they are.
    """
    if regions != circuits:
        raise InputError(
            f"{so_many(regions, 'region')} cannot hold {circuits} circuits at once; name one for each, or leave "
            "them to be chosen."
        )


def write_region(qubits: Sequence[int]) -> str:
    """Write the qubits of a region as they are read: "0-7,12"."""
    parts: list[list[int]] = []
    for qubit in sorted(qubits):
        if parts and parts[-1][1] == qubit - 1:
            parts[-1][1] = qubit
        else:
            parts.append([qubit, qubit])
    return ",".join(f"{first}" if first == last else f"{first}-{last}" for first, last in parts)
