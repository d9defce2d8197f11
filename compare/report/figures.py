"""Pictures of a report: files beside the page, and what the page embeds."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from compare.durable import write_file
from compare.report.content import Drawing, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Embedded", "draw", "svg"]

LEGIBLE, LARGE = 0.85, 1.5
"""Pixels a point: a figure of one arrangement is scrolled rather than drawn smaller, and none is drawn larger."""

POINTS = 72
"""Points in an inch."""

DENSITY = 150
"""Pixels an inch of PNG files, and of what is drawn as points within SVG files."""


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
        Addresses that hold the figures themselves; narrow is None if there is one arrangement only.
    least, most
        Width in pixels below which the wide one is scrolled, and beyond which it does not grow.
    """

    caption: str
    text: str | None = None
    wide: str = ""
    narrow: str | None = None
    least: int = 0
    most: int = 0


def draw(picture: Picture | Drawing, path: Path) -> Embedded:
    """Write a figure's wide arrangement as PNG and SVG, or a drawing as text, and return what the page embeds.

    Parameters
    ----------
    picture
        The picture.
    path
        Where its files go, without their ending.

    Raises
    ------
    NotWritten, InputError
        If they cannot be written.
    """
    if isinstance(picture, Drawing):
        write_file(path.with_name(f"{path.name}.txt"), f"{picture.text}\n".encode())
        return Embedded(picture.caption, picture.text)
    import matplotlib

    figure = _drawn(picture.figure)
    # Text stays text, and the same results give the same bytes.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "quantum-tickets"}):
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=DENSITY)
        figure.set_layout_engine("none")  # found once, which takes most of the time; the same in both files
        wide = _svg(figure)
        narrow = None if picture.narrow is None else _address(_svg(_drawn(picture.narrow)))
    write_file(path.with_name(f"{path.name}.png"), png.getvalue())
    write_file(path.with_name(f"{path.name}.svg"), wide)
    points = POINTS * figure.get_figwidth()
    return Embedded(picture.caption, None, _address(wide), narrow, round(LEGIBLE * points), round(LARGE * points))


def _drawn(figure: "Figure | Callable[[], Figure]") -> "Figure":
    return figure() if callable(figure) else figure


def svg(figure: "Figure") -> bytes:
    """Return a figure as SVG: text stays text, and the same results give the same bytes."""
    import matplotlib

    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "quantum-tickets"}):
        return _svg(figure)


def _svg(figure: "Figure") -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", dpi=DENSITY, metadata={"Date": None})
    return buffer.getvalue()


def _address(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
