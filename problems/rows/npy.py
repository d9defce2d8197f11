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
        The file, with whole rows one behind the other ("C order").

    Attributes
    ----------
    path
        The same, from the root on.
    name, shape, dtype, shared, held
        See `problems.rows.RowSource`.

    Raises
    ------
    InputError
        If there is no such file, it is no NPY file or a cut one, holds anything but real numbers, or is stored by
        columns.
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
        if by_columns and len(self.shape) > 1:
            raise InputError(f"{path} is stored by columns; save numpy.ascontiguousarray of it instead.")
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
            file.seek(self._first + start * self._row)
            found = file.readinto(rows.view(np.uint8).reshape(-1).data) if rows.size else 0
            self._check(_state(file))
        if found < rows.nbytes:
            raise OutOfReach(f"{self.path} was cut while it was read; write it again, and start anew.")
        return rows

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
