"""The phase study's figures, readable in black and white."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from compare.report.canvas import NARROW, new_figure
from compare.studies.ridgelet.phase.bounds import GAUSSIAN_DENSITY
from compare.studies.ridgelet.phase.findings import verdict
from compare.studies.ridgelet.phase.rows import Results
from compare.studies.ridgelet.phase.tables import KINDS, coverage_text

__all__ = ["phase_figure", "reason_figure"]

DARKEST = 30.0
"""Gains from here on are drawn alike."""

Sites = Sequence[Mapping[str, Any]]


def phase_figure(results: Results, narrow: bool = False) -> Figure:
    """Draw the gain over coverage and concentration, on training points and fresh ones, a number in every cell.

    If `narrow`, panels stand below one another and coverage falls downwards.
    """
    walks = [walk for walk in ("dimension", "coverage") if walk in results.walks]
    lengths = [max(5, len(results.walks[walk])) for walk in walks]
    height = len(results.walks["dimension"][0]["cells"])
    if narrow:
        places = [(kind, walk) for walk in walks for kind in KINDS]
        figure = new_figure(NARROW, 2 * (0.47 * sum(lengths) + 0.9 * len(walks)) + 0.7)
        heights = [length for length in lengths for _ in KINDS]
        grid = figure.add_gridspec(len(places), 1, height_ratios=heights)
    else:
        places = [(kind, walk) for kind in KINDS for walk in walks]
        figure = new_figure(0.82 * sum(lengths) + 1.8, 2 * (0.6 * height + 1.15))
        grid = figure.add_gridspec(2, len(walks), width_ratios=lengths)
    panels, image = [], None
    for number, (kind, walk) in enumerate(places):
        axes = figure.add_subplot(grid[number])
        image = _map(axes, results.walks[walk], kind, results.run["settings"]["nodes"], narrow)
        varied = (
            "dimension D grows" if walk == "dimension" else f"D = {results.walks[walk][0]['dimension']}, points fewer"
        )
        axes.set_title(f"gain on {KINDS[kind]}: {varied}", fontsize=9 if narrow else 10)
        coverage, concentration = "coverage K/P$^D$ of the space by the points", "concentration c of the target"
        if narrow:
            axes.set(xlabel=f"{concentration} (share of its variance)", ylabel=coverage)
        else:
            axes.set(xlabel=coverage, ylabel="" if number % len(walks) else f"{concentration}\n(share of its variance)")
        panels.append(axes)
    if image is not None:
        where = {"location": "bottom", "shrink": 0.9, "pad": 0.01} if narrow else {"shrink": 0.6, "pad": 0.01}
        bar = figure.colorbar(image, ax=panels, extend="max", **where)
        bar.set_label("risk of uniform / risk of optimized nodes")
        bar.minorticks_off()
        bar.set_ticks([1, 2, 5, 10, 30], labels=["1", "2", "5", "10", "30"])
    return figure


def _map(axes: Axes, sites: Sites, kind: str, nodes: int, upright: bool) -> AxesImage:
    """Draw a cell for each site and concentration, sites to the right; downwards if `upright`."""
    concentrations = [cell["concentration"] for cell in sites[0]["cells"]]
    gains = [[site["cells"][i][f"{kind}-gain"] for site in sites] for i in range(len(concentrations))]
    values = np.array([[gain["best"] if gain else np.nan for gain in row] for row in gains])
    image = axes.imshow(
        np.clip(values.T if upright else values, 1, None),
        cmap="Greys",
        norm=LogNorm(1, DARKEST),
        aspect="auto",
        origin="upper" if upright else "lower",
    )
    tests = int(np.isfinite(values).sum())
    for i, row in enumerate(gains):
        for j, gain in enumerate(row):
            sign = verdict(gain, tests) if gain else 0
            x, y = (i, j) if upright else (j, i)
            if sign < 0:
                cell = Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="////", edgecolor="0.75", linewidth=0)
                axes.add_patch(cell)
            best = _short(gain["best"]) if gain else "K ≤ N"
            ends = f"[{_short(gain['low'])}, {_short(gain['high'])}]" if gain else ""
            shade = image.cmap(image.norm(np.clip(values[i, j], 1, None))) if gain else "white"
            for words, up, size, weight in (
                (best, 0.13, 8.5, "bold" if sign > 0 else "normal"),
                (ends, -0.2, 6.3 if upright else 5.5, "normal"),
            ):
                if not words:
                    continue
                place = (x, y - up) if upright else (x, y + up)
                text = axes.text(*place, words, ha="center", va="center", fontsize=size, weight=weight, zorder=4)
                text.set_color("white" if gain and gain["best"] > 6 else "black")
                # In the cell's own shade, so that the line behind leaves the words readable.
                text.set_bbox({"facecolor": shade, "edgecolor": "none", "pad": 0.5})
    _one_node(axes, sites, concentrations, nodes, upright)
    across, along = (axes.yaxis, axes.xaxis) if upright else (axes.xaxis, axes.yaxis)
    across.set_ticks(range(len(sites)), labels=[_place(site) for site in sites], fontsize=7.5)
    along.set_ticks(range(len(concentrations)), labels=[f"{c:g}" for c in concentrations])
    axes.tick_params(length=0)
    return image


def _short(value: float) -> str:
    if value >= 1e4:
        return f"{value:.0e}".replace("+0", "").replace("+", "")
    return f"{value:.0f}" if value >= 10 else f"{value:.2f}"


def _place(site: Mapping[str, Any]) -> str:
    return f"{coverage_text(site)}\nD={site['dimension']}\nK={site['points']}"


def _one_node(axes: Axes, sites: Sites, concentrations: Sequence[float], nodes: int, upright: bool) -> None:
    """Draw N c K/P^D = 1 as a line of steps: a site's height is where its c is, between those of the cells."""
    edges, heights = [], []
    top = len(concentrations) - 0.5
    for j, site in enumerate(sites):
        exponent = -np.log10(nodes) - site["log10_coverage"]
        c = 10**exponent if exponent < 1 else 10.0
        height = (
            top if c > 1 or c > concentrations[-1] else float(np.interp(c, concentrations, range(len(concentrations))))
        )
        edges += [j - 0.5, j + 0.5]
        heights += [height, height]
    for color, width, style in (("white", 3.6, "-"), ("black", 1.6, (0, (4, 2)))):
        line = (heights, edges) if upright else (edges, heights)
        axes.plot(*line, color=color, linewidth=width, linestyle=style, scalex=False, scaley=False)


