"""The report of neuron selection: what Grover's square root buys against a proof, then each part for itself."""

import numpy as np

from compare.engine import Runs
from compare.machines import crossing_cell
from compare.report import Card, Picture, Report, Section, Table
from compare.report.cells import MISSING, Cell, compact, number, seconds, so_many
from compare.report.styles import PURPLE, VERMILION, Style, label, styles
from compare.report.views import Axis, Chart, Curve, Panel, Points, picture
from compare.statistics.rows import records_of
from compare.studies.neuron_selection.errata import errata
from compare.studies.neuron_selection.hardness import conflicting, hardness, rank_exponents, walking
from compare.studies.neuron_selection.quality import family, quality, ticket_sentence
from compare.studies.neuron_selection.queries import gates, layers, noise, rounds
from compare.studies.neuron_selection.seconds import MACHINES, TOFFOLI, Sides
from compare.studies.neuron_selection.study import ORACLE, PROBLEM, ROUNDS, STUDY, TIMED, TREE, Settings

__all__ = ["assumptions", "report"]

STYLES = {"step": Style(VERMILION, "v", "--"), "T": Style(PURPLE, "X", ":")}

DRAWN = 128
"""Neurons up to which the picture goes, or as far as tickets are proven."""

CAPTION = (
    "Seconds until the best mask is held, over the number of neurons. Points: solvers timed in this run, each of which "
    "proves the mask. Lines beyond: as they are made to grow. Dashed and dotted: minimum finding "
    "by Grover rounds, at one logical step a query and with the T gates of a counted oracle one by one."
)

APART = (
    "Rounds, gates and seconds are counted apart and meet here: seconds of a search are its expected rounds times the "
    "price of a query. Diffusion, checks of outcomes, and not knowing when to stop cost nothing, all in the quantum "
    "computer's favor."
)


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a run."""
    sides = Sides(runs, settings)
    sections = [
        quality(runs, settings),
        hardness(runs, settings),
        conflicting(runs),
        rounds(runs),
        gates(runs, settings),
        _seconds(sides),
        walking(runs, settings),
        layers(runs),
        noise(runs, settings),
        errata(),
    ]
    said = [one for one in (_proved(sides), _against_all(sides), _without(sides)) if one]
    if not said:
        said = [one for one in [ticket_sentence(runs[PROBLEM])] if one]
    shown = [one for one in sections if one.findings or one.tables]
    return Report(STUDY.title, Card(_picture(sides), said), shown)


def _proved(sides: Sides) -> str:
    """Say what branch and bound proves, and what a search of all masks would take there."""
    trees = sides.runs[TREE].where(problem="ticket", scale=sides.settings.scales[0], proven=True)
    line = sides.quantum.get("step")
    if not len(trees) or line is None:
        return ""
    largest = max(trees.column("neurons"))
    there = trees.where(neurons=largest)
    many = f"{len(there)} tickets" if len(there) > 1 else "the ticket"
    after = seconds(sides.after("step", largest) if largest in sides.rounds else None)
    asked = f", where Grover's search takes {compact(2 ** sides.rounds.get(largest, 0))} rounds, {after} even at "
    asked += f"{seconds(sides.settings.step)} a query: the square root buys nothing there"
    return (
        f"Branch and bound proves the best mask of {many} of N = {largest} neurons in at most "
        f"{seconds(max(there.column('seconds')))} ({so_many(max(there.column('nodes')), 'node')})"
        f"{asked if largest in sides.rounds else ''}."
    )


def _against_all(sides: Sides) -> str:
    """Say from where on a search is faster than trying every mask."""
    told = []
    for machine, words in MACHINES.items():
        found = sides.crossings.get(("ticket", "gray-code", machine))
        if found is not None and found.start is not None:
            told.append(f"from N = {found.start} ({words}, after {seconds(sides.after(machine, found.start))})")
        elif found is not None:
            told.append(f"never up to N = {found.largest} ({words})")
    return f"Against trying every mask by a Gray code it is faster {' and '.join(told)}." if told else ""


def _without(sides: Sides) -> str:
    """Say what is left where branch and bound has no exponent below Grover's."""
    exponents = rank_exponents(sides.runs, sides.settings)
    timed = sides.timed.get(("gadget", "meet-in-the-middle"))
    hard = [rank for rank, exponent in exponents.items() if exponent >= 0.5]
    if timed is None or not hard:
        return ""
    ranks = f"rank {hard[0]}" if len(hard) == 1 else f"ranks {hard[0]} to {hard[-1]}"
    return (
        f"Where branch and bound walks more than 2^(N/2) nodes (gadgets of {ranks}), meeting in the middle has "
        f"Grover's exponent without a quantum computer: N = {max(timed)} of rank {sides.settings.ranks[0]} in "
        f"{seconds(timed[max(timed)].best)}."
    )


