"""Runs on devices as rows: what each asked, what it took, what it cost and what came out, from its folder alone.

Nothing is asked of a service. What is missing, damaged or of another version is said in the row, and the others stand.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from compare.engine.provenance import differences, provenance
from compare.hardware.bill import Bill
from compare.hardware.listing import open_runs, state_of
from compare.hardware.payload import recorded_kind
from compare.hardware.record import Job, Outcome, Submission
from compare.hardware.run import HardwareRun
from compare.progress import Track, silent
from compare.report import PAGE
from compare.report.cells import so_many
from compare.statistics import Estimate
from problems.errors import InputError

if TYPE_CHECKING:
    from qiskit.transpiler import Target

__all__ = ["AS_SENT", "JobRow", "RunRow", "compiled_gates", "gather", "numbers_of", "read_run"]

FAULTS = (ArithmeticError, AttributeError, ImportError, LookupError, RecursionError, TypeError, ValueError)
"""Errors that records of impossible things raise where they are read; an `InputError` is one of them."""

AS_SENT = "as it was sent"
"""The words of a vendor's reading for a circuit that was run as it is."""

PAIR = re.compile(r"\s*(?P<gate>[A-Za-z]\w*)(\s*\([^;]*\))?\s+[$\w\[\]]+\s*,\s*[$\w\[\]]+\s*")
"""A statement of OpenQASM on two qubits; matched in time that grows with its length alone, as it may be anybody's."""

NO_GATES = ("barrier", "box", "measure", "qubit", "bit", "qreg", "creg")


@dataclass(frozen=True)
class JobRow:
    """One job.

    Attributes
    ----------
    job, circuit, round
        Its name, the place of its circuit among those of a round, and the round.
    about, digest
        Its payload in words, and the digest of it.
    state
        "done", or where it stands.
    when
        When it was measured, as far as is known: its submission and the time in the queue, or when it was simulated.
    qubits, gates, expected
        As compiled here: qubits in use, two-qubit gates, product of 1 - error; None where not compiled, or not known.
    compiled
        Two-qubit gates as the service compiled it; None where that is not known.
    shots
        Its shots.
    queue, execution, fetched
        Seconds in the queue, on the device, and to bring the answer here; None where not known.
    number
        The study's number in words; empty if there is none.
    raw, mitigated
        That number as read, and without readout errors; None where not known.
    perfect, pvalue
        Its value without noise, and the goodness of fit to that; None where not known.
    notes
        Sentences on all that is missing.
    bits
        The measured bits, kept for circuits that are run in rounds alone; None where there are none yet.
    """

    job: str
    circuit: int
    round: int
    about: str
    digest: str
    state: str
    when: datetime | None = None
    qubits: int | None = None
    gates: int | None = None
    expected: float | None = None
    compiled: int | None = None
    shots: int = 0
    queue: float | None = None
    execution: float | None = None
    fetched: float | None = None
    number: str = ""
    raw: Estimate | None = None
    mitigated: Estimate | None = None
    perfect: float | None = None
    pvalue: float | None = None
    notes: tuple[str, ...] = ()
    bits: NDArray[np.bool_] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class RunRow:
    """One run.

    Attributes
    ----------
    name, path
        Of its folder.
    study, device, vendor
        None where not known; the vendor of what is simulated here is None.
    simulated
        Whether this machine simulates it.
    calibrated, submitted
        When the device was calibrated, and the run made, as recorded.
    shots
        Of all jobs together.
    bill
        Its expected cost; None where no prices were given.
    every
        Seconds between two rounds.
    jobs
        Its jobs, in order.
    notes
        Sentences on all of it that is missing.
    report
        The page of the study's report beside it, if there is one.
    """

    name: str
    path: Path
    study: str | None = None
    device: str | None = None
    vendor: str | None = None
    simulated: bool = False
    calibrated: str | None = None
    submitted: str | None = None
    shots: int = 0
    bill: Bill | None = None
    every: float = 0.0
    jobs: tuple[JobRow, ...] = ()
    notes: tuple[str, ...] = ()
    report: Path | None = None

    @property
    def rounds(self) -> int:
        """In how many rounds its circuits are run."""
        return len({job.round for job in self.jobs})


