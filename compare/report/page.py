"""The page: one self-contained file, and the figures as files beside it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from compare.durable import write_file
from compare.report.breaking import broken, is_long
from compare.report.cells import Cell, memory
from compare.report.content import Card, Report
from compare.report.figures import Embedded, draw
from compare.report.order import has_numbers, order
from compare.report.references import References
from compare.report.symbols import used_symbols
from compare.report.table import Table

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["PAGE", "page_digest", "write_report", "write_reports"]

PAGE = "report.html"
"""The page's file."""

FIRST = 6
"""Sentences of a report without a card that stand open; one asks for the others."""

LEAD = -1
"""The place of what comes before all reports."""

FLAG = re.compile(r"(?<![\w/&;-])--[a-z][a-z-]*(?![\w-])")
"""A flag of the command line, as it stands in escaped text."""

UNKNOWN = "not recorded"


@dataclass(frozen=True)
class Heading:
    """A column's heading, whether numbers stand below it, and whether its cells are long."""

    text: str
    numbers: bool
    long: bool


@dataclass(frozen=True)
class Line:
    """A row of a table: of each cell its text, its rank in its column and where it leads; its id, and its records."""

    cells: list[tuple[str, int | None, str]]
    id: str
    records: Markup


@dataclass(frozen=True)
class Shown:
    """A table as it stands on the page; `records` are those of all rows together."""

    title: str
    note: str
    headings: list[Heading]
    rows: list[Line]
    folded: bool
    records: Markup


def page_digest(record: str) -> str:
    """Return the digest of the records that a page embeds, as their text stands there."""
    return hashlib.sha256(record.encode()).hexdigest()[:32]


def write_report(report: Report, folder: Path) -> Path:
    """Write a report's page and figures; see `write_reports`."""
    return write_reports([report], folder)


def write_reports(reports: Sequence[Report], folder: Path, lead: Report | None = None) -> Path:
    """Write the page of one report or several, and every figure as PNG and SVG beside it.

    Parameters
    ----------
    reports
        At least one. The card of each comes first, then the sections of each.
    folder
        A folder that exists.
    lead
        What comes before them, in the place of the page's title: of no run of its own, but of them all.

    Returns
    -------
    Path
        The page. It holds every run's record, from which `compare.recorded` reads them back.

    Raises
    ------
    NotWritten, InputError
        If it cannot be written.
    """
    from jinja2.utils import htmlsafe_json_dumps

    several = len(reports) > 1 or lead is not None
    drawn: dict[tuple[int, str], Embedded] = {}
    references = [References(report, number) for number, report in enumerate(reports, 1)]
    for number, report in enumerate(reports):
        for picture in report.pictures:
            # Two runs of one study have figures of the same names. One that stands in several places is drawn once.
            name = f"{number + 1}-{picture.name}" if several else picture.name
            if (number, picture.name) not in drawn:
                prefix = f"f{len(drawn)}"
                drawn[number, picture.name] = draw(picture, folder / name, prefix, references[number].attribute)
    for picture in lead.pictures if lead is not None else ():
        drawn[LEAD, picture.name] = draw(picture, folder / picture.name, f"f{len(drawn)}")
    runs = [report.run for report in reports]
    record = htmlsafe_json_dumps(runs, allow_nan=False)
    page = _template().render(
        title=lead.title if lead is not None else f"{len(reports)} runs on one page" if several else reports[0].title,
        page=PAGE,
        first=FIRST,
        reports=reports,
        lead=lead,
        LEAD=LEAD,
        runs=runs,
        record=record,
        page_digest=page_digest,
        cards=[report.card.picture if isinstance(report.card, Card) else None for report in reports],
        drawn=drawn,
        shown=lambda table, place: [
            _shown(part, references[place] if place is not None and place >= 0 else None) for part in broken(table)
        ],
        symbols=[used_symbols(report) for report in reports],
        provenance=_provenance,
        origin=_origin,
        shortened=_shortened,
    )
    write_file(folder / PAGE, page.encode(errors="replace"))
    return folder / PAGE


@cache
def _template() -> "Template":
    """Compile the page's template, once in a process."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("compare.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["whole"] = _whole
    return environment.get_template("report.html.jinja")


def _whole(text: str | Markup) -> Markup:
    """Keep the flags in a text from being broken at their hyphens."""
    return Markup(FLAG.sub(r'<span class="flag">\g<0></span>', str(escape(text))))


def _shown(table: Table, references: References | None) -> Shown:
    columns = [[row[i] for row in table.rows] for i in range(len(table.columns))]
    headings = [
        Heading(text, has_numbers(cells), any(map(is_long, cells)))
        for text, cells in zip(table.columns, columns, strict=True)
    ]
    places = zip(*(order(cells) for cells in columns), strict=True)
    rows = [
        [(str(cell), rank, cell.link if isinstance(cell, Cell) else "") for cell, rank in zip(row, place, strict=True)]
        for row, place in zip(table.rows, places, strict=True)
    ]
    whole, ids, links = Markup(""), [""] * len(rows), [Markup("")] * len(rows)
    if references is not None:
        ids = [references.id(task) for task in table.anchors] or ids
        if len(table.records) == len(rows) > 1 or (len(rows) == 1 and len(table.records) == 1):
            links = [references.link(records) for records in table.records]
        elif len(table.records) == 1:
            whole = references.link(table.records[0], whole=True)
    lines = [Line(*parts) for parts in zip(rows, ids, links, strict=True)]
    return Shown(table.title, table.note, headings, lines, table.folded, whole)


def _provenance(run: Mapping[str, Any]) -> list[Table]:
    """Tabulate what stands behind every number of a run: settings, versions, machine."""
    machine = dict(run.get("machine") or {})
    if isinstance(machine.get("memory_bytes"), int):
        machine["memory"] = memory(machine.pop("memory_bytes")).text
    tables = {
        "Settings": ("setting", run.get("settings") or {}),
        "Versions": ("package", run.get("versions") or {}),
        "Machine": ("part", {name: value for name, value in machine.items() if value}),
    }
    return [
        Table(title, (column, "value"), [(Cell(name, name), _cell(value)) for name, value in values.items()])
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


def _shortened(command: str) -> str:
    """Return a command with the last part alone of paths that begin at the machine's root."""
    return re.sub(r"(?<![\w./:-])/(?:[^\s/'\"]+/)+", ".../", command)


def _cell(value: Any) -> Cell:
    text = _said(value)
    return Cell(text, value if isinstance(value, int | float) else text)


def _said(value: Any) -> str:
    """Write a setting as text."""
    if value is None:
        return "all / default"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {_said(part)}" for name, part in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(_said, value)) or "none"
    return str(value)
