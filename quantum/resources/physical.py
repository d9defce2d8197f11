"""Physical qubits and seconds of counted circuits, by Microsoft's resource estimator (the extra [estimate]).

The estimator (Beverland et al., arXiv:2211.07629) lays qubits out with space to move, takes the smallest code distance
and the T factories that an error budget asks for, and lets rotations of a layer run together, each synthesized in
0.53 log2(rotations/error) + 4.86 T states (Kliuchnikov et al., arXiv:2203.10064). It is called as its authors offer it,
and nothing here is computed otherwise.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from problems.errors import InputError, OutOfReach, choose, non_negative, whole_number
from quantum.tolerance import LogicalCounts, PhysicalEstimate

__all__ = [
    "MODELS",
    "OUT_OF_REACH",
    "PhysicalEstimate",
    "check_budget",
    "estimator_counts",
    "estimator_parameters",
    "fastest_within",
    "frontier",
    "physical_estimate",
    "require_estimator",
]

MODELS: Mapping[str, tuple[str, str]] = {
    "gate_ns_e3": ("qubit_gate_ns_e3", "surface_code"),
    "gate_ns_e4": ("qubit_gate_ns_e4", "surface_code"),
    "gate_us_e3": ("qubit_gate_us_e3", "surface_code"),
    "gate_us_e4": ("qubit_gate_us_e4", "surface_code"),
    "maj_ns_e4": ("qubit_maj_ns_e4", "floquet_code"),
    "maj_ns_e6": ("qubit_maj_ns_e6", "floquet_code"),
}
"""Physical qubits by name, `quantum.names.QUBIT_MODELS` in words: the estimator's names of a model and of a code."""

OUT_OF_REACH = "is out of reach of"
"""Words of the refusal of an error budget that no code or no factory reaches."""

TELEMETRY = ("QDK_PYTHON_TELEMETRY", "QSHARP_PYTHON_TELEMETRY")
"""Variables by which the estimator's package is told whether to send anything home."""

NANOSECOND = 1e-9


def require_estimator() -> Any:
    """Return `qdk.estimator`, told to send nothing home unless somebody asked for that.

    Raises
    ------
    OutOfReach
        If the extra is not installed.
    """
    if not any(name in os.environ for name in TELEMETRY):
        os.environ[TELEMETRY[0]] = "none"
    try:
        from qdk import estimator
    except ImportError as error:
        raise OutOfReach(
            "Physical qubits and seconds need the package qdk, which is not installed; install it with "
            "pip install 'quantum-tickets[estimate]'. The logical counts need nothing."
        ) from error
    return estimator


def check_budget(budget: float) -> float:
    """Return an error budget.

    Raises
    ------
    InputError
        If it is not between 0 and 1.
    """
    if not 0 < non_negative("budget", budget) < 1:
        raise InputError(f"An error budget of {budget:g} is out of range; give a number above 0 and below 1.")
    return float(budget)


def estimator_counts(counts: LogicalCounts) -> dict[str, int]:
    """Return counts by the estimator's names; an AND that is measured away is a CCiX there.

    Raises
    ------
    InputError
        If gates wait for measured values, which the estimator does not take.
    """
    if counts.conditioned:
        raise InputError(
            f"{counts.conditioned:,} T gates, Toffoli gates or rotations of the circuit wait for a measured value, "
            "which the estimator does not take; leave feed-forward out."
        )
    return {
        "numQubits": counts.qubits,
        "tCount": counts.t,
        "rotationCount": counts.rotations,
        "rotationDepth": counts.rotation_depth,
        "cczCount": counts.ccz,
        "ccixCount": counts.ands,
        "measurementCount": counts.measurements,
    }


