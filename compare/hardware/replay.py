"""Replay: a run's results made again from its record alone, and held against what was recorded.

Neither the vendor nor its service is needed: the measured bits are on disk. Where the vendor's client is installed, or
none is needed to read its answers, the bits are read again from the answer as it came.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec
import numpy as np
from numpy.typing import NDArray

from compare.engine.plain import plain
from compare.hardware.averages import arms_by_job, averages_of
from compare.hardware.averages_record import AveragesRecord
from compare.hardware.bill import counts_of, priced_name
from compare.hardware.fetch import read_answer
from compare.hardware.payload import Decoded, recorded_kind
from compare.hardware.record import Job, Outcome, Submission
from compare.hardware.run import HardwareRun, file_digest
from problems.errors import InputError
from problems.reading import read_file
from quantum.backends.drawing import RandomGates
from quantum.backends.errors import ServiceError
from quantum.backends.fitting import expect

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.transpiler import Target

__all__ = ["NEAR", "Replayed", "replay"]

NEAR = 1e-12
"""How far, relatively, a derived number may be from the recorded one: another processor rounds otherwise."""


@dataclass(frozen=True)
class Replayed:
    """A job whose results were made again.

    Attributes
    ----------
    name, description
        The job's.
    shots
        How many were measured.
    source
        Where the bits were read from, in words.
    arrays, numbers
        How many of each were the same; what a device's calibration says of the circuit is among the numbers.
    farthest
        The largest relative difference of a number from the recorded one; below `NEAR`.
    compiled
        What the service says that it ran; None where that is not known.
    queue, execution, total, fetched
        Seconds in the queue, on the device, from submission to end, and to bring the answer here; None where unknown.
    averages
        How many numbers of mitigated averages were the same; 0 where nothing is mitigated, or another job has them.
    """

    name: str
    description: str
    shots: int
    source: str
    arrays: int
    numbers: int
    farthest: float
    compiled: str | None
    queue: float | None
    execution: float | None
    total: float | None
    fetched: float | None
    averages: int = 0


def replay(run: HardwareRun) -> list[Replayed]:
    """Make all results of a run again, from its record alone.

    Raises
    ------
    InputError
        If a file was altered, is missing, or says something else than what comes out; or a result was not fetched yet;
        or the record names a kind of payload that is not trusted.
    """
    for job in run.jobs:  # before anything is computed
        recorded_kind(job.payload)
    _bill(run)
    replayed = [_job(run, job) for job in run.jobs]
    averages = {name: _averages(run, name, arms) for name, arms in arms_by_job(run).items()}
    return [replace(one, averages=averages.get(one.name, 0)) for one in replayed]


def _averages(run: HardwareRun, name: str, arms: Sequence[Job]) -> int:
    """Compare the mitigated averages of a circuit with what its results and its calibration come to."""
    job = next(one for one in run.jobs if one.name == name)
    recorded = run.read(AveragesRecord, job)
    if recorded is None:
        raise InputError(f"The averages of job {name} of {run.path} are not made yet; tickets fetch {run.name} does.")
    distance = _Distance(f"The averages of job {name} of {run.path}")
    found = averages_of(run, job, arms)
    for part in ("names", "ideal", "ways"):
        distance.value(part, *(msgspec.to_builtins(getattr(one, part)) for one in (found, recorded)))
    _noise(run, job, arms, distance)
    return distance.numbers


def _noise(run: HardwareRun, job: Job, arms: Sequence[Job], distance: "_Distance") -> None:
    """Compare the factor of a signed average with what the calibration says, if it has the circuit's gates."""
    target, circuit = run.target(), run.circuit(job)
    first = next((one.arm for one in arms if one.arm is not None and one.arm.way == "pec"), None)
    if first is None or target is None or circuit is None or not _has_names(circuit, target):
        return
    gates = RandomGates.of(circuit, target)
    distance.value("gamma", [gates.gamma, gates.plain], [first.gamma, first.plain])


def _bill(run: HardwareRun) -> None:
    """Compare what the run was expected to cost with what its circuits, shots and prices come to.

    The quantum seconds of a job are those that the device stated, and are taken as they are recorded.
    """
    bill = run.record.bill
    if bill is None:
        return
    distance = _Distance(f"The bill of {run.path}")
    distance.value("device", priced_name(run.record.backend), bill.device)
    found, recorded = ([[one.credits, one.amount] for one in some] for some in (bill.again(), bill.jobs))
    distance.value("money", found, recorded)
    jobs = [job for job in run.jobs if job.fit is not None]
    if len(jobs) != len(bill.jobs):
        distance.differs("jobs", len(jobs), len(bill.jobs))
    for job, charge in zip(jobs, bill.jobs, strict=True):
        circuit, paid = run.sent(job), run.lead(job) is job
        if circuit is not None:
            seconds = charge.counts.get("quantum_second") if paid else 0.0
            counts = counts_of(circuit, run.shots(job), paid, seconds)
            distance.value(f"counts of job {job.name}", counts, charge.counts)