STYLES = (("#009E73", "^", 12.0), ("#E69F00", "s", 6.5), ("#003B6F", "o", 4.5))
"""For the least, a middle and the largest concentration; marker, size and shade tell them apart without color.

Where all three agree, each stands inside the one before.
"""

WALKS = {"dimension": "more dimensions", "coverage": "fewer points"}
"""Filled markers on a line, and open markers."""


def reason_figure(results: Results, narrow: bool = False) -> Figure:
    """Plot over coverage how many nodes p* spreads over, what the target's own get, and E_p*, with the bounds.

    The three panels stand below one another if `narrow`.
    """
    figure = new_figure(NARROW, 12.0) if narrow else new_figure(12.5, 4.6)
    shape = (3, 1) if narrow else (1, 3)
    settings = results.run["settings"]
    spread, tickets, density = (figure.add_subplot(*shape, i + 1) for i in range(3))
    logarithm = np.log10(settings["prime"])
    _points(spread, results, "share", lambda site: (site["dimension"] + 1) * logarithm)
    _points(tickets, results, "tickets", lambda site: 0.0)
    _points(density, results, "density", None)

    least = min(site["log10_coverage"] for walk in WALKS for site in results.walks.get(walk, []))
    coverage = np.linspace(_root(least), 0.0, 200)
    decades = -(coverage**2)
    site = results.walks["dimension"][0]
    peak = np.log10(site["bound"] / (site["points"] * settings["prime"]))  # max r^2
    bound: dict[str, Any] = {"color": "black", "linewidth": 2.0, "label": "bound"}
    spread.plot(coverage, _root(-decades - peak), **bound)
    tickets.plot(coverage, coverage, **bound)
    for walk in WALKS:
        sites = results.walks.get(walk, [])
        x = [_root(site["log10_coverage"]) for site in sites]
        density.plot(x, [site["bound"] for site in sites], "_", color="black", markersize=13, markeredgewidth=2)
    level: dict[str, Any] = {"color": "black", "linewidth": 1.0, "linestyle": (0, (1, 1.5))}
    spread.axhline(_root(np.log10(settings["nodes"])), **level)
    tickets.axhline(_root(-np.log10(settings["nodes"])), **level)
    density.axhline(GAUSSIAN_DENSITY, **level)
    spread.set(title="over how many nodes p* spreads", ylabel="effective number of nodes, exp(entropy of p*)")
    tickets.set(title="what the target's own nodes get", ylabel="their probability under p*")
    density.set(title="p* over uniform, mean over p*", ylabel="E$_{p*}$ of P$^{D+1}$ p*", yscale="log")
    _label(spread, f"N = {settings['nodes']}", _root(np.log10(settings["nodes"])))
    _label(tickets, f"1/N = 1/{settings['nodes']}", _root(-np.log10(settings["nodes"])))
    _label(density, "random labels", GAUSSIAN_DENSITY)
    for axes, up in ((spread, 1), (tickets, -1)):
        _decades(axes.yaxis, up, max(abs(end) for end in axes.get_ylim()) ** 2)
    for axes in (spread, tickets, density):
        axes.set_xlabel("coverage K/P$^D$ of the space by the points")
        _decades(axes.xaxis, -1, -least)
        axes.grid(linewidth=0.3)
    handles, labels = spread.get_legend_handles_labels()
    ncols = 2 if narrow else 4
    figure.legend(handles, labels, loc="outside lower center", ncols=ncols, fontsize=8, frameon=False)
    return figure


