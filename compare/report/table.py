"""A table of results: the same rows on the terminal and on a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from compare.report.cells import MISSING, Cell
from problems.showing import Shows, facts_of, written

__all__ = ["RECORD", "Table"]

RECORD = "record"
"""The column of rows that says which record they are made of: its hash, or the hashes of several in a tuple."""


@dataclass(frozen=True, repr=False)
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

    @classmethod
    def of(cls, title: str, things: Mapping[Any, Shows | Mapping[str, Any]], first: str = "", note: str = "") -> Self:
        """Set things side by side, a row each, by what each says of itself.

        Parameters
        ----------
        title
            What it shows.
        things
            By what a row is called: an object that shows itself, or values by the headings of their columns.
        first
            Heading of the first column.
        note
            Explains the columns, in sentences.

        Examples
        --------
        >>> Table.of("Squares", {3: {"square": 9}, 4: {"square": 16}}, first="number").rows[1]
        [Cell(text='4', value=4, link=''), Cell(text='16', value=16, link='')]
        """
        facts = {name: facts_of(one) if isinstance(one, Shows) else one for name, one in things.items()}
        columns = list(dict.fromkeys(heading for one in facts.values() for heading in one))
        rows = [
            [_cell(name), *(_cell(one[heading]) if heading in one else MISSING for heading in columns)]
            for name, one in facts.items()
        ]
        return cls(title, [first, *columns], rows, note)

    def __repr__(self) -> str:
        from compare.report.terminal import as_text

        return as_text([self])

    def _repr_html_(self) -> str:
        from compare.report.inline import table_html

        return table_html(self)


def _cell(value: Any) -> Cell:
    if isinstance(value, Cell):
        return value
    if hasattr(value, "item") and not getattr(value, "ndim", 0):  # NumPy's scalars
        value = value.item()
    return Cell(written(value), value if isinstance(value, int | float | str) else None)
