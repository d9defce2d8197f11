"""Classical rivals of quantum kernel training: solvers of A x = y, an estimator of single predictions, classifiers.

Solvers share one protocol, ``Solver().solve(matrix, right_side, seed=None)``; classifiers another,
``Classifier().outputs(task, seed=None)``. A new one is one file here and one line in `SOLVERS` or `CLASSIFIERS`.
`WalkEstimator` stands beside them: it estimates k.(A^-1 y) for one k.
"""

from collections.abc import Callable

from classical.kernel_training.cholesky import Cholesky
from classical.kernel_training.conjugate_gradient import ConjugateGradient
from classical.kernel_training.diagonal import Diagonal
from classical.kernel_training.jacobi import Jacobi
from classical.kernel_training.minres import Minres
from classical.kernel_training.nearest_neighbor import NearestNeighbor
from classical.kernel_training.nystroem import Nystroem
from classical.kernel_training.protocol import Classifier, Solution, Solver
from classical.kernel_training.random_features import RandomFeatures
from classical.kernel_training.support_vectors import SupportVectors
from classical.kernel_training.walk_estimator import WalkEstimate, WalkEstimator, row_radius

__all__ = [
    "CLASSIFIERS",
    "SOLVERS",
    "Cholesky",
    "Classifier",
    "ConjugateGradient",
    "Diagonal",
    "Jacobi",
    "Minres",
    "NearestNeighbor",
    "Nystroem",
    "RandomFeatures",
    "Solution",
    "Solver",
    "SupportVectors",
    "WalkEstimate",
    "WalkEstimator",
    "row_radius",
]

SOLVERS: dict[str, Callable[[], Solver]] = {
    "cholesky": Cholesky,
    "cg": ConjugateGradient,
    "minres": Minres,
    "jacobi": Jacobi,
    "nystroem": Nystroem,
    "diagonal": Diagonal,
}
"""The solvers by name."""

CLASSIFIERS: dict[str, Callable[[], Classifier]] = {
    "nearest-neighbor": NearestNeighbor,
    "support-vectors": SupportVectors,
    "random-features": RandomFeatures,
}
"""The classifiers by name."""
