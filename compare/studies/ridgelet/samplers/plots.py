"""The ridgelet study's figures, readable in black and white."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from compare.studies.ridgelet.samplers.study import LABELS, Results
from compare.studies.ridgelet.samplers.tables import total_seconds

__all__ = ["dimension_figure", "frequency_figure", "risk_figure"]

# Okabe and Ito's colors, told apart by every kind of color vision; marker and dash tell them apart without color.
STYLES: dict[str, tuple[str, str, str]] = {
    "enumeration": ("#000000", "s", "-"),
    "dequantized": ("#0072B2", "o", "-"),
    "rejection": ("#E69F00", "^", "--"),
    "circuit_statevector": ("#009E73", "D", "-."),
    "circuit_mps": ("#D55E00", "v", ":"),
    "leverage": ("#CC79A7", "P", "--"),
    "uniform": ("#7F7F7F", "x", ":"),
}


def _figure(width: float, height: float) -> Figure:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def frequency_figure(key: str, results: Results) -> Figure:
    """Plot sampled frequency against exact probability, a panel for each sampler."""
    part = results.parts[key]
    exact = results.arrays[f"{key}-problem"]["probabilities"]
    names = list(part["methods"])
    columns = min(4, len(names))
    rows = -(-len(names) // columns)
    figure = _figure(3.0 * columns, 2.9 * rows + 0.4)
    shown = exact > 1e-12
    low = float(exact[shown].min())
    prime = part["problem"]["prime"]
    for i, name in enumerate(names):
        axes = figure.add_subplot(rows, columns, i + 1)
        arrays, samples = results.arrays[f"{key}-{name}"], part["methods"][name]["samples"]
        digits = np.column_stack([arrays["a"], arrays["b"]]).astype(np.int64)
        index = digits @ prime ** np.arange(digits.shape[1])[::-1]
        frequency = np.bincount(index, minlength=len(exact)) / samples
        seen = shown & (frequency > 0)
        color = STYLES[name][0]
        axes.plot(exact[seen], frequency[seen], ".", color=color, markersize=2.5, alpha=0.5, rasterized=True)
        line = np.geomspace(max(low, 0.2 / samples), float(exact.max()), 50)
        axes.plot(line, line, color="black", linewidth=0.8)
        # Where 95% of perfect frequencies fall.
        spread = 1.96 * np.sqrt(line * (1 - line) / samples)
        axes.plot(line, line + spread, color="black", linewidth=0.6, linestyle="--")
        axes.plot(line, np.where(line > spread, line - spread, np.nan), color="black", linewidth=0.6, linestyle="--")
        axes.set(xscale="log", yscale="log", title=LABELS[name])
        axes.set_xlim(max(low, 0.2 / samples) / 1.5, float(exact.max()) * 1.5)
        axes.set_ylim(0.7 / samples, float(exact.max()) * 2)
        if i % columns == 0:
            axes.set_ylabel("sampled frequency")
        if i >= len(names) - columns:
            axes.set_xlabel("exact probability p*")
    return figure


def risk_figure(part: Mapping[str, Any]) -> Figure:
    """Plot empirical and held-out risk over the number of nodes, with 95% intervals."""
    figure = _figure(10.0, 4.0)
    panels: list[Axes] = [figure.add_subplot(1, 2, i + 1) for i in range(2)]
    for axes, which, title in zip(panels, ("empirical", "held_out"), ("empirical risk", "held-out risk"), strict=True):
        for name, found in part["methods"].items():
            color, marker, dashes = STYLES[name]
            sizes, risks = np.array(found["risk"]["sizes"]), found["risk"][which]
            best = np.array([risk["best"] for risk in risks])
            ends = [[risk[end] if risk[end] is not None else risk["best"] for risk in risks] for end in ("low", "high")]
            errors = np.abs(np.array(ends) - best)
            axes.errorbar(
                sizes,
                best,
                errors,
                label=LABELS[name],
                color=color,
                marker=marker,
                linestyle=dashes,
                markersize=5,
                linewidth=1.2,
                capsize=2,
            )
        column = ("empirical", "held_out").index(which)
        for key, label, line in (("zero", "no node at all", ":"), ("whole", "whole network", "--")):
            level = part["problem"]["baselines"][key][column]
            axes.axhline(level, color="black", linewidth=0.8, linestyle=line, label=label)
        axes.set(xscale="log", xlabel="hidden nodes N", ylabel="mean squared error", title=title)
        axes.set_xticks(sizes, labels=[str(size) for size in sizes])
        axes.minorticks_off()
        axes.set_ylim(bottom=0)
    panels[1].legend(fontsize=8, loc="lower left")
    return figure


def dimension_figure(dimension: Mapping[str, Mapping[str, Any]]) -> Figure:
    """Plot seconds a sample over the data dimension, preparation included."""
    figure = _figure(7.0, 4.4)
    axes = figure.add_subplot()
    asked = sorted({row["dimension"] for found in dimension.values() for row in found["rows"]})
    for name, found in dimension.items():
        color, marker, dashes = STYLES[name]
        x = [row["dimension"] for row in found["rows"]]
        y = [total_seconds(row, found["samples"]) for row in found["rows"]]
        axes.plot(x, y, color=color, marker=marker, linestyle=dashes, label=LABELS[name], markersize=5, linewidth=1.2)
    axes.set(xscale="log", yscale="log", xlabel="data dimension D", ylabel="seconds a sample, preparation included")
    axes.set_xticks(asked, labels=[str(d) for d in asked])
    axes.minorticks_off()
    axes.legend(fontsize=8)
    return figure
