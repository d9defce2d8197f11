"""Runs on devices as plain data: all that their page shows."""

import os
from collections.abc import Sequence
from typing import Any

from compare.hardware.rows import AveragesRow, JobRow, RunRow
from compare.statistics import Estimate

__all__ = ["notes_of", "plain_rows"]


def plain_rows(rows: Sequence[RunRow]) -> list[dict[str, Any]]:
    """Return all that the page shows of runs, as JSON has it; None where not known."""
    return [
        {
            "run": row.name,
            "study": row.study,
            "device": row.device,
            "vendor": row.vendor,
            "simulated": row.simulated,
            "calibrated": row.calibrated,
            "submitted": row.submitted,
            "shots": row.shots,
            "money": None if row.bill is None else (0.0 if row.simulated else row.bill.total),
            "currency": None if row.bill is None else row.bill.currency,
            "prices": None if row.bill is None else row.bill.date,
            "notes": notes_of(row),
            "jobs": [_plain_job(job) for job in row.jobs],
            "averages": [_plain_averages(one) for one in row.averages],
        }
        for row in rows
    ]


def _plain_job(job: JobRow) -> dict[str, Any]:
    ends = {name: _plain_estimate(found) for name, found in (("raw", job.raw), ("mitigated", job.mitigated))}
    return {
        "job": job.job,
        "round": job.round,
        "way": job.way or None,
        "about": job.about,
        "state": job.state,
        "when": None if job.when is None else job.when.isoformat(),
        "qubits": job.qubits,
        "two_qubit_gates": job.gates,
        "two_qubit_gates_by_service": job.compiled,
        "expected": job.expected,
        "shots": job.shots,
        "queue": job.queue,
        "execution": job.execution,
        "fetched": job.fetched,
        "number": job.number or None,
        "perfect": job.perfect,
        "fit": job.pvalue,
        **ends,
    }


def _plain_averages(one: AveragesRow) -> dict[str, Any]:
    kept = one.kept
    return {
        "job": one.job,
        "round": one.round,
        "averages": [
            {
                "name": name,
                "ideal": kept.ideal[place],
                "ways": {
                    way.name: {
                        **(_plain_estimate(kept.estimate(way, place)) or {}),
                        "variance": kept.cost(way, place),
                        "shots": way.shots,
                        "jobs": len(way.jobs),
                        "gamma": way.gamma,
                        "law": way.laws[place] if way.laws else None,
                        "two_qubit_gates": list(way.gates),
                        "two_qubit_gates_by_service": None if (own := one.compiled[way.name]) is None else list(own),
                    }
                    for way in kept.ways
                },
            }
            for place, name in enumerate(kept.names)
        ],
    }


def _plain_estimate(found: Estimate | None) -> dict[str, Any] | None:
    if found is None:
        return None
    ends = {name: getattr(found, name) for name in ("low", "best", "high")}
    return {name: one if abs(one) < float("inf") else None for name, one in ends.items()}


def notes_of(row: RunRow) -> list[str]:
    """Return what is missing of a run and its jobs, without the folders of the machine that it is on."""
    every = dict.fromkeys([*row.notes, *(note for job in row.jobs for note in job.notes)])
    return [note.replace(f"{row.path.parent}{os.sep}", "") for note in every]
