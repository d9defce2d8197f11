"""Charts as Matplotlib draws them, readable in black and white, at the two widths of a report."""

from collections.abc import Sequence
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis as DrawnAxis
from matplotlib.ticker import NullLocator

from compare.report.canvas import NARROW, ShownFigure, new_figure
from compare.report.powers import Powers, power_of_ten
from compare.report.views.chart import Axis, Chart, Curve, Level, Panel, Points
from compare.report.views.words import said

__all__ = ["draw", "rooted"]

SMALL = 8
"""Points of letters in legends, and of ticks on phones."""

LINE = 0.19
"""Inches that a line of the legend takes."""

AN_INCH, ON_PHONES = 15.5, 46
"""Small letters for which an inch of a legend has room, and a whole line of it on phones."""

LETTERS, NAMED = 44, 28
"""Letters of an axis' label that phones have room for, and beside names."""

SHORT, PLAIN = 30.0, (1e-3, 1e5)
"""Below this ratio of its ends a logarithmic axis has no two powers of ten; numbers between these are written out."""

CROWDED = 1e4
"""Beyond this ratio of its ends a logarithmic axis has no ticks between powers of ten, eight to each."""

DECADES = (0, 1, 4, 9, 16, 36, 64, 100, 144, 196, 256)
"""Powers of ten that are written at an axis of decades."""


