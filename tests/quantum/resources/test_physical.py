"""Physical estimates: equal to the estimator called directly, and what gets one line instead."""

import dataclasses
import importlib.util
import itertools
import math
import os
import sys

import pytest

from problems.errors import InputError
from problems.kernel_training import ErfNtk, KernelTask
from problems.neuron_selection import ticket_problem
from problems.sparse_training import PolynomialUpdate
from quantum.kernel_training import KernelPredictor, inversion_circuit
from quantum.neuron_selection import RippleOracle
from quantum.resources import (
    MODELS,
    LogicalCounts,
    compile_to_basis,
    fastest_within,
    frontier,
    group_rotations,
    grouped_counts,
    logical_counts,
    physical_estimate,
    random_problem,
    require_estimator,
    synthesize,
    synthesized_counts,
)
from quantum.resources.physical import estimator_counts
from quantum.ridgelet import measured_transform, ridgelet_circuit
from quantum.sparse_training import HistorySolver

COUNTS = LogicalCounts(30, 10, 5, 0, 300, 60, 30, 0)


@pytest.fixture(scope="module")
def estimator():
    if importlib.util.find_spec("qdk") is None:  # importing it here would let it send messages
        pytest.skip("qdk is not installed")
    return require_estimator()


@pytest.fixture(scope="module", params=[(3, 8), (17, 64)], ids=["P = 3, D = 8", "P = 17, D = 64"])
def whole(request):
    """A whole circuit, loader and measurements included, and its counts."""
    circuit = ridgelet_circuit(random_problem(*request.param, points=16), "rader", "sparse")
    return circuit, logical_counts(circuit)


def directly(estimator, counts, model, budget, kind="singlePoint"):
    qubit, code = MODELS[model]
    given = {
        "numQubits": counts.qubits,
        "tCount": counts.t,
        "rotationCount": counts.rotations,
        "rotationDepth": counts.rotation_depth,
        "cczCount": counts.ccz,
        "ccixCount": counts.ands,
        "measurementCount": counts.measurements,
    }
    asked = {"qubitParams": {"name": qubit}, "qecScheme": {"name": code}, "errorBudget": budget, "estimateType": kind}
    return estimator.LogicalCounts(given).estimate(asked)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("budget", [1e-2, 1e-4])
def test_estimates_are_those_of_the_estimator_called_directly(estimator, whole, model, budget):
    found, said = physical_estimate(whole[1], model, budget), directly(estimator, whole[1], model, budget)
    parts = said["physicalCounts"]["breakdown"]
    assert found.qubits == said["physicalCounts"]["physicalQubits"]
    assert found.seconds == pytest.approx(said["physicalCounts"]["runtime"] * 1e-9, rel=1e-12)
    assert found.distance == said["logicalQubit"]["codeDistance"]
    assert found.t_states == parts["numTstates"]
    assert found.logical_depth == parts["logicalDepth"]
    assert found.factories == parts["numTfactories"]
    assert found.scheme == said["jobParams"]["qecScheme"]["name"]
    split = (found.logical_error, found.t_error, found.rotation_error)
    assert split == tuple(said["errorBudget"][name] for name in ("logical", "tstates", "rotations"))
    assert sum(split) == pytest.approx(budget)


def test_cycles_and_t_states_follow_the_formulas_that_the_pages_state(estimator):
    """M + R + T + 3 A + t_R d_R cycles, and t_R = ceil(0.53 log2(R/error) + 4.86)."""
    for counts in (COUNTS, dataclasses.replace(COUNTS, ands=7, rotations=2523, rotation_depth=64)):
        found = physical_estimate(counts, "gate_ns_e4", 1e-3)
        each = math.ceil(0.53 * math.log2(counts.rotations / found.rotation_error) + 4.86)
        assert found.t_per_rotation == each
        toffoli = counts.ccz + counts.ands
        serial = counts.measurements + counts.rotations + counts.t + 3 * toffoli + each * counts.rotation_depth
        assert found.logical_depth == serial
        assert found.t_states == counts.t + 4 * toffoli + each * counts.rotations


