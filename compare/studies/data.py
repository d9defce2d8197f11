"""A user's own files in studies: read where settings are made, kept as records, and sent to whoever needs them.

A task names a file by its content (``file:`` and 16 digits), so that it is the same task wherever the file lies; the
path is a label. The table itself is the record of an external kind, so workers, clusters and later runs in the same
folder have it without the file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Annotated, Any

from compare.engine import Array, Attached, Help, Kind, Names, Planned
from problems.errors import InputError
from problems.names import is_file, is_path
from problems.names import is_own as known_or_file

if TYPE_CHECKING:
    from compare.engine import Inputs, Runs
    from problems.datasets import Dataset

__all__ = [
    "TABLE",
    "MissingSetting",
    "Table",
    "TargetSetting",
    "WithoutSetting",
    "attach",
    "given",
    "held",
    "hold",
    "known",
    "known_or_file",
    "labels_of",
    "of_task",
    "read_tables",
    "table_in",
    "table_of",
]

TargetSetting = Annotated[
    str | None, Help("column of a file to predict; one named target, label, class or y, else the last")
]


def rules() -> Mapping[str, Any]:
    """Return the rules for missing values by name."""
    from problems.datasets.missing import RULES

    return RULES


MissingSetting = Annotated[
    str,
    Names(
        rules,
        "what becomes of a file's missing features: refuse; drop their rows; or median of the training part",
        "rule for missing values",
    ),
]

WithoutSetting = Annotated[tuple[str, ...], Help("columns of a file to leave out")]

DATA_SETTINGS = ("dataset", "datasets", "quadratic")
"""Settings of studies that name data sets."""

_HELD: "dict[str, Dataset]" = {}
"""Data sets that this process was given as frames, by their identity."""


@dataclass(frozen=True)
class Table:
    """A file's table: its identity, of its content and the column to predict."""

    source: str


@dataclass(frozen=True)
class Columns:
    """The content of the table; see `problems.datasets.Dataset`."""

    name: str
    x: Array
    y: Array
    features: tuple[str, ...]
    target: str
    kind: str
    classes: tuple[str, ...]
    description: str
    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dates: tuple[str, ...] = ()
    imputed: str | None = None
    notes: tuple[str, ...] = ()


TABLE = Kind("data/table", Table, Columns, external="the table of a file: name the file again, as with --dataset")


def hold(source: Any, target: str | None = None, missing: str | None = None, without: Sequence[str] = ()) -> str:
    """Keep a data frame, or a data set, for the studies of this process; return the identity that names it there.

    Raises
    ------
    InputError
        If it can be no data set.
    """
    from problems.datasets import Dataset, load_dataset
    from problems.datasets.frames import digest

    own = isinstance(source, Dataset)
    data = load_dataset(source, None if own else target, missing or "refuse", () if own else without)
    if not is_file(data.source):
        data = digest(data)
    _HELD[data.source] = data
    return data.source


