"""Pictures of a report: files beside the page, and what the page embeds."""

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from compare.durable import write_file
from compare.report.content import Picture

__all__ = ["Embedded", "draw"]

LEGIBLE, LARGE = 0.85, 1.5
"""Pixels a point: a figure of one arrangement is scrolled rather than drawn smaller, and none is drawn larger."""

POINTS = 72
"""In an inch."""


@dataclass(frozen=True)
class Embedded:
    """A picture as it stands on the page.

    Attributes
    ----------
    wide, narrow
        Addresses that hold the drawings themselves; narrow is None if there is one arrangement only.
    least, most
        Width in pixels below which the wide one is scrolled, and beyond which it does not grow.
    """

    wide: str
    narrow: str | None
    least: int
    most: int


def draw(picture: Picture, path: Path) -> Embedded:
    """Write a picture's wide arrangement as PNG and SVG, and return what the page embeds.

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
    # Text stays text, and the same results give the same bytes.
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "quantum-tickets"}):
        png = io.BytesIO()
        picture.figure.savefig(png, format="png", dpi=150)
        picture.figure.set_layout_engine("none")  # found once, which takes most of the time; the same in both files
        wide = _svg(picture.figure)
        narrow = None if picture.narrow is None else _address(_svg(picture.narrow))
    write_file(path.with_name(f"{path.name}.png"), png.getvalue())
    write_file(path.with_name(f"{path.name}.svg"), wide)
    points = POINTS * picture.figure.get_figwidth()
    return Embedded(_address(wide), narrow, round(LEGIBLE * points), round(LARGE * points))


def _svg(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", dpi=150, metadata={"Date": None})
    return buffer.getvalue()


def _address(svg: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
