"""Node sampling with the discrete ridgelet transform: the problem, its nodes and the sparse networks they make.

Sources: Yamasaki, Subramanian, Hayakawa, Sonoda, arXiv:2301.11936 (the quantum algorithm); Isogai, Yamasaki,
Sonoda, Murao, arXiv:2605.13979 (its classical counterpart).
"""

from typing import TYPE_CHECKING

from problems.later import later

if TYPE_CHECKING:
    from problems.ridgelet.network import SparseNetwork
    from problems.ridgelet.nodes import Nodes
    from problems.ridgelet.problem import RidgeletProblem
    from problems.ridgelet.sampling import NodeSampler

__all__ = ["NodeSampler", "Nodes", "RidgeletProblem", "SparseNetwork"]

__getattr__ = later(
    __name__,
    network="SparseNetwork",
    nodes="Nodes",
    problem="RidgeletProblem",
    sampling="NodeSampler",
)
"""Whoever needs the names of data sets alone does not wait for SciPy."""


def __dir__() -> list[str]:
    """List what can be imported from here."""
    return [*globals(), *__all__]
