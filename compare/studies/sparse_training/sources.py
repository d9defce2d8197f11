"""Where updates come from: pruned quadratic networks, the example that conditions are fitted on, a user's own file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from compare.engine import Attached, Inputs, Kind, Planned
from compare.studies.sparse_training.records import Expansion, UpdateArrays, UpdateTask

if TYPE_CHECKING:
    from problems.sparse_training import PolynomialUpdate, QuadraticNetwork

__all__ = ["EXAMPLE", "UPDATE", "Source", "attach", "is_file", "source_of", "update_needs"]

EXAMPLE = "example"
"""The source that is no network: n = 2, F_0 = -.05, F_1 = -.1 diag(least, 2), F_2 = -.05 on u_i^2."""

DENSE_STEPS, DENSE_ETA = 600, 0.003
"""Training of quadratic networks before they are pruned."""

UPDATE = Kind(
    "training/update",
    UpdateTask,
    UpdateArrays,
    external="the update of a file: name the file again, as with --update",
)


@dataclass(frozen=True, eq=False)
class Source:
    """An update, and what is behind it.

    Attributes
    ----------
    update
        In coordinates of the weights themselves.
    start
        The pruned weights, shape (n,).
    network, dense, mask
        The network, its weights before pruning, and which are kept; None without one.
    """

    update: "PolynomialUpdate"
    start: NDArray[np.float64]
    network: "QuadraticNetwork | None" = None
    dense: NDArray[np.float64] | None = None
    mask: NDArray[np.bool_] | None = None

    @property
    def centered(self) -> "PolynomialUpdate":
        """The update in coordinates in which training begins at 0."""
        return self.update.recentred(self.start)

    def accuracy(self, weights: NDArray[np.float64]) -> float | None:
        """Return the held-out accuracy of kept weights, shape (n,); None without a network."""
        if self.network is None:
            return None
        whole = np.zeros(self.network.size)
        whole[self.mask] = weights
        return self.network.accuracy(whole)


def is_file(source: str) -> bool:
    """Tell whether a source is a user's file, by its content."""
    return source.startswith("file:")


def update_needs(task: Any) -> Mapping[str, Sequence[Planned]]:
    """Return what a task needs of a user's file: its update, if there is one."""
    return {"update": [UPDATE(UpdateTask(task.source))]} if is_file(task.source) else {}


def attach(settings: Any) -> Attached:
    """Return settings in which the user's file stands by its content, with its update as a record.

    Raises
    ------
    InputError
        If the file is no update.
    """
    if settings.update is None or is_file(settings.update):
        return Attached(settings)
    from problems.sparse_training import read_update

    found = read_update(settings.update)
    arrays = UpdateArrays(
        found.name,
        found.update.dimension,
        found.update.degree,
        np.concatenate([matrix.ravel() for matrix in found.update.coefficients]),
        found.start,
    )
    records = [(UPDATE(UpdateTask(found.source)), arrays)]
    return Attached(replace(settings, update=found.source), records, {found.source: found.name})


def source_of(task: Expansion, inputs: Inputs) -> Source:
    """Return the update of a task."""
    from problems.sparse_training import PolynomialUpdate, QuadraticNetwork, descend

    if is_file(task.source):
        read = inputs["update"][0]
        n, flat = read.result.dimension, read.array("coefficients")
        ends = np.cumsum([n, *(n ** (k + 1) for k in range(1, read.result.degree + 1))])[:-1]
        first, *others = np.split(flat, ends)
        return Source(PolynomialUpdate([first, *(one.reshape(n, -1) for one in others)]), read.array("start"))
    if task.source == EXAMPLE:
        quadratic = np.zeros((2, 4))
        quadratic[0, 0] = quadratic[1, 3] = -0.05
        update = PolynomialUpdate([[-0.05, -0.05], -0.1 * np.diag([float(task.least or 0), 2.0]), quadratic])
        return Source(update, np.zeros(2))
    assert task.kept is not None
    assert task.eta is not None
    network = QuadraticNetwork.from_dataset(task.source, readout=task.readout, seed=task.seed)
    dense = descend(network, network.initial(task.seed), DENSE_STEPS, DENSE_ETA)[-1]
    mask = network.prune(dense, task.kept)
    return Source(network.update(mask, task.eta), dense[mask], network, dense, mask)
