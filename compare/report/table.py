"""A table of results: the same rows on the terminal and on a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from compare.report.cells import Cell

__all__ = ["RECORD", "Table"]

RECORD = "record"
"""The column of rows that says which record they are made of: its hash, or the hashes of several in a tuple."""


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
    records
        For each row the hashes of the records that its numbers are made of; a single entry stands for all rows
        together. A page links each row to them.
    anchors
        For each row the hash of the record that it tells of: where such links lead.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    note: str = ""
    folded: bool = False
    records: Sequence[Sequence[str]] = ()
    anchors: Sequence[str] = ()

    def _repr_html_(self) -> str:
        from compare.report.inline import table_html

        return table_html(self)
