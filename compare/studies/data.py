"""A user's own files in studies: read where settings are made, kept as records, and sent to whoever needs them.

A task names a file by its content (``file:`` and 16 digits), so that it is the same task wherever the file lies; the
path is a label. The table itself is the record of an external kind, so workers, clusters and later runs in the same
folder have it without the file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from compare.engine import Array, Attached, Inputs, Kind, Planned
from problems.errors import InputError

if TYPE_CHECKING:
    from problems.datasets import Dataset

__all__ = ["TABLE", "attach", "known_or_file", "of_task", "table_of"]


@dataclass(frozen=True)
class Table:
    """A file's table: its identity, of its content and the column to predict."""

    source: str


@dataclass(frozen=True)
class Columns:
    """What the table holds; see `problems.datasets.Dataset`."""

    name: str
    x: Array
    y: Array
    features: tuple[str, ...]
    target: str
    kind: str
    classes: tuple[str, ...]
    description: str


TABLE = Kind("data/table", Table, Columns, external="the table of a file: name the file again, as with --dataset")


def known_or_file(name: str) -> bool:
    """Tell whether a name is the path of a table, or the identity of one."""
    from problems.datasets.files import is_file, is_path

    return is_path(name) or is_file(name)


def attach(settings: Any) -> Attached:
    """Return settings in which files stand by their content, with their tables as records.

    Parameters
    ----------
    settings
        Has `datasets`, names and paths, or one as `dataset`; and `target`, the column to predict, or None.

    Raises
    ------
    InputError
        If a file is no table, or a target is given and there is no file.
    """
    from problems.datasets import read_table
    from problems.datasets.files import is_path

    several = hasattr(settings, "datasets")
    given = settings.datasets if several else (settings.dataset,)
    if settings.target is not None and not any(map(known_or_file, given)):
        raise InputError(
            f"target = {settings.target!r}: the data sets named here have targets of their own; leave it out, or name "
            "a file."
        )
    names, records, labels = [], [], dict[str, str]()
    for name in given:
        if not is_path(name):
            names.append(name)
            continue
        data = read_table(name, settings.target)
        names.append(data.source)
        # Two files of one name are told apart by their content.
        labels[data.source] = data.name if data.name not in labels.values() else f"{data.name} ({data.source[-6:]})"
        found = {field.name: getattr(data, field.name) for field in fields(Columns)}
        records.append((TABLE(Table(data.source)), Columns(**found)))
    changed = {"datasets": tuple(names)} if several else {"dataset": names[0]}
    return Attached(replace(settings, **changed), records, labels)


def table_of(task: Any) -> Mapping[str, Sequence[Planned]]:
    """Return what a task needs of a user's files: the table, if its data set is one."""
    from problems.datasets.files import is_file

    return {"table": [TABLE(Table(task.dataset))]} if is_file(task.dataset) else {}


def of_task(task: Any, inputs: Inputs) -> "str | Dataset":
    """Return a task's data set: its name, or the table of a user's file."""
    from problems.datasets import Dataset

    if "table" not in inputs:
        name: str = task.dataset
        return name
    found: Columns = inputs["table"][0].result
    return Dataset(**{field.name: getattr(found, field.name) for field in fields(Columns)}, source=task.dataset)
