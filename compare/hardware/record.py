"""The folder of a hardware run: all that is needed to submit it, to fetch it and to read it, with nothing else at hand.

    run.json               the order, the jobs and their fits, versions; the run's id, which is a tag of all its jobs
    problem-000.npz        the problem of job 000, whole; its parameters stand in run.json
    circuit-000.qpy        the circuit of job 000 as it is run; none where the ideal loader hands over a state
    batch.json             the batch that the jobs were submitted in, if there are several
    job-000.intent.json    written before job 000 is submitted
    job-000.json           written as soon as its id is known, and again when the service reports its end
    result-000.raw         the service's answer, as it came
    result-000.npz, .json  the answer read: measured bits and nodes, and the mark that they are whole

The first three are there before anything is submitted. Every file is whole or absent, and no file holds a credential.
"""

import contextlib
import functools
import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, qpy
from qiskit.exceptions import QiskitError

from compare import records
from compare.durable import alone, write_file
from compare.unfinished import Unfinished
from problems.errors import InputError, choose
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.points import Points
from quantum.backends.options import Suppression

__all__ = [
    "KIND",
    "MIGRATIONS",
    "PREFIX",
    "SCHEMA",
    "HardwareRun",
    "JobRecord",
    "JobResult",
    "file_digest",
    "find_run",
    "now",
    "npz_bytes",
    "open_runs",
    "problem_arrays",
    "provenance",
    "record_bytes",
]

SCHEMA = 1
"""Version of all JSON files of a run; older ones are migrated as they are read, or refused, and newer ones refused."""

MIGRATIONS: dict[int, Callable[[str, dict[str, Any]], dict[str, Any]]] = {}
"""By version: what makes a record of that version one of the next, from the record's kind and content."""

KIND = "hardware"
"""What `run.json` says that it is, beside other kinds of runs."""

PREFIX = "hw-"
"""Beginning of the names of runs; folders may be renamed."""

FIELDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    KIND: {
        "run": str,
        "backend": str,
        "local": bool,
        "shots": int,
        "seed": int,
        "suppression": dict,
        "jobs": list,
        "started": str,
    },
    "batch": {"id": str, "closed": bool},
    "intent": {"at": str, "attempt": int},
    "job": {"id": str, "state": str, "reason": str},
    "result": {"shots": int, "valid": int, "sha256": str},
}
"""What each kind of record must have, at least."""

JOB_FIELDS: dict[str, type | tuple[type, ...]] = {
    "description": str,
    "prime": int,
    "encoding": str,
    "loader": str,
    "regularization": (int, float),
    "activation": str,
    "digest": str,
    "seed": int,
    "bits": int,
    "files": dict,
}
"""What `run.json` must say of each job, at least."""


@dataclass(frozen=True, eq=False)
class JobRecord:
    """One circuit of a run.

    Attributes
    ----------
    name
        "000", "001", ...: the number in the names of its files.
    tag
        What marks the job at the service, besides the run's id: no other job has it.
    entry
        What `run.json` says of it.
    """

    name: str
    tag: str
    entry: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class JobResult:
    """What was measured.

    Attributes
    ----------
    bits
        The measured bits, shape (shots, classical bits), bit 0 first.
    valid
        Whether each shot is a node, shape (shots,).
    nodes
        The nodes of the valid shots, in their order.
    density
        P^(D+1) p* of these nodes, shape (valid shots,).
    """

    bits: NDArray[np.bool_]
    valid: NDArray[np.bool_]
    nodes: Nodes
    density: NDArray[np.float64]

    @property
    def surviving(self) -> float:
        """The share of the shots that are nodes."""
        return float(np.mean(self.valid))


