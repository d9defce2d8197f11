"""Tables on the terminal."""

from rich.table import Table as RichTable
from rich.text import Text

from compare.report.table import Table
from compare.streams import printable

__all__ = ["for_terminal"]


def for_terminal(table: Table) -> RichTable:
    """Return the table as rich prints it: brackets are brackets, and no markup."""
    title, note = _text(table.title), _text(table.note)
    rendered = RichTable(title=title, caption=note, title_justify="left", caption_justify="left")
    for i, column in enumerate(table.columns):
        rendered.add_column(_text(column), justify="left" if i == 0 else "right")
    for row in table.rows:
        rendered.add_row(*(_text(str(cell)) for cell in row))
    return rendered


def _text(text: str) -> Text:
    return Text(printable(text))
