"""The crossover study's report: who wins and from where on, by which assumptions, and the growth behind it."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from compare.engine import Runs
from compare.machines import (
    ESTIMATED,
    LOADERS,
    Line,
    assumption_rows,
    crossing_cell,
    machine_name,
    size_text,
)
from compare.report import Card, Picture, Report, Section, Table
from compare.report.cells import MISSING, Cell, estimate, number, seconds, span
from compare.report.styles import GRAY, GREEN, ORANGE, PURPLE, SKY, VERMILION, Style, label, styles
from compare.report.views import Axis, Chart, Curve, Panel, Points, picture
from compare.statistics import Estimate, SizeTimes, median_range
from compare.statistics.clocks import ROUNDS
from compare.statistics.growth import Grown, evidence, growth, rate
from compare.statistics.rows import grouped, records_of
from compare.statistics.scaling import LEAST_ROUNDS
from compare.studies.ridgelet.crossover.sides import LARGEST_DIMENSION, LARGEST_POINTS, OVER, Sides
from compare.studies.ridgelet.crossover.study import RIVALS, STUDY, Circuits, Settings
from compare.studies.ridgelet.drawn import distinct_points
from compare.studies.ridgelet.settings import LETTERS

__all__ = ["assumptions", "page", "report"]

STYLES: Mapping[tuple[str, str], Style] = {
    ("device", "sparse"): Style(ORANGE, "^"),
    ("device with errors", "sparse"): Style(VERMILION, "v"),
    ("one T at a time", "sparse"): Style(GREEN, "D"),
    ("T layers at once", "sparse"): Style(SKY, "P"),
    ("T layers at once", "free"): Style(PURPLE, "X"),
    (ESTIMATED, "sparse"): Style(GRAY, "*", "--"),
}
"""The machines and loaders that are drawn; tables have all."""

BEYOND = 1000
"""The axis goes so many times beyond the largest circuit that was counted."""

CAPTION = (
    "Seconds a sample over {letter}: filled markers classical, processor seconds measured in this run on one core and "
    "divided by what the assumed cores are worth; open ones quantum, counted circuits under the assumptions of the "
    "table. Bars: the range of the random problems, and classically of rounds and runs. Dashed: extrapolated by "
    "fitted growth, shaded where the fits leave it possible."
)


def report(runs: Runs, settings: Settings) -> Report:
    """Return the report of a run."""
    machines = [record.line.machine for record in runs.records.finished.values()]
    return page(Sides.of(runs, settings), machines[0] if machines else {})


def page(sides: Sides, machine: Mapping[str, Any]) -> Report:
    """Return the report of both sides, timed on a machine."""
    settings = sides.settings
    what = (
        "Classical samplers are timed and circuits are counted on random problems of K distinct points of Z_P^D. "
        f"{settings.device} and an error-corrected machine turn counts into seconds; who wins depends on the machine, "
        "on what loading the data costs and on the size, and each assumption has its row. Classical seconds are "
        f"processor seconds on one core, divided by {settings.cores} cores times their measured efficiency."
    )
    asked = [(varied, rival) for rival in RIVALS for varied, rivals in OVER.items() if rival in rivals]
    answers = [said for varied, rival in asked if (said := _answer(sides, varied, rival, settings.primes))]
    against = [
        said for prime in settings.primes for varied, rival in asked if (said := _answer(sides, varied, rival, [prime]))
    ]
    costs = [said for said in [_cores(sides), _busy(sides)] if said]
    costs += [sentence for prime in settings.primes for said in (_ratios, _errors) for sentence in said(sides, prime)]
    seconds_tables = [_seconds_table(sides, prime) for prime in settings.primes]
    times = list(_times(sides))
    counts = [_counts(sides, varied) for varied in OVER]
    return Report(
        STUDY.title,
        Card(_picture(sides, "dimension"), answers),
        [
            Section(
                "Who wins, and from where on",
                [what],
                [*against, *costs],
                [_winners(sides), *seconds_tables],
                [_picture(sides, "points")],
            ),
            Section("What is assumed", ["Each value can be changed by its flag."], [], [assumptions(sides, machine)]),
            Section(
                "How everything grows",
                ["Preparation and drawing are timed apart. Circuit samplers are classical simulations of the circuit."],
                [sentence for said, _ in times for sentence in said],
                [*(table for _, table in times), *counts],
            ),
        ],
    )


def _fixed(settings: Settings, varied: str) -> str:
    return f"K = {settings.points}" if varied == "dimension" else f"D = {settings.dimension}"


def _answer(sides: Sides, varied: str, rival: str, primes: Sequence[int]) -> str:
    """Say in how many cases a quantum machine beats a classical sampler, and from where on at the earliest."""
    found = {
        key: one for key, one in sides.crossings.items() if (key[0], key[-1]) == (varied, rival) and key[1] in primes
    }
    if not found:
        return ""
    letter = LETTERS[varied]
    cores = f"{sides.settings.cores} classical core{'s'[: sides.settings.cores - 1]}"
    where = f"P = {', '.join(map(str, primes))}, {_fixed(sides.settings, varied)}, {cores}"
    won = {key: one.start for key, one in found.items() if one.start is not None}
    if not won:
        most = size_text(max(one.largest for one in found.values()))
        possible = [one.low for one in found.values() if one.low is not None]
        unless = f", though intervals leave it possible from {size_text(min(possible))}" if possible else ""
        return (
            f"Against the {rival} sampler no quantum machine is faster a sample at any {letter} up to {most}, whatever "
            f"loading costs ({where}){unless}."
        )
    first = min(won, key=lambda key: won[key])
    start = str(crossing_cell(found[first])).replace("from ", f"from {letter} = ").replace("*", "")
    how = "measured" if won[first] <= found[first].measured else "extrapolated"
    return (
        f"Against the {rival} sampler a quantum machine is faster a sample from some {letter} on in {len(won)} of "
        f"{len(found)} cases of machine and loader ({where}), the earliest {start} ({how}): P = {first[1]}, "
        f"{machine_name(first[2], sides.settings)}, {LOADERS[first[3]]}."
    )


def _ratios(sides: Sides, prime: int) -> Iterator[str]:
    """Yield how many times longer a quantum sample takes at the largest D where both sides were measured."""
    classical = sides.classical.get(("dimension", prime, RIVALS[0]))
    for loader in ("sparse", "free") if classical is not None else ():
        told = []
        for machine in sides.machines:
            quantum = sides.quantum.get(("dimension", prime, machine, loader))
            if quantum is not None and classical is not None:
                size = min(classical.largest, quantum.largest)
                low, best, high = quantum.log_range([size])[:, 0] - classical.log_range([size])[::-1, 0]
                name = f"{machine_name(machine, sides.settings)} at D = {size}"
                told.append(f"{_times_text(best)} [{_times_text(low)}, {_times_text(high)}] ({name})")
        if told:
            yield (
                f"P = {prime}, K = {sides.settings.points}, {LOADERS[loader]}: seconds a sample over those of the "
                f"{RIVALS[0]} sampler: {'; '.join(told)}."
            )


def _times_text(logarithm: float) -> str:
    digits = logarithm / math.log(10)
    return f"{float(f'{10**digits:.2g}'):,g}" if -3 < digits < 5 else f"10^{digits:.1f}"


def _errors(sides: Sides, prime: int) -> Iterator[str]:
    """Yield what is left of the shots at the largest circuit that the device holds."""
    held = {size: one for size, one in sides.along("dimension", prime).items() if one.transform_on_device is not None}
    if not held:
        return
    size, found = max(held.items())
    kept = sorted(circuit.fidelity for circuit in found.whole_on_device)
    quantum = sides.quantum.get(("dimension", prime, "device with errors", "sparse"))
    took = None if quantum is None else quantum.at(size)
    costs = "" if took is None else f", and a sample would take {span(took.best)} (median)"
    assert found.transform_on_device is not None  # only those that the device holds come here
    yield (
        f"P = {prime}, D = {size} on {sides.settings.device}: with the sparse loader a share of {kept[0]:.1g} to "
        f"{kept[-1]:.1g} of the shots is expected without error ({len(kept)} random problems){costs}; without a loader "
        f"{found.transform_on_device.fidelity:.2g}."
    )


def _cores(sides: Sides) -> str:
    """Say what two cores are worth, as it was measured."""
    told = [
        f"{estimate(shared.efficiency)} of twice the nodes of one (P = {prime}; by the wall's clock, which what else "
        f"runs slows, {estimate(shared.wall)})"
        for prime, shared in sides.cores.items()
    ]
    return f"Two cores of this machine draw {'; '.join(told)}." if told else ""


def _busy(sides: Sides) -> str:
    """Say what else the machine did while it was timed."""
    rows = [one for curve in sides.curves if curve["method"] in RIVALS for one in curve["rows"] if one.total.best > 0]
    if not rows:
        return ""
    wall = median_range([one.wall.best / one.total.best for one in rows])
    spread = median_range([one.spread for one in rows])
    return (
        f"While the classical samplers were timed, wall seconds were {wall.best:.2f} times the processor seconds "
        f"(median of {wall.samples} sizes, {wall.low:.2f} to {wall.high:.2f}; 1 on an idle machine), and the slowest "
        f"round took {spread.best:.2f} times the processor seconds of the fastest ({spread.low:.2f} to "
        f"{spread.high:.2f})."
    )


def _winners(sides: Sides) -> Table:
    """Return who wins: one row for each machine, P and loader."""
    settings = sides.settings
    asked = [(varied, rival) for varied, rivals in OVER.items() for rival in rivals]

    def cell(varied: str, prime: int, machine: str, loader: str, rival: str) -> Cell:
        classical = sides.classical.get((varied, prime, rival))
        quantum = sides.quantum.get((varied, prime, machine, loader))
        found = sides.crossings.get((varied, prime, machine, loader, rival))
        counts = [0 if line is None else len(line.measured) for line in (classical, quantum)]
        text = Cell("not timed" if classical is None else "does not fit") if found is None else crossing_cell(found)
        return text + f" ({counts[0]}, {counts[1]})"

    rows: list[list[Cell | str]] = [
        [
            machine_name(machine, settings),
            Cell(str(prime), prime),
            words,
            *(cell(varied, prime, machine, loader, rival) for varied, rival in asked),
        ]
        for prime in settings.primes
        for machine in sides.machines
        for loader, words in LOADERS.items()
    ]
    return Table(
        "From which size on the quantum machine is faster a sample",
        ["machine", "P", "loader", *(f"than {rival}, over {LETTERS[varied]}" for varied, rival in asked)],
        rows,
        f"D varies at K = {settings.points}, K at D = {settings.dimension}. In brackets: the first size that the "
        "intervals of both sides leave possible, and the first at which they leave no doubt; classical intervals hold "
        "the spread of problems, rounds and runs. Never, possible from: only at the ends of the intervals. A star: "
        "beyond the sizes that were measured and counted. Beyond them the dequantized sampler goes on by c0 + c D or "
        "c0 + c K and the enumeration by c0 + c P^D, as they are made; circuits by a fitted power law above what "
        "is known not to grow, shots lost to errors by one of -ln fidelity. The tables of growth show what the data "
        "say by themselves. "
        f"Never up to: as far as the fits are asked, D = {size_text(LARGEST_DIMENSION)} and the smaller of K = "
        f"{size_text(LARGEST_POINTS)} and P^D. In parentheses: at how many sizes the classical sampler was timed and "
        f"circuits were counted; at each {settings.draws} random problems, fewer classical ones where they take "
        f"{settings.limit:g} s. Does not fit: the device has too few qubits at D = {settings.dimension}. All that is "
        "assumed stands in the table of assumptions.",
        records=[records_of(sides.curves)],
    )


def _seconds_table(sides: Sides, prime: int) -> Table:
    """Return seconds a sample at the first, middle and last D that was counted, and far beyond."""
    known = sorted(sides.settings.dimensions)
    shown = sorted({known[0], known[len(known) // 2], known[-1], 16 * known[-1]})
    lines = [(rival, sides.classical.get(("dimension", prime, rival)), FEW) for rival in RIVALS]
    lines += [
        (
            f"{machine_name(machine, sides.settings)}, {words}",
            sides.quantum.get(("dimension", prime, machine, loader)),
            "not estimated" if machine == ESTIMATED else FEW,
        )
        for machine in sides.machines
        for loader, words in LOADERS.items()
    ]
    return Table(
        f"Seconds a sample at P = {prime}, K = {sides.settings.points}",
        ["", *(f"D = {size}" for size in shown)],
        [
            [name, *("does not fit" if line is None else _seconds(line, size, beyond) for size in shown)]
            for name, line, beyond in lines
        ],
        "Classical: on all assumed cores, the preparation's share included. Brackets: the range of the random "
        "problems, in parentheses how many (the range of 5 holds the median with 94%), and classically up to the "
        f"slowest round, wider by a factor of {sides.settings.drift:g} for another run; exact: the transform alone, a "
        "count that no data changes. A "
        "star: extrapolated by fitted growth, in parentheses the sizes fitted, in brackets 95% of what the fits leave "
        "possible. Between counted sizes: interpolated, parentheses as for a star.",
        records=[records_of(sides.curves)],
    )


FEW = "too few sizes"
"""Stands where seconds are not continued."""


def _seconds(line: Line, size: int, beyond: str) -> Cell:
    found = line.at(size)
    if found is None:
        return Cell("not measured" if size < line.smallest else beyond)
    star = "*" if size > line.largest else ""
    if found.samples == 1 and not star:
        return Cell(f"{span(found.best)} (exact)", found.best)
    ends = f" [{span(found.low)}, {span(found.high)}]" if found.best < math.inf else ""
    return Cell(f"{span(found.best)}{star}{ends} ({found.samples})", found.best)


def assumptions(sides: Sides, machine: Mapping[str, Any]) -> Table:
    """Return every assumption, its value, its flag and whom it favors."""
    s, device = sides.settings, sides.device
    limited = "".join(f", {name}={value}" for name, value in machine.get("threads", {}).items())
    volume = max((one.volume for one in sides.circuits.values()), default=0.0)
    dimensions, points = (", ".join(map(str, sizes)) for sizes in (s.dimensions, s.loaded_points))
    rows = [
        *([] if device is None else assumption_rows(s, device.gate, volume, device.calibrated, sides.efficiency)),
        _estimated(sides),
        (
            "Classical seconds",
            f"processor seconds on one thread, the fastest of {LEAST_ROUNDS} to {ROUNDS} rounds over all sizes, on "
            f"{machine.get('processor', 'unknown')}, {machine.get('cores', '?')} cores{limited}; {s.samples:,} nodes "
            "at once share one preparation",
            "--samples",
            "nobody: fewer make enumeration slower a node, more make it faster",
        ),
        (
            "Sparse loader",
            "built and counted, without ancillas; its growth with K stands in the table of circuits",
            "none",
            "classical: with ancillas fewer T gates would do",
        ),
        (
            "Circuit",
            f"{s.encoding} encoding, compiled by Qiskit at level 2 with a fixed seed",
            "--encoding",
            "classical, if a better circuit exists",
        ),
        (
            "Problems",
            f"K distinct random points of Z_P^D, normal targets; K = {s.points} while D varies, D = {s.dimension} "
            "while K varies",
            "--points, --features, --prime, --repeats, --seed",
            "quantum over D: enumeration does not gain from few points",
        ),
        (
            "Sizes",
            f"circuits at D = {dimensions} and K = {points}; classical up to D = {s.most_dimensions:,}, "
            f"K = {s.most_points:,}, P = {s.most_prime}, or {s.limit:g} s a size",
            "--counted-features, --loaded-points, --most-features, --most-points, --most-prime, --method, --limit",
            "nobody",
        ),
    ]
    return Table(
        "Every assumption",
        ["assumption", "value", "flag", "favors"],
        rows,
        "Whom an assumption favors, against what could be assumed instead. Those without a flag are rows of the table "
        "of winners, or have no number.",
    )


def _estimated(sides: Sides) -> tuple[str, str, str, str]:
    """Return the row of the estimated machine, or why there is none."""
    s = sides.settings
    what = (
        f"Microsoft's resource estimator: {s.model}, error budget {s.budget:g} in thirds for the code, T states and "
        f"rotations, and the fastest point of its frontier within {s.most_qubits:,} physical qubits; rotations side by "
        "side, or equal ones together where that is faster. Not continued beyond the sizes that were estimated"
    )
    if not s.physical:
        what = "not asked for: error correction stands at the fixed distance alone"
    elif not sides.estimates:
        what = (
            "nothing was estimated: the extra is missing (pip install 'quantum-tickets[estimate]'), so that error "
            "correction stands at the fixed distance alone"
        )
    return (
        "Estimated machine",
        what,
        "--physical, --model, --budget, --most-qubits",
        "quantum: no such machine exists",
    )


def _times(sides: Sides) -> Iterator[tuple[list[str], Table]]:
    """Yield how samplers' seconds grow along each axis, preparation apart: what is said of the rivals, and a table."""
    axes = ("varied", "prime", "dimension", "points")
    methods = sides.curves.methods
    for (varied, *fixed), curves in grouped(sides.curves, axes).items():
        at = ", ".join(f"{LETTERS[name]} = {value}" for name, value in zip(axes[1:], fixed, strict=True) if value)
        rows = [{"method": curve["method"], **vars(one)} for curve in curves for one in curve["rows"]]
        drawn, prepared = (
            growth(
                rows,
                value,
                over="size",
                what=f"processor seconds {what} at {at}",
                letter=LETTERS[varied],
                methods=methods,
            )
            for value, what in (("per_sample", "a sample"), ("prepare", "of preparation"))
        )
        table = drawn.table(
            f"Growth of seconds over {LETTERS[varied]}, {at}",
            f"Processor seconds on one core, medians of up to {sides.settings.draws} random problems at each size, "
            f"from the fastest to the slowest in its slowest round; {sides.settings.samples:,} nodes a draw. Wall: "
            "seconds of the wall's clock, preparation included, over those of the processor, at the largest "
            f"{LETTERS[varied]}. A method goes as far as a draw takes {sides.settings.limit:g} s, or as it takes the "
            "problem.",
            seconds,
        )
        last = {curve["method"]: curve["rows"][-1] for curve in curves if curve["rows"]}
        cells = [[*row, _law(one), _wall(last[one.name])] for row, one in zip(table.rows, prepared, strict=True)]
        cells += [
            [label(curve["method"], methods), Cell("none (0)", 0), _reason(curve["stopped"]), *[MISSING] * 5]
            for curve in curves
            if not curve["rows"]
        ]
        said = [
            sentence
            for found in (drawn, prepared)
            for sentence in replace(found, grown=tuple(one for one in found if one.name in RIVALS)).sentences()
        ]
        yield said, replace(table, columns=[*table.columns, "preparation grows as", "wall"], rows=cells)


