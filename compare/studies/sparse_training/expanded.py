"""Sections on the linearization's error: of polynomial networks over N, and of pruned perceptrons expanded anew."""

import math
from collections.abc import Sequence
from typing import Any

from compare.engine import Rows, Runs
from compare.report import Cell, Picture, Section, Table
from compare.report.cells import MISSING, count, estimate, number, so_many
from compare.report.views import Axis, Column
from compare.statistics import Row, median_range, summarize
from compare.statistics.rows import grouped
from compare.studies.sparse_training.sources import is_file
from compare.studies.sparse_training.study import EXPANSION, REEXPANSION, RIVALS, Settings

__all__ = ["certified", "expanded", "reexpanded", "rival_sentence"]

WHAT = (
    "A network of squares on real data is trained, pruned to n weights, and its gradient descent is then a polynomial "
    "update exactly, of q = 3, or q = 5 with its readout trained. The linearization is expanded at the pruned weights; "
    "errors are maxima over weights and steps, against gradient descent itself."
)

CERTIFIED = (
    "R < 1 would certify the linearization. Of the update cut off at q = 2 the least R over all scalings obeys "
    "R_min^2 = 2h, h the Newton-Kantorovich number: what is certified is what Newton's method solves in a handful of "
    "steps. Where the least eigenvalue of the Hessian is not positive, neither is defined. R >= 1 is not applicable, "
    "and no proof of failure: the condition is sufficient, not necessary."
)

PERCEPTRONS = (
    "The update of a pruned perceptron is no polynomial; it is cut off at q = 2 around the last download. Errors are "
    "those after all steps, relative to how far gradient descent went; N = 2 contains the third derivative of the loss."
)


def certified(runs: Runs) -> tuple[int, int, int]:
    """Return how many updates there are, in how many R is defined, and in how many it is below 1."""
    networks = {_network(row): row["r"] for row in runs[EXPANSION]}
    known = [r for r in networks.values() if r is not None]
    return len(networks), len(known), sum(r < 1 for r in known)


def _network(row: Row) -> tuple[Any, ...]:
    # R does not depend on the step size.
    return tuple(row[name] for name in ("source", "seed", "kept", "readout"))


def expanded(runs: Runs, settings: Settings) -> Section:
    """Return the section on truncation."""
    rows = runs[EXPANSION]
    if not len(rows):
        return Section("Truncation on real networks")
    said = []
    networks, defined, below = certified(runs)
    said.append(
        f"R is defined for {defined} of {so_many(networks, 'update')}, and below 1 for {below}: "
        + ("nothing else is certified." if below else "nothing is certified.")
    )
    smallest = min(rows.column("eta"), default=None) if not is_file(rows[0]["source"]) else None
    quoted = rows.where(lambda row: row["eta"] == smallest and not row["readout"])
    for (kept,), group in grouped(quoted, ["dimension"]).items():
        middle = [_median(group, order) for order in range(len(group[0]["errors"]))]
        said.append(
            f"n = {kept}{f', eta = {smallest:g}' if smallest is not None else ''}: median error "
            + ", ".join(f"{value:.2g}" if math.isfinite(value) else "infinite" for value in middle)
            + f" at N = 1 to {len(middle)}; the continuous form at N = {len(middle)} {_written(group, 'continuous')}, "
            f"the origin as center {_written(group, 'origin')}."
        )
    growing = [row for row in rows if _last(row) > _at(row, 0)]
    if growing:
        worst = min(row["fastest"] for row in growing)
        said.append(
            f"In {len(growing)} of {len(rows)} runs the highest order is worse than N = 1, although gradient descent "
            f"converges; the least eta lambda_max among them is {worst:.2g}."
        )
    refused = runs.refused(EXPANSION)
    if len(refused):
        said.append(f"Refused were {len(refused)} of the runs, the first because: {refused[0]['refused']}")
    return Section(
        "Truncation on real networks",
        [WHAT, CERTIFIED],
        said,
        [_table(rows), _certificates(rows)],
        [_picture(quoted)] if len(quoted) else [],
    )


