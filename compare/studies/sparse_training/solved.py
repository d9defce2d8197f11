"""Sections on history systems: their condition over T and N, and what circuits that solve them take."""

import math
from collections.abc import Sequence

import numpy as np

from compare.engine import Rows, Runs
from compare.report import Cell, Picture, Section, Shown, Style, Table
from compare.report.cells import MISSING, compact, count, number
from compare.report.styles import BLUE, VERMILION
from compare.report.views import Column
from compare.statistics import Row
from compare.statistics.rows import grouped, records_of
from compare.studies.sparse_training.sources import EXAMPLE
from compare.studies.sparse_training.study import CIRCUIT, CONDITION, SOLVERS, Settings

__all__ = ["circuits", "conditions", "exponent", "queries"]

WHAT = (
    "kappa_eff = alpha/sigma_min(L) is what queries grow with. The paper promises T for a dissipative system and T^2 "
    "for an almost dissipative one, with b on the right side; circuits keep the constant as a row of the state. "
    "Exponents are those of kappa = c T^x, fitted to all T, and of the last doubling alone: where the second is "
    "larger, growth is faster than a power."
)

NORM = (
    "A query is one block encoding of L/alpha. Inversion succeeds with a probability of about 1/T, so that its "
    "queries grow as T kappa; amplification brings that to sqrt(T) kappa. Kernel reflection removes the factor, but "
    "has to know |x|, which the simulator knows and a device has to estimate: that is counted apart. Marching applies "
    "B/|B| T times."
)


FORMS = {
    "constant row": Shown("constant row", style=Style(BLUE, "o", "-")),
    "right side": Shown("F_0 on the right side", style=Style(VERMILION, "s", "--")),
}
"""How both forms of the system look."""


def conditions(runs: Runs, settings: Settings) -> Section:
    """Return the section on condition numbers."""
    rows = runs[CONDITION]
    if not len(rows):
        return Section("Condition of the history system")
    said = []
    order = min(2, max(rows.column("orders")))
    for (source, least), group in grouped(rows.where(orders=order), ["source", "least"]).items():
        parts = []
        for row, words in ((True, "with the constant row"), (False, "without it")):
            members = [one for one in group if one["row"] == row]
            fitted = exponent(members, "condition")
            if fitted is not None:
                parts.append(f"T^{fitted[0]:.2f} {words} (last doubling T^{fitted[1]:.2f})")
        if parts:
            said.append(f"{_update(rows, source, least)}, N = {order}: kappa_eff grows as {' and '.join(parts)}.")
    said += _gmres(rows)
    pictures = [_picture(rows, order)] if len(set(rows.column("steps"))) > 1 else []
    return Section("Condition of the history system", [WHAT], said, [_table(rows)], pictures)


def exponent(rows: Sequence[Row], value: str) -> tuple[float, float] | None:
    """Return the exponent over T fitted to all values, and that between the last two; None of fewer than two."""
    known = sorted((row["steps"], row[value]) for row in rows)
    if len({steps for steps, _ in known}) < 2:
        return None
    steps, values = np.log(np.array(known, dtype=float)).T
    last = (values[-1] - values[-2]) / (steps[-1] - steps[-2])
    return float(np.polyfit(steps, values, 1)[0]), float(last)


def _update(rows: Rows, source: str, least: float | None) -> str:
    return f"example, lambda_min = {least:g}" if source == EXAMPLE and least is not None else rows.label(source)


def _gmres(rows: Rows) -> list[str]:
    with_row = [row for row in rows if row["row"]]
    ended = sum(row["iterations"] == row["steps"] + 1 for row in with_row)
    return [
        f"GMRES ends after T + 1 iterations in {ended} of {len(with_row)} systems with the constant row, whatever "
        "kappa_eff is: they are nilpotent, and forward substitution solves them in one pass over their entries."
    ]


def _table(rows: Rows) -> Table:
    found: list[list[Cell | str]] = []
    records = []
    steps = sorted(set(rows.column("steps")))
    for (source, least, order, row), group in grouped(rows, ["source", "least", "orders", "row"]).items():
        at = {one["steps"]: one for one in group}
        records.append(records_of(group))
        fitted = exponent(group, "condition")
        found.append(
            [
                _update(rows, source, least),
                count(order),
                "row" if row else "right side",
                *(number(at[place]["condition"], ",.3g") if place in at else MISSING for place in steps),
                number(fitted and fitted[0], ".2f"),
                number(fitted and fitted[1], ".2f"),
                number(at[max(at)]["padded"], ",.3g"),
                number(at[max(at)]["norm"], ".3f"),
            ]
        )
    note = (
        "kappa_eff of unpadded systems of T + 1 slots; padded: of 2 T slots or more, at the largest T; |B|: of the "
        "matrix of a step. The constant stands in a row of the state, or F_0 and its powers on the right side."
    )
    columns = ["update", "N", "constant", *(f"T = {place}" for place in steps), "exponent", "last doubling"]
    return Table("kappa_eff over T", [*columns, "padded", "|B|"], found, note, records=records)


