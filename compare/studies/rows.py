"""Two NPY files of a user's in a study that passes over them in chunks: named by their content, read where they lie.

Unlike a table, what they hold is in no record: it may be larger than memory. A record says where the files are and how
much memory may be taken, and holds their identity against what is there when they are used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from compare.engine import Attached, Check, Help, Kind, Planned
from problems.errors import InputError
from problems.names import is_rows_identity

if TYPE_CHECKING:
    from compare.engine import Inputs

__all__ = ["ROWS", "Files", "MemorySetting", "Rows", "attach_rows", "files_among", "files_of", "rows_of"]


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


ROWS = Kind("data/rows", Rows, Files, external="NPY files: name them again, as with --dataset and --target")


def attach_rows(settings: Any) -> Attached | None:
    """Return settings in which NPY files stand by their content, and where they are as a record; None without any.

    Raises
    ------
    InputError
        If a file is missing, cannot be read, or a setting is given that has no say about them.
    """
    from problems.ridgelet.large import identity, is_rows

    if not is_rows(settings.dataset):
        if settings.memory is not None and not is_rows_identity(settings.dataset):
            raise InputError(f"memory = {settings.memory!r}: it is said of points in NPY files alone; leave it out.")
        return None
    if settings.target is None or not is_rows(settings.target):
        raise InputError(
            f"target = {settings.target!r}: points in an NPY file have their targets in another one; name it, as "
            "--target y.npy."
        )
    if settings.features is not None:
        raise InputError(
            f"features = {settings.features}: of points in an NPY file all features are taken; leave it out."
        )
    if settings.missing != "refuse":
        raise InputError(f"missing = {settings.missing!r}: NPY files may miss nothing; leave it out.")
    source = identity(settings.dataset, settings.target)
    points, labels = (str(Path(path).resolve()) for path in (settings.dataset, settings.target))
    found = Files(points, labels, settings.memory)
    name = Path(settings.dataset).name
    return Attached(replace(settings, dataset=source, target=None), [(ROWS(Rows(source)), found)], {source: name})


def rows_of(task: Any) -> Mapping[str, Sequence[Planned]]:
    """Return what a task needs of NPY files: where they are, if its data set is of them."""
    return {"rows": [ROWS(Rows(task.dataset))]} if is_rows_identity(task.dataset) else {}


def files_of(inputs: "Inputs") -> Files | None:
    """Return the files of a task; None if its data are in memory."""
    found: Files | None = inputs["rows"][0].result if "rows" in inputs else None
    return found


def files_among(name: str, records: Sequence[tuple[Planned, Any]]) -> Files | None:
    """Return the files of a data set among records that a study's `prepare` is given."""
    found: dict[str, Files] = {planned.task.source: result for planned, result in records if planned.kind == ROWS}
    return found.get(name)
