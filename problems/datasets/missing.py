"""Rules for missing values: refused, their rows dropped, or imputed from the training part alone."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from problems.datasets.dataset import Dataset
from problems.errors import choose

__all__ = ["RULES", "check_rule", "impute"]

RULES = {
    "refuse": "refused, with row and column",
    "drop": "their rows are left out",
    "median": "imputed by the median of the training part, categories by the most frequent one there",
}
"""Rules for missing features by name, each with its effect. Targets are never imputed."""


def check_rule(rule: str) -> str:
    """Return the name of a rule, or refuse it and name the nearest."""
    choose("rule for missing values", rule, RULES)
    return rule


def impute(dataset: Dataset, training: NDArray[np.intp]) -> Dataset:
    """Fill in what a data set lacks, by what its training part has.

    Parameters
    ----------
    dataset
        A data set; complete ones are returned as they are.
    training
        The rows of the training part.

    Returns
    -------
    All rows: of numbers the median of the training part stands where there was none, of categories the most frequent
    one, the first of several. A feature that the training part never has gets 0.
    """
    missing = np.isnan(dataset.x)
    if dataset.imputed is None or not missing.any():
        return replace(dataset, imputed=None)
    x, coded = dataset.x.copy(), dict(dataset.codes)
    for place in np.flatnonzero(missing.any(axis=0)):
        known = dataset.x[training, place]
        known = known[~np.isnan(known)]
        if not len(known):
            filled = 0.0
        elif dataset.features[place] in coded:
            values, counts = np.unique(known, return_counts=True)
            filled = float(values[np.argmax(counts)])
        else:
            filled = float(np.median(known))
        x[missing[:, place], place] = filled
    return replace(dataset, x=x, imputed=None)
