"""The risk study's report: the claim, what holds out of sample, and every case with all methods."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from compare.engine import Rows, Runs
from compare.report import Card, Cell, Report, Section, Table
from compare.report.cells import MISSING, count, estimate, number, pvalue, several, signed, so_many
from compare.report.views import Column, Reading, table
from compare.statistics import SHARED_SAMPLES, Contrast, Estimate, Row, summarize
from compare.statistics.rows import capital, records_of
from compare.studies.ridgelet.methods import CONTROL, OPTIMIZED
from compare.studies.ridgelet.risk.rows import TICKET, draws, named, networks, problems
from compare.studies.ridgelet.risk.study import CELL, PENALTIES, STUDY, Settings

__all__ = ["report"]

REFERENCE, CANDIDATES, PEER = "enumeration", "candidates", "rbf"
"""The method that draws from p* by its definition, N kept of 10 N draws, and the peer that tickets are measured by."""

SAME = (OPTIMIZED, "circuit", "circuit-noisy")
"""Held against enumeration: the first two should draw from the same distribution."""

NEGLIGIBLE = 5e-4
"""A smaller difference is called none, however sure it is: two fits of 0 differ by their penalties alone."""

LAST = "The last column is paired, each interval at the level of its test among those of all data sets."

INTERVALS = f"Brackets are 95% intervals over folds: {SHARED_SAMPLES}."

WHAT = (
    "Networks with N hidden nodes, which each method picks in its own way; only output weights are fitted, by ridge "
    "regression. Each fold holds a random quarter of the samples out, the same for all methods; quantizers, feature "
    "choice, nodes and penalties see the rest only. Penalties are chosen among "
    f"{PENALTIES[0]:g} to {PENALTIES[-1]:g} on inner folds of the training part, with nodes drawn anew from each inner "
    "problem: nodes drawn from all training labels know those that an inner fold holds out. Refined: candidates pruned "
    "by magnitude, then again with as many from p* of what is left unexplained. Peers (from RBFSampler on) are other "
    "models of N hidden units, with an intercept, and choose their own penalty and width on the training part."
)

CAPTION = (
    "Risk over the number of nodes, with 95% intervals over folds: N nodes from p*, N kept of 10 N of them by matching "
    "pursuit, and uniform nodes. Filled markers and thick lines: empirical risk, fixed penalty; hollow markers and "
    "thin lines: held-out risk, penalty chosen on inner folds."
)

PAIRS = (
    ("subspace-1", "subspace-1-uniform", "nodes from p* of the problem projected on 1 coordinate each"),
    ("subspace-2", "subspace-2-uniform", "nodes from p* of the problem projected on 2 coordinates each"),
    ("subspace-3", "subspace-3-uniform", "nodes from p* of the problem projected on 3 coordinates each"),
    ("residual-1", "subspace-1", "every batch drawn from p* of the residual, on 1 coordinate"),
    ("residual-2", "subspace-2", "every batch drawn from p* of the residual, on 2 coordinates"),
    (CANDIDATES, OPTIMIZED, "N of 10 N draws from p* kept by matching pursuit"),
    (CANDIDATES, "candidates-uniform", "pursuit among candidates from p*"),
    ("magnitude-1", "subspace-1", "10 N draws pruned to N by magnitude, on 1 coordinate"),
    ("magnitude-1", "magnitude-1-uniform", "pruned draws from p* on 1 coordinate"),
)
"""Remedies out of sample: a method, its control, and what it does."""


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report: the claim first, then the problems, the comparisons and every data set."""
    rows, described = networks(runs), problems(runs)
    quoted = rows.where(quoted=True)
    claim = _against(quoted, OPTIMIZED, CONTROL, "empirical", "empirical risk")
    same = _same(runs)
    worth = {
        (other, value): _against(quoted, TICKET, other, value, words)
        for value, words in (("chosen_held_out", "held-out risk"), ("chosen_held_out_accuracy", "held-out accuracy"))
        for other in (CONTROL, PEER)
    }
    shown = rows.where(lambda row: row["method"] in (CANDIDATES, OPTIMIZED, CONTROL))
    picture = shown.lines(
        [Reading("empirical", "empirical"), Reading("chosen_held_out", "held out")],
        over="nodes",
        panels="case",
        name="candidates",
        caption=CAPTION,
        overlap="ratio",
        x="hidden nodes N",
        y="mean squared error",
        columns=4,
        narrow_columns=2,
    )
    sentences = [
        *claim.sentences(1),
        *worth[CONTROL, "chosen_held_out"].sentences(1),
        *worth[PEER, "chosen_held_out"].sentences(1),
    ]
    label = f"{settings.folds} folds, {so_many(settings.seeds, 'draw')} of nodes on each"
    out_of_sample = [
        one
        for value, words in (("chosen_held_out", "risk"), ("chosen_held_out_accuracy", "accuracy"))
        if (one := _ticket_table(quoted, value, words, worth, label))
    ]
    sections = [
        Section("What was compared", [WHAT], [], [_problems_table(described, rows, settings)]),
        Section(
            "Optimized against uniform",
            ["The papers' claim is about the empirical risk at N nodes."],
            [*claim.sentences(1), *same.sentences()],
            [_claim_table(quoted, described, claim, settings, label), *([_same_table(same)] if len(same) else [])],
        ),
        Section("Out of sample", [], list(_findings(quoted, described, settings)), out_of_sample),
        *(
            Section(case, [folds[0]["description"]], [], [_case_table(quoted, case, folds, runs, settings, label)])
            for case, folds in described.items()
        ),
    ]
    return Report(STUDY.title, Card(picture, sentences), sections)


