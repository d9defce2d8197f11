"""The drawn nodes: how p* weighs the nodes, and what a node took."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from compare.engine import Rows, Runs
from compare.report import Card, Picture, Report, Section, Style
from compare.report.cells import count, estimate, seconds, so_many, span
from compare.report.styles import styles
from compare.report.views import Axis, Chart, Column, Curve, Level, Panel, picture
from compare.statistics import Estimate, in_words, median_range, skewed_mean
from compare.studies.ridgelet.drawing.files import FILE
from compare.studies.ridgelet.drawing.study import NODES, PART, STUDY, Settings

__all__ = ["report"]

PLACES = 200
"""At so many places at most a curve is drawn."""

CAPTION = (
    "Share of the nodes at which P^(D+1) p* is at least so large; nodes of probability 0 are below all that is shown. "
    "Dotted: the mean over uniform nodes."
)

TIMES = (
    "Preparation: to make the sampler, once in each process. A node: median over parts [least, greatest], drawn side "
    "by side if there were several workers; `tickets scale` times samplers alone."
)


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of nodes that were drawn."""
    rows = runs[PART]
    if not rows:
        reasons = runs.refused(PART).unique("refused")
        return Report(STUDY.title, Card(None, [f"No node was drawn: {reason}" for reason in reasons[:1]]), [])
    first = rows[0]
    density = np.concatenate(rows.column("density"))
    mean = skewed_mean(density)
    size = {"P": first["prime"], "D": first["a"].shape[1], "K": first["points"]}
    name, law = rows.label(first["method"]), rows.law(first["method"])
    prepare, per_sample = (float(np.median(rows.column(value))) for value in ("prepare", "per_sample"))
    sentences = [
        f"{so_many(len(density), 'node')} of {name} (law: {law}) on {rows.label(first['dataset'])} with "
        f"{in_words(size)}: "
        f"{FILE} (a, b, density = P^(D+1) p*).",
        f"The mean of P^(D+1) p* over them is {estimate(mean, '.3g')}; over uniform nodes it is 1.",
        f"A node took {span(per_sample)} after a preparation of {span(prepare)}.",
    ]
    times = rows.table(
        [
            "method",
            Column("nodes", lambda group: sum(row["nodes"] for row in group), count),
            Column("parts", len, count),
            Column("preparation", lambda group: _times(group, "prepare"), seconds),
            Column("a node", lambda group: _times(group, "per_sample"), seconds),
        ],
        "Time",
        TIMES,
        group_by=("method",),
    )
    what = f"{first['description']} Nodes are drawn in parts of {NODES:,}, each with a stream of random numbers."
    return Report(
        STUDY.title, Card(_picture(rows, density), sentences), [Section("What was drawn", [what], [], [times])]
    )


def _times(rows: Sequence, value: str) -> Estimate | float:
    """Return the median of different times between the least and the greatest; a single one as it is."""
    found = sorted({row[value] for row in rows})
    return median_range(found) if len(found) > 1 else float(found[0])


def _picture(rows: Rows, density: NDArray[np.float64]) -> Picture:
    method = rows[0]["method"]
    found = np.sort(density[density > 0])[::-1]
    places = np.unique(np.linspace(0, len(found) - 1, min(len(found), PLACES)).astype(int))
    style = Style(styles([method], rows.methods)[method].color)
    curve = Curve(list(found[places]), list((places + 1) / len(density)), label=rows.label(method), style=style)
    panel = Panel(marks=[curve, Level(1.0, "uniform nodes, mean", upright=True)])
    chart = Chart([panel], Axis("P$^{D+1}$ p* at least", "log"), Axis("share of the nodes", low=0, high=1.02))
    return picture("density", chart, CAPTION)
