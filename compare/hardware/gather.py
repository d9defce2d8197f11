"""Runs on devices as rows: what each asked, what it took, what it cost and what came out, from its folder alone.

Nothing is asked of a service. What is missing, damaged or of another version is said in the row, and the others stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compare.engine.provenance import differences, provenance
from compare.hardware.averages_record import AveragesRecord
from compare.hardware.compiled import compiled_gates
from compare.hardware.listing import open_runs, state_of
from compare.hardware.payload import recorded_kind
from compare.hardware.record import Job, Outcome, Submission
from compare.hardware.rows import AveragesRow, JobRow, RunRow
from compare.hardware.run import HardwareRun
from compare.progress import Track, silent
from compare.report import PAGE
from compare.report.cells import so_many
from problems.errors import InputError

if TYPE_CHECKING:
    from qiskit.transpiler import Target

__all__ = ["gather", "numbers_of", "read_run"]

FAULTS = (ArithmeticError, AttributeError, ImportError, LookupError, RecursionError, TypeError, ValueError)
"""Errors that records of impossible things raise where they are read; an `InputError` is one of them."""


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
    averages = _averages(run, jobs, notes)
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
        averages,
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
        "way": "" if job.arm is None else job.arm.told,
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
            if job.arm is None:
                said |= _numbers(run, job, target, notes)
    except FAULTS as error:
        said["state"] = "unreadable"
        notes.append(f"Job {job.name}: {_said(error)}")
    return JobRow(**said, notes=tuple(notes))


def _averages(run: HardwareRun, jobs: Sequence[JobRow], notes: list[str]) -> tuple[AveragesRow, ...]:
    """Return the averages of a run's circuits that are there, and note what is missing."""
    if run.record.mitigation is None:
        return ()
    compiled = {row.job: row.compiled for row in jobs}
    found, missing = [], 0
    for job in run.jobs:
        if job.arm is not None:
            continue
        try:
            kept = run.read(AveragesRecord, job)
        except FAULTS as error:
            notes.append(f"The averages of job {job.name}: {_said(error)}")
            continue
        if kept is None:
            missing += 1
            continue
        gates = {way.name: _known(compiled.get(name) for name in way.jobs) for way in kept.ways}
        found.append(AveragesRow(job.name, job.round, job.description, kept, gates))
    if missing:
        notes.append(f"The averages of {so_many(missing, 'circuit')} wait for their jobs.")
    return tuple(found)


def _known(numbers: Iterable[int | None]) -> tuple[int, ...] | None:
    """Return each number once; None if one is not known."""
    every = list(numbers)
    known = [one for one in every if one is not None]
    return tuple(dict.fromkeys(known)) if len(known) == len(every) else None


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
