"""Where the numbers of one time slot stand among the basis states of its qubits."""

from dataclasses import dataclass
from functools import cached_property
from math import factorial, prod

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from problems.errors import whole_number
from problems.sparse_training import carleman_size, monomials

__all__ = ["SlotLayout"]


@dataclass(frozen=True)
class SlotLayout:
    """The weights at 0, ..., n-1, the constant at M = 2^ceil(log2 n), products of two and more from 2M on.

    Each monomial stands once, times the square root of how many tuples of places have it: so a vector has the norm
    that it has as Kronecker powers, and the circuits are as narrow as monomials allow.

    Attributes
    ----------
    dimension
        n >= 1.
    order
        N >= 1.

    Raises
    ------
    InputError
        If one is no whole number of at least 1.

    Examples
    --------
    >>> SlotLayout(2, 2).places.tolist()
    [2, 0, 1, 4, 5, 6]
    """

    dimension: int
    order: int

    def __post_init__(self) -> None:
        whole_number("dimension n", self.dimension, 1)
        whole_number("order N", self.order, 1)

    @property
    def index_qubits(self) -> int:
        """ceil(log2 n): the qubits of a weight's number; the next one says "constant"."""
        return (self.dimension - 1).bit_length()

    @property
    def constant(self) -> int:
        """M, the place of the constant."""
        return 2**self.index_qubits

    @property
    def size(self) -> int:
        """C(n + N, N), the monomials of a slot."""
        return carleman_size(self.dimension, self.order, "monomial")

    @property
    def qubits(self) -> int:
        """Qubits of a slot."""
        last = 2 * self.constant + self.size - 1 - self.dimension
        return max(last - 1, 2 * self.constant - 1).bit_length()

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """The basis state of each monomial, in the order of `problems.sparse_training.monomials`."""
        products = 2 * self.constant + np.arange(self.size - 1 - self.dimension)
        return np.concatenate([[self.constant], np.arange(self.dimension), products])

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """Square roots of how many tuples of places have each monomial, same order."""
        counts = [
            factorial(len(one)) // prod(factorial(one.count(place)) for place in set(one))
            for one in monomials(self.dimension, self.order)
        ]
        return np.sqrt(counts)

    def embedded(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return weighted monomials (..., size) at their places, (..., 2^qubits), zeros elsewhere."""
        found = np.zeros((*values.shape[:-1], 2**self.qubits), dtype=values.dtype)
        found[..., self.places] = values
        return found

    @cached_property
    def kronecker(self) -> sparse.csr_array:
        """The isometry from weighted monomials (size,) to the powers 1, u, u x u, ..., row-major."""
        n = self.dimension
        starts = np.cumsum([0, *(n**j for j in range(self.order + 1))])
        place = {one: column for column, one in enumerate(monomials(n, self.order))}
        columns = np.empty(starts[-1], dtype=np.int64)
        for j in range(self.order + 1):
            tuples = np.stack(np.unravel_index(np.arange(n**j), (n,) * j), axis=1) if j else np.zeros((1, 0), int)
            columns[starts[j] : starts[j + 1]] = [place[tuple(one)] for one in np.sort(tuples, axis=1).tolist()]
        values = 1 / self.weights[columns]
        return sparse.csr_array((values, (np.arange(starts[-1]), columns)), shape=(starts[-1], self.size))
