"""From points and labels as users give them to what a problem keeps of them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError, whole_number, yes_or_no
from problems.memory import as_bytes
from problems.ridgelet.chunks.budget import allowed, least_bytes, rows_at_once
from problems.ridgelet.chunks.packing import packed_bytes
from problems.ridgelet.chunks.points import ChunkedPoints
from problems.ridgelet.chunks.reading import Levels, ResidueRows
from problems.ridgelet.chunks.scanning import find_points
from problems.ridgelet.labels import mean_labels
from problems.rows import RowSource, as_rows

__all__ = ["read_chunks"]


def read_chunks(
    points: Any,
    labels: Any,
    prime: int,
    quantizer: Levels | None,
    chunk: int,
    memory: int | str | None,
    packed: bool = False,
) -> tuple[ChunkedPoints, NDArray[np.int64], NDArray[np.float64]]:
    """Find the distinct points of data on disk, and their labels; see `RidgeletProblem.from_chunks`.

    Returns
    -------
    tuple
        The distinct points; how many samples sit at each, shape (K,); and their mean targets, shape (K, C).
    """
    chunk = whole_number("chunk", chunk, 1)
    given = None if memory is None else as_bytes("memory", memory)
    x, y = as_rows("points", points), as_rows("labels", labels)
    if len(x.shape) != 2 or 0 in x.shape:
        raise InputError(f"{x.name} has shape {x.shape}, but shape (n, D) with n, D >= 1 is needed; reshape it.")
    if len(y.shape) not in (1, 2) or 0 in y.shape[1:]:
        raise InputError(f"{y.name} has shape {y.shape}, but shape (n,) or (n, C) is needed; reshape it.")
    if x.shape[0] != y.shape[0]:
        raise InputError(
            f"{x.name} has {x.shape[0]} rows but {y.name} has {y.shape[0]}; give one target for each point."
        )
    if quantizer is not None and not callable(getattr(quantizer, "transform", None)):
        raise InputError(f"quantizer = {quantizer!r:.60} has no transform; give a fitted one of problems.quantizers.")
    count, dimension = x.shape
    outputs = y.shape[1] if len(y.shape) == 2 else 1
    at_once = min(rows_at_once(chunk, dimension, x.dtype.itemsize), count)
    least = least_bytes(x, outputs, chunk)
    purpose = f"Reading {count} rows of {dimension} entries, {at_once} at once,"
    if yes_or_no("packed", packed):
        least += packed_bytes(count, dimension, prime)
        purpose += " and holding them packed"
    room = allowed(given, least, purpose)
    targets = _targets(y, at_once)
    found, where, counts = find_points(ResidueRows.of(x, prime, quantizer), at_once, room, packed)
    return found, counts, mean_labels(where, counts, targets)


def _targets(labels: RowSource, chunk: int) -> NDArray[np.float64]:
    """Read all targets: shape (n, C)."""
    count = labels.shape[0]
    targets = np.empty((count, labels.shape[1] if len(labels.shape) == 2 else 1))
    for start in range(0, count, chunk):
        rows = slice(start, min(start + chunk, count))
        targets[rows] = labels.read(rows.start, rows.stop).reshape(rows.stop - rows.start, -1)
        if not np.all(np.isfinite(targets[rows])):
            row = start + int(np.argwhere(~np.isfinite(targets[rows]))[0][0])
            raise InputError(f"{labels.name}[{row}] is NaN or infinite; impute or drop that sample.")
    return targets
