"""One way to fit angles: L-BFGS on an exact energy and gradient, and what comes out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from problems.errors import whole_number
from problems.showing import Shows

__all__ = ["ITERATIONS", "LOOSE", "TIGHT", "Fitted", "fit"]

ITERATIONS = 200
"""Iterations of L-BFGS, at most."""

LOOSE, TIGHT = (2.2e-9, 1e-5), (1e-15, 1e-10)
"""The ends of a fit: the energy falls by less than the first times itself, or no derivative is above the second.
Loose are SciPy's own, which a pruning run takes, round after round; tight ones go on to the rounding."""


@dataclass(frozen=True, eq=False, repr=False)
class Fitted(Shows):
    """Angles of least energy, as far as a fit found them.

    Attributes
    ----------
    angles
        In the circuit's order.
    energy
        <H> with them.
    error
        (E - E0)/|E0|, E0 the exact ground energy.
    parameters
        How many angles were free.
    iterations, evaluations
        Of the fit: steps, and energies with gradients.
    """

    angles: NDArray[np.float64]
    energy: float
    error: float
    parameters: int
    iterations: int
    evaluations: int

    def _facts(self) -> Mapping[str, object]:
        return {"angles": self.parameters, "energy": float(self.energy), "error": f"{self.error:.0e}"}


def fit(
    gradient: Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]],
    start: NDArray[np.float64],
    model: Any,
    iterations: int = ITERATIONS,
    tolerances: tuple[float, float] = TIGHT,
) -> Fitted:
    """Return the angles that L-BFGS finds from a start.

    Parameters
    ----------
    gradient
        The energy and its derivatives.
    start
        Angles to begin with, shape (G,).
    model
        Has the exact ground energy E0.
    iterations
        At most so many steps, at least 1.
    tolerances
        `LOOSE` or `TIGHT`.

    Raises
    ------
    InputError
        If the iterations are no whole number of at least 1.
    """
    most = whole_number("iterations", iterations, 1)
    if not start.size:
        energy, _ = gradient(start)
        return Fitted(start, energy, model.relative_error(energy), 0, 0, 1)
    options = {"maxiter": most, "maxfun": 20 * most, "ftol": tolerances[0], "gtol": tolerances[1]}
    found = minimize(gradient, start, jac=True, method="L-BFGS-B", options=options)
    energy = float(found.fun)
    return Fitted(found.x, energy, model.relative_error(energy), start.size, int(found.nit), int(found.nfev))