def _root(decades: Any) -> Any:
    """Return where a power of ten stands: the signed square root of its exponent, so that 1e-76 finds room."""
    return np.sign(decades) * np.sqrt(np.abs(decades))


def _decades(axis: Axis, sign: int, most: float) -> None:
    shown = [d for d in (0, 1, 4, 9, 16, 36, 64, 100, 144, 196, 256) if d <= max(1.0, most)]
    if most > 16:
        shown.remove(9)
    axis.set_ticks(
        [sign * np.sqrt(d) for d in shown], labels=["1" if d == 0 else f"10$^{{{sign * d}}}$" for d in shown]
    )


def _label(axes: Axes, text: str, y: float) -> None:
    axes.annotate(text, (0.3, y), (0, 7), xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=8)


def _styled(count: int) -> dict[int, tuple[str, str, float]]:
    """Return the concentrations that are drawn, by their place in order, and how."""
    return {row: style for row, style in zip((0, (count - 1) // 2, count - 1), STYLES, strict=True) if 0 <= row < count}


def _points(axes: Axes, results: Results, measure: str, shift: Callable[[Mapping[str, Any]], float] | None) -> None:
    """Plot a measure with its intervals; with `shift`, 10^shift times it, powers of ten placed by `_root`."""
    for walk, words in WALKS.items():
        sites = results.walks.get(walk, [])
        for row, (color, marker, size) in _styled(len(sites[0]["cells"]) if sites else 0).items():
            found = np.array([[site["cells"][row][measure][end] for end in ("low", "best", "high")] for site in sites])
            if shift is not None:
                # An interval of a probability may reach 0, which has no logarithm: it ends a decade below then.
                found = np.maximum(found, found[:, 1:2] / 10)
                found[found == 0] = np.nan  # beyond floating point, as at D = 300
                found = _root(np.log10(found) + np.array([[shift(site)] for site in sites]))
            x = np.array([_root(site["log10_coverage"]) for site in sites])
            filled = walk == "dimension"
            axes.errorbar(
                x,
                found[:, 1],
                np.abs(found[:, [0, 2]] - found[:, 1:2]).T,
                color=color,
                marker=marker,
                markerfacecolor=color if filled else "white",
                markeredgecolor="white" if filled else color,
                markeredgewidth=0.9,
                linestyle="none",
                markersize=size,
                capsize=2.5,
                label=f"c = {sites[0]['cells'][row]['concentration']:g}, {words}",
            )
