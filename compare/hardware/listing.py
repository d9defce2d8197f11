"""The runs of a folder, by what is on disk alone: no service is asked."""

import os
from pathlib import Path
from typing import Any

from compare.hardware.record import Intent, Job, Submission
from compare.hardware.run import HardwareRun
from problems.errors import InputError, choose

__all__ = ["PREFIX", "find_run", "list_runs", "open_runs", "state_of"]

PREFIX = "hw-"
"""Beginning of the names of runs; folders may be renamed."""

COST = ("money", "currency", "prices")

ENDED = ("failed", "cancelled", "gone")


def open_runs(out: Path) -> dict[str, HardwareRun | InputError]:
    """Return the hardware runs below a folder by name, oldest first; an error in place of one that cannot be read.

    Those of studies stand in the studies' folders, one below.

    Raises
    ------
    InputError
        If the folder cannot be read.
    """
    found: dict[str, HardwareRun | InputError] = {}
    try:
        inner = Path(out).glob(f"*/{PREFIX}*")
        folders = sorted(path for path in (*Path(out).iterdir(), *inner) if os.path.lexists(path / "run.json"))
    except OSError as error:
        why = "there is no such folder" if isinstance(error, FileNotFoundError) else error.strerror
        raise InputError(f"{out} cannot be read ({why}); name the folder of your runs with --out.") from None
    for path in folders:
        if path.name.startswith("."):
            continue
        try:
            found[path.name] = HardwareRun(path)
        except InputError as error:
            if path.name.startswith(PREFIX):  # other folders are of other kinds
                found[path.name] = error
    times = {name: run.record.started if isinstance(run, HardwareRun) else "" for name, run in found.items()}
    return dict(sorted(found.items(), key=lambda item: (times[item[0]], item[0])))


def find_run(out: Path, name: str) -> HardwareRun:
    """Return a run by its name.

    Raises
    ------
    InputError
        If there is no such run, or it cannot be read.
    """
    run = choose("run", name, _some_runs(out))
    if isinstance(run, InputError):
        raise run
    return run


def list_runs(out: Path) -> list[dict[str, Any]]:
    """Return the runs below a folder, oldest first, as plain data.

    Each has `run`, `study` (None if it is of no study), `status` ("prepared": nothing submitted yet, "partly
    submitted", "submitted", "partly done", "done", "failed", "unknown": nobody knows whether the service has a job, or
    "unreadable" with a `reason`), `jobs` (their number), `shots` (of each), `done`, `job_ids`, `backend`, `started`,
    and of what it was expected to cost in money, where prices were given: `money`, `currency` and `prices`, their date.

    Raises
    ------
    InputError
        If the folder cannot be read.
    """
    return [_entry(name, run) for name, run in open_runs(out).items()]


def _some_runs(out: Path) -> dict[str, HardwareRun | InputError]:
    runs = open_runs(out)
    if not runs:
        raise InputError(
            f"{out} holds no hardware runs; make one with tickets submit, or name their folder with --out."
        )
    return runs


def _entry(name: str, run: HardwareRun | InputError) -> dict[str, Any]:
    try:
        if isinstance(run, InputError):
            raise run
        known = [run.job_id(job) for job in run.submitted]
        states = [state_of(run, job) for job in run.jobs]
    except InputError as error:
        nothing = dict.fromkeys(("study", "jobs", "shots", "done", "backend", "started", *COST))
        return {"run": name, "status": "unreadable", "reason": str(error), "job_ids": [], **nothing}
    return {
        "run": name,
        "study": run.record.study,
        "status": _status(states),
        "jobs": len(run.jobs),
        "shots": run.record.shots,
        "done": states.count("done"),
        "job_ids": [job_id for job_id in known if job_id is not None],
        "backend": run.record.backend,
        "started": run.record.started,
        **_cost(run),
    }


def _cost(run: HardwareRun) -> dict[str, Any]:
    bill = run.record.bill
    if bill is None:
        return dict.fromkeys(COST)
    amount = 0.0 if run.record.local else bill.total
    return {"money": None if amount is None else round(amount, 6), "currency": bill.currency, "prices": bill.date}


def state_of(run: HardwareRun, job: Job) -> str:
    """Return where a job stands: "missing" (not submitted yet), "unknown", "submitted", "done" or "failed"."""
    lead = run.lead(job)
    known = run.read(Submission, lead)
    if (run.path / f"result-{job.name}.json").exists():
        return "done"
    if run.record.local:
        return "submitted"
    if known is None:
        in_doubt = run.record.guarantee == "none" and run.read(Intent, lead) is not None
        return "unknown" if in_doubt else "missing"
    return "failed" if known.state in ENDED else "submitted"


def _status(states: list[str]) -> str:
    if all(state == "done" for state in states):
        return "done"
    if "failed" in states:
        return "failed"
    if "unknown" in states:
        return "unknown"
    if all(state == "missing" for state in states):
        return "prepared"
    if "missing" in states:
        return "partly submitted"
    return "partly done" if "done" in states else "submitted"
