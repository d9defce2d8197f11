"""How kernels are conditioned: condition numbers, least eigenvalues, R and s, over the depth."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from compare.engine import Runs
from compare.report import Section
from compare.report.cells import MISSING, Cell, compact, number
from compare.report.views import pivot
from compare.statistics import Estimate, Row, median_range
from compare.studies.kernel_training.accuracy import NAMES, first, largest, where
from compare.studies.kernel_training.study import CASE, Settings

__all__ = ["conditioning", "middle"]

RANGE = "Medians over splits, between the least and the greatest."


def middle(rows: Sequence[Row], value: str) -> Estimate | None:
    """Return the median of a number over splits, of which those without it count as infinite; None where that is."""
    found = median_range([math.inf if row[value] is None else row[value] for row in rows])
    return found if math.isfinite(found.best) else None


def conditioning(runs: Runs, settings: Settings) -> Section:
    """Return the section on conditioning, at the largest n."""
    most = largest(runs, settings)
    if most is None:
        return Section("How well conditioned it is")
    chosen = first(settings) | {"n": most}
    rows = runs[CASE].where(**chosen)

    def shown(value: str, title: str, note: str, write: Callable[[Any], Cell | str] = _span) -> Any:
        return pivot(
            rows,
            lambda group: middle(group, value),
            down=("pattern",),
            across="depth",
            title=f"{title}, n = {most}",
            note=f"{note} {RANGE} Columns: depth L.",
            write=write,
            methods=runs.methods,
            names=NAMES,
        )

    tables = [
        shown(
            "kappa",
            "Condition number",
            "The norm of the walk, that of |A|, over the least eigenvalue of |A's|; -: singular.",
        ),
        shown(
            "least",
            "Least eigenvalue",
            "Below 0 the kernel is indefinite, and conjugate gradients do not take it.",
            _sign,
        ),
        shown("radius", "R", "The largest sum of a row beside the diagonal; below 1 random walks read the same."),
        shown("entries", "s", "The most entries of a row, its diagonal among them."),
    ]
    return Section("How well conditioned it is", [f"{where(runs, chosen)}."], _said(rows), tables)


def _said(rows: Any) -> list[str]:
    said = []
    negative = sorted({row["depth"] for row in rows if row["pattern"] != "dense" and row["least"] < 0})
    if negative:
        share = [row for row in rows if row["pattern"] not in ("dense", "diagonal") and row["depth"] in negative]
        count = sum(row["least"] < 0 for row in share)
        said.append(
            f"Sparse kernels are indefinite in {count} of {len(share)} cases at L = {', '.join(map(str, negative))}: "
            "leaving out pairs does not keep a kernel positive."
        )
    exact = rows.where(pattern="dense")
    by_depth = {depth: middle(group, "kappa") for (depth,), group in exact.group("depth").items()}
    known = {depth: one.best for depth, one in sorted(by_depth.items()) if one is not None}
    if len(known) > 1:
        listed = ", ".join(f"{compact(value)} (L = {depth})" for depth, value in known.items())
        said.append(f"Condition number of the exact kernel: {listed}.")
    ended = sorted(depth for (depth,), group in exact.group("depth").items() if all(row["radius"] < 1 for row in group))
    if ended:
        said.append(
            f"R of the exact kernel is below 1 on every split at L = {', '.join(map(str, ended))}: there a classical "
            "walk reads what the quantum computer reads."
        )
    return said


def _span(found: Estimate | None) -> Cell:
    if found is None:
        return MISSING
    low, best = compact(found.low), compact(found.best)
    high = compact(found.high) if math.isfinite(found.high) else "no end"
    return Cell(best if low == high else f"{best} [{low}, {high}]", found.best)


def _sign(found: Estimate | None) -> Cell:
    return MISSING if found is None else number(found.best, "+.3g") + f" [{found.low:+.3g}, {found.high:+.3g}]"
