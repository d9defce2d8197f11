"""Tables in NPZ files: the features as one array, the target as another; nothing pickled is read."""

import io
import math
import zipfile
import zlib
from collections.abc import Sequence
from typing import IO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from problems.datasets import left_out
from problems.datasets.columns import Column, column_of
from problems.datasets.dataset import Dataset
from problems.datasets.encoding import check_names, encode
from problems.datasets.left_out import kept, refuse_target
from problems.datasets.limits import MOST_NUMBERS, check_columns, check_size
from problems.errors import InputError, choose
from problems.memory import require_memory

__all__ = ["read_npz"]

MOST_BYTES = 8 * MOST_NUMBERS + 2**16
"""An array with its header may have so many bytes once it is unpacked."""

MOST_ENTRIES = 1000
"""A file may have so many arrays: a list of millions of empty ones fills memory by itself."""


def read_npz(
    name: str, content: bytes, target: str | None, missing: str = "refuse", without: Sequence[str] = ()
) -> Dataset:
    """Read a table; see `problems.datasets.files.read_table`.

    The file holds the features ``x``, shape (n, d), the target ``y`` or another one that is asked for, shape (n,), and,
    if they have names, these as text in ``features``, shape (d,).

    Raises
    ------
    InputError
        If the file is none, an array is missing or pickled, or there is too much of it.
    """
    asked = "y" if target is None else target
    try:
        arrays = _load(name, content, ("x", asked))
    except InputError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        MemoryError,
        NotImplementedError,
        OSError,
        RuntimeError,
        SyntaxError,
        ValueError,
    ) as error:
        raise InputError(f"{name} is no NPZ file, or a damaged one ({error}); write it again by numpy.savez.") from None
    x, y, *names = arrays
    if x.ndim != 2 or x.size == 0 or x.dtype.kind not in "biuf":
        kind = f"have shape {x.shape}" if x.dtype.kind in "biuf" else f"are of type {x.dtype}"
        raise InputError(f"{name}: the features {kind}; give (n, d) real numbers with n, d >= 1.")
    if y.shape != (len(x),):
        raise InputError(f"{name}: the target has shape {y.shape}; give ({len(x)},), one a sample.")
    if y.dtype.kind not in "biufUS":
        raise InputError(f"{name}: the target {asked!r} holds neither numbers nor text alone; give one of them.")
    check_size(name, len(x), x.shape[1] + 1)
    check_columns(name, x.shape[1])
    features = list(map(str, names[0].ravel())) if names else [f"x{place}" for place in range(x.shape[1])]
    if len(features) != x.shape[1] or len({*features, asked}) <= len(features):
        raise InputError(
            f"{name}: {x.shape[1]} features and the target {asked!r} have {len({*features, asked})} different names; "
            "give each one of its own."
        )
    check_names(name, features)
    refuse_target(name, target, without)
    columns = [Column(features[place], x[:, place].astype(float)) for place in kept(name, features, without)]
    columns.append(column_of(name, asked, y))
    return encode(name, columns, asked, missing, "sample {}".format, f"Samples of {name}", left_out.asked(without))


def _load(name: str, content: bytes, needed: tuple[str, str]) -> list[NDArray]:
    """Return the two arrays that are needed, and the names of the features if they are there."""
    if content.count(b"PK\x01\x02") > MOST_ENTRIES:
        raise InputError(f"{name} has more than {MOST_ENTRIES:,} arrays; keep x, y and features alone.")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
        for array in needed:
            choose(f"array in {name} called", array, entries)
        wanted = [*needed, *(["features"] if "features" in entries else [])]
        for array in wanted:
            # What unpacking takes, by the archive's own list: no entry is read beyond it.
            if entries[array].file_size > MOST_BYTES:
                raise InputError(f"{name}: {array} has more than {MOST_BYTES >> 20} MiB; give fewer rows or columns.")
            with archive.open(entries[array]) as file:
                _check_header(name, array, file, entries[array].file_size)
        total = sum(entries[array].file_size for array in wanted)
        require_memory(4 * total, f"Reading {name}", "give fewer rows or columns")
    with np.load(io.BytesIO(content), allow_pickle=False) as loaded:
        return [loaded[array] for array in wanted]


def _check_header(name: str, array: str, file: IO[bytes], size: int) -> None:
    """Refuse an array of objects, and one whose header promises more than its entry has: room is made by the header."""
    version = npy.read_magic(file)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = read(file)
    if dtype.hasobject:
        raise InputError(f"{name}: {array} holds pickled objects, which are never read; save numbers or text.")
    if any(length < 0 for length in shape) or math.prod(shape) * dtype.itemsize > size:
        raise ValueError(f"{array} has shape {shape} by its header, and {size:,} bytes")
