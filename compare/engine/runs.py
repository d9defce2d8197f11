"""Runs: the records of what was asked for, by kind, and the report they make."""

import dataclasses
import json
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compare.engine.ask import Ask, newest, read_asks
from compare.engine.fields import recorded
from compare.engine.folder import Records, read_records
from compare.engine.kind import Kind, imported
from compare.engine.plain import plain
from compare.engine.record import Record
from compare.engine.rows import Rows
from compare.engine.study import Study
from compare.report.styles import Shown
from compare.report.table import RECORD
from problems.errors import InputError
from problems.showing import so_many

if TYPE_CHECKING:
    from compare.report import Report

__all__ = ["Runs"]


class _Row(Mapping[str, Any]):
    """A record as a row: fields of its task, then of its result, which is read when one is asked for; then its hash."""

    def __init__(self, record: Record) -> None:
        self._record = record
        kind = record.planned.kind
        self._task, self._result = _columns(kind.task, kind.result)

    def __getitem__(self, name: str) -> Any:
        if name in self._task:
            return getattr(self._record.task, name)
        if name in self._result:
            if name in self._record.line.arrays:
                return self._record.array(name)
            return getattr(self._record.checked, name)
        if name == RECORD:
            return self._record.planned.id
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter([*self._task, *self._result, RECORD])

    def __len__(self) -> int:
        return len(self._task) + len(self._result) + 1


