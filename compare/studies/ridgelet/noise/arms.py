"""The study's circuits, ready to run: without noise, and on the device with each way of suppressing errors.

A process loads a problem, makes a device and fits a circuit to it once, whatever tasks it has: all arms run the same
gates on the same qubits, and no number depends on which tasks a process has run before.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from compare.engine import Inputs
from compare.studies.data import of_task
from compare.studies.ridgelet.noise.study import IDEAL, SUPPRESSIONS, Problem
from problems.datasets import Dataset
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import Residues, first_points, load_residues
from quantum.backends import BACKENDS, FittedCircuit, Program, Suppression
from quantum.backends.fitting import check_depth, fit_circuit
from quantum.backends.simulated_device import SimulatedDevice
from quantum.backends.snapshots import snapshot
from quantum.ridgelet import ENCODINGS, ridgelet_circuit
from quantum.ridgelet.sampler import schmidt_rank

__all__ = ["Source", "device", "fitted", "load", "notes", "ready"]

LOADER = "sparse"
"""Of every arm, the ideal one too: devices take gates alone."""

KEPT = 32
"""Circuits that a process keeps; a study has a few for each encoding."""


@dataclass(frozen=True)
class Source:
    """A task's problem, and its data set: a name, or the table of a user's file, which the problem names."""

    problem: Problem
    data: str | Dataset = field(compare=False)

    @classmethod
    def of(cls, task: Problem, inputs: Inputs) -> "Source":
        """Return the source of a task of any of the study's kinds."""
        return cls(task.problem, of_task(task, inputs))


@lru_cache(KEPT)
def load(source: Source) -> tuple[Residues, RidgeletProblem]:
    """Return the data set's samples at the first distinct points, and their problem.

    Raises
    ------
    InputError
        If the data set cannot have so many features.
    """
    asked = source.problem
    data = first_points(load_residues(source.data, asked.prime, asked.features, asked.seed), asked.points)
    return data, RidgeletProblem.from_samples(
        data.x_train, data.y_train, asked.prime, asked.regularization, asked.activation
    )


@lru_cache(KEPT)
def device(backend: str, arm: str = "none") -> SimulatedDevice:
    """Return a snapshot with a way of suppressing errors."""
    return SimulatedDevice(snapshot(backend), Suppression(**SUPPRESSIONS[arm]))


@lru_cache(KEPT)
def fitted(source: Source, encoding: str, backend: str) -> FittedCircuit:
    """Return the circuit on the device.

    Raises
    ------
    InputError
        If it is too wide.
    """
    circuit, found = ridgelet_circuit(load(source)[1], encoding, LOADER), device(backend)
    return fit_circuit(circuit, found.target, found.name)


@lru_cache(KEPT)
def ready(source: Source, encoding: str, backend: str, arm: str, shots: int) -> Program:
    """Return an arm ready to run.

    Raises
    ------
    InputError
        If the circuit is too wide or too deep, the shots are more than the device takes, or the way of suppression
        does not take the circuit.
    """
    _, problem = load(source)
    rank = schmidt_rank(problem, ENCODINGS[encoding](problem.prime), LOADER)
    if arm == IDEAL:
        return BACKENDS[backend].prepare(ridgelet_circuit(problem, encoding, LOADER), rank)
    found = device(backend, arm)
    if found.max_shots is not None and shots > found.max_shots:
        raise InputError(
            f"shots = {shots} is more than {found.name} takes in one run, {found.max_shots}; measure fewer, in more "
            "repeats."
        )
    circuit = fitted(source, encoding, backend)
    check_depth(circuit, shots, found.name)
    return found.program(circuit.circuit, rank)


def notes(backend: str, arm: str) -> tuple[str, ...]:
    """Return sentences on what the simulated device does not honor of an arm, or what cannot help there."""
    return () if arm == IDEAL else device(backend).notes(Suppression(**SUPPRESSIONS[arm]))
