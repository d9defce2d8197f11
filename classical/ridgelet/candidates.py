"""Draw many candidates, keep few. Not in the papers.

Candidates come from any sampler. Which of them stay is chosen on the problem's mean labels, weighted by the frequencies
of their points: by orthogonal matching pursuit, or by iterative magnitude pruning of the network of all candidates.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.magnitude import magnitude_pruning
from classical.ridgelet.pursuit import matching_pursuit
from classical.ridgelet.reduced import check_features, reduced_features
from problems.errors import InputError, choose, whole_number
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import NodeSampler, ShownSampler, check_count
from problems.seeds import Seed, generator

__all__ = ["KEEPERS", "CandidateSampler", "keep_nodes"]

KEEPERS: dict[str, Callable[[NDArray[np.float64], NDArray[np.float64], int], NDArray[np.int64]]] = {
    "pursuit": matching_pursuit,
    "magnitude": magnitude_pruning,
}
"""Ways to choose columns of features (m, M) for targets (m, C), by name. Several outputs share the nodes."""


class CandidateSampler(ShownSampler):
    """Draws `factor` times as many nodes as asked for and keeps the best: ``CandidateSampler(sampler).sample(n)``.

    The nodes depend on one another and on the labels: for independent repeats draw anew with another seed, and draw
    anew for each N, since the first N of a longer list were chosen among more candidates.

    Parameters
    ----------
    sampler
        Draws the candidates.
    factor
        Candidates for each node that is kept, >= 1.
    keep
        A name in `KEEPERS`.

    Raises
    ------
    InputError
        If the sampler is none, factor < 1, or the way to keep is unknown.
    """

    def __init__(self, sampler: NodeSampler, factor: int = 10, keep: str = "pursuit") -> None:
        if not isinstance(sampler, NodeSampler):
            raise InputError(
                f"Candidates need a sampler of nodes, not {type(sampler).__name__}; make one from the problem first, "
                "as in DequantizedSampler(problem)."
            )
        self.sampler = sampler
        self.problem: RidgeletProblem = sampler.problem
        self.factor = whole_number("factor", factor, 1)
        choose("way to keep candidates", keep, KEEPERS)
        self.keep = keep

    def sample(self, n: int, seed: Seed = None) -> Nodes:
        """Draw candidates and keep `n` of them; see `NodeSampler.sample`."""
        n = check_count(n)
        check_features(self.problem, self.factor * n)
        return keep_nodes(self.problem, self.sampler.sample(self.factor * n, generator(seed)), n, self.keep)


def keep_nodes(problem: RidgeletProblem, candidates: Nodes, n: int, keep: str = "pursuit") -> Nodes:
    """Keep `n` candidates: in the order of the pursuit, or, pruned by magnitude, in the order in which they were drawn.

    Once the pursuit has explained the labels, or spanned all candidates, the first of the others follow.

    Raises
    ------
    InputError
        If n < 1, there are fewer candidates than n, they are no nodes of the problem, the way to keep is unknown, or
        memory does not hold their features.
    """
    n = whole_number("n", n, 1)
    choose_columns = choose("way to keep candidates", keep, KEEPERS)
    if len(candidates) < n:
        raise InputError(f"n = {n} nodes cannot be kept of {len(candidates)} candidates; draw more of them.")
    problem.check_nodes(candidates)
    check_features(problem, len(candidates))
    kept = choose_columns(*reduced_features(problem, candidates), n)
    others = np.setdiff1d(np.arange(len(candidates)), kept)
    return candidates[np.concatenate([kept, others])[:n]]