def gather(folders: Sequence[Path], track: Track = silent) -> list[RunRow]:
    """Return a row for each run in folders, oldest first: folders of runs, of studies that have some, or runs.

    Parameters
    ----------
    folders
        At least one.
    track
        Shows how many were read.

    Raises
    ------
    InputError
        If a folder cannot be read, or there is no run in any.
    """
    found: dict[Path, HardwareRun | InputError] = {}
    for folder in folders:
        if (Path(folder) / "run.json").exists():
            found[Path(folder)] = _opened(Path(folder))
            continue
        for name, run in open_runs(folder).items():
            path = run.path if isinstance(run, HardwareRun) else _place(Path(folder), name)
            found[path] = run
    if not found:
        listed = ", ".join(map(str, folders))
        raise InputError(f"{listed} holds no runs on devices; make one with tickets submit, or name another folder.")
    here = provenance()
    unique = {path.resolve(): (path, run) for path, run in found.items()}
    rows, advance = [], track("Reading runs", len(unique))
    for path, run in unique.values():
        rows.append(read_run(path, run, here))
        advance(path.name)
    return sorted(rows, key=lambda row: (row.submitted or "", row.name))


def read_run(path: Path, run: HardwareRun | InputError, here: Mapping[str, Any]) -> RunRow:
    """Return the row of a run, or of one that cannot be read.

    Parameters
    ----------
    path
        Its folder.
    run
        The run, or why there is none.
    here
        The machine and versions here, as of `compare.engine.provenance.provenance`.
    """
    if isinstance(run, InputError):
        return RunRow(path.name, path, notes=(str(run),))
    record = run.record
    notes, target = [], None
    try:
        target = run.target()
    except FAULTS as error:
        notes.append(f"Its calibration cannot be read: {_said(error)}")
    others = differences({"versions": record.versions}, here)
    if others:
        notes.append(f"Recorded with other versions than those here: {', '.join(others)}.")
    circuits = sum(job.round == run.jobs[0].round for job in run.jobs)
    jobs = [_job(run, job, place % circuits, target) for place, job in enumerate(run.jobs)]
    if circuits == len(jobs):  # one round: nothing asks for the bits any more
        jobs = [replace(job, bits=None) for job in jobs]
    left = sum(job.state != "done" for job in jobs)
    if left:
        states = ", ".join(sorted({job.state for job in jobs if job.state != "done"}))
        notes.append(f"{left:,} of {so_many(len(jobs), 'job')} without a result yet ({states}).")
    page = path.parent / PAGE
    return RunRow(
        run.name,
        path,
        record.study,
        record.backend,
        None if record.local else _vendor(record.backend),
        record.local,
        record.calibrated,
        record.started,
        sum(run.shots(job) for job in run.jobs),
        record.bill,
        record.every,
        tuple(jobs),
        tuple(notes),
        page if record.study is not None and page.is_file() else None,
    )


def _opened(path: Path) -> HardwareRun | InputError:
    try:
        return HardwareRun(path)
    except InputError as error:
        return error


def _place(folder: Path, name: str) -> Path:
    """Return where the run of a name stands, in a folder or one below it."""
    inner = sorted(folder.glob(f"*/{name}"))
    return folder / name if (folder / name).is_dir() or not inner else inner[0]


def _vendor(device: str) -> str | None:
    from quantum.backends.adapter import vendor_of

    try:
        return vendor_of(device).title
    except FAULTS:  # one that is not installed here
        return None