def _wall(one: SizeTimes) -> Cell:
    return number(one.wall.best / one.total.best, ".2f") if one.total.best > 0 else Cell("-")


def _law(one: Grown) -> str:
    if one.fit is None or one.fit.verdict not in ("power", "exponential"):
        return one.law
    curve = one.fit.power if one.fit.verdict == "power" else one.fit.exponential
    return f"{one.law} ({evidence(one.fit)}), k = {rate(curve)}"


def _reason(stopped: str) -> str:
    """Return the first clause of why a method took no size."""
    said = stopped.split("refused: ", 1)[-1]
    for end in (":", ";", ". "):
        said = said.split(end)[0]
    return f"not taken: {said}"


COUNTED: Mapping[str, Callable[[Circuits], Sequence[float]]] = {
    "T gates, transform": lambda found: [found.transform.t],
    "T layers, transform": lambda found: [found.transform.t_depth],
    "duration on the device, transform": lambda found: [
        one.duration for one in (found.transform_on_device,) if one is not None
    ],
    "-ln fidelity on the device, whole": lambda found: [
        -math.log(one.fidelity) for one in found.whole_on_device if 0 < one.fidelity < 1
    ],
    "T gates, sparse loader": lambda found: [part.t for part in found.loaders],
    "two-qubit gates, sparse loader": lambda found: [part.two_qubit for part in found.loaders],
    "duration on the device, whole": lambda found: [one.duration for one in found.whole_on_device],
}
"""Columns that are counted of a circuit, for each random problem that it depends on."""

