"""Tables of results: the same rows on the terminal and in a report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table as RichTable
from rich.text import Text

__all__ = ["Table", "for_terminal", "interval", "pvalue_text", "seconds_text"]


@dataclass(frozen=True)
class Table:
    """A table with a note that explains its columns.

    Attributes
    ----------
    title
        What it shows.
    columns
        Headings.
    rows
        Cells as text; the first column is the row's heading.
    note
        Explains the columns, in sentences.
    folded
        Long and seldom read: a report shows it on request, the terminal not at all.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str
    folded: bool = False


def interval(estimate: Mapping[str, Any], digits: int = 3) -> str:
    """Write an estimate as best [low, high]."""
    low, best, high = (estimate[key] for key in ("low", "best", "high"))
    if low is None or high is None:
        return f"{best:.{digits}f}"
    return f"{best:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"


def seconds_text(seconds: float) -> str:
    """Write a time with a fitting unit, to three digits and without powers of ten."""
    units = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9))
    # 0.9996 of a unit is rounded up to 1 of it, not to 1000 of the next.
    unit, size = next((unit for unit in units if seconds >= 0.9995 * unit[1]), units[-1])
    value = float(f"{seconds / size:.3g}")
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:g} {unit}"


def pvalue_text(test: Mapping[str, Any]) -> str:
    """Write a test's p-value."""
    if test["pvalue"] >= 0.001:
        return f"{test['pvalue']:.3f}"
    return f"{test['pvalue']:.0e}" if test["pvalue"] > 0 else "< 1e-300"


def for_terminal(table: Table) -> RichTable:
    """Return the table as rich prints it: brackets are brackets, and no markup."""
    title, note = Text(table.title), Text(table.note)
    rendered = RichTable(title=title, caption=note, title_justify="left", caption_justify="left")
    for i, column in enumerate(table.columns):
        rendered.add_column(Text(column), justify="left" if i == 0 else "right")
    for row in table.rows:
        rendered.add_row(*map(Text, row))
    return rendered
