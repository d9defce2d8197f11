"""A user's own table, a CSV, NPZ or Parquet file, as a data set.

A file is known by its content: its identity is a digest of its bytes and of the target's name, and its path only a
label. As arrays and plain values a table travels with the records of a run, so that the file need not be there again.
"""

import errno
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from problems.datasets.csv_table import read_csv
from problems.datasets.dataset import Dataset
from problems.datasets.missing import check_rule
from problems.datasets.npz_table import read_npz
from problems.datasets.parquet_table import read_parquet
from problems.errors import InputError
from problems.names import DIGITS, FILE_MARK, is_file, is_path
from problems.reading import read_file

__all__ = ["READERS", "from_arrays", "identity", "is_file", "is_path", "read_table", "to_arrays"]

READERS: dict[str, Callable[[str, bytes, str | None, str, Sequence[str]], Dataset]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".npz": read_npz,
    ".parquet": read_parquet,
}
"""Readers of files, by the end of the name: a label, the content, the target or None, the rule for missing values, and
columns that are left out."""

MOST_BYTES = 2**28
"""A file may have so many bytes: as text a number takes up to four times what it takes in memory."""


def read_table(
    path: str | Path, target: str | None = None, missing: str = "refuse", without: Sequence[str] = ()
) -> Dataset:
    """Read a file as a data set: features of numbers, text or dates, and a target of numbers or of text.

    A CSV file has a header, and commas, semicolons, tabs or bars between cells. An NPZ file has arrays ``x`` (n, d) and
    ``y`` (n,), and if its features have names ``features`` (d,). A Parquet file has columns; it needs the extra
    `parquet`. Of a target, text and whole numbers of few values are classes: see `Dataset.from_samples`. Of features,
    text is coded by whole numbers in ascending order, dates become days, and constant columns are left out: the notes
    of the data set say which.

    Parameters
    ----------
    path
        The file; the end of its name says what it is: .csv, .tsv, .npz or .parquet.
    target
        The column, or array, to predict. Left out: the column called ``target``, ``label``, ``class`` or ``y``, the
        first of these that there is, else the last one; of an NPZ file ``y``.
    missing
        What becomes of missing features: ``refuse`` them, ``drop`` their rows, or impute the ``median`` of the
        training part when the data set is split (of categories, the most frequent one).
    without
        Names of columns to leave out: they are not looked at.

    Raises
    ------
    InputError
        If the file cannot be read or cannot be a data set; of a cell the row and the column are named.
    """
    path = Path(path)
    check_rule(missing)
    read = READERS.get(path.suffix.lower())
    if read is None:
        raise InputError(f"{path} is no table that can be read; save it as one of {', '.join(READERS)}.")
    try:
        content = read_file(path, MOST_BYTES)
    except FileNotFoundError:
        raise InputError(f"There is no file {str(path)!r}; give the path of a table.") from None
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise InputError(f"{path} has more than {MOST_BYTES >> 20} MiB; give fewer rows or columns.") from None
        raise InputError(f"{path} cannot be read ({error.strerror}); give the path of a table.") from None
    table = read(path.name, content, target, missing, without)
    # Where nothing is missing, nothing is imputed, and it is the same data set.
    rule = table.imputed or ("drop" if missing == "drop" else "")
    left = "".join(f"\0{column}" for column in sorted(without))
    digest = hashlib.sha256(table.target.encode() + b"\0" + content + (rule + left).encode()).hexdigest()
    return replace(table, source=f"{FILE_MARK}{digest[:DIGITS]}")


def identity(path: str | Path, target: str | None = None, missing: str = "refuse", without: Sequence[str] = ()) -> str:
    """Return what names a file by its content and target, ``file:`` and 16 digits: the `Dataset.source` of its table.

    Raises
    ------
    InputError
        As `read_table` does.
    """
    return read_table(path, target, missing, without).source


def to_arrays(dataset: Dataset) -> dict[str, Any]:
    """Return a data set as arrays, plain values and lists of these, by their names; what is not there is left out."""
    values = {field.name: getattr(dataset, field.name) for field in fields(dataset)}
    return {name: _listed(value) for name, value in values.items() if value is not None}


def from_arrays(values: Mapping[str, Any]) -> Dataset:
    """Return the data set that `to_arrays` took apart."""
    whole: dict[str, Any] = {name: _fixed(value) for name, value in values.items()}
    return Dataset(**whole | {name: np.asarray(values[name]) for name in ("x", "y")})


def _listed(value: Any) -> Any:
    return [_listed(one) for one in value] if isinstance(value, tuple) else value


def _fixed(value: Any) -> Any:
    return tuple(_fixed(one) for one in value) if isinstance(value, list) else value
