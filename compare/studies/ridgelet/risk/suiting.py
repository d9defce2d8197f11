"""Which data sets are cases of the risk study."""

from compare.studies.ridgelet.risk.cases import case_of
from problems.datasets import Dataset
from problems.errors import InputError
from problems.ridgelet.prospects import prospects

__all__ = ["LEAST_POINTS", "suits"]

LEAST_POINTS = 10
"""Distinct training points that a case needs: with fewer, inner folds and networks of several nodes mean nothing."""

ENOUGH = 5000
"""Samples looked at first, to tell whether a data set suits."""


def suits(data: Dataset) -> str | None:
    """Return why a user's data set is no case of the study, or None: it needs `LEAST_POINTS` distinct points."""
    case = case_of(data.source)
    features = min(case.features or len(data.features), len(data.features))
    # Of many samples a few thousand nearly always have points enough, and tell it at once.
    for step in dict.fromkeys((max(1, len(data) // ENOUGH), 1)):
        some = data.taken(slice(None, None, step))
        try:
            (found,) = prospects(some, [case.prime], [features])
        except InputError:  # too few samples of a class among them
            continue
        if found.points >= LEAST_POINTS:
            return None
    return (
        f"with P = {case.prime} and D = {features} it has fewer than {LEAST_POINTS} distinct training points, and so "
        "many are needed"
    )