def _against(rows: Rows, first: str, control: str, value: str, what: str) -> Contrast:
    """Compare two methods on every case, in pairs of folds; the cases share the level."""
    both = rows.where(lambda row: row["method"] in (first, control) and row[value] is not None)
    return both.contrast(
        value,
        control=control,
        pair_by=("fold",),
        within=("case",),
        family=(),
        overlap="ratio",
        negligible=NEGLIGIBLE,
        what=what,
        names={"case": "data set"},
    )


def _same(runs: Runs) -> Contrast:
    """Compare methods that should draw from one distribution: given the folds, every draw counts by itself."""
    both = draws(runs).where(lambda row: row["method"] in (REFERENCE, *SAME))
    return both.contrast(
        "empirical",
        control=REFERENCE,
        pair_by=("fold", "draw"),
        within=("case",),
        family=(),
        negligible=NEGLIGIBLE,
        what="empirical risk",
        names={"case": "data set"},
    )


def _summed(rows: Sequence[Row], value: str) -> Estimate | None:
    """Return the mean over folds with its interval, cut at 0, and for shares at 1."""
    found = summarize(list(rows), value, overlap="ratio")
    return found and found.cut(0.0, 1.0 if value.endswith("accuracy") else math.inf)


def _of(rows: Rows, value: str, **equal: Any) -> Cell:
    return estimate(_summed(rows.where(**equal), value))


def _mean(rows: Sequence[Row], value: str) -> float:
    return float(sum(row[value] for row in rows) / len(rows))


def _problems_table(described: dict[str, Rows], rows: Rows, settings: Settings) -> Table:
    def sizes(folds: Sequence[Row]) -> str:
        return ", ".join(str(size) for size in sorted(set(rows.where(case=folds[0]["case"]).column("nodes"))))

    def zero(folds: Sequence[Row]) -> Cell:
        in_training = number(_mean(folds, "zero"), ".2f")
        return several([in_training, number(_mean(folds, "held_out_zero"), ".2f")]) if folds[0]["test"] else in_training

    columns: list[Column | str] = [
        Column("data set", "case"),
        Column("P", "prime"),
        Column("D", "dimension"),
        Column("K", lambda folds: _mean(folds, "points"), lambda mean: number(mean, ".0f")),
        "outputs",
        Column("K/P^D", lambda folds: _mean(folds, "coverage"), lambda mean: number(mean, ".2g")),
        Column("train / held out", lambda folds: several([count(folds[0]["train"]), count(folds[0]["test"])])),
        Column("N", sizes),
        Column("risk of predicting 0", zero),
    ]
    note = (
        "P: the prime; D: the data dimension; K: distinct training points and K/P^D the share of all points that they "
        f"cover (means over {settings.folds} folds); N: hidden nodes. Risk of predicting 0: in training / held out. "
        "-raw: all features. -part: the function is known on three quarters of Z_P^D and asked on the rest; without "
        "-part it is known everywhere, and nothing is held out."
    )
    every = [row for folds in described.values() for row in folds]
    return table(every, columns, "The problems", note, group_by=("case",))


