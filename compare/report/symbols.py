"""Symbols of a page: those of a study's that occur in what readers see of its report."""

import re
from collections.abc import Iterator, Sequence

from compare.report.content import Card, Report

__all__ = ["used_symbols"]

CELLS = 400
"""Cells of a table that are looked at: symbols stand in its headings, and in the same way in all rows."""


def used_symbols(report: Report) -> dict[str, str]:
    """Return the symbols that occur in a report, with what they stand for, in the order in which its study has them."""
    if not report.symbols:
        return {}
    text = "\n".join(_texts(report))
    return {symbol: words for symbol, words in report.symbols.items() if _occurs(symbol, text)}


def _occurs(symbol: str, text: str) -> bool:
    """Tell whether a symbol stands in a text, not as a part of a word."""
    before, after = (r"(?<![\w|])" if symbol[0].isalnum() else ""), (r"(?!\w)" if symbol[-1].isalnum() else "")
    return re.search(f"{before}{re.escape(symbol)}{after}", text) is not None


def _texts(report: Report) -> Iterator[str]:
    """Yield everything that readers see of a report, in its order."""
    yield from map(str, report.verdict)
    if isinstance(report.card, Card) and report.card.picture is not None:
        yield report.card.picture.caption
    for section in report.sections:
        yield section.title
        yield from map(_bare, section.paragraphs)
        yield from map(str, section.findings)
        for table in section.tables:
            yield from (table.title, table.note, *table.columns)
            yield from _cells(table.rows)
        yield from (picture.caption for picture in section.pictures)


def _cells(rows: Sequence[Sequence[object]]) -> Iterator[str]:
    cells = (str(cell) for row in rows for cell in row)
    yield from (text for _, text in zip(range(CELLS), cells, strict=False))


def _bare(paragraph: str) -> str:
    """Return a paragraph without its markup."""
    return re.sub(r"<[^>]+>", "", str(paragraph))
