"""Arrays of kernels and labels as users give them, checked."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import real_array
from problems.errors import InputError

__all__ = ["two_labels"]


def two_labels(name: str, labels: ArrayLike) -> NDArray[np.float64]:
    """Return labels -1 and +1, shape (n,), both of which occur.

    Raises
    ------
    InputError
        If there are others, or one class alone.
    """
    given = real_array(name, labels)
    if given.ndim != 1:
        raise InputError(f"{name} has shape {given.shape}; give one label an image, shape (n,).")
    values = np.unique(given)
    if values.tolist() != [-1, 1]:
        few = ", ".join(f"{value:g}" for value in values[:5])
        more = ", ..." if len(values) > 5 else ""
        raise InputError(
            f"{name} has the labels {few}{more}, {len(values)} in number; give two classes, as -1 and +1 (of more "
            "classes, one against the rest)."
        )
    return given
