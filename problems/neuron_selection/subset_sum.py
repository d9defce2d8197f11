"""The gadget of the strong-ticket proofs: a subset of random vectors whose sum is close to a given one.

Malach et al. (arXiv:2002.00585) and Pensia et al. (arXiv:2006.07990) replace a weight by a sum over kept neurons:
loss(m) = |w - A m|^2 with A (r, N). Its optimum is close to zero, where the form c + b.m + m'Gm has lost all digits, so
losses are taken from the residual.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import real_array
from problems.errors import InputError, whole_number
from problems.neuron_selection.mask_problem import MaskProblem, check_table_memory
from problems.neuron_selection.masks import check_masks

__all__ = ["SubsetSumProblem", "gadget_problem", "subset_sum_problem"]


@dataclass(frozen=True, eq=False, repr=False)
class SubsetSumProblem(MaskProblem):
    """A `MaskProblem` that keeps the vectors it was made of.

    Attributes
    ----------
    A
        The vectors, shape (r, N), one column a neuron.
    w
        The sum to reach, shape (r,).
    """

    A: NDArray[np.float64]
    w: NDArray[np.float64]

    @property
    def rank(self) -> int:
        """The dimension r of the vectors."""
        return len(self.w)

    def loss(self, masks: ArrayLike) -> NDArray[np.float64]:
        """Return |w - A m|^2 from the residual; see `MaskProblem.loss`."""
        kept = check_masks(masks, self.neurons)
        residual = self.w - kept.astype(float) @ self.A.T
        return np.sum(residual**2, axis=-1)

    def table(self) -> NDArray[np.float64]:
        """Return |w - A m|^2 of all masks from the residuals; see `MaskProblem.table`."""
        check_table_memory(self.neurons, 24)
        losses = np.zeros(1 << self.neurons)
        residual = np.empty_like(losses)
        for target, row in zip(self.w, self.A, strict=True):
            residual[0] = target
            for neuron, value in enumerate(row):
                half = 1 << neuron
                np.subtract(residual[:half], value, out=residual[half : 2 * half])
            losses += residual**2
        return losses

    def accuracy(self, mask: ArrayLike) -> float:
        """Return the share of the target w.x that the subnetwork explains, over inputs of unit covariance: R^2.

        On random inputs, held out by their nature, it is 1 - |w - A m|^2 / |w|^2.
        """
        return float(1 - self.loss(mask) / (self.w @ self.w))


def subset_sum_problem(A: ArrayLike, w: ArrayLike) -> SubsetSumProblem:
    """Return the problem whose loss is |w - A m|^2.

    Parameters
    ----------
    A
        Vectors, shape (r, N), one column a neuron.
    w
        The sum to reach, shape (r,).

    Raises
    ------
    InputError
        If shapes do not fit together, the rank r is 0, or a number is not finite.
    """
    vectors, target = real_array("A", A, 2).copy(), real_array("w", w, 1).copy()
    if not len(target) or not len(vectors):
        raise InputError(f"A has shape {vectors.shape}: rank 0 makes every mask alike; give at least one row.")
    if len(target) != len(vectors):
        raise InputError(f"A has {len(vectors)} rows, but w has {len(target)} entries; give as many.")
    for array in (vectors, target):
        array.flags.writeable = False
    return SubsetSumProblem(float(target @ target), -2 * target @ vectors, vectors.T @ vectors, vectors, target)


def gadget_problem(neurons: int, rank: int, seed: int, pairs: bool = True) -> SubsetSumProblem:
    """Return a random gadget: w = (1, ..., 1) / sqrt(r), and neurons drawn with `default_rng(seed)`.

    Parameters
    ----------
    neurons, rank
        N and r.
    seed
        A whole number.
    pairs
        Whether a column is that of a pair of ReLU neurons: an input weight times an output weight, each uniform on
        (-1, 1); else it is uniform itself.

    Raises
    ------
    InputError
        If N or r is below 1, or the seed is no whole number.
    """
    neurons, rank = whole_number("neurons N", neurons, 1), whole_number("rank r", rank, 1)
    rng = np.random.default_rng(whole_number("seed", seed, 0))
    vectors = rng.uniform(-1, 1, (rank, neurons))
    if pairs:
        vectors = vectors * rng.uniform(-1, 1, neurons)
    return subset_sum_problem(vectors, np.ones(rank) / np.sqrt(rank))
