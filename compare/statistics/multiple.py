"""p-values of a table that holds many tests, corrected for their number."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError, choose

__all__ = ["CORRECTIONS", "Correction", "correct"]

Correction = Literal["holm", "fdr"]

CORRECTIONS = {
    "holm": "Holm (1979): the chance of a single false alarm in the table is at most the level",
    "fdr": "Benjamini and Hochberg (1995): of all alarms, the expected share of false ones is at most the level",
}
"""Ways of correction, in words."""


def correct(pvalues: ArrayLike, method: Correction = "holm") -> NDArray[np.float64]:
    """Return p-values adjusted for their number: compare each with the level that the whole table should have.

    Parameters
    ----------
    pvalues
        One of each test, shape (m,), in [0, 1].
    method
        "holm" (Holm 1979, Scand. J. Stat. 6:65) keeps the chance of any false alarm in the table below the level,
        however the tests depend on one another. "fdr" (Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57:289) keeps
        the expected share of false ones among all alarms below it, for independent tests.

    Returns
    -------
    NDArray
        Shape (m,), in [0, 1], in the order given.

    Raises
    ------
    InputError
        If a p-value is outside [0, 1] or no number, or the method is unknown.
    """
    choose("correction", method, CORRECTIONS)
    values = np.asarray(pvalues, dtype=float)
    if values.ndim != 1:
        raise InputError(f"p-values of shape {values.shape} cannot be corrected; give a list of them.")
    bad = np.flatnonzero(~((values >= 0) & (values <= 1)))
    if len(bad):
        raise InputError(f"pvalues[{bad[0]}] = {values[bad[0]]} is no p-value; give numbers from 0 to 1.")
    if len(values) == 0:
        return values
    m = len(values)
    order = np.argsort(values, kind="stable")
    adjusted = np.empty_like(values)
    if method == "holm":
        adjusted[order] = np.maximum.accumulate(values[order] * np.arange(m, 0, -1))
    else:
        # From the largest down, so that no p-value is adjusted to more than a larger one.
        adjusted[order[::-1]] = np.minimum.accumulate(values[order[::-1]] * m / np.arange(m, 0, -1))
    return np.minimum(1, adjusted)
