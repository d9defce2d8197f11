"""Pictures of a report: files beside the page, and what the page embeds."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from compare.durable import write_file
from compare.report.content import Drawing, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.typing import RcKeyType

__all__ = ["Embedded", "draw", "svg"]

LEGIBLE, LARGE = 0.85, 1.5
"""Pixels a point: a figure of one arrangement is scrolled rather than drawn smaller, and none is drawn larger."""

DENSITY = 150
"""Pixels an inch of PNG files, and of what is drawn as points within SVG files."""

DRAWN: "dict[RcKeyType, Any]" = {
    "svg.fonttype": "none",
    "svg.hashsalt": "quantum-tickets",
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
}
"""Text stays text, the same results give the same bytes, and parts stay where they are put, whatever a user's own."""


@dataclass(frozen=True)
class Embedded:
    """A picture as it stands on the page.

    Attributes
    ----------
    caption
        What it shows.
    text
        A drawing in characters; None of figures.
    wide, narrow
        The figures themselves, as elements of the page; narrow is None if there is one arrangement only.
    least, most
        Width in pixels below which the wide one is scrolled, and beyond which it does not grow.
    """

    caption: str
    text: str | None = None
    wide: Markup | None = None
    narrow: Markup | None = None
    least: int = 0
    most: int = 0


def draw(
    picture: Picture | Drawing, path: Path, prefix: str = "", refer: Callable[[Sequence[str]], str] = lambda records: ""
) -> Embedded:
    """Write a figure's wide arrangement as PNG and SVG, or a drawing as text, and return what the page embeds.

    Parameters
    ----------
    picture
        The picture.
    path
        Where its files go, without their ending.
    prefix
        Stands before the names of its parts on the page, where other figures have parts of the same names.
    refer
        Returns the attribute by which the page finds records.

    Raises
    ------
    NotWritten, InputError
        If they cannot be written.
    """
    if isinstance(picture, Drawing):
        write_file(path.with_name(f"{path.name}.txt"), f"{picture.text}\n".encode())
        return Embedded(picture.caption, picture.text)
    import matplotlib

    from compare.report.canvas import POINTS

    figure = _drawn(picture.figure)
    with matplotlib.rc_context(DRAWN):
        with _settled(figure):
            png = io.BytesIO()
            figure.savefig(png, format="png", dpi=DENSITY)
            wide, narrow = _svg(figure), None
        if picture.narrow is not None:
            other = _drawn(picture.narrow)
            with _settled(other):
                narrow = _standing(other, _svg(other), picture.caption, f"{prefix}n-", "narrow", refer)
    shown = _standing(figure, wide, picture.caption, f"{prefix}w-", "" if narrow is None else "wide", refer)
    write_file(path.with_name(f"{path.name}.png"), png.getvalue())
    write_file(path.with_name(f"{path.name}.svg"), wide)
    points = POINTS * figure.get_figwidth()
    return Embedded(picture.caption, None, shown, narrow, round(LEGIBLE * points), round(LARGE * points))


def _standing(figure: "Figure", svg: bytes, words: str, prefix: str, look: str, refer: Any) -> Markup:
    from compare.report.canvas import ShownFigure
    from compare.report.standing import standing

    marks = figure.marked() if isinstance(figure, ShownFigure) else ((), ())
    return standing(svg, prefix, words, look, marks, refer)


def _drawn(figure: "Figure | Callable[[], Figure]") -> "Figure":
    return figure() if callable(figure) else figure


def svg(figure: "Figure") -> bytes:
    """Return a figure as SVG: text stays text, and the same results give the same bytes."""
    import matplotlib

    with matplotlib.rc_context(DRAWN), _settled(figure):
        return _svg(figure)


@contextmanager
def _settled(figure: "Figure") -> Iterator[None]:
    """Give a figure's parts their places, the same in all its files, and find none again until the end.

    While a figure has a layout engine, even one that is done, Matplotlib draws the whole of it twice for each file.
    """
    engine, dpi = figure.get_layout_engine(), figure.get_dpi()
    if engine is None:
        yield
        return
    figure.set_dpi(DENSITY)
    engine.execute(figure)
    figure.set_dpi(dpi)
    figure.set_layout_engine(None)
    yield
    figure.set_layout_engine(engine)


def _svg(figure: "Figure") -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", dpi=DENSITY, metadata={"Date": None})
    return buffer.getvalue()