class HardwareRun:
    """A run on disk.

    Parameters
    ----------
    path
        Its folder.

    Raises
    ------
    InputError
        If there is no such run, or its record is damaged or of a version that is not read.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        record = self.read("run.json", KIND)
        if record is None:
            raise InputError(f"{self.path} holds no run (there is no run.json in it); see tickets runs.")
        for entry in record["jobs"]:
            _check_fields(self.path / "run.json", entry, JOB_FIELDS)
        self.record = record
        names = [f"{number:03}" for number in range(len(record["jobs"]))]
        self.jobs = [
            JobRecord(name, f"{record['run']}-{name}", entry) for name, entry in zip(names, record["jobs"], strict=True)
        ]

    @property
    def name(self) -> str:
        """What the command line calls it: the name of its folder."""
        return self.path.name

    @property
    def tag(self) -> str:
        """The run's id, which all its jobs carry; a folder may be renamed, this stays."""
        return self.record["run"]

    @property
    def suppression(self) -> Suppression:
        """What the device does against its noise.

        Raises
        ------
        InputError
            If the record says none of what there is.
        """
        try:
            return Suppression(**self.record["suppression"])
        except TypeError:
            raise InputError(
                f"{self.path / 'run.json'} is damaged: 'suppression' = {self.record['suppression']!r}; copy the run's "
                "folder again."
            ) from None

    def read(self, name: str, kind: str) -> dict[str, Any] | None:
        """Read a JSON file of the run, or return None if there is none.

        Raises
        ------
        InputError
            If it is damaged, or of a version that is not read.
        """
        path = self.path / name
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise InputError(f"{path} cannot be read ({error}); {_remedy(kind)}.") from None
        record = _migrated(path, kind, record)
        _check_fields(path, record, FIELDS[kind])
        return record

    def write(self, name: str, kind: str, content: Mapping[str, Any]) -> None:
        """Write a JSON file of the run."""
        write_file(self.path / name, record_bytes(kind, content))

    def job_id(self, job: JobRecord) -> str | None:
        """Return the id that the service gave a job, if it is known here."""
        known = self.read(f"job-{job.name}.json", "job")
        return None if known is None else known["id"]

    def problem(self, job: JobRecord) -> RidgeletProblem:
        """Return the problem of a job.

        Raises
        ------
        InputError
            If its file is missing or damaged, or its parameters are not those that it was submitted with.
        """
        name, entry = f"problem-{job.name}.npz", job.entry
        with np.load(io.BytesIO(self._checked(name, entry)), allow_pickle=False) as file:
            arrays = dict(file)
        points = Points(arrays["points"], np.arange(len(arrays["points"])))
        problem = RidgeletProblem(
            entry["prime"],
            points,
            arrays["counts"],
            arrays["labels"],
            entry["regularization"],
            arrays["ridgelet"],
            entry["activation"],
        )
        if problem.digest != entry["digest"]:
            raise InputError(
                f"{self.path / 'run.json'} does not describe the problem of job {job.name} as it was submitted; copy "
                "the run's folder whole again."
            )
        return problem

    def circuit(self, job: JobRecord) -> QuantumCircuit | None:
        """Return the circuit of a job as it is to be run, or None where an ideal loader has no gates to be written.

        Raises
        ------
        InputError
            If its file is missing or damaged, or of a newer version of Qiskit.
        """
        name = f"circuit-{job.name}.qpy"
        if name not in job.entry["files"]:
            return None
        content = self._checked(name, job.entry)
        try:
            return qpy.load(io.BytesIO(content))[0]
        except QiskitError as error:
            reason = " ".join(str(error.message).split())
            raise InputError(f"{self.path / name} cannot be read ({reason}); upgrade qiskit.") from None

    def result(self, job: JobRecord) -> JobResult:
        """Return the result of a job.

        Raises
        ------
        InputError
            If there is none yet, or it is damaged.
        """
        record = self.read(f"result-{job.name}.json", "result")
        if record is None:
            raise InputError(f"Job {job.name} of {self.path} has no result yet; fetch it: tickets fetch {self.name}.")
        path = self.path / f"result-{job.name}.npz"
        try:
            content = path.read_bytes()
            if file_digest(content) != record["sha256"]:
                raise BadZipFile("its content is not what was written")
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                arrays = dict(file)
        except (OSError, ValueError, EOFError, BadZipFile) as error:
            raise InputError(f"{path} is damaged ({error}); fetch it again: tickets fetch {self.name}.") from None
        return JobResult(arrays["bits"], arrays["valid"], Nodes(arrays["a"], arrays["b"]), arrays["density"])

    def has_result(self, job: JobRecord) -> bool:
        """Tell whether a job's result is on disk and whole.

        Raises
        ------
        InputError
            If its record is of a version that is not read: it is whole, and no fetch is to write over it.
        """
        try:
            self.result(job)
        except _OtherVersionError:
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

    def _checked(self, name: str, entry: Mapping[str, Any]) -> bytes:
        """Return a file that must be as it was when the run was made."""
        try:
            content = (self.path / name).read_bytes()
        except OSError as error:
            raise InputError(
                f"{self.path / name} cannot be read ({error.strerror}); copy the run's folder whole."
            ) from None
        if file_digest(content) != entry["files"].get(name):
            raise InputError(f"{self.path / name} is not what the run wrote; copy the run's folder whole again.")
        return content


