"""Tables in NPZ files: the features as one array, the target as another; nothing pickled is read."""

import io
import zipfile
import zlib

import numpy as np
from numpy.typing import NDArray

from problems.datasets.dataset import Dataset
from problems.datasets.limits import MOST_NUMBERS, check_size
from problems.errors import InputError, choose

__all__ = ["read_npz"]

MOST_BYTES = 8 * MOST_NUMBERS + 2**16
"""An array with its header may have so many bytes once it is unpacked."""


def read_npz(name: str, content: bytes, target: str | None) -> Dataset:
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
    except (zipfile.BadZipFile, zlib.error, EOFError, MemoryError, NotImplementedError, OSError, ValueError) as error:
        if "allow_pickle" in str(error):
            raise InputError(
                f"{name} holds pickled objects, which are never read; save arrays of numbers or of text."
            ) from None
        raise InputError(f"{name} is no NPZ file, or a damaged one ({error}); write it again by numpy.savez.") from None
    x, y, *names = arrays
    check_size(name, len(np.atleast_1d(x)), int(np.prod(x.shape[1:])) + 1)
    features = list(map(str, names[0].ravel())) if names else None
    description = f"Samples of {name}"
    return Dataset.from_samples(x, y, name=name, features=features, target=asked, description=description)


def _load(name: str, content: bytes, needed: tuple[str, str]) -> list[NDArray]:
    """Return the two arrays that are needed, and the names of the features if they are there."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        # What unpacking takes, by the archive's own list: no entry is read beyond it.
        sizes = {entry.filename.removesuffix(".npy"): entry.file_size for entry in archive.infolist()}
    for array in needed:
        choose(f"array in {name} called", array, sizes)
    wanted = [*needed, *(["features"] if "features" in sizes else [])]
    for array in wanted:
        if sizes[array] > MOST_BYTES:
            raise InputError(f"{name}: {array} has more than {MOST_BYTES >> 20} MiB; give fewer rows or columns.")
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return [file[array] for array in wanted]
