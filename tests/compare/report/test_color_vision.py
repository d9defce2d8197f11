"""Styles that meet in a figure are told apart by every kind of color vision, in the light and in the dark scheme.

Dichromats see as Machado, Oliveira and Fernandes say (2009, "A Physiologically-based Model for Simulation of Color
Vision Deficiency", IEEE TVCG 15, table 1, severity 1, on linear RGB). Distances are those of CIELAB (CIE 1976, white
D65), where 2.3 is just noticeable. The dark scheme turns the figure's light around, as the page's style sheet does.
"""

import ast
import itertools
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import pictures
from compare.report import styles as table
from compare.report.styles import PALETTE, Style
from compare.studies.ground_states import equal, masks, readings
from compare.studies.ground_states.study import ARMS
from compare.studies.kernel_training.figure import R_STYLE
from compare.studies.kernel_training.tables import PATTERNS, TIMED
from compare.studies.neuron_selection import report as neurons
from compare.studies.neuron_selection.families import SOLVERS
from compare.studies.ridgelet.crossover import pictures as crossover
from compare.studies.ridgelet.crossover.study import RIVALS
from compare.studies.ridgelet.methods import METHODS
from compare.studies.ridgelet.noise.report import MITIGATED, READ
from compare.studies.ridgelet.phase import report as phase
from compare.studies.sparse_training import trained

ROOT = Path(__file__).parents[3]

LEAST = 20.0
"""The least difference of two styles: see `difference`."""

CUE = 10.0
"""The weight of another marker, and of other dashes: that of colors at four times a just noticeable distance."""

VISION = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}

TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
HALF_TURN = np.array([[-0.574, 1.430, 0.144], [0.426, 0.430, 0.144], [0.426, 1.430, -0.856]])
"""hue-rotate(180deg) of CSS: W3C, Filter Effects, section 8.5."""

ALIKE = {"d": "D", "x": "X", "h": "o", "P": "+"}
"""Markers that differ by their width alone count as one."""


def channels(color):
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def dark(light, paper):
    """invert(1) hue-rotate(180deg), then mix-blend-mode: screen over the page's paper."""
    turned = np.clip(HALF_TURN @ (1 - light), 0, 1)
    return 1 - (1 - turned) * (1 - paper)


