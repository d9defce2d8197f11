"""Training as a polynomial recursion, and what Carleman linearization makes of it.

Source: Liu et al., Towards provably efficient quantum algorithms for large-scale machine-learning models, Nature
Communications 2024, arXiv:2303.03428. Coordinates are u = theta - c, for any center c.
"""

from problems.sparse_training.carleman import (
    block_starts,
    carleman_matrix,
    carleman_size,
    carleman_state,
    monomials,
)
from problems.sparse_training.convergence import carleman_r, dissipation, kantorovich
from problems.sparse_training.history import HistorySystem
from problems.sparse_training.update import PolynomialUpdate

__all__ = [
    "HistorySystem",
    "PolynomialUpdate",
    "block_starts",
    "carleman_matrix",
    "carleman_r",
    "carleman_size",
    "carleman_state",
    "dissipation",
    "kantorovich",
    "monomials",
]
