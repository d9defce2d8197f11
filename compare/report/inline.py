"""Tables, pictures and reports within a notebook: HTML that stands alone, escaped, in the notebook's own colors."""

import base64
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from compare.report.content import Drawing, Picture, Report, Section
from compare.report.order import has_numbers
from compare.report.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["figure_html", "picture_html", "report_html", "table_html"]

CELL = "padding:.25em .6em;text-align:{side};vertical-align:top"

NOTE = "font-size:.85em;opacity:.75;max-width:60em;margin:.3em 0 1em"

SHOWN = 50
"""Rows of a table that a notebook shows; the page and `to_pandas` have all."""


def table_html(table: Table) -> str:
    """Return a table as HTML, with its note below; a folded one opens on request."""
    numbers = [i > 0 and has_numbers([row[i] for row in table.rows]) for i in range(len(table.columns))]
    sides = ["right" if number else "left" for number in numbers]
    head = _row("th", table.columns, sides)
    body = Markup("").join(_row("td", [str(cell) for cell in row], sides) for row in table.rows[:SHOWN])
    left = len(table.rows) - SHOWN
    more = Markup('<div style="{}">{:,} more rows are not shown.</div>').format(NOTE, left) if left > 0 else Markup("")
    note = Markup('<div style="{}">{}</div>').format(NOTE, table.note) if table.note else Markup("")
    inner = Markup(
        '<div style="overflow-x:auto"><table style="border-collapse:collapse"><thead>{}</thead><tbody>{}</tbody>'
        "</table></div>{}{}"
    ).format(head, body, more, note)
    return str(_titled(table.title, inner, table.folded))


def picture_html(picture: Picture | Drawing) -> str:
    """Return a picture as HTML, with its caption below."""
    if isinstance(picture, Drawing):
        shown = Markup('<pre style="overflow-x:auto;line-height:1.15">{}</pre>').format(picture.text)
    else:
        shown = Markup(figure_html(picture.figure() if callable(picture.figure) else picture.figure, picture.caption))
    caption = Markup('<div style="{}">{}</div>').format(NOTE, picture.caption)
    return str(shown + caption)


def figure_html(figure: "Figure", words: str = "") -> str:
    """Return a figure as HTML that holds it."""
    from compare.report.figures import svg

    address = base64.b64encode(svg(figure)).decode()
    return str(
        Markup('<img style="max-width:100%;background:white" alt="{}" src="data:image/svg+xml;base64,{}">').format(
            words, address
        )
    )


def report_html(report: Report) -> str:
    """Return a report as HTML: its answer and the card's picture, and each section folded, with its tables."""
    from compare.report.content import Card

    picture = report.card.picture if isinstance(report.card, Card) else None
    parts = [Markup("<h3>{}</h3>").format(report.title), _sentences(report.verdict)]
    if picture is not None:
        parts.append(Markup(picture_html(picture)))
    parts += [_section(section) for section in report.sections]
    return str(Markup("<div>{}</div>").format(Markup("").join(parts)))


def _section(section: Section) -> Markup:
    paragraphs = Markup("").join(Markup("<p>{}</p>").format(text) for text in section.paragraphs)
    tables = Markup("").join(Markup(table_html(table)) for table in section.tables)
    count = len(section.pictures)
    pictures = Markup("")
    if count:
        words = "1 picture stands" if count == 1 else f"{count} pictures stand"
        pictures = Markup('<div style="{}">{} on the page that report() writes.</div>').format(NOTE, words)
    return _titled(section.title, paragraphs + _sentences(section.findings) + tables + pictures, True)


def _titled(title: str, inner: Markup, folded: bool) -> Markup:
    if folded:
        return Markup("<details><summary>{}</summary>{}</details>").format(title, inner)
    return Markup("<div><b>{}</b>{}</div>").format(title, inner) if title else Markup("<div>{}</div>").format(inner)


def _sentences(sentences: Sequence[str]) -> Markup:
    if not sentences:
        return Markup("")
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(one) for one in sentences))


def _row(tag: str, cells: Iterable[str], sides: Sequence[str]) -> Markup:
    opened, closed = ('th scope="col"', "th") if tag == "th" else (tag, tag)
    written = (
        Markup('<{} style="{}">{}</{}>').format(Markup(opened), CELL.format(side=side), escape(cell), Markup(closed))
        for cell, side in zip(cells, sides, strict=True)
    )
    return Markup("<tr>{}</tr>").format(Markup("").join(written))
