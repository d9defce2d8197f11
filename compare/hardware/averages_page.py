"""The part of the page of runs that is about mitigated averages: each way to estimate them, and what it costs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from compare.hardware.mitigation import MITIGATIONS
from compare.hardware.rows import AveragesRow, RunRow
from compare.report import Cell, Picture, Section, Table
from compare.report.cells import MISSING, estimate, number
from compare.report.styles import BLUE, GREEN, ORANGE, VERMILION, Style
from compare.report.views import Column, Line, forest, table

__all__ = ["averages_section"]

CORRECTED = (
    "What is corrected is an average over shots, of a function of the measured bits. Nodes themselves are not "
    "mitigated: the shots of every job, and all that is made of them, have the noise of the device."
)

ASSUMED = (
    "All errors are those of the calibration kept with each run; nothing was learned beside, and no shots went into "
    "learning. readout takes each bit to flip by itself. zne takes the noise to grow with the number of two-qubit "
    "gates alone, and to end where all bit strings are alike. pec takes each two-qubit gate to be depolarizing, of its "
    "stated error, and twirls none; errors of other gates, of waiting, and between neighbors stay."
)

SENTENCES, LINES = 12, 40
"""Circuits that are told of, and that the picture has; the table has all."""

Found = Sequence[tuple[RunRow, AveragesRow]]

LOOKS: Mapping[str, Style] = {
    "raw": Style(BLUE, "o"),
    "readout": Style(VERMILION, "s"),
    "zne": Style(GREEN, "^"),
    "pec": Style(ORANGE, "D"),
}


def averages_section(rows: Sequence[RunRow], names: Mapping[Path, str]) -> Section | None:
    """Return the section; None where nothing is mitigated.

    Parameters
    ----------
    rows
        The runs.
    names
        The name of each.
    """
    found = [(row, one) for row in rows for one in row.averages]
    if not found:
        return None
    told = [_sentence(row, one) for row, one in found[:SENTENCES]]
    tables, pictures = [_table(found, names), _took(found, names)], [_picture(found[:LINES], names)]
    return Section("Averages, mitigated", [CORRECTED, ASSUMED], told, tables, pictures)


def _sentence(row: RunRow, one: AveragesRow) -> str:
    """Say what every way finds of a circuit's first average."""
    kept = one.kept
    told = ", ".join(f"{estimate(kept.estimate(way)).text} ({way.name})" for way in kept.ways)
    ideal = kept.ideal[0]
    turn = f", round {one.round + 1}" if row.rounds > 1 else ""
    said = f"The {kept.names[0]} of {one.about}, on {row.device}{turn}: {told}"
    if ideal is None:
        return f"{said}."
    holding = [way.name for way in kept.ways if kept.estimate(way).low <= ideal <= kept.estimate(way).high]
    return f"{said}; without noise it is {ideal:.4g}, which {_held(holding)}."


def _held(holding: Sequence[str]) -> str:
    if not holding:
        return "no interval holds"
    several = len(holding) > 1
    return f"the interval{'s' if several else ''} of {' and '.join(holding)} hold{'' if several else 's'}"


def _picture(found: Found, names: Mapping[Path, str]) -> Picture:
    lines = [
        Line(f"{names[row.path]} {one.job}", one.kept.estimate(way), way.name, LOOKS[way.name], panel=one.kept.names[0])
        for row, one in found
        for way in one.kept.ways
    ]
    return forest(lines, "averages", "The first average of every circuit in each way, with 95% intervals over shots.")


def _lines(found: Found, names: Mapping[Path, str]) -> Iterator[dict[str, Any]]:
    """Yield every average in every way."""
    for row, one in found:
        for place, name in enumerate(one.kept.names):
            for way in one.kept.ways:
                yield {
                    "job": f"{names[row.path]} {one.job}",
                    "name": name,
                    "way": f"{way.name}, {way.laws[place]}" if way.laws else way.name,
                    "ideal": one.kept.ideal[place],
                    "value": one.kept.estimate(way, place),
                    "cost": one.kept.cost(way, place),
                }


def _taken(found: Found, names: Mapping[Path, str]) -> Iterator[dict[str, Any]]:
    """Yield what every way took."""
    for row, one in found:
        for way in one.kept.ways:
            yield {
                "job": f"{names[row.path]} {one.job}",
                "way": way.name,
                "shots": way.shots,
                "jobs": len(way.jobs),
                "gamma": way.gamma,
                "gates": way.gates,
                "compiled": one.compiled[way.name],
            }


def _gates(numbers: Sequence[int] | None) -> Cell:
    return Cell("not known") if numbers is None else Cell(" / ".join(map(str, numbers)))


def _table(found: Found, names: Mapping[Path, str]) -> Table:
    columns: list[Column | str] = [
        Column("job", "job"),
        Column("average of", "name"),
        Column("way", "way"),
        Column("without noise", "ideal", lambda value: MISSING if value is None else number(value, ".3f")),
        Column("estimate", "value", estimate),
        Column("variance", "cost", lambda value: MISSING if value is None else number(value, ".3g")),
    ]
    used = {way.name for _, one in found for way in one.kept.ways}
    note = (
        "Every way has as many shots. Intervals are 95%, of each row by itself, by the spread of the shots, or of "
        "circuits with random gates; they know nothing of what a law of extrapolation or a model of noise leaves out. "
        "Variance: over that as read. "
        f"{'; '.join(f'{name}: {said}' for name, said in MITIGATIONS.items() if name in used)}."
    )
    return table(list(_lines(found, names)), columns, "Averages at equal shots", note)


def _took(found: Found, names: Mapping[Path, str]) -> Table:
    columns: list[Column | str] = [
        Column("job", "job"),
        Column("way", "way"),
        Column("shots", "shots", lambda value: Cell(f"{value:,}", value)),
        Column("jobs", "jobs"),
        Column("gamma^2", "gamma", lambda value: MISSING if value is None else number(value**2, ".3g")),
        Column("gates sent", "gates", _gates),
        Column("by the service", "compiled", _gates),
    ]
    note = (
        "Gates sent: two-qubit gates of the circuits, each number once. By the service: of the circuits as it says "
        "that it ran them, which tells whether folded gates were still there; it may not say."
    )
    return table(list(_taken(found, names)), columns, "What each way took", note)
