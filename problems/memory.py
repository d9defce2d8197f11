"""Refuse what would not fit in memory before anything is allocated."""

import math
import re

import psutil

from problems.errors import InputError, OutOfReach, whole_number

__all__ = ["as_bytes", "readable_bytes", "require_memory"]

UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12} | {
    f"{letter}ib": 2 ** (10 * power) for power, letter in enumerate("kmgt", 1)
}
"""Units of amounts of memory, in small letters."""


def require_memory(needed: int, purpose: str, remedy: str) -> None:
    """Refuse a piece of work whose predicted memory is above what is available now.

    Parameters
    ----------
    needed
        Predicted bytes.
    purpose, remedy
        What needs them, and what to do instead, for the message.

    Raises
    ------
    OutOfReach
        If fewer bytes are available.
    """
    available = psutil.virtual_memory().available
    if needed > available:
        raise OutOfReach(
            f"{purpose} needs {readable_bytes(needed)}, but {readable_bytes(available)} are available; {remedy}."
        )


def as_bytes(name: str, value: object) -> int:
    """Return an amount of memory in bytes, or refuse it.

    Parameters
    ----------
    name
        What it is called in messages.
    value
        A whole number of bytes, or text such as ``2GiB`` or ``800 MB``.

    Raises
    ------
    InputError
        If it is neither, or less than a byte.
    """
    if not isinstance(value, str):
        return whole_number(name, value, 1)
    found = re.fullmatch(r"\s*(\d{1,15}(?:\.\d{1,15})?)\s*([a-zA-Z]*)\s*", value, re.ASCII)
    unit = UNITS.get(found[2].lower()) if found else None
    if found is None or unit is None:
        raise InputError(f"{name} = {value!r} is no amount of memory; give bytes, or a number with a unit, as 2GiB.")
    return whole_number(name, int(float(found[1]) * unit), 1)


def readable_bytes(count: int) -> str:
    """Write a number of bytes in binary units."""
    if count >= 2**90:
        # By the number of bits: Python refuses to write whole numbers of thousands of digits.
        return f"10^{int(count.bit_length() * math.log10(2))} bytes"
    size = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB"):
        if size < 1024 or unit == "ZiB":
            break
        size /= 1024
    return f"{size:.3g} {unit}" if unit != "bytes" else f"{count} bytes"
