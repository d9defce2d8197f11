"""The content of a figure as plain data: panels of points with intervals, curves, levels; drawn only when a page is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from compare.report.content import Picture
from compare.report.styles import BLACK, Style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Axis", "Chart", "Charted", "Curve", "Level", "Panel", "Points", "beside", "picture"]

Scale = Literal["linear", "log", "decades"]
"""Axis scales: "decades" takes exponents of ten, placed by their signed square root, so that 10^-76 finds room."""


@dataclass(frozen=True)
class Axis:
    """An axis.

    Attributes
    ----------
    label
        What stands there, with its unit.
    scale
        "linear", "log" or "decades".
    ticks
        Places and what is written there; Matplotlib's own if None.
    low, high
        Its ends; those of the data if None.
    """

    label: str = ""
    scale: Scale = "linear"
    ticks: Mapping[float, str] | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Points:
    """Values at places, with intervals.

    Attributes
    ----------
    x, best
        Places and values.
    low, high
        Ends of the intervals; None without.
    label
        Stands in the legend, once for all points of this name.
    style
        Color, marker and dashes.
    hollow
        Markers are open: of two readings of one method the second.
    thin
        The line is thin, as of what is held out.
    line
        Whether points are joined.
    size
        Of the markers.
    sideways
        Intervals lie along x, not along y.
    many
        Thousands of points: drawn small, without intervals, and as an image within the file.
    stand
        Where points truly stand along x, if they are drawn beside it.
    records
        For each point the hashes of the records that it is made of.
    """

    x: Sequence[float]
    best: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    label: str | None = None
    style: Style = field(default_factory=lambda: Style(BLACK))
    hollow: bool = False
    thin: bool = False
    line: bool = True
    size: float = 5.0
    sideways: bool = False
    many: bool = False
    stand: Sequence[float] | None = None
    records: Sequence[Sequence[str]] = ()


@dataclass(frozen=True)
class Curve:
    """A line through many places, and the band around it: a fit, a bound, an extrapolation.

    Attributes
    ----------
    x, best
        Places and values.
    low, high
        Ends of the band, shaded; None without.
    label, style
        As of `Points`; the marker is not drawn.
    width
        Of the line, in points.
    """

    x: Sequence[float]
    best: Sequence[float]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    label: str | None = None
    style: Style = field(default_factory=lambda: Style(BLACK, dashes="--"))
    width: float = 1.0


@dataclass(frozen=True)
class Level:
    """A value that the points are held against: a line across the panel.

    Attributes
    ----------
    at
        The value.
    label
        Stands in the legend.
    text
        Stands at the line itself.
    upright
        The line is upright, at a place along x.
    dashes, width, color
        How it is drawn.
    """

    at: float
    label: str | None = None
    text: str = ""
    upright: bool = False
    dashes: str = ":"
    width: float = 0.8
    color: str = "black"


@dataclass(frozen=True)
class Panel:
    """One pair of axes.

    Attributes
    ----------
    title
        Its heading.
    marks
        What is drawn, in order.
    x, y
        The axes; None takes the chart's.
    """

    title: str = ""
    marks: Sequence[Points | Curve | Level] = ()
    x: Axis | None = None
    y: Axis | None = None


@dataclass(frozen=True)
class Chart:
    """Panels beside each other, or on phones below one another, and one legend for all.

    Attributes
    ----------
    panels
        At least one.
    x, y
        The axes of panels that have none of their own.
    columns, narrow_columns
        Panels beside each other at most: on wide screens, and on phones.
    width, height
        Of a panel, in inches; None goes by the number of panels.
    share, share_x
        Whether all panels have the same y axis, and the same x axis.
    legend
        Columns of the legend on wide screens.
    tall
        Panels keep their height on phones, as where names stand at the axis.
    """

    panels: Sequence[Panel]
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    columns: int = 3
    narrow_columns: int = 1
    width: float | None = None
    height: float | None = None
    share: bool = False
    share_x: bool = False
    legend: int = 4
    tall: bool = False


@dataclass(frozen=True)
class Charted(Picture):
    """A picture that is a chart, so that others can stand beside it."""

    chart: Chart | None = None


def picture(name: str, chart: Chart, caption: str) -> Charted:
    """Return a chart as a picture of a report, in both arrangements."""
    return Charted(name, partial(_drawn, chart), caption, partial(_drawn, chart, narrow=True), chart)


def beside(name: str, pictures: Sequence[Picture]) -> Charted:
    """Return the panels of several charts as one picture, each with the axes that it has.

    Raises
    ------
    ValueError
        If one of the pictures is no chart.
    """
    charts = [one.chart for one in pictures if isinstance(one, Charted) and one.chart is not None]
    if len(charts) < len(pictures) or not charts:
        raise ValueError("pictures that are no charts cannot stand in one")
    panels = [replace(panel, x=panel.x or chart.x, y=panel.y or chart.y) for chart in charts for panel in chart.panels]
    whole = replace(charts[0], panels=panels, columns=3, narrow_columns=1, share=False, share_x=False)
    return picture(name, whole, " ".join(one.caption for one in pictures))


def _drawn(chart: Chart, narrow: bool = False) -> "Figure":
    from compare.report.views.drawing import draw  # and with it Matplotlib

    return draw(chart, narrow)
