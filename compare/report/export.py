"""Tables as CSV files, for spreadsheets: numbers as numbers, and beside them what readers see where that is more."""

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from compare.durable import make_folder, write_file
from compare.report.cells import Cell
from compare.report.content import Report
from compare.report.table import Table

__all__ = ["TABLES", "csv_text", "plain_table", "write_tables"]

TABLES = "tables"
"""The folder of a report's tables, within its own."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How text begins that a spreadsheet would run."""


def csv_text(table: Table) -> str:
    """Return a table as CSV text, its columns as they are headed.

    A column of numbers is written as numbers; where its cells say more than one number (an interval, a unit), what
    readers see stands in a second column, the heading followed by "(text)".
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    columns = [_column(heading, [row[i] for row in table.rows]) for i, heading in enumerate(table.columns)]
    parts = [part for column in columns for part in column]
    writer.writerow([_safe(heading) for heading, _ in parts])
    writer.writerows(zip(*(cells for _, cells in parts), strict=True))
    return written.getvalue()


def plain_table(table: Table) -> dict[str, Any]:
    """Return a table as plain data: title, note, and a mapping from heading to text for each row."""
    rows = [dict(zip(table.columns, map(str, row), strict=True)) for row in table.rows]
    return {"title": table.title, "note": table.note, "rows": rows}


def write_tables(reports: Sequence[Report], folder: Path) -> list[Path]:
    """Write every table of reports, folded ones too, as a CSV file each, and return the files.

    Parameters
    ----------
    reports
        The reports; of several the files begin with their number.
    folder
        The files go into `TABLES` below it.

    Raises
    ------
    NotWritten, InputError
        If they cannot be written.
    """
    place = folder / TABLES
    make_folder(place)
    written: dict[Path, None] = {}
    for number, report in enumerate(reports, 1):
        for table in (table for section in report.sections for table in section.tables):
            name = _name(table.title) if len(reports) == 1 else f"{number}-{_name(table.title)}"
            path, again = place / f"{name}.csv", 2
            while path in written:  # two tables of one title
                path, again = place / f"{name}-{again}.csv", again + 1
            # The mark at the beginning tells spreadsheets that it is UTF-8.
            write_file(path, csv_text(table).encode("utf-8-sig", errors="replace"))
            written[path] = None
    return list(written)


def _column(heading: str, cells: Sequence[Cell | str]) -> list[tuple[str, list[str]]]:
    values = [cell.value if isinstance(cell, Cell) else None for cell in cells]
    if not any(isinstance(value, int | float | Decimal) for value in values):
        return [(heading, [_safe(str(cell)) for cell in cells])]
    numbers = ["" if value is None else str(value) for value in values]
    if all(_says(str(cell), value) for cell, value in zip(cells, values, strict=True)):
        return [(heading, numbers)]
    return [(heading, numbers), (f"{heading} (text)", [_safe(str(cell)) for cell in cells])]


def _says(text: str, value: Any) -> bool:
    """Tell whether a text is a number alone, so that the number itself says as much."""
    if value is None:
        return text in ("", "-")
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True


def _safe(text: str) -> str:
    """Return text that a spreadsheet takes as text; numbers and a lone dash are no formulas."""
    try:
        float(text.replace(",", ""))
    except ValueError:
        return f"'{text}" if text.startswith(FORMULA) and text != "-" else text
    return text


def _name(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or "table"