@cache
def _columns(task: type[Any], result: type[Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of a task's fields, and of those of its result that are not among them."""
    first = tuple(field.name for field in dataclasses.fields(task))
    return first, tuple(field.name for field in dataclasses.fields(result) if field.name not in first)


class Runs:
    """The records of what was asked for.

    Parameters
    ----------
    study
        The study.
    asks
        What was asked for: one, or several that are reported as one.
    records
        All records of the study's kinds that were read.
    folder
        Where they stand.
    """

    def __init__(self, study: Study, asks: Sequence[Ask], records: Records, folder: Path) -> None:
        self.study, self.asks, self.records, self.folder = study, list(asks), records, folder
        self.methods: Mapping[str, Shown] = (
            {name: known for ask in self.asks for name, known in ask.methods.items()}
            if self.asks
            else study.shown((record.planned for record in records.finished.values()), others=False)
        )
        self.labels = {name: label for ask in self.asks for name, label in ask.labels.items()}
        # Without an ask, as in a file of records alone, all that is there is meant, in whatever order it stands.
        asked = dict.fromkeys(task for ask in self.asks for task in ask.tasks) or dict.fromkeys(
            _ordered(study, records)
        )
        self._asked: list[str] = list(asked)
        own = [records.finished[task] for task in self._asked if task in records.finished]
        needed, left = dict[str, None](), deque(task for record in own for task in record.line.inputs)
        while left:
            task = left.popleft()
            if task in records.finished and task not in needed and task not in asked:
                needed[task] = None
                left += records.finished[task].line.inputs
        self._all = own + [records.finished[task] for task in needed]
        self._by_kind: dict[str, list[Record]] = {}
        for record in self._all:
            self._by_kind.setdefault(record.planned.kind.name, []).append(record)

    @classmethod
    def read(cls, study: Study, folder: Path, ask: Ask | None = None) -> "Runs":
        """Read the runs of an ask, the newest by default, from a study's folder.

        Raises
        ------
        InputError
            If there is none, or a file cannot be read.
        """
        found = newest(folder) if ask is None else ask
        return cls(study, [found], read_records([folder], study.by_name), folder)

    @classmethod
    def joined(cls, study: Study, paths: Sequence[Path]) -> "Runs":
        """Read several folders, and files of records, of a study whose tasks are a free grid, as one.

        Raises
        ------
        InputError
            If a file cannot be read.
        """
        asks = [ask for path in paths if path.is_dir() for ask in read_asks(path)[-1:] if ask.study == study.name]
        return cls(study, asks, read_records(paths, study.by_name), paths[0])

    @property
    def settings(self) -> Any:
        """The settings of the newest ask; the defaults where there is none."""
        parts = self._parts
        return recorded(self.study.settings, parts[0]) if parts else self.study.settings()

    @property
    def _parts(self) -> tuple[dict[str, Any], ...]:
        return self.asks[-1].settings if self.asks else ()

    def of_kind(self, kind: Kind) -> list[Record]:
        """Return the final records of one kind: those asked for, in their order, then those that they needed."""
        return list(self._by_kind.get(kind.name, ()))

    def __getitem__(self, kind: Kind) -> Rows:
        """Return one row for each record with a result; of a timed kind those of one machine, the one with most."""
        return Rows([_Row(record) for record in self._here(kind)[0]], self.methods, self.labels)

    def elsewhere(self, kind: Kind) -> int:
        """Return how many records of a timed kind are left out since they are of other machines."""
        return self._here(kind)[1]

    def _here(self, kind: Kind) -> tuple[list[Record], int]:
        found = [record for record in self.of_kind(kind) if record.line.result is not None]
        if not kind.timed:
            return found, 0
        machines = Counter(map(_machine, found))
        if len(machines) < 2:
            return found, 0
        most = machines.most_common(1)[0][0]
        here = [record for record in found if _machine(record) == most]
        return here, len(found) - len(here)

    def refused(self, kind: Kind) -> Rows:
        """Return the tasks of a kind that were refused for good, each with the reason as ``refused``."""
        return self._without(kind, [record for record in self.of_kind(kind) if record.line.refused is not None])

    def tasks(self, kind: Kind) -> Rows:
        """Return the tasks of a kind that were asked for, whether they have a result or not, those refused left out.

        What `Rows.contrast` takes as ``asked``: a pair counts as missing if neither side has a record.
        """
        parts: list[Any] = [recorded(self.study.settings, part) for part in self._parts]
        every = self.study.made(parts, self.asks[-1].most) if parts else {}
        asked = {one.id: one for one in every.values() or [record.planned for record in self._all]}
        asked = {task: one for task, one in asked.items() if one.kind.name == kind.name}
        for record in self.of_kind(kind):
            if record.line.refused is not None:
                asked.pop(record.planned.id, None)
        names = [field.name for field in dataclasses.fields(kind.task)]
        return Rows(
            ({name: getattr(one.task, name) for name in names} for one in asked.values()), self.methods, self.labels
        )

    def others(self) -> str:
        """Say in one sentence if an ask lists other tasks than its settings make; empty if none does."""
        for ask in self.asks:
            made = self.study.made((recorded(self.study.settings, part) for part in ask.settings), ask.most)
            if made and (others := ask.others(made)):
                return f"{self.folder}: {others}; the report is of those that it lists."
        return ""

    @property
    def failed(self) -> list[Record]:
        """The records of tasks that have none that is final: errors, and refusals of the machine."""
        return list(self.records.failed.values())

    @property
    def all_refused(self) -> list[Record]:
        """The records of the tasks asked for, if every one of them was refused for good; else none."""
        found = [self.records.finished[task] for task in self._asked if task in self.records.finished]
        return found if len(found) == self.asked and all(one.line.refused is not None for one in found) else []

    @property
    def missing(self) -> int:
        """How many of the tasks asked for have no final record."""
        return sum(task not in self.records.finished for task in self._asked)

    @property
    def asked(self) -> int:
        """How many tasks were asked for."""
        return len(self._asked)

    def _without(self, kind: Kind, records: Sequence[Record]) -> Rows:
        names = [field.name for field in dataclasses.fields(kind.task)]
        return Rows(
            (
                {name: getattr(record.task, name) for name in names} | {"refused": record.line.refused}
                for record in records
            ),
            self.methods,
            self.labels,
        )

    def origin(self) -> dict[str, Any]:
        """Return what a page records of this run: enough to do the same again."""
        first = self.asks[0] if self.asks else None
        some = min(self.records.finished.values(), key=lambda one: (one.line.finished, one.planned.id), default=None)
        source: Any = first or (some.line if some else None)
        if source is None:
            raise InputError(f"{self.folder}: no task is finished yet, so there is nothing to report.")
        found: dict[str, Any] = plain(
            {
                "kind": self.study.name,
                "settings": self._parts[0] if self._parts else {},
                "asks": self.asks,
                # Without settings the tasks say what to do again.
                "tasks": []
                if self._parts
                else [{"kind": one.planned.kind.name, "settings": one.planned.settings} for one in self._all],
                "versions": source.versions,
                "machine": source.machine,
                "commit": source.commit,
                "started": first.started if first else some.line.finished if some else "",
                "command": " && ".join(dict.fromkeys(ask.command for ask in self.asks)),
            }
        )
        return found

    def made(self) -> "Report":
        """Make the report, without writing it; it is a function of records and settings alone.

        Raises
        ------
        InputError
            If no task has a result yet.
        """
        from compare.engine.behind import complete

        if not any(record.line.result is not None for record in self.records.finished.values()):
            damage = f" {self.records.damage()}" if self.records.damaged else ""
            raise InputError(
                f"{self.folder}: no task is finished yet, so there is nothing to report; run the study first.{damage}"
            )
        return complete(imported(self.study.report)(self, self.settings), self)

    def report(self, out: Path | None = None) -> "Report":
        """Make the report, and write its page into the folder, or into `out`."""
        from compare.report import write_report

        made = self.made()
        write_report(made, self.folder if out is None else out)
        return made

    def to_pandas(self, kind: Kind | None = None) -> Any:
        """Return the rows of a kind as a pandas DataFrame; by the kind's name for all kinds, if none is named.

        Raises
        ------
        InputError
            If pandas is not installed.
        """
        if kind is not None:
            return self[kind].to_pandas()
        found = {one.name: self[one] for one in self.study.kinds}
        frames = {name: rows.to_pandas() for name, rows in found.items() if rows}
        return next(iter(frames.values())) if len(frames) == 1 else frames

    def _repr_html_(self) -> str:
        """Show how far it is, and the report of what is finished."""
        from html import escape

        said = f"<p>{escape(repr(self))}</p>"
        try:
            return said + self.made()._repr_html_()
        except InputError as error:  # nothing is finished yet
            return f"{said}<p>{escape(str(error))}</p>"

    def __repr__(self) -> str:
        done = self.asked - self.missing
        return f"Runs of {self.study.name}: {done:,} of {so_many(self.asked, 'task')} finished, in {self.folder}"


def _ordered(study: Study, records: Records) -> list[str]:
    """Return the tasks that are finished by kind and settings: lines stand as their tasks ended, or were copied."""
    kinds = list(study.by_name)

    def place(task: str) -> tuple[Any, ...]:
        planned = records.finished[task].planned
        return kinds.index(planned.kind.name), *map(_place, planned.settings.values())

    return sorted(records.finished, key=place)


def _place(value: Any) -> tuple[Any, ...]:
    """Return where a setting stands among others of its name: nothing, numbers, text, lists, mappings."""
    if isinstance(value, list):
        return (3, *map(_place, value))
    if isinstance(value, dict):
        return (4, *((name, _place(part)) for name, part in sorted(value.items())))
    return (0,) if value is None else (2 if isinstance(value, str) else 1, value)


def _machine(record: Record) -> str:
    return json.dumps(record.line.machine, sort_keys=True)
