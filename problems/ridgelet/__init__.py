"""Node sampling with the discrete ridgelet transform: the problem, its nodes and the sparse networks they make.

Sources: Yamasaki, Subramanian, Hayakawa, Sonoda, arXiv:2301.11936 (the quantum algorithm); Isogai, Yamasaki,
Sonoda, Murao, arXiv:2605.13979 (its classical counterpart).
"""

from problems.ridgelet.network import SparseNetwork
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import NodeSampler

__all__ = ["NodeSampler", "Nodes", "RidgeletProblem", "SparseNetwork"]
