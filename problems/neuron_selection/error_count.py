"""Held against the count of wrong samples instead of the squared loss: not quadratic in the mask.

With whole contributions z_ij = round(H_ij V_j y_i / step), a sample i is wrong where sum_j z_ij m_j <= 0. A tie is
wrong, or the empty mask would be perfect.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import real_array
from problems.errors import InputError, whole_number
from problems.neuron_selection.mask_problem import check_table_memory
from problems.neuron_selection.masks import check_masks, losses_in_blocks
from problems.neuron_selection.network import RandomNetwork
from problems.showing import Shows

__all__ = ["ErrorCountProblem", "error_count_problem"]


@dataclass(frozen=True, eq=False, repr=False)
class ErrorCountProblem(Shows):
    """The number of samples that a mask's subnetwork gets wrong.

    Attributes
    ----------
    contributions
        z, shape (n, N), whole numbers: what neuron j adds to sample i, positive where it votes for the right class.
    network
        The random network behind, if there is one.

    Raises
    ------
    InputError
        If there is no sample or no neuron, or a contribution is no whole number below 2^31.
    """

    contributions: NDArray[np.int64]
    network: RandomNetwork | None = None

    def __post_init__(self) -> None:
        given = real_array("contributions", self.contributions, 2)
        if not given.size:
            raise InputError(f"contributions has shape {given.shape}; give (n, N) with n, N >= 1.")
        wrong = np.argwhere((given != np.rint(given)) | (np.abs(given) >= 2**31))
        if len(wrong):
            i, j = wrong[0]
            raise InputError(f"contributions[{i}, {j}] = {given[i, j]} is no whole number below 2^31; quantize it.")
        whole = given.astype(np.int64)
        whole.flags.writeable = False
        object.__setattr__(self, "contributions", whole)

    def __repr__(self) -> str:
        return f"ErrorCountProblem({self.neurons} neurons, {self.samples} samples, digest {self.digest[:8]})"

    @property
    def neurons(self) -> int:
        """The number of neurons N."""
        return self.contributions.shape[1]

    @property
    def samples(self) -> int:
        """The number of samples n."""
        return len(self.contributions)

    @cached_property
    def digest(self) -> str:
        """A hash of the loss."""
        return sha256(repr(self.contributions.shape).encode() + self.contributions.tobytes()).hexdigest()

    def loss(self, masks: ArrayLike) -> NDArray[np.float64]:
        """Return how many samples are wrong, shape (n,), for masks (n, N); for one mask, shape (N,), one number.

        Raises
        ------
        InputError
            If a mask has another length than N, or a value other than 0 and 1.
        """
        # Sums of whole numbers below 2^31 are exact in double precision.
        votes = self.contributions.T.astype(float)
        return losses_in_blocks(masks, self.neurons, self.samples, lambda some: np.sum(some @ votes <= 0, axis=1))

    def table(self) -> NDArray[np.float64]:
        """Return the counts of all 2^N masks, shape (2^N,); bit j of the index is neuron j.

        Raises
        ------
        OutOfReach
            If the table does not fit in memory, before anything is allocated.
        """
        check_table_memory(self.neurons, 17)
        counts = np.zeros(1 << self.neurons)
        sums = np.zeros(1 << self.neurons, dtype=np.int64)
        for row in self.contributions:
            for neuron, vote in enumerate(row.tolist()):
                half = 1 << neuron
                np.add(sums[:half], vote, out=sums[half : 2 * half])
            counts += sums <= 0
        return counts

    def accuracy(self, mask: ArrayLike) -> float:
        """Return the share of held-out rows that the subnetwork of a mask gets right, unquantized.

        Raises
        ------
        InputError
            If it is no mask of this problem, or there is no network behind it.
        """
        kept = check_masks(mask, self.neurons)
        if self.network is None:
            raise InputError("These contributions have no network behind them; make them by error_count_problem.")
        return self.network.accuracy(self.network.hidden_test @ (kept[:, None] * self.network.readout))


def error_count_problem(
    neurons: int,
    seed: int,
    scale: float = 0.6,
    dataset: str = "mnist-8-9",
    bits: int = 8,
    samples: int | None = None,
) -> ErrorCountProblem:
    """Return the problem of the same network as `ticket_problem`, judged by its errors on training rows.

    Parameters
    ----------
    neurons, seed, scale, dataset
        As in `ticket_problem`; the data set has two classes.
    bits
        Bits of the magnitude of a contribution, its sign apart.
    samples
        Count errors of so many of the training rows, the first ones; None takes all.

    Raises
    ------
    InputError
        If a number is not what it has to be, or the data set has not two classes.
    """
    bits = whole_number("bits", bits, 1)
    if bits > 30:
        raise InputError(f"bits = {bits} are more than a count needs; give 1 to 30.")
    network = RandomNetwork.draw(neurons, seed, scale, dataset)
    if network.outputs != 1:
        raise InputError(f"The data set {dataset!r} has {network.outputs} classes; errors are counted for two.")
    rows = len(network.y) if samples is None else whole_number("samples", samples, 1)
    if rows > len(network.y):
        raise InputError(f"samples = {rows} are more than the {len(network.y)} training rows; give at most those.")
    votes = (network.hidden * network.readout[:, 0] * network.y)[:rows]
    step = np.max(np.abs(votes)) / (2**bits - 1) or 1.0
    return ErrorCountProblem(np.rint(votes / step).astype(np.int64), network)
