"""Runs on simulators and snapshots: these keep no jobs, so the first fetch runs the recorded circuits."""

import warnings

import numpy as np
from numpy.typing import NDArray

from compare.hardware.payload import recorded_kind
from compare.hardware.record import Job
from compare.hardware.run import HardwareRun
from problems.seeds import integer_seed
from quantum.backends import resolve
from quantum.backends.options import NotHonored

__all__ = ["run_job"]


def run_job(run: HardwareRun, job: Job) -> NDArray[np.bool_]:
    """Run a recorded circuit with its recorded seed, and return the bits (shots, classical bits), bit 0 first.

    Raises
    ------
    InputError
        If the record is damaged, or what the backend needs is not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotHonored)  # told when the run was submitted
        backend = resolve(run.record.backend, run.suppression)
    circuit = run.circuit(job)
    if circuit is None:  # a state was to be handed over, which no file holds
        circuit = recorded_kind(job.payload).build(run.payload(job), None).circuit
    return backend.program(circuit, job.rank).run(run.shots(job), integer_seed(job.seed))
