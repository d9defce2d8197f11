"""A table of results: the same rows on the terminal and on a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from compare.report.cells import Cell

__all__ = ["Table"]


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
        Cells, whose values a page sorts by, or text; the first column is the row's heading.
    note
        Explains the columns, in sentences.
    folded
        Long and seldom read: a report shows it on request, the terminal not at all.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    note: str = ""
    folded: bool = False

    def _repr_html_(self) -> str:
        from compare.report.inline import table_html

        return table_html(self)