def _picture(rows: Rows, order: int) -> Picture:
    flat = [
        {
            "update": _update(rows, row["source"], row["least"]),
            "steps": row["steps"],
            "constant": "constant row" if row["row"] else "right side",
            "condition": row["condition"],
        }
        for row in rows
        if row["orders"] == order
    ]
    caption = f"kappa_eff of the unpadded history system over the steps T, N = {order}, in both forms."
    return Rows(flat).lines(
        "condition", over="steps", by="constant", panels="update", name="condition", caption=caption, x="steps T",
        y="kappa_eff", y_scale="log", columns=2, methods=FORMS,
    )  # fmt: skip


def queries(runs: Runs, method: str = "kernel-reflection") -> tuple[str, float, float] | None:
    """Return whose queries are continued, and c and x of c T^x: of the network if it is known, else of the example."""
    rows = runs[CIRCUIT].where(method=method)
    for own in (True, False):
        group = [row for row in rows if (row["source"] != EXAMPLE) == own]
        if len({row["steps"] for row in group}) > 1:
            steps, values = np.log([[row["steps"], row["shot"]] for row in group]).T
            slope, offset = np.polyfit(steps, values, 1)
            return runs[CIRCUIT].label(group[0]["source"]), math.exp(offset), float(slope)
    return None


def circuits(runs: Runs, settings: Settings) -> Section:
    """Return the section on circuits."""
    rows = runs[CIRCUIT]
    if not len(rows):
        return Section("Circuits")
    said = []
    for (source,), group in grouped(rows, ["source"]).items():
        largest = max(row["steps"] for row in group)
        there = {row["method"]: row for row in group if row["steps"] == largest}
        if there:
            parts = [f"{SOLVERS[name]} {compact(row['shot'])}" for name, row in there.items() if name in SOLVERS]
            said.append(
                f"{rows.label(source)}, n = {_size(group)}, T = {largest}: block encodings a readable shot: "
                f"{', '.join(parts)}."
            )
        grown = {
            name: fitted[0]
            for (name,), members in grouped(group, ["method"]).items()
            if (fitted := exponent(members, "shot")) is not None
        }
        if grown:
            parts = [f"{SOLVERS.get(name, name)} T^{power:.2f}" for name, power in grown.items()]
            said.append(f"{rows.label(source)}: a readable shot grows as {', '.join(parts)}, fitted to all T.")
        marched, reflected = there.get("marching"), there.get("kernel-reflection")
        if marched is not None and reflected is not None:
            ahead = marched["shot"] < reflected["shot"]
            said.append(
                f"{rows.label(source)}: marching, without any inversion, "
                + (
                    "takes fewer queries than every inversion"
                    if ahead
                    else "fails too often: its success falls with |B|^-2T"
                )
                + f" (success {marched['success']:.2g} at T = {largest})."
            )
    worst = max(row["error"] for row in rows if row["method"] != "marching") if len(rows) else 0.0
    said.append(
        f"Circuits are within {worst:.1g} of the linearizations that they solve, at epsilon = {settings.epsilon:g}."
    )
    said += [_gates(rows)]
    columns: list[Column | str] = [
        Column("update", lambda row: rows.label(row["source"])),
        Column("method", lambda row: SOLVERS.get(row["method"], row["method"])),
        Column("T", "steps", count),
        Column("qubits", "qubits", count),
        Column("kappa_eff", lambda row: None if row["method"] == "marching" else row["condition"], _third),
        Column("degree", "degree", count),
        Column("queries", "queries", count),
        Column("success", "success", lambda value: number(value, ".3g")),
        Column("readable", "good", lambda value: number(value, ".3g")),
        Column("rounds", "rounds", count),
        Column("queries a readable shot", "shot", lambda value: number(value, compact)),
        Column("for |x|", lambda row: row["estimation"] or None, lambda value: number(value, compact)),
        Column("error", "error", lambda value: number(value, ".1e")),
    ]
    note = (
        "Queries: block encodings of a run. Readable: flags, top time qubit, and constant or weight; rounds of "
        "amplitude amplification where they pay. For |x|: what its estimation takes once, before kernel reflection. "
        "Error: of u(T) by state vector against the linearization. All counted at the scale 1."
    )
    return Section("Circuits", [NORM], [one for one in said if one], [rows.table(columns, "Queries and success", note)])


def _third(value: float | None) -> Cell:
    return number(value, ".4g")


def _size(rows: Sequence[Row]) -> str:
    return "2" if rows[0]["source"] == EXAMPLE else "its own" if rows[0]["kept"] is None else str(rows[0]["kept"])


def _gates(rows: Rows) -> str:
    known = [row for row in rows if row["cx"] is not None]
    if not known:
        return ""
    parts = [
        f"{rows.label(row['source'])} at T = {row['steps']}: {row['cx']:,} CX and {compact(row['t'])} T gates a query, "
        f"{compact(row['t'] * row['shot'])} T gates a readable shot"
        for row in known
    ]
    return f"Gates of a block encoding, all qubits connected: {'; '.join(parts)}."
