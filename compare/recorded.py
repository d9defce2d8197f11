"""Runs that a page, a run's folder or a sweep's remembers: enough to do the same again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from compare.records import read_run
from problems.activations import Activation
from problems.errors import InputError, choose

__all__ = ["as_settings", "differences", "is_page", "read_page", "recorded_runs"]

T = TypeVar("T")

EMBEDDED = "runs"
"""The id of the page's element that holds the records."""


def is_page(path: Path) -> bool:
    """Tell whether a path is a report's page, by its ending."""
    return path.suffix in (".html", ".htm")


def recorded_runs(path: Path) -> list[dict[str, Any]]:
    """Return the records of the runs that a page, a folder or a file of records tells of.

    Parameters
    ----------
    path
        A `report.html`, a run's folder, a sweep's folder or its `.jsonl` file.

    Returns
    -------
    list
        For each run its kind, settings, and whatever else was recorded; a sweep's also has ``tasks``.

    Raises
    ------
    InputError
        If there is nothing of that.
    """
    from compare.sweeps.page import is_sweep, load_reports

    if is_page(path):
        return read_page(path)
    if is_sweep(path):
        return [dict(report.run) for report in load_reports([path])]
    return [read_run(path)]


def read_page(path: Path) -> list[dict[str, Any]]:
    """Return the records that a page holds.

    Raises
    ------
    InputError
        If it cannot be read, or is no report that `tickets` wrote.
    """
    reader = _Reader()
    try:
        reader.feed(path.read_text(encoding="utf-8"))
        runs = json.loads("".join(reader.text))
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); name a page that `tickets` wrote.") from None
    except ValueError:
        runs = None
    if not (isinstance(runs, list) and runs and all(map(_is_record, runs))):
        raise InputError(
            f"{path} holds no record of a run: it is no report of this version, or it was changed; name another page, "
            "or the run's folder."
        )
    return runs


def _is_record(run: Any) -> bool:
    return isinstance(run, dict) and isinstance(run.get("kind"), str) and isinstance(run.get("settings"), dict)


class _Reader(HTMLParser):
    """Collects what stands in the page's element of records."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and dict(attrs).get("id") == EMBEDDED

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text.append(data)


def as_settings(kind: type[T], record: Mapping[str, Any]) -> T:
    """Return recorded settings as a study's own: every one, each of its type.

    Parameters
    ----------
    kind
        The study's dataclass of settings.
    record
        Plain data, from a file that may come from anybody.

    Raises
    ------
    InputError
        If a setting is unknown, missing, or of another type.
    """
    hints = get_type_hints(kind)
    names = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    for name, value in record.items():
        choose("setting", name, names)
        if not _fits(value, hints[name]):
            raise InputError(f"{name} = {value!r} is no such setting; the record was changed by hand: make a new run.")
    missing = [name for name in names if name not in record]
    if missing:
        raise InputError(
            f"The record lacks the setting {missing[0]!r}, which this version has: the run is of another version; "
            "take that one, or make a new run."
        )
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in record.items()})


def _fits(value: Any, hint: Any) -> bool:
    """Tell whether plain data are of a type: numbers, text, None, sequences, and unions of these."""
    if hint == Activation:
        return _fits(value, str | Sequence[float])
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, part) for part in get_args(hint))
    if isinstance(origin or hint, type) and issubclass(origin or hint, Sequence) and (origin or hint) is not str:
        inner = get_args(hint)
        return isinstance(value, list) and all(not inner or _fits(part, inner[0]) for part in value)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, NoneType if hint is None else hint)


def differences(run: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Say which versions are others than those that a run recorded.

    Parameters
    ----------
    run
        The run's record.
    now
        What `compare.records.provenance` says here.
    """
    recorded, here = run.get("versions") or {}, now["versions"]
    said = [
        f"{name} {here[name]} (recorded: {recorded[name]})"
        for name in here
        if name in recorded and recorded[name] != here[name]
    ]
    then, commit = run.get("commit"), now.get("commit")
    if then and commit and then != commit:
        said.append(f"commit {_short(commit)} (recorded: {_short(then)})")
    return said


def _short(commit: Mapping[str, Any]) -> str:
    return f"{commit['id'][:10]}{', changed' if commit['changed'] else ''}"