def open_runs(out: Path) -> dict[str, HardwareRun | InputError]:
    """Return the hardware runs below a folder by name, oldest first; an error in place of one that cannot be read.

    Raises
    ------
    InputError
        If the folder cannot be read.
    """
    found: dict[str, HardwareRun | InputError] = {}
    try:
        folders = sorted(path for path in Path(out).iterdir() if (path / "run.json").is_file())
    except OSError as error:
        raise InputError(f"{out} cannot be read ({error.strerror}); name the folder of your runs with --out.") from None
    for path in folders:
        if path.name.startswith("."):
            continue
        try:
            found[path.name] = HardwareRun(path)
        except InputError as error:
            if path.name.startswith(PREFIX) and not isinstance(error, _OtherKindError):
                found[path.name] = error
    times = {name: run.record["started"] if isinstance(run, HardwareRun) else "" for name, run in found.items()}
    return dict(sorted(found.items(), key=lambda item: (times[item[0]], item[0])))


def find_run(out: Path, name: str) -> HardwareRun:
    """Return a run by its name.

    Raises
    ------
    InputError
        If there is no such run, or it cannot be read.
    """
    runs = open_runs(out)
    if not runs:
        raise InputError(
            f"{out} holds no hardware runs; make one with tickets submit, or name their folder with --out."
        )
    run = choose("run", name, runs)
    if isinstance(run, InputError):
        raise run
    return run


def problem_arrays(problem: RidgeletProblem) -> dict[str, NDArray]:
    """Return the arrays of a problem, from which it is made again exactly."""
    points = problem.points.astype(np.min_scalar_type(problem.prime - 1))
    return {"points": points, "counts": problem.counts, "labels": problem.labels, "ridgelet": problem.ridgelet}


def npz_bytes(arrays: Mapping[str, NDArray]) -> bytes:
    """Return arrays as a file; equal arrays give equal bytes."""
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    return content.getvalue()


def record_bytes(kind: str, content: Mapping[str, Any]) -> bytes:
    """Return plain data as a JSON record of this version."""
    text = json.dumps({"schema": SCHEMA, "kind": kind, **content}, indent=1, sort_keys=True, allow_nan=False)
    return (text + "\n").encode()


def file_digest(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def now() -> str:
    """Return the time as it is written in records."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@functools.cache
def provenance() -> dict[str, Any]:
    """Return versions, the client's among them, and machine, as plain data."""
    known = records.provenance()
    with contextlib.suppress(metadata.PackageNotFoundError):
        known["versions"]["qiskit-ibm-runtime"] = metadata.version("qiskit-ibm-runtime")
    return known


class _OtherKindError(InputError):
    """A record of something else, such as a study."""


class _OtherVersionError(InputError):
    """A record of a version that is not read."""


def _migrated(path: Path, kind: str, record: Any) -> dict[str, Any]:
    """Return a record as one of this version, or refuse it."""
    if not isinstance(record, dict) or not isinstance(record.get("kind"), str):
        raise InputError(f"{path} is no record of a hardware run; {_remedy(kind)}.")
    if record["kind"] != kind:
        raise _OtherKindError(f"{path} is a record of {record['kind']!r}, not of {kind!r}; {_remedy(kind)}.")
    schema = record.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool):
        raise InputError(f"{path} has no version of its schema (schema = {schema!r}); {_remedy(kind)}.")
    if schema > SCHEMA:
        raise _OtherVersionError(
            f"{path} has schema {schema}, newer than {SCHEMA}, the newest that this version reads; upgrade "
            "quantum-tickets."
        )
    for version in range(schema, SCHEMA):
        if version not in MIGRATIONS:
            raise _OtherVersionError(
                f"{path} has schema {schema}, which this version (schema {SCHEMA}) no longer reads; fetch it with the "
                "version of quantum-tickets that wrote it."
            )
        try:
            record = MIGRATIONS[version](kind, record) | {"schema": version + 1}
        except (KeyError, TypeError):
            raise InputError(
                f"{path} is damaged: it is no whole record of schema {version}; {_remedy(kind)}."
            ) from None
    return record


def _check_fields(path: Path, record: Any, fields: Mapping[str, type | tuple[type, ...]]) -> None:
    wrong = [name for name, kind in fields.items() if not isinstance(_get(record, name), kind)]
    if wrong:
        raise InputError(f"{path} is damaged: {wrong[0]!r} is missing or of a wrong type; copy the run's folder again.")


def _get(record: Any, name: str) -> Any:
    return record.get(name) if isinstance(record, dict) else None


def _remedy(kind: str) -> str:
    """Say what to do about a record that cannot be used."""
    return {
        "job": "remove it, and the job is found again by its tag",
        "result": "remove it, and the result is fetched again",
        "batch": "remove it; the service closes a batch by itself",
        # Without it nothing would tell that a submission may be under way.
        "intent": "copy the run's folder again",
    }.get(kind, "copy the run's folder whole again, or remove it")