def test_frontiers_are_those_of_the_estimator_called_directly(estimator, whole):
    points = frontier(whole[1], "gate_ns_e3", 1e-3)
    said = directly(estimator, whole[1], "gate_ns_e3", 1e-3, "frontier")["frontierEntries"]
    physical = [entry["physicalCounts"] for entry in said]
    assert sorted((point.qubits, round(point.seconds * 1e9)) for point in points) == sorted(
        (entry["physicalQubits"], entry["runtime"]) for entry in physical
    )
    fastest = physical_estimate(whole[1], "gate_ns_e3", 1e-3)
    assert (points[0].seconds, points[0].qubits) == (fastest.seconds, fastest.qubits)
    # Fewer qubits take longer, along the whole frontier.
    assert all(a.seconds < b.seconds and a.qubits > b.qubits for a, b in itertools.pairwise(points))
    middle = points[len(points) // 2]
    assert fastest_within(points, middle.qubits) == middle
    assert fastest_within(points, middle.qubits - 1) == points[len(points) // 2 + 1]
    assert fastest_within(points, points[-1].qubits - 1) is None


def test_t_gates_in_series_take_several_times_as_long(estimator):
    """As rotations they run side by side; as T gates of ours, one after another."""
    circuit = ridgelet_circuit(random_problem(17, 16, 16), "rader", "sparse")
    counts = logical_counts(circuit)
    assert counts.rotations > 5 * counts.rotation_depth
    # Rotations of this size take some 60 T gates each at that error.
    in_series = synthesized_counts(counts, counts.t + 60 * counts.rotations)
    one, other = (physical_estimate(some, "gate_ns_e3", 1e-3) for some in (counts, in_series))
    assert other.seconds > 10 * one.seconds
    assert other.t_per_rotation == other.rotation_error == 0


def test_the_second_row_takes_the_t_gates_that_were_synthesized(estimator):
    circuit = ridgelet_circuit(random_problem(3, 2, 4), "rader", "sparse")
    compiled = compile_to_basis(circuit)
    t = synthesize(compiled, 1e-3, mixed=False).t
    counts = synthesized_counts(logical_counts(circuit), t)
    assert physical_estimate(counts, "gate_ns_e3", 2e-3).t_states == t


def test_equal_rotations_together_take_fewer_qubits_than_one_by_one(estimator):
    circuit = ridgelet_circuit(random_problem(17, 16, 4), "rader", "sparse")
    grouped = grouped_counts(group_rotations(circuit, measured=True))
    assert estimator_counts(grouped)["ccixCount"] == grouped.ands > 0
    one, other = (physical_estimate(some, "gate_ns_e3", 1e-3) for some in (logical_counts(circuit), grouped))
    assert other.t_states < 0.5 * one.t_states
    assert other.qubits < one.qubits


def test_circuits_of_every_study_are_estimated(estimator):
    """A search's oracle, the inversion of a kernel by signal processing, and a linearized training."""
    carleman = PolynomialUpdate([[-0.1], [[-0.2]]])
    circuits = {
        "oracle": RippleOracle(ticket_problem(4, 0), threshold=0.85).circuit,
        "kernel": inversion_circuit(KernelPredictor(KernelTask.draw(4, 0, tests=2), ErfNtk(17), 1e-2)),
        "carleman": HistorySolver(carleman, steps=1, order=1, method="qsvt", epsilon=0.1).circuit,
    }
    for circuit in circuits.values():
        counts = logical_counts(circuit)
        found, said = physical_estimate(counts, "gate_ns_e4", 1e-2), directly(estimator, counts, "gate_ns_e4", 1e-2)
        assert found.qubits == said["physicalCounts"]["physicalQubits"] > counts.qubits
        assert found.seconds == pytest.approx(said["physicalCounts"]["runtime"] * 1e-9, rel=1e-12)


@pytest.mark.parametrize("budget", [0, 1, -1, 2, float("nan"), float("inf"), "1e-3", None, True, 1j, [0.1]])
def test_budgets_that_are_no_probability_are_refused_in_one_line(budget):
    with pytest.raises(InputError) as refused:
        physical_estimate(COUNTS, "gate_ns_e3", budget)
    assert "budget" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_numbers_of_qubits_are_whole():
    assert fastest_within([], 10**6) is None
    for qubits in (0, -1, 2.5, "many", None, float("inf")):
        with pytest.raises(InputError, match="qubits = "):
            fastest_within([], qubits)


def test_a_budget_that_nothing_reaches_is_refused_in_one_line(estimator):
    for budget, counts in ((1e-60, COUNTS), (1e-20, dataclasses.replace(COUNTS, t=10**12))):
        with pytest.raises(InputError, match="is out of reach of gate_us_e3") as refused:
            physical_estimate(counts, "gate_us_e3", budget)
        assert "\n" not in str(refused.value)


def test_names_and_empty_circuits_are_refused(estimator):
    with pytest.raises(InputError, match="no qubit model 'gate_ns_e5'"):
        physical_estimate(COUNTS, "gate_ns_e5", 1e-3)
    with pytest.raises(InputError, match="nothing to estimate"):
        physical_estimate(LogicalCounts(3, 0, 0, 0, 0, 0, 0, 0), "gate_ns_e3", 1e-3)


def test_feed_forward_of_rotations_is_refused():
    counts = logical_counts(measured_transform(17, 2, encoding="rader", dynamic=True))
    assert counts.conditioned > 0
    with pytest.raises(InputError, match="wait for a measured value"):
        physical_estimate(counts, "gate_ns_e3", 1e-3)


def test_a_missing_extra_is_named_and_the_logical_counts_need_none(monkeypatch):
    monkeypatch.setitem(sys.modules, "qdk", None)
    assert logical_counts(ridgelet_circuit(random_problem(3, 1, 2), "rader", "sparse")).qubits == 4
    with pytest.raises(InputError, match=r"pip install 'quantum-tickets\[estimate\]'"):
        physical_estimate(COUNTS, "gate_ns_e3", 1e-3)


def test_nothing_is_sent_home_unless_somebody_asked_for_it(estimator, monkeypatch):
    from qdk import telemetry

    assert not telemetry.TELEMETRY_ENABLED
    for name in ("QDK_PYTHON_TELEMETRY", "QSHARP_PYTHON_TELEMETRY"):
        monkeypatch.delenv(name, raising=False)
    require_estimator()
    assert os.environ["QDK_PYTHON_TELEMETRY"] == "none"
