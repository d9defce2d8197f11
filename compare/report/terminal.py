"""Tables on the terminal."""

from rich.table import Table as RichTable
from rich.text import Text

from compare.report.table import Table

__all__ = ["for_terminal"]


def for_terminal(table: Table) -> RichTable:
    """Return the table as rich prints it: brackets are brackets, and no markup."""
    title, note = Text(table.title), Text(table.note)
    rendered = RichTable(title=title, caption=note, title_justify="left", caption_justify="left")
    for i, column in enumerate(table.columns):
        rendered.add_column(Text(column), justify="left" if i == 0 else "right")
    for row in table.rows:
        rendered.add_row(*(Text(str(cell)) for cell in row))
    return rendered
