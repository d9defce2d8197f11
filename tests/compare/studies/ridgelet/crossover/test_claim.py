"""The claim of sampling tickets, made of the records that the README's crossover rests on."""

from pathlib import Path

import pytest

from compare.reporting import load_runs
from compare.studies.ridgelet.crossover.sides import Sides
from tests.compare.verdict.door import claim_of

RECORDS = Path(__file__).parents[5] / "docs" / "crossover.jsonl"


@pytest.fixture(scope="module")
def runs():
    (found,) = load_runs([RECORDS])
    return found


def test_the_claim_is_a_counted_node_over_a_dequantized_one(runs):
    found = claim_of(runs)
    sides = Sides.of(runs, runs.settings)
    assert (found.paper, found.size) == ("2301.11936", "D = 64, K = 16, P = 3")
    quantum = sides.quantum["dimension", 3, "one T at a time", "sparse"].at(64)
    classical = sides.classical["dimension", 3, "dequantized"].at(64)
    assert found.mark.quantum == quantum
    assert found.mark.classical == classical
    assert found.mark.ratio.best == pytest.approx(quantum.best / classical.best)
    assert found.mark.beyond == 1


def test_machines_of_today_and_other_sizes_are_said(runs):
    found = claim_of(runs)
    today = [mark for mark in found.marks if mark.now]
    assert [mark.name for mark in today] == ["fake_fez, shots lost to errors, sparse loader"]
    assert today[0].shut == "never reached"
    crossings = Sides.of(runs, runs.settings).crossings
    over = [one.start for key, one in crossings.items() if (key[0], key[1], key[-1]) == ("points", 3, "dequantized")]
    assert found.elsewhere[0].value == min(one for one in over if one is not None)
