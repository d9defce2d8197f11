"""A fold of points in NPY files: nothing is loaded, and one problem is held at a time, for memory is said of one."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from compare.studies.ridgelet.risk.samples import Samples
from compare.studies.ridgelet.risk.study import Fold
from compare.studies.ridgelet.risk.suiting import LEAST_POINTS
from compare.studies.rows import Files
from problems.activations import activation_table
from problems.errors import InputError
from problems.memory import as_bytes, readable_bytes
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.chunks.budget import DEFAULT
from problems.ridgelet.held_out import HeldOutRows, hold_out
from problems.rows import SomeRows
from problems.seeds import named

__all__ = ["FileSplit", "check_points", "split_files"]

COPIES = 4
"""Arrays of 8 bytes an entry that a peer makes of all samples at once, about: residues, features, and its own."""


@dataclass(frozen=True, eq=False)
class FileSplit:
    """The samples of one fold; see `compare.studies.ridgelet.risk.folds.Split`.

    Attributes
    ----------
    data
        Training and held-out rows.
    task, files
        The fold, and the files that its rows are in.
    """

    data: HeldOutRows
    task: Fold
    files: Files

    @property
    def problem(self) -> RidgeletProblem:
        """The problem of the training samples: made anew after one of an inner fold was."""
        return _problem(self.task, self.files)

    @property
    def ridgelet(self) -> NDArray[np.float64]:
        """The activation as a ridgelet, shape (P,)."""
        return activation_table(self.task.activation, self.task.prime)

    @property
    def train(self) -> Samples:
        """The training samples."""
        return self._samples(self.data.x_train, self.data.y_train)

    @property
    def test(self) -> Samples:
        """The held-out samples."""
        return self._samples(self.data.x_test, self.data.y_test)

    def some(self, places: NDArray[np.intp]) -> Samples:
        """Return some of the training samples, by their places, ascending."""
        return self._samples(self.data.x_train.kept(places), self.data.y_train[places])

    def inner(self, task: Fold, kept: NDArray[np.intp]) -> RidgeletProblem:
        """Return the problem of some of the training samples; that of all of them is let go."""
        _problem.cache_clear()
        return self.data.problem(task.regularization, task.activation, self.files.memory, kept)

    def whole(self, samples: Samples) -> NDArray[np.int64]:
        """Return all points of a part at once, for what needs them.

        Raises
        ------
        InputError
            With the memory that it would take, if that is more than may be taken.
        """
        needed = COPIES * 8 * len(samples) * self.data.dimension
        room = DEFAULT if self.files.memory is None else as_bytes("memory", self.files.memory)
        if needed > room:
            raise InputError(
                f"needs all {len(samples):,} samples at once, about {readable_bytes(needed)}, and "
                f"{readable_bytes(room)} may be taken"
            )
        return np.concatenate([np.asarray(block, dtype=np.int64) for block in samples.read()])

    def _samples(self, rows: SomeRows, targets: NDArray[np.float64]) -> Samples:
        return Samples(targets, lambda: self.data.blocks(rows))


def split_files(task: Fold, files: Files) -> FileSplit:
    """Hold a random quarter of the rows out.

    Raises
    ------
    InputError
        If they are no data, or have fewer than `LEAST_POINTS` distinct training points.
    """
    return FileSplit(_held_out(task, files), task, files)


@lru_cache(maxsize=1)
def _held_out(task: Fold, files: Files) -> HeldOutRows:
    seed = named("split", seed=task.seed, dataset=task.dataset, fold=task.fold)
    return hold_out(files.points, files.labels, task.prime, seed)


@lru_cache(maxsize=1)
def _problem(task: Fold, files: Files) -> RidgeletProblem:
    problem = _held_out(task, files).problem(task.regularization, task.activation, files.memory)
    check_points(files.points, problem)
    return problem


def check_points(name: str, problem: RidgeletProblem) -> None:
    """Refuse a data set of too few distinct training points."""
    if len(problem.data) < LEAST_POINTS:
        raise InputError(
            f"The data set {name!r} has {len(problem.data)} distinct training points, but the study needs at "
            f"least {LEAST_POINTS}; leave it out, or take more features or a larger prime."
        )
