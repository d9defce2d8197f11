"""A drawing as a part of a page: an SVG file without its head, with names of its own and marks that say what they are.

The file beside the page stays as it was drawn. On the page the drawing stands within the text, so that a script can
show what a mark stands for and hide a series; without one, and on paper, all of it is shown.
"""

import re
from collections.abc import Callable, Sequence

from markupsafe import Markup

from compare.report.canvas import SERIES, Key, Spot

__all__ = ["standing"]

REACH = 6
"""Points around a mark in which it is pointed at."""

HEAD = re.compile(r"^.*?<svg[^>]*?viewBox=\"0 0 ([\d.]+) ([\d.]+)\"[^>]*>\s*", re.DOTALL)

COUNTED = re.compile(r' id="(?:figure|axes|patch|line2d|text|xtick|ytick|legend|matplotlib|[A-Z][a-z])[\w.]*_\d+"')
"""Names that nothing refers to."""

METADATA = re.compile(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->|\s*</svg>\s*$", re.DOTALL)


def standing(
    svg: bytes,
    prefix: str,
    words: str,
    look: str = "",
    marks: tuple[Sequence[Spot], Sequence[Key]] = ((), ()),
    refer: Callable[[Sequence[str]], str] = lambda records: "",
) -> Markup:
    """Return an SVG file as an element of a page.

    Parameters
    ----------
    svg
        The file, as Matplotlib writes it.
    prefix
        Stands before all names within it, so that they differ from those of other drawings.
    words
        What it shows, for those who do not see it.
    look
        Classes of the element.
    marks
        Places that say something, and entries of the legend.
    refer
        Returns the attribute by which a page finds records; see `compare.report.behind`.
    """
    text = svg.decode()
    head = HEAD.match(text)
    if head is None:
        raise ValueError("no SVG file of Matplotlib's")
    width, height = float(head[1]), float(head[2])
    body = _smaller(METADATA.sub("", text[head.end() :]))
    # Names first, references to them after: what looks like one in a text stays text.
    body = re.sub(rf' id="{SERIES}-(\d+)-\d+"', r' data-series="\1"', body)
    body = COUNTED.sub("", body)
    body = re.sub(r' id="([^"]+)"', rf' id="{prefix}\1"', body)
    body = re.sub(r'xlink:href="#', f'href="#{prefix}', body).replace("xlink:href", "href")
    body = body.replace("url(#", f"url(#{prefix}")
    drawn = [_spot(spot, width, height, refer) for spot in marks[0]] + [_key(key, width, height) for key in marks[1]]
    return Markup(
        '<svg class="{look}" role="group" aria-label="{words}" viewBox="0 0 {width:g} {height:g}">{body}{marks}</svg>'
    ).format(
        look=f"drawing {look}".strip(),
        words=words,
        width=width,
        height=height,
        body=Markup(body),
        marks=Markup("").join(drawn),
    )


def _smaller(body: str) -> str:
    """Return a drawing without line breaks and digits that nobody sees: hundredths of a point are left."""
    return re.sub(r"\s*\n\s*", "", re.sub(r"<[^>]+>", lambda tag: _shortened(tag[0]), body))


def _shortened(tag: str) -> str:
    tag = re.sub(r" ?font-family: [^;\"]*;?", "", tag)
    tag = re.sub(r"\s+", " ", tag).replace(' "', '"' if ' d="' in tag else ' "')
    return re.sub(r"(?<=[\s\"])(-?\d+\.\d\d)\d+(?=[\s\"])", r"\1", tag)


def _spot(spot: Spot, width: float, height: float, refer: Callable[[Sequence[str]], str]) -> Markup:
    series = "" if spot.series is None else Markup(' data-series="{}"').format(spot.series)
    return Markup('<circle class="spot" cx="{:.1f}" cy="{:.1f}" r="{}"{}{}><title>{}</title></circle>').format(
        spot.x * width, spot.y * height, REACH, series, Markup(refer(spot.records)), spot.words
    )


def _key(key: Key, width: float, height: float) -> Markup:
    return Markup(
        '<rect class="key" data-key="{}" aria-label="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
    ).format(
        key.series,
        key.words,
        key.left * width,
        key.top * height,
        (key.right - key.left) * width,
        (key.bottom - key.top) * height,
    )
