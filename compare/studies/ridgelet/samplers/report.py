"""The samplers study's report: the answer first, then the parts, the gates and the times."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from markupsafe import Markup

from compare.engine import Rows, Runs
from compare.report import Card, Cell, Drawing, Picture, Report, Section, Table
from compare.report.cells import MISSING, count, estimate, number, power, pvalue, seconds, several, so_many
from compare.report.styles import label
from compare.report.table import RECORD
from compare.report.views import Axis, Column, Level, circuit_drawing, frequencies, pivot, table
from compare.statistics import BATCHES, IN_FAMILY, Row
from compare.statistics.rows import in_words, records_of
from compare.studies.ridgelet.circuit.study import DRAWING
from compare.studies.ridgelet.methods import CONTROL, OPTIMIZED
from compare.studies.ridgelet.samplers.findings import answer, of_dimension, of_gates, of_part
from compare.studies.ridgelet.samplers.rows import WORDS, Part, parts, times, total
from compare.studies.ridgelet.samplers.study import FILES, OTHER_PENALTIES, Settings, left_out
from compare.studies.rows import of_files

__all__ = [
    "circuit_table",
    "dimension_table",
    "distribution_table",
    "left_out_table",
    "made",
    "penalty_table",
    "problem_table",
    "report",
    "risk_table",
    "time_table",
]

INTRODUCTION = Markup(
    "A network with one hidden layer over Z<sub>P</sub> (the whole numbers modulo a prime P) has P<sup>D+1</sup> "
    "possible hidden nodes (a, b), each the neuron x &rarr; g(a&middot;x &minus; b). The <em>optimized "
    "distribution</em> p* says how much each node matters to the ridge regression of the whole network; drawing N "
    "nodes from it and fitting their output weights gives a sparse network, a ticket. A quantum circuit draws "
    "from p* with a number of gates linear in D once the data are loaded (arXiv:2301.11936). A dequantized "
    "classical sampler draws from the same p* (in the spirit of arXiv:2605.13979; the sampler here is our own). "
    "Enumeration tabulates all nodes. Uniform nodes are the control; leverage nodes know the points but not the "
    "labels."
)

OWN = "All numbers on this page are of this run; none is taken from the papers."

RISKS = "{}: risk over the number of hidden nodes, means of independent networks with 95% intervals."

TIMES = (
    "Processor seconds a sample over the data dimension, preparation included: the median of 5 batches, each in its "
    "fastest round, with bars from the "
    "fastest to the slowest."
)

BASELINES = {"whole": "whole network (exact)", "labels": "mean label a point", "zero": "no node at all"}


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a run."""
    report = made(parts(runs), times(runs), runs[DRAWING])
    others = left_out(settings) if of_files(settings.dataset) else []
    if not others:
        return report
    # Named where readers look for what was compared.
    first, *rest = report.sections
    tables = [*first.tables, left_out_table(runs, others)]
    return replace(report, sections=[replace(first, tables=tables), *rest])


def made(found: Sequence[Part], timed: Rows, circuits: Sequence[Row] = ()) -> Report:
    """Return the report of parts, times and drawn circuits: the answer first, then the parts, the gates, the times."""
    risks = [risk_picture(part) for part in found if part.risks]
    problems = [f"{part.title}. {part.problem['description']}" for part in found]
    sections = [Section("What was compared", [INTRODUCTION, OWN, *problems], [], [problem_table(found)])]
    for part in found:
        tables = [distribution_table(part)] if part.tests else []
        tables += [time_table(part)] if part.times else []
        tables += [risk_table(part), *_against_uniform(part), penalty_table(part)] if part.risks else []
        # The first picture of risks is the card's.
        pictures = [frequency_picture(part)] if part.problem.get("probabilities") is not None and part.draws else []
        pictures += [one for one in risks[1:] if one.name == f"{part.problem['part']}-risk"]
        sections.append(Section(part.title, [], of_part(part), tables, pictures))
    drawn = [_drawing(row) for row in circuits[:1]]
    if any(part.problem.get("gates") for part in found) or drawn:
        sections.append(Section("Gates", [], of_gates(found), [circuit_table(found)], drawn))
    if len(timed):
        axes = {"x": "data dimension D", "y": "seconds a sample, preparation included", "y_scale": "log"}
        over = timed.lines(total, over="dimension", name="dimension-time", caption=TIMES, **axes)
        sections.append(Section("Time over the dimension", [], of_dimension(timed), [dimension_table(timed)], [over]))
    card = Card(risks[0] if risks else None, answer(found, timed))
    return Report("Winning lottery tickets: quantum circuit against classical samplers", card, sections)


