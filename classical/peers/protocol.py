"""The interface of every peer: a model that a practitioner would pick instead of sampled ridgelet nodes."""

from typing import Protocol, runtime_checkable

from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError, whole_number
from problems.finite_field import residues
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.labels import check_targets
from problems.seeds import Seed

__all__ = ["Peer", "Predictor", "checked_samples", "scaled"]


class Predictor(Protocol):
    """A fitted model."""

    def predict(self, x: ArrayLike) -> NDArray:
        """Return the outputs at points (m, D), digits 0..P-1: shape (m,), or (m, C) if y had C columns."""
        ...


@runtime_checkable
class Peer(Protocol):
    """A model of N hidden units, made from a problem, then fitted to samples: ``PEERS[name](problem).fit(...)``.

    Attributes
    ----------
    problem
        Gives P, and to peers with a dictionary of ridgelet nodes also the activation. Its data is not looked at by
        `fit`, which takes the samples, so that one peer can be fitted fold by fold.
    """

    problem: RidgeletProblem

    @staticmethod
    def check(problem: RidgeletProblem, nodes: int) -> None:
        """Refuse, in one sentence, a problem or a number of nodes that the peer cannot take.

        Raises
        ------
        InputError
            If the peer does not apply; its message says why.
        """
        ...

    def fit(self, x: ArrayLike, y: ArrayLike, nodes: int, seed: Seed = None) -> Predictor:
        """Fit `nodes` hidden units, all choices (penalty, bandwidth) made on these samples alone.

        Parameters
        ----------
        x, y
            Training samples: points (n, D) with digits 0..P-1, targets (n,) or (n, C), centered.
        nodes
            The number of hidden units N, >= 1.
        seed
            Whatever `numpy.random.default_rng` takes.

        Raises
        ------
        InputError
            If the samples do not fit the problem, or the peer does not apply.
        """
        ...


def checked_samples(
    problem: RidgeletProblem, x: ArrayLike, y: ArrayLike, nodes: object
) -> tuple[NDArray, NDArray, int]:
    """Return points (n, D) and targets (n, C) with the number of nodes, or refuse them.

    Raises
    ------
    InputError
        If x holds anything but digits 0..P-1 of the problem's dimension, y differs in length or is no real number,
        there is one sample only, or nodes < 1.
    """
    points = residues("x", x, problem.prime, 2)
    if points.shape[1] != problem.dimension:
        raise InputError(
            f"x has dimension {points.shape[1]}, but the problem has {problem.dimension}; give points of the problem."
        )
    targets, count = check_targets(y, len(points)), whole_number("nodes", nodes, 1)
    if len(points) < 2:
        raise InputError("x has 1 sample, and no penalty can be chosen on it; give at least 2.")
    return points, targets, count


def scaled(x: ArrayLike, prime: int) -> NDArray:
    """Scale digits 0..P-1 to the interval [0, 1], as peers that know no arithmetic mod P see them."""
    return residues("x", x, prime, 2) / (prime - 1)
