"""The report of the study: times over K and D, the quantum loader beside them, risks over K, and a prediction."""

from collections.abc import Sequence
from typing import Any

from compare.engine import Rows, Runs
from compare.machines import ERROR_CORRECTED, LOADERS, crossing_cell, machine_name, size_text
from compare.report import Card, Cell, Picture, Report, Section, Table
from compare.report.cells import MISSING, estimate, number, span
from compare.report.views import Column, Reading
from compare.statistics import Estimate, median_range, summarize
from compare.statistics.rows import records_of
from compare.studies.ridgelet.settings import LETTERS
from compare.studies.ridgelet.size.model import TERMS, Costs, Prediction, fit_costs, predict, seconds_of_a_byte
from compare.studies.ridgelet.size.quantum import Quantum
from compare.studies.ridgelet.size.study import DRAW, SHARE, STUDY, TICKET, WAYS, Settings
from problems.memory import readable_bytes

__all__ = ["report"]

ALONE = "the product alone"


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a run."""
    rows = runs[DRAW].derive(each=lambda row: row["seconds"] / row["samples"])
    costs, quantum = fit_costs(rows), Quantum.of(runs, settings)
    predicted = None if costs is None else predict(costs, settings)
    said = [one for one in (_said(rows), _won(quantum), _foreseen(settings, predicted)) if one]
    drawn = (
        f"{settings.samples} nodes of random points, P = {settings.prime}, are drawn on one thread: processor seconds, "
        "the fastest of up to three rounds. The product alone is that of the nodes with all points, n by D times D by "
        "K, in single precision; the sampler multiplies bytes where the processor can, which is faster."
    )
    judged = (
        f"Images of {settings.dataset} are split first and copied then: no image that tickets are judged on has a copy "
        f"in training. N = {settings.nodes} nodes, P = {settings.prime}, every pixel."
    )
    return Report(
        STUDY.title,
        Card(_times_picture(rows, settings), said),
        [
            Section("Seconds a node", [drawn], [], [_times(rows), _shares(runs[SHARE])]),
            Section("A quantum machine at the same size", [_laws(quantum)], [], [_counts(quantum), _winners(quantum)]),
            Section(
                "Tickets of more and more points",
                [judged],
                _grown(runs[TICKET]),
                [_risks(runs[TICKET])],
                [_risk_picture(runs[TICKET])] if runs[TICKET] else [],
            ),
            Section(
                "A prediction",
                [_model(costs)],
                [],
                []
                if costs is None or predicted is None
                else [_prediction(settings, costs, predicted, records_of(runs[DRAW]))],
            ),
        ],
    )


def _said(rows: Rows) -> str:
    """Say what a node takes at the largest K."""
    if not rows:
        return ""
    last = max(rows, key=lambda row: (row["points"] * row["dimension"], row["way"]))
    ratio = last["seconds"] / last["product"]
    return (
        f"At K = {size_text(last['points'])}, D = {last['dimension']:,} ({WAYS[last['way']]}, "
        f"{readable_bytes(last['stored'])}) a node takes {span(last['each'])} on one core, {ratio:.2g} times the "
        "product alone."
    )


def _won(quantum: Quantum) -> str:
    """Say from which K on a quantum machine is faster."""
    found = quantum.crossings
    if not found:
        return ""
    settings = quantum.settings
    told = []
    for loader in LOADERS:
        starts = [one.start for (_, name), one in found.items() if name == loader and one.start is not None]
        most = max(one.largest for (_, name), one in found.items() if name == loader)
        when = f"from K = {size_text(min(starts))} on" if starts else f"at no K up to {size_text(most)}"
        told.append(f"{when} with the {LOADERS[loader]}")
    return (
        f"At D = {settings.dimension:,} an error-corrected quantum machine is faster a node {'; '.join(told)} "
        f"(extrapolated; {settings.cores} classical cores)."
    )


def _foreseen(settings: Settings, predicted: Prediction | None) -> str:
    if predicted is None:
        return ""
    return (
        f"Predicted, not measured: {settings.predicted_nodes:,} nodes of {settings.predicted_points:,} points in D = "
        f"{settings.predicted_dimension:,} on {settings.computers} computers of {settings.cores} cores take "
        f"{span(predicted.seconds)}."
    )


def _times_picture(rows: Rows, settings: Settings) -> Picture:
    over = rows.where(lambda row: row["dimension"] == settings.dimension)
    drawn = [{**row, "line": WAYS[row["way"]], "value": row["each"]} for row in over]
    alone = {row["points"]: row for row in over}
    drawn += [{**row, "line": ALONE, "value": row["product"] / row["samples"]} for _, row in sorted(alone.items())]
    return over.of(drawn).lines(
        "value",
        over="points",
        by="line",
        name="size-times",
        caption=(
            f"Processor seconds a node on one core over the number of points K at D = {settings.dimension:,}, P = "
            f"{settings.prime}, beside the single-precision product of the same size alone."
        ),
        x="points K",
        y="processor seconds a node",
        y_scale="log",
        names=LETTERS,
    )


def _times(rows: Rows) -> Table:
    columns: list[Column | str] = [
        Column("points in", lambda row: row["way"]),
        Column("K", lambda row: row["points"]),
        Column("D", lambda row: row["dimension"]),
        Column("data", lambda row: row["stored"], lambda value: Cell(readable_bytes(value), value)),
        Column("seconds a node", lambda row: Estimate(row["each"], row["each"], row["slowest"] / row["samples"], 1),
               lambda found: Cell(f"{span(found.best)} (slowest round {span(found.high)})", found.best)),
        Column("wall", lambda row: row["wall"] / row["samples"], lambda value: Cell(span(value), value)),
        Column("product alone", lambda row: row["product"] / row["samples"], lambda value: Cell(span(value), value)),
        Column("over the product", lambda row: row["seconds"] / row["product"], lambda value: number(value, ".2f")),
        Column("bytes read a node", lambda row: row["read"] / row["samples"],
               lambda value: Cell(readable_bytes(round(value)), value)),
        Column("multiply-adds a second", lambda row: row["points"] * row["dimension"] / row["each"],
               lambda value: number(value, ".2g")),
        Column("preparation", lambda row: row["prepare"], lambda value: Cell(span(value), value)),
    ]  # fmt: skip
    ordered = rows.of(sorted(rows, key=lambda row: (row["way"] != "memory", row["dimension"], row["points"])))
    note = (
        "Seconds: processor seconds on one thread, all nodes drawn at once, the preparation apart. Bytes read: of a "
        "file that is read twice a draw, however many nodes."
    )
    return ordered.table(columns, "Draws", note)


def _shares(rows: Rows) -> Table:
    columns: list[Column | str] = [
        Column("workers", lambda row: row["workers"]),
        Column("K", lambda row: row["points"]),
        Column("D", lambda row: row["dimension"]),
        Column("one process", lambda row: row["threads"] / row["samples"], lambda value: Cell(span(value), value)),
        Column("workers' draw", lambda row: row["cluster"] / row["samples"], lambda value: Cell(span(value), value)),
        Column("throughput", lambda row: row["threads"] / row["cluster"], lambda value: number(value, ".2f")),
        Column("same nodes", lambda row: "yes" if row["same"] else "no"),
    ]
    note = (
        "Wall seconds a node of points in a file: threads of one process, and as many dask workers of one thread on "
        "this machine. Throughput: nodes a second of the workers over those of the threads; wall seconds depend on "
        "what else runs."
    )
    return rows.table(columns, "One process against workers", note)


def _grown(rows: Rows) -> list[str]:
    """Say how held-out risks change from the fewest copies to the most, method by method."""
    told = []
    for (method,), group in rows.group("method").items():
        few, many = (
            [row for row in group if row["copies"] == end(one["copies"] for one in group)] for end in (min, max)
        )
        if few == many:
            continue
        itself, distorted = (
            " to ".join(f"{sum(row[value] for row in part) / len(part):.2f}" for part in (few, many))
            for value in ("held_out", "held_out_copies")
        )
        told.append(
            f"From K = {few[0]['points']:,} to {many[0]['points']:,} the held-out risk of {rows.label(method)} goes "
            f"from {itself} on the images themselves, and from {distorted} on a distorted copy of each (means over "
            "splits)."
        )
    return told


def _laws(quantum: Quantum) -> str:
    settings, straight = quantum.settings, quantum.linearity
    tested = "" if straight is None else (
        f" The counts at D = {settings.counted_dimension} are {straight:.2f} times those in proportion at half of it."
    )  # fmt: skip
    return (
        f"Circuits are counted at D = {settings.counted_dimension} and few points, for more cannot be built; they "
        f"stand for D = {settings.dimension:,} in proportion, and go on over K by a fitted power law. The loader costs "
        "of the order of K D gates a node, the classical side K D multiply-adds: only their prices differ."
        f"{tested} A logical step takes {span(settings.step)}; all other assumptions about machines are "
        "those of `tickets crossover`."
    )


def _counts(quantum: Quantum) -> Table:
    rows = []
    for points, found in quantum.over_points.items():
        loaders = median_range([float(one.t) for one in found.loaders])
        rows.append(
            [
                Cell(str(points), points),
                Cell(f"{found.transform.qubits:,}", found.transform.qubits),
                Cell(f"{found.transform.t:,}", found.transform.t),
                estimate(loaders, ",.0f"),
                number(quantum.gates(points) or 0.0, ".2f"),
            ]
        )
    return Table(
        f"Circuits at D = {quantum.settings.counted_dimension}, P = {quantum.settings.prime}",
        ["K", "qubits", "T gates, transform", "T gates, loader", "two-qubit gates of the loader / (K D)"],
        rows,
        "Medians of random problems between the least and the greatest.",
        records=[quantum.records],
    )


def _winners(quantum: Quantum) -> Table:
    settings, found, classical = quantum.settings, quantum.crossings, quantum.classical_line
    shown = [max(quantum.classical)] if quantum.classical else []
    shown += [settings.predicted_points] if settings.predicted_points > max(shown, default=0) else []

    def cells(line: Any) -> list[Cell]:
        values = [None if line is None else line.at(size) for size in shown]
        return [MISSING if one is None else Cell(f"{span(one.best)} [{span(one.low)}, {span(one.high)}]", one.best)
                for one in values]  # fmt: skip

    rows: list[list[Cell | str]] = [["dequantized", "-", *cells(classical), MISSING]]
    for machine in ERROR_CORRECTED:
        for loader, words in LOADERS.items():
            one = found.get((machine, loader))
            won = MISSING if one is None else crossing_cell(one)
            rows.append([machine_name(machine, settings), words, *cells(quantum.line(machine, loader)), won])
    return Table(
        f"Seconds a node at D = {settings.dimension:,}, and from which K on the quantum machine is faster",
        ["machine", "loader", *(f"K = {size_text(size)}" for size in shown), "faster"],
        rows,
        f"Classical: processor seconds from memory divided by {settings.cores} cores, wider by a factor of "
        f"{settings.drift:g} for another run. Quantum seconds are extrapolated from the K that were counted; in "
        "brackets what the fits leave possible. A star: beyond the sizes that were measured.",
        records=[quantum.records],
    )


def _risk_picture(rows: Rows) -> Picture:
    return rows.lines(
        [Reading("held_out"), Reading("held_out_copies", "distorted")],
        over="points",
        name="size-risk",
        caption=(
            "Mean squared error on images of which no copy was in training, over distinct training points K, with 95% "
            "intervals over splits: filled markers the images themselves, open ones a distorted copy of each."
        ),
        each=("repeat",),
        x="training points K",
        y="held-out mean squared error",
        names=LETTERS,
    )


def _risks(rows: Rows) -> Table:
    def middle(value: str) -> Any:
        return lambda group: summarize(list(group), value, ("repeat",))

    columns: list[Column | str] = [
        "method",
        Column("copies", lambda group: group[0]["copies"]),
        Column("K", lambda group: group[0]["points"]),
        *(
            Column(words, middle(value), estimate)
            for value, words in (
                ("empirical", "empirical risk"),
                ("held_out", "held-out risk"),
                ("held_out_copies", "held-out risk, distorted"),
                ("accuracy", "held-out accuracy"),
            )
        ),
        Column("splits", len),
    ]
    note = (
        "Means over splits with 95% intervals; splits share images. The error of predicting the training mean is about "
        "1. Copies: how often an image stands in training, itself included."
    )
    methods = rows.unique("method")
    ordered = rows.of(sorted(rows, key=lambda row: (methods.index(row["method"]), row["copies"])))
    return ordered.table(columns, "Risk over the number of points", note, group_by=("method", "copies"), names=LETTERS)


def _model(costs: Costs | None) -> str:
    if costs is None:
        return "Too few draws were timed for a cost model."
    return (
        f"Fitted to {costs.draws} draws: processor seconds = c0 + c1 n K D + c2 n K + c3 (bytes read). The fit is off "
        f"by a factor of {costs.worst:.2f} at most. What follows is a prediction: nothing of this size was run."
    )


def _prediction(settings: Settings, costs: Costs, predicted: Prediction, records: Sequence[str]) -> Table:
    n, points, dimension = settings.predicted_nodes, settings.predicted_points, settings.predicted_dimension
    cores = f"{settings.computers} x {settings.cores} cores"
    reading = seconds_of_a_byte(costs, settings)
    limited = "as assumed" if reading == 1 / settings.disk else f"as fitted, / {settings.cores} cores"
    prime = settings.predicted_prime
    wanted = [
        (TERMS[1], f"{number(costs.coefficients[1], '.3g')} s", f"n K D / ({cores})", predicted.multiply),
        (TERMS[2], f"{number(costs.coefficients[2], '.3g')} s", f"n K / ({cores})", predicted.scatter),
        (
            TERMS[3],
            f"{number(reading, '.3g')} s ({limited})",
            f"twice {readable_bytes(round(predicted.bytes_held))} a computer",
            predicted.read,
        ),
        (
            "bytes reduced",
            f"{number(1 / settings.network, '.3g')} s (as assumed)",
            f"8 P^2 n = {readable_bytes(8 * prime**2 * n)}, log2({settings.computers}) times",
            predicted.reduce,
        ),
        (
            "a call, messages",
            f"{span(costs.coefficients[0])}, {span(settings.latency)}",
            "one call, two messages a step of the tree",
            predicted.wait,
        ),
    ]
    rows: list[list[Cell | str]] = [[*words, Cell(span(value), value)] for *words, value in wanted]
    rows.append(["altogether", "", "one after the other", Cell(span(predicted.seconds), predicted.seconds)])
    return Table(
        f"Predicted: {n:,} nodes, K = {points:,}, D = {dimension:,}, P = {prime}, {settings.computers} computers",
        ["term", "seconds of one", "how many", "seconds"],
        rows,
        f"A prediction, marked as such: c1 and c2 are those of one core here at P = {settings.prime}, all cores "
        "compute alike and at once "
        f"(times {settings.classical_speedup:g}, --classical-speedup), points are spread evenly, a byte an entry up to "
        "P = 257, both passes read from disk, and nothing overlaps. --predicted-points, --predicted-features, "
        "--predicted-prime, --predicted-nodes, --computers, --cores, --disk, --network, --latency.",
        records=[records],
    )
