"""Arrays of kernels and labels as users give them, checked."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers
from problems.errors import InputError

__all__ = ["real_array", "two_labels"]


def real_array(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return real finite numbers in whatever shape they have.

    Raises
    ------
    InputError
        If there are others.
    """
    given = as_numbers(name, values)
    if given.dtype.kind not in "biuf":
        raise InputError(f"{name} holds no real numbers ({given.dtype}); give real numbers alone.")
    array = given.astype(float)
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        place = tuple(wrong[0])
        where = f"[{', '.join(map(str, place))}]" if place else ""
        raise InputError(f"{name}{where} = {array[place]} is not finite; give finite numbers alone.")
    return array


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
