"""Figures with a panel for each setting and a line for each method, readable in black and white.

Nobody knows beforehand what is swept, so color, marker and dash go by the order of the methods.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from typing import NamedTuple

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from compare.report.canvas import NARROW, new_figure
from compare.sweeps.cells import Cell

__all__ = ["LARGEST", "LineStyle", "Lines", "panel_figure"]

LARGEST = 12
"""Panels of a figure at most; tables have the rest."""

COLUMNS = 3

Lines = Mapping[str, Sequence[Cell]]
"""The cells of each method, in the order of what they are drawn over."""


class LineStyle(NamedTuple):
    """How a line is drawn."""

    color: str
    marker: str
    dashes: str


# Okabe and Ito's colors, told apart by every kind of color vision; marker and dash tell them apart without color.
STYLES = (
    LineStyle("#0072B2", "o", "-"),
    LineStyle("#D55E00", "s", "--"),
    LineStyle("#009E73", "^", "-."),
    LineStyle("#000000", "D", ":"),
    LineStyle("#CC79A7", "v", "--"),
    LineStyle("#E69F00", "P", "-"),
    LineStyle("#7F7F7F", "X", ":"),
)


def panel_figure(
    panels: Mapping[str, Lines],
    place: Callable[[Cell], int],
    draw: Callable[[Axes, Lines, Mapping[str, LineStyle]], object],
    words: tuple[str, str],
    narrow: bool = False,
) -> Figure:
    """Draw a panel for each group of lines, over a logarithmic axis.

    Parameters
    ----------
    panels
        Lines by the panel's heading; the first `LARGEST` are drawn.
    place
        Where a cell stands on the axis.
    draw
        Draws the lines of a panel; labels go into the legend, which all panels share.
    words
        What stands at both axes.
    narrow
        One panel below the other, for phones.
    """
    shown = dict(list(panels.items())[:LARGEST])
    columns = 1 if narrow else min(COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    figure = new_figure(NARROW if narrow else max(3.4 * columns, 5.0), (2.8 if len(shown) > 1 else 3.6) * rows + 0.5)
    methods = dict.fromkeys(method for lines in shown.values() for method in lines)
    styles = dict(zip(methods, cycle(STYLES), strict=False))
    handles: dict[str, Artist] = {}
    for number, (heading, lines) in enumerate(shown.items()):
        axes = figure.add_subplot(rows, columns, number + 1, sharey=figure.axes[0] if number else None)
        draw(axes, lines, styles)
        handles |= {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
        axes.set(xscale="log", title=heading)
        ticks = sorted({place(cell) for line in lines.values() for cell in line})
        axes.set_xticks(ticks, labels=[f"{tick:,}" for tick in ticks])
        axes.minorticks_off()
        axes.grid(axis="y", linewidth=0.3)
        if number % columns == 0:
            axes.set_ylabel(words[1])
        if number >= len(shown) - columns:
            axes.set_xlabel(words[0])
    figure.legend(
        handles.values(),
        handles.keys(),
        loc="outside lower center",
        ncols=2 if narrow else 4,
        fontsize=8,
        frameon=False,
    )
    return figure
