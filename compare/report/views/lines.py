"""A number over an axis, a line for each method, a panel for each group."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from compare.report.content import Picture
from compare.report.styles import Shown, Style, label, styles
from compare.report.views.chart import Axis, Chart, Curve, Level, Panel, Points, Scale, picture
from compare.statistics.rows import Middle, Row, Value, grouped, in_words, records_of, summarize

__all__ = ["LARGEST", "Reading", "lines"]

LARGEST = 12
"""Panels of a figure at most; tables have the rest."""

ASIDE = 0.02
"""Lines are moved aside by this part of the place, so that no interval hides another; on a linear axis of its range."""

Marks = Sequence[Points | Curve | Level]


@dataclass(frozen=True)
class Reading:
    """A second number of every method, drawn open and thin beside the first, as held-out risk beside empirical.

    Attributes
    ----------
    value
        A column, or a function of a row.
    words
        Stand behind the method's name in the legend; empty leaves it out of the legend.
    """

    value: Value
    words: str = ""


def lines(
    rows: Sequence[Row],
    value: Value | Sequence[Reading],
    *,
    over: str,
    by: str = "method",
    panels: Sequence[str] | str = (),
    name: str = "lines",
    caption: str = "",
    each: Sequence[str] = (),
    overlap: float | str = 0.0,
    middle: Middle = "mean",
    x: Axis | str | None = None,
    y: Axis | str | None = None,
    x_scale: Scale = "log",
    y_scale: Scale = "linear",
    methods: Mapping[str, Shown] | None = None,
    names: Mapping[str, str] | None = None,
    extra: Marks | Callable[[Mapping[str, Any]], Marks] = (),
    curves: Callable[[str, Mapping[str, Any]], Curve | None] | None = None,
    columns: int = 3,
    narrow_columns: int = 1,
    share: bool = False,
) -> Picture:
    """Return a picture of a number over an axis, with intervals over repeats.

    Parameters
    ----------
    rows
        What is known, a row for each record.
    value
        The number: a column or a function of a row; or several `Reading`s of each method, the first drawn filled and
        thick, the others open and thin.
    over
        The column of the axis.
    by, panels
        Columns: a line for each value of the first, a panel for each combination of the others.
    name, caption
        Of the picture. The caption says what the intervals are.
    each, overlap, middle
        How repeats are summed up; see `compare.statistics.summarize`.
    x, y
        The axes, or what stands at them; the columns' names if None.
    x_scale, y_scale
        Of axes that are given as text or not at all. A logarithmic x axis has its ticks at the places that there are.
    methods, names
        What readers see: labels and styles of methods by name, names of columns.
    extra
        Curves, levels and points that stand in every panel, or a function that returns those of a panel from its
        settings.
    curves
        Returns a line's continuation or fit from its method and its panel's settings; drawn in the line's color.
    columns, narrow_columns
        Panels beside each other at most: on wide screens, and on phones.
    share
        Whether all panels have the same y axis.

    Returns
    -------
    Picture, in two arrangements, that is drawn when its page is written.
    """
    readings = [Reading(value)] if isinstance(value, str) or callable(value) else list(value)
    by_panel = [panels] if isinstance(panels, str) else list(panels)
    style = styles((str(row[by]) for row in rows), methods)
    drawn: list[Panel] = []
    for key, group in list(grouped(rows, by_panel).items())[:LARGEST]:
        settings = dict(zip(by_panel, key, strict=True))
        marks: list[Points | Curve | Level] = []
        members = grouped(group, [by])
        for place, ((method,), of_method) in enumerate(members.items()):
            aside = place - (len(members) - 1) / 2
            for number, reading in enumerate(readings):
                found = _points(of_method, reading, over, (each, overlap, middle), aside, x_scale)
                if found is not None:
                    words = f"{label(str(method), methods)}{f', {reading.words}' if reading.words else ''}"
                    named = words if reading.words or number == 0 else None
                    second = number > 0
                    marks.append(replace(found, label=named, style=style[str(method)], hollow=second, thin=second))
            if curves is not None and (curve := curves(str(method), settings)) is not None:
                marks.append(replace(curve, style=Style(style[str(method)].color, dashes="--")))
        marks += extra(settings) if callable(extra) else extra
        places = sorted({row[over] for row in group})
        drawn.append(Panel(in_words(settings, names), marks, _x(x, over, x_scale, places, names)))
    first = readings[0].value
    words = y if isinstance(y, str) else first.replace("_", " ") if isinstance(first, str) else ""
    across = y if isinstance(y, Axis) else Axis(words, y_scale)
    chart = Chart(drawn or [Panel()], y=across, columns=columns, narrow_columns=narrow_columns, share=share)
    return picture(name, chart, caption)


def _x(
    axis: Axis | str | None, over: str, scale: Scale, places: Sequence[Any], names: Mapping[str, str] | None
) -> Axis:
    if isinstance(axis, Axis):
        return axis
    words = axis if axis is not None else (names or {}).get(over, over)
    ticks = {place: f"{place:,g}" for place in _few(places)} if scale == "log" else None
    return Axis(words, scale, ticks)


def _few(places: Sequence[float], most: int = 7) -> list[float]:
    """Return places that find room at an axis, the last among them."""
    step = -(-len(places) // most)
    return list(places)[::-1][::step][::-1] if places else []


def _points(
    rows: Sequence[Row],
    reading: Reading,
    over: str,
    summed: tuple[Sequence[str], float | str, Middle],
    aside: float,
    scale: Scale,
) -> Points | None:
    each, overlap, middle = summed
    places = sorted(grouped(rows, [over]).items())
    found = [
        (place, one, records_of(group))
        for (place,), group in places
        if (one := summarize(group, reading.value, each, overlap, middle))
    ]
    if not found:
        return None
    span = float(places[-1][0][0] - places[0][0][0])
    stand, every = [place for place, _, _ in found], [one for _, one, _ in found]
    x = [place * (1 + ASIDE * aside) if scale == "log" else place + ASIDE / 2 * span * aside for place in stand]
    ends = [one.low for one in every], [one.high for one in every]
    records = [own for _, _, own in found]
    return Points(x, [one.best for one in every], *ends, stand=stand, records=records if any(records) else ())
