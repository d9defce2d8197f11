"""The crossover's pictures: seconds a sample over D and K, as measured and counted, and continued."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from compare.machines import ESTIMATED, LOADERS, Line
from compare.report import Picture
from compare.report.styles import GRAY, GREEN, ORANGE, PURPLE, SKY, VERMILION, Style, styles
from compare.report.views import Axis, Chart, Curve, Panel, Points, picture
from compare.studies.ridgelet.crossover.sides import LARGEST_POINTS, OVER, Sides
from compare.studies.ridgelet.crossover.study import RIVALS
from compare.studies.ridgelet.drawn import distinct_points
from compare.studies.ridgelet.settings import LETTERS

__all__ = ["STYLES", "seconds_picture"]

STYLES: Mapping[tuple[str, str], Style] = {
    ("device", "sparse"): Style(ORANGE, "^"),
    ("device with errors", "sparse"): Style(VERMILION, "v"),
    ("one T at a time", "sparse"): Style(GREEN, "D"),
    ("T layers at once", "sparse"): Style(SKY, "P"),
    ("T layers at once", "free"): Style(PURPLE, "X"),
    (ESTIMATED, "sparse"): Style(GRAY, "*", "--"),
}
"""The machines and loaders that are drawn; tables have all."""

BEYOND = 1000
"""The axis goes so many times beyond the largest circuit that was counted."""

CAPTION = (
    "Seconds a sample over {letter}: filled markers classical, processor seconds measured in this run on one core and "
    "divided by what the assumed cores are worth; open ones quantum, counted circuits under the assumptions of the "
    "table. Bars: the range of the random problems, and classically of rounds and runs. Dashed: extrapolated by "
    "fitted growth, shaded where the fits leave it possible."
)


def seconds_picture(sides: Sides, varied: str) -> Picture:
    """Draw seconds a sample over D or K, a panel for each P, extrapolations dashed."""
    settings = sides.settings
    counted = settings.dimensions if varied == "dimension" else settings.loaded_points
    own = styles(RIVALS, sides.curves.methods)
    panels = []
    for prime in settings.primes:
        end = BEYOND * max(counted)
        if varied == "points":
            end = distinct_points(prime, settings.dimension, LARGEST_POINTS)
        marks: list[Points | Curve] = []
        for rival in OVER[varied]:
            marks += _marks(sides.classical.get((varied, prime, rival)), rival, own[rival], end, hollow=False)
        for (machine, loader), style in STYLES.items():
            name = f"{sides.name(machine)}, {LOADERS[loader]}"
            marks += _marks(sides.quantum.get((varied, prime, machine, loader)), name, style, end, hollow=True)
        across = "data dimension D" if varied == "dimension" else "data points K"
        panels.append(Panel(f"P = {prime}, {sides.fixed(varied)}", marks, Axis(across, "log", high=end)))
    y = Axis("seconds a sample", "log", low=1e-7, high=1e8)
    chart = Chart(panels, y=y, width=5.2, height=3.9, share=True, legend=2)
    return picture(f"crossover_{varied}", chart, CAPTION.format(letter=LETTERS[varied]))


def _marks(line: Line | None, name: str, style: Style, end: int, hollow: bool) -> list[Points | Curve]:
    if line is None:
        return []
    low, best, high = np.exp(line.log_range(list(line.measured)))
    marks: list[Points | Curve] = [Points(list(line.measured), best, low, high, name, style, hollow=hollow)]
    if line.beyond is not None and end > line.largest:
        x = np.geomspace(line.largest, end, 100)[1:]
        # What is far outside the figure would only leave the floats.
        low, best, high = np.exp(np.clip(line.log_range(x), -40, 60))
        marks.append(Curve(list(x), best, low, high, style=replace(style, dashes="--")))
    return marks
