"""The noise study's figure, readable in black and white."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from compare.studies.noise.study import Results
from compare.studies.noise.tables import LABELS, readings

__all__ = ["fidelity_figure"]

# Okabe and Ito's colors; marker, filling and place tell the two readings apart without color.
STYLES = {"raw": ("#0072B2", "o", "#0072B2", -0.13), "mitigated": ("#D55E00", "s", "white", 0.13)}


def fidelity_figure(results: Results) -> Figure:
    """Plot the fidelity of every arm with its interval, a panel for each encoding."""
    encodings = list(results.arms)
    names = list(next(iter(results.arms.values())))
    figure = Figure(figsize=(4.9 * len(encodings) + 0.9, 0.55 * len(names) + 1.7), layout="constrained")
    FigureCanvasAgg(figure)
    shared = None
    for i, encoding in enumerate(encodings):
        axes = shared = figure.add_subplot(1, len(encodings), i + 1, sharex=shared, sharey=shared)
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
        else:
            axes.tick_params(labelleft=False)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    return figure