def _claim_table(quoted: Rows, described: dict[str, Rows], claim: Contrast, settings: Settings, label: str) -> Table:
    rows: list[list[Cell | str]] = []
    for one in claim:
        case = one.within["case"]
        rows.append(
            [
                case,
                count(max(quoted.where(case=case).column("nodes"))),
                number(_mean(described[case], "coverage"), ".2g"),
                *(_of(quoted, "empirical", case=case, method=method) for method in (REFERENCE, OPTIMIZED, CONTROL)),
                signed(one.judged),
                pvalue(one.pvalue),
                one.verdict,
            ]
        )
    note = (
        f"Empirical risk of networks of N nodes, output weights fitted with penalty {settings.ridge:g}; {label}, the "
        f"same folds for all methods. {INTERVALS} p-values are of the paired difference, adjusted for the {len(rows)} "
        f"tests of the table (Holm). {claim.intervals}"
    )
    columns = ["data set", "N", "K/P^D", REFERENCE, OPTIMIZED, CONTROL, "dequantized - uniform", "p (Holm)", "is"]
    records = [records_of(quoted.where(case=one.within["case"])) for one in claim]
    return Table("Optimized against uniform nodes: empirical risk", columns, rows, note, records=records)


def _same_table(same: Contrast) -> Table:
    note = (
        "At the largest N. Given the folds all draws are independent, so each counts by itself: paired t intervals "
        "over folds x draws, without correction."
    )
    return same.table("The same distribution, the same risk: empirical risk less that of enumeration", note)


def _ticket_table(
    quoted: Rows, value: str, words: str, worth: dict[tuple[str, str], Contrast], label: str
) -> Table | None:
    """Return what tickets are worth out of sample, beside uniform nodes and the peer; None if nothing is known."""
    known = quoted.where(lambda row: row["method"] == TICKET and row[value] is not None)
    rows: list[list[Cell | str]] = []
    records = []
    for case in known.unique("case") if len(known) else []:
        shown = [_of(quoted, value, case=case, method=method) for method in (CONTROL, OPTIMIZED, TICKET, PEER)]
        differences = []
        for other in (CONTROL, PEER):
            one = worth[other, value].get(TICKET, case=case)
            verdict = "" if one is None else {"not clearly different": "="}.get(one.verdict, one.verdict)
            differences.append(MISSING if one is None else signed(one.judged) + f" {verdict}")
        rows.append([case, count(max(quoted.where(case=case).column("nodes"))), *shown, *differences])
        records.append(
            records_of(quoted.where(lambda row: row["method"] in (CONTROL, OPTIMIZED, TICKET, PEER), case=case))
        )
    if not rows:
        return None
    peer = quoted.label(PEER)
    note = (
        "The ticket is, on each fold, the way of drawing from p* (on all coordinates, on subspaces, batch by batch, or "
        "10 N candidates of which pursuit or pruning keeps N) that is best on inner folds of the training part; "
        f"penalties are chosen there too, nodes drawn anew for them. {capital(label)}. {INTERVALS} "
        "Differences are paired; below, above or = by p-values adjusted for the tests of each column (Holm). "
        f"{worth[CONTROL, value].intervals}"
    )
    columns = ["data set", "N", CONTROL, OPTIMIZED, "ticket", peer, "ticket - uniform", f"ticket - {peer}"]
    return Table(f"Tickets out of sample: held-out {words}", columns, rows, note, records=records)


