"""The sparse subnetwork that sampled nodes make: the lottery ticket."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import LinAlgError, solve
from scipy.sparse import issparse

from problems.errors import InputError, non_negative
from problems.finite_field import row_blocks
from problems.ridgelet.chunks import ChunkedPoints, Levels, read_in_chunks, sample_chunks
from problems.ridgelet.labels import check_targets
from problems.ridgelet.layer import Part, hidden_block, least_squares, ridge_weights
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.points import Points, Rows, Samples, compact_rows
from problems.ridgelet.problem import RidgeletProblem
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
        points = compact_rows("x", x, problem.prime, copied=False)
        targets = check_targets(y, points.shape[0])
        if points.shape[0] * len(nodes) <= AT_ONCE:
            weights = _ridge_weights(hidden_layer(problem, nodes, points), targets, ridge)
        else:
            block = hidden_block(problem.ridgelet, nodes, Points(points, np.arange(len(targets))))
            weights = _weights_by_blocks([Part(block, targets)], len(nodes), targets.shape[1], ridge, len(targets))
        return cls(problem.prime, problem.ridgelet, nodes, weights[:, 0] if np.ndim(y) == 1 else weights)

    @classmethod
    def fit_problem(cls, problem: RidgeletProblem, nodes: Nodes, ridge: float = 1e-4) -> Self:
        """Fit the output weights to the samples that the problem was made of, a block of points at a time.

        These are the weights that `fit` finds for the samples: their mean squared error is that of the mean labels,
        each as often as it has samples, and a constant. No array of all features is held, and points on disk stay
        there: they are read once.

        Parameters
        ----------
        problem
            The problem, made in memory or by `RidgeletProblem.from_chunks`.
        nodes, ridge
            As for `fit`.

        Raises
        ------
        InputError
            If the nodes do not fit the problem, there are none, or the penalty is negative.
        """
        ridge = non_negative("ridge", ridge)
        if len(nodes) == 0:
            raise InputError("A network needs at least one hidden node; sample some first.")
        problem.check_nodes(nodes)
        weights = _weights_by_blocks(_parts(problem, nodes), len(nodes), problem.outputs, ridge, problem.samples)
        return cls(problem.prime, problem.ridgelet, nodes, weights[:, 0] if problem.outputs == 1 else weights)

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
        self._check_dimension(dimension)
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

    def predict(self, x: Samples, quantizer: Levels | None = None) -> NDArray[np.float64]:
        """Return the outputs at points (n, D): shape (n,), or (n, C) for several outputs.

        Parameters
        ----------
        x
            Points as `fit` takes them; or paths of NPY files, or what `problems.rows.as_rows` opened, read in chunks.
        quantizer
            Makes residues of what is read in chunks: a fitted one of `problems.quantizers`.
        """
        if quantizer is not None or read_in_chunks(x):
            chunks: Iterable[Rows] = sample_chunks(x, self.prime, self.nodes.dimension, quantizer)
        else:
            chunks = [compact_rows("x", x, self.prime, copied=False)]
        return np.concatenate([self._outputs(points) for points in chunks])

    def _outputs(self, points: Rows) -> NDArray[np.float64]:
        """Return the outputs at residues (n, D): shape (n,) or (n, C), a block of features at a time."""
        n, dimension = points.shape
        if n * dimension * len(self.nodes) < WORTHWHILE:
            blocks = row_blocks(n, len(self.nodes))
            return np.concatenate([self.features(points[rows]) @ self.weights for rows in blocks])
        self._check_dimension(dimension)
        block = hidden_block(self.ridgelet, self.nodes, Points(points, np.arange(n)))
        outputs = np.empty((n, *self.weights.shape[1:]))

        def write(rows: slice) -> None:
            outputs[rows] = block(rows).T @ self.weights

        fill(write, row_blocks(n, len(self.nodes)))
        return outputs

    def _check_dimension(self, dimension: int) -> None:
        if dimension != self.nodes.dimension:
            raise InputError(f"x has dimension {dimension}, but the nodes have {self.nodes.dimension}; give the same.")

    def risk(self, x: Samples, y: ArrayLike, quantizer: Levels | None = None) -> float:
        """Return the mean squared error over samples, summed over the outputs; parameters as for `predict`."""
        predictions = self.predict(x, quantizer)
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
    penalty = ridge * n
    if ridge >= SMALL_RIDGE:
        # Of the two systems of normal equations the smaller one; where rounding leaves it singular, least squares.
        with contextlib.suppress(LinAlgError):
            if count <= n:
                gram = features.T @ features
                gram.flat[:: count + 1] += penalty
                return solve(gram, features.T @ targets, assume_a="pos", overwrite_a=True)
            kernel = features @ features.T
            kernel.flat[:: n + 1] += penalty
            return features.T @ solve(kernel, targets, assume_a="pos", overwrite_a=True)
    if ridge > 0:
        features = np.vstack([features, np.sqrt(penalty) * np.eye(count)])
        targets = np.vstack([targets, np.zeros((count, targets.shape[1]))])
    return np.linalg.lstsq(features, targets, rcond=None)[0].astype(float)


def _weights_by_blocks(parts: Iterable[Part], count: int, outputs: int, ridge: float, n: int) -> NDArray[np.float64]:
    """Minimize the same over n samples, from blocks of them, without an array of all features; shape (N, C)."""
    if ridge < SMALL_RIDGE:
        return least_squares(parts, count, outputs, ridge * n)
    return ridge_weights(parts, count, outputs, ridge * n)


def _parts(problem: RidgeletProblem, nodes: Nodes) -> Iterator[Part]:
    """Yield the points of a problem with their mean labels, each as often as it has samples."""
    roots = None if np.all(problem.counts == 1) else np.sqrt(problem.counts)
    if not isinstance(problem.data, ChunkedPoints):
        yield Part(hidden_block(problem.ridgelet, nodes, problem.data), problem.labels, roots)
        return
    for which, points in problem.data.chunks():
        block = hidden_block(problem.ridgelet, nodes, Points(points, np.arange(len(points))))
        yield Part(block, problem.labels[which], None if roots is None else roots[which])
