"""How hard a proof is: trees of branch and bound by rank, what a quantum walk makes of them, and conflicting optima."""

import math
from collections.abc import Sequence

from compare.engine import Rows, Runs
from compare.report import Cell, Section, Table
from compare.report.cells import compact, count, estimate, number, seconds, share
from compare.report.views import Column, pivot
from compare.statistics import Row, median_range, summarize
from compare.studies.neuron_selection.quality import family
from compare.studies.neuron_selection.study import CONFLICTS, REACH, TREE, Settings

__all__ = ["conflicting", "hardness", "rank_exponents", "walking"]

RANKS = (
    "Branch and bound walks a tree; nodes = 2^(a N) gives its exponent a. Trying every mask has 1, Grover's search and "
    "meeting in the middle have 1/2, the second with as much memory."
)

WALKS = (
    "Montanaro's quantum branch and bound (arXiv:1906.10375) walks the same tree: T nodes of depth d take about "
    "sqrt(T d) steps for a detection, more for a search. Nothing of it was run: steps are counted on paper from the "
    "trees that were measured here, each step at the price of one logical step, though it has a bound to compute in "
    "superposition. It is the honest quantum rival of branch and bound, which Grover's search is not."
)

LANDSCAPES = (
    "Each output of an echo state sees K neurons and has its best mask on these alone. Where neurons are shared, the "
    "paper's independent searches answer different questions: conflicts are neurons that some outputs keep and others "
    "drop in their own best masks. The joint minimum is exact, by elimination (Whitley, Tinos, Chicano, "
    "arXiv:1505.01887, have the structure)."
)


def rank_exponents(runs: Runs, settings: Settings) -> dict[int, float]:
    """Return the mean of log2(nodes)/N of gadgets of ReLU pairs by rank, at the largest N."""
    rows = runs[TREE].where(problem="gadget")
    if not len(rows):
        return {}
    there = rows.where(neurons=max(rows.column("neurons")))
    return {rank: _exponent(there.where(rank=rank)) for rank in sorted(there.unique("rank"))}


def hardness(runs: Runs, settings: Settings) -> Section:
    """Return the section on trees by rank."""
    gadgets = runs[TREE].where(lambda row: row["rank"] is not None)
    found = rank_exponents(runs, settings)
    said = []
    if found:
        size = max(gadgets.where(problem="gadget").column("neurons"))
        below = [rank for rank, exponent in found.items() if exponent < 0.5]
        said.append(
            f"At N = {size} branch and bound of gadgets of ReLU pairs walks 2^(a N) nodes with a = "
            + ", ".join(f"{exponent:.2f} (r = {rank})" for rank, exponent in found.items())
            + "."
        )
        said.append(
            f"Its exponent is below Grover's 1/2 from rank {min(below)} on; below that, meeting in the middle has 1/2."
            if below
            else "Its exponent is above Grover's 1/2 at every rank asked for, and meeting in the middle has 1/2."
        )
    return Section("Hardness by rank", [RANKS], said, [_ranks(gadgets)] if len(gadgets) else [])


def _exponent(rows: Sequence[Row]) -> float:
    return sum(math.log2(row["nodes"]) / row["neurons"] for row in rows) / len(rows)


def _mean(rows: Sequence[Row], value: str) -> float:
    return float(sum(row[value] for row in rows) / len(rows))


def _ranks(rows: Rows) -> Table:
    def cell(group: Sequence[Row]) -> Cell:
        open_ = sum(not row["proven"] for row in group)
        star = f" ({open_} open)" if open_ else ""
        return Cell(f"{_exponent(group):.2f}: {_mean(group, 'nodes'):,.0f}{star}", _exponent(group))

    return pivot(
        rows.derive(family=lambda row: family(row["problem"])),
        cell,
        down=("family", "rank"),
        across="neurons",
        title="Trees of branch and bound by rank",
        note=(
            "Mean of log2(nodes)/N, and nodes. Open: problems not called proven, as their loss is below the rounding "
            "of the bound, or as the walk was cut off."
        ),
        names={"family": "gadgets", "rank": "r", "neurons": "N"},
    )


