"""Newton's method: on a polynomial update, beside R, and by conjugate gradients on a network.

Where the linearization is certain to converge (R_min < 1, that is h < 1/2), Newton's method converges too, in a handful
of steps; each solves one linear system of n rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from problems.errors import InputError, whole_number
from problems.showing import Shows
from problems.sparse_training import Network, PolynomialUpdate
from problems.sparse_training.update import as_point

__all__ = ["NewtonPath", "newton", "newton_cg"]


@dataclass(frozen=True, eq=False, repr=False)
class NewtonPath(Shows):
    """The outcome of Newton's method.

    Attributes
    ----------
    points
        u after each step, shape (steps + 1, n).
    increments
        |delta u| there: 0 at a stationary point.
    converged
        Whether the last step was shorter than the tolerance.
    """

    points: NDArray[np.float64]
    increments: NDArray[np.float64]
    converged: bool

    def _facts(self) -> Mapping[str, object]:
        return {"steps": self.steps, "converged": bool(self.converged)}

    @property
    def steps(self) -> int:
        """Steps taken."""
        return len(self.points) - 1


def newton(
    update: PolynomialUpdate, start: ArrayLike | None = None, tolerance: float = 1e-12, most: int = 50
) -> NewtonPath:
    """Find where an update stands still: a stationary point of the loss.

    Parameters
    ----------
    update
        The polynomial update.
    start
        Where it begins, shape (n,); left out, 0.
    tolerance
        It ends once |delta u| is at most this part of |delta u| at the start.
    most
        Steps after which it gives up.

    Raises
    ------
    InputError
        If the start does not fit, or a number is too small.
    """
    u = np.zeros(update.dimension) if start is None else as_point("start", start, update.dimension)
    most = whole_number("most", most, 1)
    points, values = [u], [update(u)]
    first = float(np.linalg.norm(values[0]))
    while np.linalg.norm(values[-1]) > tolerance * first and len(points) <= most:
        try:
            u = u - np.linalg.solve(_slope(update, u), values[-1])
        except np.linalg.LinAlgError:
            break
        if not np.all(np.isfinite(u)):
            break
        points.append(u)
        values.append(update(u))
    lengths = np.linalg.norm(values, axis=1)
    return NewtonPath(np.array(points), lengths, bool(lengths[-1] <= tolerance * first))


def newton_cg(
    network: Network, weights: NDArray[np.float64], mask: NDArray[np.bool_], steps: int = 20
) -> tuple[NDArray[np.float64], int]:
    """Return weights trained by Newton's method with conjugate gradients, and how many passes it took.

    The weights have shape (size,); passes are gradients and Hessian-vector products over all rows. The method is
    SciPy's trust-ncg.

    Parameters
    ----------
    network
        A network with `hessian_vector`, as `Perceptron` has.
    weights, mask
        Where it begins, and which weights move, both of shape (size,).
    steps
        Newton steps at most.

    Raises
    ------
    InputError
        If the network has no Hessian-vector products.
    """
    product = getattr(network, "hessian_vector", None)
    if product is None:
        raise InputError(f"{network!r} has no hessian_vector, which Newton-CG multiplies by; take a Perceptron.")
    kept = np.flatnonzero(mask)
    passes = 0

    def whole(u: NDArray[np.float64]) -> NDArray[np.float64]:
        found = np.zeros(network.size)
        found[kept] = u
        return found

    def gradient(u: NDArray[np.float64]) -> NDArray[np.float64]:
        nonlocal passes
        passes += 1
        return network.gradient(whole(u))[kept]

    def times(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        nonlocal passes
        passes += 1
        return np.asarray(product(whole(u), whole(v)))[kept]

    found = minimize(
        lambda u: network.loss(whole(u)),
        weights[kept],
        jac=gradient,
        hessp=times,
        method="trust-ncg",
        options={"maxiter": whole_number("steps", steps, 1)},
    )
    return whole(found.x), passes


def _slope(update: PolynomialUpdate, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the derivative of the increment at u, shape (n, n)."""
    recentred = update.recentred(u)
    return recentred.coefficients[1] if update.degree else np.zeros((update.dimension,) * 2)
