"""F-scores of features: how well each by itself tells classes apart, or a number.

They are the values of scikit-learn's ``f_classif`` and ``f_regression``, without the second that it takes to import;
tests hold them to these. Source: G. W. Heiman, Research Methods in Statistics (2002), pages 394 to 397.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["f_of_classes", "f_of_regression"]


def f_of_classes(x: NDArray[np.float64], y: NDArray[Any]) -> NDArray[np.float64]:
    """Return the variance between classes over that within them, for each feature.

    Parameters
    ----------
    x
        Features, shape (n, d), none of them constant.
    y
        Numbers of the classes, shape (n,), at least two.

    Returns
    -------
    Shape (d,); infinite for a feature that tells the classes without fail.
    """
    parts = [x[y == number] for number in np.unique(y)]
    total = sum(part.sum(axis=0) for part in parts) ** 2 / float(len(x))
    squares = sum((part**2).sum(axis=0) for part in parts)
    between = sum(part.sum(axis=0) ** 2 / len(part) for part in parts) - total
    within = squares - total - between
    with np.errstate(divide="ignore"):
        found: NDArray[np.float64] = (between / (len(parts) - 1)) / (within / float(len(x) - len(parts)))
    return found


def f_of_regression(x: NDArray[np.float64], y: NDArray[Any]) -> NDArray[np.float64]:
    """Return the variance of the target that a line through a feature explains over what it leaves, for each feature.

    Parameters
    ----------
    x
        Features, shape (n, d), none of them constant.
    y
        Targets, shape (n,).

    Returns
    -------
    Shape (d,); the largest float for a feature that is a multiple of the target, 0 where nothing is told.
    """
    apart = y - np.mean(y)
    norms = np.sqrt(np.einsum("ij,ij->i", x.T, x.T) - len(x) * x.mean(axis=0) ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        correlations = apart @ x / norms / np.linalg.norm(apart)
        squares = np.where(np.isnan(correlations), 0.0, correlations) ** 2
        found = squares / (1 - squares) * (len(y) - 2)
    return np.nan_to_num(found, nan=0.0, posinf=np.finfo(float).max)
