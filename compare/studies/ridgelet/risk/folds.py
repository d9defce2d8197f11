"""Samples held out: of every fold the same for all methods, and within its training part the inner folds."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold, train_test_split

from compare.engine import Inputs
from compare.studies.data import of_task
from compare.studies.ridgelet.risk.cases import case_of
from compare.studies.ridgelet.risk.files import LEAST_POINTS, FileSplit, check_points, split_files
from compare.studies.ridgelet.risk.samples import Samples
from compare.studies.ridgelet.risk.study import Fold
from compare.studies.rows import files_of
from problems.datasets import HELD_OUT, Dataset
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import Residues, load_residues
from problems.ridgelet.prospects import prospects
from problems.seeds import Plain, integer_seed, named

__all__ = ["INNER_FOLDS", "LEAST_POINTS", "FileSplit", "Split", "column", "inner_folds", "load_split"]

INNER_FOLDS = 3
"""Folds of the training part, on which penalties are chosen."""

ENOUGH = 5000
"""Samples looked at first, to tell whether a data set suits."""


@dataclass(frozen=True)
class Split:
    """The samples of one fold.

    Attributes
    ----------
    data
        Training and held-out samples.
    problem
        The problem of the training samples.
    """

    data: Residues
    problem: RidgeletProblem

    @property
    def ridgelet(self) -> NDArray[np.float64]:
        """The activation as a ridgelet, shape (P,)."""
        return self.problem.ridgelet

    @property
    def train(self) -> Samples:
        """The training samples."""
        return Samples(column(self.data.y_train), lambda: [self.data.x_train])

    @property
    def test(self) -> Samples:
        """The held-out samples; of data of which nothing is held out, the training samples."""
        return Samples(column(self.data.y_test), lambda: [self.data.x_test])

    def some(self, places: NDArray[np.intp]) -> Samples:
        """Return some of the training samples."""
        return Samples(self.train.targets[places], lambda: [self.data.x_train[places]])

    def inner(self, task: Fold, kept: NDArray[np.intp]) -> RidgeletProblem:
        """Return the problem of some of the training samples."""
        return RidgeletProblem.from_samples(
            self.data.x_train[kept], self.data.y_train[kept], task.prime, task.regularization, task.activation
        )

    def whole(self, samples: Samples) -> NDArray[np.int64]:
        """Return all points of a part at once."""
        (points,) = samples.read()
        return np.asarray(points)


def column(values: NDArray) -> NDArray[np.float64]:
    """Return targets or predictions as shape (n, C)."""
    return np.reshape(values, (len(values), -1))


@dataclass(frozen=True)
class _Source:
    """A data set's name, or the table of a user's file, which the task tells from others by its content."""

    data: str | Dataset = field(compare=False)


def load_split(task: Fold, inputs: Inputs | None = None) -> "Split | FileSplit":
    """Hold a random quarter of a case's samples out; quantizers and feature choice see the rest only.

    Splits are random and each of its own, so that held-out parts overlap.

    Raises
    ------
    InputError
        If the data set does not fit the case or has fewer than `LEAST_POINTS` distinct training points.
    """
    fold = Fold(**{part.name: getattr(task, part.name) for part in fields(Fold)})
    files = files_of(task, inputs or {})
    if files is not None:
        return split_files(fold, files)
    return _load(fold, _Source(of_task(task, inputs or {})))


# Methods on one fold come one after the other, and all of them load it.
@lru_cache(maxsize=2)
def _load(task: Fold, source: _Source) -> Split:
    name, features = task.case, task.features
    if isinstance(source.data, Dataset) and features is not None:
        name, features = source.data.name, min(features, len(source.data.features))
    split: dict[str, Plain] = {"seed": task.seed, "dataset": task.dataset, "fold": task.fold}
    data = load_residues(source.data, task.prime, features, named("split", **split))
    if task.part:
        state = integer_seed(named("part", **split))
        x_train, x_test, y_train, y_test = train_test_split(
            data.x_train, data.y_train, test_size=HELD_OUT, random_state=state
        )
        mean = y_train.mean()
        said = data.description.replace("no point", "a random quarter of the points")
        data = replace(
            data, x_train=x_train, x_test=x_test, y_train=y_train - mean, y_test=y_test - mean, description=said
        )
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, task.prime, task.regularization, task.activation)
    check_points(name, problem)
    return Split(data, problem)


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


def inner_folds(
    split: "Split | FileSplit", task: Fold
) -> Iterator[tuple[RidgeletProblem, NDArray[np.intp], NDArray[np.intp]]]:
    """Yield, for each inner fold, the problem of its training samples, their rows and the rows that are held out.

    Rows are those of the fold's training samples. Nodes for an inner fold must be drawn from its own problem: nodes
    drawn from all training labels already know those that are held out here.
    """
    state = integer_seed(named("inner", seed=task.seed, dataset=task.dataset, fold=task.fold))
    for kept, out in KFold(INNER_FOLDS, shuffle=True, random_state=state).split(split.data.y_train):
        yield split.inner(task, kept), kept, out