# Tables


def problem_table(found: Sequence[Part]) -> Table:
    """Return what each part asks."""
    columns: list[Column | str] = [
        "part",
        Column("P", "prime"),
        Column("D", "dimension"),
        Column("K", "distinct"),
        "outputs",
        Column("K/P^D", "coverage", lambda share: number(share, ".2g")),
        Column("hidden nodes", "log10_nodes", power),
        Column("effective nodes", lambda row: row.get("effective"), lambda nodes: number(nodes, ".0f")),
        Column("train / held out", lambda row: several([count(row["train"]), count(row["test"])])),
    ]
    note = "P: the prime; D: the data dimension; K: distinct training points. Effective nodes: exp(entropy of p*)."
    return table([{**part.problem, "part": part.title} for part in found], columns, "The problems", note)


def left_out_table(runs: Runs, names: Sequence[str]) -> Table:
    """Return the methods that have no part in points in files, and what a node would take there."""
    rows: list[list[Cell | str]] = []
    for problem in runs[FILES]:
        points, digits = problem["distinct"], problem["dimension"] + 1
        nodes = f"{problem['prime']}^{digits}"
        reasons = {
            "enumeration": f"tabulates {nodes} nodes, some 10^{problem['log10_nodes']:,.0f}",
            "rejection": f"{problem['trials']:,.0f} trials a node, each of {points:,} points",
            "marginals": f"holds all {points:,} points at once, and passes over them for each of {digits - 1} digits",
            "circuit": f"its loader has {points:,} amplitudes on {digits - 1:,} digits, and is simulated",
            "residual": f"passes over all {points:,} points several times for every few nodes",
        }
        for name in names:
            why = next(reason for start, reason in reasons.items() if name.startswith(start))
            rows.append([label(name, runs.methods), why])
    note = (
        "Not run on points in files; neither is anything that enumerates nodes, exact p* of every node included. The "
        "density of a node that was drawn is exact all the same."
    )
    return Table("Left out at this size", ["method", "takes"], rows, note, records=[records_of(runs[FILES])])


def _cautions(part: Part) -> dict[str, str]:
    """Return what is to be said of intervals of the fidelity, and of which samplers."""
    said: dict[str, list[str]] = {}
    for name, row in part.tests.items():
        if row["fidelity"].caution:
            said.setdefault(row["fidelity"].caution, []).append(part.label(name))
    return {sentence: ", ".join(names) for sentence, names in said.items()}


def distribution_table(part: Part) -> Table:
    """Return how close each sampler came to p*, and how fast it was."""
    first = next(iter(part.tests.values()))
    enumerable = first["total_variation"] is not None
    test, effect = ("chi-square", "chi-square divergence") if enumerable else ("ranks", "uniform share")
    shown = [
        Column(effect, lambda row: _effect(part, row)),
        Column(f"{test} p", "goodness_of_fit", lambda fit: pvalue(fit.pvalue)),
    ]
    if enumerable:
        shown.insert(0, Column("total variation", "total_variation", estimate))
    else:
        shown.append(Column("two-sample p", _two_sample))
    columns: list[Column | str] = [
        Column("sampler", "method"),
        "samples",
        *shown,
        Column("fidelity", lambda row: part.of_family(row["method"], "fidelity"), estimate),
        Column("fidelity p", lambda row: row["fidelity"].pvalue(1.0), pvalue),
        Column("adjusted p", lambda row: part.adjusted(row["method"]), pvalue),
    ]
    note = (
        "Fidelity is the cross-entropy fidelity: 1 for p*, 0 for uniform nodes; its p is that of 1. Adjusted p is a "
        f"sampler's smallest, corrected for all {len(part.family)} tests of this table (Holm): compare it with 0.05. "
        f"Brackets of the fidelity and of the {effect} belong to the same family: {IN_FAMILY.format('1')}, and the "
        f"{effect}'s hold 0 unless its p is clear."
    )
    if enumerable:
        note += (
            f" Perfect sampling of this size shows a total variation of {estimate(first['total_variation'].floor)} "
            "(mean, and the range of 95% of perfect samples): that is the floor, not 0; the 95% intervals are those of "
            "this plug-in distance, each for itself, and no verdict rests on them. Chi-square is against the exact p*, "
            "cells pooled to an expected count of at least 5; its divergence is 0 for p*."
        )
    else:
        tested = max(row["goodness_of_fit"].samples for row in part.tests.values())
        note += (
            " The ranks among decoys and Fourier moments are against the exact p*, which needs no other sampler; the "
            "uniform share is that of uniform nodes which would give the same ranks, 0 for p* and 1 for uniform nodes. "
            "The two-sample test holds nodes against fresh nodes of the dequantized sampler. Both tests take at most "
            f"the first {tested:,} nodes."
        )
    for sentence, names in _cautions(part).items():
        note += f" Fidelity of {names}: {sentence}"
    title = f"{part.title}: are the nodes drawn from p*?"
    return table(list(part.tests.values()), columns, title, note, methods=part.methods)


