"""Tables in Parquet files, read by arro3: Arrow in Rust, a fifth of the download of pyarrow, in the extra `parquet`."""

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from shlex import quote
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.datasets.columns import Column, column_of
from problems.datasets.dataset import Dataset
from problems.datasets.encoding import check_names, encode
from problems.datasets.left_out import asked, kept, refuse_target
from problems.datasets.limits import MOST_NUMBERS, check_columns, check_size
from problems.errors import InputError, OutOfReach
from problems.memory import require_memory

__all__ = ["from_arrow", "read_parquet"]

MOST_BATCH = 2**20
"""Values unpacked at a time, before the size is looked at again."""

ROW = "row {} (from 0)"


def read_parquet(
    name: str, content: bytes, target: str | None, missing: str = "refuse", without: Sequence[str] = ()
) -> Dataset:
    """Read a table; see `problems.datasets.files.read_table`. Rows are counted from 0, as frames count them.

    Raises
    ------
    OutOfReach
        If arro3 is not installed.
    InputError
        If the file is none, holds nested columns, or is too large.
    """
    # The length of the list of its parts stands before the last mark.
    listed = int.from_bytes(content[-8:-4], "little")
    if not (content.startswith(b"PAR1") and content.endswith(b"PAR1") and 0 < listed <= len(content) - 12):
        raise InputError(f"{name} is no Parquet file, or a part of one; write it again.")
    require_memory(len(content) + 4 * 8 * MOST_NUMBERS, f"Reading {name}", "give fewer rows or columns")
    reader = _opened(name, content, 1)
    fields = [(str(one.name), one.type) for one in reader.schema]
    names = [field for field, _ in fields]
    check_columns(name, len(names))
    check_names(name, names)
    refuse_target(name, target, without)
    places = kept(name, names, without)
    for place in places:
        _check_kind(name, *fields[place])
    parts: list[list[Any]] = [[] for _ in places]
    rows = 0
    for batch in _batches(name, _opened(name, content, max(MOST_BATCH // len(names), 1))):
        rows += batch.num_rows
        check_size(name, rows, len(names))
        for place, part in zip(places, parts, strict=True):
            part.append(_values(batch.column(place)))
    if not rows:
        raise InputError(f"{name} has no rows; give some.")
    columns: list[Column] = []
    for place, part in zip(places, parts, strict=True):
        whole = part[0] if len(part) == 1 else np.concatenate(part)
        columns.append(column_of(name, names[place], whole, ROW))
    return encode(name, columns, target, missing, ROW.format, f"Rows of {name}", asked(without))


def from_arrow(stream: Any) -> Any:
    """Return what exports a stream of Arrow as a table with ``column_names``.

    Raises
    ------
    OutOfReach
        If arro3 is not installed.
    """
    try:
        from arro3.core import Table
    except ImportError:
        raise _extra("A stream of Arrow") from None
    return Table.from_arrow(stream)


def _extra(what: str) -> OutOfReach:
    return OutOfReach(
        f"{what} is read by arro3, which is not installed; pip install 'quantum-tickets[parquet]', or save the table "
        "as CSV."
    )


def _opened(name: str, content: bytes, batch: int) -> Any:
    try:
        from arro3.io import read_parquet as opened
    except ImportError:
        raise _extra(name) from None
    with _damage(name):
        return opened(io.BytesIO(content), batch_size=batch)


def _batches(name: str, reader: Any) -> Iterator[Any]:
    while True:
        with _damage(name):
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                batch = None
        if batch is None:
            return
        yield batch


@contextmanager
def _damage(name: str) -> Iterator[None]:
    """Say in a line what the reader says of a damaged file, be it by an exception or by a panic of Rust."""
    try:
        with _quiet():
            yield
    except (KeyboardInterrupt, SystemExit, InputError):
        raise
    except BaseException as error:
        # A panic is no `Exception`.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        said = " ".join(str(error).split())[:200]
        raise InputError(f"{name} is a damaged Parquet file ({said}); write it again.") from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep away what a panic of Rust writes to the standard error by itself: it is told as an error."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _check_kind(name: str, column: str, kind: Any) -> None:
    from arro3.core import DataType

    dates = DataType.is_date(kind) or DataType.is_timestamp(kind)
    plain = (
        DataType.is_numeric(kind) or DataType.is_boolean(kind) or DataType.is_decimal(kind) or DataType.is_null(kind)
    )
    text = any(
        test(kind)
        for test in (DataType.is_string, DataType.is_large_string, DataType.is_string_view, DataType.is_dictionary)
    )
    if not (dates or plain or text):
        raise InputError(
            f"{name}, column {column!r}: values of type {' '.join(str(kind).split())[:80]} are no features; make "
            f"numbers, text or dates of them, or leave the column out (--without {quote(column)})."
        )


def _values(column: Any) -> NDArray[Any]:
    """Return a column of a batch as an array: of what arro3 makes none, of Python's values, None for a gap."""
    from arro3.core import DataType

    kind = column.type
    numeric = DataType.is_numeric(kind) and not DataType.is_decimal(kind)
    if numeric and not column.null_count:
        return np.asarray(column.to_numpy()).astype(float)
    values = column.to_pylist()
    if numeric:
        return np.array([np.nan if value is None else value for value in values], dtype=float)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
