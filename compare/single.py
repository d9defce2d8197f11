"""The command `tickets record`: single records of a run, as a page's links name them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from problems.errors import InputError

if TYPE_CHECKING:
    from compare.engine.record import Record

__all__ = ["found_records", "register"]

LEAST = 4
"""Digits of a hash, at least, that name a record."""


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""

    @app.command()
    def record(
        run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run, or file of records.")],
        tasks: Annotated[list[str], typer.Argument(metavar="HASH...", help="First digits of tasks' hashes.")],
    ) -> None:
        """Print records of a run as JSON: settings, result, seconds, versions and machine."""
        for one in found_records(run, tasks):
            print(json.dumps(json.loads(_line(one)), indent=1, ensure_ascii=False))


def found_records(run: Path, tasks: list[str]) -> "list[Record]":
    """Return the records of a run whose hashes begin so.

    Parameters
    ----------
    run
        A folder that a study ran in, or a file of records.
    tasks
        Beginnings of hashes, of at least `LEAST` digits.

    Raises
    ------
    InputError
        If there is no such run, or a beginning is short, or names no record or several.
    """
    from compare.reporting import load_runs

    known: dict[str, Record] = {}
    for runs in load_runs([run]):
        known |= runs.records.failed | runs.records.finished
    found = []
    for begin in tasks:
        named = [task for task in known if len(begin) >= LEAST and task.startswith(begin.lower())]
        if len(named) != 1:
            why = f"{len(named)} records" if named else "no record"
            raise InputError(
                f"{begin!r} names {why} of {run} ({len(known):,} there); give more digits of a hash as the report's "
                f"table of every task has it, {LEAST} at least."
            )
        found.append(known[named[0]])
    return found


def _line(record: "Record") -> bytes:
    from compare.engine.record import encode

    return encode(record.line)