def _findings(quoted: Rows, described: dict[str, Rows], settings: Settings) -> Iterator[str]:
    """Yield what helps out of sample and what does not, a sentence each."""
    optimized = _against(quoted, OPTIMIZED, CONTROL, "chosen_held_out", "held-out risk")
    yield from optimized.sentences(1)
    worse, useless = [], []
    for case, folds in described.items():
        own = quoted.where(case=case, method=OPTIMIZED)
        fixed, chosen = (_summed(own, value) for value in ("held_out", "chosen_held_out"))
        zero = _mean(folds, "held_out_zero")
        if fixed is not None and chosen is not None and folds[0]["test"]:
            if not chosen.high < zero:
                useless.append((case, _mean(folds, "coverage")))
            if fixed.low > zero:
                worse.append(f"{case}: {fixed.best:.2f}, with the chosen one {chosen.best:.2f}")
    if useless:
        yield (
            f"On {', '.join(case for case, _ in useless)}, where the data cover a share of at most "
            f"{max(share for _, share in useless):.1g} of all points, optimized nodes on all coordinates are not "
            "clearly better out of sample than predicting 0, which is what the whole network does off the data."
        )
    if worse:
        yield (
            f"With the fixed penalty {settings.ridge:g} optimized nodes are clearly worse out of sample than "
            f"predicting 0 on {'; '.join(worse)}."
        )
    for first, control, words in PAIRS:
        found = _against(quoted, first, control, "chosen_held_out", f"held-out risk ({words})")
        yield from found.sentences(1)
    noisy = _against(quoted, "circuit-noisy", CONTROL, "empirical", "empirical risk")
    yield from noisy.sentences(1)


def _case_table(quoted: Rows, case: str, folds: Rows, runs: Runs, settings: Settings, label: str) -> Table:
    """Return every method on one data set; a method that does not apply says why."""
    some = bool(folds[0]["test"])
    columns = {"empirical risk": "empirical"}
    if some:
        columns |= {"held-out risk": "held_out", "held-out, penalty chosen": "chosen_held_out"}
        if any(row["chosen_held_out_accuracy"] is not None for row in quoted.where(case=case)):
            columns["held-out accuracy"] = "chosen_held_out_accuracy"
    last = "chosen_held_out" if some else "empirical"
    own = quoted.where(case=case)
    refused = {row["method"]: row["refused"] for row in named(runs, runs.refused(CELL)).where(case=case)}
    rows: list[list[Cell | str]] = []
    records: list[tuple[str, ...]] = []
    for method in settings.methods:
        mine = own.where(method=method)
        records.append(())
        if method in refused or not len(mine):
            reason = f"does not apply: {refused[method]}" if method in refused else "not run"
            rows.append([own.label(method), reason, *[MISSING] * len(columns)])
            continue
        peer = mine[0]["empirical"] is None
        asked = ["chosen_empirical" if peer and value == "empirical" else value for value in columns.values()]
        known = [_of(mine, value) for value in asked]
        cells = ["own penalty" if cell is MISSING else cell for cell in known]
        rows.append([own.label(method), *cells, _less_uniform(own, case, method, last)])
        records[-1] = records_of(mine)
    note = (
        f"N = {max(own.column('nodes'), default=0)} hidden nodes; {label}; {folds[0]['train']:,} training"
        f"{' and ' + format(folds[0]['test'], ',') + ' held-out' if some else ''} samples. Output weights are fitted "
        f"with penalty {settings.ridge:g}"
    )
    if some:
        note += ", or with the one chosen on inner folds, which the accuracy is of; peers choose their own"
    return Table(
        f"{case}: all methods",
        ["method", *columns, "less uniform"],
        rows,
        f"{note}. {INTERVALS} {LAST}",
        records=records,
    )


def _less_uniform(rows: Rows, case: str, method: str, value: str) -> Cell | str:
    if method == CONTROL:
        return MISSING
    one = _against(rows, method, CONTROL, value, "risk").get(method, case=case)
    return "own penalty" if one is None else signed(one.judged)
