"""Random features of the skewed chi-squared kernel: SkewedChi2Sampler (Li, Ionescu, Sminchisescu 2010)."""

from numpy.typing import ArrayLike
from sklearn.kernel_approximation import SkewedChi2Sampler

from classical.peers.kernels import fit_kernel_features
from classical.peers.readout import Readout
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.sampling import check_problem
from problems.seeds import Seed

__all__ = ["SkewedChi2Peer"]

SKEWEDNESS = tuple(2.0**k for k in range(-4, 7))
"""Values from which the skewedness c is chosen: the kernel depends on log(x + c), digits scaled to [0, 1]."""


class SkewedChi2Peer:
    """N random cosines of log(x + c), digits scaled to [0, 1]; c and penalty chosen by leaving one sample out."""

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)

    @staticmethod
    def check(problem: RidgeletProblem, nodes: int) -> None:
        """Refuse nothing: digits are never negative; see `Peer.check`."""

    def fit(self, x: ArrayLike, y: ArrayLike, nodes: int, seed: Seed = None) -> Readout:
        """Fit N features; see `Peer.fit`."""
        return fit_kernel_features(self.problem, _transformer, lambda _x, _prime: SKEWEDNESS, x, y, nodes, seed)


def _transformer(skewedness: float, nodes: int, state: int) -> SkewedChi2Sampler:
    return SkewedChi2Sampler(skewedness=skewedness, n_components=nodes, random_state=state)
