"""The response of phase estimation on a walk to an eigenvalue: the closed form of HHL on it.

A qubitised walk W of a Hermitian matrix A of scale alpha has the eigenphases +-theta, cos theta = lambda / alpha. HHL
(Harrow, Hassidim, Lloyd, arXiv:0811.3171) estimates the phase in t bits, N = 2^t, rotates a flag by a filter f(y) of
the estimate y, and takes the estimate back. With a_x the amplitudes that the phase register starts in,

    p(y | theta) = | N^(-1/2) sum_x a_x e^(i x (theta - 2 pi y / N)) |^2,    g(theta) = sum_y p(y | theta) f(y),

an eigenvector of A keeps the amplitude g(theta) where all registers end as they began and the flag is set: f is even
in y, so both phases give the same. Thus HHL applies g, a function of A like that of quantum signal processing.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers
from problems.errors import InputError, choose, whole_number
from problems.memory import require_memory

__all__ = ["MOST_BITS", "WINDOWS", "PhaseResponse"]

MOST_BITS = 24
"""More bits than any simulation follows."""

WINDOWS = {
    "sine": "a_x = sqrt(2/N) sin(pi (x + 1/2)/N), as in HHL: estimates far off are rare as 1/distance^4",
    "uniform": "a_x = 1/sqrt(N), the textbook's: estimates far off are rare as 1/distance^2 alone",
}
"""States in which the phase register may start, by name."""


@dataclass(frozen=True)
class PhaseResponse:
    """The filter that inverts, and the response g(theta) of an eigenvalue to it.

    Attributes
    ----------
    bits
        Of the estimated phase, t from 2 to `MOST_BITS`.
    kappa
        Eigenvalues are inverted from alpha / kappa on: f(y) = 1 / (kappa cos(2 pi y / N)), within [-1, 1]. At least 1.
    window
        A name in `WINDOWS`.

    Raises
    ------
    InputError
        If one of them is out of range.

    Examples
    --------
    >>> response = PhaseResponse(bits=9, kappa=4)
    >>> [f"{4 * value:.4f}" for value in response.amplitudes([1.0, 0.5, -0.5])]
    ['1.0000', '2.0003', '-2.0003']
    """

    bits: int
    kappa: float
    window: str = "sine"

    def __post_init__(self) -> None:
        bits = whole_number("bits", self.bits, 2)
        if bits > MOST_BITS:
            raise InputError(f"bits = {bits} is out of reach; give at most {MOST_BITS}.")
        if not 1 <= self.kappa < np.inf:
            raise InputError(f"kappa = {self.kappa} is no condition number; give a finite number of at least 1.")
        choose("window", self.window, WINDOWS)

    @property
    def estimates(self) -> int:
        """N = 2^t, the values of the phase register."""
        return 2**self.bits

    @property
    def walks(self) -> int:
        """Walks that HHL takes, 2 (N - 1): N - 1 to estimate, and as many to take the estimate back."""
        return 2 * (self.estimates - 1)

    @cached_property
    def start(self) -> NDArray[np.float64]:
        """The amplitudes a_x, shape (N,)."""
        size = self.estimates
        if self.window == "uniform":
            return np.full(size, size**-0.5)
        return np.sqrt(2 / size) * np.sin(np.pi * (np.arange(size) + 0.5) / size)

    @cached_property
    def filter(self) -> NDArray[np.float64]:
        """f(y), the flag's amplitude at each estimate, shape (N,); 0 at the phase of the eigenvalue 0."""
        size = self.estimates
        # From a quarter of a turn, so that what is equal by symmetry is equal exactly.
        quarter = np.cos(2 * np.pi * np.arange(size // 4) / size)
        half = np.concatenate([quarter, [0.0], -quarter[:0:-1]])
        cosines = np.concatenate([half, [-1.0], half[:0:-1]])
        # 1 / (kappa cos) within [-1, 1], written without a division by zero.
        return np.sign(cosines) / np.maximum(self.kappa * np.abs(cosines), 1)

    def probabilities(self, cosines: ArrayLike) -> NDArray[np.float64]:
        """Return p(y | theta) for eigenvalues lambda / alpha, shape (K, N).

        Parameters
        ----------
        cosines
            lambda / alpha in [-1, 1], shape (K,).

        Raises
        ------
        InputError
            If one is outside, or the table does not fit in memory.
        """
        values = as_numbers("eigenvalues", cosines)
        # So written, NaN is refused too.
        if values.ndim != 1 or values.dtype.kind not in "biuf" or not np.all(np.abs(values) <= 1 + 1e-9):
            raise InputError("Eigenvalues over the scale must be real numbers in [-1, 1], in a row; divide by alpha.")
        size = self.estimates
        require_memory(48 * size * len(values), f"{len(values)} eigenvalues at {size} estimates", "give fewer bits")
        phases = np.arccos(np.clip(values.astype(float), -1, 1))
        amplitudes = np.fft.fft(self.start * np.exp(1j * np.outer(phases, np.arange(size))), axis=1)
        return np.abs(amplitudes) ** 2 / size

    def amplitudes(self, cosines: ArrayLike) -> NDArray[np.float64]:
        """Return g(theta), about alpha / (kappa lambda), for eigenvalues lambda / alpha, shape (K,)."""
        return self.probabilities(cosines) @ self.filter

    def flagged(self, cosines: ArrayLike) -> NDArray[np.float64]:
        """Return the probability that the flag is set, whatever the other registers hold, shape (K,)."""
        return self.probabilities(cosines) @ self.filter**2
