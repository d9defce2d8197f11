"""Two NPY files of a user's in a study that passes over them in chunks: named by their content, read where they lie.

Unlike a table, what they hold is in no record: it may be larger than memory. A record says where the files are and how
much memory may be taken, and holds their identity against what is there when they are used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from compare.engine import Attached, Check, Help, Kind, Planned
from compare.studies.data import table_of
from problems.errors import InputError, OutOfReach
from problems.names import is_path, is_rows, is_rows_identity

if TYPE_CHECKING:
    from compare.engine import Inputs

__all__ = [
    "ROWS",
    "Files",
    "MemorySetting",
    "Rows",
    "attach_rows",
    "check_target",
    "data_of",
    "files_among",
    "files_of",
    "of_files",
    "rows_of",
]


def _check_memory(name: str, value: Any) -> None:
    from problems.memory import as_bytes

    if value is not None:
        as_bytes(name, value)


MemorySetting = Annotated[
    str | None,
    Help("memory that points in NPY files may take beside Python, as 2GiB"),
    Check(_check_memory),
]


@dataclass(frozen=True)
class Rows:
    """Two files: their identity, of their content."""

    source: str


@dataclass(frozen=True)
class Files:
    """Where they are.

    Attributes
    ----------
    points, labels
        Paths from the root on.
    memory
        What they may take, as it was said; None for the usual.
    """

    points: str
    labels: str
    memory: str | None = None


TAKEN = (
    ("features", "of points in an NPY file all features are taken"),
    ("missing", "NPY files may miss nothing"),
    ("without", "of points in an NPY file all columns are taken"),
)
"""Settings that have no say about NPY files, and why; they are refused unless they are as by default."""

ROWS = Kind("data/rows", Rows, Files, external="NPY files: name them again, as with --dataset and --target")


def of_files(name: str) -> bool:
    """Tell whether a data set is points in an NPY file: by its path, or by the identity of its content."""
    return is_rows(name) or is_rows_identity(name)


def attach_rows(settings: Any, others: Sequence[str] = ()) -> Attached | None:
    """Return settings in which NPY files stand by their content, and where they are as a record; None without any.

    Parameters
    ----------
    settings
        Has one data set or several, the target, and memory.
    others
        Settings of parts that files do not have: refused unless they are as by default.

    Raises
    ------
    InputError
        If a file is missing, cannot be read, or a setting is given that has no say about them.
    """
    several = hasattr(settings, "datasets")
    names = settings.datasets if several else (settings.dataset,)
    files = [name for name in names if is_rows(name)]
    if not files:
        if settings.memory is not None and not any(map(of_files, names)):
            raise InputError(f"memory = {settings.memory!r}: it is said of points in NPY files alone; leave it out.")
        return None
    _check_alone(files, names)
    check_target(settings.target)
    defaults = {field.name: field.default for field in fields(settings)}
    for name, why in (*TAKEN, *((name, "points in an NPY file have no such part") for name in others)):
        value = getattr(settings, name, None)
        if name in defaults and value != defaults[name]:
            raise InputError(f"{name} = {_written(value)}: {why}; leave it out.")
    from problems.ridgelet.large import identity

    source = identity(files[0], settings.target)
    points, labels = (str(Path(path).resolve()) for path in (files[0], settings.target))
    found = Files(points, labels, settings.memory)
    by_content = tuple(source if name == files[0] else name for name in names)
    named = {"datasets": by_content} if several else {"dataset": source}
    return Attached(
        replace(settings, **named, target=None), [(ROWS(Rows(source)), found)], {source: Path(files[0]).name}
    )


def check_target(target: str | None) -> str:
    """Return the path of the targets of points in an NPY file, which is that of another one.

    Raises
    ------
    InputError
        If they are named by no NPY file.
    """
    if target is None or not is_rows(target):
        raise InputError(
            f"target = {target!r}: points in an NPY file have their targets in another one; name it, as --target y.npy."
        )
    return target


def _check_alone(files: Sequence[str], names: Sequence[str]) -> None:
    """Refuse other files beside points in an NPY file: there is one target."""
    others = [name for name in names if is_path(name) and name != files[0]]
    if others:
        raise InputError(
            f"{files[0]} and {others[0]} would share one --target; name one file of points, beside data sets of the "
            "suite, and run the others by themselves."
        )


def _written(value: Any) -> str:
    """Write a setting as it is typed."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return repr(value) if isinstance(value, str) else str(value)


def rows_of(task: Any) -> Mapping[str, Sequence[Planned]]:
    """Return what a task needs of NPY files: where they are, if its data set is of them."""
    return {"rows": [ROWS(Rows(task.dataset))]} if is_rows_identity(task.dataset) else {}


def data_of(task: Any) -> Mapping[str, Sequence[Planned]]:
    """Return what a task needs of a user's files: a table, or where NPY files are."""
    return {**table_of(task), **rows_of(task)}


def files_of(task: Any, inputs: "Inputs") -> Files | None:
    """Return the files of a task; None if its data are in memory.

    Raises
    ------
    OutOfReach
        If they are not what they were when they were named.
    """
    if "rows" not in inputs:
        return None
    found: Files = inputs["rows"][0].result
    _check_content(found.points, found.labels, task.dataset)
    return found


@lru_cache(maxsize=16)
def _check_content(points: str, labels: str, source: str) -> None:
    """Hold the content of files against the identity that a task names them by, once a process."""
    from problems.ridgelet.large import identity

    if identity(points, labels) != source:
        raise OutOfReach(
            f"{points} or {labels} has changed since it was named; put it back, or name it again, which is another run."
        )


def files_among(name: str, records: Sequence[tuple[Planned, Any]]) -> Files | None:
    """Return the files of a data set among records that a study's `prepare` is given."""
    found: dict[str, Files] = {planned.task.source: result for planned, result in records if planned.kind == ROWS}
    return found.get(name)