def time_table(part: Part) -> Table:
    """Return how fast each sampler is."""
    columns: list[Column | str] = [
        Column("sampler", "method"),
        "samples",
        Column("prepare", "prepare", seconds),
        Column("time a sample", "per_sample", seconds),
        Column("wall", "wall_per_sample", seconds),
    ]
    note = (
        f"Processor seconds on one thread: the median of {BATCHES} equal batches, from the fastest to the slowest in "
        "its slowest round; wall is the wall's clock. A state vector is simulated anew in each batch."
    )
    title = f"{part.title}: how fast is a node?"
    return table(list(part.times.values()), columns, title, note, methods=part.methods)


def _effect(part: Part, row: Row) -> Cell:
    found = part.of_family(row["method"], "goodness_of_fit")
    if found is None:
        return Cell("infinite", math.inf)
    # No divergence is negative.
    return estimate(found if row["total_variation"] is None else found.cut(0.0))


def _two_sample(row: Row) -> Cell | str:
    if row["two_sample"] is not None:
        return pvalue(row["two_sample"].pvalue)
    return "reference" if row["method"] == OPTIMIZED else MISSING


def risk_table(part: Part) -> Table:
    """Return the risks at the quoted number of nodes, and those that need no sampling."""
    rows: list[list[Cell | str]] = [
        [part.label(name), count(part.quoted), *(estimate(part.risk(name, which)) for which in WORDS)]
        for name in part.risks
    ]
    for key, words in BASELINES.items():
        known = [number(risk, ".3f") for risk in part.problem["baselines"][key]]
        rows.append([words, Cell("all") if key == "whole" else MISSING, *known])
    first = next(iter(part.risks.values()))
    note = (
        "Mean squared error of networks whose output weights are fitted by ridge regression (penalty "
        f"{first['ridge']:g}): mean over {len(first['empirical'])} independent networks with its 95% interval, over "
        f"draws of nodes on one split of the data. Coverage K/P^D = {part.problem['coverage']:.2g}. The whole network "
        "with its ridge-regularized weights is exactly p f/(p + lambda) on the training points and 0 off them; the "
        "mean label at each training point is the least empirical risk any function has."
    )
    records = [*(records_of(row) for row in part.risks.values()), *[records_of(part.problem)] * len(BASELINES)]
    title = f"{part.title}: risk"
    return Table(title, ["network", "N", "empirical risk", "held-out risk"], rows, note, records=records)


def _against_uniform(part: Part) -> list[Table]:
    """Return the differences of all methods from uniform nodes over N, for those who ask."""
    if CONTROL not in part.risks:
        return []
    contrasts = (part.contrast(which, list(part.risks), CONTROL, over_sizes=True) for which in WORDS)
    return [replace(found.table(f"{part.title}: {found.what}, {found.heading}"), folded=True) for found in contrasts]


