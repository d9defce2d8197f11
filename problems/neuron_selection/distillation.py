"""Layerwise distillation (arXiv:2302.05984, section 3.2): two masks that choose a student of a trained teacher.

The paper leaves the architecture open. Here it is: x are the inputs of the ticket, centered. The teacher has T = 4
ReLU neurons, trained on the labels; its activations t_k, standardized over the training rows, are what the student has
to give. The student has 12 random ReLU neurons g = relu(x W) in its first layer, of which the mask m keeps some. In its
second layer each teacher neuron k has 6 random ReLU neurons of its own, h_ki = relu((m * g) U_ki), centered and with a
random sign v_ki, and is answered by their average pooling p_k = s mean_i(u_ki v_ki h_ki) over the kept ones, the
divisor being always 6:

    loss(m, u) = mean over rows and k of (t_k - p_k(m, u_k))^2.

Given m, the loss falls apart into one QUBO for each teacher neuron, so that 2^36 masks are searched exactly by
2^12 x 4 x 2^6 evaluations.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.neuron_selection.masks import check_masks
from problems.neuron_selection.network import RandomNetwork
from problems.showing import Shows

__all__ = ["DistillationProblem", "distillation_problem"]

FIRST, TEACHER, SECOND = 12, 4, 6
"""Neurons of the student's first layer, of the teacher, and of the student's second layer for each of these."""

DECAY = 1.0
"""L2 penalty of the teacher's weights, as scikit-learn's MLP has it."""


@dataclass(frozen=True, eq=False, repr=False)
class DistillationProblem(Shows):
    """Two masks in one: entries 0..F-1 keep neurons of the first layer, entry F + k S + i neuron i of teacher neuron k.

    Attributes
    ----------
    network
        The data, with the teacher's T activations as hidden ones, standardized, and its readout.
    bias
        The teacher's output at its mean activations.
    first, first_test
        g on training and held-out rows: shapes (n, F) and (t, F).
    weights
        U, shape (T, S, F).
    signs
        s v / S, shape (T, S).
    """

    network: RandomNetwork
    bias: float
    first: NDArray[np.float64]
    first_test: NDArray[np.float64]
    weights: NDArray[np.float64]
    signs: NDArray[np.float64]

    @classmethod
    def draw(cls, seed: int, first: int, teacher: int, second: int, dataset: str) -> Self:
        """Train a teacher and draw a student; see `distillation_problem`."""
        from sklearn.neural_network import MLPRegressor

        rng_seed = whole_number("seed", seed, 0)
        network = RandomNetwork.draw(first, rng_seed, dataset=dataset)
        if network.outputs != 1:
            raise InputError(f"The data set {dataset!r} has {network.outputs} classes; a teacher is trained on two.")
        settings = {"alpha": DECAY, "solver": "lbfgs", "max_iter": 1000, "tol": 1e-3, "random_state": rng_seed % 2**32}
        trained = MLPRegressor(hidden_layer_sizes=(teacher,), **settings).fit(network.x, network.y[:, 0])
        (into, out), (shift, last) = trained.coefs_, trained.intercepts_
        active, active_test = (np.maximum(rows @ into + shift, 0) for rows in (network.x, network.x_test))
        mean, spread = active.mean(axis=0), active.std(axis=0)
        spread = np.where(spread > 0, spread, 1)  # a neuron that is never active, or always the same
        taught = RandomNetwork(
            network.dataset,
            network.x,
            network.x_test,
            network.y,
            network.y_test,
            into,
            out * spread[:, None],
            (active - mean) / spread,
            (active_test - mean) / spread,
        )
        rng = np.random.default_rng([rng_seed, first, teacher, second])
        weights = rng.standard_normal((teacher, second, first)) * np.sqrt(2 / first)
        grey, grey_test = np.maximum(network.x @ network.weights, 0), np.maximum(network.x_test @ network.weights, 0)
        size = np.maximum(grey @ weights.reshape(-1, first).T, 0).std(axis=0).mean()
        signs = rng.choice([-1.0, 1.0], (teacher, second)) / (np.sqrt(second) * size)
        return cls(taught, float(last[0] + mean @ out[:, 0]), grey, grey_test, weights, signs)

    def __repr__(self) -> str:
        first, teacher, second = self.shape
        return f"DistillationProblem({first} + {teacher} x {second} neurons, digest {self.digest[:8]})"

    @property
    def shape(self) -> tuple[int, int, int]:
        """F, T and S."""
        return self.weights.shape[2], self.weights.shape[0], self.weights.shape[1]

    @property
    def neurons(self) -> int:
        """The number of entries of a mask, F + T S."""
        first, teacher, second = self.shape
        return first + teacher * second

    @cached_property
    def digest(self) -> str:
        """A hash of the loss."""
        parts = (self.network.hidden, self.first, self.weights, self.signs)
        return sha256(b"".join(part.tobytes() for part in parts)).hexdigest()

    def second(self, first: ArrayLike) -> NDArray[np.float64]:
        """Return what each neuron of the second layer adds at a mask of the first, (F,): shape (n, T, S), centered."""
        kept = check_masks(first, self.shape[0])
        added = self._second(self.first, kept)
        return added - added.mean(axis=0)

    def _second(self, rows: NDArray[np.float64], first: NDArray[np.uint8]) -> NDArray[np.float64]:
        _, teacher, second = self.shape
        weights = self.weights.reshape(teacher * second, -1) * first
        return np.maximum(rows @ weights.T, 0).reshape(-1, teacher, second) * self.signs

    def loss(self, masks: ArrayLike) -> NDArray[np.float64]:
        """Return the losses, shape (n,), of masks, shape (n, N); of one mask, shape (N,), one number.

        Raises
        ------
        InputError
            If a mask has another length than N, or a value other than 0 and 1.
        """
        kept = check_masks(masks, self.neurons)
        first, teacher, second = self.shape
        losses = []
        for mask in np.atleast_2d(kept):
            pooled = np.einsum("nki,ki->nk", self.second(mask[:first]), mask[first:].reshape(teacher, second))
            losses.append(np.mean((self.network.hidden - pooled) ** 2))
        return np.array(losses) if kept.ndim == 2 else losses[0]

    def second_tables(self, first: ArrayLike) -> NDArray[np.float64]:
        """Return each teacher neuron's losses over its own masks, shape (T, 2^S), at a mask of the first layer, (F,).

        Their sum over teacher neurons, at one mask for each, is the loss.
        """
        added, wanted = self.second(first), self.network.hidden
        bits = (np.arange(2 ** self.shape[2])[:, None] >> np.arange(self.shape[2]) & 1).astype(float)
        linear = -2 * np.einsum("nki,nk->ki", added, wanted)
        by_teacher = added.transpose(1, 2, 0)
        quadratic = by_teacher @ by_teacher.transpose(0, 2, 1)
        values = np.sum((bits @ quadratic) * bits, axis=2) + linear @ bits.T + np.sum(wanted**2, axis=0)[:, None]
        return values / wanted.size

    def table(self) -> NDArray[np.float64]:
        """Return the losses of all masks, shape (2^N,).

        Raises
        ------
        OutOfReach
            If the table does not fit in memory, as that of 36 entries hardly does.
        """
        first, teacher, second = self.shape
        require_memory(16 << self.neurons, f"A table of 2^{self.neurons} masks", "take Layerwise, which needs none")
        losses = np.empty((2 ** (teacher * second), 2**first))
        for index in range(2**first):
            mask = (index >> np.arange(first) & 1).astype(np.uint8)
            joint = np.zeros(1)
            for part in self.second_tables(mask):
                joint = np.add.outer(part, joint).ravel()
            losses[:, index] = joint
        return losses.ravel()

    def accuracy(self, mask: ArrayLike) -> float:
        """Return the share of held-out rows that the teacher's readout gets right from the student's answers."""
        kept = check_masks(mask, self.neurons)
        first, teacher, second = self.shape
        center = self._second(self.first, kept[:first]).mean(axis=0)
        added = self._second(self.first_test, kept[:first]) - center
        pooled = np.einsum("nki,ki->nk", added, kept[first:].reshape(teacher, second))
        return self.network.accuracy(pooled @ self.network.readout + self.bias)

    def teacher_accuracy(self) -> float:
        """Return the teacher's own share of held-out rows."""
        return self.network.accuracy(self.network.hidden_test @ self.network.readout + self.bias)


def distillation_problem(
    seed: int, first: int = FIRST, teacher: int = TEACHER, second: int = SECOND, dataset: str = "mnist-8-9"
) -> DistillationProblem:
    """Return the problem of a student whose two masks imitate a teacher.

    Parameters
    ----------
    seed
        A whole number.
    first, teacher, second
        F, T and S.
    dataset
        A data set of two classes.

    Raises
    ------
    InputError
        If a number is below 1 or no whole number, or the data set has not two classes.
    """
    sizes = (
        whole_number("neurons of the first layer", first, 1),
        whole_number("neurons of the teacher", teacher, 1),
        whole_number("neurons of the second layer for each of the teacher", second, 1),
    )
    return DistillationProblem.draw(seed, *sizes, dataset)
