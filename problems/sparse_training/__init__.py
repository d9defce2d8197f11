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
from problems.sparse_training.error_proxy import error_proxy
from problems.sparse_training.file import UpdateFile, read_update
from problems.sparse_training.history import HistorySystem
from problems.sparse_training.perceptron import Perceptron
from problems.sparse_training.pruning import Network, descend, magnitude_mask
from problems.sparse_training.quadratic import QuadraticNetwork
from problems.sparse_training.spectrum import Spectrum, spectrum
from problems.sparse_training.update import PolynomialUpdate

__all__ = [
    "HistorySystem",
    "Network",
    "Perceptron",
    "PolynomialUpdate",
    "QuadraticNetwork",
    "Spectrum",
    "UpdateFile",
    "block_starts",
    "carleman_matrix",
    "carleman_r",
    "carleman_size",
    "carleman_state",
    "descend",
    "dissipation",
    "error_proxy",
    "kantorovich",
    "magnitude_mask",
    "monomials",
    "read_update",
    "spectrum",
]