def penalty_table(part: Part) -> Table:
    """Return both risks at the quoted number of nodes over the penalty."""

    def both(place: int) -> Column:
        def written(row: Row) -> Cell:
            means = (row[f"other_{which}"][:, place].mean() for which in WORDS)
            return several([number(mean, ".2f") for mean in means])

        return Column(f"penalty {OTHER_PENALTIES[place]:g}", written)

    note = (
        f"Empirical / held-out risk at N = {part.quoted} for other penalties of the output weights' fit: means over "
        f"{so_many(len(next(iter(part.risks.values()))['other_empirical']), 'network')}."
    )
    columns = [Column("network", "method"), *map(both, range(len(OTHER_PENALTIES)))]
    title = f"{part.title}: what the penalty does"
    return table(list(part.risks.values()), columns, title, note, methods=part.methods)


def circuit_table(found: Sequence[Part]) -> Table:
    """Return the gates of the circuits, loader and transform apart."""
    rows = [
        {"part": part.title, "encoding": encoding, "piece": piece, **counts, RECORD: records_of(part.problem)}
        for part in found
        for encoding, pieces in sorted(part.problem.get("gates", {}).items())
        for piece, counts in sorted(pieces.items(), reverse=True)
    ]
    columns: list[Column | str] = ["part", "encoding", "piece", "qubits", "depth"]
    columns += [Column("one-qubit gates", "one_qubit"), Column("two-qubit gates", "two_qubit")]
    note = (
        "Transpiled to CX, RZ, SX and X at Qiskit's optimization level 2, all qubits connected. The ideal loader that "
        "the simulations above use has no gates: the simulator is handed the state. An O(D) claim holds for the "
        "transform; the loader needs O(K D) gates, and the classical sampler O(K D) steps a node."
    )
    return table(rows, columns, "What the circuits cost, loader and transform apart", note)


def dimension_table(timed: Rows) -> Table:
    """Return seconds a sample over D, preparation included."""
    first = timed[0]
    note = (
        f"Processor seconds a sample when {first['samples']:,} are drawn in {BATCHES} batches, preparation included, "
        f"on random points over Z_{first['prime']} with at most K = {first['points']}; median of {BATCHES}. The "
        "circuits are simulated, with the ideal loader: their times are the simulator's, not a quantum computer's. The "
        "matrix product state is evolved as part of the preparation, the state vector anew for each batch. A dash: not "
        "timed, to keep this part short."
    )
    return pivot(
        timed,
        lambda rows: total(rows[0]).best,
        down=["dimension"],
        across="method",
        title="Time over the dimension",
        note=note,
        write=seconds,
        methods=timed.methods,
        names={"dimension": "D"},
    )


# Pictures


def risk_picture(part: Part) -> Picture:
    """Draw both risks over the number of nodes."""

    def levels(panel: Row) -> list[Level]:
        place = list(WORDS.values()).index(panel["which"])
        whole, _, zero = ((part.problem["baselines"][key][place], name) for key, name in BASELINES.items())
        return [Level(*zero), Level(*whole, dashes="--")]

    return part.networks.derive(which=lambda row: WORDS[row["which"]]).lines(
        "risk",
        over="nodes",
        panels="which",
        name=f"{part.problem['part']}-risk",
        caption=RISKS.format(part.title),
        x="hidden nodes N",
        y=Axis("mean squared error", low=0),
        extra=levels,
    )


def _drawing(row: Row) -> Drawing:
    """Return the drawing of a circuit."""
    size = in_words({"P": row["prime"], "D": row["dimension"], "K": row["distinct"]})
    caption = (
        f"The circuit of few features with {size}, its blocks unopened: the loader, a Fourier transform on each digit "
        "of x, the multiplication by 1/v, a Fourier transform back on v, and the measurement of a node (a, b). "
        "`tickets circuit` counts each piece and writes it as OpenQASM."
    )
    return circuit_drawing(row["text"], "circuit", caption, narrow=row["narrow"])


def frequency_picture(part: Part) -> Picture:
    """Draw sampled frequency against exact probability, a panel for each sampler."""
    drawn = {}
    for name, row in part.draws.items():
        digits = np.column_stack([row["a"], row["b"]]).astype(np.int64)
        drawn[name] = digits @ part.problem["prime"] ** np.arange(digits.shape[1])[::-1]
    name = f"{part.problem['part']}-frequencies"
    return frequencies(part.problem["probabilities"], drawn, "node", name, part.methods)
