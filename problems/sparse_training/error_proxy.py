"""The paper's error proxy: how an error at the last upload grows along the directions that a Hessian amplifies.

Liu et al., arXiv:2303.03428, equations 7 and 8: sum_i w_i |1 + a_i|^t over the a_i with |a_i| >= cut, weights
renormalized over these. The paper prints a = -lambda; one step of gradient descent really multiplies by 1 - eta lambda,
a = -eta lambda.
"""

from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError, non_negative

__all__ = ["error_proxy"]


@overload
def error_proxy(
    eigenvalues: ArrayLike, weights: ArrayLike, steps: int, eta: float | None = None, cut: float = 0.4
) -> float: ...
@overload
def error_proxy(
    eigenvalues: ArrayLike, weights: ArrayLike, steps: NDArray[np.int64], eta: float | None = None, cut: float = 0.4
) -> NDArray[np.float64]: ...


def error_proxy(
    eigenvalues: ArrayLike,
    weights: ArrayLike,
    steps: int | NDArray[np.int64],
    eta: float | None = None,
    cut: float = 0.4,
) -> float | NDArray[np.float64]:
    """Return the error proxy t steps after the last upload.

    Parameters
    ----------
    eigenvalues
        Of the Hessian, shape (m,).
    weights
        How many eigenvalues each stands for, shape (m,), at least 0; only their ratios matter.
    steps
        t, counted from the last upload: a number, or an array of them.
    eta
        The step size, for a = -eta lambda; left out, a = -lambda, as the paper prints it.
    cut
        Directions with |a| below it are left out: .4 in the paper. With eta another one is meant, as .02 at eta = .1.

    Returns
    -------
    A number, or as many as there are steps. Below a = -2 a direction does not decay but diverges, although the paper
    calls more negative better.

    Raises
    ------
    InputError
        If shapes differ, a number is not finite or negative where it must not be, or no direction reaches the cut: the
        proxy is not defined then.
    """
    values, shares = np.asarray(eigenvalues, dtype=float), np.asarray(weights, dtype=float)
    if values.ndim != 1 or values.shape != shares.shape:
        raise InputError(f"eigenvalues and weights have shapes {values.shape} and {shares.shape}; give (m,) twice.")
    if not (np.all(np.isfinite(values)) and np.all(np.isfinite(shares)) and np.all(shares >= 0)):
        raise InputError("An eigenvalue or weight is not finite, or a weight is negative; give finite ones.")
    cut = non_negative("cut", cut)
    a = -values if eta is None else -non_negative("eta", eta) * values
    kept = (np.abs(a) >= cut) & (shares > 0)
    if not np.any(kept):
        reach = float(np.max(np.abs(a), initial=0.0))
        raise InputError(
            f"The error proxy is not defined: no |a| reaches the cut {cut:g}, the largest is {reach:.3g}; give a "
            "smaller cut."
        )
    times = np.asarray(steps)
    with np.errstate(over="ignore"):
        powers = np.abs(1 + a[kept]) ** times[..., None]
        found = powers @ (shares[kept] / shares[kept].sum())
    return float(found) if times.ndim == 0 else found
