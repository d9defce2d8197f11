"""The look of methods in every figure of every study: color, marker and dashes, written once.

The colors are Okabe and Ito's (2008, "Color Universal Design"), and gray. No eight colors are told apart with ease by
every kind of color vision, so marker and dashes tell methods apart too; `tests/compare/report/test_color_vision.py`
tries all styles that meet in a figure, as people without one kind of cone see them, in the light and the dark scheme.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = [
    "BLACK",
    "BLUE",
    "GRAY",
    "GREEN",
    "ORANGE",
    "PALE",
    "PALETTE",
    "PURPLE",
    "RULE",
    "SKY",
    "VERMILION",
    "Shown",
    "Style",
    "label",
    "styles",
]

BLUE, VERMILION, GREEN, BLACK = "#0072B2", "#D55E00", "#009E73", "#000000"
PURPLE, ORANGE, GRAY, SKY = "#CC79A7", "#E69F00", "#7F7F7F", "#56B4E9"
"""Colors of methods; no other color says anything."""

PALE, RULE = "#BFDDF0", "#DDDDDD"
"""Colors behind them: of areas, and of the lines of a grid."""


@dataclass(frozen=True)
class Style:
    """The look of a line.

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
    """The face of a method: its name and its look.

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
    Style(BLUE, "o", "-"),
    Style(VERMILION, "s", "--"),
    Style(GREEN, "^", "-."),
    Style(BLACK, "D", ":"),
    Style(PURPLE, "v", "--"),
    Style(ORANGE, "P", "-"),
    Style(GRAY, "X", ":"),
    Style(SKY, "d", "-."),
)
"""Styles of methods that have none of their own."""


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
    """Return the text that readers see for a name."""
    return methods[name].label if methods and name in methods else name
