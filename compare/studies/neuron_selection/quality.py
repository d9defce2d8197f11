"""The worth of the masks: held-out accuracy beside trained networks, and who finds and who proves the best ones."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from compare.engine import Rows, Runs
from compare.report import Cell, Section, Table
from compare.report.cells import count, estimate, number, seconds, so_many
from compare.report.views import Column, Reading, pivot
from compare.statistics import Estimate, Row, median_range, summarize
from compare.statistics.rows import grouped, known
from compare.studies.neuron_selection.families import FAMILIES, SOLVERS
from compare.studies.neuron_selection.study import ORACLE, PROBLEM, SOLVED, Settings

__all__ = ["family", "quality", "ticket_sentence"]

NETWORKS = {
    "all_on": "all neurons on",
    "ticket": "best mask",
    "least_squares": "kept neurons, least squares",
    "pruned": "trained, pruned, refitted",
    "trained": "trained",
}

INSTANCE = ("problem", "neurons", "seed", "scale", "rank", "degree")

WHAT = (
    "Losses of a mask are to be minimized; the best mask is that of an exact solver. Accuracies are held out: of "
    "networks the share of right answers, of echo states the mean squared correlation with the target, of gadgets R^2. "
    "Peers have as many neurons as the best mask keeps: these trained in both layers, or the whole network trained, "
    "pruned by magnitude and refitted, or least squares on the kept ones."
)

CAPTION = (
    "Held-out accuracy of networks of N random neurons on MNIST 8 v 9, with 95% intervals over networks: all neurons "
    "on, the best mask, and at as many neurons as it keeps least squares, a pruned network and a trained one."
)


def family(name: str) -> str:
    """Return what readers see of a family."""
    return FAMILIES[name].label if name in FAMILIES else name


def quality(runs: Runs, settings: Settings) -> Section:
    """Return the section on what masks are worth, and who finds them."""
    described = runs[PROBLEM]
    quoted = described.where(lambda row: row["scale"] in (None, settings.scales[0]))
    scaled = described.where(lambda row: row["problem"] == "ticket" and row["neurons"] in _scaled(described))
    tables = [_worth(quoted)] if len(quoted) else []
    if len(scaled):
        tables.append(_scales(scaled))
    if len(runs[SOLVED]):
        tables += [_found(runs), _proofs(runs)]
    findings = [said for said in (ticket_sentence(quoted), _missed(runs), *_left_out(runs, settings)) if said]
    pictures = []
    networks = [
        {"neurons": row["neurons"], "seed": row["seed"], "what": words, "accuracy": row[value]}
        for row in quoted.where(problem="ticket")
        for value, words in NETWORKS.items()
    ]
    if len({row["neurons"] for row in networks}) > 1:
        pictures.append(
            Rows(networks).lines(
                [Reading("accuracy")], over="neurons", by="what", name="accuracy", caption=CAPTION, x="neurons N"
            )
        )
    return Section("What the masks are worth", [WHAT], findings, tables, pictures)


def ticket_sentence(described: Rows) -> str:
    """Say what the best masks of tickets are worth beside trained networks, at the largest N."""
    tickets = described.where(problem="ticket")
    if not len(tickets):
        return ""
    largest = max(tickets.column("neurons"))
    there = tickets.where(neurons=largest)
    said = {value: estimate(_share_of(there, value)) for value in NETWORKS}
    return (
        f"At N = {largest} the best mask of a random network has a held-out accuracy of {said['ticket']}, all its "
        f"neurons on {said['all_on']}; with as many neurons a pruned network has {said['pruned']} and a trained one "
        f"{said['trained']}."
    )


def _scaled(described: Rows) -> set[int]:
    """Return the numbers of neurons at which tickets of several scales are known."""
    sizes = grouped(described.where(problem="ticket"), ["neurons"])
    return {size for (size,), rows in sizes.items() if len({row["scale"] for row in rows}) > 1}


def _worth(described: Rows) -> Table:
    columns: list[Column | str] = [
        Column("problem", lambda rows: family(rows[0]["problem"])),
        Column("N", lambda rows: rows[0]["entries"], count),
        Column("kept", lambda rows: _mean(rows, "kept"), lambda mean: number(mean, ".1f")),
        Column("least loss", lambda rows: _mean(rows, "best"), lambda mean: number(mean, ".4g")),
        Column("of no neuron's", lambda rows: _mean(rows, lambda row: row["best"] / row["none"]), _third),
        *(Column(words, _summed(value), estimate) for value, words in NETWORKS.items()),
        Column("problems", len, count),
    ]
    note = "Means over problems, with 95% intervals. N: entries of a mask. " + "; ".join(
        f"{one.label}: {one.words}"
        for one in FAMILIES.values()
        if one.label in map(family, described.unique("problem"))
    )
    return described.table(columns, "Best masks, held out", f"{note}.", group_by=("problem", "neurons"))


def _scales(tickets: Rows) -> Table:
    columns: list[Column | str] = [
        "scale",
        Column("N", lambda rows: rows[0]["neurons"], count),
        Column("kept", lambda rows: _mean(rows, "kept"), lambda mean: number(mean, ".1f")),
        Column("least loss", lambda rows: _mean(rows, "best"), _third),
        Column("all neurons on", _summed("all_on"), estimate),
        Column("best mask", _summed("ticket"), estimate),
    ]
    note = "The scale of the random readout is a choice of the problem: what the outputs spread with all neurons on."
    return tickets.table(columns, "Tickets by the scale of their readout", note, group_by=("scale", "neurons"))


def _best(runs: Runs) -> Mapping[tuple[Any, ...], float]:
    return {key: min(row["loss"] for row in rows) for key, rows in grouped(runs[SOLVED], INSTANCE).items()}


def _found(runs: Runs) -> Table:
    best = _best(runs)
    none = {tuple(row[name] for name in INSTANCE): row["none"] for row in runs[PROBLEM]}

    def cell(rows: Sequence[Row]) -> Cell:
        missed = []
        for row in rows:
            key = tuple(row[name] for name in INSTANCE)
            room = none.get(key, best[key]) - best[key]
            missed.append((row["loss"] - best[key]) / room if room > 0 else 0.0)
        hits = sum(share < 1e-9 for share in missed)
        share = sum(missed) / len(missed)
        return Cell("best" if hits == len(rows) else f"{share:.2g} ({hits} of {len(rows)})", share)

    rows = runs[SOLVED]
    return pivot(
        rows.derive(family=lambda row: family(row["problem"])),
        cell,
        down=("family", "method"),
        across="neurons",
        title="What each solver leaves",
        note=(
            "What is left between the solver's loss and the least one known, as a share of what lies between the empty "
            "mask's loss and that, and in how many problems nothing is left; best: in none of them anything."
        ),
        names={"family": "problem", "neurons": "N"},
        methods=rows.methods,
    )


def _proofs(runs: Runs) -> Table:
    exact = runs[SOLVED].where(lambda row: getattr(runs.methods.get(row["method"]), "law", "") == "exact")

    def work(rows: Sequence[Row]) -> Cell:
        name = next(iter(rows[0]["work"]))
        many = round(sum(row["work"][name] for row in rows) / len(rows))
        return Cell(so_many(many, {"entries": "entry"}.get(name, name.removesuffix("s")), name), many)

    columns: list[Column | str] = [
        Column("problem", lambda rows: family(rows[0]["problem"])),
        "method",
        Column("N", lambda rows: rows[0]["neurons"], count),
        Column("proven", lambda rows: Cell(f"{sum(row['proven'] for row in rows)} of {len(rows)}", _share(rows))),
        Column("work", work),
        Column("seconds", lambda rows: median_range([row["seconds"] for row in rows]), seconds),
    ]
    note = (
        "Work: means over problems. Seconds: median between least and greatest, other tasks beside; timed ones stand "
        "below. Branch and bound does not call a gadget proven whose loss is below the rounding of its bound."
    )
    return exact.table(columns, "Exact solvers", note, group_by=("problem", "method", "neurons"), folded=True)


def _share(rows: Sequence[Row]) -> float:
    return sum(row["proven"] for row in rows) / len(rows)


def _missed(runs: Runs) -> str:
    """Say in how many quadratic problems each heuristic finds the best mask known."""
    best = _best(runs)
    hits: dict[str, list[bool]] = {}
    for row in runs[SOLVED]:
        if getattr(runs.methods.get(row["method"]), "law", "") != "exact" and row["problem"] in ("ticket", "digits"):
            least = best[tuple(row[name] for name in INSTANCE)]
            hits.setdefault(row["method"], []).append(row["loss"] <= least + 1e-9 * abs(least))
    told = [f"{runs[SOLVED].label(name)} in {sum(found)} of {len(found)}" for name, found in hits.items()]
    return f"Without a proof the best mask of tickets is found by {', '.join(told)}." if told else ""


def _left_out(runs: Runs, settings: Settings) -> list[str]:
    missing = [method.label for name, method in SOLVERS.items() if name not in settings.methods and method.needs]
    said = [f"Left out: {', '.join(missing)} (pip install 'quantum-tickets[annealing]')."] if missing else []
    refused = [row for kind in runs.study.kinds if kind != ORACLE for row in runs.refused(kind)]
    if refused:
        were = "task was" if len(refused) == 1 else "tasks were"
        said.append(f"{len(refused):,} {were} refused, the first because: {refused[0]['refused']}")
    return said


def _mean(rows: Sequence[Row], value: Any) -> float:
    return float(sum(value(row) if callable(value) else row[value] for row in rows) / len(rows))


def _third(value: float) -> Cell:
    return number(value, ".3f")


def _summed(value: str) -> Any:
    return lambda rows: _share_of(rows, value)


def _share_of(rows: Sequence[Row], value: str) -> Estimate | None:
    """Return a mean with its interval, cut where shares end; R^2 may be below 0."""
    some = [row for row in rows if known(row[value]) is not None]
    found = summarize(some, value)
    low = 0.0 if all(row[value] >= 0 for row in some) else -math.inf
    return found and found.cut(low, 1.0)
