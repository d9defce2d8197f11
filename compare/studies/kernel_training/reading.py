"""The cost of reading one prediction off a quantum computer: queries, post-selection, shots; and its growth with n."""

import math
from collections.abc import Sequence
from typing import Any

from compare.engine import Runs
from compare.report import Picture, Section, Table
from compare.report.cells import MISSING, Cell, compact, estimate, number
from compare.report.views import Column, growth_picture, pivot
from compare.statistics import Estimate, Growths, Row, growth, median_range
from compare.statistics.rows import records_of
from compare.studies.kernel_training.accuracy import NAMES, first, largest, where
from compare.studies.kernel_training.conditioning import RANGE, middle
from compare.studies.kernel_training.study import CASE, CLAIM, Settings

__all__ = ["claims", "growths", "reading", "walks"]

CLAIMS = {
    "entries": "entries of a row, s",
    "tries": "post-selection, k_max at 1 - 1e-5",
    "tries_apart": "post-selection, k_max at 1 - delta",
    "shots": "readout, 1/o^2 - 1",
}
"""Quantities that the paper says are O(log n), by column."""


def growths(runs: Runs, settings: Settings, value: str, what: str) -> Growths:
    """Return how a number of the exact kernel grows with n, by depth."""
    rows = runs[CASE].where(**first(settings), pattern="dense")
    named = rows.derive(line=lambda row: f"L = {row['depth']}")
    return growth(named, value, over="n", by="line", what=what, letter="n")


def reading(runs: Runs, settings: Settings) -> Section:
    """Return the section on what reading a prediction takes."""
    most = largest(runs, settings)
    if most is None:
        return Section("Post-selection and readout")
    chosen = first(settings) | {"n": most}
    rows = runs[CASE].where(**chosen)
    columns: list[Column | str] = [
        Column("L", lambda group: group[0]["depth"]),
        "pattern",
        Column("queries D", lambda group: middle(group, "degree"), _middle),
        Column("tries of |k*>", lambda group: middle(group, "tries"), _middle),
        Column("at 1 - delta", lambda group: middle(group, "tries_apart"), _middle),
        Column("1/o^2 - 1", lambda group: middle(group, "shots"), _middle),
        Column("readout shots", lambda group: middle(group, "readout"), _middle),
        Column("queries x shots", lambda group: middle(group, "queries"), _middle),
        Column("amplified", lambda group: middle(group, "amplified"), _middle),
    ]
    table = rows.table(
        columns,
        f"One prediction, n = {most}",
        f"At the median test image. D: degree of the inverse to a relative error of {settings.epsilon:g}; tries: "
        "preparations until |k*> is kept; 1/o^2 - 1: shots for the overlap of normalized states, read to its own "
        "size; readout shots: the same of the signed readout, in which the inverse is as small as its circuit "
        "leaves it. Tries are not in the product: |k*> is counted as loaded. Amplified: queries where the readout "
        "is amplified, by "
        "who knows the size of what is read. " + RANGE,
        group_by=("depth", "pattern"),
        names=NAMES,
    )
    found = growths(runs, settings, "queries", "queries x shots")
    less = {one.name: one.fit for one in growths(runs, settings, "amplified", "queries, amplified")}
    said = []
    for one in found:
        if one.fit is not None and one.fit.power.rate is not None:
            fit = less.get(one.name)
            rate = None if fit is None else fit.power.rate
            more = "" if rate is None else f", with amplified readout as n^{rate.best:.1f}"
            said.append(
                f"Of the exact kernel at {one.name}, queries x shots of one prediction grow as "
                f"n^{_rate(one.fit.power.rate)}{more}."
            )
    tables = [table, found.table("Growth of queries x shots, exact kernel", _growth_note())]
    pictures: list[Picture] = [growth_picture(found, "queries")] if len(found) else []
    paragraphs = [
        f"{where(runs, chosen)}. The inverse A^-1 y is applied to |y>, which is free, by D queries of the walk of A; "
        "its overlap with |k*> is read with its sign by a Hadamard test. Everything is taken from matrices in "
        "closed form; that circuits do the same is held on small ones under Circuits."
    ]
    return Section("Post-selection and readout", paragraphs, said, tables, pictures)


def _growth_note() -> str:
    return "A classical solution takes n^2 sqrt(kappa) steps once, for all test images."


def _rate(found: Estimate) -> str:
    return f"{found.best:.1f} [{found.low:.1f}, {found.high:.1f}]"


def _middle(found: Estimate | None) -> Cell:
    return MISSING if found is None else number(found.best, compact)


