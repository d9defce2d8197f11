"""Flags of typer that are numbers: read as settings are, in digits 0 to 9, finite, and such as records hold.

Nothing of the engine is imported here, so that help comes at once.
"""

import math
import os
from typing import Any

import typer

from problems.written import DIGITS, read_real, read_whole

__all__ = ["DEVICES", "LOOK", "RUNS", "SIDE_BY_SIDE", "real_option", "whole_option"]

LOOK, RUNS, DEVICES = "Look around", "Runs and reports", "Quantum devices"
"""Headings that ``tickets --help`` lists commands under."""

SIDE_BY_SIDE = min(2, os.cpu_count() or 1)
"""Workers by default."""


def whole_option(words: str) -> Any:
    """Return a flag that is a whole number, for typer."""
    return typer.Option(help=words, parser=_whole, metavar="INTEGER")


def real_option(words: str) -> Any:
    """Return a flag that is a finite number, for typer."""
    return typer.Option(help=words, parser=_real, metavar="NUMBER")


def _whole(text: str | int) -> int:
    """Read a flag that is a whole number."""
    try:
        number = read_whole(text) if isinstance(text, str) else text
    except ValueError:
        raise typer.BadParameter(f"{text!r:.80} is no whole number; give one in digits 0 to 9.") from None
    if abs(number) >= 10**DIGITS:
        raise typer.BadParameter(f"it has more than {DIGITS} digits; give a smaller one.")
    return number


def _real(text: str | float) -> float:
    """Read a flag that is a real number."""
    try:
        number = read_real(text) if isinstance(text, str) else text
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise typer.BadParameter(f"{text!r:.80} is no finite number; give one in digits 0 to 9.")
    return number
