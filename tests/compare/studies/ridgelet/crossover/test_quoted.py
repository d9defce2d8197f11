"""The documentation says of the crossover what the report makes of a committed record."""

from pathlib import Path

import pytest

from compare.engine.runs import Runs
from compare.studies.ridgelet.crossover.quality import QUALITY
from compare.studies.ridgelet.crossover.sides import Sides
from compare.studies.ridgelet.crossover.study import STUDY

ROOT = Path(__file__).parents[5]

RECORD = ROOT / "docs" / "crossover.jsonl"
"""Of a run with the default settings where the estimator is installed, the curves of the rivals alone."""

PAGE = ROOT / "docs" / "explanation" / "loaders.md"
"""Quotes the report of it."""


@pytest.fixture(scope="module")
def made():
    return Runs.joined(STUDY, [RECORD]).made()


def test_the_record_is_of_the_default_run(made):
    runs = Runs.joined(STUDY, [RECORD])
    asked = STUDY.tasks(STUDY.settings(methods=("dequantized", "enumeration"), physical=True))
    # Seconds alone: what nodes are worth is in no sentence of the report.
    assert set(runs.records.finished) == {one.id for one in asked if one.kind is not QUALITY}


def test_with_the_loader_that_was_built_no_machine_is_faster_over_the_points():
    """As the page says below the sentences of the report."""
    runs = Runs.joined(STUDY, [RECORD])
    crossings = Sides.of(runs, runs.settings).crossings
    found = [
        one.low for (varied, _, _, loader, _), one in crossings.items() if (varied, loader) == ("points", "sparse")
    ]
    assert found
    assert set(found) == {None}
    assert "with the loader that was built and counted here, never." in " ".join(PAGE.read_text("utf-8").split())


def test_the_answers_are_those_of_the_record(made):
    lines = [line.removeprefix("> ").strip() for line in PAGE.read_text(encoding="utf-8").splitlines()]
    text = " ".join(lines)
    assert len(made.card.sentences) == 3
    for sentence in made.card.sentences:
        assert sentence in text
