"""One ticket: nodes that one sampler picks on one split of a data set, and what their network is worth."""

import numpy as np

from compare.engine import Inputs, Seeds
from compare.statistics import RecordedEstimate, mean_estimate
from compare.studies.data import of_task
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.risk.cases import CLASSES, REGRESSION, TWO_CLASSES
from compare.studies.ridgelet.risk.fits import accuracy
from compare.studies.ridgelet.tickets.study import Judged, Ticket
from problems.ridgelet import RidgeletProblem, SparseNetwork
from problems.ridgelet.data import Residues, load_residues
from problems.seeds import named

__all__ = ["judge"]

OWN_DATA = ("random",)
"""Data sets that are drawn anew for each split; the splits of all others share samples."""


def judge(task: Ticket, seeds: Seeds, inputs: Inputs) -> Judged:
    """Draw nodes, fit the network and judge it in training and held out.

    Raises
    ------
    InputError
        If the data set has no such features, or the sampler does not take the problem.
    """
    split = named("split", seed=task.seed, dataset=task.dataset, fold=task.repeat)
    data = load_residues(of_task(task, inputs), task.prime, task.features, split)
    problem = RidgeletProblem.from_samples(data.x_train, data.y_train, task.prime, task.regularization, task.activation)
    method = SAMPLERS[task.method]
    method.check(problem)
    # N is no part of it: the same nodes at the front of every N.
    stream = seeds("nodes", by=("seed", "dataset", "prime", "features", "method"), fold=task.repeat)
    nodes = method.make(problem).sample(task.nodes, stream)
    network = SparseNetwork.fit(problem, nodes, data.x_train, data.y_train, task.ridge)
    held_out = not np.array_equal(data.x_train, data.x_test)
    kind = _kind(data)
    y_train, y_test = (values.reshape(len(values), -1) for values in (data.y_train, data.y_test))
    trained, tested = (network.predict(x).reshape(len(x), -1) for x in (data.x_train, data.x_test))
    return Judged(
        network.risk(data.x_train, data.y_train),
        network.risk(data.x_test, data.y_test) if held_out else None,
        float(accuracy(kind, y_train, y_train, trained)),
        float(accuracy(kind, y_train, y_test, tested)) if held_out else None,
        float(np.mean(np.sum(y_train**2, axis=1))),
        float(np.mean(np.sum(y_test**2, axis=1))),
        RecordedEstimate.of(mean_estimate(problem.density(nodes))),
        0.0 if not held_out or task.dataset in OWN_DATA else len(data.x_test) / len(data.x_train),
        data.description,
        problem.dimension,
        len(problem.data),
        problem.coverage,
    )


def _kind(data: Residues) -> str:
    """Tell classes, one column each, two classes and regression apart by the targets."""
    if data.y_train.ndim == 2:
        return CLASSES
    return TWO_CLASSES if len(np.unique(data.y_train)) == 2 else REGRESSION
