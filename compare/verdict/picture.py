"""The picture of the verdict: a row a claim, quantum over classical seconds on a logarithmic axis."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from compare.claims import Mark
from compare.report import Picture
from compare.report.cells import ends
from compare.report.styles import GRAY, PALETTE, Style
from compare.verdict.gather import Row
from compare.verdict.words import FAR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["CAPTION", "Lane", "Spot", "lanes", "picture_of", "plain_lanes", "verdict_picture"]

CAPTION = (
    "Quantum over classical seconds, end to end, to the quality and at the size named in each row: left of 1 the "
    "quantum side is faster. A mark for each assumption, the one that the verdict goes by large. Solid interval: "
    "within the sizes that were measured or counted; dashed: extrapolated; hatched: beyond a factor of 10. Open marks "
    "at the right edge: never reached, or does not fit."
)

KINDS = {
    "errors": ("device with its errors", PALETTE[3]),
    "free loader": ("free loader", PALETTE[5]),
    "as estimated": ("error-corrected, as estimated", Style(GRAY, "*", "--")),
    "T layers at once": ("T layers at once", PALETTE[2]),
    "T one by one": ("T gates one by one", PALETTE[1]),
    "T gates one by one": ("T gates one by one", PALETTE[1]),
    "amplified": ("one step, amplified readout", PALETTE[7]),
    "log2(n)^2 steps": ("log2(n)^2 steps a query", PALETTE[4]),
    "one step": ("one step a query or gate", PALETTE[0]),
}
"""Entries of the legend and looks of assumptions, by words in their names. The first that fits."""

OTHER = PALETTE[6]
"""How those look that are not there, as of other packages' studies."""


@dataclass(frozen=True)
class Spot:
    """A mark as it is drawn.

    Attributes
    ----------
    label, style
        What stands in the legend, and its color and marker.
    low, best, high
        The ratio and its interval; None of open marks.
    open
        What stands at an open mark.
    beyond
        How many times beyond what was counted.
    deciding
        Whether the verdict goes by it.
    """

    label: str
    style: Style
    low: float | None
    best: float | None
    high: float | None
    open: str
    beyond: float
    deciding: bool

    @property
    def measured(self) -> bool:
        """Whether it is within the sizes that were counted."""
        return self.beyond <= 1

    @property
    def hatched(self) -> bool:
        """Whether it is extrapolated beyond a factor of ten."""
        return self.beyond > FAR


@dataclass(frozen=True)
class Lane:
    """A row of the picture: its name, its size, its spots, and what stands there if it has none."""

    name: str
    size: str
    spots: Sequence[Spot]
    words: str = ""


def _kind(name: str) -> tuple[str, Style]:
    return next((kind for words, kind in KINDS.items() if words in name), (name, OTHER))


def _plain_mark(mark: Mark, deciding: str) -> dict[str, Any]:
    low, best, high = ends(mark.ratio)
    return {
        "name": mark.name,
        "low": low,
        "best": best,
        "high": high,
        "open": mark.shut,
        "beyond": mark.beyond,
        "deciding": mark.name == deciding,
    }


