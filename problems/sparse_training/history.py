"""All steps of training as one linear system: a state for each time, tied to the one before by the Carleman matrix.

L x = b with L = 1 - shift (x) B on S time slots: row t says y(t) = B y(t-1). Padded, S = 2 * 2^ceil(log2 T) slots, and
rows beyond T repeat the state, so that the top time qubit says "u(T)"; unpadded, S = T + 1.

The constant 1 of the state carries F_0 from slot to slot, and b is y(0) in the first slot, of norm one. The paper has
no such row (arXiv:2303.03428, equation 6): F_0 and its Kronecker powers stand on the right side of slots 1, ..., T
instead. Both are the same recursion; they condition differently.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.linalg import eigsh, spsolve_triangular, svds

from problems.errors import whole_number
from problems.memory import require_memory
from problems.showing import Shows
from problems.sparse_training.carleman import Basis, block_starts, carleman_matrix, carleman_size, carleman_state
from problems.sparse_training.update import PolynomialUpdate, as_point

__all__ = ["HistorySystem"]

DENSE = 1200
"""Rows up to which singular values are taken of the dense matrix."""


@dataclass(frozen=True, eq=False, repr=False)
class HistorySystem(Shows):
    """The linear system L x = b whose solution holds the training trajectory.

    Attributes
    ----------
    update
        The polynomial update.
    start
        u(0), shape (n,); left out, 0.
    steps
        T, at least 1.
    order
        N, at least 1.
    padded
        Whether there are 2 * 2^ceil(log2 T) slots, the last ones repeating the state, or T + 1.
    constant_row
        Whether the constant 1 is part of the state and carries F_0, or F_0 stands on the right side.
    basis
        "kronecker" or "monomial".

    Raises
    ------
    InputError
        If a number is no whole number of at least 1, the start does not fit, or it would not fit in memory.
    """

    update: PolynomialUpdate
    start: ArrayLike | None = None
    steps: int = 4
    order: int = 2
    padded: bool = True
    constant_row: bool = True
    basis: Basis = "kronecker"

    def __post_init__(self) -> None:
        n = self.update.dimension
        start = np.zeros(n) if self.start is None else as_point("start", self.start, n)
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "steps", whole_number("steps T", self.steps, 1))
        object.__setattr__(self, "order", whole_number("order N", self.order, 1))
        rows = self.slots * carleman_size(n, self.order, self.basis)
        require_memory(
            40 * rows,
            f"The history of {self.slots} slots of {n} weights to the order N = {self.order}",
            "take fewer steps, a lower order or fewer weights",
        )

    def __repr__(self) -> str:
        kind = "padded" if self.padded else "unpadded"
        return f"HistorySystem({self.update!r}, T = {self.steps}, N = {self.order}, {kind}: {self.rows} rows)"

    @property
    def slots(self) -> int:
        """S, the number of time slots."""
        return 2 * 2 ** (self.steps - 1).bit_length() if self.padded else self.steps + 1

    @cached_property
    def step(self) -> sparse.csr_array:
        """B, or without the constant row B' without row and column 0."""
        matrix = carleman_matrix(self.update, self.order, self.basis)
        return matrix if self.constant_row else matrix[1:, 1:]

    @property
    def slot_size(self) -> int:
        """Numbers a slot."""
        return carleman_size(self.update.dimension, self.order, self.basis) - (not self.constant_row)

    @property
    def rows(self) -> int:
        """Rows of L."""
        return self.slots * self.slot_size

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """L, shape (rows, rows), lower triangular with ones on its diagonal."""
        shifts = sparse.eye_array(self.slots, k=-1, format="coo")
        moves = np.asarray(shifts.coords[1]) < self.steps
        stay = sparse.eye_array(self.slot_size)
        found = sparse.eye_array(self.rows)
        for chosen, matrix in ((moves, self.step), (~moves, stay)):
            places = (np.asarray(shifts.coords[0])[chosen], np.asarray(shifts.coords[1])[chosen])
            part = sparse.coo_array((np.ones(int(chosen.sum())), places), shape=(self.slots,) * 2)
            found = found - sparse.kron(part, matrix)
        return sparse.csr_array(found)

    @cached_property
    def right_side(self) -> NDArray[np.float64]:
        """b, shape (rows,).

        With the constant row, y(0) over its norm in the first slot; without it u(0) and its powers there, and the
        powers of F_0 in slots 1, ..., T, not normalized.
        """
        first = carleman_state(np.asarray(self.start), self.order, self.basis)
        found = np.zeros((self.slots, self.slot_size))
        if self.constant_row:
            found[0] = first / np.linalg.norm(first)
        else:
            found[0] = first[1:]
            found[1 : self.steps + 1] = carleman_matrix(self.update, self.order, self.basis)[1:, [0]].toarray()[:, 0]
        return found.ravel()

    def solve(self) -> NDArray[np.float64]:
        """Return x, shape (rows,), by forward substitution on the sparse matrix."""
        return np.asarray(spsolve_triangular(self.matrix, self.right_side, lower=True, unit_diagonal=True))

    def weights(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weights u of every slot of a solution, shape (S, n), in the units of u."""
        slots = x.reshape(self.slots, self.slot_size)
        starts = block_starts(self.update.dimension, 1, self.basis)
        if not self.constant_row:
            return slots[:, : self.update.dimension]
        return slots[:, starts[1] : starts[2]] / slots[:, :1]

    @cached_property
    def alpha(self) -> float:
        """Alpha = 1 + max(1, |B|_2), by which a block encoding divides L; 2 with one slot's B at most of norm 1."""
        return 1.0 + max(1.0, largest_singular_value(self.step))

    @cached_property
    def condition(self) -> float:
        """kappa_eff = alpha / sigma_min(L): what queries grow with, all slots counted."""
        return self.alpha / smallest_singular_value(self.matrix)


def largest_singular_value(matrix: sparse.csr_array) -> float:
    """Return |matrix|_2."""
    if min(matrix.shape) <= DENSE:
        return float(np.linalg.norm(matrix.toarray(), 2))
    start = np.ones(min(matrix.shape))
    return float(svds(matrix, k=1, v0=start, return_singular_vectors=False, tol=1e-10)[0])


def smallest_singular_value(matrix: sparse.csr_array) -> float:
    """Return sigma_min of a triangular matrix with ones on its diagonal, by solving with it where it is large."""
    if matrix.shape[0] <= DENSE:
        return float(np.linalg.svd(matrix.toarray(), compute_uv=False)[-1])
    from scipy.sparse.linalg import LinearOperator, splu

    factored = splu(matrix.tocsc(), permc_spec="NATURAL", diag_pivot_thresh=0.0)

    def inverse_gram(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        return factored.solve(factored.solve(vector, trans="T"))

    operator = LinearOperator(matrix.shape, matvec=inverse_gram, dtype=float)
    largest = eigsh(operator, k=1, v0=np.ones(matrix.shape[0]), return_eigenvectors=False, tol=1e-10)
    return float(largest[0] ** -0.5)
