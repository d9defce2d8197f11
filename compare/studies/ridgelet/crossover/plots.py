"""The crossover study's figures, readable in black and white: seconds a sample over D and over K."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from compare.machines import LOADERS, Line, machine_name
from compare.report.canvas import NARROW, new_figure
from compare.studies.ridgelet.crossover.study import LARGEST_POINTS, RIVALS, Results

__all__ = ["crossover_figure"]

# Okabe and Ito's colors; the marker tells lines apart without color. Filled: classical.
STYLES: dict[tuple[str, str], tuple[str, str]] = {
    ("device", "sparse"): ("#E69F00", "^"),
    ("device with errors", "sparse"): ("#D55E00", "v"),
    ("one T at a time", "sparse"): ("#009E73", "D"),
    ("T layers at once", "sparse"): ("#56B4E9", "P"),
    ("T layers at once", "free"): ("#CC79A7", "X"),
}
CLASSICAL = {RIVALS[0]: ("#0072B2", "o"), RIVALS[1]: ("#000000", "s")}

BEYOND = 1000
"""The axis goes so many times beyond the largest circuit that was counted."""

SECONDS = (1e-7, 1e8)


def crossover_figure(results: Results, varied: str, narrow: bool = False) -> Figure:
    """Plot seconds a sample over "dimension" or "points", extrapolations dashed.

    There is a panel for each P, below one another if `narrow`.
    """
    primes = list(results.settings.primes)
    columns = 1 if narrow else len(primes)
    rows = -(-len(primes) // columns)
    figure = new_figure(NARROW, 3.9 * rows + 1.3) if narrow else new_figure(5.2 * columns + 0.4, 5.6)
    across = "data dimension D" if varied == "dimension" else "data points K"
    counted = results.settings.dimensions if varied == "dimension" else results.settings.loaded_points
    for number, prime in enumerate(primes):
        axes = figure.add_subplot(rows, columns, number + 1)
        end = BEYOND * max(counted)
        if varied == "points":
            end = min(LARGEST_POINTS, prime**results.settings.dimension)
        for rival in RIVALS if varied == "dimension" else RIVALS[:1]:
            line = results.classical(f"{varied}-{prime}", rival)
            _draw(axes, line, rival, *CLASSICAL[rival], end, filled=True)
        for (machine, loader), style in STYLES.items():
            line = results.quantum(varied, prime, machine, loader)
            _draw(axes, line, f"{machine_name(machine, results.settings)}, {LOADERS[loader]}", *style, end)
        fixed = f"K = {results.settings.points}" if varied == "dimension" else f"D = {results.settings.dimension}"
        axes.set(xscale="log", yscale="log", xlabel=across, title=f"P = {prime}, {fixed}", ylim=SECONDS)
        axes.set_xlim(right=end)
        axes.grid(linewidth=0.3)
        if number % columns == 0:
            axes.set_ylabel("seconds a sample")
        else:
            axes.tick_params(labelleft=False)
    named = {name: line for axes in figure.axes for line, name in zip(*axes.get_legend_handles_labels(), strict=True)}
    ncols = 1 if narrow else 2
    figure.legend(named.values(), named.keys(), loc="outside lower center", ncols=ncols, fontsize=8, frameon=False)
    return figure


def _draw(axes: Axes, line: Line | None, name: str, color: str, marker: str, end: int, filled: bool = False) -> None:
    if line is None:
        return
    sizes = np.array(list(line.measured), dtype=float)
    ends = np.exp(line.log_range(sizes))
    axes.errorbar(
        sizes,
        ends[1],
        np.abs(ends[[0, 2]] - ends[1]),
        label=name,
        color=color,
        marker=marker,
        markerfacecolor=color if filled else "white",
        markersize=5,
        linewidth=1.2,
        capsize=2,
    )
    if line.beyond is None or end <= line.largest:
        return
    beyond = np.geomspace(line.largest, end, 100)
    # What is far outside the figure would only leave the floats.
    low, best, high = np.exp(np.clip(line.log_range(beyond)[:, 1:], -40, 60))
    axes.plot(beyond[1:], best, color=color, linestyle="--", linewidth=1.0)
    axes.fill_between(beyond[1:], low, high, color=color, alpha=0.12, linewidth=0)
