"""The phase diagram, readable in black and white: a number in every cell, so that no view of lines can draw it."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from compare.engine import Rows
from compare.report.canvas import NARROW, ShownFigure, new_figure
from compare.statistics import Comparison, Row
from compare.statistics.rows import records_of
from compare.studies.ridgelet.phase.rows import KINDS

__all__ = ["diagram"]

DARKEST = 30.0
"""Gains from here on are drawn alike."""

COVERAGE, CONCENTRATION = "coverage K/P$^D$", "concentration c of the target"

SIZE, NAMES = 11.0, 9.0
"""Points of letters in cells, and of the problems' names."""


def diagram(cells: Rows, nodes: int, narrow: bool = False) -> Figure:
    """Draw the gain over coverage and concentration, on training points and fresh ones.

    If `narrow`, panels stand below one another and coverage falls downwards.
    """
    every = {walk: cells.of(row for row in cells if walk in row["walks"]) for walk in ("dimension", "coverage")}
    walks = {walk: rows for walk, rows in every.items() if rows}
    lengths = [max(5, len(rows.group("dimension", "points"))) for rows in walks.values()]
    if narrow:
        panels = [(kind, walk) for walk in walks for kind in KINDS]
        figure = new_figure(NARROW, 2 * (0.56 * sum(lengths) + 0.9 * len(walks)) + 0.7)
        grid = figure.add_gridspec(len(panels), 1, height_ratios=[length for length in lengths for _ in KINDS])
    else:
        panels = [(kind, walk) for kind in KINDS for walk in walks]
        height = max(3, len(cells.unique("concentration")))  # the axis needs room for its words
        figure = new_figure(0.86 * sum(lengths) + 1.8, 2 * (0.6 * height + 1.3))
        grid = figure.add_gridspec(len(KINDS), len(walks), width_ratios=lengths)
    for number, (kind, walk) in enumerate(panels):
        axes, rows = figure.add_subplot(grid[number]), walks[walk]
        image = _panel(axes, rows, kind, nodes, narrow)
        _tell(figure, axes, rows, kind, narrow)
        varied = "dimension D grows" if walk == "dimension" else f"D = {rows[0]['dimension']}, points fewer"
        axes.set_title(f"gain on {KINDS[kind]}: {varied}", fontsize=9 if narrow else 10)
        if narrow:
            axes.set(xlabel=CONCENTRATION, ylabel=COVERAGE)
        else:
            axes.set(xlabel=COVERAGE, ylabel="" if number % len(walks) else "concentration c\nof the target")
    where = {"location": "bottom", "shrink": 0.9, "pad": 0.01} if narrow else {"shrink": 0.6, "pad": 0.01}
    bar = figure.colorbar(image, ax=figure.axes, extend="max", **where)
    bar.set_label("risk of uniform / risk of optimized nodes")
    bar.minorticks_off()
    bar.set_ticks([1, 2, 5, 10, 30], labels=["1", "2", "5", "10", "30"])
    return figure


def _panel(axes: Axes, rows: Rows, kind: str, nodes: int, upright: bool) -> AxesImage:
    """Draw a cell for each problem and concentration, problems to the right; downwards if `upright`."""
    problems, concentrations = list(rows.group("dimension", "points").values()), rows.unique("concentration")
    gains = {(i, j): row[f"{kind}_gain"] for j, problem in enumerate(problems) for i, row in enumerate(problem)}
    values = np.full((len(concentrations), len(problems)), np.nan)
    for place, gain in gains.items():
        values[place] = np.nan if gain is None else gain.estimate.best
    image = axes.imshow(
        np.clip(values.T if upright else values, 1, None),
        cmap="Greys",
        norm=LogNorm(1, DARKEST),
        aspect="auto",
        origin="upper" if upright else "lower",
    )
    for (i, j), gain in gains.items():
        shade = "white" if gain is None else image.cmap(image.norm(np.clip(values[i, j], 1, None)))
        _cell(axes, (i, j) if upright else (j, i), gain, shade)
    _one_node(axes, problems, concentrations, nodes, upright)
    across, along = (axes.yaxis, axes.xaxis) if upright else (axes.xaxis, axes.yaxis)
    across.set_ticks(range(len(problems)), labels=[_named(problem[0]) for problem in problems], fontsize=NAMES)
    along.set_ticks(range(len(concentrations)), labels=[f"{c:g}" for c in concentrations])
    axes.tick_params(length=0)
    return image


def _cell(axes: Axes, place: tuple[int, int], gain: Comparison | None, shade: object) -> None:
    """Write a gain: bold if it is clearly above 1, hatched if it is clearly below."""
    x, y = place
    words, weight, dark = "K ≤ N", "normal", False
    if gain is not None and gain.judged is not None:
        words, weight = _short(gain.judged.best), "bold" if gain.verdict == "above" else "normal"
        dark = gain.judged.best > 6
        if gain.verdict == "below":
            axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="////", edgecolor="0.75", linewidth=0))
    text = axes.text(x, y, words, fontsize=SIZE, weight=weight, zorder=4)
    # In the cell's own shade, so that the line behind leaves the words readable.
    text.set_bbox({"facecolor": shade, "edgecolor": "none", "pad": 0.5})
    text.set(ha="center", va="center", color="white" if dark else "black")


def _tell(figure: ShownFigure, axes: Axes, rows: Rows, kind: str, upright: bool) -> None:
    """Say of each cell which problem it is, its gain and its interval."""
    for j, problem in enumerate(rows.group("dimension", "points").values()):
        for i, row in enumerate(problem):
            gain = row[f"{kind}_gain"]
            said = "any nodes interpolate, K ≤ N"
            if gain is not None and gain.judged is not None:
                low, best, high = map(_short, (gain.judged.low, gain.judged.best, gain.judged.high))
                said = f"gain {best} [{low}, {high}] on {KINDS[kind]}, {gain.verdict} 1"
            where = f"D = {row['dimension']}, K = {row['points']}, c = {row['concentration']:g}"
            figure.tell(axes, *((i, j) if upright else (j, i)), f"{where}: {said}", records=records_of(row))


def _short(value: float) -> str:
    if value >= 1e4:
        return f"{value:.0e}".replace("+0", "").replace("+", "")
    return f"{value:.0f}" if value >= 10 else f"{value:.2f}"


def _named(problem: Row) -> str:
    return f"{problem['coverage']}\nD={problem['dimension']}\nK={problem['points']}"


def _one_node(axes: Axes, problems: Sequence[Rows], concentrations: Sequence[float], nodes: int, upright: bool) -> None:
    """Draw N c K/P^D = 1 as a line of steps: where its c is between those of the cells, at the top if beyond them."""
    edges, heights = [], []
    for j, problem in enumerate(problems):
        c = 10 ** min(1.0, -np.log10(nodes) - problem[0]["log10_coverage"])
        inside = float(np.interp(c, concentrations, range(len(concentrations))))
        edges += [j - 0.5, j + 0.5]
        heights += 2 * [len(concentrations) - 0.5 if c > concentrations[-1] else inside]
    styles: Mapping[str, tuple] = {"white": (3.6, "-"), "black": (1.6, (0, (4, 2)))}
    for color, (width, dashes) in styles.items():
        line = (heights, edges) if upright else (edges, heights)
        axes.plot(*line, color=color, linewidth=width, linestyle=dashes, scalex=False, scaley=False)