def _at(row: Row, order: int) -> float:
    value = row["errors"][order]
    return math.inf if value is None else float(value)


def _last(row: Row) -> float:
    return _at(row, len(row["errors"]) - 1)


def _median(rows: Sequence[Row], order: int) -> float:
    values = sorted(_at(row, order) for row in rows)
    return values[len(values) // 2]


def _written(rows: Sequence[Row], name: str) -> str:
    values = sorted(math.inf if row[name] is None else float(row[name]) for row in rows)
    middle = values[len(values) // 2]
    return f"{middle:.2g}" if math.isfinite(middle) else "diverges"


def _error(value: float | None) -> Cell:
    return Cell("diverges", math.inf) if value is None else number(value, ".2g")


def _table(rows: Rows) -> Table:
    orders = max(len(row["errors"]) for row in rows)

    def errors(order: int) -> Column:
        def middle(group: Sequence[Row]) -> float | None:
            found = _median(group, order)
            return found if math.isfinite(found) else None

        return Column(f"N = {order + 1}", middle, _error)

    columns: list[Column | str] = [
        Column("update", lambda group: rows.label(group[0]["source"])),
        Column("n", lambda group: group[0]["dimension"], count),
        Column("q", lambda group: group[0]["degree"], count),
        Column("eta", lambda group: group[0]["eta"], lambda eta: number(eta, ".2g")),
        *map(errors, range(orders)),
        Column("continuous", lambda group: _middle(group, "continuous"), _error),
        Column("origin as center", lambda group: _middle(group, "origin"), _error),
        Column("moved", lambda group: _middle(group, "moved"), lambda value: number(value, ".2g")),
        Column("networks", len, count),
    ]
    note = (
        "Medians over networks of the largest error; moved: the largest distance that a weight goes. Continuous and "
        "origin: at the highest N, the continuous form by steps of length one, and the discrete one centered at 0, as "
        "the paper has it."
    )
    return rows.table(columns, "Errors of linearizations", note, group_by=("source", "readout", "kept", "eta"))


def _middle(rows: Sequence[Row], name: str) -> float | None:
    values = sorted(math.inf if row[name] is None else float(row[name]) for row in rows)
    return values[len(values) // 2] if math.isfinite(values[len(values) // 2]) else None


def _certificates(rows: Rows) -> Table:
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        seen.setdefault((*_network(row), row["eta"]), row)

    def defined(form: str) -> Any:
        return lambda value: Cell("not defined", None) if value is None else number(value, form)

    columns: list[Column | str] = [
        Column("update", lambda row: rows.label(row["source"])),
        "seed",
        Column("n", "dimension", count),
        Column("q", "degree", count),
        Column("eta", "eta", lambda eta: number(eta, ".2g")),
        Column("eta lambda_max", "fastest", lambda value: number(value, ".2g")),
        Column("eta lambda_min", "slowest", lambda value: number(value, ".2g")),
        Column("R_min", "r", defined(".3g")),
        Column("h", "h", defined(".3g")),
        Column("Newton steps", "newton", lambda steps: MISSING if steps is None else count(steps)),
        Column("dense", "dense", lambda value: number(value, ".3f")),
        Column("pruned", "pruned", lambda value: number(value, ".3f")),
        Column("trained", "trained", lambda value: number(value, ".3f")),
    ]
    note = (
        "R_min and h of the update cut off at q = 2; Newton steps to 1e-12 there, to whatever stationary point. Last "
        "columns: held-out accuracy before pruning, after it, and after T steps of gradient descent."
    )
    return Rows(list(seen.values())).table(columns, "What is certified, network by network", note, folded=True)


def _picture(rows: Rows) -> Picture:
    flat = [
        {"n": f"n = {row['dimension']}", "order": order + 1, "error": value}
        for row in rows
        for order, value in enumerate(row["errors"])
        if value is not None and value > 0
    ]
    ticks = {order: str(order) for order in sorted({row["order"] for row in flat})}
    caption = "Largest error of the linearization over its order N: median over networks, between least and greatest."
    return Rows(flat).lines(
        "error", over="order", by="n", name="truncation", caption=caption, x=Axis("order N", ticks=ticks), y="error",
        x_scale="linear", y_scale="log", middle="median",
    )  # fmt: skip


def reexpanded(runs: Runs, settings: Settings) -> Section:
    """Return the section on pruned perceptrons."""
    rows = runs[REEXPANSION]
    if not len(rows):
        return Section("Pruned perceptrons")
    said = []
    for (dataset,), group in grouped(rows, ["dataset"]).items():
        parts = []
        for (every,), members in sorted(grouped(group, ["every"]).items()):
            values = [math.inf if row["quadratic"] is None else row["quadratic"] for row in members]
            parts.append(f"{_range(values)} (every {every})")
        said.append(
            f"{rows.label(dataset)}, {group[0]['kept']} of {group[0]['weights']:,} weights, eta = {group[0]['eta']:g}: "
            f"relative error of N = 2 after {group[0]['steps']} steps {', '.join(parts)}."
        )
    negative = sum(row["least"] < 0 for row in {(row["dataset"], row["seed"]): row for row in rows}.values())
    networks = len({(row["dataset"], row["seed"]) for row in rows})
    said.append(
        f"The Hessian at the pruned weights has a negative eigenvalue in {negative} of {so_many(networks, 'network')}."
    )
    columns: list[Column | str] = [
        Column("data", lambda members: rows.label(members[0]["dataset"])),
        Column("expanded every", lambda members: members[0]["every"], count),
        Column("N = 1", lambda members: _spread(members, "linear"), lambda found: estimate(found, ".2g")),
        Column("N = 2", lambda members: _spread(members, "quadratic"), lambda found: estimate(found, ".2g")),
        Column("diverged", lambda members: sum(row["quadratic"] is None for row in members), count),
        Column(
            "lambda_min", lambda members: summarize(members, "least", middle="median"), lambda x: estimate(x, ".2f")
        ),
        Column("lambda_max", lambda members: summarize(members, "most", middle="median"), lambda x: estimate(x, ".2f")),
    ]
    note = "Relative errors after all steps, and eigenvalues at the start: medians, least and greatest over networks."
    table = rows.table(columns, "Linearized training of pruned perceptrons", note, group_by=("dataset", "every"))
    caption = (
        "Relative error of linearized training of pruned perceptrons over the steps between expansions: median over "
        "networks, between least and greatest."
    )
    flat = [
        {"data": rows.label(row["dataset"]), "every": row["every"], "order": words, "error": row[name]}
        for row in rows
        for name, words in (("linear", "N = 1"), ("quadratic", "N = 2"))
        if row[name] is not None
    ]
    drawn = Rows(flat).lines(
        "error", over="every", by="order", panels="data", name="reexpansion", caption=caption,
        x="steps between expansions", y="relative error", y_scale="log", middle="median", share=True,
    ) if flat else None  # fmt: skip
    return Section("Pruned perceptrons", [PERCEPTRONS], said, [table], [drawn] if drawn else [])


def _spread(rows: Sequence[Row], name: str) -> Any:
    values = [row[name] for row in rows if row[name] is not None]
    return median_range(values) if values else None


def _range(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    ends = [f"{end:.1g}" if math.isfinite(end) else "diverged" for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def rival_sentence(rows: Rows, dataset: str) -> str:
    """Say what rivals reach on one data set, and by how many passes."""
    of = grouped(rows.where(dataset=dataset), ["method"])
    parts = []
    for (method,), group in of.items():
        accuracy = sum(row["accuracy"] for row in group) / len(group)
        passes = sum(row["passes"] for row in group) / len(group)
        parts.append(f"{RIVALS.get(method, method)} {accuracy:.3f} ({passes:.0f} passes)")
    return f"{rows.label(dataset)}: held-out accuracy {', '.join(parts)}." if parts else ""
