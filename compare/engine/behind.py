"""The records behind the numbers of a report, whatever the study: failures, refusals, environments, every task."""

import dataclasses
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from compare.engine.record import Record
from compare.report import Section, Table
from compare.report.cells import Cell, count, seconds, so_many

if TYPE_CHECKING:
    from compare.engine.runs import Runs
    from compare.report import Report

__all__ = ["complete"]

LISTED = 1000
"""A page lists so many single tasks at most."""


def complete(report: "Report", runs: "Runs") -> "Report":
    """Return a study's report with what stands behind it: which tasks are missing, and every record's circumstances."""
    records = [record for kind in runs.study.kinds for record in runs.of_kind(kind)]
    tables = (_failures(runs.failed), _refusals(records), _environments(records), _tasks(records))
    own = f"only {report.cited} are others', and named so" if report.cited else "none is taken from the papers"
    behind = Section(
        "Behind the numbers",
        [
            f"All numbers on this page are of this run; {own}. Every task has a line in records.jsonl, with its "
            "settings, versions and machine."
        ],
        [sentence for sentence in (runs.records.damage(), _elsewhere(runs), _missing(runs)) if sentence],
        [table for table in tables if table.rows],
    )
    return dataclasses.replace(
        report, sections=[*report.sections, behind], run=runs.origin(), symbols=runs.study.symbols
    )


def _missing(runs: "Runs") -> str:
    if not runs.missing:
        return ""
    verb = "has" if runs.missing == 1 else "have"
    return f"{runs.missing:,} of {so_many(runs.asked, 'task')} {verb} no result yet; the same command goes on."


def _elsewhere(runs: "Runs") -> str:
    left_out = sum(runs.elsewhere(kind) for kind in runs.study.kinds)
    if not left_out:
        return ""
    times = so_many(left_out, "time")
    are = "is" if left_out == 1 else "are"
    return f"{times} of other machines {are} left out: times of different machines are never fitted together."


def _failures(failed: Sequence[Record]) -> Table:
    rows = [
        [record.planned.id, _settings(record), record.line.error or record.line.refused or "", record.line.finished]
        for record in failed
    ]
    note = "These have no result; the same command tries them again. The whole traceback is in records.jsonl."
    return Table("Tasks without a result", ["task", "settings", "because", "at"], rows, note)


def _refusals(records: Sequence[Record]) -> Table:
    """Return what was refused, seed and repeat apart, with the first reason and how often."""
    found: dict[str, list[str]] = {}
    for record in records:
        if record.line.refused is not None:
            found.setdefault(_settings(record, ("seed", "repeat", "fold")), []).append(record.line.refused)
    rows: list[list[Cell | str]] = [[settings, reasons[0], count(len(reasons))] for settings, reasons in found.items()]
    note = "Tasks that could not be measured at all."
    return Table("What does not apply", ["settings", "why", "tasks"], rows, note, folded=True)


def _environments(records: Sequence[Record]) -> Table:
    """Return each set of versions and machine with its number of tasks, where there are several."""
    found: dict[str, list[Record]] = {}
    for record in records:
        line = record.line
        found.setdefault(json.dumps([line.versions, line.machine, line.commit], sort_keys=True), []).append(record)
    rows: list[list[Cell | str]] = [
        [
            str(number),
            count(len(same)),
            str(same[0].line.machine.get("system", "-")),
            str(same[0].line.machine.get("cores", "-")),
            ", ".join(f"{name} {version}" for name, version in same[0].line.versions.items()),
            commit["id"][:10] if (commit := same[0].line.commit) else "-",
        ]
        for number, same in enumerate(found.values(), 1)
    ]
    columns = ["environment", "tasks", "system", "cores", "versions", "commit"]
    return Table(
        "Where it ran", columns, rows if len(rows) > 1 else [], "One row for each set of versions and machine."
    )


def _tasks(records: Sequence[Record]) -> Table:
    rows: list[list[Cell | str]] = [
        [
            record.planned.id,
            record.planned.kind.name,
            _settings(record),
            seconds(record.line.seconds),
            record.line.finished,
        ]
        for record in records[:LISTED]
    ]
    more = f" The first {LISTED:,} of {len(records):,}." if len(records) > LISTED else ""
    note = (
        f"The hash is that of kind, version and settings; seconds are of the whole task.{more} Numbers in small boxes "
        "beside rows lead here, to the records that a row is made of; `tickets record FOLDER HASH` prints one."
    )
    columns = ["task", "kind", "settings", "seconds", "finished"]
    anchors = [record.planned.id for record in records[:LISTED]]
    return Table("Every task", columns, rows, note, folded=True, anchors=anchors)


def _settings(record: Record, without: Sequence[str] = ()) -> str:
    settings = record.planned.settings
    return ", ".join(
        f"{name} = {'all' if value is None else value}" for name, value in settings.items() if name not in without
    )
