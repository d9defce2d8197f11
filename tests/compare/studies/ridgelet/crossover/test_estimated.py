"""The crossover's estimated machine: the fastest point within the stated qubits, and the fixed distance without it."""

import importlib.util
import sys
from dataclasses import replace

import pytest

from compare.machines import ESTIMATED, MACHINES
from compare.studies.ridgelet.crossover.estimated import ESTIMATE, Estimate, Frontier
from compare.studies.ridgelet.crossover.estimated import Estimated as Found
from compare.studies.ridgelet.crossover.estimating import estimate_circuits
from compare.studies.ridgelet.crossover.report import page
from compare.studies.ridgelet.crossover.study import COUNT, STUDY, Settings, tasks
from compare.studies.ridgelet.drawn import drawn_problem
from problems.errors import OutOfReach
from quantum.resources import frontier, group_rotations, grouped_counts, logical_counts
from quantum.ridgelet import ridgelet_circuit
from tests.compare.studies.ridgelet.crossover import SMALL, known_sides

TASK = Estimate(3, 2, 3, 2, "rader", "gate_ns_e3", 1e-2, 1)

extra = pytest.mark.skipif(importlib.util.find_spec("qdk") is None, reason="qdk is not installed")


@extra
def test_points_are_the_estimators_for_the_cheaper_of_two_ways():
    found = estimate_circuits(TASK)
    assert len(found.whole) == 2
    circuit = ridgelet_circuit(drawn_problem(3, 2, 3, 0, 1), "rader", "sparse")
    plain = frontier(logical_counts(circuit), "gate_ns_e3", 1e-2)
    together = frontier(grouped_counts(group_rotations(circuit, measured=True)), "gate_ns_e3", 1e-2)
    one = found.whole[0]
    for most in (10**5, 3 * 10**4, 10**4):
        held = [point.seconds for point in (*plain, *together) if point.qubits <= most]
        assert one.fastest(most) == (min(held) if held else None)
    assert one.fastest(1) is None
    assert list(one.seconds) == sorted(one.seconds)
    assert list(one.qubits) == sorted(one.qubits, reverse=True)


def known_estimates(dimension):
    return Found(
        Frontier((1000 * dimension, 100), (1e-8 * dimension, 1.0)),
        [Frontier((2000 * dimension, 200), (2.1e-8 * dimension, 2.0))] * 2,
    )


def estimated_sides(**changes):
    sides = known_sides(physical=True, **changes)
    return replace(sides, estimates={key: known_estimates(key[1]) for key in sides.circuits})


def test_the_fastest_point_within_the_stated_qubits_is_taken():
    for most, transform, whole in ((10**6, 1.6e-7, 3.36e-7), (20_000, 1.6e-7, 2.0), (150, 1.0, None), (50, None, None)):
        quantum = estimated_sides(most_qubits=most).quantum
        for loader, expected in (("free", transform), ("sparse", whole)):
            line = quantum.get(("dimension", 3, ESTIMATED, loader))
            found = None if line is None or 16 not in line.measured else line.measured[16].best
            assert found == (None if expected is None else pytest.approx(expected))


def test_it_is_a_machine_more_and_is_not_continued():
    sides, plain = estimated_sides(), known_sides()
    assert sides.machines == (*MACHINES, ESTIMATED)
    assert plain.machines == tuple(MACHINES)
    assert {key[2] for key in plain.quantum} <= set(MACHINES)
    # What others say stays the same.
    assert {key: one for key, one in sides.crossings.items() if key[2] != ESTIMATED} == plain.crossings
    crossing = sides.crossings["dimension", 3, ESTIMATED, "sparse", "dequantized"]
    assert (crossing.start, crossing.end, crossing.largest) == (4, 47, 64)
    report = page(sides, {})
    rows = [row for table in report.sections[0].tables for row in table.rows if "as estimated" in str(row[0])]
    assert len(rows) == 3 + 3
    assert str(rows[-1][-1]) == "not estimated"
    assert "within 1,000,000 physical qubits" in assumed(report)


def assumed(report):
    (row,) = (row for row in report.sections[1].tables[0].rows if row[0] == "Estimated machine")
    return row[1]


def test_without_estimates_the_fixed_distance_stands_and_that_is_said():
    missing = assumed(page(known_sides(physical=True), {}))
    assert "pip install 'quantum-tickets[estimate]'" in missing
    for said in (missing, assumed(page(known_sides(), {}))):
        assert "at the fixed distance alone" in said


def test_estimates_are_tasks_of_their_own_and_only_if_they_are_asked_for(monkeypatch):
    def asked(**changes):
        return [one.kind for one in tasks(STUDY.settings(**(SMALL | changes)))]

    assert ESTIMATE not in asked()
    assert not Settings().physical
    monkeypatch.setattr("compare.studies.ridgelet.crossover.estimated.find_spec", lambda name: object())
    assert asked(physical=True).count(ESTIMATE) == asked().count(COUNT)
    monkeypatch.setattr("compare.studies.ridgelet.crossover.estimated.find_spec", lambda name: None)
    assert asked(physical=True).count(ESTIMATE) == 1
    monkeypatch.setitem(sys.modules, "qdk", None)
    with pytest.raises(OutOfReach, match=r"quantum-tickets\[estimate\]"):
        estimate_circuits(TASK)
