"""Where updates come from: pruned quadratic networks, the example that conditions are fitted on, a user's own file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from compare.engine import Attached, Kind, Planned
from compare.studies import data
from compare.studies.data import TABLE, Table
from compare.studies.sparse_training.records import Expansion, UpdateArrays, UpdateTask

if TYPE_CHECKING:
    from compare.engine import Inputs
    from problems.sparse_training import PolynomialUpdate, QuadraticNetwork

__all__ = ["EXAMPLE", "UPDATE", "Source", "attach", "is_file", "network_source", "source_of", "update_needs"]

TABLES = "table:"
"""Before the identity of a user's table that a quadratic network learns; without it, it is that of an update."""

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


def network_source(dataset: str) -> str:
    """Return what names the updates of networks on a data set: a user's table is no file of an update."""
    return f"{TABLES}{dataset}" if is_file(dataset) else dataset


def update_needs(task: Any) -> Mapping[str, Sequence[Planned]]:
    """Return what a task needs of a user's files: its update, or the table of its network, if there is one."""
    if task.source.startswith(TABLES):
        return {"table": [TABLE(Table(task.source.removeprefix(TABLES)))]}
    return {"update": [UPDATE(UpdateTask(task.source))]} if is_file(task.source) else {}


def attach(settings: Any) -> Attached:
    """Return settings in which the user's files stand by their content, with the update and tables as records.

    Raises
    ------
    InputError
        If a file is no update, or no table.
    """
    attached = data.attach(settings, among=("datasets", "quadratic"))
    labels = {**attached.labels, **{f"{TABLES}{source}": name for source, name in attached.labels.items()}}
    attached = replace(attached, labels=labels)
    if settings.update is None or is_file(settings.update):
        return attached
    from problems.sparse_training import read_update

    found = read_update(settings.update)
    arrays = UpdateArrays(
        found.name,
        found.update.dimension,
        found.update.degree,
        np.concatenate([matrix.ravel() for matrix in found.update.coefficients]),
        found.start,
    )
    records = [*attached.records, (UPDATE(UpdateTask(found.source)), arrays)]
    named = replace(attached.settings, update=found.source)
    return Attached(named, records, {**labels, found.source: found.name})


def source_of(task: Expansion, inputs: "Inputs") -> Source:
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
    learned = data.table_in(task.source.removeprefix(TABLES), inputs) if "table" in inputs else task.source
    network = QuadraticNetwork.from_dataset(learned, readout=task.readout, seed=task.seed)
    dense = descend(network, network.initial(task.seed), DENSE_STEPS, DENSE_ETA)[-1]
    mask = network.prune(dense, task.kept)
    return Source(network.update(mask, task.eta), dense[mask], network, dense, mask)
