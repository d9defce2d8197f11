"""How methods look, in every figure of every study: color, marker and dashes, written once.

Okabe and Ito's colors are told apart by every kind of color vision; marker and dashes tell methods apart without color.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["PALETTE", "Shown", "Style", "label", "styles"]


@dataclass(frozen=True)
class Style:
    """How a line is drawn.

    Attributes
    ----------
    color
        As "#0072B2".
    marker, dashes
        As Matplotlib calls them: "o", "--".
    """

    color: str
    marker: str = "o"
    dashes: str = "-"


@dataclass(frozen=True)
class Shown:
    """What readers see of a method.

    Attributes
    ----------
    label
        Its name.
    law
        What it draws from, in words: "p*", "control", "noisy".
    style
        How its lines are drawn; None takes one from the palette.
    """

    label: str
    law: str = "unknown"
    style: Style | None = None


PALETTE = (
    Style("#0072B2", "o", "-"),
    Style("#D55E00", "s", "--"),
    Style("#009E73", "^", "-."),
    Style("#000000", "D", ":"),
    Style("#CC79A7", "v", "--"),
    Style("#E69F00", "P", "-"),
    Style("#7F7F7F", "X", ":"),
    Style("#56B4E9", "d", "-."),
)
"""Styles of what has none of its own."""


def styles(names: Iterable[str], methods: Mapping[str, Shown] | None = None) -> dict[str, Style]:
    """Return a style for each name: its own, or one of the palette that goes by the name.

    A name has the same style wherever it is shown, unless another of the same figure has it already. Styles that known
    methods have of their own are given to others last.

    Parameters
    ----------
    names
        What is shown together.
    methods
        Those that are known, by name.
    """
    known = methods or {}
    shown = list(dict.fromkeys(names))
    found = {name: style for name in shown if name in known and (style := known[name].style) is not None}
    taken = set(found.values())
    owned = {one.style for one in known.values()}
    for name in shown:
        if name not in found:
            first = zlib.crc32(name.encode()) % len(PALETTE)
            turned = (*PALETTE[first:], *PALETTE[:first])
            free = [style for style in turned if style not in taken] or [turned[0]]
            found[name] = next((style for style in free if style not in owned), free[0])
            taken.add(found[name])
    return {name: found[name] for name in shown}


def label(name: str, methods: Mapping[str, Shown] | None = None) -> str:
    """Return what readers see of a name."""
    return methods[name].label if methods and name in methods else name
