"""Answers of kernels: exact, sparse and without any pair, by both rules, in pairs on the same splits; and rivals."""

from collections.abc import Sequence
from typing import Any

from compare.engine import Rows, Runs
from compare.report import Section, Table
from compare.report.cells import MISSING, Cell, estimate
from compare.report.styles import label
from compare.report.table import RECORD
from compare.report.views import Column, contrast_picture, pivot
from compare.statistics import Contrast, Row, contrast, summarize
from compare.statistics.rows import records_of
from compare.studies.kernel_training.study import CASE, RIVAL, Settings
from compare.studies.kernel_training.tables import NETWORKS

__all__ = ["CONTROL", "RULES", "accuracy", "against_none", "first", "largest", "points", "rivals", "where"]

CONTROL = "diagonal"
"""The kernel that keeps no pair."""

RULES = {"sign": "sign", "median": "median"}
"""Rules by the column of their accuracy: the paper's, and the published notebook's."""

GROUP = ("dataset", "network", "n", "depth")

NAMES = {"dataset": "data", "depth": "L", "network": "network", "pattern": "pairs kept", "method": "classifier"}

SPLITS = (
    "Means over splits of the same images with 95% intervals. Two splits share test images, so the variance of a "
    "mean over J of them is taken as s^2 (1/J + q / (1 - q)), q the share of all images that are tests (after Nadeau "
    "and Bengio 2003)."
)


def points(value: str) -> Any:
    """Return a function of a row: an accuracy in percentage points."""
    return lambda row: 100 * row[value]


def first(settings: Settings) -> dict[str, Any]:
    """Return the first data set and the first network, which sentences quote."""
    return {"dataset": settings.datasets[0], "network": settings.networks[0]}


def largest(runs: Runs, settings: Settings) -> int | None:
    """Return the largest n of the first data set and network that there are kernels of."""
    return max((row["n"] for row in runs[CASE].where(**first(settings))), default=None)


def where(runs: Runs, one: dict[str, Any]) -> str:
    """Say of which data set, network and n a group is."""
    return f"{runs[CASE].label(one['dataset'])}, {NETWORKS[one['network']].label}, n = {one['n']}"


def against_none(runs: Runs, rule: str) -> Contrast:
    """Return accuracies of every kernel less those of the diagonal, in points, paired by split.

    All patterns and depths of a data set, a network and an n are one family of tests.
    """
    rows = runs[CASE]
    return contrast(
        rows,
        points(rule),
        by="pattern",
        control=CONTROL,
        pair_by=("seed",),
        within=GROUP,
        family=GROUP[:3],
        overlap="overlap",
        what=f"accuracy by {RULES[rule]}, in points",
        methods=runs.methods,
        names=NAMES,
        asked=runs.tasks(CASE),
    )


def accuracy(runs: Runs, settings: Settings) -> Section:
    """Return the section on accuracies."""
    rows = runs[CASE]
    most = largest(runs, settings)
    if most is None:
        return Section("What each kernel answers")
    chosen = first(settings) | {"n": most}
    here = rows.where(**chosen)
    tables, pictures = [], []
    said = []
    for rule in RULES:
        found = against_none(runs, rule)
        title = f"Accuracy by {RULES[rule]}, n = {most}"
        tables.append(_by_depth(here, rule, title, runs))
        tables.append(_differences(found, rule, runs))
        said += _said(found, chosen, rule)
        if rule == "sign":
            caption = (
                f"{where(runs, chosen)}: accuracy by sign less that of the kernel without pairs, in points, paired "
                f"by split. Filled: clearly different from 0 (Holm at 5%). {found.intervals}"
            )
            pictures.append(contrast_picture(found.of(**chosen), "accuracies", caption))
    tables.append(_over_n(here=rows.where(**first(settings)), runs=runs))
    told = (
        "Every kernel answers the same test images of the same splits. The sign of k.(A^-1 y) is the paper's rule; "
        "the published notebook asks instead whether it is above the median over all test images, which takes all of "
        "them and a balanced test set."
    )
    return Section("What each kernel answers", [told, _networks(rows)], said, tables, pictures)


def _networks(rows: Rows) -> str:
    """Say what the networks are, padding and pooling with them."""
    words = [f"{NETWORKS[name].label}: {NETWORKS[name].words}" for name in rows.unique("network")]
    return "; ".join(words) + ". The digits are odd (-1) against even (+1), those of MNIST 9 (-1) against 8 (+1)."


def _by_depth(rows: Rows, rule: str, title: str, runs: Runs) -> Table:
    return pivot(
        rows,
        lambda group: summarize(group, rule, overlap="overlap"),
        down=("pattern",),
        across="depth",
        title=title,
        note=f"{SPLITS} Columns: depth L.",
        write=lambda found: estimate(found.cut(0, 1), ".3f"),
        methods=runs.methods,
        names=NAMES,
    )


