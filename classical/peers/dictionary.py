"""An explicit dictionary of candidate ridgelet nodes, drawn uniformly, for the peers that choose among them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from classical.peers.readout import Features
from problems.errors import InputError
from problems.finite_field import residues
from problems.memory import readable_bytes
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.network import hidden_layer

__all__ = ["CANDIDATES", "check_dictionary", "node_features", "uniform_dictionary"]

CANDIDATES = 10
"""Candidates in the dictionary for each node that is kept."""

LARGEST_DICTIONARY = 2**30
"""Bytes of features above which a dictionary is refused."""


def check_dictionary(problem: RidgeletProblem, nodes: int) -> None:
    """Refuse a dictionary whose features on the training samples take more than `LARGEST_DICTIONARY`.

    Raises
    ------
    InputError
        If they do.
    """
    needed = 8 * CANDIDATES * nodes * problem.samples
    if needed > LARGEST_DICTIONARY:
        raise InputError(
            f"A dictionary of {CANDIDATES * nodes} candidates on {problem.samples} samples takes "
            f"{readable_bytes(needed)}, above the {readable_bytes(LARGEST_DICTIONARY)} allowed; ask for fewer nodes."
        )


def uniform_dictionary(problem: RidgeletProblem, nodes: int, rng: np.random.Generator) -> Nodes:
    """Draw `CANDIDATES` x `nodes` candidates uniformly from all P^(D+1) nodes."""
    count = CANDIDATES * nodes
    a = rng.integers(0, problem.prime, (count, problem.dimension))
    return Nodes(a, rng.integers(0, problem.prime, count))


def node_features(problem: RidgeletProblem, nodes: Nodes) -> Features:
    """Return the map from points (m, D) to the hidden layer r(a.x - b): (m, N)."""

    def features(x: ArrayLike) -> NDArray[np.float64]:
        return hidden_layer(problem, nodes, residues("x", x, problem.prime, 2))

    return features
