"""The sparse subnetwork that sampled nodes make: the lottery ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve
from scipy.sparse import issparse

from problems.errors import InputError, non_negative
from problems.finite_field import row_blocks
from problems.ridgelet.layer import hidden_block, least_squares, normal_equations
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.points import Points, Rows, Samples, compact_rows
from problems.ridgelet.problem import RidgeletProblem, check_targets
from problems.ridgelet.transform import WORTHWHILE
from problems.showing import Shows
from problems.threads import fill

__all__ = ["SparseNetwork", "hidden_layer"]

SMALL_RIDGE = 1e-9
"""Below it the normal equations lose too many digits, and least squares by singular values takes over."""

AT_ONCE = 2**24
"""Features that a fit holds in one array, at most; of more it sees a block of points at a time."""


@dataclass(frozen=True, eq=False, repr=False)
class SparseNetwork(Shows):
    """The network x -> sum_i w_i r(a_i.x - b_i mod P) on N hidden nodes.

    Attributes
    ----------
    prime
        The prime P.
    ridgelet
        The activation as a ridgelet: r(0), ..., r(P-1).
    nodes
        The N hidden nodes.
    weights
        Output weights, shape (N,), or (N, C) for several outputs.
    """

    prime: int
    ridgelet: NDArray[np.float64]
    nodes: Nodes
    weights: NDArray[np.float64]

    def _facts(self) -> Mapping[str, object]:
        return {
            "N": len(self.nodes),
            "P": self.prime,
            "D": self.nodes.dimension,
            "outputs": 1 if self.weights.ndim == 1 else self.weights.shape[1],
        }

    @classmethod
    def fit(cls, problem: RidgeletProblem, nodes: Nodes, x: Samples, y: ArrayLike, ridge: float = 1e-4) -> Self:
        """Fit the output weights by ridge regression, the nodes held fixed.

        Minimizes mean |y - sum_i w_i r(a_i.x - b_i)|^2 + ridge |w|^2 over the samples.

        Parameters
        ----------
        problem
            Gives P and the activation.
        nodes
            The N hidden nodes; at least one.
        x, y
            Training samples: points (n, D) with digits 0..P-1, in memory, memory-mapped or sparse, and targets (n,) or
            (n, C).
        ridge
            The penalty, >= 0; at 0 the fit is least squares of least norm.

        Raises
        ------
        InputError
            If the samples or the nodes do not fit the problem, or the penalty is negative.
        """
        ridge = non_negative("ridge", ridge)
        if len(nodes) == 0:
            raise InputError("A network needs at least one hidden node; sample some first.")
        problem.check_nodes(nodes)
        points = compact_rows("x", x, problem.prime)
        targets = check_targets(y, points.shape[0])
        if points.shape[0] * len(nodes) <= AT_ONCE:
            weights = _ridge_weights(hidden_layer(problem, nodes, points), targets, ridge)
        else:
            weights = _ridge_weights_by_blocks(problem.ridgelet, nodes, points, targets, ridge)
        return cls(problem.prime, problem.ridgelet, nodes, weights[:, 0] if np.ndim(y) == 1 else weights)

    @classmethod
    def importance_weighted(
        cls, problem: RidgeletProblem, nodes: Nodes, sampling_density: NDArray[np.float64] | None = None
    ) -> Self:
        """Make the network without any fit, by the unbiased estimator of the full network.

        Parameters are those of `RidgeletProblem.importance_weights`. One output gives weights of shape (N,).
        """
        if len(nodes) == 0:
            raise InputError("A network needs at least one hidden node; sample some first.")
        weights = problem.importance_weights(nodes, sampling_density)
        return cls(problem.prime, problem.ridgelet, nodes, weights[:, 0] if problem.outputs == 1 else weights)

    def features(self, points: Rows) -> NDArray[np.float64]:
        """Return the hidden layer r(a_i.x - b_i) at points (n, D), dense or a CSR array: shape (n, N)."""
        n, dimension = points.shape
        if dimension != self.nodes.dimension:
            raise InputError(f"x has dimension {dimension}, but the nodes have {self.nodes.dimension}; give the same.")
        block = hidden_block(self.ridgelet, self.nodes, Points(points, np.arange(n)))
        hidden = np.empty((n, len(self.nodes)))

        def write(rows: slice) -> None:
            hidden[rows] = block(rows).T

        blocks = row_blocks(n, max(len(self.nodes), 1 if issparse(points) else dimension))
        if n * dimension * len(self.nodes) < WORTHWHILE:
            for rows in blocks:
                write(rows)
        else:
            fill(write, blocks)
        return hidden

    def predict(self, x: Samples) -> NDArray[np.float64]:
        """Return the outputs at points (n, D): shape (n,), or (n, C) for several outputs."""
        points = compact_rows("x", x, self.prime)
        blocks = row_blocks(points.shape[0], len(self.nodes))
        return np.concatenate([self.features(points[rows]) @ self.weights for rows in blocks])

    def risk(self, x: Samples, y: ArrayLike) -> float:
        """Return the mean squared error over samples, summed over the outputs."""
        predictions = self.predict(x)
        targets = check_targets(y, len(predictions))
        if targets.size != predictions.size:
            raise InputError(
                f"y has {targets.shape[1]} outputs, but the network has {predictions.size // len(targets)}."
            )
        return float(np.mean(np.sum((targets - predictions.reshape(targets.shape)) ** 2, axis=1)))


def hidden_layer(problem: RidgeletProblem, nodes: Nodes, points: Rows) -> NDArray[np.float64]:
    """Return r(a_i.x - b_i mod P) at points (n, D), dense or a CSR array: shape (n, N)."""
    return SparseNetwork(problem.prime, problem.ridgelet, nodes, np.empty(0)).features(points)


def _ridge_weights(features: NDArray[np.float64], targets: NDArray[np.float64], ridge: float) -> NDArray[np.float64]:
    """Minimize mean |targets - features W|^2 + ridge |W|^2; shape (N, C)."""
    n, count = features.shape
    if ridge >= SMALL_RIDGE:
        from sklearn.linear_model import Ridge  # here, because it takes longer to import than all the rest

        model = Ridge(alpha=ridge * n, fit_intercept=False, solver="cholesky").fit(features, targets)
        return model.coef_.reshape(targets.shape[1], count).T
    if ridge > 0:
        features = np.vstack([features, np.sqrt(ridge * n) * np.eye(count)])
        targets = np.vstack([targets, np.zeros((count, targets.shape[1]))])
    return np.linalg.lstsq(features, targets, rcond=None)[0].astype(float)


def _ridge_weights_by_blocks(
    ridgelet: NDArray[np.float64], nodes: Nodes, points: Rows, targets: NDArray[np.float64], ridge: float
) -> NDArray[np.float64]:
    """Minimize the same from blocks of points, without an array of all features; shape (N, C)."""
    n, count = len(targets), len(nodes)
    block = hidden_block(ridgelet, nodes, Points(points, np.arange(n)))
    if ridge < SMALL_RIDGE:
        return least_squares(block, targets, count, ridge * n)
    gram, moments = normal_equations(block, targets, count)
    gram[np.diag_indices(count)] += ridge * n
    return solve(gram, moments, assume_a="pos").astype(float)
