"""The noise study's figure, readable in black and white."""

from matplotlib.figure import Figure

from compare.report.canvas import NARROW, new_figure
from compare.studies.noise.study import Results
from compare.studies.noise.tables import LABELS, readings

__all__ = ["fidelity_figure"]

# Okabe and Ito's colors; marker, filling and place tell the two readings apart without color.
STYLES = {"raw": ("#0072B2", "o", "#0072B2", -0.13), "mitigated": ("#D55E00", "s", "white", 0.13)}


def fidelity_figure(results: Results, narrow: bool = False) -> Figure:
    """Plot the fidelity of every arm with its interval, a panel for each encoding; below one another if `narrow`."""
    encodings = list(results.arms)
    names = list(next(iter(results.arms.values())))
    columns = 1 if narrow else len(encodings)
    lines = -(-len(encodings) // columns)
    width = NARROW if narrow else 4.9 * columns + 0.9
    figure = new_figure(width, lines * (0.55 * len(names) + 0.9) + 0.8)
    shared = None
    for i, encoding in enumerate(encodings):
        axes = shared = figure.add_subplot(lines, columns, i + 1, sharex=shared, sharey=shared)
        for reading, (color, marker, filling, offset) in STYLES.items():
            rows = [
                (names.index(name) + offset * ("mitigated" in arm), found["fidelity"])
                for of, name, which, arm, found in readings(results)
                if (of, which) == (encoding, reading)
            ]
            best = [fidelity["best"] for _, fidelity in rows]
            errors = [
                [fidelity["best"] - fidelity["low"] for _, fidelity in rows],
                [fidelity["high"] - fidelity["best"] for _, fidelity in rows],
            ]
            axes.errorbar(
                best,
                [y for y, _ in rows],
                xerr=errors,
                label="as read" if reading == "raw" else "readout mitigated",
                color=color,
                marker=marker,
                markerfacecolor=filling,
                linestyle="none",
                markersize=6,
                linewidth=1.2,
                capsize=3,
            )
        expected = results.circuits[encoding]["fidelity"]
        axes.axvline(1.0, color="black", linewidth=0.8)
        axes.axvline(expected, color="black", linewidth=0.9, linestyle=":", label="product of 1 - error")
        gates = results.circuits[encoding]["two_qubit_gates"]
        axes.set(title=f"{encoding}: {gates} two-qubit gates", xlabel="cross-entropy fidelity")
        axes.set_yticks(range(len(names)), labels=[LABELS[name] for name in names])
        axes.grid(axis="x", linewidth=0.3)
        if i == 0:
            axes.invert_yaxis()
        if i % columns:
            axes.tick_params(labelleft=False)
    handles, labels = axes.get_legend_handles_labels()
    ncols = 2 if narrow else 3
    figure.legend(handles, labels, loc="outside lower center", ncols=ncols, fontsize=8, frameon=False)
    return figure