OVER_POINTS = ("T gates, sparse loader", "two-qubit gates, sparse loader", "duration on the device, whole")
"""Columns that are asked over K."""


def _counts(sides: Sides, varied: str) -> Table:
    """Return how counts and durations of the circuits grow over D or K."""
    asked = {name: read for name, read in COUNTED.items() if varied == "dimension" or name in OVER_POINTS}
    rows = [
        {"count": name, "P": prime, "size": size, "value": median_range(values)}
        for prime in sides.settings.primes
        for name, read in asked.items()
        for size, found in sides.along(varied, prime).items()
        if (values := read(found)) and min(values) > 0
    ]
    letter = LETTERS[varied]
    found = growth(rows, "value", over="size", by="count", within=("P",), what="counts of circuits", letter=letter)
    note = (
        f"At {_fixed(sides.settings, varied)}; medians of {sides.settings.draws} random problems between the least and "
        "the greatest. The transform does not depend on the data, its counts are exact. Durations in seconds; what the "
        "device does not hold is left out."
    )
    return found.table(f"Growth of the circuits over {letter}", note, _count)


def _count(found: Estimate) -> Cell:
    if found.samples == 1:
        return Cell(f"{_number(found.best)} (exact)", found.best)
    return estimate(found, _number) + f" ({found.samples})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _picture(sides: Sides, varied: str) -> Picture:
    """Draw seconds a sample over D or K, a panel for each P, extrapolations dashed."""
    settings = sides.settings
    counted = settings.dimensions if varied == "dimension" else settings.loaded_points
    own = styles(RIVALS, sides.curves.methods)
    panels = []
    for prime in settings.primes:
        end = BEYOND * max(counted)
        if varied == "points":
            end = distinct_points(prime, settings.dimension, LARGEST_POINTS)
        marks: list[Points | Curve] = []
        for rival in OVER[varied]:
            marks += _marks(sides.classical.get((varied, prime, rival)), rival, own[rival], end, hollow=False)
        for (machine, loader), style in STYLES.items():
            name = f"{machine_name(machine, settings)}, {LOADERS[loader]}"
            marks += _marks(sides.quantum.get((varied, prime, machine, loader)), name, style, end, hollow=True)
        across = "data dimension D" if varied == "dimension" else "data points K"
        panels.append(Panel(f"P = {prime}, {_fixed(settings, varied)}", marks, Axis(across, "log", high=end)))
    y = Axis("seconds a sample", "log", low=1e-7, high=1e8)
    chart = Chart(panels, y=y, width=5.2, height=3.9, share=True, legend=2)
    return picture(f"crossover_{varied}", chart, CAPTION.format(letter=LETTERS[varied]))


def _marks(line: Line | None, name: str, style: Style, end: int, hollow: bool) -> list[Points | Curve]:
    if line is None:
        return []
    low, best, high = np.exp(line.log_range(list(line.measured)))
    sizes, records = list(line.measured), line.linked
    marks: list[Points | Curve] = [Points(sizes, best, low, high, name, style, hollow=hollow, records=records)]
    if line.beyond is not None and end > line.largest:
        x = np.geomspace(line.largest, end, 100)[1:]
        # What is far outside the figure would only leave the floats.
        low, best, high = np.exp(np.clip(line.log_range(x), -40, 60))
        marks.append(Curve(list(x), best, low, high, style=replace(style, dashes="--")))
    return marks
