"""The section on training by a circuit, round after round, over shots and N."""

import math
from collections.abc import Iterable, Sequence

from compare.engine import Rows, Runs
from compare.report import Cell, Picture, Section
from compare.report.cells import count, estimate, number, so_many
from compare.report.views import Column
from compare.statistics import Estimate, Row, summarize
from compare.statistics.rows import grouped
from compare.studies.sparse_training.study import LOOP, SHOTS, Settings

__all__ = ["best_loop", "rounds"]

WHAT = (
    "Training end to end: a circuit takes T steps around the present weights (the upload is |0...0>), all weights are "
    "read with their signs from one setting, and the sum is the next center. What stands between it and gradient "
    "descent is truncation, the error of the reflection, and shots."
)

BOUND = 2.0
"""An error within this over the square root of the shots is what reading costs."""


def best_loop(runs: Runs) -> Row | None:
    """Return the row that the card quotes: most shots, then highest order, then most weights; None without one."""
    rows = [row for row in runs[LOOP] if row["shots"] is not None]
    return max(rows, key=lambda row: (row["shots"], row["orders"], row["kept"] or 0), default=None)


def rounds(runs: Runs, settings: Settings) -> Section:
    """Return the section."""
    found = runs[LOOP]
    rows = found.of(sorted(found, key=lambda row: (row["kept"] or 0, row["orders"], row["shots"] or math.inf)))
    if not len(rows) and not len(runs[SHOTS]):
        return Section("Training by a circuit")
    shot = [row for row in rows if row["shots"] is not None]
    within = sum(row["error"] <= BOUND / math.sqrt(row["shots"]) + row["truncation"] for row in shot)
    said = []
    if shot:
        said.append(
            f"In {within} of {len(shot)} runs by shots the weights end within 2/sqrt(shots) of gradient descent plus "
            "the measured truncation."
        )
    said += _padded({row["steps"] for row in rows})
    said += _orders(rows)
    said += [_device(row) for row in runs[SHOTS]]
    refused = runs.refused(LOOP)
    if len(refused):
        said.append(f"Refused were {len(refused)} of the runs, the first because: {refused[0]['refused']}")
    columns: list[Column | str] = [
        Column("update", lambda group: rows.label(group[0]["source"])),
        Column("n", lambda group: group[0]["kept"], lambda kept: count(kept)),
        Column("N", lambda group: group[0]["orders"], count),
        Column("shots a round", lambda group: group[0]["shots"], _shots),
        Column("mean error", lambda group: _error(group), lambda found: estimate(found, ".2g")),
        Column("truncation", lambda group: _mean(group, "truncation"), lambda value: number(value, ".2g")),
        Column("moved", lambda group: _mean(group, "moved"), lambda value: number(value, ".2g")),
        Column("queries", lambda group: round(_mean(group, "queries")), count),
        Column("pruned", lambda group: _optional(group, "before"), lambda value: number(value, ".3f")),
        Column("by the circuit", lambda group: _optional(group, "trained"), lambda value: number(value, ".3f")),
        Column("gradient descent", lambda group: _optional(group, "descent"), lambda value: number(value, ".3f")),
    ]
    note = (
        f"{so_many(settings.rounds, 'round')} of T = {so_many(settings.round, 'step')}. Mean error: of |theta - "
        f"gradient descent| over the "
        "weights, mean over resplits of the data with 95% intervals. Moved: by gradient descent. Last columns: "
        "held-out accuracy. Exact: u(T) by state vector."
    )
    table = rows.table(columns, "Rounds of training", note, group_by=("source", "kept", "orders", "shots"))
    pictures = [_picture(rows)] if len({row["shots"] for row in shot}) > 1 else []
    return Section("Training by a circuit", [WHAT], said, [table] if len(rows) else [], pictures)


def _padded(steps: Iterable[int]) -> list[str]:
    """Say which numbers of steps are padded to a power of two."""
    odd = sorted(one for one in steps if one & (one - 1))
    return [f"T = {one} is no power of two, and padded to {2 * 2 ** (one - 1).bit_length()} time slots." for one in odd]


def _device(row: Row) -> str:
    """Say what a device measured."""
    told = f"On a device, T = {row['steps']} steps by marching, {row['shots']:,} shots: "
    if row["refused"] is not None:
        return f"{told}noise left nothing to be read ({row['refused']})"
    pairs = [
        f"{value:.2g} +- {error:.1g} of {expected:.2g}"
        for value, error, expected in zip(row["weights"], row["errors"], row["expected"], strict=True)
    ]
    return f"{told}u(T) = {', '.join(pairs)}; {row['good']:,} runs could be read, {row['predicted']:,.0f} expected."


def _orders(rows: Rows) -> list[str]:
    """Say from how many shots on the second order is nearer than the first."""
    said = []
    for (source, kept), group in grouped(rows, ["source", "kept"]).items():
        better = []
        for (shots,), members in grouped(group, ["shots"]).items():
            of = {order: list(one) for (order,), one in grouped(members, ["orders"]).items()}
            seeds = {order: {row["seed"]: row["error"] for row in one} for order, one in of.items()}
            common = set(seeds.get(1, ())) & set(seeds.get(2, ()))
            if common:
                means = [sum(seeds[order][seed] for seed in common) / len(common) for order in (1, 2)]
                better.append((shots, means))
        if better:
            parts = [
                f"{'exact' if shots is None else f'{shots:,} shots'} {first:.2g} and {second:.2g}"
                for shots, (first, second) in better
            ]
            size = rows.label(source) if kept is None else f"n = {kept}"
            said.append(f"{size}: mean error at N = 1 and N = 2: {', '.join(parts)}.")
    return said


def _shots(shots: int | None) -> Cell | str:
    return "exact" if shots is None else count(shots)


def _error(rows: Sequence[Row]) -> Estimate | None:
    found = summarize(rows, "error")
    return found and found.cut(0.0, math.inf)


def _mean(rows: Sequence[Row], name: str) -> float:
    return float(sum(row[name] for row in rows) / len(rows))


def _optional(rows: Sequence[Row], name: str) -> float | None:
    return None if rows[0][name] is None else _mean(rows, name)


def _picture(rows: Rows) -> Picture:
    flat = [
        {
            "n": rows.label(row["source"]) if row["kept"] is None else f"n = {row['kept']}",
            "shots": row["shots"],
            "order": f"N = {row['orders']}",
            "error": row["error"],
        }
        for row in rows
        if row["shots"] is not None
    ]
    caption = (
        "Mean |theta - gradient descent| after all rounds over the shots of a round: median over resplits of the data, "
        "between least and greatest."
    )
    return Rows(flat).lines(
        "error", over="shots", by="order", panels="n", name="rounds", caption=caption, x="shots a round",
        y="mean error", y_scale="log", middle="median", share=True,
    )  # fmt: skip
