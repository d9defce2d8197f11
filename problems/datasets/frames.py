"""Data frames as data sets, by what they can do: of pandas, polars, Arrow and whatever else has named columns."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from problems.datasets.columns import Column, column_of
from problems.datasets.dataset import Dataset
from problems.datasets.encoding import check_names, encode
from problems.datasets.left_out import asked, kept, refuse_target
from problems.datasets.limits import check_columns, check_size
from problems.errors import InputError
from problems.names import DIGITS, FILE_MARK

__all__ = ["columns_of", "digest", "is_frame", "read_frame"]

ROW = "row {} (from 0)"
"""Name of a row in messages: frames count from 0."""


def is_frame(source: object) -> bool:
    """Tell whether something is a data frame: it has named columns, or gives itself away as a stream of Arrow."""
    if isinstance(source, str | np.ndarray | type):
        return False
    if _is_lazy(source):
        return True
    return _names(source) is not None or hasattr(source, "__arrow_c_stream__")


def read_frame(
    frame: Any,
    target: str | None = None,
    missing: str = "refuse",
    name: str = "frame",
    without: Sequence[str] = (),
) -> Dataset:
    """Make a data set of a data frame; see `problems.datasets.read_table`.

    Neither pandas nor polars is needed: a frame is whatever has ``columns`` or ``column_names``, and gives each as an
    array. The identity of the data set is a digest of what it holds.

    Parameters
    ----------
    frame
        Of pandas or polars, a table of Arrow, or what exports ``__arrow_c_stream__`` (for that, the extra `parquet`).
    target
        The column to predict; see `read_table`.
    missing
        What becomes of missing values: see `problems.datasets.missing.RULES`.
    name
        What the data set is called.
    without
        Columns that are left out.

    Raises
    ------
    InputError
        If it cannot be a data set; of a value the row, counted from 0, and the column are named.
    """
    refuse_target(name, target, without)
    columns = columns_of(name, frame, without)
    data = encode(name, columns, target, missing, ROW.format, f"Rows of {name}", asked(without))
    return digest(data)


def digest(data: Dataset) -> Dataset:
    """Return a data set that is known by its content: the names and values of its features and target."""
    content = hashlib.sha256()
    for part in (data.features, data.target, data.classes, data.codes, data.dates, data.imputed):
        content.update(repr(part).encode() + b"\0")
    for values in (data.x, data.y):
        content.update(np.ascontiguousarray(values).tobytes())
    return replace(data, source=f"{FILE_MARK}{content.hexdigest()[:DIGITS]}")


def columns_of(label: str, frame: Any, without: Sequence[str] = ()) -> list[Column]:
    """Return the columns of a frame, those left out that are named.

    Raises
    ------
    InputError
        If names are missing or doubled, values are of no use, or there are too many.
    """
    if _is_lazy(frame):
        way = "collect" if hasattr(frame, "collect") else "compute"
        raise InputError(f"{label} is a {type(frame).__name__}, and not computed yet; give its .{way}().")
    names = _names(frame)
    if names is None:
        if not hasattr(frame, "__arrow_c_stream__"):
            raise InputError(f"{label} of type {type(frame).__name__} is no data frame with columns; give one.")
        from problems.datasets.parquet_table import from_arrow

        frame = from_arrow(frame)
        names = list(frame.column_names)
    written = [str(one) for one in names]
    check_columns(label, len(names))
    check_names(label, written)
    rows = frame.num_rows if hasattr(frame, "num_rows") else len(frame)
    if not rows or not names:
        raise InputError(f"{label} is empty: {rows} rows of {len(names)} columns; give some.")
    check_size(label, rows, len(names))
    places = kept(label, written, without)
    return [column_of(label, written[place], _values(frame[names[place]]), ROW) for place in places]


def _is_lazy(frame: Any) -> bool:
    """Tell whether a frame is a plan that is not computed yet, by the name of its class: its columns may take long."""
    kind = type(frame)
    return kind.__name__ == "LazyFrame" or (kind.__name__ == "DataFrame" and callable(getattr(kind, "compute", None)))


def _names(frame: Any) -> Sequence[Any] | None:
    """Return the names of a frame's columns, or None; tables of Arrow call something else `columns`."""
    if hasattr(frame, "column_names"):
        return list(frame.column_names)
    columns = getattr(frame, "columns", None) if hasattr(frame, "__getitem__") else None
    if columns is None or callable(columns):
        return None
    return list(columns)


def _values(column: Any) -> Any:
    """Return a column as an array, or as a list, where its library makes no array of it."""
    if isinstance(column, np.ndarray):
        return column
    for way in ("to_numpy", "to_pylist", "to_list"):
        if hasattr(column, way):
            try:
                return getattr(column, way)()
            except (NotImplementedError, TypeError, ValueError):
                continue
    return list(column)