def _job(run: HardwareRun, job: Job) -> Replayed:
    outcome = run.read(Outcome, job)
    kept = run.result(job)
    assert outcome is not None  # or there was no result
    payload = run.payload(job)
    run.circuit(job)  # as it was when the run was made, or there is nothing to compare with
    bits, source = _bits(run, job, outcome, kept.arrays["bits"])
    again = recorded_kind(job.payload).decode(payload, bits)
    found = Decoded({**again.arrays, "bits": bits}, again.numbers)
    distance = _Distance(f"The replay of job {job.name} of {run.path}")
    distance.arrays(found.arrays, kept.arrays)
    distance.value("numbers", plain(dict(found.numbers)), dict(kept.numbers))
    _fit(run, job, distance)
    known = run.read(Submission, run.lead(job))
    return Replayed(
        name=job.name,
        description=job.description,
        shots=len(bits),
        source=source,
        arrays=len(kept.arrays),
        numbers=distance.numbers,
        farthest=distance.farthest,
        compiled=outcome.compiled,
        queue=None if known is None else known.queue,
        execution=None if known is None else known.execution,
        total=None if known is None else known.total,
        fetched=outcome.seconds,
    )


def _bits(run: HardwareRun, job: Job, outcome: Outcome, kept: NDArray) -> tuple[NDArray[np.bool_], str]:
    """Return the measured bits, from the service's answer if it can be read here, and where they are from."""
    if run.record.local:
        return kept, "as they were simulated"
    path = run.path / f"result-{run.lead(job).name}.raw"
    try:
        content = read_file(path)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); copy the run's folder whole.") from None
    if outcome.raw is not None and file_digest(content) != outcome.raw:
        raise InputError(f"{path} was changed: its digest is another; copy the run's folder whole again.")
    try:
        reading = read_answer(run, job, content)
    except ServiceError as error:
        raise InputError(f"{path} is not what was recorded ({error}); copy the run's folder whole again.") from None
    except InputError as error:
        return kept, f"from disk, as the answer itself is not read here ({str(error).rstrip('.')})"
    if not np.array_equal(reading.bits, kept):
        raise InputError(f"{path} has other bits than result-{job.name}.npz; copy the run's folder whole again.")
    return reading.bits, "read again from the service's answer"


def _fit(run: HardwareRun, job: Job, distance: "_Distance") -> None:
    """Compare what the calibration says of the recorded circuit, if both are there."""
    target, circuit = run.target(), run.circuit(job)
    if target is None or circuit is None or job.fit is None:
        return
    if not _has_names(circuit, target):
        return
    expected = expect(circuit, target, job.fit.get("seed", 0))
    distance.value("fit", expected.summary() | {"layout": expected.layout}, dict(job.fit))


def _has_names(circuit: "QuantumCircuit", target: "Target") -> bool:
    """Tell whether a calibration has a circuit's gates: those of one angle it may have under other names."""
    return {one.name for one in circuit.data} - {"barrier", "delay", "store"} <= set(target.operation_names)


class _Distance:
    """How far numbers are from recorded ones; refuses what is not the same."""

    def __init__(self, what: str) -> None:
        self._what = what
        self.numbers, self.farthest = 0, 0.0

    def arrays(self, found: Mapping[str, NDArray], recorded: Mapping[str, NDArray]) -> None:
        if set(found) != set(recorded):
            self.differs("arrays", sorted(found), sorted(recorded))
        for name, array in found.items():
            other = recorded[name]
            if array.shape != other.shape or array.dtype != other.dtype:
                self.differs(name, array.shape, other.shape)
            near = np.array_equal(array, other)
            if not near and array.dtype.kind in "fc":
                near = np.allclose(array, other, rtol=NEAR, atol=NEAR, equal_nan=True)
            if not near:
                self.differs(name, "other values", "those on disk")

    def value(self, name: str, found: Any, recorded: Any) -> None:
        if isinstance(found, Mapping) and isinstance(recorded, Mapping):
            if set(found) != set(recorded):
                self.differs(name, sorted(found), sorted(recorded))
            for key, value in found.items():
                self.value(f"{name} {key}", value, recorded[key])
        elif isinstance(found, list | tuple) and isinstance(recorded, list | tuple):
            if len(found) != len(recorded):
                self.differs(name, found, recorded)
            for one, other in zip(found, recorded, strict=True):
                self.value(name, one, other)
        elif isinstance(found, float | np.floating) and isinstance(recorded, int | float):
            self.numbers += 1
            far = abs(float(found) - recorded)
            scale = max(abs(float(found)), abs(recorded), 1.0)
            if not (far <= NEAR * scale or (math.isnan(found) and math.isnan(recorded))):
                self.differs(name, found, recorded)
            self.farthest = max(self.farthest, far / scale if math.isfinite(far) else 0.0)
        else:
            self.numbers += isinstance(found, int)
            if found != recorded:
                self.differs(name, found, recorded)

    def differs(self, name: str, found: Any, recorded: Any) -> NoReturn:
        """Refuse what is not the same."""
        raise InputError(
            f"{self._what} gives {name} = {found!r:.60} where {recorded!r:.60} is recorded: the record was altered, or "
            "another version wrote it; copy the run's folder whole again."
        )
