"""The README is one screen, and its picture and its answer are those of a verdict that was run."""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from compare.report.figures import draw
from compare.verdict.picture import picture_of

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
KEPT = json.loads((ROOT / "docs" / "verdict.json").read_text(encoding="utf-8"))

SCREEN = 70
"""Lines."""


def test_it_is_one_screen_with_two_commands():
    assert README.count("\n") <= SCREEN
    assert "make compare    # sets everything up, compares all samplers on real digits" in README
    assert "make test       # sets everything up, checks style and types, runs all tests" in README
    (code,) = (part for part in README.split("```") if part.startswith("python"))
    assert len([line for line in code.splitlines()[1:] if line.strip()]) == 10


def test_its_answer_is_that_of_the_run_that_its_picture_is_drawn_of():
    text = " ".join(line.removeprefix("> ").strip() for line in README.splitlines())
    assert len(KEPT["sentences"]) == 3
    for sentence in KEPT["sentences"]:
        assert sentence in text


def test_its_picture_is_drawn_of_these_numbers(tmp_path):
    """`make picture` copies both from one run; other fonts or another Matplotlib may move edges by a shade."""
    assert {lane["name"] for lane in KEPT["lanes"]} >= {"Sampling tickets", "Neuron selection", "Kernel training"}
    assert all(lane["marks"] for lane in KEPT["lanes"])
    draw(picture_of(KEPT["lanes"]), tmp_path / "verdict")
    drawn, kept = plt.imread(tmp_path / "verdict.png"), plt.imread(ROOT / "docs" / "verdict.png")
    assert drawn.shape == kept.shape
    assert np.mean(np.abs(drawn - kept)) < 0.002
    assert np.mean(kept[..., :3] < 0.5) > 0.005
