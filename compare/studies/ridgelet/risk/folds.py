"""Samples held out: of every fold the same for all methods, and within its training part the inner folds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold, train_test_split

from compare.studies.ridgelet.risk.cases import CASES, Case
from problems.activations import Activation
from problems.datasets import HELD_OUT
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import Residues, load_residues
from problems.seeds import Plain, integer_seed, named

__all__ = ["INNER_FOLDS", "LEAST_POINTS", "Fold", "inner_folds", "load_fold"]

INNER_FOLDS = 3
"""Folds of the training part, on which penalties are chosen."""

LEAST_POINTS = 10
"""Distinct training points that a case needs: with fewer, inner folds and networks of several nodes mean nothing."""


@dataclass(frozen=True)
class Fold:
    """One fold of one case.

    Attributes
    ----------
    case
        The case.
    number
        Which fold.
    data
        Training and held-out samples.
    problem
        The problem of the training samples.
    """

    case: Case
    number: int
    data: Residues
    problem: RidgeletProblem

    @property
    def held_out(self) -> bool:
        """Whether anything is held out: a function on all of Z_P^D has nothing left."""
        return not np.array_equal(self.data.x_test, self.data.x_train)

    @property
    def ratio(self) -> float:
        """Held-out samples over training samples; 0 if nothing is held out, or folds share no samples."""
        overlap = self.held_out and not self.case.independent
        return len(self.data.x_test) / len(self.data.x_train) if overlap else 0.0


def load_fold(name: str, number: int, seed: int, regularization: float, activation: Activation) -> Fold:
    """Hold a random quarter of a case's samples out; quantizers and feature choice see the rest only.

    Parameters
    ----------
    name
        A name in `CASES`.
    number
        Which fold; each is a random split of its own, so held-out parts overlap.
    seed
        The run's seed.
    regularization, activation
        Of the problem.

    Raises
    ------
    InputError
        If the data set does not fit the case or has fewer than `LEAST_POINTS` distinct training points.
    """
    case = CASES[name]
    split: dict[str, Plain] = {"seed": seed, "dataset": case.dataset, "fold": number}
    data = load_residues(case.dataset, case.prime, case.features, named("split", **split))
    if case.part:
        state = integer_seed(named("part", **split))
        x_train, x_test, y_train, y_test = train_test_split(
            data.x_train, data.y_train, test_size=HELD_OUT, random_state=state
        )
        mean = y_train.mean()
        data = replace(data, x_train=x_train, x_test=x_test, y_train=y_train - mean, y_test=y_test - mean)
        data = replace(data, description=data.description.replace("no point", "a random quarter of the points"))
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, case.prime, regularization, activation)
    if len(problem.data) < LEAST_POINTS:
        raise InputError(
            f"The data set {name!r} has {len(problem.data)} distinct training points, but the study needs at least "
            f"{LEAST_POINTS}; leave it out, or take more features or a larger prime."
        )
    return Fold(case, number, data, problem)


def inner_folds(fold: Fold, seed: int) -> Iterator[tuple[RidgeletProblem, NDArray[np.intp], NDArray[np.intp]]]:
    """Yield, for each inner fold, the problem of its training samples, their rows and the rows that are held out.

    Rows are those of the fold's training samples. Nodes for an inner fold must be drawn from its own problem: nodes
    drawn from all training labels already know those that are held out here.
    """
    state = integer_seed(named("inner", seed=seed, dataset=fold.case.dataset, fold=fold.number))
    problem, data = fold.problem, fold.data
    for kept, out in KFold(INNER_FOLDS, shuffle=True, random_state=state).split(data.x_train):
        inner = RidgeletProblem.from_samples(
            data.x_train[kept], data.y_train[kept], problem.prime, problem.regularization, _activation(problem)
        )
        yield inner, kept, out


def _activation(problem: RidgeletProblem) -> Activation:
    return problem.ridgelet if problem.activation == "table" else problem.activation
