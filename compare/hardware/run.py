"""The folder of a hardware run: all that is needed to submit it, to fetch it and to read it, with nothing else at hand.

    run.json               the order, the jobs and their fits, versions; the run's id, which is a tag of all its jobs
    calibration.json       the device's gates with their errors and durations, as the circuits were fitted to them
    payload-000.npz        the arrays of job 000's payload; the rest of it stands in run.json
    circuit-000.qpy        the circuit of job 000 as it is run; none where a state is handed over
    together-000.qpy       the circuit of job 000 and of those that run at once with it, as it is submitted for all
    batch.json             the batch that the jobs were submitted in, if there are several
    job-000.intent.json    written before job 000 is submitted
    job-000.json           written as soon as its id is known, and again when the service reports its end
    result-000.raw         the service's answer, as it came
    result-000.npz, .json  the answer read: the measured bits and what they say, and the mark that they are whole
    averages-000.json      mitigated averages of circuit 000, made of its results and those of its further circuits

The first five are there before anything is submitted. Every file is whole or absent. Jobs that run at once with job 000
have no answer of their own: theirs is result-000.raw, and of it each has its own bits in its own result.
"""

import contextlib
import hashlib
import io
import shlex
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zipfile import BadZipFile, ZipFile

import msgspec
import numpy as np
from numpy.typing import NDArray

from compare.durable import alone, remove_file, write_file
from compare.engine.plain import read_json
from compare.hardware.payload import Decoded, Payload
from compare.hardware.record import (
    Job,
    OtherVersionError,
    Outcome,
    Record,
    RunRecord,
    Submission,
    decode_record,
    encode_record,
)
from compare.unfinished import Unfinished
from problems.errors import InputError
from problems.memory import require_memory
from problems.reading import read_file

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.transpiler import Target

    from quantum.backends.options import Suppression

# Runs are listed without Qiskit, which is imported where a circuit is read.

__all__ = ["CALIBRATION", "TOGETHER", "HardwareRun", "file_digest", "npz_bytes"]

R = TypeVar("R", bound=Record)

TOGETHER = "together-{}.qpy"
"""The file of the circuit of several that run at once; {} is the first of them."""

CALIBRATION = "calibration.json"
"""The file of the device's gates with their errors and durations."""

UNREADABLE = (ValueError, EOFError, BadZipFile, NotImplementedError, MemoryError, zlib.error)
"""Errors raised by files that hold no arrays."""


