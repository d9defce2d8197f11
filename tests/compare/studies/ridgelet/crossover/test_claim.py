"""The claim of sampling tickets, made of the records that the quoted crossover rests on."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classical.ridgelet import DequantizedSampler
from compare.distributions import fidelity
from compare.engine import Seeds
from compare.machines import ESTIMATED
from compare.reporting import load_runs
from compare.studies.ridgelet.crossover.quality import QUALITY, Drawing, quality_tasks
from compare.studies.ridgelet.crossover.sides import Sides
from compare.studies.ridgelet.crossover.study import COUNT, Settings
from compare.studies.ridgelet.crossover.worth import hold_nodes
from compare.studies.ridgelet.drawn import drawn_problem
from problems.ridgelet import SparseNetwork
from tests.compare.studies.ridgelet.crossover import small_run
from tests.compare.verdict.door import claim_of

RECORDS = Path(__file__).parents[5] / "docs" / "crossover.jsonl"


@pytest.fixture(scope="module")
def runs():
    (found,) = load_runs([RECORDS])
    return found


@pytest.fixture(scope="module")
def found(runs):
    return claim_of(runs)


def test_the_claim_is_a_counted_node_over_a_dequantized_one(runs, found):
    sides = Sides.of(runs, runs.settings)
    assert (found.paper, found.size) == ("2301.11936", "D = 64, K = 16, P = 3")
    assert found.deciding == "error-corrected, as estimated, sparse loader"
    quantum = sides.quantum["dimension", 3, ESTIMATED, "sparse"].at(64)
    classical = sides.classical["dimension", 3, "dequantized"].at(64)
    assert found.mark.quantum == quantum
    assert found.mark.classical == classical
    assert found.mark.ratio.best == pytest.approx(quantum.best / classical.best)
    assert found.mark.beyond == 1
    # And without estimates by the fixed code distance.
    fixed = replace(sides, estimates={}).quantum["dimension", 3, "one T at a time", "sparse"].at(64)
    (beside,) = (mark for mark in found.marks if mark.name == "error-corrected, T one by one, sparse loader")
    assert beside.quantum == fixed
    assert fixed.best > 10 * quantum.best


def test_machines_of_today_and_other_sizes_are_said(runs, found):
    today = [mark for mark in found.marks if mark.now]
    assert [mark.name for mark in today] == ["fake_fez, shots lost to errors, sparse loader"]
    assert today[0].shut == "never reached"
    sides = Sides.of(runs, runs.settings)
    over = [
        one.start
        for key, one in sides.crossings.items()
        if (key[0], key[1], key[-1]) == ("points", 3, "dequantized") and key[2] in sides.deciding
    ]
    first = min(one for one in over if one is not None)
    assert found.elsewhere[0].value == first
    wins = sum(one is not None for one in over)
    assert f"faster by {wins} of {len(over)} machines and loaders" in found.elsewhere[0].text
    assert len(over) == 9


def test_quality_is_that_of_nodes_of_both_sides_on_the_same_problems():
    runs = small_run()
    found = claim_of(runs)
    assert found.size == "D = 2, K = 3, P = 3"
    known = {one.name: one for one in [*found.equal_size, *found.equal_compute]}
    for words, side in (("the circuit", "circuit"), ("uniform nodes", "uniform")):
        rows = runs[QUALITY].where(side=side)
        assert [row["draw"] for row in rows] == [0, 1]
        value = known[f"fidelity with p*, {words}"].value
        assert value.best == pytest.approx(sum(row["fidelity"].best for row in rows) / 2)
        assert value.samples == 2
        assert known[f"risk of 1 node, {words}"].value.best == pytest.approx(sum(row["risks"][0] for row in rows) / 2)
    # The largest network that was made, of as many nodes as the classical side has time for.
    assert known["classical nodes"].value.best > 16
    assert "risk of 16 nodes, the dequantized sampler, equal compute" in known
    left_out = {one.name: one.value for one in found.omits}
    (row,) = runs[COUNT].where(dimension=2, points=3)
    loaded = max(one.t for one in row["loaders"])
    assert left_out["loader's share of T gates"] == pytest.approx(loaded / (loaded + row["transform"].t))


def test_where_circuits_take_minutes_there_are_none():
    sides = {one.task.side for one in quality_tasks(Settings(primes=(17,)))}
    assert sides == {"dequantized", "uniform"}
    assert {one.task.encoding for one in quality_tasks(Settings())} == {None, "rader"}
    assert {one.task.dimension for one in quality_tasks(Settings(dimensions=(8, 32, 128)))} == {32}


def test_fidelity_and_risk_are_those_of_the_nodes_that_are_drawn():
    task = Drawing("dequantized", None, 3, 2, 3, 0, 400, (1, 4), 1)
    found = hold_nodes(task, Seeds(task))
    problem = drawn_problem(3, 2, 3, 0, 1)
    nodes = DequantizedSampler(problem).sample(400, Seeds(task)("nodes", by=("seed", "draw", "side")))
    assert found.fidelity == fidelity(problem, nodes)
    assert found.networks == 10
    variance = np.mean((problem.labels - problem.labels.mean()) ** 2)
    for place, size in enumerate(task.sizes):
        risks = []
        for start in range(0, 40, 4):
            network = SparseNetwork.fit(problem, nodes[start : start + size], problem.points, problem.labels, 1e-4)
            risks.append(np.mean((network.predict(problem.points).ravel() - problem.labels.ravel()) ** 2))
        assert found.risks[place] == pytest.approx(np.mean(risks) / variance)
