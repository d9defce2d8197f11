"""Runs on simulators and snapshots: these keep no jobs, so the first fetch runs the recorded circuits."""

import warnings
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from compare.hardware.payload import recorded_kind
from compare.hardware.record import Job
from compare.hardware.run import HardwareRun
from problems.seeds import integer_seed
from quantum.backends import Backend, resolve
from quantum.backends.options import NotHonored, Suppression

__all__ = ["run_job"]

KEPT = 4
"""Backends that a process keeps: jobs of one run are on one, often on the same qubits."""


def run_job(run: HardwareRun, job: Job) -> NDArray[np.bool_]:
    """Run a recorded circuit with its recorded seed, and return the bits (shots, classical bits), bit 0 first.

    Raises
    ------
    InputError
        If the record is damaged, or what the backend needs is not installed.
    """
    backend = _backend(run.record.backend, run.suppression)
    circuit = run.circuit(job)
    if circuit is None:  # a state was to be handed over, which no file holds
        circuit = recorded_kind(job.payload).build(run.payload(job), None).circuit
    return backend.program(circuit, job.rank).run(run.shots(job), integer_seed(job.seed))


@lru_cache(KEPT)
def _backend(name: str, suppression: Suppression) -> Backend:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotHonored)  # told when the run was submitted
        return resolve(name, suppression)
