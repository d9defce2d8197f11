"""How often each outcome was drawn, over how likely it is: a panel for each sampler."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from compare.report.content import Picture
from compare.report.styles import BLACK, Shown, Style, label, styles
from compare.report.views.chart import Axis, Chart, Curve, Panel, Points, picture

if TYPE_CHECKING:
    import numpy as np

__all__ = ["frequencies"]

CAPTION = (
    "Sampled frequency of each {what} against its exact probability. Solid: equality; dashed: where 95% of perfect "
    "frequencies fall. {What}s never drawn are not shown."
)

IMPOSSIBLE = 1e-12
"""Outcomes that are less likely are not shown."""


def frequencies(
    exact: "np.ndarray",
    drawn: "Mapping[str, np.ndarray]",
    what: str,
    name: str = "frequencies",
    methods: Mapping[str, Shown] | None = None,
) -> Picture:
    """Return a picture of sampled frequencies over exact probabilities, with where perfect samples would lie.

    Parameters
    ----------
    exact
        The probability of each outcome: shape (n,).
    drawn
        By method the outcomes that it drew, as places in `exact`; the same number of each.
    what
        One outcome in a word.
    name
        Of the picture.
    methods
        Labels and styles of methods by name.
    """
    import numpy as np

    style, samples = styles(drawn, methods), len(next(iter(drawn.values())))
    likely = exact > IMPOSSIBLE
    least, most = max(float(exact[likely].min()), 0.2 / samples), float(exact.max())
    line = np.geomspace(least, most, 50)
    spread = 1.96 * np.sqrt(line * (1 - line) / samples)
    below = np.where(line > spread, line - spread, np.nan)
    expected = [Curve(list(line), list(line), style=Style(BLACK), width=0.8)] + [
        Curve(list(line), list(end), style=Style(BLACK, dashes="--"), width=0.6) for end in (line + spread, below)
    ]
    panels = []
    for method, places in drawn.items():
        found = np.bincount(places, minlength=len(exact)) / samples
        seen = likely & (found > 0)
        points = Points(list(exact[seen]), list(found[seen]), style=style[method], many=True)
        panels.append(Panel(label(method, methods), [points, *expected]))
    x = Axis("exact probability", "log", low=least / 1.5, high=most * 1.5)
    y = Axis("sampled frequency", "log", low=0.7 / samples, high=most * 2)
    caption = CAPTION.format(what=what, What=what.capitalize())
    return picture(name, Chart(panels, x, y, columns=4, narrow_columns=2), caption)
