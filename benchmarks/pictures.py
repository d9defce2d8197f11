"""Figures of benchmark records. Readable in black and white: marker and dash tell the series apart without color."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.laws import Series
from benchmarks.records import Row
from compare.report.canvas import new_figure
from compare.report.cells import seconds
from compare.report.styles import BLACK, BLUE, GREEN, ORANGE, PALE, PURPLE, RULE, SKY, VERMILION

__all__ = ["growth_figure", "ratio_figure", "rivals_figure"]

# Okabe and Ito's colors; marker and dash tell the series apart without color.
STYLES: dict[str, tuple[str, str, str]] = {
    "dequantized": (BLUE, "o", "-"),
    "dequantized, compiled": (BLUE, "o", "-"),
    "dequantized, NumPy": (SKY, "h", "-"),
    "dequantized, plain Python": (PURPLE, "P", "-"),
    "rejection": (ORANGE, "^", "--"),
    "enumeration": (BLACK, "s", "-."),
    "Aer statevector": (GREEN, "D", "-."),
    "Aer MPS": (VERMILION, "v", ":"),
}


def _ends(estimates: Sequence[Mapping[str, Any]]) -> np.ndarray:
    """Return the distances from the median to both ends: shape (2, n)."""
    return np.array([[e["best"] - e["low"] for e in estimates], [e["high"] - e["best"] for e in estimates]])


def ratio_figure(rows: Sequence[Row]) -> Figure:
    """Draw a bar for each case and a mark where it was asked to be."""
    figure = new_figure(8.5, 1.2 + 0.7 * len(rows))
    axes = figure.add_subplot()
    at, ratios = np.arange(len(rows)), [row["ratio"] for row in rows]
    best = [ratio["best"] for ratio in ratios]
    axes.barh(at, best, 0.55, color=PALE, edgecolor="black", linewidth=0.8, label="measured, median")
    style = {"linestyle": "none", "color": "black", "capsize": 3, "linewidth": 1.2}
    axes.errorbar(best, at, xerr=_ends(ratios), label="lowest and highest pair", **style)
    asked = [row["reach"] for row in rows]
    axes.plot(asked, at, "D", color=VERMILION, markeredgecolor="black", markersize=8, label="asked, at most")
    axes.axvline(1.0, color="black", linewidth=0.8, linestyle=":", label="the product alone")
    right = max(*asked, *(ratio["high"] for ratio in ratios))
    for y, row in zip(at, rows, strict=True):
        axes.text(0.015 * right, y, f"{row['ratio']['best']:.2f} (asked {row['reach']:g})", va="center", fontsize=9)
    axes.set_yticks(at, labels=[row["case"].replace(", D", "\nD") for row in rows])
    axes.set(xlim=(0, 1.05 * right), xlabel="seconds a sample / seconds of its float32 product")
    axes.invert_yaxis()
    figure.legend(fontsize=8, loc="outside upper center", ncols=4)
    return figure


def growth_figure(rows: Sequence[Row]) -> Figure:
    """Draw the time over D, K and P with fitted exponents, rejection and enumeration beside it."""
    figure, measured = new_figure(9.5, 7.4), Series.all(rows)
    panels = (
        (("dimension",), "data dimension D", "seconds a sample"),
        (("points", "rejection"), "data points K", "seconds a sample"),
        (("prime",), "prime P", "seconds a sample"),
        (("enumeration",), "data dimension D", "seconds, table and 1,000 samples"),
    )
    for i, (names, x_label, y_label) in enumerate(panels):
        axes = figure.add_subplot(2, 2, i + 1)
        for name in names:
            if name in measured:
                _draw_series(axes, measured[name])
        axes.set(yscale="log", xlabel=x_label, ylabel=y_label)
        if "enumeration" not in names:
            axes.set_xscale("log")
        if axes.get_legend_handles_labels()[0]:
            axes.legend(fontsize=8, loc="upper left")
            low, high = axes.get_ylim()
            high *= (high / low) ** 0.3  # room for the legend
            axes.set_ylim(low, max(high, 30 * low))  # and little growth shall look little
        axes.grid(color=RULE, linewidth=0.5)
    return figure


def _draw_series(axes: Axes, series: Series) -> None:
    color, marker, dashes = STYLES[series.method]
    style = {"color": color, "marker": marker, "linestyle": "none", "capsize": 2}
    axes.errorbar(series.x, series.best, _ends(series.times), label=f"{series.method} ({series.fixed})", **style)
    if series.fit is None:
        return
    fit, x = series.fit, series.x[series.fitted]
    ends = f"[{fit.low:.2f}, {fit.high:.2f}]"
    if series.exponential:
        law, curve = f"{fit.best:.2f}^{series.size} {ends}", fit.best**x
    else:
        law, curve = f"{series.size}^{fit.best:.2f} {ends}", x**fit.best
    level = np.exp(np.mean(np.log(series.best[series.fitted] / curve)))
    axes.plot(x, level * curve, color=color, linestyle=dashes, linewidth=1.2, label=f"fit {law}")


def rivals_figure(rows: Sequence[Row]) -> Figure:
    """Draw a panel for each problem: time a sample for each sampler."""
    problems = list(dict.fromkeys(row["problem"] for row in rows))
    names = [name for name in STYLES if any(row["rival"] == name for row in rows)]
    figure = new_figure(3.3 * len(problems) + 1.5, 1.2 + 0.4 * len(names))
    shared: Axes | None = None
    for i, problem in enumerate(problems):
        axes = figure.add_subplot(1, len(problems), i + 1, sharey=shared, sharex=shared)
        shared = shared or axes
        for row in rows:
            if row["problem"] == problem:
                color, marker, _ = STYLES[row["rival"]]
                y, time = names.index(row["rival"]), row["per_sample"]
                axes.errorbar(time["best"], y, xerr=_ends([time]), color=color, marker=marker, capsize=3, markersize=7)
                text = {"xytext": (0, 7), "textcoords": "offset points", "ha": "center", "fontsize": 8}
                axes.annotate(seconds(time["best"]).text, (time["best"], y), **text)
        axes.set(xscale="log", title=problem, xlabel="seconds a sample")
        axes.title.set_fontsize(9)
        axes.grid(color=RULE, linewidth=0.5)
        axes.tick_params(labelleft=i == 0)
    assert shared is not None
    shared.set_yticks(range(len(names)), labels=names)
    shared.set_ylim(len(names) - 0.5, -0.7)
    low, high = shared.get_xlim()
    shared.set_xlim(low / 2, high * 2)  # room for the numbers
    return figure
