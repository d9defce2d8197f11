"""Tables on the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from compare.report.table import Table
from compare.streams import printable

__all__ = ["as_text", "for_terminal"]

WIDTH = 160
"""Columns of text that no terminal shows, such as that of a notebook."""


def for_terminal(table: Table) -> RichTable:
    """Return the table as rich prints it: brackets are brackets, and no markup."""
    title, note = _text(table.title), _text(table.note)
    rendered = RichTable(title=title, caption=note, title_justify="left", caption_justify="left")
    for i, column in enumerate(table.columns):
        rendered.add_column(_text(column), justify="left" if i == 0 else "right")
    for row in table.rows:
        rendered.add_row(*(_text(str(cell)) for cell in row))
    return rendered


def as_text(tables: Sequence[Table]) -> str:
    """Return tables as text, for where there is neither a terminal nor a page."""
    console = Console(width=WIDTH, color_system=None, force_jupyter=False)
    with console.capture() as captured:
        for table in tables:
            console.print(for_terminal(table))
    return captured.get().rstrip()


def _text(text: str) -> Text:
    return Text(printable(text))
