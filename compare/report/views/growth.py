"""Growth as a picture: the numbers over the size, and the fit behind them."""

from collections.abc import Mapping

from compare.report.content import Picture
from compare.report.styles import Style, label, styles
from compare.report.views.chart import Axis, Chart, Curve, Panel, Points, picture
from compare.report.views.lines import LARGEST
from compare.statistics.growth import Grown, Growths
from compare.statistics.rows import capital, in_words

__all__ = ["growth_picture"]

STEPS = 60
"""Places at which a fit is drawn."""


def growth_picture(found: Growths, name: str = "growth", caption: str = "", beyond: float = 1.0) -> Picture:
    """Draw numbers with intervals over the size and their fits, a panel for each group.

    Parameters
    ----------
    found
        The growth.
    name, caption
        Of the picture.
    beyond
        Fits are drawn so many times beyond the largest size, dashed, with the band that is possible.
    """
    style = styles((one.name for one in found), found.methods)
    panels: dict[str, list[Points | Curve]] = {}
    for one in found:
        marks = panels.setdefault(in_words(one.within, found.names), [])
        points = list(one.points.values())
        marks.append(
            Points(
                list(one.points),
                [each.best for each in points],
                [each.low for each in points],
                [each.high for each in points],
                label(one.name, found.methods),
                style[one.name],
                line=False,
                records=[one.made_of.get(size, ()) for size in one.points],
            )
        )
        marks += _fits(one, style, beyond)
    said = caption or (
        f"{capital(found.what)} over {found.letter} and the growth fitted to it, shaded where the "
        "fits leave it possible (95%)."
    )
    shown = [Panel(title, marks) for title, marks in panels.items()][:LARGEST]
    return picture(name, Chart(shown or [Panel()], Axis(found.letter, "log"), Axis(found.what, "log")), said)


def _fits(one: Grown, style: Mapping[str, Style], beyond: float) -> list[Curve]:
    import numpy as np

    if one.fit is None:
        return []
    x = np.geomspace(one.fit.smallest, one.fit.largest * beyond, STEPS)
    # What is far outside the figure would only leave the floats.
    low, best, high = np.exp(np.clip(one.fit.log_range(x), -300, 300))
    return [Curve(list(x), list(best), list(low), list(high), style=Style(style[one.name].color, dashes="--"))]