def plain_lanes(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return all that the picture draws of rows, as `verdict.json` has it: name, size and marks of each, or words."""
    found: list[dict[str, Any]] = []
    for row in rows:
        claim = row.claim
        if claim is None:
            name = row.title.partition(":")[0]
            found.append({"name": name, "size": "", "marks": [], "words": f"nothing is known; run {row.again}"})
            continue
        marks = [_plain_mark(one, claim.deciding) for one in claim.marks if one.shut or one.ratio is not None]
        words = "" if marks else "seconds are not known"
        found.append({"name": claim.title, "size": claim.size, "marks": marks, "words": words})
    return found


def lanes(plain: Sequence[Mapping[str, Any]]) -> list[Lane]:
    """Return lanes as they are drawn, from plain data."""
    found = []
    for lane in plain:
        spots = [
            Spot(*_kind(mark["name"]), **{name: value for name, value in mark.items() if name != "name"})
            for mark in lane["marks"]
        ]
        found.append(Lane(lane["name"], lane["size"], spots, lane["words"]))
    return found


def verdict_picture(rows: Sequence[Row]) -> Picture:
    """Return the picture of rows, in both arrangements."""
    return picture_of(plain_lanes(rows))


def picture_of(plain: Sequence[Mapping[str, Any]]) -> Picture:
    """Return the picture of plain data, in both arrangements."""
    drawn = lanes(plain)
    return Picture("verdict", partial(_drawn, drawn), CAPTION, partial(_drawn, drawn, narrow=True))


def _drawn(drawn: Sequence[Lane], narrow: bool = False) -> "Figure":
    import matplotlib
    from matplotlib.ticker import LogLocator, NullLocator

    from compare.report.canvas import NARROW, new_figure

    width, step = (NARROW, 0.86) if narrow else (10.2, 0.52)
    figure = new_figure(width, step * len(drawn) + (1.55 if narrow else 1.0))
    with matplotlib.rc_context({"hatch.linewidth": 0.6}):
        axes = figure.add_subplot()
        axes.set_xscale("log")
        known = [end for lane in drawn for spot in lane.spots for end in (spot.low, spot.high) if end is not None]
        low, high = min([0.1, *known]), max([10.0, *known])
        room = (high / low) ** 0.06
        edge = high * room**1.4
        axes.set_xlim(low / room, edge * room)
        axes.axvspan(low / room, 1, color=PALETTE[2].color, alpha=0.07, linewidth=0)
        axes.axvline(1, color="black", linewidth=1)
        for place, lane in enumerate(drawn):
            _lane(axes, -place, lane, edge, narrow)
        axes.set_ylim(-len(drawn) + 0.45, 0.55)
        names = [f"{lane.name}\n{lane.size}" if lane.size and not narrow else lane.name for lane in drawn]
        axes.set_yticks([-place for place in range(len(drawn))], [] if narrow else names, fontsize=8)
        if narrow:
            for place, lane in enumerate(drawn):
                head = f"{lane.name}, {lane.size}" if lane.size else lane.name
                axes.text(0.01, -place + 0.43, head, fontsize=7.5, transform=axes.get_yaxis_transform(), va="top")
        axes.xaxis.set_major_locator(LogLocator(numticks=6 if narrow else 12))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.tick_params(axis="x", labelsize=8)
        axes.grid(axis="x", linewidth=0.3)
        for place in range(1, len(drawn)):
            axes.axhline(-place + 0.5, color="0.85", linewidth=0.6)
        axes.set_xlabel("quantum over classical seconds  (left of 1: quantum faster)", fontsize=8)
        handles = dict(zip(*reversed(axes.get_legend_handles_labels()), strict=True))
        if handles:
            figure.legend(
                handles.values(), handles.keys(), loc="outside lower center", ncols=2 if narrow else 6, fontsize=7.5,
                frameon=False,
            )  # fmt: skip
    return figure


def _lane(axes: "Axes", middle: float, lane: Lane, edge: float, narrow: bool) -> None:
    from matplotlib.patches import Rectangle

    if lane.words:
        axes.text(
            0.5, middle, lane.words, transform=axes.get_yaxis_transform(), ha="center", va="center", fontsize=7.5,
            color="0.35",
        )  # fmt: skip
    count = len(lane.spots)
    spread = 0.5 if narrow else 0.7
    for number, spot in enumerate(lane.spots):
        place = middle - (0.12 if narrow else 0.0) + ((count - 1) / 2 - number) * spread / max(count, 2)
        color, size = spot.style.color, 8.0 if spot.deciding else 5.0
        looks: dict[str, Any] = {"color": color, "marker": spot.style.marker, "markersize": size, "linestyle": "none"}
        if spot.best is None or spot.low is None or spot.high is None:
            axes.plot([edge], [place], markerfacecolor="white", label=spot.label, **looks)
            axes.annotate(
                spot.open, (edge, place), (-6, 0), textcoords="offset points", ha="right", va="center", fontsize=6.5,
                color="0.35",
            )  # fmt: skip
            continue
        axes.plot(
            [spot.low, spot.high], [place, place], color=color, linestyle="-" if spot.measured else "--", linewidth=1.4
        )
        axes.plot([spot.best], [place], label=spot.label, **looks)
        if spot.hatched:
            wide = math.log10(axes.get_xlim()[1] / axes.get_xlim()[0]) * 0.018
            left, right = min(spot.low, spot.best / 10**wide), max(spot.high, spot.best * 10**wide)
            axes.add_patch(
                Rectangle(
                    (left, place - 0.09), right - left, 0.18, fill=False, hatch="//////", edgecolor=color,
                    linewidth=0.5,
                )
            )  # fmt: skip
