"""The Gaussian kernel on N training points as landmarks: scikit-learn's Nystroem (Williams and Seeger 2001)."""

from numpy.typing import ArrayLike
from sklearn.kernel_approximation import Nystroem

from classical.peers.kernels import fit_kernel_features, gaussian_widths
from classical.peers.protocol import checked_samples
from classical.peers.readout import Readout
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.sampling import check_problem
from problems.seeds import Seed

__all__ = ["NystroemPeer"]


class NystroemPeer:
    """N kernel functions centered on training points, digits scaled to [0, 1]; gamma and penalty as for `RBFPeer`."""

    def __init__(self, problem: RidgeletProblem) -> None:
        self.problem = check_problem(problem)

    @staticmethod
    def check(problem: RidgeletProblem, nodes: int) -> None:
        """Refuse more landmarks than there are training samples; see `Peer.check`."""
        _check_landmarks(nodes, problem.samples)

    def fit(self, x: ArrayLike, y: ArrayLike, nodes: int, seed: Seed = None) -> Readout:
        """Fit N features; see `Peer.fit`."""
        points, _, nodes = checked_samples(self.problem, x, y, nodes)
        _check_landmarks(nodes, len(points))
        return fit_kernel_features(self.problem, _transformer, gaussian_widths, points, y, nodes, seed)


def _check_landmarks(nodes: int, samples: int) -> None:
    if nodes > samples:
        raise InputError(
            f"Nystroem takes its {nodes} landmarks among the training samples, and there are {samples}; "
            "ask for fewer nodes."
        )


def _transformer(gamma: float, nodes: int, state: int) -> Nystroem:
    return Nystroem(kernel="rbf", gamma=gamma, n_components=nodes, random_state=state)
