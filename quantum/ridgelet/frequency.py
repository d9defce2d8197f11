"""The frequencies that the circuit superposes: the spectrum of the ridgelet."""

import numpy as np
from numpy.typing import NDArray

from problems.finite_field import exponential_table

__all__ = ["frequency_amplitudes"]


def frequency_amplitudes(ridgelet: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return conj(r^(g^k)) for k = 0, ..., P-2, with norm 1; r has zero mean, so that v = 0 does not occur."""
    spectrum = np.fft.fft(ridgelet, norm="ortho").conj()[exponential_table(len(ridgelet))]
    return spectrum / np.linalg.norm(spectrum)
