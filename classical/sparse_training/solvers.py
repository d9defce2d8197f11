"""Classical solvers of the history system: forward substitution, and GMRES.

The system is triangular and nilpotent apart from its diagonal: every Krylov method ends with the last slot, after T + 1
iterations unpadded and 2 * 2^ceil(log2 T) padded, whatever the condition number is. Forward substitution touches every
entry once and is the same as marching through time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import gmres

from problems.errors import InputError
from problems.showing import Shows, small
from problems.sparse_training import HistorySystem

__all__ = ["Solution", "forward_substitution", "solve_by_gmres"]


@dataclass(frozen=True, eq=False, repr=False)
class Solution(Shows):
    """A solution of a history system.

    Attributes
    ----------
    x
        Shape (rows,).
    weights
        u of every slot, shape (S, n).
    iterations
        Products with the matrix; of forward substitution 1.
    residual
        |L x - b| / |b|.
    """

    x: NDArray[np.float64]
    weights: NDArray[np.float64]
    iterations: int
    residual: float

    def _facts(self) -> Mapping[str, object]:
        return {"rows": len(self.x), "iterations": self.iterations, "residual": small(self.residual)}


def forward_substitution(system: HistorySystem) -> Solution:
    """Solve a history system by forward substitution on its sparse matrix."""
    return _solution(system, system.solve(), 1)


def solve_by_gmres(system: HistorySystem, tolerance: float = 1e-12) -> Solution:
    """Solve a history system by GMRES without restarts.

    Parameters
    ----------
    system
        The system.
    tolerance
        Of |L x - b| / |b|.

    Raises
    ------
    InputError
        If it is not reached within as many iterations as there are slots, and four more.
    """
    norms: list[float] = []
    most = system.slots + 4
    x, failed = gmres(
        system.matrix,
        system.right_side,
        rtol=tolerance,
        restart=most,
        maxiter=1,
        callback=norms.append,
        callback_type="pr_norm",
    )
    if failed:
        raise InputError(f"GMRES has not reached {tolerance:g} after {len(norms)} iterations; give a larger tolerance.")
    return _solution(system, x, len(norms))


def _solution(system: HistorySystem, x: NDArray[np.float64], iterations: int) -> Solution:
    missed = np.linalg.norm(system.matrix @ x - system.right_side) / np.linalg.norm(system.right_side)
    return Solution(x, system.weights(x), iterations, float(missed))