def estimator_parameters(model: str, budget: float, whole_frontier: bool = False) -> dict[str, Any]:
    """Return what the estimator is asked.

    Parameters
    ----------
    model
        A name in `MODELS`.
    budget
        Probability that a run fails, above 0 and below 1. The estimator splits it: in thirds among the code, distilled
        T states and synthesized rotations, or in halves or whole where a circuit has no such.
    whole_frontier
        Whether to return all points at which no other has both fewer qubits and less time.

    Raises
    ------
    InputError
        If the name is unknown or the budget out of range.
    """
    qubit, scheme = choose("qubit model", model, MODELS)
    return {
        "qubitParams": {"name": qubit},
        "qecScheme": {"name": scheme},
        "errorBudget": check_budget(budget),
        "estimateType": "frontier" if whole_frontier else "singlePoint",
    }


def physical_estimate(counts: LogicalCounts, model: str, budget: float) -> PhysicalEstimate:
    """Estimate a circuit at the shortest time, with as many T factories as that takes.

    Parameters
    ----------
    counts
        Of the circuit.
    model, budget
        As of `estimator_parameters`.

    Raises
    ------
    InputError
        If the extra is missing, the estimator does not take the circuit, or no code or factory reaches the budget.
    """
    found = _asked(counts, model, budget, whole_frontier=False)
    return _estimate(model, found)


def frontier(counts: LogicalCounts, model: str, budget: float) -> list[PhysicalEstimate]:
    """Estimate a circuit at all points at which no other has both fewer qubits and less time, the fastest first.

    Parameters and refusals are those of `physical_estimate`.
    """
    found = _asked(counts, model, budget, whole_frontier=True)
    points = [_estimate(model, entry) for entry in found["frontierEntries"]]
    return sorted(points, key=lambda point: (point.seconds, point.qubits))


def fastest_within(points: Sequence[PhysicalEstimate], qubits: int) -> PhysicalEstimate | None:
    """Return the fastest point of at most so many physical qubits; None if all take more.

    Raises
    ------
    InputError
        If the number is not whole, or below 1.
    """
    most = whole_number("qubits", qubits, 1)
    held = [point for point in points if point.qubits <= most]
    return min(held, key=lambda point: (point.seconds, point.qubits), default=None)


def _asked(counts: LogicalCounts, model: str, budget: float, whole_frontier: bool) -> dict[str, Any]:
    given, parameters = estimator_counts(counts), estimator_parameters(model, budget, whole_frontier)
    estimator = require_estimator()
    if not any(given[name] for name in ("tCount", "rotationCount", "cczCount", "ccixCount", "measurementCount")):
        raise InputError("The circuit has no T gates, rotations or measurements, so that there is nothing to estimate.")
    try:
        return dict(estimator.LogicalCounts(given).estimate(parameters))
    except estimator.EstimatorError as error:
        said = str(error.message).split("\n", 1)[-1].split("\n")[0].strip()
        raise InputError(
            f"An error budget of {budget:g} {OUT_OF_REACH} {model}: {said}. Give a larger budget or other qubits."
        ) from error


def _estimate(model: str, point: Mapping[str, Any]) -> PhysicalEstimate:
    parts, budget = point["physicalCounts"]["breakdown"], point["errorBudget"]
    return PhysicalEstimate(
        model=model,
        scheme=MODELS[model][1],
        logical_error=budget["logical"],
        # Points of a frontier have another name for it.
        t_error=budget["tstates"] if "tstates" in budget else budget["magic_states"],
        rotation_error=budget["rotations"],
        qubits=point["physicalCounts"]["physicalQubits"],
        seconds=point["physicalCounts"]["runtime"] * NANOSECOND,
        cycle=point["logicalQubit"]["logicalCycleTime"] * NANOSECOND,
        distance=point["logicalQubit"]["codeDistance"],
        logical_qubits=parts["algorithmicLogicalQubits"],
        logical_depth=parts["logicalDepth"],
        t_states=parts["numTstates"],
        t_per_rotation=parts["numTsPerRotation"] or 0,
        factories=parts["numTfactories"],
        factory_qubits=parts["physicalQubitsForTfactories"],
    )
