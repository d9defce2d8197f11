"""The report of sweeps: what the experiment's own page says, and all that stands behind it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from compare.report import Report, Section
from compare.settings import fits
from compare.sweeps.cells import refusals
from compare.sweeps.experiments import page
from compare.sweeps.ledger import RECORDS, Records, read_records
from compare.sweeps.record import Record
from compare.sweeps.running import SWEEP
from compare.tables import Table, seconds_text
from problems.errors import InputError

__all__ = ["is_sweep", "load_reports", "load_runs"]

ASKED: Mapping[str, Any] = {"kind": str, "command": str, "started": str, "tasks": Sequence[str]}
"""What `sweep.json` has."""

LISTED = 1000
"""A page lists so many single tasks at most."""


def is_sweep(path: Path) -> bool:
    """Tell whether a path is a sweep's folder or a file of records."""
    return path.suffix == ".jsonl" or any((path / name).exists() for name in (RECORDS, SWEEP))


def load_reports(paths: Sequence[Path]) -> list[Report]:
    """Return one report for each kind of task in sweeps' folders and files of records, all read as one.

    Raises
    ------
    InputError
        If a file cannot be read, is of another version, or no task is finished.
    """
    records, sweeps = _read(paths)
    return [_report(kind, records, sweeps) for kind in _kinds(records)]


def load_runs(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Return the `run` of each of these reports, without anything drawn; see `load_reports`."""
    records, sweeps = _read(paths)
    return [_run(kind, records, sweeps) for kind in _kinds(records)]


def _read(paths: Sequence[Path]) -> tuple[Records, list[dict[str, Any]]]:
    """Return the records of all paths, and what was asked for last in each folder."""
    sweeps = [_sweep(path) for path in paths if path.is_dir()]
    # A folder whose first task is not finished yet has no file of records.
    files = [path / RECORDS if path.is_dir() else path for path in paths]
    records = read_records([file for file, path in zip(files, paths, strict=True) if file == path or file.exists()])
    if not records.finished:
        named = ", ".join(map(str, paths))
        why = f" {records.damage()}" if records.damaged else ""
        raise InputError(f"{named}: no task is finished yet, so there is nothing to report; run the sweep first.{why}")
    return records, sweeps


def _kinds(records: Records) -> list[str]:
    return list(dict.fromkeys(record.kind for record in records.finished.values()))


def _of_kind(kind: str, records: Mapping[str, Record]) -> list[Record]:
    return [record for record in records.values() if record.kind == kind]


def _sweep(path: Path) -> dict[str, Any]:
    """Return what was asked for last in a folder; nothing if its records were put there by hand."""
    try:
        content = json.loads((path / SWEEP).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path / SWEEP} cannot be read ({error}); remove it, the records say the rest.") from None
    if not (isinstance(content, dict) and all(fits(content.get(name), hint) for name, hint in ASKED.items())):
        raise InputError(f"{path / SWEEP} is no record of a sweep; remove it, the records say the rest.")
    return content


def _report(kind: str, records: Records, sweeps: Sequence[Mapping[str, Any]]) -> Report:
    finished, failed = _of_kind(kind, records.finished), _of_kind(kind, records.failed)
    asked = {task for sweep in sweeps if sweep.get("kind") == kind for task in sweep["tasks"]}
    missing = len(asked - records.finished.keys())
    own = page(kind)
    verdict = own.verdict(finished)
    if missing:
        verdict = [f"{missing:,} of {len(asked):,} tasks have no result yet; the same command goes on.", *verdict]
    behind = Section(
        "Behind the numbers",
        ["Every task has a line in records.jsonl, with settings, versions and machine of its own."],
        [records.damage()] if records.damaged else [],
        [
            table
            for table in (_failures(failed), _refusals(finished), _environments(finished), _tasks(finished))
            if table.rows
        ],
    )
    return Report(own.TITLE, verdict, [*own.sections(finished), behind], _run(kind, records, sweeps))


def _run(kind: str, records: Records, sweeps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a study's run.json would say; versions and machine are those of the first task."""
    finished, failed = _of_kind(kind, records.finished), _of_kind(kind, records.failed)
    own = [sweep for sweep in sweeps if sweep.get("kind") == kind]
    values: dict[str, list[Any]] = {}
    for record in (*finished, *failed):
        for name, value in record.settings.items():
            if value not in values.setdefault(name, []):
                values[name].append(value)
    first = min(finished, key=lambda record: record.finished)
    settings = {
        name: ", ".join("all" if value is None else str(value) for value in found) for name, found in values.items()
    }
    return {
        "kind": kind,
        "settings": settings,
        "tasks": [dict(record.settings) for record in (*finished, *failed)],
        "versions": first.versions,
        "machine": first.machine,
        "commit": first.commit,
        "started": min([sweep["started"] for sweep in own], default=first.finished),
        "command": " && ".join(dict.fromkeys(sweep["command"] for sweep in own)),
    }


def _failures(failed: Sequence[Record]) -> Table:
    rows = [[record.task, _settings(record), record.error, record.finished] for record in failed]
    note = "These have no result; the same command tries them again. The whole traceback is in records.jsonl."
    return Table("Tasks that failed", ["task", "settings", "because", "at"], rows, note)


def _refusals(finished: Sequence[Record]) -> Table:
    rows = [[settings, why, str(count)] for settings, why, count in refusals(finished)]
    return Table("What does not apply", ["settings", "why", "tasks"], rows, "Tasks that could not be measured at all.")


def _environments(finished: Sequence[Record]) -> Table:
    """Return each set of versions and machine with its number of tasks, where there are several."""
    found: dict[str, list[Record]] = {}
    for record in finished:
        found.setdefault(json.dumps([record.versions, record.machine, record.commit], sort_keys=True), []).append(
            record
        )
    rows = [
        [
            str(number),
            f"{len(records):,}",
            str(records[0].machine.get("system", "-")),
            str(records[0].machine.get("cores", "-")),
            ", ".join(f"{name} {version}" for name, version in records[0].versions.items()),
        ]
        for number, records in enumerate(found.values(), 1)
    ]
    note = "Times of different machines are not to be compared."
    columns = ["environment", "tasks", "system", "cores", "versions"]
    return Table("Where it ran", columns, rows if len(rows) > 1 else [], note)


def _tasks(finished: Sequence[Record]) -> Table:
    rows = [
        [record.task, _settings(record), seconds_text(record.seconds), record.finished] for record in finished[:LISTED]
    ]
    more = f" The first {LISTED:,} of {len(finished):,}." if len(finished) > LISTED else ""
    note = f"The hash is that of the settings; seconds are of the whole task.{more}"
    return Table("Every task", ["task", "settings", "seconds", "finished"], rows, note, folded=True)


def _settings(record: Record) -> str:
    return ", ".join(f"{name}={'all' if value is None else value}" for name, value in record.settings.items())
