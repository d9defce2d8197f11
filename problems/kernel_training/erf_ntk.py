"""The neural tangent kernel of wide fully connected networks with erf as their activation, in closed form.

A network of L hidden layers of infinite width, erf scaled so that a standard normal input gives a mean square of 1, and
no biases. On inputs of unit norm its kernel depends on the cosine rho of two inputs alone. With A = arcsin(2/3) and
K = T = rho before the first layer, a layer is

    t' = 2 / (A sqrt(9 - 4 K^2)),    K <- arcsin(2 K / 3) / A,    T <- K + T t'.

Source: Zlokapa, Neven, Lloyd, arXiv:2107.09200, section 2; the arcsine kernel: Williams, Neural Computation 10 (1998).
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import real_array
from problems.errors import InputError, choose, whole_number
from problems.memory import require_memory

__all__ = ["CONVENTIONS", "MEAN_SQUARE", "MU", "PIXELS", "SLOPE", "ErfNtk", "check_cosines"]

ARCSINE = math.asin(2 / 3)
"""A of the formulas."""

MEAN_SQUARE = 2 * ARCSINE / math.pi
"""Mean of erf(z)^2, z standard normal: what the activation is divided by the root of."""

SLOPE = 2 / (ARCSINE * math.sqrt(5))
"""t' at rho = 1: by so much the tangent kernel of an input with itself grows a layer."""

MU = 1 - 2 / (3 * ARCSINE)
"""mu of the paper: 1 minus the square of the activation's linear Hermite coefficient."""

PIXELS = 784
"""The number by which the published code divides inner products: the pixels of an image."""

CONVENTIONS = {
    "unit": "inputs of unit norm enter the first layer as they are, as in the paper",
    "published": f"inner products are divided by {PIXELS} before the first layer, as in the published code",
}
"""Ways to scale the first layer, by name."""

CLOSEST = 1e-5
"""1 - rho of two inputs as close as they are taken to get."""

BYTES = 64
"""Memory of a pair of inputs while its kernel value is computed."""

ROUNDING = 1e-9
"""Cosines may be beyond 1 by so much: the rounding of a product."""


class ErfNtk:
    """The kernel of a fully connected erf network of infinite width, as a function of the cosine of two inputs.

    Parameters
    ----------
    depth
        Hidden layers L, at least 1.
    convention
        "unit": the formulas above, on inputs of unit norm. "published": what the authors' library computes, which
        divides the inner products of the first layer by 784, the pixels of an image. With q the kernel of an input with
        itself, q = 1 / (784 * 0.46456) and K = T = q rho before the first layer, a layer is
        t' = 2 / (A sqrt((1 + 2 q)^2 - 4 K^2)), K <- arcsin(2 K / (1 + 2 q)) / A, T <- K + T t', q likewise.
        That acts like some six layers less.

    Raises
    ------
    InputError
        If the depth is no whole number of at least 1, or the convention is unknown.

    Examples
    --------
    >>> print(f"{ErfNtk(3)(0.5):.10f}")
    1.6850063986
    """

    def __init__(self, depth: int, convention: str = "unit") -> None:
        self.depth = whole_number("depth L", depth, 1)
        choose("convention", convention, CONVENTIONS)
        self.convention = convention

    def __repr__(self) -> str:
        return f"ErfNtk(depth={self.depth}, convention={self.convention!r})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((self.depth, self.convention))

    def __call__(self, cosines: ArrayLike) -> NDArray[np.float64]:
        """Return T_L(rho), in the shape of the cosines.

        Parameters
        ----------
        cosines
            Inner products rho of inputs of unit norm, in [-1, 1].

        Raises
        ------
        InputError
            If one is no number in [-1, 1].
        """
        rho = check_cosines(cosines)
        square = 1.0 if self.convention == "unit" else 1 / (PIXELS * MEAN_SQUARE)
        covariance = square * rho
        tangent = covariance.copy()
        for _ in range(self.depth):
            whole = 1 + 2 * square
            slope = 2 / (ARCSINE * np.sqrt(whole**2 - 4 * covariance**2))
            covariance = np.arcsin(2 * covariance / whole) / ARCSINE
            tangent = covariance + tangent * slope
            square = math.asin(2 * square / whole) / ARCSINE
        return tangent

    def normalised(self, cosines: ArrayLike) -> NDArray[np.float64]:
        """Return T_L(rho) / T_L(1), which is 1 for an input with itself; see `__call__`."""
        return self(cosines) / self(1.0)

    @property
    def k_max(self) -> float:
        """The normalized kernel at rho = 1 - 1e-5, by which states |k*> are scaled, as in the published notebook."""
        return float(self.normalised(1 - CLOSEST))

    def between(self, images: ArrayLike, others: ArrayLike | None = None) -> NDArray[np.float64]:
        """Return the normalized kernel of inputs of unit norm with others, shape (n, m).

        Parameters
        ----------
        images, others
            Shapes (n, d) and (m, d); others are the inputs themselves if left out. Norms other than 1 are refused.

        Raises
        ------
        InputError
            If shapes do not fit together, or an input has another norm than 1.
        """
        left = _unit_rows("images", images)
        right = left if others is None else _unit_rows("others", others)
        if left.shape[1] != right.shape[1]:
            raise InputError(f"images have {left.shape[1]} features, others {right.shape[1]}; give as many.")
        require_memory(
            BYTES * len(left) * len(right),
            f"The kernel of {len(left):,} and {len(right):,} images",
            "take fewer images",
        )
        found = self.normalised(left @ right.T)
        if others is None:
            found = (found + found.T) / 2
            np.fill_diagonal(found, 1.0)
        return found


def check_cosines(cosines: ArrayLike) -> NDArray[np.float64]:
    """Return cosines as numbers in [-1, 1], rounding errors beyond them cut off.

    Raises
    ------
    InputError
        If one is no number, not finite, or outside [-1, 1].
    """
    rho = real_array("cosines", cosines)
    wrong = np.argwhere(~(np.abs(rho) <= 1 + ROUNDING))
    if len(wrong):
        place = tuple(wrong[0])
        where = f"[{', '.join(map(str, place))}]" if place else ""
        raise InputError(
            f"cosines{where} = {rho[place]} is outside [-1, 1]; give inner products of inputs that were divided by "
            "their norm."
        )
    clipped: NDArray[np.float64] = np.clip(rho, -1, 1)
    return clipped


def _unit_rows(name: str, values: ArrayLike) -> NDArray[np.float64]:
    rows = real_array(name, values)
    if rows.ndim != 2:
        raise InputError(f"{name} has shape {rows.shape}; give one input a row, shape (n, d).")
    norms = np.linalg.norm(rows, axis=1)
    if np.any(np.abs(norms - 1) > ROUNDING):
        worst = int(np.argmax(np.abs(norms - 1)))
        raise InputError(
            f"{name}[{worst}] has norm {norms[worst]:.6g}, and the kernel is one of inputs of norm 1; divide by it."
        )
    return rows
