"""Figures that are drawn to files, at the two widths of a report."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

__all__ = ["NARROW", "new_figure"]

NARROW = 4.2
"""Inches of a figure for phones: on 360 pixels its letters are as large as they say."""


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of so many inches that no window shows; its parts find their places by themselves."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure
