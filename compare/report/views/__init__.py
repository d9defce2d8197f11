"""Views: a study says what is shown, the view says how. Each has a file; nothing is drawn before a page is written.

From rows: `table` and `pivot`, `lines` over an axis. From what statistics found: `contrast_picture`, `growth_picture`.
From ready numbers: `forest` of estimates, `frequencies` over probabilities, any `Chart`, and drawings of circuits.
"""

from compare.report.views.chart import Axis, Chart, Curve, Level, Panel, Points, beside, picture
from compare.report.views.circuit import circuit_drawing
from compare.report.views.contrast import contrast_picture
from compare.report.views.forest import Line, forest
from compare.report.views.frequencies import frequencies
from compare.report.views.growth import growth_picture
from compare.report.views.lines import Reading, lines
from compare.report.views.table import Column, pivot, table

__all__ = [
    "Axis",
    "Chart",
    "Column",
    "Curve",
    "Level",
    "Line",
    "Panel",
    "Points",
    "Reading",
    "beside",
    "circuit_drawing",
    "contrast_picture",
    "forest",
    "frequencies",
    "growth_picture",
    "lines",
    "picture",
    "pivot",
    "table",
]
