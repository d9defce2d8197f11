"""The features of nodes at all points of a problem, for what looks at nothing but inner products of columns.

Features F and targets Y of points in memory are as they are. Of points on disk there are too many rows: in their place
stands the triangle R of [F Y] = Q R, which has the same inner products, and so the same fits, norms and pursuits. It
takes in a block of points at a time (Golub and Van Loan, Matrix Computations, section 5.2).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from problems.errors import OutOfReach
from problems.finite_field import row_blocks
from problems.memory import readable_bytes, require_memory
from problems.ridgelet.chunks import ChunkedPoints
from problems.ridgelet.network import hidden_layer
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem

__all__ = ["NetworkFeatures", "check_features", "reduced_features", "remaining_labels"]

BLOCK = 8192
"""Points whose features are held at once, of points on disk."""

COPIES, TRIANGLES = 3, 5
"""Arrays of the features' size, or of that of a block and the triangle, that are held at once, at most."""


class NetworkFeatures:
    """The features of a network that grows: of points in memory those of nodes once added are never computed again.

    Parameters
    ----------
    problem
        The problem; K points, C outputs.
    nodes
        The first N nodes.
    """

    def __init__(self, problem: RidgeletProblem, nodes: Nodes) -> None:
        self._problem, self.nodes = problem, nodes
        data = problem.data
        self._points = None if isinstance(data, ChunkedPoints) else data.take(slice(None))
        self._hidden = None if self._points is None else hidden_layer(problem, nodes, self._points)

    def add(self, nodes: Nodes) -> None:
        """Add nodes behind those that are there."""
        self.nodes = Nodes.concatenate([self.nodes, nodes])
        if self._hidden is not None and self._points is not None:
            self._hidden = np.hstack([self._hidden, hidden_layer(self._problem, nodes, self._points)])

    def reduced(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return features and mean labels of the points; see `reduced_features`."""
        root = np.sqrt(self._problem.frequencies)[:, None]
        if self._hidden is not None:
            return root * self._hidden, root * self._problem.labels
        triangle = np.empty((0, len(self.nodes) + self._problem.outputs))
        for rows, hidden in self._blocks():
            block = np.hstack([hidden, self._problem.labels[rows]])
            triangle = np.asarray(np.linalg.qr(np.vstack([triangle, root[rows] * block]), mode="r"))
        return triangle[:, : len(self.nodes)], triangle[:, len(self.nodes) :]

    def remaining(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the network leaves of the mean labels; see `remaining_labels`."""
        if self._hidden is not None:
            return self._problem.labels - self._hidden @ weights
        left = self._problem.labels.copy()
        for rows, hidden in self._blocks():
            left[rows] -= hidden @ weights
        return left

    def _blocks(self) -> Iterator[tuple[slice, NDArray[np.float64]]]:
        """Yield the features of points on disk, a block of points at a time."""
        assert isinstance(self._problem.data, ChunkedPoints)  # others have their features in memory
        for which, points in self._problem.data.chunks():
            for rows in row_blocks(len(points), 1, BLOCK):
                own = slice(which.start + rows.start, which.start + rows.stop)
                yield own, hidden_layer(self._problem, self.nodes, points[rows])


def reduced_features(problem: RidgeletProblem, nodes: Nodes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return features and mean labels of the points, each times the root of its frequency, or what stands for them.

    Parameters
    ----------
    problem
        The problem; K points, C outputs.
    nodes
        N nodes.

    Returns
    -------
    tuple
        Of points in memory shapes (K, N) and (K, C); of points on disk at most N + C rows instead of K.
    """
    return NetworkFeatures(problem, nodes).reduced()


def remaining_labels(problem: RidgeletProblem, nodes: Nodes, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a network leaves of the mean labels: f(x) - sum_i w_i r(a_i.x - b_i), shape (K, C).

    Parameters
    ----------
    problem, nodes
        As for `reduced_features`.
    weights
        Output weights, shape (N, C).
    """
    return NetworkFeatures(problem, nodes).remaining(weights)


def check_features(problem: RidgeletProblem, candidates: int) -> None:
    """Refuse more candidates than memory holds features of, before any is drawn.

    Raises
    ------
    OutOfReach
        If the predicted memory is not available; of points on disk, if it is more than they may take.
    """
    data = problem.data
    purpose = f"Choosing among {candidates} nodes on {len(data)} points"
    if not isinstance(data, ChunkedPoints):
        needed = COPIES * 8 * len(data) * candidates
        require_memory(needed, purpose, "ask for fewer nodes or fewer candidates")
        return
    width = candidates + problem.outputs
    needed = TRIANGLES * 8 * (min(BLOCK, len(data)) + width) * width
    if needed > data.memory:
        raise OutOfReach(
            f"{purpose} takes {readable_bytes(needed)}, and memory = {readable_bytes(data.memory)} may be taken; ask "
            "for fewer nodes or candidates, or give more memory."
        )
