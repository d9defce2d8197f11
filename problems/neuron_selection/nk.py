"""NK landscapes: a mean of functions that see K neurons each (arXiv:2302.05984, section 3.3).

Each output i has a best mask of its K neighbors, but outputs share neurons: their best masks conflict, and the joint
optimum is what has to be found (compare Whitley, Tinos, Chicano, NK Ensemble, arXiv:1505.01887).
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers, real_array
from problems.errors import InputError, whole_number
from problems.neuron_selection.mask_problem import check_table_memory
from problems.neuron_selection.masks import Masks, check_masks
from problems.showing import Shows

__all__ = ["NKProblem", "random_neighbours", "ring"]

LARGEST_DEGREE = 24
"""K above which one function alone has more entries than is sensible."""


@dataclass(frozen=True, eq=False, repr=False)
class NKProblem(Shows):
    """A loss mean_i f_i(mask on the neighbors of i), to be minimized.

    Attributes
    ----------
    tables
        f_i of all masks of its neighbors, shape (M, 2^K); bit k of the column is neighbor k.
    neighbours
        The neurons that f_i sees, shape (M, K), different ones in each row. N is the largest of them plus one.

    Raises
    ------
    InputError
        If shapes do not fit together, a number is not finite, or a row names a neuron twice or none that exists.
    """

    tables: NDArray[np.float64]
    neighbours: NDArray[np.int64]

    def __post_init__(self) -> None:
        tables = real_array("tables", self.tables, 2)
        seen = as_numbers("neighbours", self.neighbours)
        if seen.ndim != 2 or not seen.size:
            raise InputError(f"neighbours has shape {seen.shape}; give (M, K) with M, K >= 1.")
        if seen.dtype.kind not in "iuf" or np.any(seen != np.floor(seen)) or np.any(seen < 0):
            raise InputError("neighbours holds what is no neuron; give whole numbers >= 0.")
        functions, degree = seen.shape
        if degree > LARGEST_DEGREE:
            raise InputError(f"K = {degree} makes tables of 2^{degree} entries; give at most {LARGEST_DEGREE}.")
        if tables.shape != (functions, 2**degree):
            raise InputError(
                f"tables has shape {tables.shape}, but {functions} functions of K = {degree} neighbors need "
                f"({functions}, {2**degree})."
            )
        for i, row in enumerate(seen.tolist()):
            if len(set(row)) < degree:
                raise InputError(
                    f"neighbours[{i}] = {row} names a neuron twice, as K > N must; give {degree} different neurons."
                )
        for name, array in (("tables", tables), ("neighbours", seen.astype(np.int64))):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.neurons} neurons, K = {self.degree}, digest {self.digest[:8]})"

    @property
    def neurons(self) -> int:
        """The number of neurons N."""
        return int(self.neighbours.max()) + 1

    @property
    def degree(self) -> int:
        """The number K of neighbors of a function."""
        return self.neighbours.shape[1]

    @cached_property
    def digest(self) -> str:
        """A hash of the loss."""
        return sha256(self.tables.tobytes() + self.neighbours.tobytes()).hexdigest()

    def loss(self, masks: ArrayLike) -> NDArray[np.float64]:
        """Return the losses, shape (n,), of masks, shape (n, N); of one mask, shape (N,), one number.

        Raises
        ------
        InputError
            If a mask has another length than N, or a value other than 0 and 1.
        """
        return self._mean(self.tables, masks)

    def _mean(self, tables: NDArray[np.float64], masks: ArrayLike) -> NDArray[np.float64]:
        kept = check_masks(masks, self.neurons)
        rows = np.atleast_2d(kept).astype(np.int64)
        losses = np.zeros(len(rows))
        powers = 1 << np.arange(self.degree)
        for table, seen in zip(tables, self.neighbours, strict=True):
            losses += table[rows[:, seen] @ powers]
        losses /= len(tables)
        return losses if kept.ndim == 2 else losses[0]

    def table(self) -> NDArray[np.float64]:
        """Return the losses of all 2^N masks, shape (2^N,); bit j of the index is neuron j.

        Raises
        ------
        OutOfReach
            If the table does not fit in memory, before anything is allocated.
        """
        check_table_memory(self.neurons, 16)
        neurons, degree = self.neurons, self.degree
        losses = np.zeros((2,) * neurons)  # axis N - 1 - j is neuron j
        for table, seen in zip(self.tables, self.neighbours, strict=True):
            by_neuron = np.transpose(table.reshape((2,) * degree), degree - 1 - np.argsort(-seen))
            shape = np.ones(neurons, dtype=int)
            shape[neurons - 1 - seen] = 2
            losses += by_neuron.reshape(shape)
        return losses.ravel() / len(self.tables)

    @cached_property
    def local_optima(self) -> Masks:
        """The best mask of each function alone, on its K neighbors: shape (M, K)."""
        best = np.argmin(self.tables, axis=1)
        return (best[:, None] >> np.arange(self.degree) & 1).astype(np.uint8)

    @property
    def bound(self) -> float:
        """The mean of the functions' own minima: the loss that independent searches promise, and rarely reach."""
        return float(np.mean(np.min(self.tables, axis=1)))

    def votes(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many functions keep each neuron in their own best mask, and how many see it: shapes (N,)."""
        kept = np.bincount(self.neighbours.ravel(), self.local_optima.ravel(), self.neurons).astype(np.int64)
        return kept, np.bincount(self.neighbours.ravel(), minlength=self.neurons)

    @property
    def conflicts(self) -> NDArray[np.bool_]:
        """Neurons, shape (N,), that some functions keep in their own best mask and others drop."""
        kept, seen = self.votes()
        return (kept > 0) & (kept < seen)

    def majority(self) -> Masks:
        """Return the mask, shape (N,), that keeps what at least half of the functions that see a neuron keep."""
        kept, seen = self.votes()
        return ((2 * kept >= seen) & (seen > 0)).astype(np.uint8)


def ring(neurons: int, degree: int) -> NDArray[np.int64]:
    """Return neighbors (i + k) mod N, k = 0..K-1, shape (N, K).

    Raises
    ------
    InputError
        If K > N, or one is below 1.
    """
    neurons, degree = _checked(neurons, degree)
    return (np.arange(neurons)[:, None] + np.arange(degree)) % neurons


def random_neighbours(neurons: int, degree: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return neuron i and K - 1 random others, shape (N, K).

    Raises
    ------
    InputError
        If K > N, or one is below 1.
    """
    neurons, degree = _checked(neurons, degree)
    rows = [[i, *rng.choice(np.delete(np.arange(neurons), i), degree - 1, replace=False)] for i in range(neurons)]
    return np.array(rows, dtype=np.int64).reshape(neurons, degree)


def _checked(neurons: int, degree: int) -> tuple[int, int]:
    neurons, degree = whole_number("neurons N", neurons, 1), whole_number("neighbors K", degree, 1)
    if degree > neurons:
        raise InputError(f"K = {degree} > N = {neurons}: a function cannot see more neurons than there are; lower K.")
    return neurons, degree
