"""Quantum searches without a circuit: rounds of minimum finding, and QAOA with exact gradients."""

import math

from compare.engine import Inputs, Seeds
from compare.statistics import RecordedEstimate, mean_estimate
from compare.studies.neuron_selection.measures import made
from compare.studies.neuron_selection.records import Layers, Rounds, Searched, Tuned
from quantum.neuron_selection import expected_measurements, expected_rounds, simulated_rounds, tune_qaoa

__all__ = ["rounds", "tune"]


def rounds(task: Rounds, seeds: Seeds, inputs: Inputs) -> Searched:
    """Return the rounds of minimum finding in closed form, and of simulated runs."""
    items = 1 << task.qubits
    simulated = None
    if task.runs:
        found = simulated_rounds(items, task.runs, task.growth, seeds("rounds", by=("seed", "qubits", "growth")))
        simulated = RecordedEstimate.of(mean_estimate(found.rounds))
    return Searched(expected_rounds(items, task.growth), expected_measurements(items, task.growth), simulated)


def tune(task: Layers, seeds: Seeds, inputs: Inputs) -> Tuned:
    """Tune QAOA layer by layer."""
    found = tune_qaoa(made(task), task.layers, task.mixer, seeds("angles", by=("seed", "problem", "neurons", "mixer")))
    return Tuned(
        tuple(one.ratio for one in found),
        tuple(one.success for one in found),
        tuple(shots if math.isfinite(shots := one.shots()) else None for one in found),
        tuple(one.tuning_shots() for one in found),
        tuple(one.evaluations for one in found),
    )