def _picture(sides: Sides) -> Picture | None:
    if not sides.classical and not sides.quantum:
        return None
    shown: dict[str, list[Points | Curve]] = {}
    style = styles((method for _, method in sides.classical), sides.runs.methods)
    largest = max([DRAWN, *(line.largest for (problem, _), line in sides.classical.items() if problem == "ticket")])
    sizes = np.arange(4, largest + 1)
    for (problem, method), line in sides.classical.items():
        marks = shown.setdefault(problem, [])
        every = list(line.measured.values())
        name = label(method, sides.runs.methods)
        ends = [one.low for one in every], [one.high for one in every]
        own = style[method]
        best = [one.best for one in every]
        marks.append(Points(list(line.measured), best, *ends, label=name, style=own, records=line.linked))
        if line.beyond is not None:
            x, best = sides.drawn(line, sizes[sizes >= line.largest])
            marks.append(Curve(x, best, style=own))
    for marks in shown.values() or [shown.setdefault("ticket", [])]:
        for machine, line in sides.quantum.items():
            x, best = sides.drawn(line, sizes[sizes >= line.smallest])
            marks.append(Curve(x, best, label=f"search, {MACHINES[machine]}", style=STYLES[machine], width=1.6))
    panels = [Panel(family(problem), marks) for problem, marks in shown.items()]
    return picture("seconds", Chart(panels, Axis("neurons N"), Axis("seconds", "log"), share=True), CAPTION)


def _seconds(sides: Sides) -> Section:
    """Return the section in which both sides' seconds meet."""
    said = []
    for (problem, method), line in sides.classical.items():
        where = f"{label(method, sides.runs.methods)} ({family(problem)})"
        crossings = {machine: sides.crossings.get((problem, method, machine)) for machine in MACHINES}
        if all(one is not None and one.start is None for one in crossings.values()):
            known = max(one.largest for one in crossings.values() if one is not None)
            said.append(f"Against {where} a search of all masks is never faster, up to N = {known}.")
        elif line.beyond is None:
            said.append(f"{where} was timed up to N = {line.largest}, and is not continued.")
    tables = [_crossings(sides), _prices(sides), assumptions(sides)] if sides.classical and sides.quantum else []
    return Section("Seconds, and where they cross", [APART], said, tables)


def _crossings(sides: Sides) -> Table:
    rows: list[list[Cell | str]] = []
    for (problem, method), line in sides.classical.items():
        cells: list[Cell | str] = []
        for machine in MACHINES:
            found = sides.crossings.get((problem, method, machine))
            if found is None:
                cells += [MISSING, MISSING]
                continue
            cells.append(crossing_cell(found))
            cells.append(MISSING if found.start is None else seconds(sides.after(machine, found.start)))
        rows.append(
            [
                family(problem),
                label(method, sides.runs.methods),
                Cell(f"N = {line.largest}", line.largest),
                seconds(sides.timed[problem, method][line.largest]),
                *cells,
            ]
        )
    columns = ["problem", "solver", "timed up to", "seconds there"]
    for words in MACHINES.values():
        columns += [f"search faster, {words}", "after"]
    note = (
        "The first N at which a search is faster, and what it takes there; * marks extrapolated ones. The Gray code "
        "goes on by 2^N, meeting in the middle by 2^(N/2), with as much memory, elimination by N; branch and bound is "
        "not continued. A query of the other families' oracles is priced as the ticket's."
    )
    records = [records_of(sides.runs[TIMED], sides.runs[ROUNDS], sides.runs[ORACLE])]
    return Table("Where a search of all masks is faster", columns, rows, note, records=records)


def _prices(sides: Sides) -> Table:
    rows: list[list[Cell | str]] = []
    for neurons in (16, 32, 64, 128, 192, 256):
        if neurons not in sides.rounds:
            continue
        cells: list[Cell | str] = [
            Cell(str(neurons), neurons),
            number(2 ** sides.rounds[neurons], compact),
            MISSING if sides.toffoli is None else number(sides.gates(neurons), ",.0f"),
        ]
        for machine in MACHINES:
            cells.append(seconds(sides.after(machine, neurons)) if machine in sides.quantum else MISSING)
        rows.append(cells)
    columns = ["N", "rounds", "T a query", *(f"search, {words}" for words in MACHINES.values())]
    note = f"T a query: of the ripple oracle at {max(sides.settings.bits)} bits"
    if sides.toffoli is not None:
        note += f", beyond the largest counted one as N^{sides.toffoli[1]:.2f}"
    records = [records_of(sides.runs[ROUNDS], sides.runs[ORACLE])]
    return Table("Rounds, gates and seconds", columns, rows, f"{note}.", records=records)


def assumptions(sides: Sides) -> Table:
    """Return the table of what is assumed."""
    settings = sides.settings
    supply = "as many as asked for" if settings.t_rate is None else f"{settings.t_rate:g} a second"
    rows = [
        ["Logical step", f"{settings.distance} rounds of {seconds(settings.cycle)}", "--distance, --cycle", "nobody"],
        ["T gates one by one", f"each takes a step, {TOFFOLI} a Toffoli gate", "none", "nobody"],
        ["T states", supply, "--t-rate", "quantum: factories take most of the qubits"],
        ["One step a query", "whatever the loss takes to compute", "none", "quantum"],
        ["Diffusion, Clifford gates, checks, stopping", "free", "none", "quantum"],
        [
            "Machines side by side",
            str(settings.machines),
            "--machines",
            "quantum: k of them gain sqrt(k), here k",
        ],
        [
            "Classical machine",
            f"{settings.cores} of this one's cores, each {settings.classical_speedup:g} times as fast",
            "--cores, --classical-speedup",
            "quantum: exhaustive search shares its masks among cores",
        ],
        ["Times from run to run", f"within a factor of {settings.drift:g}", "--drift", "nobody: in the intervals"],
        ["Errors", "none is left after correction, over the whole search", "none", "quantum"],
    ]
    return Table("What is assumed", ["assumption", "value", "flag", "in favor of"], rows)
