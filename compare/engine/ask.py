"""A request: a study, its settings and the tasks they make, kept beside the records."""

import contextlib
import dataclasses
import json
import shlex
import sys
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from compare.checkout import Commit
from compare.durable import write_file
from compare.engine.folder import ASKS
from compare.engine.plain import Moment, canonical, content_hash, plain, read_json
from compare.engine.provenance import provenance
from compare.engine.record import sealed
from compare.report.styles import Shown
from problems.errors import InputError
from problems.reading import read_file
from problems.showing import so_many

__all__ = ["LARGEST", "Ask", "ask_id", "newest", "read_ask", "read_asks", "write_ask"]

LARGEST = 2**28
"""Bytes of an ask, at most."""

MORE = 20
"""Settings may make this many times the tasks that an ask lists, and its square more."""


@dataclasses.dataclass(frozen=True)
class Ask:
    """A request to a study, as a report needs it.

    Attributes
    ----------
    study
        The study's name.
    settings
        Its settings, plain data; several where a grid's file has several parts.
    tasks
        The hashes of the tasks, in their order.
    methods
        Label, law and style of each method, by name, so that a report needs no sampler.
    labels
        What readers see in place of other names, such as a file's name for its digest.
    command
        As it was typed.
    started, asked
        When this was asked for first and last, ISO 8601 in UTC.
    versions, machine, commit
        By what and on what it was asked.
    digest
        Hash of the rest.
    """

    study: str
    settings: tuple[dict[str, Any], ...]
    tasks: tuple[str, ...]
    methods: dict[str, Shown]
    labels: dict[str, str]
    command: str
    started: Moment
    asked: Moment
    versions: dict[str, str]
    machine: dict[str, str | int | None]
    commit: Commit | None
    digest: str = ""

    @property
    def id(self) -> str:
        """The hash of what is asked for; see `ask_id`."""
        return ask_id(self.study, self.settings, self.tasks)

    def others(self, made: Collection[str]) -> str:
        """Say in words that its settings make other tasks than it lists; empty if they make these."""
        if set(made) == set(self.tasks):
            return ""
        return (
            f"what was asked for lists {so_many(len(self.tasks), 'task')}, and its settings make others "
            f"({len(made):,}): it was changed, or is of another version"
        )

    @property
    def most(self) -> int:
        """The most tasks that its settings may make, in another version too: more were never meant."""
        return MORE * (len(self.tasks) + MORE)


def ask_id(study: str, settings: Sequence[Any], tasks: Sequence[str]) -> str:
    """Return the hash of study and settings, or of tasks that were named one by one: the same again is the same ask."""
    of = {"settings": plain(settings)} if settings else {"tasks": list(tasks)}
    return content_hash(canonical({"study": study} | of))


def write_ask(
    folder: Path,
    study: str,
    settings: Sequence[Any],
    tasks: Sequence[str],
    methods: Mapping[str, Shown] | None = None,
    labels: Mapping[str, str] | None = None,
) -> Ask:
    """Write what is asked for into a folder, and return it; the first time that it was asked is kept.

    Raises
    ------
    NotWritten, InputError
        If it cannot be written.
    """
    now = datetime.now(UTC)
    known = provenance()
    ask = Ask(
        study, tuple(plain(one) for one in settings), tuple(tasks), dict(methods or {}), dict(labels or {}),
        shlex.join(["tickets", *sys.argv[1:]]),
        now.isoformat(timespec="seconds"), now.isoformat(timespec="microseconds"),
        known["versions"], known["machine"], known.get("commit"),
    )  # fmt: skip
    (folder / ASKS).mkdir(exist_ok=True)
    path = folder / ASKS / f"{ask.id}.json"
    if path.exists():
        with contextlib.suppress(InputError):  # what cannot be read is written anew
            ask = dataclasses.replace(ask, started=read_ask(path).started)
    ask = dataclasses.replace(ask, digest=sealed(plain(ask)))
    write_file(path, (json.dumps(plain(ask), indent=1, allow_nan=False) + "\n").encode())
    return ask


def read_ask(path: Path) -> Ask:
    """Read one ask's file.

    Raises
    ------
    InputError
        If it cannot be read, or is none, or was changed.
    """
    try:
        content = read_json(read_file(path, LARGEST))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read ({reason}); remove it, and ask again.") from None
    ask = ask_of(content, str(path))
    if ask.id != path.stem:
        raise InputError(f"{path} holds another ask than its name stands for; remove it, and ask again.")
    return ask


def ask_of(content: Any, where: str) -> Ask:
    """Return plain data as an ask.

    Raises
    ------
    InputError
        If it is none, or was changed.
    """
    try:
        if content["digest"] != sealed(content):
            raise InputError(f"{where} was changed: its digest is another; remove it, and ask again.")
        return msgspec.convert(content, Ask)
    except (msgspec.ValidationError, LookupError, TypeError, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{where} is no record of what was asked for ({error}); remove it, and ask again.") from None


def read_asks(folder: Path) -> list[Ask]:
    """Return what was asked for in a folder, the newest last.

    Raises
    ------
    InputError
        As `read_ask` does.
    """
    paths = sorted((folder / ASKS).glob("*.json")) if (folder / ASKS).is_dir() else []
    return sorted((read_ask(path) for path in paths), key=lambda ask: ask.asked)


def newest(folder: Path) -> Ask:
    """Return what was asked for last in a folder.

    Raises
    ------
    InputError
        If nothing was.
    """
    asks = read_asks(folder)
    if not asks:
        raise InputError(f"{folder} holds no run (nothing was asked for in it); name a folder that `tickets` wrote.")
    return asks[-1]
