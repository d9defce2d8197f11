"""Times over sizes."""

from collections.abc import Mapping
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from compare.statistics import median_range
from compare.studies.ridgelet.scale.reading import seconds, size
from compare.sweeps.cells import LETTERS
from compare.sweeps.panels import Lines, LineStyle, panel_figure

__all__ = ["times_figure"]


def times_figure(panels: Mapping[str, Lines], axis: str, narrow: bool = False) -> Figure:
    """Plot seconds a sample over one setting, a panel for each of the others and a line for each method.

    Parameters
    ----------
    panels
        Cells by size, of each method in each panel, by the panel's heading.
    axis
        The setting.
    narrow
        One panel below the other, for phones.
    """
    words = (f"{axis} {LETTERS[axis]}", "seconds a sample")
    return panel_figure(panels, partial(size, axis=axis), partial(_draw, axis), words, narrow)


def _draw(axis: str, axes: Axes, lines: Lines, styles: Mapping[str, LineStyle]) -> None:
    for method, line in lines.items():
        times = [median_range(cell.values(seconds)) for cell in line]
        style = styles[method]
        axes.errorbar(
            [size(cell, axis) for cell in line],
            [time.best for time in times],
            [[time.best - time.low for time in times], [time.high - time.best for time in times]],
            label=method,
            color=style.color,
            marker=style.marker,
            linestyle=style.dashes,
            markersize=5,
            linewidth=1.2,
            capsize=2,
        )
    axes.set_yscale("log")
