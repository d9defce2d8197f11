"""Curves of the paper's authors, read from their figures: theirs, shown beside ours and never mixed with them."""

import csv
from importlib import resources

from compare.report import Picture, Shown
from compare.report.views import Axis, Chart, Level, Panel, Points, picture

__all__ = ["published", "published_picture"]

TITLES = {
    "tfim-10x10-ffnn-alpha-5": "Theirs: Ising 10 x 10, alpha = 5",
    "tfim-10x10-cnn": "Theirs: Ising 10 x 10, convolution",
    "tfim-10x10-rescnn": "Theirs: Ising 10 x 10, residual",
    "toric-3x3-ffnn-alpha-8": "Theirs: toric code 3 x 3, alpha = 8",
}

BONDS = 2 * 10 * 9
"""Bonds of their open lattice."""

CAPTION = (
    "Barton et al., arXiv:2505.22734v2, as they plotted them: relative errors over weights (of the toric code, "
    "weights a spin), by their setting of 1,024 samples, 10,000 dense and 1,000 round steps. Numbers read from their "
    "figures; nothing here was computed by us. The upright line: two weights a bond of their lattice."
)


def published() -> dict[str, dict[str, list[tuple[float, float]]]]:
    """Return their curves: weights and relative errors by arm, by curve."""
    text = (resources.files(__package__) / "published" / "sparse-states.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for row in csv.DictReader(text.splitlines()):
        arm = row["arm"] if row["arm"] == "imp" else f"T({row['arm'].removeprefix('T(').removesuffix(')')})"
        points = found.setdefault(row["curve"], {}).setdefault(arm, [])
        points.append((float(row["x"]), float(row["relative_energy_error"])))
    return found


def published_picture(methods: dict[str, Shown]) -> Picture:
    """Return all of their curves, a panel each."""
    panels = []
    for name, arms in published().items():
        marks: list[Points | Level] = []
        for arm, points in arms.items():
            x, y = zip(*sorted(points), strict=True)
            style = methods[arm].style
            assert style is not None
            marks.append(Points(x, y, label=f"theirs: {methods[arm].label}", style=style, size=3.0))
        if "ffnn" in name and name.startswith("tfim"):
            marks.append(Level(2 * BONDS, "2 weights a bond", upright=True))
        across = "weights a spin" if name.startswith("toric") else "weights n"
        panels.append(Panel(TITLES.get(name, name), marks, Axis(across, "log")))
    return picture("published", Chart(panels, y=Axis("relative error", "log"), columns=2), CAPTION)
