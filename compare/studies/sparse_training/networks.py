"""Measured: pruned perceptrons, their linearizations, spectra and accuracy during training, and rivals."""

import time

import numpy as np
from numpy.typing import NDArray

from compare.engine import Inputs, Seeds
from compare.studies.data import of_task
from compare.studies.sparse_training.records import Cycled, Cycles, Pruned, Reexpanded, Rival, Rivals
from problems.errors import InputError
from problems.sparse_training import Perceptron, descend, error_proxy, magnitude_mask, spectrum

__all__ = ["PRINTED_CUT", "cycle", "reexpand", "rival"]

DENSE_STEPS, DENSE_ETA = 500, 0.5
"""Training of perceptrons before they are pruned."""

PRINTED_CUT, MULTIPLIED_CUT = 0.4, 0.2
"""Cuts of the error proxy: the paper's for a = -lambda, and for a = -eta lambda this part of eta, .02 at eta = .1."""

BATCH = 64
"""Rows of a batch of stochastic gradient descent."""

NEWTON_STEPS = 10


_trained: dict[tuple[str, int], tuple[Perceptron, NDArray[np.float64]]] = {}
"""The last networks that this process trained, by data set and seed, with their weights: many tasks prune the same."""

FEW = 4
"""Networks that are kept."""


def _dense(task: Pruned | Cycles, inputs: Inputs) -> tuple[Perceptron, NDArray[np.float64], NDArray[np.bool_]]:
    """Return the network, its trained weights, and which of them are kept."""
    key = task.dataset, task.seed  # a user's data set is named by its content
    if key not in _trained:
        network = Perceptron.from_dataset(of_task(task, inputs), seed=task.seed)
        weights = descend(network, network.initial(task.seed), DENSE_STEPS, DENSE_ETA)[-1].copy()
        weights.setflags(write=False)
        while len(_trained) >= FEW:
            del _trained[next(iter(_trained))]
        _trained[key] = network, weights
    network, dense = _trained[key]
    return network, dense, magnitude_mask(dense, max(1, round(task.share * network.size)))


def reexpand(task: Pruned, seeds: Seeds, inputs: Inputs) -> Reexpanded:
    """Measure the error of linearizations of a pruned perceptron, expanded anew every so many steps.

    Raises
    ------
    InputError
        If gradient descent diverges.
    """
    from classical.sparse_training import pruned_carleman

    network, dense, mask = _dense(task, inputs)
    start = dense * mask
    exact = descend(network, start, task.steps, task.eta, mask)[-1][mask]
    moved = float(np.linalg.norm(exact - start[mask]))
    errors = []
    for order in (1, 2):
        last = pruned_carleman(network, start, mask, task.eta, task.steps, task.every, order)[-1]
        error = float(np.linalg.norm(last - exact) / moved)
        errors.append(error if np.isfinite(error) else None)
    eigenvalues = np.linalg.eigvalsh(network.hessian(start, mask))
    return Reexpanded(
        network.size, int(mask.sum()), errors[0], errors[1], moved, float(eigenvalues[0]), float(eigenvalues[-1])
    )


def cycle(task: Cycles, seeds: Seeds, inputs: Inputs) -> Cycled:
    """Train with downloads and uploads, and take spectra of the Hessian of the weights that are trained.

    Raises
    ------
    InputError
        If gradient descent diverges.
    """
    network, dense, mask = _dense(task, inputs)
    everything = np.ones(network.size, dtype=bool)
    path = [dense * mask]
    uploads, downloads, points = [], [], []
    for number in range(task.cycles):
        path += list(descend(network, path[-1], task.classical, task.eta, mask)[1:])
        uploads.append(len(path) - 1)
        trained = mask if task.mode == "masked" else everything
        path += list(descend(network, path[-1], task.every, task.eta, trained)[1:])
        points += [(uploads[-1] + mark, mark, trained) for mark in task.marks if mark <= task.every]
        if number < task.cycles - 1 or task.mode == "full":
            downloads.append(len(path) - 1)
            mask = magnitude_mask(path[-1], int(mask.sum())) if task.mode == "full" else mask
            path.append(path[-1] * mask)
    read = [
        _spectrum(network, path[step], trained, since, task.eta, seeds("probes", by=("dataset", "seed"), step=step))
        for step, since, trained in points
    ]
    printed, multiplied, least, most = np.array(read).T
    return Cycled(
        np.array([network.accuracy(weights, held_out=False) for weights in path]),
        np.array([network.accuracy(weights) for weights in path]),
        (network.accuracy(dense, held_out=False), network.accuracy(dense)),
        tuple(downloads),
        tuple(uploads),
        np.array([step for step, _, _ in points]),
        np.array([since for _, since, _ in points]),
        printed,
        multiplied,
        least,
        most,
    )


def _spectrum(
    network: Perceptron,
    weights: NDArray[np.float64],
    trained: NDArray[np.bool_],
    since: int,
    eta: float,
    seed: np.random.SeedSequence,
) -> tuple[float, float, float, float]:
    """Return both readings of the proxy, and the least and largest eigenvalue."""
    kept, times = np.flatnonzero(trained), network.hessian_product(weights)

    def product(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        whole = np.zeros(network.size)
        whole[kept] = vector
        return times(whole)[kept]

    found = spectrum(product, len(kept), seed=seed)
    readings = []
    for rate, cut in ((None, PRINTED_CUT), (eta, MULTIPLIED_CUT * eta)):
        try:
            readings.append(error_proxy(found.eigenvalues, found.weights, since, rate, cut))
        except InputError:  # no direction reaches the cut
            readings.append(np.nan)
    return readings[0], readings[1], float(found.eigenvalues[0]), float(found.eigenvalues[-1])


def rival(task: Rival, seeds: Seeds, inputs: Inputs) -> Rivals:
    """Train the pruned network by one rival.

    Raises
    ------
    InputError
        If it diverges.
    """
    from classical.sparse_training import hessian_exponent, newton_cg, sparse_sgd
    from problems.sparse_training import PolynomialUpdate

    network, dense, mask = _dense(task, inputs)
    start, rows = dense * mask, len(network.rows.x)
    begun = time.process_time()
    passes = float(task.steps)
    if task.method == "sgd":
        # As many rows as gradient descent looks at, in smaller steps.
        steps = task.steps * rows // BATCH
        stream = seeds("batches", by=("dataset", "seed"))
        trained = sparse_sgd(network, start, mask, rows, steps, task.eta, BATCH, stream)
        passes = steps * BATCH / rows
    elif task.method == "newton-cg":
        trained, count = newton_cg(network, start, mask, NEWTON_STEPS)
        passes = float(count)
    elif task.method == "exponent":
        linear = [-task.eta * network.gradient(start)[mask], -task.eta * network.hessian(start, mask)]
        trained = start.copy()
        trained[mask] += hessian_exponent(PolynomialUpdate(linear), None, task.steps)
        passes = float(mask.sum() + 1)
    else:
        trained = descend(network, start, task.steps, task.eta, mask)[-1]
    seconds = time.process_time() - begun
    return Rivals(network.loss(trained), network.accuracy(trained), network.accuracy(start), passes, seconds)
