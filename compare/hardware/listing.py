"""The runs of a folder, by what is on disk alone: no service is asked."""

from pathlib import Path
from typing import Any

from compare.hardware.record import HardwareRun, JobRecord, open_runs
from problems.errors import InputError

__all__ = ["list_runs"]

ENDED = ("failed", "cancelled", "gone")


def list_runs(out: Path) -> list[dict[str, Any]]:
    """Return the runs below a folder, oldest first, as plain data.

    Each has `run`, `status` ("prepared": nothing submitted yet, "partly submitted", "submitted", "partly done", "done",
    "failed", or "unreadable" with a `reason`), `jobs` (their number), `shots` (of each), `done`, `job_ids`, `backend`
    and `started`.

    Raises
    ------
    InputError
        If the folder cannot be read or holds no runs.
    """
    runs = open_runs(out)
    if not runs:
        raise InputError(
            f"{out} holds no hardware runs; make one with tickets submit, or name their folder with --out."
        )
    return [_entry(name, run) for name, run in runs.items()]


def _entry(name: str, run: HardwareRun | InputError) -> dict[str, Any]:
    if isinstance(run, InputError):
        return _unreadable(name, run)
    try:
        ids = [run.job_id(job) for job in run.jobs]
        states = [_state(run, job) for job in run.jobs]
    except InputError as error:
        return _unreadable(name, error)
    return {
        "run": name,
        "status": _status(states),
        "jobs": len(run.jobs),
        "shots": run.record["shots"],
        "done": states.count("done"),
        "job_ids": [job_id for job_id in ids if job_id is not None],
        "backend": run.record["backend"],
        "started": run.record["started"],
    }


def _unreadable(name: str, error: InputError) -> dict[str, Any]:
    nothing = dict.fromkeys(("jobs", "shots", "done", "backend", "started"))
    return {"run": name, "status": "unreadable", "reason": str(error), "job_ids": [], **nothing}


def _state(run: HardwareRun, job: JobRecord) -> str:
    if (run.path / f"result-{job.name}.json").exists():
        return "done"
    if run.record["local"]:
        return "submitted"
    known = run.read(f"job-{job.name}.json", "job")
    if known is None:
        return "missing"
    return "failed" if known["state"] in ENDED else "submitted"


def _status(states: list[str]) -> str:
    if all(state == "done" for state in states):
        return "done"
    if "failed" in states:
        return "failed"
    if all(state == "missing" for state in states):
        return "prepared"
    if "missing" in states:
        return "partly submitted"
    return "partly done" if "done" in states else "submitted"
