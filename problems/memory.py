"""Refuse what would not fit in memory before anything is allocated."""

import math

import psutil

from problems.errors import OutOfReach

__all__ = ["require_memory"]


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
