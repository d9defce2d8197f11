"""The hidden layer at many points, a block at a time, and the normal equations that its blocks add up to.

Every value is looked up in the table of r, so that the compiled way and NumPy's give the same numbers.
"""

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve

from problems.compiling import why_not_compiled
from problems.finite_field import row_blocks, scalar_products
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.points import Points
from problems.ridgelet.transform import MAX_COMPILED_PRIME, WORTHWHILE
from problems.threads import available_threads, shared_out

__all__ = ["Part", "hidden_block", "least_squares", "normal_equations", "ridge_weights"]

BLOCK = 4096
"""Points whose features are held at once by a thread: always as many, so that no rounding depends on threads."""

AHEAD = 4
"""Blocks that each thread is given at once."""

LEAST_PRIME = 5
"""The integer products take primes from here on."""

Block = Callable[[slice], NDArray[np.float64]]
"""From some points, their features, shape (N, m)."""


def hidden_block(ridgelet: NDArray[np.float64], nodes: Nodes, data: Points) -> Block:
    """Return what computes r(a_i.x_m - b_i mod P) at some of the points: from a slice to shape (N, m).

    Parameters
    ----------
    ridgelet
        r(0), ..., r(P-1).
    nodes
        The N nodes, digits 0..P-1.
    data
        The points.
    """
    prime = len(ridgelet)
    cheap = len(nodes) * data.stored < WORTHWHILE
    taken = (prime >= LEAST_PRIME or data.sparse) and prime <= MAX_COMPILED_PRIME and data.array.dtype.isnative
    if cheap or not taken or why_not_compiled() is not None:
        return lambda rows: ridgelet[(scalar_products(nodes.a, data.take(rows), prime) - nodes.b[:, None]) % prime]
    # Imported here, so that nothing else waits for the compiler.
    from problems.ridgelet.products.features import compiled_block

    return compiled_block(ridgelet, nodes.a, nodes.b, data)


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the points of a least-squares problem.

    Attributes
    ----------
    block
        Computes the features of some of them, as `hidden_block` returns it.
    targets
        Their targets, shape (n, C).
    roots
        Square roots of their weights, shape (n,); None where every weight is 1.
    """

    block: Block
    targets: NDArray[np.float64]
    roots: NDArray[np.float64] | None = None

    def rows(self, rows: slice) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return features (N, m) and targets (m, C) of some of the points, both times the roots."""
        features, targets = self.block(rows), self.targets[rows]
        if self.roots is None:
            return features, targets
        features *= self.roots[rows]
        return features, targets * self.roots[rows, None]


def normal_equations(
    parts: Iterable[Part], count: int, outputs: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return F^T F and F^T Y of the features F (n, N) and targets Y (n, C), block by block, on all threads.

    They are added up in the order of the points: the sums do not depend on the number of threads.

    Parameters
    ----------
    parts
        The points, part by part.
    count, outputs
        N and C.
    """
    gram, moments = np.zeros((count, count)), np.zeros((count, outputs))
    threads = available_threads()
    for part in parts:
        blocks = row_blocks(len(part.targets), 1, BLOCK)

        def products(rows: slice, part: Part = part) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
            features, targets = part.rows(rows)
            return features @ features.T, features @ targets

        # A few at a time, because their sums are held until all of these are done.
        while some := list(islice(blocks, AHEAD * threads)):
            with closing(shared_out(products, some, threads)) as sums:
                for one, other in sums:
                    gram += one
                    moments += other
    return gram, moments


def least_squares(parts: Iterable[Part], count: int, outputs: int, ridge: float) -> NDArray[np.float64]:
    """Minimize |Y - F W|^2 + ridge |W|^2, ridge >= 0, at the accuracy of F itself: shape (N, C); of least norm.

    An orthogonal triangulation that takes in block after block (Golub and Van Loan, Matrix Computations, section 5.2),
    where the normal equations would lose half of the digits. Slower than they are.

    Parameters are those of `normal_equations`, and the penalty.
    """
    triangle = np.hstack([np.sqrt(ridge) * np.eye(count), np.zeros((count, outputs))])
    for part in parts:
        for rows in row_blocks(len(part.targets), 1, BLOCK):
            features, targets = part.rows(rows)
            stacked = np.vstack([triangle, np.hstack([features.T, targets])])
            triangle = np.asarray(np.linalg.qr(stacked, mode="r"))[:count]
    return np.linalg.lstsq(triangle[:, :count], triangle[:, count:], rcond=None)[0].astype(float)


def ridge_weights(parts: Iterable[Part], count: int, outputs: int, ridge: float) -> NDArray[np.float64]:
    """Minimize |Y - F W|^2 + ridge |W|^2, ridge > 0, by the normal equations: shape (N, C)."""
    gram, moments = normal_equations(parts, count, outputs)
    gram[np.diag_indices(count)] += ridge
    return solve(gram, moments, assume_a="pos").astype(float)
