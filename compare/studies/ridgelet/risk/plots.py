"""The risk study's figure, readable in black and white."""

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from compare.report.canvas import NARROW, new_figure
from compare.studies.ridgelet.risk.methods import CANDIDATES, CONTROL, METHODS, OPTIMIZED
from compare.studies.ridgelet.risk.reading import has, held_out
from compare.studies.ridgelet.risk.study import Results
from compare.studies.ridgelet.risk.tables import risks_over_nodes

__all__ = ["candidates_figure"]

# Okabe and Ito's colors; marker and dash tell methods apart without color, filling empirical from held-out risk.
STYLES = {CANDIDATES: ("#D55E00", "s", "-"), OPTIMIZED: ("#0072B2", "o", "--"), CONTROL: ("#7F7F7F", "x", ":")}

COLUMNS, NARROW_COLUMNS = 4, 2


def candidates_figure(results: Results, narrow: bool = False) -> Figure:
    """Plot both risks over N: p* with and without candidates, and uniform nodes; a panel for each data set."""
    names = [name for name in results.problems if any(has(results, name, method) for method in STYLES)]
    columns = min(NARROW_COLUMNS if narrow else COLUMNS, max(len(names), 1))
    rows = -(-len(names) // columns)
    width, height = (NARROW, 1.9 * rows + 1.4) if narrow else (3.1 * columns + 0.6, 2.5 * rows + 0.9)
    figure = new_figure(width, height)
    handles: dict[str, Artist] = {}
    for i, name in enumerate(names):
        axes = figure.add_subplot(rows, columns, i + 1)
        _panel(axes, results, name)
        axes.tick_params(labelsize=8 if narrow else None)
        handles |= {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
        if i % columns == 0:
            axes.set_ylabel("mean squared error")
        if i >= len(names) - columns:
            axes.set_xlabel("hidden nodes N")
    ncols = 1 if narrow else 3
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=ncols, fontsize=8, frameon=False)
    return figure


def _panel(axes: Axes, results: Results, name: str) -> None:
    sizes = results.problems[name]["sizes"]
    for method, (color, marker, dash) in STYLES.items():
        if not has(results, name, method):
            continue
        for measure in ("empirical", "held_out") if held_out(results, name) else ("empirical",):
            found = risks_over_nodes(results, name, method, measure)
            best = [one.best for one in found.values()]
            errors = [
                [one.best - one.low for one in found.values()],
                [one.high - one.best for one in found.values()],
            ]
            axes.errorbar(
                list(found),
                best,
                yerr=errors,
                label=f"{METHODS[method].label}, {'empirical' if measure == 'empirical' else 'held out'}",
                color=color,
                marker=marker,
                markerfacecolor=color if measure == "empirical" else "white",
                linestyle=dash,
                markersize=4.5,
                linewidth=1.6 if measure == "empirical" else 0.8,
                capsize=2,
            )
    axes.set_xscale("log")
    axes.set_xticks(sizes, labels=[str(size) for size in sizes])
    axes.minorticks_off()
    axes.set_title(name, fontsize=9)
    axes.grid(axis="y", linewidth=0.3)
