"""Figures that are drawn to files and in notebooks, at the two widths of a report."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

__all__ = ["NARROW", "ShownFigure", "new_figure"]

NARROW = 4.2
"""Inches of a figure for phones: on 360 pixels its letters are as large as they say."""


class ShownFigure(Figure):
    """A figure that a notebook shows by itself, whether pyplot is imported there or not."""

    def _repr_html_(self) -> str:
        from compare.report.inline import figure_html

        return figure_html(self)


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of so many inches that no window shows; its parts find their places by themselves."""
    figure = ShownFigure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure
