"""The features of nodes at all points of a problem, for what looks at nothing but inner products of columns.

Features F and targets Y of points in memory are as they are. Of points on disk there are too many rows: in their place
stands the triangle R of [F Y] = Q R, which has the same inner products, and so the same fits, norms and pursuits. It
takes in a block of points at a time (Golub and Van Loan, Matrix Computations, section 5.2).
"""

import numpy as np
from numpy.typing import NDArray

from problems.errors import OutOfReach
from problems.finite_field import row_blocks
from problems.memory import readable_bytes, require_memory
from problems.ridgelet.chunks import ChunkedPoints
from problems.ridgelet.network import hidden_layer
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem

__all__ = ["check_features", "reduced_features", "remaining_labels"]

BLOCK = 8192
"""Points whose features are held at once, of points on disk."""

COPIES, TRIANGLES = 3, 5
"""Arrays of the features' size, or of that of a block and the triangle, that are held at once, at most."""


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
    root = np.sqrt(problem.frequencies)[:, None]
    data = problem.data
    if not isinstance(data, ChunkedPoints):
        return root * hidden_layer(problem, nodes, data.take(slice(None))), root * problem.labels
    triangle = np.empty((0, len(nodes) + problem.outputs))
    for which, points in data.chunks():
        for rows in row_blocks(len(points), 1, BLOCK):
            own = slice(which.start + rows.start, which.start + rows.stop)
            block = np.hstack([hidden_layer(problem, nodes, points[rows]), problem.labels[own]])
            triangle = np.asarray(np.linalg.qr(np.vstack([triangle, root[own] * block]), mode="r"))
    return triangle[:, : len(nodes)], triangle[:, len(nodes) :]


def remaining_labels(problem: RidgeletProblem, nodes: Nodes, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a network leaves of the mean labels: f(x) - sum_i w_i r(a_i.x - b_i), shape (K, C).

    Parameters
    ----------
    problem, nodes
        As for `reduced_features`.
    weights
        Output weights, shape (N, C).
    """
    data = problem.data
    if not isinstance(data, ChunkedPoints):
        return problem.labels - hidden_layer(problem, nodes, data.take(slice(None))) @ weights
    left = problem.labels.copy()
    for which, points in data.chunks():
        for rows in row_blocks(len(points), 1, BLOCK):
            left[which.start + rows.start : which.start + rows.stop] -= (
                hidden_layer(problem, nodes, points[rows]) @ weights
            )
    return left


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