def lab(color, vision):
    linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    x = TO_XYZ @ np.clip(VISION[vision] @ linear, 0, 1) / (TO_XYZ @ np.ones(3))
    f = np.where(x > (6 / 29) ** 3, np.cbrt(x), x / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.fixture(scope="module")
def paper():
    """The page's own paper, in each scheme."""
    css = (ROOT / "compare/report/templates/report.css").read_text("utf-8")
    assert "filter: invert(1) hue-rotate(180deg); mix-blend-mode: screen" in css  # or `dark` is of another page
    light, night = re.findall(r"--paper: (#[0-9a-f]+)", css)[:2]
    assert light == "#fff"
    return {"light": channels("#ffffff"), "dark": channels(night)}


def shown(color, paper):
    """The color in each scheme, as each kind of vision sees it."""
    drawn = {"light": channels(color), "dark": dark(channels(color), paper["dark"])}
    return {(scheme, vision): lab(drawn[scheme], vision) for scheme in drawn for vision in VISION}


def difference(one, other, paper):
    """The colors' distance for whom it is least, and so much for another marker, and for other dashes."""
    first, second = shown(one.color, paper), shown(other.color, paper)
    colors = min(float(np.linalg.norm(first[seen] - second[seen])) for seen in first)
    markers = {ALIKE.get(style.marker, style.marker) for style in (one, other)}
    return colors + CUE * (len(markers) - 1) + CUE * (one.dashes != other.dashes)


def own(methods):
    return [method.style for method in methods.values() if method.style is not None]


def hollow(styles):
    """Markers without a face are other markers."""
    return [Style(style.color, f"hollow {style.marker}", style.dashes) for style in styles]


TOGETHER = {
    "the palette": list(PALETTE),
    "node samplers": own(METHODS),
    "crossover": [METHODS[name].style for name in RIVALS] + hollow(crossover.STYLES.values()),
    "phases": [style for style, _ in phase.STYLES],
    "noise": [READ, MITIGATED],
    "neurons": own(SOLVERS) + list(neurons.STYLES.values()),
    "ground states": own(ARMS),
    "energies": list(equal.STYLES.values()),
    "hidden units": list(readings.ALPHA_STYLES.values()),
    "masks": [masks.HELD, masks.FREE],
    "kernels": [*own(PATTERNS), R_STYLE],
    "kernel solvers": own(TIMED),
    "trained networks": [*trained.LINES.values(), trained.THEIRS, *(trained._style(mode, 1) for mode in trained.MODES)],
    "benchmarks": [
        Style(*style) for name, style in pictures.STYLES.items() if name != "dequantized"
    ],  # it stands for the compiled one, alone
}


@pytest.mark.parametrize("figure", TOGETHER)
def test_styles_that_meet_are_told_apart(figure, paper):
    styles = TOGETHER[figure]
    assert len(styles) > 1
    close = {
        f"{one} and {other}": round(apart, 1)
        for one, other in itertools.combinations(styles, 2)
        if (apart := difference(one, other, paper)) < LEAST
    }
    assert close == {}


def files():
    return [file for room in ("compare", "benchmarks") for file in sorted((ROOT / room).rglob("*.py"))]


def written(file):
    """Every style that a file spells out."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "Style" and node.args:
            color, *rest = node.args
            if (
                isinstance(color, ast.Name)
                and color.id.isupper()
                and all(isinstance(one, ast.Constant) for one in rest)
            ):
                named = {keyword.arg: keyword.value.value for keyword in node.keywords}
                yield Style(getattr(table, color.id), *(one.value for one in rest), **named)


def test_styles_written_in_one_file_are_told_apart(paper):
    """Also those of figures that are not listed above; equal ones stand for one thing in two figures.

    Two black ones are an expectation or a bound and its spread: one thing, by its points, its line and its edges.
    """
    close, found = {}, 0
    for file in files():
        for one, other in itertools.combinations(sorted(set(written(file)), key=repr), 2):
            found += 1
            if difference(one, other, paper) < LEAST and {one.color, other.color} != {table.BLACK}:
                close[file.name, one, other] = difference(one, other, paper)
    assert close == {}
    assert found > 50


def test_colors_are_spelled_in_the_table_alone():
    spelled = {
        str(file.relative_to(ROOT)): found
        for file in files()
        if file != ROOT / "compare/report/styles.py"
        and (found := re.findall(r"[\"']#[0-9A-Fa-f]{3,8}[\"']", file.read_text("utf-8")))
    }
    assert spelled == {}


def test_colors_of_methods_stand_out_from_the_paper(paper):
    for style in PALETTE:
        for (scheme, vision), seen in shown(style.color, paper).items():
            assert np.linalg.norm(seen - lab(paper[scheme], vision)) > LEAST + CUE, (style, scheme, vision)


def test_vision_and_distance_are_those_of_the_literature(paper):
    """Gray stays gray for everyone; the distances of pure red and green from white are those of any calculator."""
    for vision in VISION:
        np.testing.assert_allclose(lab(channels("#7f7f7f"), vision)[1:], 0, atol=0.01)
    red, green = lab(channels("#ff0000"), "all cones"), lab(channels("#00ff00"), "all cones")
    np.testing.assert_allclose(red, [53.24, 80.09, 67.20], atol=0.02)
    np.testing.assert_allclose(green, [87.73, -86.18, 83.18], atol=0.02)
    blind = [np.linalg.norm(lab(channels("#ff4040"), v) - lab(channels("#40a000"), v)) for v in VISION]
    assert blind[2] < blind[0] / 2  # red and green without the middle cone
