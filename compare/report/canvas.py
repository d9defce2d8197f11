"""Figures that are drawn to files and in notebooks, at the two widths of a report, and what their marks say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

__all__ = ["NARROW", "POINTS", "SERIES", "Key", "ShownFigure", "Spot", "new_figure"]

NARROW = 4.2
"""Inches of a figure for phones: on 360 pixels its letters are as large as they say."""

POINTS = 72
"""Points in an inch, the unit of SVG files."""

SERIES = "series"
"""Begins the names of artists that belong to an entry of the legend, "series-2-0"."""

HANDLE = 3.2
"""Letters' heights that the line before an entry of a legend takes."""


@dataclass(frozen=True)
class Spot:
    """A place of a figure that says something when it is pointed at.

    Attributes
    ----------
    x, y
        From the left and from the top, as shares of the figure.
    words
        What is said.
    series
        The legend's entry that it belongs to; None without.
    records
        Hashes of the records that its value is made of.
    """

    x: float
    y: float
    words: str
    series: int | None = None
    records: Sequence[str] = ()


@dataclass(frozen=True)
class Key:
    """An entry of a legend: its words, its number, and the corners of its box as shares of the figure."""

    words: str
    series: int
    left: float
    top: float
    right: float
    bottom: float


class ShownFigure(Figure):
    """A figure that a notebook shows by itself, and whose marks say on a page what they stand for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._told: list[tuple[Axes, float, float, str, str | None, Sequence[str]]] = []
        self._series: dict[str, int] = {}
        self._named = 0

    def tell(
        self, axes: Axes, x: float, y: float, words: str, label: str | None = None, records: Sequence[str] = ()
    ) -> None:
        """Say of a place of some axes, in their own units, what stands there; `label` as it is in the legend."""
        if math.isfinite(x) and math.isfinite(y):
            self._told.append((axes, x, y, words, label, records))

    def name(self, label: str | None, *artists: Artist) -> None:
        """Name what belongs to an entry of the legend, so that a page can hide it."""
        if label is None or label.startswith("_"):
            return
        number = self._series.setdefault(label, len(self._series))
        for artist in artists:
            artist.set_gid(f"{SERIES}-{number}-{self._named}")
            self._named += 1

    def marked(self) -> tuple[list[Spot], list[Key]]:
        """Return what was told of places in sight, and the legend's entries; to be asked once its SVG was written."""
        self.set_dpi(POINTS)  # in which the legend was laid out
        return self._spots(), self._keys() if len(self._series) > 1 else []

    def _spots(self) -> list[Spot]:
        found = []
        for axes, x, y, words, label, records in self._told:
            place = axes.transData.transform((x, y))
            within = axes.transAxes.inverted().transform(place)
            if np.all((within > -0.01) & (within < 1.01)):
                across, up = self.transFigure.inverted().transform(place)
                series = None if label is None else self._series.get(label)
                found.append(Spot(float(across), float(1 - up), words, series, records))
        return found

    def _keys(self) -> list[Key]:
        own = (legend for axes in self.axes if (legend := axes.get_legend()) is not None)
        found = []
        for legend in (*self.legends, *own):
            for text in legend.get_texts():
                number = self._series.get(text.get_text())
                if number is None:
                    continue
                box = text.get_window_extent()
                left, height = box.x0 - HANDLE * float(text.get_fontsize()), box.height / 4
                corners = [(left, box.y0 - height), (box.x1, box.y1 + height)]
                (x0, y0), (x1, y1) = self.transFigure.inverted().transform(corners)
                found.append(Key(text.get_text(), number, float(x0), float(1 - y1), float(x1), float(1 - y0)))
        return found

    def _repr_html_(self) -> str:
        from compare.report.inline import figure_html

        return figure_html(self)


def new_figure(width: float, height: float) -> ShownFigure:
    """Return an empty figure of so many inches that no window shows; its parts find their places by themselves."""
    figure = ShownFigure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure
