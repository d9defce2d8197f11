"""The crossover's estimated machine decides, the fastest within the stated qubits; without it a fixed distance."""

import importlib.util
import sys
from dataclasses import replace

import pytest

from compare.engine.fields import make
from compare.engine.kind import imported
from compare.machines import ESTIMATED, MACHINES
from compare.studies.ridgelet.crossover import estimated
from compare.studies.ridgelet.crossover.estimated import ESTIMATE, Estimate, Frontier
from compare.studies.ridgelet.crossover.estimated import Estimated as Found
from compare.studies.ridgelet.crossover.estimating import estimate_circuits
from compare.studies.ridgelet.crossover.report import page
from compare.studies.ridgelet.crossover.sides import Sides
from compare.studies.ridgelet.crossover.study import COUNT, Settings, tasks
from compare.studies.ridgelet.drawn import drawn_problem
from problems.errors import InputError, OutOfReach
from quantum.resources import frontier, group_rotations, grouped_counts, logical_counts
from quantum.ridgelet import ridgelet_circuit
from tests.compare.studies.ridgelet.crossover import SMALL, known_sides, small_run
from tests.compare.verdict.door import claim_of

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
        assert one.shot(most).estimated == (min(held) if held else None)
    assert one.shot(1).estimated is None
    assert one.shot(10**5).step in {point.cycle for point in (*plain, *together)}
    assert list(one.seconds) == sorted(one.seconds)
    assert list(one.qubits) == sorted(one.qubits, reverse=True)


def known_estimates(dimension):
    return Found(
        Frontier((1000 * dimension, 100), (1e-8 * dimension, 1.0), (2e-9, 1e-9)),
        [Frontier((2000 * dimension, 200), (2.1e-8 * dimension, 2.0), (2e-9, 1e-9))] * 2,
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


def test_a_loader_in_steps_takes_cycles_of_the_estimated_machine():
    line = estimated_sides().quantum["dimension", 3, ESTIMATED, "log"]
    assert line.measured[16].best == pytest.approx(1.6e-7 + 3 * 2e-9)


def test_it_decides_and_is_not_continued():
    sides, plain = estimated_sides(), known_sides()
    assert sides.machines == (*MACHINES, ESTIMATED)
    assert sides.deciding == ("device", "device with errors", ESTIMATED)
    assert plain.machines == plain.deciding == tuple(MACHINES)
    assert {key[2] for key in plain.quantum} <= set(MACHINES)
    # What others say stays the same.
    assert {key: one for key, one in sides.crossings.items() if key[2] != ESTIMATED} == plain.crossings
    crossing = sides.crossings["dimension", 3, ESTIMATED, "sparse", "dequantized"]
    assert (crossing.start, crossing.end, crossing.largest) == (4, 47, 64)
    report = page(sides, {})
    rows = [row for table in report.sections[0].tables for row in table.rows if "as estimated" in str(row[0])]
    assert len(rows) == 3 + 3
    assert str(rows[0][0]) == "error-corrected, as estimated within 10^6 qubits"
    assert str(rows[-1][-1]) == "not estimated"
    assert "within 1,000,000 physical qubits" in assumed(report)
    # Devices and the estimated machine, with three loaders each: machines at a fixed distance are no cases.
    over, points, naive = report.card.sentences
    assert "in 3 of 9 cases of machine and loader" in over
    assert over.endswith("P = 3, error-corrected, as estimated within 10^6 qubits, sparse loader.")
    assert "in 9 of 9 cases" in naive
    assert "in 7 of 9 cases" in points
    (decides,) = (said for said in report.sections[0].findings if said.startswith("With error correction"))
    assert "the estimated machine decides, the fastest within 1,000,000 physical qubits (gate_ns_e3," in decides
    assert "fixed code distance 25" in decides


def test_how_far_it_was_estimated_is_said_where_no_machine_wins():
    sides = estimated_sides(classical_speedup=1e3)
    never = page(sides, {}).card.sentences[0]
    assert "at any D up to 10^6 (with error correction up to 64, as estimated), whatever loading costs" in never


def assumed(report):
    (row,) = (row for row in report.sections[1].tables[0].rows if row[0] == "Estimated machine")
    return row[1]


def decides(report):
    (said,) = (said for said in report.sections[0].findings if said.startswith("With error correction"))
    return said


def test_without_estimates_the_fixed_distance_decides_and_it_is_said_why():
    for missing, why in (((), "there is no record of it"), (("no room.", "late."), "no room; late")):
        report = page(replace(known_sides(physical=True), missing=missing), {})
        assert decides(report).endswith(f"the fixed code distance 25 decide, since nothing was estimated: {why}.")
        assert assumed(report) == f"nothing was estimated: {why}. Error correction stands at the fixed distance alone"
    some = replace(estimated_sides(), missing=("out of reach.",))
    assert decides(page(some, {})).endswith(" Not estimated at some sizes: out of reach.")


def test_what_nobody_asked_for_and_what_is_not_installed_are_told_apart():
    runs = small_run()
    settings = replace(runs.settings, physical=False)
    asks = runs.asks
    for versions, why in (({"qdk": "1"}, "it was not asked for (--no-physical)"), ({}, "pip install 'quantum-tickets")):
        runs.asks = [replace(asks[0], versions=versions)]
        try:
            (said,) = Sides.of(runs, settings).missing
        finally:
            runs.asks = asks
        assert why in said


def asked(**changes):
    return [one for one in tasks(make(Settings, SMALL | changes)) if one.kind is ESTIMATE]


def test_estimates_are_tasks_of_their_own_where_the_extra_is():
    assert Settings().physical == estimated.INSTALLED == (importlib.util.find_spec("qdk") is not None)
    assert asked(physical=False) == []
    sizes = {(one.task.dimension, one.task.points) for one in asked(physical=True)}
    assert sizes == {(one.task.dimension, one.task.points) for one in tasks(make(Settings, SMALL)) if one.kind is COUNT}
    # Beyond what is counted, where there are so many points; and how large the machine may be is in no task.
    more = {"dimension": 5, "estimated_points": (64, 256)}
    assert {one.task.points for one in asked(physical=True, **more)} == {2, 3, 64}
    known = [one.id for one in asked(physical=True)]
    assert [one.id for one in asked(physical=True, most_qubits=5)] == known


def test_tasks_are_the_same_whether_the_extra_is_there_or_not(monkeypatch):
    known = [one.id for one in asked(physical=True)]
    monkeypatch.setitem(sys.modules, "qdk", None)
    assert [one.id for one in asked(physical=True)] == known
    with pytest.raises(OutOfReach, match=r"quantum-tickets\[estimate\]"):
        estimate_circuits(TASK)


def test_asking_for_it_without_the_extra_is_refused_in_one_line(tickets, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "qdk", None)
    monkeypatch.chdir(tmp_path)
    code, out, errors = tickets("crossover", "--physical", "--prime", 3)
    assert (code, out, errors.count("\n")) == (2, "", 1)
    assert "pip install 'quantum-tickets[estimate]', or take error correction at a fixed code distance" in errors
    assert list(tmp_path.iterdir()) == []


@extra
def test_a_budget_that_nothing_reaches_is_told_in_one_line():
    with pytest.raises(InputError, match="1e-60 is out of reach of gate_us_e3") as refused:
        estimate_circuits(replace(TASK, model="gate_us_e3", budget=1e-60))
    assert "\n" not in str(refused.value)


@extra
def test_the_small_run_is_decided_by_the_estimates():
    runs = small_run()
    sides = Sides.of(runs, runs.settings)
    assert set(sides.estimates) == set(sides.circuits)
    assert sides.missing == []
    found = claim_of(runs)
    assert found.deciding == "error-corrected, as estimated, sparse loader"
    assert found.mark.quantum == sides.quantum["dimension", 3, ESTIMATED, "sparse"].at(2)
    assert [mark.name.partition(", fake")[0] for mark in found.marks][1] == "error-corrected, as estimated, free loader"
    estimates = {one.planned.id for one in runs.of_kind(ESTIMATE)}
    assert estimates & set(found.mark.records)
    (qubits,) = (one for one in found.built if one.name == "physical qubits")
    assert qubits.value.best <= runs.settings.most_qubits
    assert set(qubits.records) < estimates
    # With too few qubits there is no machine, and it does not fit.
    none = imported(runs.study.claim)(runs, replace(runs.settings, most_qubits=1))
    assert none.mark.open == "does not fit"
