"""The page: one self-contained file, and the figures as files beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from compare.durable import write_file
from compare.records import plain
from compare.report.content import Report
from compare.report.figures import Embedded, draw
from compare.report.ranks import are_numbers, ranks
from compare.tables import Table

__all__ = ["PAGE", "write_report", "write_reports"]

PAGE = "report.html"
"""The page's file."""

FIRST = 6
"""Sentences of a verdict that stand open; one asks for the others."""

LONG = 40
"""Cells of more letters are broken into lines."""

UNKNOWN = "not recorded"


@dataclass(frozen=True)
class Heading:
    """A column's heading, whether numbers stand below it, and whether its cells are long."""

    text: str
    numbers: bool
    long: bool


@dataclass(frozen=True)
class Shown:
    """A table as it stands on the page: of each cell its text and its rank in its column."""

    title: str
    note: str
    headings: list[Heading]
    rows: list[list[tuple[str, int | None]]]
    folded: bool


def write_report(report: Report, folder: Path) -> Path:
    """Write a report's page and figures; see `write_reports`."""
    return write_reports([report], folder)


def write_reports(reports: Sequence[Report], folder: Path) -> Path:
    """Write the page of one report or several, and every figure as PNG and SVG beside it.

    Parameters
    ----------
    reports
        At least one. The verdict of each comes first, then the sections of each.
    folder
        A folder that exists.

    Returns
    -------
    Path
        The page. It holds every run's record, from which `compare.recorded` reads them back.

    Raises
    ------
    NotWritten, InputError
        If it cannot be written.
    """
    several = len(reports) > 1
    drawn: dict[tuple[int, str], Embedded] = {}
    for number, report in enumerate(reports):
        for picture in (picture for section in report.sections for picture in section.pictures):
            # Two runs of one study have figures of the same names.
            name = f"{number + 1}-{picture.name}" if several else picture.name
            drawn[number, picture.name] = draw(picture, folder / name)
    environment = Environment(
        loader=PackageLoader("compare"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("report.html.jinja").render(
        title=f"{len(reports)} runs on one page" if several else reports[0].title,
        page=PAGE,
        first=FIRST,
        reports=reports,
        runs=[plain(report.run) for report in reports],
        drawn=drawn,
        shown=_shown,
        provenance=_provenance,
        origin=_origin,
    )
    write_file(folder / PAGE, page.encode(errors="replace"))
    return folder / PAGE


def _shown(table: Table) -> Shown:
    columns = [[row[i] for row in table.rows] for i in range(len(table.columns))]
    headings = [
        Heading(text, are_numbers(cells), any(len(cell) > LONG and not are_numbers([cell]) for cell in cells))
        for text, cells in zip(table.columns, columns, strict=True)
    ]
    order = list(zip(*(ranks(cells) for cells in columns), strict=True))
    rows = [list(zip(row, places, strict=True)) for row, places in zip(table.rows, order, strict=True)]
    return Shown(table.title, table.note, headings, rows, table.folded)


def _provenance(run: Mapping[str, Any]) -> list[Table]:
    """Tabulate what stands behind every number of a run: settings, versions, machine."""
    machine = dict(run.get("machine") or {})
    if isinstance(machine.get("memory_bytes"), int):
        machine["memory"] = f"{machine.pop('memory_bytes') / 2**30:.1f} GiB"
    tables = {
        "Settings": ("setting", run["settings"]),
        "Versions": ("package", run.get("versions") or {}),
        "Machine": ("part", {name: value for name, value in machine.items() if value}),
    }
    return [
        Table(title, (column, "value"), [(name, _said(value)) for name, value in values.items()], "")
        for title, (column, values) in tables.items()
        if values
    ]


def _origin(run: Mapping[str, Any]) -> str:
    """Say when a run was begun, and from which commit."""
    said = f"quantum-tickets {(run.get('versions') or {}).get('quantum-tickets', UNKNOWN)}"
    commit = run.get("commit")
    if commit:
        said += f", commit {commit['id'][:10]}{' with changes' if commit['changed'] else ''}"
    return f"{said}, run of {run.get('started') or UNKNOWN}"


def _said(value: Any) -> str:
    """Write a setting as text."""
    if value is None:
        return "all / default"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {_said(part)}" for name, part in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(_said, value)) or "none"
    return str(value)
