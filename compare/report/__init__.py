"""Reports: what they hold, and the one self-contained page that shows it.

`content` is what studies make, of `cells`, tables and the pictures that `compare.report.views` describe; `figures`
draws the pictures and `page` writes it all down. Nothing here knows a study, and nothing is drawn before the page is
written.
"""

from typing import TYPE_CHECKING

from problems.later import later

if TYPE_CHECKING:
    from compare.report.cells import Cell
    from compare.report.content import Card, Drawing, Picture, Report, Section
    from compare.report.page import PAGE, write_report, write_reports
    from compare.report.styles import Shown, Style
    from compare.report.table import Table

__all__ = [
    "PAGE",
    "Card",
    "Cell",
    "Drawing",
    "Picture",
    "Report",
    "Section",
    "Shown",
    "Style",
    "Table",
    "write_report",
    "write_reports",
]

__getattr__ = later(
    __name__,
    cells="Cell",
    content="Card Drawing Picture Report Section",
    page="PAGE write_report write_reports",
    styles="Shown Style",
    table="Table",
)


def __dir__() -> list[str]:
    """List what can be imported from here."""
    return [*globals(), *__all__]