def _job(run: HardwareRun, job: Job, circuit: int, target: "Target | None") -> JobRow:
    said: dict[str, Any] = {
        "job": job.name,
        "circuit": circuit,
        "round": job.round,
        "about": job.description,
        "digest": job.digest,
        "shots": run.shots(job),
    }
    notes: list[str] = []
    said |= _fit(job)
    try:
        said["state"] = state_of(run, job)
        known, outcome = run.read(Submission, run.lead(job)), run.read(Outcome, job)
        if known is not None:
            said |= {"queue": known.queue, "execution": known.execution, "when": _moment(known.noted, known.queue)}
        if outcome is not None:
            said |= {"fetched": outcome.seconds, "compiled": compiled_gates(outcome.compiled, said.get("gates"))}
            if run.record.local:
                said["when"] = _moment(outcome.at, None)
            said |= _numbers(run, job, target, notes)
    except FAULTS as error:
        said["state"] = "unreadable"
        notes.append(f"Job {job.name}: {_said(error)}")
    return JobRow(**said, notes=tuple(notes))


def _fit(job: Job) -> dict[str, Any]:
    fit = job.fit or {}
    qubits, gates, fidelity = fit.get("qubits"), fit.get("two_qubit_gates"), fit.get("fidelity")
    return {
        "qubits": len(qubits) if isinstance(qubits, list) else None,
        "gates": gates if type(gates) is int else None,
        "expected": float(fidelity) if isinstance(fidelity, int | float) else None,
    }


def _numbers(run: HardwareRun, job: Job, target: "Target | None", notes: list[str]) -> dict[str, Any]:
    kind = recorded_kind(job.payload)
    bits = run.result(job).arrays["bits"]
    if kind.scores is None:
        return {"bits": bits}
    from compare.hardware.scores import mitigated, raw
    from quantum.backends.readout import ReadoutErrors

    scores = kind.scores(run.payload(job), bits)
    found: dict[str, Any] = {"bits": bits, "number": scores.name, "raw": raw(scores)}
    found |= {"perfect": scores.perfect, "pvalue": scores.pvalue}
    circuit = run.circuit(job)
    if target is not None and circuit is not None:
        try:
            found["mitigated"] = mitigated(scores, bits, ReadoutErrors.from_target(circuit, target))
        except FAULTS as error:
            notes.append(f"Job {job.name} is not mitigated: {_said(error)}")
    return found


def compiled_gates(said: str | None, here: int | None) -> int | None:
    """Return the two-qubit gates of a circuit as its vendor compiled it; None where that is not known.

    Parameters
    ----------
    said
        The outcome's record: a program in OpenQASM, the JSON of IonQ's, "as it was sent", or None.
    here
        The gates as it was sent.
    """
    if said is None:
        return None
    if said == AS_SENT:
        return here
    if "OPENQASM" in said[:1000]:
        matches = (PAIR.fullmatch(part) for part in re.split(r"[;{}\n]", said))
        return sum(found is not None and found["gate"] not in NO_GATES for found in matches)
    try:
        return _pairs(json.loads(said)) or None  # a form that is not known has none
    except (ValueError, RecursionError):
        return None


def _pairs(part: Any) -> int:
    if isinstance(part, list):
        return sum(map(_pairs, part))
    if not isinstance(part, dict):
        return 0
    if isinstance(part.get("gate"), str):
        places = [part.get(name) for name in ("target", "targets", "control", "controls")]
        return sum(len(one) if isinstance(one, list) else one is not None for one in places) == 2
    return sum(map(_pairs, part.values()))


def _moment(at: str, queue: float | None) -> datetime:
    return datetime.fromisoformat(at) + timedelta(seconds=min(max(queue or 0.0, 0.0), 1e8))


def _said(error: BaseException) -> str:
    return str(error) if isinstance(error, InputError) else f"{type(error).__name__}: {error}"


def numbers_of(rows: Iterable[RunRow]) -> dict[str, list[tuple[RunRow, JobRow]]]:
    """Return the jobs that have a number and a time, by what the number is."""
    found: dict[str, list[tuple[RunRow, JobRow]]] = {}
    for row in rows:
        for job in row.jobs:
            if job.raw is not None and job.when is not None:
                found.setdefault(job.number, []).append((row, job))
    return found
