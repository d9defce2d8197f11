"""The measurements of the tasks, held against what is computed here from tables of losses."""

import math

import numpy as np
import pytest

from compare.studies.neuron_selection.families import FAMILIES, SOLVERS
from compare.studies.neuron_selection.records import Instance
from compare.studies.neuron_selection.study import (
    CONFLICTS,
    NOISE,
    ORACLE,
    PROBLEM,
    QAOA,
    REACH,
    ROUNDS,
    SOLVED,
    TIMED,
    TREE,
)
from problems.neuron_selection import echo_state_problem, index_of, ticket_problem


def problem(row):
    instance = Instance(*(row[name] for name in ("problem", "neurons", "seed", "scale", "rank", "degree")))
    return FAMILIES[row["problem"]].make(instance)


def test_every_task_has_a_result_or_a_reason(runs):
    assert runs.missing == 0
    assert not runs.failed
    refused = [row for kind in runs.study.kinds for row in runs.refused(kind)]
    assert all("too few to keep the argmin" in row["refused"] for row in refused), refused


def test_proven_masks_are_the_best_of_all(runs):
    seen = set()
    for row in runs[SOLVED]:
        table = problem(row).table()
        assert row["loss"] == pytest.approx(table[index_of(np.array(row["mask"]))], abs=1e-9)
        assert row["kept"] == sum(row["mask"])
        if SOLVERS[row["method"]].law == "exact":
            assert row["loss"] == pytest.approx(table.min(), abs=1e-9)
            seen.add(row["method"])
        if row["proven"]:
            assert row["gap"] == 0
        assert row["loss"] >= table.min() - 1e-9
    assert seen == {"branch-and-bound", "gray-code", "meet-in-the-middle", "elimination"}


def test_described_problems_have_the_best_mask_and_tickets_trained_networks_beside_it(runs):
    for row in runs[PROBLEM]:
        table, own = problem(row).table(), problem(row)
        assert (row["none"], row["everything"]) == pytest.approx((table[0], table[-1]), abs=1e-9)
        assert row["best"] == pytest.approx(table.min(), abs=1e-9)
        assert row["all_on"] == own.accuracy(np.ones(own.neurons, dtype=np.uint8))
        networks = [row[name] for name in ("trained", "pruned", "least_squares")]
        if row["problem"] == "ticket":
            assert all(0.4 <= share <= 1 for share in networks)
        else:
            assert networks == [None] * 3
    assert {row["scale"] for row in runs[PROBLEM].where(problem="ticket", neurons=6)} == {0.6, 1.2}


def test_walks_have_the_queries_of_their_trees(runs):
    for row in runs[TREE]:
        assert row["nodes"] >= 1
        assert row["least"] == pytest.approx(math.sqrt(row["nodes"] * min(row["nodes"], row["neurons"])))
        assert row["least"] <= row["search"]
        assert row["least"] < row["proof"]


def test_conflicts_are_those_of_the_landscape(runs):
    for row in runs[CONFLICTS]:
        own = echo_state_problem(row["neurons"], row["degree"], row["seed"], row["neighbours"], row["fitted"])
        assert row["share"] == np.mean(own.conflicts)
        assert row["best"] == pytest.approx(own.table().min())
        assert row["bound"] <= row["best"] + 1e-12 <= row["majority"] + 2e-12
    assert {(row["neurons"], row["degree"]): row["reach"] for row in runs[REACH]}[10, 3] == 46


def test_simulated_rounds_agree_with_the_closed_form(runs):
    known = {(row["qubits"], row["growth"]): row for row in runs[ROUNDS]}
    assert known[4, 1.2]["rounds"] == pytest.approx(2.118511, abs=1e-6)
    for row in known.values():
        found = row["simulated"]
        if found is not None:
            assert abs(found.best - row["rounds"]) < 2.5 * (found.high - found.low) / 2
    assert max(qubits for qubits, _ in known) == 256


def test_oracles_circuits_qaoa_noise_and_times_are_there(runs):
    assert set(runs[ORACLE].unique("oracle")) == {"fourier", "ripple", "lookup", "error-count"}
    ripple = runs[ORACLE].where(oracle="ripple")
    assert all(row["toffoli"] > 0 and row["rotations"] == 0 for row in ripple)
    assert all(row["toffoli"] == 0 and row["cx"] > 0 for row in runs[ORACLE].where(oracle="fourier"))
    for row in runs[QAOA]:
        assert 0 < row["ratio"][0] <= 1
        assert (row["shots"][0] is None) == (row["success"][0] == 0)
    (row,) = runs[NOISE]
    table = ticket_problem(2, 0).table()
    assert row["ideal"] == pytest.approx(1.0)
    assert len(table) == 4
    assert row["measured"].best > 0.7
    assert all(row["seconds"].best > 0 for row in runs[TIMED])
