"""Samples held out: of every fold the same for all methods, and within its training part the inner folds."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold, train_test_split

from compare.studies.ridgelet.risk.study import Fold
from problems.datasets import HELD_OUT
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import Residues, load_residues
from problems.seeds import Plain, integer_seed, named

__all__ = ["INNER_FOLDS", "LEAST_POINTS", "Split", "inner_folds", "load_split"]

INNER_FOLDS = 3
"""Folds of the training part, on which penalties are chosen."""

LEAST_POINTS = 10
"""Distinct training points that a case needs: with fewer, inner folds and networks of several nodes mean nothing."""


@dataclass(frozen=True)
class Split:
    """The samples of one fold.

    Attributes
    ----------
    kind
        What the targets are.
    independent
        Whether every fold has data of its own.
    data
        Training and held-out samples.
    problem
        The problem of the training samples.
    """

    kind: str
    independent: bool
    data: Residues
    problem: RidgeletProblem

    @property
    def held_out(self) -> bool:
        """Whether anything is held out: a function on all of Z_P^D has nothing left."""
        return not np.array_equal(self.data.x_test, self.data.x_train)

    @property
    def ratio(self) -> float:
        """Held-out samples over training samples; 0 if nothing is held out, or folds share no samples."""
        overlap = self.held_out and not self.independent
        return len(self.data.x_test) / len(self.data.x_train) if overlap else 0.0


def load_split(task: Fold) -> Split:
    """Hold a random quarter of a case's samples out; quantizers and feature choice see the rest only.

    Splits are random and each of its own, so that held-out parts overlap.

    Raises
    ------
    InputError
        If the data set does not fit the case or has fewer than `LEAST_POINTS` distinct training points.
    """
    return _load(Fold(**{field.name: getattr(task, field.name) for field in dataclasses.fields(Fold)}))


# Methods on one fold come one after the other, and all of them load it.
@lru_cache(maxsize=2)
def _load(task: Fold) -> Split:
    split: dict[str, Plain] = {"seed": task.seed, "dataset": task.dataset, "fold": task.fold}
    data = load_residues(task.dataset, task.prime, task.features, named("split", **split))
    if task.part:
        state = integer_seed(named("part", **split))
        x_train, x_test, y_train, y_test = train_test_split(
            data.x_train, data.y_train, test_size=HELD_OUT, random_state=state
        )
        mean = y_train.mean()
        said = data.description.replace("no point", "a random quarter of the points")
        data = dataclasses.replace(
            data, x_train=x_train, x_test=x_test, y_train=y_train - mean, y_test=y_test - mean, description=said
        )
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, task.prime, task.regularization, task.activation)
    if len(problem.data) < LEAST_POINTS:
        raise InputError(
            f"The data set {task.case!r} has {len(problem.data)} distinct training points, but the study needs at "
            f"least {LEAST_POINTS}; leave it out, or take more features or a larger prime."
        )
    return Split(task.kind, task.independent, data, problem)


def inner_folds(split: Split, task: Fold) -> Iterator[tuple[RidgeletProblem, NDArray[np.intp], NDArray[np.intp]]]:
    """Yield, for each inner fold, the problem of its training samples, their rows and the rows that are held out.

    Rows are those of the fold's training samples. Nodes for an inner fold must be drawn from its own problem: nodes
    drawn from all training labels already know those that are held out here.
    """
    state = integer_seed(named("inner", seed=task.seed, dataset=task.dataset, fold=task.fold))
    data = split.data
    for kept, out in KFold(INNER_FOLDS, shuffle=True, random_state=state).split(data.x_train):
        inner = RidgeletProblem.from_samples(
            data.x_train[kept], data.y_train[kept], task.prime, task.regularization, task.activation
        )
        yield inner, kept, out