def _differences(found: Contrast, rule: str, runs: Runs) -> Table:
    """Return the differences of all groups, patterns beside each other."""
    patterns = list(dict.fromkeys(one.name for one in found))
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in found:
        groups.setdefault(tuple(one.within.values()), {})[one.name] = one
    rows: list[list[Cell | str]] = []
    for (dataset, network, n, depth), members in groups.items():
        cells: list[Cell | str] = [runs[CASE].label(dataset), NETWORKS[network].label, Cell(str(n), n)]
        cells.append(Cell(str(depth), depth))
        for name in patterns:
            if name not in members or members[name].judged is None:
                cells.append(MISSING)
                continue
            one = members[name]
            mark = {"above": " +", "below": " -"}.get(one.verdict, "")
            written = found.write(one)
            cells.append(Cell(f"{_short(one.judged)}{mark}", written.value))
        rows.append(cells)
    return Table(
        f"Accuracy by {RULES[rule]} less that of the diagonal, in points",
        ["data", "network", "n", "L", *(label(name, runs.methods) for name in patterns)],
        rows,
        f"Paired by split; + and - behind an interval: clearly above, clearly below. {found.intervals} Families: "
        "all kernels and depths of a data set, a network and an n (Holm).",
        folded=True,
        records=[records_of(*({RECORD: one.records} for one in of.values())) for of in groups.values()],
    )


def _short(found: Any) -> Cell:
    return estimate(found, "+.1f")


def _over_n(here: Rows, runs: Runs) -> Table:
    def cell(group: Sequence[Row]) -> Any:
        return summarize(group, "sign", overlap="overlap")

    kept = here.where(lambda row: row["pattern"] in ("dense", CONTROL))
    return pivot(
        kept,
        cell,
        down=("depth", "pattern"),
        across="n",
        title="Exact and diagonal over n, by sign",
        note=SPLITS,
        write=lambda found: estimate(found.cut(0, 1), ".3f"),
        methods=runs.methods,
        names=NAMES,
    )


def _said(found: Contrast, chosen: dict[str, Any], rule: str) -> list[str]:
    """Say where each kernel is above or below the diagonal at the largest n."""
    said = []
    names = dict.fromkeys(one.name for one in found)
    for name in names:
        members = [one for one in found if one.name == name and all(one.within[k] == v for k, v in chosen.items())]
        parts = []
        for verdict in ("above", "below"):
            there = [one for one in members if one.verdict == verdict and one.estimate is not None]
            if there:
                listed = ", ".join(
                    f"{one.estimate.best:+.1f} at L = {one.within['depth']}" for one in there if one.estimate
                )
                parts.append(f"clearly {verdict} it ({listed})")
        if members:
            where_ = "; ".join(parts) or "nowhere clearly different"
            said.append(
                f"By {RULES[rule]}, n = {chosen['n']}, {label(name, found.methods)} against no pairs, in points: "
                f"{where_}."
            )
    return said


def rivals(runs: Runs, settings: Settings) -> Section:
    """Return the section on classical rivals, on the splits of the largest n."""
    most = largest(runs, settings)
    rows = runs[RIVAL]
    if most is None or not len(rows):
        return Section("Classical rivals on the same splits")
    exact = runs[CASE].where(**first(settings), n=most, pattern="dense")
    known = [
        {"method": f"exact kernel, L = {row['depth']}", "depth": row["depth"], **_shares(row)} for row in exact
    ] + [{"method": row["method"], "depth": 0, **_shares(row)} for row in rows.where(n=most)]
    every = rows.of(known)
    columns: list[Column | str] = [
        "method",
        *(Column(f"by {rule}", _mean(rule), lambda one: estimate(one.cut(0, 1), ".3f")) for rule in RULES),
    ]
    table = every.table(
        columns,
        f"Classifiers, n = {most}",
        SPLITS + _landmarks(rows),
        group_by=("method",),
        names=NAMES,
    )
    means = {name: sum(row["sign"] for row in group) / len(group) for (name,), group in every.group("method").items()}
    top = max(means, key=lambda name: means[name])
    said = [f"The most right answers by sign, n = {most}: {label(str(top), runs.methods)}, {means[top]:.3f}."]
    return Section("Classical rivals on the same splits", [], said, [table])


def _landmarks(rows: Rows) -> str:
    depths = [row["depth"] for row in rows if row["depth"]]
    return f" Nystroem: 32 random landmarks, or all images, of the kernel of L = {depths[0]}." if depths else ""


def _shares(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("seed", "sign", "median", "overlap")}


def _mean(rule: str) -> Any:
    return lambda group: summarize(group, rule, overlap="overlap")
