"""The winners as tables: from which size on, and seconds a sample."""

import math

from compare.machines import ESTIMATED, LOADERS, Line, crossing_cell, size_text
from compare.report import Table
from compare.report.cells import Cell, span
from compare.statistics.rows import records_of
from compare.studies.ridgelet.crossover.sides import LARGEST_DIMENSION, LARGEST_POINTS, OVER, Sides
from compare.studies.ridgelet.crossover.study import RIVALS
from compare.studies.ridgelet.settings import LETTERS

__all__ = ["seconds_table", "winners_table"]


def winners_table(sides: Sides) -> Table:
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
            sides.name(machine),
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
        f"{settings.limit:g} s. Does not fit: the device has too few qubits at D = {settings.dimension}"
        f"{_held(sides)}. All that is assumed stands in the table of assumptions.",
        records=[records_of(sides.curves)],
    )


def _held(sides: Sides) -> str:
    if not sides.estimates:
        return ""
    return (
        f", or no estimated machine has at most {sides.settings.most_qubits:,} qubits, one that is not continued "
        "beyond the sizes that were estimated"
    )


def seconds_table(sides: Sides, prime: int) -> Table:
    """Return seconds a sample at the first, middle and last D that was counted, and far beyond."""
    known = sorted(sides.settings.dimensions)
    shown = sorted({known[0], known[len(known) // 2], known[-1], 16 * known[-1]})
    lines = [(rival, sides.classical.get(("dimension", prime, rival)), FEW) for rival in RIVALS]
    lines += [
        (
            f"{sides.name(machine)}, {words}",
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
