"""Runs on simulators and snapshots: these keep no jobs, so the first fetch runs the recorded circuits."""

import warnings

import numpy as np
from numpy.typing import NDArray

from compare.hardware.record import HardwareRun, JobRecord
from problems.errors import choose
from problems.seeds import integer_seed
from quantum.backends import resolve
from quantum.backends.options import NotHonored
from quantum.ridgelet import ENCODINGS, ridgelet_circuit
from quantum.ridgelet.sampler import schmidt_rank

__all__ = ["run_job"]


def run_job(run: HardwareRun, job: JobRecord) -> NDArray[np.bool_]:
    """Run a recorded circuit with its recorded seed, and return the bits (shots, classical bits), bit 0 first.

    They are those of `CircuitSampler.measure` with the same seed.

    Raises
    ------
    InputError
        If the record is damaged, or what the backend needs is not installed.
    """
    entry, problem = job.entry, run.problem(job)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotHonored)  # told when the run was submitted
        backend = resolve(run.record["backend"], run.suppression)
    circuit = run.circuit(job)
    if circuit is None:  # an ideal loader hands a state over, and has no gates to be recorded
        circuit = ridgelet_circuit(problem, entry["encoding"], entry["loader"])
    encoding = choose("encoding", entry["encoding"], ENCODINGS)(problem.prime)
    rank = schmidt_rank(problem, encoding, entry["loader"])
    return backend.program(circuit, rank).run(run.record["shots"], integer_seed(entry["seed"]))
