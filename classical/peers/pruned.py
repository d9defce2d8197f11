"""A dense network pruned to N hidden units: iterative magnitude pruning with rewinding (Frankle and Carbin 2019).

Whole hidden units are pruned, so that N units mean what N nodes mean. A network of `START` N ReLU units is trained by
Adam; the half of the units with the smallest magnitude |w_in| |w_out| goes; the rest is set back to its initial weights
and trained again, until N units are left. The weight decay is chosen on a part of the training samples, with a dense
network of N units.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from classical.peers.protocol import checked_samples, scaled
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.sampling import check_problem
from problems.seeds import Seed, generator
from problems.single_products import single_product

__all__ = ["PrunedPeer"]

START = 4
"""Hidden units of the dense network for each one that is left."""

STEPS, BATCH, RATE = 1500, 64, 3e-3
"""Steps of each training, samples a step, Adam's first step size."""

DECAYS = (1e-4, 1e-3, 1e-2, 1e-1)
"""L2 penalties of the weights to choose from: times (|w_in|^2 + |w_out|^2)/2, added to the mean squared error."""

JUDGED = 0.25
"""Share of the training samples that the penalties are judged on."""

LARGEST = 2**23
"""Features times dense hidden units above which training takes minutes and is refused."""


@dataclass(frozen=True, eq=False)
class Network:
    """x -> w_out' max(w_in' x + bias, 0) + offset on digits scaled to [-1, 1].

    Attributes
    ----------
    prime
        The prime P.
    parts
        w_in (D, N), bias (N,), w_out (N, C), offset (C,), in single precision.
    single
        Whether the targets came as one column without a second axis.
    """

    prime: int
    parts: list[NDArray[np.float32]]
    single: bool

    def predict(self, x: ArrayLike) -> NDArray[np.float64]:
        """Return the outputs at points (m, D): shape (m,) or (m, C)."""
        outputs = _outputs(self.parts, _inputs(x, self.prime))
        return (outputs[:, 0] if self.single else outputs).astype(float)


class PrunedPeer:
    """Trains 4 N hidden units, prunes half of them and rewinds, twice, down to N."""

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)

    @staticmethod
    def check(problem: RidgeletProblem, nodes: int) -> None:
        """Refuse a training that takes minutes; see `Peer.check`."""
        if (problem.dimension + problem.outputs) * START * nodes > LARGEST:
            raise InputError(
                f"Training {START * nodes} dense hidden units on {problem.dimension} features takes minutes a network; "
                "ask for fewer nodes."
            )

    def fit(self, x: ArrayLike, y: ArrayLike, nodes: int, seed: Seed = None) -> Network:
        """Train, prune and rewind; see `Peer.fit`."""
        points, targets, nodes = checked_samples(self.problem, x, y, nodes)
        self.check(self.problem, nodes)
        rng = generator(seed)
        inputs, outputs = _inputs(points, self.problem.prime), targets.astype(np.float32)
        decay = _choose_decay(inputs, outputs, nodes, rng)
        initial = _initial(inputs.shape[1], START * nodes, outputs.shape[1], rng)
        parts = _train(initial, inputs, outputs, decay, rng)
        while parts[0].shape[1] > nodes:
            magnitude = np.linalg.norm(parts[0], axis=0) * np.linalg.norm(parts[2], axis=1)
            kept = np.sort(np.argsort(-magnitude, kind="stable")[: max(nodes, len(magnitude) // 2)])
            into, bias, out, offset = initial
            initial = [into[:, kept], bias[kept], out[kept], offset]
            parts = _train(initial, inputs, outputs, decay, rng)
        return Network(self.problem.prime, parts, np.ndim(y) == 1)


def _inputs(x: ArrayLike, prime: int) -> NDArray[np.float32]:
    return (2 * scaled(x, prime) - 1).astype(np.float32)


def _choose_decay(x: NDArray, y: NDArray, units: int, rng: np.random.Generator) -> float:
    """Return the weight decay with which a dense network predicts a part of the samples best, fitted to the others."""
    order = rng.permutation(len(x))
    judged, rest = np.split(order, [int(JUDGED * len(x))])
    if len(judged) == 0:
        return DECAYS[0]
    initial = _initial(x.shape[1], units, y.shape[1], rng)
    errors = []
    for decay in DECAYS:
        parts = _train(initial, x[rest], y[rest], decay, rng)
        errors.append(np.mean((_outputs(parts, x[judged]) - y[judged]) ** 2))
    return DECAYS[int(np.argmin(errors))]


def _initial(features: int, units: int, outputs: int, rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """Draw initial weights as He et al. 2015 do, biases zero."""
    into = rng.normal(0, np.sqrt(2 / features), (features, units))
    out = rng.normal(0, np.sqrt(1 / units), (units, outputs))
    return [part.astype(np.float32) for part in (into, np.zeros(units), out, np.zeros(outputs))]


def _train(
    initial: list[NDArray[np.float32]], x: NDArray, y: NDArray, decay: float, rng: np.random.Generator
) -> list[NDArray[np.float32]]:
    """Minimize the mean squared error by Adam (Kingma and Ba 2015), its step falling to zero; returns new weights."""
    numbers = np.concatenate([part.ravel() for part in initial])
    ends = np.cumsum([part.size for part in initial])[:-1]
    parts = [part.reshape(first.shape) for part, first in zip(np.split(numbers, ends), initial, strict=True)]
    gradient, mean, square = (np.zeros_like(numbers) for _ in range(3))
    order = np.empty(0, dtype=np.int64)
    for step in range(1, STEPS + 1):
        if len(order) == 0:
            order = rng.permutation(len(x))
        some, order = order[:BATCH], order[BATCH:]
        rate = np.float32(RATE * (1 - (step - 1) / STEPS))
        np.concatenate([part.ravel() for part in loss_gradients(parts, x[some], y[some], decay)], out=gradient)
        mean += np.float32(0.1) * (gradient - mean)
        square += np.float32(0.001) * (gradient**2 - square)
        size = np.sqrt(square / np.float32(1 - 0.999**step)) + np.float32(1e-8)
        numbers -= rate * (mean / np.float32(1 - 0.9**step)) / size
    return parts


def _outputs(parts: list[NDArray], x: NDArray) -> NDArray:
    into, bias, out, offset = parts
    return single_product(np.maximum(single_product(x, into) + bias, 0), out) + offset


def loss_gradients(parts: list[NDArray], x: NDArray, y: NDArray, decay: float) -> list[NDArray]:
    """Return the gradients of mean |output - y|^2 + decay (|w_in|^2 + |w_out|^2)/2 by each part, in their order."""
    into, bias, out, offset = parts
    hidden = np.maximum(single_product(x, into) + bias, 0)
    error = (single_product(hidden, out) + offset - y) * x.dtype.type(2 / len(x))
    back = single_product(error, out.T) * (hidden > 0)
    first, second = single_product(x.T, back), single_product(hidden.T, error)
    return [first + decay * into, back.sum(axis=0), second + decay * out, error.sum(axis=0)]
