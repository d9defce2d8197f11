"""Activations on Z_P, made into ridgelets: zero mean and unit norm.

An activation g acts on the centered representative of a residue, in (-P/2, P/2]. The ridgelet r is g less its
mean, divided by its norm; zero mean is what makes reconstruction exact (the frequency v = 0 is inverted).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError, choose
from problems.memory import require_memory

__all__ = ["ACTIVATIONS", "Activation", "activation_table"]

Activation = str | ArrayLike
"""A name in `ACTIVATIONS`, or a table of P real numbers g(0), ..., g(P-1)."""

ACTIVATIONS: dict[str, Callable[[NDArray[np.float64], int], NDArray[np.float64]]] = {
    "relu": lambda t, prime: np.maximum(t, 0),
    "step": lambda t, prime: (t > 0).astype(float),
    "sine": lambda t, prime: _sine(t, prime),
    "tanh": lambda t, prime: np.tanh(4 * t / prime),
    "gaussian": lambda t, prime: np.exp(-8 * (t / prime) ** 2),
}
"""The named activations: functions of the centered representatives t and of P.

relu max(t, 0); step 1 for t > 0; sine sin(2 pi t/P); tanh(4t/P); gaussian exp(-(t/s)^2/2) with s = P/4.
"""


def _sine(t: NDArray[np.float64], prime: int) -> NDArray[np.float64]:
    """Return sin(2 pi t/P); by degrees, so that sin(pi) is exactly 0 and P = 2 is seen to be constant."""
    from scipy.special import sindg  # here, because names of activations are asked for where nothing is computed

    found: NDArray[np.float64] = sindg(360 * t / prime)
    return found


def activation_table(activation: Activation, prime: int) -> NDArray[np.float64]:
    """Return the ridgelet of an activation.

    Parameters
    ----------
    activation
        A name in `ACTIVATIONS`, or g(0), ..., g(P-1) as a table of P real numbers.
    prime
        The prime P.

    Returns
    -------
    NDArray
        r(0), ..., r(P-1): shape (P,), mean 0, Euclidean norm 1.

    Raises
    ------
    InputError
        If the name is unknown, the table has another length or is not finite, or g is constant on Z_P: a
        constant has no ridgelet.
    """
    require_memory(6 * 8 * prime, f"A table of the {prime} residues", "take a smaller prime")
    if isinstance(activation, str):
        name = repr(activation)
        t = np.arange(prime, dtype=float)
        t[t > prime / 2] -= prime
        table = choose("activation", activation, ACTIVATIONS)(t, prime)
    else:
        name = "table"
        try:
            if np.iscomplexobj(activation):
                raise TypeError
            table = np.array(activation, dtype=float)
        except (TypeError, ValueError):
            raise InputError(
                f"activation = {activation!r} is neither a name nor a table of {prime} real numbers."
            ) from None
        if table.shape != (prime,):
            raise InputError(
                f"The activation table has shape {table.shape}, but one value for each residue is needed: ({prime},)."
            )
        if not np.all(np.isfinite(table)):
            raise InputError("The activation table holds NaN or infinite values; give finite numbers.")
    largest = np.max(np.abs(table))
    scaled = table / largest if largest > 0 else table
    centered = scaled - np.mean(scaled)
    norm = np.linalg.norm(centered)
    if norm <= 1e-12:
        raise InputError(
            f"The activation {name} is constant on Z_{prime}, and a constant has no ridgelet; "
            "choose another activation or a larger prime."
        )
    return centered / norm
