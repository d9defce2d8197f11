"""Random Fourier features of a Gaussian kernel: scikit-learn's RBFSampler (Rahimi and Recht 2007)."""

from numpy.typing import ArrayLike
from sklearn.kernel_approximation import RBFSampler

from classical.peers.kernels import fit_kernel_features, gaussian_widths
from classical.peers.readout import Readout
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.sampling import check_problem
from problems.seeds import Seed

__all__ = ["RBFPeer"]


class RBFPeer:
    """N random cosines of the digits scaled to [0, 1]; gamma and penalty chosen by leaving one sample out."""

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)

    @staticmethod
    def check(problem: RidgeletProblem, nodes: int) -> None:
        """Refuse nothing: any real features will do; see `Peer.check`."""

    def fit(self, x: ArrayLike, y: ArrayLike, nodes: int, seed: Seed = None) -> Readout:
        """Fit N features; see `Peer.fit`."""
        return fit_kernel_features(self.problem, _transformer, gaussian_widths, x, y, nodes, seed)


def _transformer(gamma: float, nodes: int, state: int) -> RBFSampler:
    return RBFSampler(gamma=gamma, n_components=nodes, random_state=state)
