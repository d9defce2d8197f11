"""Powers of ten at logarithmic axes, as plain text: Matplotlib parses its own formulas anew for every file and size."""

import re

from matplotlib.ticker import LogFormatterSciNotation

__all__ = ["Powers", "power_of_ten"]

RAISED = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
"""Digits, the minus sign, and their superscripts."""

TIMES = "\N{MULTIPLICATION SIGN}"

FORMULA = re.compile(r"\$\\mathdefault\{(?:(\d+)\\times)?10\^\{(-?\d+)\}\}\$")
"""A tick of a logarithmic axis as Matplotlib writes it."""


class Powers(LogFormatterSciNotation):
    """The ticks that Matplotlib has at a logarithmic axis, with superscripts in place of formulas."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the text of a tick; none where Matplotlib has none."""
        found = FORMULA.fullmatch(text := super().__call__(x, pos))
        if found is None:
            return text
        return f"{found[1]}{TIMES}{power_of_ten(found[2])}" if found[1] else power_of_ten(found[2])


def power_of_ten(exponent: int | str) -> str:
    """Return a power of ten as it is written: its exponent in superscripts."""
    return f"10{str(exponent).translate(RAISED)}"
