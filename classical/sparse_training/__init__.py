"""The classical side of sparse training: Carleman linearization itself, and everything that it has to beat."""

from classical.sparse_training.carleman import carleman
from classical.sparse_training.continuous import continuous_carleman, continuous_matrix
from classical.sparse_training.descent import gradient_descent, sparse_sgd
from classical.sparse_training.linearized import hessian_exponent
from classical.sparse_training.marching import Marched, marching
from classical.sparse_training.newton import NewtonPath, newton, newton_cg
from classical.sparse_training.pruned import pruned_carleman
from classical.sparse_training.solvers import Solution, forward_substitution, solve_by_gmres

__all__ = [
    "Marched",
    "NewtonPath",
    "Solution",
    "carleman",
    "continuous_carleman",
    "continuous_matrix",
    "forward_substitution",
    "gradient_descent",
    "hessian_exponent",
    "marching",
    "newton",
    "newton_cg",
    "pruned_carleman",
    "solve_by_gmres",
    "sparse_sgd",
]
