"""Risk over the number of nodes."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from compare.studies.ridgelet.tickets.reading import estimate, has, zero
from compare.sweeps.cells import Cell
from compare.sweeps.panels import Lines, LineStyle, panel_figure

__all__ = ["risk_figure"]

ASIDE = 0.02
"""Lines are moved aside by this part of N, so that no interval hides another."""


def risk_figure(panels: Mapping[str, Lines], narrow: bool = False) -> Figure:
    """Plot both risks over N, a panel for each of the other settings and a line for each method.

    Parameters
    ----------
    panels
        Cells by N, of each method in each panel, by the panel's heading.
    narrow
        One panel below the other, for phones.
    """
    return panel_figure(panels, _nodes, _draw, ("hidden nodes N", "mean squared error"), narrow)


def _nodes(cell: Cell) -> int:
    return int(cell.settings["nodes"])


def _draw(axes: Axes, lines: Lines, styles: Mapping[str, LineStyle]) -> None:
    for place, (method, line) in enumerate(lines.items()):
        shift = 1 + ASIDE * (place - (len(lines) - 1) / 2)
        _line(axes, line, "empirical", shift, styles[method], method)
        if all(has(cell, "held_out") for cell in line):
            _line(axes, line, "held_out", shift, styles[method], None)
    axes.axhline(zero(next(iter(lines.values()))[0]), color="black", linewidth=0.8, linestyle=":")
    axes.set_ylim(bottom=0)


def _line(axes: Axes, line: Sequence[Cell], measure: str, shift: float, style: LineStyle, label: str | None) -> None:
    trained = measure == "empirical"
    risks = [estimate(cell, measure) for cell in line]
    known = risks[0].samples > 1  # one split alone has no interval
    axes.errorbar(
        [shift * _nodes(cell) for cell in line],
        [risk.best for risk in risks],
        [[risk.best - risk.low for risk in risks], [risk.high - risk.best for risk in risks]] if known else None,
        label=label,
        color=style.color,
        marker=style.marker,
        markerfacecolor=style.color if trained else "white",
        linestyle=style.dashes,
        markersize=4.5,
        linewidth=1.6 if trained else 0.8,
        capsize=2,
    )
