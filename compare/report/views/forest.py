"""Estimates below one another, each with its interval: which is where, and which are apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from compare.report.cells import ends
from compare.report.content import Picture
from compare.report.styles import BLUE, Style
from compare.report.views.chart import Axis, Chart, Level, Panel, Points, Scale, picture

__all__ = ["Line", "forest"]

STEP = 0.3
"""Inches between two lines."""

LETTER = 0.075
"""Inches of a letter in a name."""


@dataclass(frozen=True)
class Line:
    """One estimate.

    Attributes
    ----------
    name
        Stands at its line; estimates of one name stand close to one another.
    estimate
        Has low, best and high; ends that are not known or not finite are not drawn.
    label
        Stands in the legend: the method, the reading.
    style, hollow, marker
        How it is drawn; the marker is the style's if None.
    panel
        The heading of the panel that it stands in.
    records
        Hashes of the records that it is made of.
    """

    name: str
    estimate: Any
    label: str | None = None
    style: Style = field(default_factory=lambda: Style(BLUE))
    hollow: bool = False
    marker: str | None = None
    panel: str = ""
    records: Sequence[str] = ()


def forest(
    lines: Sequence[Line],
    name: str,
    caption: str,
    label: str = "",
    *,
    at: float | None = None,
    levels: Sequence[Level] | Mapping[str, Sequence[Level]] = (),
    scale: Scale = "linear",
) -> Picture:
    """Return a picture of estimates below one another, panels by the lines' own.

    Parameters
    ----------
    lines
        The estimates, from top to bottom.
    name, caption
        Of the picture.
    label
        Stands at the axis.
    at
        Where an upright line says that there is no difference; None without.
    levels
        Other lines, of all panels or of each by its heading; those that are not `upright` are drawn upright as well.
    scale
        Of the axis.
    """
    panels = dict.fromkeys(line.panel for line in lines)
    names = list(dict.fromkeys(line.name for line in lines))
    middle = [Level(at, upright=True, dashes="-")] if at is not None else []
    drawn = []
    for title in panels:
        own = levels.get(title, ()) if isinstance(levels, Mapping) else levels
        upright = [*middle, *(replace(one, upright=True) for one in own)]
        drawn.append(_panel(title, [line for line in lines if line.panel == title], names, upright))
    labels = len(dict.fromkeys(line.label for line in lines))
    step = STEP * max(1.0, 0.55 * labels)
    axis = Axis("", ticks={-place: one for place, one in enumerate(names)}, low=-len(names) + 0.4, high=0.6)
    chart = Chart(
        drawn or [Panel()],
        Axis(label, scale),
        axis,
        columns=2,
        height=step * len(names) + 0.6,
        width=4.6 + LETTER * max(map(len, names), default=0) / max(len(panels), 1),
        share=True,
        share_x=True,
        tall=True,
    )
    return picture(name, chart, caption)


def _panel(title: str, lines: Sequence[Line], names: Sequence[str], levels: Sequence[Level]) -> Panel:
    """Return the points of a panel; estimates of one name stand around its place."""
    seen: dict[str, int] = {}
    counts = {name: sum(line.name == name for line in lines) for name in names}
    marks: list[Points | Level] = list(levels)
    for line in lines:
        low, best, high = ends(line.estimate)
        number, count = seen.setdefault(line.name, 0), counts[line.name]
        seen[line.name] += 1
        if best is None:
            continue
        place = -names.index(line.name) - (number - (count - 1) / 2) * 0.7 / max(count, 2)
        style = line.style if line.marker is None else Style(line.style.color, line.marker, line.style.dashes)
        known = low is not None and high is not None
        marks.append(
            Points(
                [best],
                [place],
                [low] if known and low is not None else None,
                [high] if known and high is not None else None,
                line.label,
                style,
                hollow=line.hollow,
                line=False,
                sideways=True,
                records=[line.records],
            )
        )
    return Panel(title, marks)
