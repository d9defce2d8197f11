"""The ridgelet study's figures, readable in black and white."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from compare.report.canvas import NARROW, new_figure
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


def frequency_figure(key: str, results: Results, narrow: bool = False) -> Figure:
    """Plot sampled frequency against exact probability, a panel for each sampler; two beside each other if `narrow`."""
    part = results.parts[key]
    exact = results.arrays[f"{key}-problem"]["probabilities"]
    names = list(part["methods"])
    columns = min(2 if narrow else 4, len(names))
    rows = -(-len(names) // columns)
    width = NARROW / 2 if narrow else 3.0
    figure = new_figure(width * columns, (width - 0.1) * rows + 0.4)
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
        axes.set(xscale="log", yscale="log")
        axes.set_title(LABELS[name], fontsize=9 if narrow else None)
        axes.tick_params(labelsize=8 if narrow else None)
        if narrow:
            axes.minorticks_off()
        axes.set_xlim(max(low, 0.2 / samples) / 1.5, float(exact.max()) * 1.5)
        axes.set_ylim(0.7 / samples, float(exact.max()) * 2)
        if i % columns == 0:
            axes.set_ylabel("sampled frequency")
        if i >= len(names) - columns:
            axes.set_xlabel("exact probability p*")
    return figure


def risk_figure(part: Mapping[str, Any], narrow: bool = False) -> Figure:
    """Plot empirical and held-out risk over the number of nodes, with 95% intervals; below each other if `narrow`."""
    figure = new_figure(NARROW, 7.6) if narrow else new_figure(10.0, 4.0)
    shape = (2, 1) if narrow else (1, 2)
    panels: list[Axes] = [figure.add_subplot(*shape, i + 1) for i in range(2)]
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
    if narrow:
        handles, labels = panels[1].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    else:
        panels[1].legend(fontsize=8, loc="lower left")
    return figure


def dimension_figure(dimension: Mapping[str, Mapping[str, Any]], narrow: bool = False) -> Figure:
    """Plot seconds a sample over the data dimension, preparation included."""
    figure = new_figure(NARROW, 4.8) if narrow else new_figure(7.0, 4.4)
    axes = figure.add_subplot()
    asked = sorted({row["dimension"] for found in dimension.values() for row in found["rows"]})
    for name, found in dimension.items():
        color, marker, dashes = STYLES[name]
        x = [row["dimension"] for row in found["rows"]]
        y = [total_seconds(row, found["samples"]) for row in found["rows"]]
        ends = [[abs(row[f"sample_{end}"] - row["sample_best"]) for row in found["rows"]] for end in ("low", "high")]
        style: dict[str, Any] = {"color": color, "marker": marker, "linestyle": dashes, "markersize": 5}
        axes.errorbar(x, y, ends, label=LABELS[name], linewidth=1.2, capsize=2, **style)
    axes.set(xscale="log", yscale="log", xlabel="data dimension D", ylabel="seconds a sample, preparation included")
    axes.set_xticks(asked, labels=[str(d) for d in asked])
    axes.minorticks_off()
    if narrow:
        axes.tick_params(axis="x", labelsize=8)
        handles, labels = axes.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    else:
        axes.legend(fontsize=8)
    return figure