def walking(runs: Runs, settings: Settings) -> Section:
    """Return the section on quantum branch and bound, on paper."""
    rows = runs[TREE]
    tickets = rows.where(lambda row: row["problem"] == "ticket" and row["scale"] == settings.scales[0])
    said = []
    if len(tickets):
        largest = tickets.where(neurons=max(tickets.column("neurons")))
        worst = max(largest, key=lambda row: row["nodes"])
        allowed, node = worst["nodes"] / worst["least"], worst["seconds"] / worst["nodes"]
        said.append(
            f"The largest tree of tickets at N = {worst['neurons']} has {worst['nodes']:,} nodes: one detection takes "
            f"{worst['least']:,.0f} steps or {seconds(worst['least'] * settings.step)}, a proof with known constants "
            f"{seconds(worst['proof'] * settings.step)}, where branch and bound took {seconds(worst['seconds'])}. "
            f"A step may take as long as {allowed:.2g} of its nodes, {allowed * node / settings.step:,.0f} logical "
            "steps, and has a bound to compute in that time."
        )
    columns: list[Column | str] = [
        Column("problem", lambda group: family(group[0]["problem"])),
        Column("r", lambda group: group[0]["rank"]),
        Column("N", lambda group: group[0]["neurons"], count),
        Column("nodes T", lambda group: _mean(group, "nodes"), lambda mean: number(mean, ",.0f")),
        Column("sqrt(T d)", lambda group: _mean(group, "least"), _large),
        Column("a proof", lambda group: _mean(group, "proof"), _large),
        Column("a search", lambda group: _mean(group, "search"), _large),
        Column("branch and bound", lambda group: median_range([row["seconds"] for row in group]), seconds),
        Column("one detection", lambda group: _mean(group, "least") * settings.step, seconds),
    ]
    note = (
        "Means over problems; steps: sqrt(T d), with a constant of 1, is below what is known to be enough; a proof has "
        "the constants of Campbell, Khurana and Montanaro (arXiv:1810.05582); a search is sqrt(T) d^(3/2) log2(d). "
        f"Seconds: measured, and at {seconds(settings.step)} a step."
    )
    table = rows.table(
        columns, "Quantum branch and bound, on paper", note, group_by=("problem", "rank", "neurons"), folded=True
    )
    return Section("Quantum branch and bound", [WALKS], said, [table] if len(rows) else [])


def _large(value: float) -> Cell:
    return number(value, compact)


def conflicting(runs: Runs) -> Section:
    """Return the section on conflicts between the outputs' optima, and on what the paper's mixer reaches."""
    rows, reached = runs[CONFLICTS], runs[REACH]
    said, tables = [], []
    fitted = rows.where(neighbours="random", fitted=True)
    if len(fitted):
        mean = {name: sum(fitted.column(name)) / len(fitted) for name in ("share", "bound", "best", "majority")}
        whole = sum(fitted.column("everything")) / len(fitted)
        said.append(
            f"With N = {fitted[0]['neurons']}, K = {fitted[0]['degree']} and random neighbors, {mean['share']:.0%} of "
            f"the neurons are in conflict: independent searches promise {mean['bound']:.3f}, the joint minimum is "
            f"{mean['best']:.3f}, the majority's mask {mean['majority']:.3f}, and all neurons on {whole:.3f}."
        )
    printed = rows.where(neighbours="random", fitted=False)
    if len(printed):
        said.append(
            "As the paper prints the loss, without scale and offset fitted, the joint minimum keeps "
            f"{sum(printed.column('kept')) / len(printed):.0%} of the neurons."
        )
    if len(rows):
        columns: list[Column | str] = [
            "neighbours",
            Column("outputs", lambda group: "fitted" if group[0]["fitted"] else "as printed"),
            Column("in conflict", lambda group: summarize(group, "share"), lambda found: estimate(found, ".2f")),
            *(
                Column(words, lambda group, value=value: summarize(group, value), estimate)
                for value, words in (
                    ("bound", "own minima"),
                    ("best", "joint minimum"),
                    ("majority", "majority"),
                    ("everything", "all on"),
                    ("held_out", "joint minimum, held out"),
                )
            ),
            Column("kept", lambda group: sum(row["kept"] for row in group) / len(group), share),
        ]
        note = "Losses: means over networks with 95% intervals. Own minima are reached only without conflict."
        tables.append(
            rows.table(
                columns,
                "Local optima against the joint one",
                note,
                group_by=("neighbours", "fitted"),
                names={"neighbours": "neighbors"},
            )
        )
    if len(reached):
        hits = sum(reached.column("optimum"))
        said.append(
            f"From the empty mask the paper's mixer reaches the optimum in {hits} of {len(reached)} problems on rings."
        )
        tables.append(
            reached.table(
                [
                    Column("N", "neurons"),
                    Column("K", "degree"),
                    Column("masks", lambda group: 2 ** group[0]["neurons"], count),
                    Column("reached", lambda group: group[0]["reach"], count),
                    Column("optimum among them", lambda group: _of(group)),
                ],
                "What the paper's mixer reaches",
                "A neuron is flipped only where all neurons that share an output with it are off: from the empty mask "
                "the independent sets of that graph are reached, and nothing else.",
                group_by=("neurons", "degree"),
            )
        )
    return Section("Conflicts between local optima", [LANDSCAPES], said, tables)


def _of(group: Sequence[Row]) -> Cell:
    hits = sum(row["optimum"] for row in group)
    return Cell(f"{hits} of {len(group)}", hits / len(group))