class HardwareRun:
    """A run on disk.

    Parameters
    ----------
    path
        Its folder.

    Attributes
    ----------
    record
        What stands in its `run.json`.

    Raises
    ------
    InputError
        If there is no such run, or its record is damaged or of a version that is not read.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        record = self.read(RunRecord)
        if record is None:
            raise InputError(f"{self.path} holds no run (there is no run.json in it); see tickets runs.")
        self.record = record
        self._named = {job.name: job for job in record.jobs}
        if len(self._named) < len(record.jobs):
            raise InputError(f"{self.path / 'run.json'} has a job twice; {RunRecord.remedy}.")

    @property
    def name(self) -> str:
        """The name by which the command line knows it: that of its folder."""
        return self.path.name

    @property
    def tag(self) -> str:
        """The run's id, which all its jobs carry; a folder may be renamed, this stays."""
        return self.record.run

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Its circuits."""
        return self.record.jobs

    @property
    def submitted(self) -> tuple[Job, ...]:
        """The jobs that the service is given: of circuits that run at once the first stands for all."""
        return tuple(job for job in self.jobs if self.lead(job) is job)

    def lead(self, job: Job) -> Job:
        """Return the job that the service has in a job's place: of circuits that run at once the first.

        Raises
        ------
        InputError
            If the record names none that is there.
        """
        if job.shared is None or job.shared.lead == job.name:
            return job
        found = self._named.get(job.shared.lead)
        if found is None or found.shared is None or found.shared.lead != found.name:
            raise InputError(
                f"{self.path / 'run.json'} says that job {job.name} runs with {job.shared.lead!r:.20}, which leads no "
                f"such jobs; {RunRecord.remedy}."
            )
        return found

    @property
    def suppression(self) -> "Suppression":
        """The measures that the device takes against its noise."""
        from quantum.backends.options import Suppression

        return Suppression(**msgspec.structs.asdict(self.record.suppression))

    def command(self, words: str) -> str:
        """Return a command on this run as it is to be typed, "fetch" or "submit --resume"."""
        return f"tickets {words} {self.name} --out {shlex.quote(str(self.path.parent))}"

    def shots(self, job: Job) -> int:
        """Return how often a job's circuit is run."""
        return self.record.shots if job.shots is None else job.shots

    def read(self, kind: type[R], job: Job | None = None) -> R | None:
        """Read a JSON file of the run or of one of its jobs, or return None if there is none.

        Raises
        ------
        InputError
            If it is damaged, or of a version that is not read.
        """
        path = self._place(kind, job)
        try:
            content = read_file(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(f"{path} cannot be read ({error}); {kind.remedy}.") from None
        return decode_record(path, content, kind)

    def write(self, record: Record, job: Job | None = None) -> None:
        """Write a JSON file of the run or of one of its jobs."""
        write_file(self._place(type(record), job), encode_record(record))

    def remove(self, kind: type[Record], job: Job) -> None:
        """Remove a JSON file of one of its jobs."""
        remove_file(self._place(kind, job))

    def job_id(self, job: Job) -> str | None:
        """Return the id that the service gave a job, if it is known here; those that run at once have one."""
        known = self.read(Submission, self.lead(job))
        return None if known is None else known.id

    def payload(self, job: Job) -> Payload:
        """Return the payload of a job.

        Raises
        ------
        InputError
            If its file is missing or damaged, or its settings are not those that it was submitted with.
        """
        name = f"payload-{job.name}.npz"
        try:
            arrays = _arrays(self._checked(name, job))
        except UNREADABLE as error:
            raise InputError(
                f"{self.path / name} holds no arrays ({error}); copy the run's folder whole again."
            ) from None
        payload = Payload(job.payload, job.settings, arrays, job.description)
        if payload.digest != job.digest:
            raise InputError(
                f"{self.path / 'run.json'} does not describe the payload of job {job.name} as it was submitted; copy "
                "the run's folder whole again."
            )
        return payload

    def target(self) -> "Target | None":
        """Return the device's gates with their errors and durations as they were when the run was made.

        None where no device is simulated or asked, and in runs that are older than this.

        Raises
        ------
        InputError
            If its file is missing or damaged.
        """
        if CALIBRATION not in self.record.files:
            return None
        content = self._content(CALIBRATION, self.record.files[CALIBRATION])
        from quantum.backends.calibration import as_target

        try:
            return as_target(read_json(content))
        except ValueError as error:
            raise InputError(f"{self.path / CALIBRATION}: {error} Copy the run's folder whole again.") from None

    def circuit(self, job: Job) -> "QuantumCircuit | None":
        """Return the circuit of a job as it is to be run, or None where there were no gates to be written.

        Raises
        ------
        InputError
            If its file is missing or damaged, or of a newer version of Qiskit.
        """
        return self._circuit(f"circuit-{job.name}.qpy", job)

    def sent(self, job: Job) -> "QuantumCircuit | None":
        """Return the circuit that the service is given for a job: its own, or that of all that run at once with it.

        Raises
        ------
        InputError
            As `circuit` does.
        """
        if job.shared is None:
            return self.circuit(job)
        lead = self.lead(job)
        return self._circuit(TOGETHER.format(lead.name), lead)

    def _circuit(self, name: str, job: Job) -> "QuantumCircuit | None":
        if name not in job.files:
            return None
        content = self._checked(name, job)
        from qiskit import qpy
        from qiskit.exceptions import QiskitError

        try:
            return qpy.load(io.BytesIO(content))[0]
        except QiskitError as error:
            reason = " ".join(str(error.message).split())
            raise InputError(f"{self.path / name} cannot be read ({reason}); upgrade qiskit.") from None
        except Exception as error:  # a file of anybody's, which Qiskit unpacks as it comes
            raise InputError(
                f"{self.path / name} is no circuit ({type(error).__name__}); copy the run's folder whole again."
            ) from None

    def result(self, job: Job) -> Decoded:
        """Return the result of a job: what its kind made of the measured bits, and these as the array "bits".

        Raises
        ------
        InputError
            If there is none yet, or it is damaged.
        """
        record = self.read(Outcome, job)
        if record is None:
            raise InputError(f"Job {job.name} of {self.path} has no result yet; fetch it: tickets fetch {self.name}.")
        path = self.path / f"result-{job.name}.npz"
        try:
            content = read_file(path)
            if file_digest(content) != record.sha256:
                raise BadZipFile("its content is not what was written")
            arrays = _arrays(content)
            bits = arrays.get("bits", np.zeros(0))
            if bits.dtype != np.bool_ or bits.shape != (record.shots, job.bits):
                raise ValueError(f"it holds no {record.shots} shots of {job.bits} bits")
            return Decoded(arrays, record.numbers, record.told)
        except (OSError, *UNREADABLE) as error:
            raise InputError(f"{path} is damaged ({error}); fetch it again: tickets fetch {self.name}.") from None

    def has_result(self, job: Job) -> bool:
        """Tell whether a job's result is on disk and whole.

        Raises
        ------
        InputError
            If its record is of a version that is not read: it is whole, and no fetch is to write over it.
        """
        try:
            self.result(job)
        except OtherVersionError:
            raise
        except InputError:
            return False
        return True

    @contextlib.contextmanager
    def lock(self, wait: bool) -> Iterator[None]:
        """Be the only process that works on this folder; the system frees it when its holder dies.

        Raises
        ------
        Unfinished
            If another process holds it, unless `wait`.
        """
        busy = Unfinished(
            f"Another process works on {self.name}; ask again later, or wait for it: tickets fetch {self.name} --wait."
        )
        with alone(self.path / ".lock", busy, wait):
            yield

    def _place(self, kind: type[Record], job: Job | None) -> Path:
        return self.path / kind.file.format("" if job is None else job.name)

    def _checked(self, name: str, job: Job) -> bytes:
        """Return a job's file that must be as it was when the run was made."""
        return self._content(name, job.files.get(name))

    def _content(self, name: str, digest: str | None) -> bytes:
        try:
            content = read_file(self.path / name)
        except OSError as error:
            raise InputError(
                f"{self.path / name} cannot be read ({error.strerror}); copy the run's folder whole."
            ) from None
        if file_digest(content) != digest:
            raise InputError(f"{self.path / name} is not what the run wrote; copy the run's folder whole again.")
        return content


def _arrays(content: bytes) -> dict[str, NDArray]:
    """Return the arrays of a file, if there is room for what its own list says that they unpack to."""
    with ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    require_memory(2 * unpacked, "Unpacking it", "unpack it on a machine with more")
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return dict(file)


def npz_bytes(arrays: Mapping[str, NDArray]) -> bytes:
    """Return arrays as a file; equal arrays give equal bytes."""
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    return content.getvalue()


def file_digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()