def claims(runs: Runs, settings: Settings) -> Section:
    """Return the section on what the paper says is O(log n)."""
    rows = runs[CLAIM]
    if not len(rows):
        return Section("The claims of O(log n)")
    sizes = sorted(rows.unique("n"))
    fitted = {
        value: growth(rows.derive(line=lambda row: "all"), value, over="n", by="line", what=words, letter="n")
        for value, words in CLAIMS.items()
    }
    small, large = sizes[0], sizes[-1]
    logs = math.log(large) / math.log(small)
    cells: list[list[Cell | str]] = []
    said = []
    for value, words in CLAIMS.items():
        ends = [median_range([row[value] for row in rows.where(n=n)]) for n in (small, large)]
        ratio = ends[1].best / ends[0].best
        fit = next((one.fit for one in fitted[value]), None)
        rate = None if fit is None else fit.power.rate
        cells.append(
            [
                words,
                number(ends[0].best, compact),
                number(ends[1].best, compact),
                Cell(f"x {compact(ratio)}", ratio),
                Cell(f"x {logs:.3g}", logs),
                MISSING if rate is None else estimate(rate, ".2f"),
            ]
        )
        if len(sizes) > 1:
            verdict = "as ln n or slower" if ratio <= logs * 1.1 else "faster than ln n"
            said.append(
                f"{words[0].upper()}{words[1:]}: x {compact(ratio)} from n = {small} to {large}, {verdict} (x "
                f"{logs:.3g})."
            )
    depth = [median_range([row["depth"] for row in rows.where(n=n)]).best for n in (small, large)]
    gap = [100 * (row["exact"] - row["diagonal"]) for row in rows.where(n=large)]
    said.append(
        f"At this depth, L = {depth[0]:g} to {depth[1]:g}, inverting changes the accuracy at n = {large} by "
        f"{sum(gap) / len(gap):+.2f} points on average, {max(map(abs, gap)):.2f} at most: there is nothing to invert."
    )
    table = Table(
        f"What is said to be O(log n), at {settings.factor:g} times the depth of the rule",
        ["what", f"n = {small}", f"n = {large}", "grows", "ln n grows", "k of n^k"],
        cells,
        "Medians over splits and test images; s of the published pattern, all else of the exact kernel. Brackets: 95%.",
        records=[records_of(rows)],
    )
    told = (
        "The paper asks for a depth of 8 ln(n / delta) / mu, and says that entries of a row, post-selection and "
        "readout are then O(log n)."
    )
    return Section("The claims of O(log n)", [told], said, [table])


def walks(runs: Runs, settings: Settings) -> Section:
    """Return the section on the dequantized estimator beside the Hadamard test."""
    rows = runs[CASE].where(**first(settings)).where(lambda row: row["pattern"] != "diagonal")
    if not len(rows):
        return Section("The same by random walks")
    open_ = rows.where(lambda row: row["walks"] is not None)
    said = []
    if len(open_):
        ratios = [row["walks"] / row["readout"] for row in open_ if row["readout"]]
        said.append(
            f"Where walks end, in {len(open_):,} of {len(rows):,} cases, they take {_span(ratios)} times as many "
            "samples as the signed readout takes shots, each of them after a few random numbers in place of D "
            "queries."
        )
    said.append(
        f"In {len(rows) - len(open_):,} of {len(rows):,} cases R >= 1 and the walk is not applicable; there the "
        f"condition number is {_span([row['kappa'] for row in rows if row['walks'] is None and row['kappa']])} "
        "(median, and range)."
        if len(open_) < len(rows)
        else "Walks end in every case."
    )

    def cell(group: Sequence[Row]) -> Any:
        known = [row for row in group if row["walks"] is not None and row["readout"]]
        if not known:
            return Cell("not applicable")
        walk, shot = (median_range([row[name] for row in known]).best for name in ("walks", "readout"))
        star = "" if len(known) == len(group) else f" ({len(known)} of {len(group)})"
        return Cell(f"{compact(walk)} / {compact(shot)}{star}", walk / shot)

    most = largest(runs, settings)
    table = pivot(
        rows.where(n=most),
        cell,
        down=("pattern",),
        across="depth",
        title=f"Walks / shots of the Hadamard test, n = {most}",
        note="Medians over splits, each at the median test image, both to the size of the prediction itself; in "
        "brackets the splits on which R < 1 where it is not all. Columns: depth L.",
        write=lambda found: found,
        methods=runs.methods,
        names=NAMES,
    )
    told = (
        "With a walk that starts at image i with probability k_i^2 / |k|^2 and steps with |B_ij|, B = 1 - A, a "
        "classical computer estimates the same overlap from the same access, without bias, as long as rows of B sum "
        "to less than 1 (R < 1). Its variance is known in closed form."
    )
    return Section("The same by random walks", [told], said, [table])


def _span(values: Sequence[float]) -> str:
    found = median_range(values)
    return f"{compact(found.best)} [{compact(found.low)}, {compact(found.high)}]"
