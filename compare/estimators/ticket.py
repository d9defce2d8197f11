"""The common parts of the two estimators: parameters, and the way from features and targets to a sparse network."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from compare.estimators.balanced import BalancedQuantizer
from compare.estimators.sampling import MakeSampler, make_sampler, sampler_maker
from problems.activations import Activation, activation_table
from problems.errors import InputError, choose, non_negative, whole_number
from problems.quantizers import LevelQuantizer
from problems.ridgelet import Nodes, RidgeletProblem, SparseNetwork
from problems.ridgelet.points import Points

__all__ = ["QUANTIZERS", "Ticket"]

QUANTIZERS: dict[str, type[BalancedQuantizer] | type[LevelQuantizer]] = {
    "quantile": BalancedQuantizer,
    "level": LevelQuantizer,
}
"""The ways to cut features into P levels, by name."""

VANISHING = 1e-12
"""Mean targets of points below it, of targets of size 1, are what rounding left of targets that cancel."""


class Ticket(BaseEstimator):
    """Fits a sparse network on sampled nodes; see `TicketClassifier` and `TicketRegressor`."""

    def __init__(
        self,
        n_nodes: int = 100,
        *,
        prime: int = 11,
        sampler: str | MakeSampler = "refined-2",
        quantizer: str = "quantile",
        regularization: float = 1e-2,
        activation: Activation = "relu",
        ridge: float = 0.1,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.n_nodes = n_nodes
        self.prime = prime
        self.sampler = sampler
        self.quantizer = quantizer
        self.regularization = regularization
        self.activation = activation
        self.ridge = ridge
        self.random_state = random_state

    def _fit_network(self, x: NDArray[np.float64], targets: NDArray[np.float64]) -> None:
        """Fit quantizer, problem, nodes and network to features (n, D) and centered targets (n,) or (n, C)."""
        n_nodes = whole_number("n_nodes", self.n_nodes, 1)
        ridge = non_negative("ridge", self.ridge)
        regularization = non_negative("regularization", self.regularization)
        make = sampler_maker(self.sampler)
        quantizer = choose("quantizer", self.quantizer, QUANTIZERS)(self.prime)
        ridgelet = activation_table(self.activation, quantizer.prime)
        seed = int(_random(self.random_state).randint(2**31 - 1))

        self.quantizer_ = quantizer.fit(x)
        points = self.quantizer_.transform(x)
        self.problem_: RidgeletProblem | None
        if not _tells_points_apart(points, targets, quantizer.prime):
            # No node is better than another, and the best network is 0: the intercept is all there is to learn.
            self.problem_ = None
            self.nodes_ = Nodes(np.empty((0, x.shape[1]), dtype=np.int64), np.empty(0, dtype=np.int64))
            self.network_ = SparseNetwork(quantizer.prime, ridgelet, self.nodes_, np.zeros((0, *targets.shape[1:])))
            return
        self.problem_ = RidgeletProblem.from_samples(points, targets, quantizer.prime, regularization, self.activation)
        # Systems of so few nodes are solved one after the other: threads of BLAS cost more than they bring.
        with threadpool_limits(1, "blas"):
            self.nodes_ = make_sampler(make, self.problem_).sample(n_nodes, seed)
            self.network_ = SparseNetwork.fit(self.problem_, self.nodes_, points, targets, ridge)

    def _outputs(self, X: Any) -> NDArray[np.float64]:
        """Return the network's outputs at samples (m, D), without the intercept: shape (m,) or (m, C)."""
        check_is_fitted(self)
        x = validate_data(self, X, dtype=np.float64, reset=False)
        return self.network_.predict(self.quantizer_.transform(x))


def _random(random_state: object) -> np.random.RandomState:
    try:
        return check_random_state(random_state)
    except ValueError:
        raise InputError(
            f"random_state = {random_state!r} seeds no random numbers; give None, a whole number 0..2^32 - 1 or a "
            "RandomState."
        ) from None


def _tells_points_apart(points: NDArray[np.int64], targets: NDArray[np.float64], prime: int) -> bool:
    """Tell whether the mean target at any distinct point, of rows (n, D), differs from 0."""
    _, where, counts = Points.distinct(points, prime)
    columns = targets.reshape(len(points), -1).T
    return any(np.any(np.abs(np.bincount(where, weights=column)) > VANISHING * counts) for column in columns)
