"""A user's own polynomial update: an NPZ file of the arrays F_0, F_1, ..., known by its content, without pickles."""

import errno
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.names import DIGITS, FILE_MARK
from problems.reading import read_file
from problems.showing import Shows
from problems.sparse_training.update import PolynomialUpdate, as_point

__all__ = ["UpdateFile", "read_update"]

MOST_BYTES = 2**27
"""A file may have so many bytes, packed and unpacked: the coefficients of 256 weights with q = 2."""


@dataclass(frozen=True, eq=False, repr=False)
class UpdateFile(Shows):
    """An update as a file holds it.

    Attributes
    ----------
    name
        Of the file.
    source
        Its identity, ``file:`` and 16 digits.
    update
        The update.
    start
        Where training begins, shape (n,): the array `start` of the file, 0 without one.
    """

    name: str
    source: str
    update: PolynomialUpdate
    start: NDArray[np.float64]

    def _facts(self) -> Mapping[str, object]:
        return {"file": self.name, "source": self.source, "weights": len(self.start), "update": self.update}


def read_update(path: str | Path) -> UpdateFile:
    """Read a polynomial update: arrays ``F_0`` (n,), ``F_1`` (n, n), ``F_2`` (n, n^2), ..., and ``start`` (n,) or none.

    Parameters
    ----------
    path
        An NPZ file, as numpy.savez(path, F_0=..., F_1=...) writes it.

    Raises
    ------
    InputError
        If the file cannot be read, holds pickles, another array or none of F_0, F_1, ..., or they make no update.
    """
    path = Path(path)
    try:
        content = read_file(path, MOST_BYTES)
    except FileNotFoundError:
        raise InputError(f"There is no file {str(path)!r}; give the path of an NPZ file.") from None
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise InputError(
                f"{path} has more than {MOST_BYTES >> 20} MiB; keep fewer weights, or fewer powers."
            ) from None
        raise InputError(f"{path} cannot be read ({error.strerror}); give the path of an NPZ file.") from None
    arrays = _arrays(path.name, content)
    degree = len([name for name in arrays if name != "start"]) - 1
    missing = [f"F_{k}" for k in range(degree + 1) if f"F_{k}" not in arrays]
    if missing or degree < 0:
        raise InputError(
            f"{path.name} has no array {missing[0] if missing else 'F_0'!r}; save F_0, F_1, ... up to F_q, zeros where "
            "there is nothing."
        )
    try:
        update = PolynomialUpdate([arrays[f"F_{k}"] for k in range(degree + 1)])
        start = arrays.get("start", np.zeros(update.dimension))
        as_point("start", start, update.dimension)
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from None
    digest = hashlib.sha256(content).hexdigest()[:DIGITS]
    return UpdateFile(path.name, f"{FILE_MARK}{digest}", update, np.asarray(start, dtype=float).reshape(-1))


def _arrays(name: str, content: bytes) -> dict[str, NDArray]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # What unpacking takes, by the archive's own list: no entry is read beyond it.
            entries = {entry.filename.removesuffix(".npy"): entry.file_size for entry in archive.infolist()}
        other = [entry for entry in entries if entry != "start" and not re.fullmatch(r"F_\d", entry)]
        if other:
            raise InputError(f"{name} has an array {other[0]!r:.40}; save F_0, F_1, ..., F_q (q at most 9) and start.")
        if sum(entries.values()) > MOST_BYTES:
            raise InputError(f"{name} has more than {MOST_BYTES >> 20} MiB unpacked; keep fewer weights.")
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return {entry: file[entry] for entry in entries}
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, MemoryError, NotImplementedError, OSError, ValueError) as error:
        if "allow_pickle" in str(error):
            raise InputError(f"{name} holds pickled objects, which are never read; save arrays of numbers.") from None
        raise InputError(f"{name} is no NPZ file, or a damaged one ({error}); write it again by numpy.savez.") from None