def draw(chart: Chart, narrow: bool = False) -> ShownFigure:
    """Draw a chart; for phones if `narrow`."""
    columns = min(chart.narrow_columns if narrow else chart.columns, len(chart.panels))
    rows = -(-len(chart.panels) // columns)
    labels = dict.fromkeys(mark.label for panel in chart.panels for mark in panel.marks if mark.label)
    across = _across(list(labels), chart, columns, narrow)
    figure = new_figure(*_size(chart, columns, rows, -(-len(labels) // across) if labels else 0, narrow))
    handles: dict[str, Any] = {}
    for number, panel in enumerate(chart.panels):
        first = figure.axes[0] if number else None
        shared = {"sharex": first if chart.share_x else None, "sharey": first if chart.share else None}
        axes = figure.add_subplot(rows, columns, number + 1, **shared)
        _draw_panel(figure, axes, panel, panel.x or chart.x, panel.y or chart.y, len(chart.panels) > 1)
        handles |= {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
        if narrow or columns > 2:
            axes.tick_params(labelsize=SMALL)
        # Along a row or a column of like panels, one of them says what the axis is.
        if panel.y is not None or number % columns == 0:
            axes.set_ylabel((panel.y or chart.y).label)
        elif chart.share:
            axes.tick_params(labelleft=False)
        if panel.x is not None or number >= len(chart.panels) - columns:
            label = (panel.x or chart.x).label
            axes.set_xlabel(fill(label, NAMED if chart.tall else LETTERS) if narrow else label)
    if handles:
        figure.legend(
            handles.values(),
            handles.keys(),
            loc="outside lower center",
            ncols=across,
            fontsize=SMALL,
            frameon=False,
        )
    return figure


def rooted(exponents: "Sequence[float] | np.ndarray | float") -> np.ndarray:
    """Return where powers of ten stand on an axis of decades: the signed square root of their exponents."""
    values = np.asarray(exponents, dtype=float)
    return np.sign(values) * np.sqrt(np.abs(values))


def _across(labels: Sequence[str], chart: Chart, columns: int, narrow: bool) -> int:
    """Return how many names of the legend find room beside each other."""
    longest = max(map(len, labels), default=1)
    room = ON_PHONES if narrow else AN_INCH * _width(chart, columns, narrow)
    return max(1, min(int(room // (longest + 6)), 2 if narrow else chart.legend, len(labels)))


def _width(chart: Chart, columns: int, narrow: bool) -> float:
    """Return the width of a chart's figure in inches."""
    return NARROW if narrow else columns * (chart.width or (3.1 if columns > 3 else 3.6 if columns > 1 else 7.0)) + 0.4


def _size(chart: Chart, columns: int, rows: int, lines: int, narrow: bool) -> tuple[float, float]:
    several = len(chart.panels) > 1
    height = chart.height or ((2.5 if columns > 3 else 2.8) if several else 3.8)
    if narrow:
        height = height if chart.tall else min(height, 3.4 if chart.narrow_columns == 1 else 1.9)
    return _width(chart, columns, narrow), rows * height + LINE * lines + 0.45


def _draw_panel(figure: ShownFigure, axes: Axes, panel: Panel, x: Axis, y: Axis, several: bool) -> None:
    for mark in panel.marks:
        if isinstance(mark, Points):
            drawn = _draw_points(axes, mark, x, y)
            if not mark.many:
                for at, up, words, records in said(mark, panel.title, x, y):
                    figure.tell(axes, at, up, words, mark.label, records)
        elif isinstance(mark, Curve):
            drawn = _draw_curve(axes, mark, x, y)
        else:
            drawn = _draw_level(axes, mark, x, y)
        figure.name(mark.label, *drawn)
    axes.set_title(panel.title, fontsize=9 if several else 10)
    axes.grid(linewidth=0.3)
    _set_axis(axes, axes.xaxis, x, True)
    _set_axis(axes, axes.yaxis, y, False)


def _set_axis(axes: Axes, drawn: DrawnAxis, axis: Axis, across: bool) -> None:
    set_scale, set_ends = (axes.set_xscale, axes.set_xlim) if across else (axes.set_yscale, axes.set_ylim)
    if axis.scale == "log":
        set_scale("log")
        drawn.set_major_formatter(Powers())
        drawn.set_minor_formatter(Powers(labelOnlyBase=False))
    low, high = (None if end is None else float(_placed([end], axis)[0]) for end in (axis.low, axis.high))
    if low is not None or high is not None:
        set_ends(low, high)
    if axis.ticks is not None:
        drawn.set_ticks(list(_placed(list(axis.ticks), axis)), labels=list(axis.ticks.values()))
        drawn.set_minor_locator(NullLocator())
    elif axis.scale == "log":
        _write_out(drawn)
        low, high = sorted(drawn.get_view_interval())
        if high > CROWDED * low > 0:
            drawn.set_minor_locator(NullLocator())
    elif axis.scale == "decades":
        ends = sorted(drawn.get_view_interval())
        shown = sorted({sign * power for power in DECADES for sign in (-1, 1)})
        shown = [power for power in shown if ends[0] <= rooted(power) <= ends[1]]
        drawn.set_ticks(list(rooted(shown)), labels=[power_of_ten(power) if power else "1" for power in shown])


def _write_out(drawn: DrawnAxis) -> None:
    """Write round numbers at a short logarithmic axis, where Matplotlib's products of powers run into one another."""
    low, high = sorted(drawn.get_view_interval())
    if not PLAIN[0] <= low <= high <= PLAIN[1] or high > SHORT * low:
        return
    for digits in ((1, 2, 5), (1, 2, 3, 4, 5, 6, 8)):
        ticks = [digit * 10.0**power for power in range(-3, 6) for digit in digits]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) > 2:
            drawn.set_ticks(ticks, labels=[f"{tick:,.10g}" for tick in ticks])
            drawn.set_minor_locator(NullLocator())
            return


def _placed(values: Sequence[float], axis: Axis) -> np.ndarray:
    return rooted(values) if axis.scale == "decades" else np.asarray(values, dtype=float)


def _draw_points(axes: Axes, mark: Points, x: Axis, y: Axis) -> list[Artist]:
    style, places, best = mark.style, _placed(mark.x, x), _placed(mark.best, y)
    if mark.many:
        return list(
            axes.plot(
                places, best, ".", color=style.color, markersize=2.5, alpha=0.5, rasterized=True, label=mark.label
            )
        )
    errors = None
    if mark.low is not None and mark.high is not None:
        middle, along = (places, x) if mark.sideways else (best, y)
        errors = np.abs(np.stack([_placed(mark.low, along), _placed(mark.high, along)]) - middle)
        errors[~np.isfinite(errors)] = 0  # a single repeat has no interval
    line, ends, bars = axes.errorbar(
        places,
        best,
        xerr=errors if mark.sideways else None,
        yerr=None if mark.sideways else errors,
        label=mark.label,
        color=style.color,
        marker=style.marker,
        markerfacecolor="white" if mark.hollow else style.color,
        linestyle=style.dashes if mark.line else "none",
        markersize=mark.size,
        linewidth=0.8 if mark.thin else 1.4,
        capsize=2,
    )
    return [one for one in (line, *ends, *bars) if one is not None]


def _draw_curve(axes: Axes, mark: Curve, x: Axis, y: Axis) -> list[Artist]:
    places, color = _placed(mark.x, x), mark.style.color
    best, dashes, width = _placed(mark.best, y), mark.style.dashes, mark.width
    drawn: list[Artist] = [*axes.plot(places, best, color=color, linestyle=dashes, linewidth=width, label=mark.label)]
    if mark.low is not None and mark.high is not None:
        low, high = _placed(mark.low, y), _placed(mark.high, y)
        drawn.append(axes.fill_between(places, low, high, color=color, alpha=0.12, linewidth=0))
    return drawn


def _draw_level(axes: Axes, mark: Level, x: Axis, y: Axis) -> list[Artist]:
    at = float(_placed([mark.at], x if mark.upright else y)[0])
    line = axes.axvline if mark.upright else axes.axhline
    drawn: list[Artist] = [line(at, color=mark.color, linewidth=mark.width, linestyle=mark.dashes, label=mark.label)]
    if mark.text:
        place = (at, 0.02) if mark.upright else (0.3, at)
        frame = ("data", "axes fraction") if mark.upright else ("axes fraction", "data")
        written = axes.annotate(mark.text, place, (0, 5), xycoords=frame, textcoords="offset points", fontsize=SMALL)
        drawn.append(written)
    return drawn