def held(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as given from Python, with identities where data frames and data sets stand."""
    from problems.datasets import Dataset, is_frame

    target, missing = settings.get("column", settings.get("target")), settings.get("missing")
    without = settings.get("without") or ()
    if isinstance(without, str):
        without = [name.strip() for name in without.split(",")]

    def named(value: Any) -> Any:
        if isinstance(value, Dataset) or is_frame(value):
            return hold(value, target, missing, without)
        return [named(one) for one in value] if isinstance(value, list | tuple) else value

    return {name: named(value) if name in DATA_SETTINGS else value for name, value in settings.items()}


def read_tables(
    names: Sequence[str],
    target: str | None,
    column: str = "target",
    missing: str = "refuse",
    without: Sequence[str] = (),
) -> "dict[str, Dataset]":
    """Return the data sets of those names that are paths, or held here, by name; messages call the target `column`.

    Raises
    ------
    InputError
        If a file is no table, or a target, a rule for gaps or columns to leave out are given and there is no file.
    """
    from problems.datasets import read_table

    if target is not None and not any(map(known_or_file, names)):
        raise InputError(
            f"{column} = {target!r}: the data sets named here have targets of their own; leave it out, or name a file."
        )
    if missing != "refuse" and not any(map(known_or_file, names)):
        raise InputError(f"missing = {missing!r}: nothing is missing in the data sets named here; leave it out.")
    if without and not any(map(known_or_file, names)):
        raise InputError(
            f"without = {','.join(without)!r}: columns are left out of files, and the data sets named here are none; "
            "leave it out, or name a file."
        )
    tables = {name: read_table(name, target, missing, without) for name in names if is_path(name)}
    return tables | {name: _HELD[name] for name in names if name in _HELD}


def attach(settings: Any, column: str = "target", among: Sequence[str] = ()) -> Attached:
    """Return settings in which files stand by their content, with their tables as records.

    Parameters
    ----------
    settings
        Has names and paths of data sets, the column to predict, or None, the rule `missing`, and the columns `without`.
    column
        The setting that names the column to predict.
    among
        The settings that hold names and paths; if empty, `datasets`, or one as `dataset`.

    Raises
    ------
    InputError
        As `read_tables` does.
    """
    places = tuple(among) or (("datasets",) if hasattr(settings, "datasets") else ("dataset",))
    held = {place: getattr(settings, place) for place in places}
    given = [name for value in held.values() for name in ((value,) if isinstance(value, str) else value)]
    missing, without = getattr(settings, "missing", "refuse"), getattr(settings, "without", ())
    tables = read_tables(given, getattr(settings, column), column, missing, without)
    records, labels = [], dict[str, str]()
    for data in tables.values():
        # Two files of one name are told apart by their content.
        labels[data.source] = data.name if data.name not in labels.values() else f"{data.name} ({data.source[-6:]})"
        found = {field.name: getattr(data, field.name) for field in fields(Columns)}
        records.append((TABLE(Table(data.source)), Columns(**found)))

    def by_content(value: Any) -> Any:
        if isinstance(value, str):
            return tables[value].source if value in tables else value
        return tuple(map(by_content, value))

    return Attached(replace(settings, **{place: by_content(value) for place, value in held.items()}), records, labels)


def labels_of(runs: "Runs") -> Mapping[str, str]:
    """Return what readers see in place of a file's identity; where only that was named again, its table's name."""
    return {row["source"]: row["name"] for row in runs[TABLE]} | dict(runs.labels)


def table_of(task: Any) -> Mapping[str, Sequence[Planned]]:
    """Return what a task needs of a user's files: the table, if its data set is one."""
    return {"table": [TABLE(Table(task.dataset))]} if is_file(task.dataset) else {}


def of_task(task: Any, inputs: "Inputs") -> "str | Dataset":
    """Return a task's data set: its name, or the table of a user's file."""
    if "table" not in inputs:
        name: str = task.dataset
        return name
    return table_in(task.dataset, inputs)


def table_in(source: str, inputs: "Inputs") -> "Dataset":
    """Return the table among a task's inputs, which is known by its content."""
    return _dataset(source, inputs["table"][0].result)


def given(settings: Any, records: Sequence[tuple[Planned, Any]]) -> "str | Dataset | None":
    """Return the data set of settings for a study's `prepare`: its name, or its table.

    None stands for a file that is known by its content alone: tasks wait, and say that they wait for the file.
    """
    table = _among(records, settings.dataset)
    if table is not None:
        return table
    return None if is_file(settings.dataset) else str(settings.dataset)


def known(name: str, records: Sequence[tuple[Planned, Any]]) -> "Dataset | None":
    """Return a data set for a study's `prepare`, by its name or its table; None if it is known by its content alone."""
    from problems.datasets import load_dataset

    return _among(records, name) or (None if is_file(name) else load_dataset(name))


def _among(records: Sequence[tuple[Planned, Any]], name: str) -> "Dataset | None":
    tables = {planned.task.source: result for planned, result in records if planned.kind == TABLE}
    return _dataset(name, tables[name]) if name in tables else None


def _dataset(source: str, columns: Columns) -> "Dataset":
    from problems.datasets import Dataset

    return Dataset(**{field.name: getattr(columns, field.name) for field in fields(Columns)}, source=source)
