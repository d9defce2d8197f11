"""An NPY file, read range by range and held against what it was when it was opened.

It is read, never mapped: a mapped file that is cut takes the whole process down.
"""

import os
import stat
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from problems.errors import InputError, OutOfReach

__all__ = ["NpyRows"]


class NpyRows:
    """The rows of an array in a file.

    The file must stay as it is: its size and the time of its last change are held against each reading.

    Parameters
    ----------
    path
        The file. Rows are read fastest where they lie one behind the other ("C order"); where columns do, a range of
        rows is read from each column in turn.

    Attributes
    ----------
    path
        The same, from the root on.
    name, shape, dtype, shared, held
        See `problems.rows.RowSource`.

    Raises
    ------
    InputError
        If there is no such file, it is no NPY file or a cut one, or holds anything but real numbers.
    """

    shared, held = True, 0

    def __init__(self, path: str | Path) -> None:
        self.path = Path(os.path.abspath(path))
        self.name = self.path.name
        with self._opened() as file:
            self._state = _state(file)
            try:
                self.shape, by_columns, self.dtype = _header(file)
            except (ValueError, EOFError, SyntaxError) as error:
                reason = " ".join(str(error).split())
                raise InputError(f"{path} is no NPY file ({reason}); write it by numpy.save.") from None
            self._first = file.tell()
        if self.dtype.kind not in "biuf":
            kind = "pickled objects, which are never read" if self.dtype.hasobject else f"{self.dtype} entries"
            raise InputError(f"{path} holds {kind}; save real numbers.")
        self._by_columns = by_columns and len(self.shape) > 1
        if self._by_columns and len(self.shape) > 2:
            raise InputError(f"{path} has shape {self.shape}, stored by columns; save an array of one or two axes.")
        self._row = int(np.prod(self.shape[1:], dtype=object)) * self.dtype.itemsize if self.shape else 0
        if self.shape and self._first + self.shape[0] * self._row > self._state[0]:
            raise InputError(
                f"{path} is cut: an array of shape {self.shape} needs {self._first + self.shape[0] * self._row} bytes "
                f"and it has {self._state[0]}; copy or write it again."
            )

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows `start`..`stop`-1; see `problems.rows.RowSource`."""
        rows = np.empty((stop - start, *self.shape[1:]), dtype=self.dtype)
        with self._opened() as file:
            self._check(_state(file))
            found = self._columns(file, start, rows) if self._by_columns else self._rows(file, start, rows)
            self._check(_state(file))
        if found < rows.nbytes:
            raise OutOfReach(f"{self.path} was cut while it was read; write it again, and start anew.")
        return rows

    def _rows(self, file: BinaryIO, start: int, rows: NDArray[Any]) -> int:
        """Read rows from `start` on, and return how many bytes there were."""
        file.seek(self._first + start * self._row)
        return _into(file, rows)

    def _columns(self, file: BinaryIO, start: int, rows: NDArray[Any]) -> int:
        """Read the same from each of the columns, which lie one behind the other."""
        found, part = 0, np.empty(len(rows), dtype=self.dtype)
        for column in range(self.shape[1]):
            file.seek(self._first + (column * self.shape[0] + start) * self.dtype.itemsize)
            found += _into(file, part)
            rows[:, column] = part
        return found

    def _opened(self) -> Any:
        try:
            status = self.path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise OutOfReach(f"{self.path} is no regular file; give the path of an NPY file.")
            return open(self.path, "rb")
        except FileNotFoundError:
            raise OutOfReach(f"There is no file {str(self.path)!r}; give the path of an NPY file.") from None
        except OSError as error:
            raise OutOfReach(f"{self.path} cannot be read ({error.strerror}); give the path of an NPY file.") from None

    def _check(self, state: tuple[int, int]) -> None:
        if state != self._state:
            how = "was cut" if state[0] < self._state[0] else "has changed"
            raise OutOfReach(f"{self.path} {how} since it was opened; leave it alone while it is used, and start anew.")


def _into(file: Any, array: NDArray[Any]) -> int:
    """Fill an array from a file, and return how many bytes there were."""
    return int(file.readinto(array.view(np.uint8).reshape(-1).data)) if array.size else 0


def _state(file: BinaryIO) -> tuple[int, int]:
    """Return what changes with a file: its size, and when it was last written to."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def _header(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = npy.read_magic(file)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, by_columns, dtype = read(file)
    if any(length < 0 for length in shape):
        raise ValueError(f"shape {shape}")
    return shape, by_columns, dtype
