"""Runs that a page, a run's folder or a sweep's remembers: enough to do the same again."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Annotated, Any, NotRequired, TypedDict

import msgspec

from compare.checkout import Commit
from compare.engine.plain import read_json
from compare.report.page import page_digest
from problems.errors import InputError
from problems.reading import read_file

__all__ = ["is_page", "read_page", "recorded_runs"]

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
    from compare.reporting import load_runs

    if is_page(path):
        return read_page(path)
    return [runs.origin() for runs in load_runs([path])]


def read_page(path: Path) -> list[dict[str, Any]]:
    """Return the records that a page holds.

    Raises
    ------
    InputError
        If it cannot be read, or is no report that `tickets` wrote.
    """
    reader = _Reader()
    try:
        reader.feed(read_file(path).decode())
        text = "".join(reader.text)
        runs: list[dict[str, Any]] = read_json(text)
        msgspec.convert(runs, Annotated[list[_Run], msgspec.Meta(min_length=1)])
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); name a page that `tickets` wrote.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{path} holds no record of a run ({error}): it is no report of this version, or it was changed; name "
            "another page, or the run's folder."
        ) from None
    if reader.digest != page_digest(text):
        raise InputError(
            f"{path} was changed: the digest of its records is another; name another page, or the run's folder."
        )
    return runs


class _Run(TypedDict):
    """The part of a record that `again` reads; the rest of it is for readers."""

    kind: str
    asks: list[dict[str, Any]]
    tasks: NotRequired[list[dict[str, Any]]]
    versions: NotRequired[dict[str, str] | None]
    commit: NotRequired[Commit | None]


class _Reader(HTMLParser):
    """Collects what stands in the page's element of records."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.digest: str | None = None
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self._inside = tag == "script" and known.get("id") == EMBEDDED
        if self._inside:
            self.digest = known.get("data-digest")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text.append(data)
