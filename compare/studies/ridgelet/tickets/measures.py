"""One ticket: nodes that one sampler picks on one split of a data set, and what their network is worth."""

import numpy as np

from compare.engine import Inputs, Seeds
from compare.statistics import RecordedEstimate, mean_estimate
from compare.studies.data import of_task
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.risk.fits import accuracy
from compare.studies.ridgelet.tickets.study import Judged, Ticket
from problems.ridgelet import RidgeletProblem, SparseNetwork
from problems.ridgelet.data import load_residues
from problems.seeds import named

__all__ = ["judge"]


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
    y_train, y_test = (values.reshape(len(values), -1) for values in (data.y_train, data.y_test))
    trained, tested = (network.predict(x).reshape(len(x), -1) for x in (data.x_train, data.x_test))
    return Judged(
        network.risk(data.x_train, data.y_train),
        network.risk(data.x_test, data.y_test) if data.held_out else None,
        float(accuracy(data.kind, y_train, y_train, trained)),
        float(accuracy(data.kind, y_train, y_test, tested)) if data.held_out else None,
        float(np.mean(np.sum(y_train**2, axis=1))),
        float(np.mean(np.sum(y_test**2, axis=1))),
        RecordedEstimate.of(mean_estimate(problem.density(nodes))),
        data.overlap,
        data.description,
        problem.dimension,
        len(problem.data),
        problem.coverage,
    )
