"""The problem of a task: its data are loaded and the problem is made once a process, whatever tasks it has."""

from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from problems.datasets import Dataset
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import Residues, first_points, load_residues

__all__ = ["Source", "loaded"]

KEPT = 6
"""Problems that a process keeps: a study has a few, and its tasks come in any order."""


@dataclass(frozen=True)
class Source:
    """All that a problem is made of.

    Attributes
    ----------
    dataset
        Names the data, those of a user's file by their content.
    prime, features, regularization, activation
        Of the problem.
    points
        The data's first so many distinct points; None takes all.
    seed
        Of the data's split.
    data
        The data set's name, or the table of a user's file.
    most_features
        Features at most, if nobody says how many; None for all.
    """

    dataset: str
    prime: int
    features: int | None
    points: int | None
    regularization: float
    activation: str | tuple[float, ...]
    seed: int
    data: str | Dataset = field(compare=False)
    most_features: int | None = None

    @classmethod
    def of(cls, task: Any, data: str | Dataset, most_features: int | None = None) -> "Source":
        """Return the source of a task, or of settings, by its fields; one without points takes all."""
        own: dict[str, Any] = {one.name: getattr(task, one.name, None) for one in fields(cls)}
        return cls(**(own | {"data": data, "most_features": most_features}))


@lru_cache(KEPT)
def loaded(source: Source) -> tuple[Residues, RidgeletProblem]:
    """Load the data and make the problem of their training part.

    Raises
    ------
    InputError
        If the data set has no such features.
    """
    data = load_residues(source.data, source.prime, source.features, source.seed)
    most = source.most_features
    if most is not None and source.features is None and data.dimension > most:
        data = load_residues(source.data, source.prime, most, source.seed)
    if source.points is not None:
        data = first_points(data, source.points)
    return data, RidgeletProblem.from_samples(
        data.x_train, data.y_train, source.prime, source.regularization, source.activation
    )
