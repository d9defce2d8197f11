"""The study's circuits, ready to run: without noise, and on the device with each way of suppressing errors.

A process loads a problem, makes a device and fits a circuit to it once, whatever tasks it has: all arms run the same
gates on the same qubits, and no number depends on which tasks a process has run before.
"""

from functools import lru_cache

from compare.studies.ridgelet.noise.study import IDEAL, SUPPRESSIONS
from compare.studies.ridgelet.sources import Source, loaded
from problems.errors import InputError
from quantum.backends import BACKENDS, FittedCircuit, Program, Suppression
from quantum.backends.fitting import check_depth, fit_circuit
from quantum.backends.simulated_device import SimulatedDevice
from quantum.backends.snapshots import shared_snapshot
from quantum.ridgelet import ENCODINGS, ridgelet_circuit
from quantum.ridgelet.sampler import schmidt_rank

__all__ = ["device", "fitted", "notes", "ready"]

LOADER = "sparse"
"""The loader of every arm, the ideal one too: devices take gates alone."""

KEPT = 32
"""Circuits that a process keeps; a study has a few for each encoding."""


@lru_cache(KEPT)
def device(backend: str, arm: str = "none") -> SimulatedDevice:
    """Return a snapshot with a way of suppressing errors."""
    return SimulatedDevice(shared_snapshot(backend), Suppression(**SUPPRESSIONS[arm]))


@lru_cache(KEPT)
def fitted(source: Source, encoding: str, backend: str) -> FittedCircuit:
    """Return the circuit on the device.

    Raises
    ------
    InputError
        If it is too wide.
    """
    circuit, found = ridgelet_circuit(loaded(source)[1], encoding, LOADER, ancillas=False), device(backend)
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
    _, problem = loaded(source)
    rank = schmidt_rank(problem, ENCODINGS[encoding](problem.prime), LOADER)
    if arm == IDEAL:
        return BACKENDS[backend].prepare(ridgelet_circuit(problem, encoding, LOADER, ancillas=False), rank)
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
