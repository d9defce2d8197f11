"""Draws that the samplers share: from one distribution, and from a different one for each row."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["draw", "draw_frequency", "draw_rows", "redraw_bias"]


def draw(rng: np.random.Generator, weights: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """Draw `n` indices with probability proportional to non-negative weights (m,); a weight 0 is never drawn."""
    cumulative = np.cumsum(weights)
    return _count_below(cumulative, rng.random(n) * cumulative[-1])


def _count_below(cumulative: NDArray[np.float64], point: NDArray[np.float64]) -> NDArray[np.int64]:
    index = np.searchsorted(cumulative, point, side="right")
    # The product can round up to the total: take the last index of positive weight then.
    return np.minimum(index, np.searchsorted(cumulative, cumulative[-1], side="left"))


def draw_rows(rng: np.random.Generator, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw one index for each row, with probability proportional to the row's weights (n, m)."""
    cumulative = np.cumsum(weights, axis=1)
    total = cumulative[:, -1:]
    index = np.sum(cumulative <= rng.random((len(weights), 1)) * total, axis=1)
    return np.minimum(index, np.argmax(cumulative >= total, axis=1))


def draw_frequency(rng: np.random.Generator, ridgelet: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """Draw frequencies v != 0 with probability |r^(v)|^2, r^ the unitary DFT of the ridgelet."""
    weights = np.abs(np.fft.fft(ridgelet)) ** 2
    weights[0] = 0.0  # zero mean; what is left there is rounding
    return draw(rng, weights, n)


def redraw_bias(
    rng: np.random.Generator, t: NDArray[np.int64], h: NDArray[np.float64], ridgelet: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Redraw b given a, as the circuit's last Fourier transform does.

    Pr(b|a) is proportional to |sum_s H(s) r(s-b)|^2, with the histogram H(s) = sum of h_m over a.x_m = s mod P.

    Parameters
    ----------
    t
        The products a.x_m mod P, one row for each node: shape (n, K).
    h
        The amplitudes h_m for each node: shape (n, K).
    ridgelet
        r(0), ..., r(P-1).
    """
    n, prime = len(t), len(ridgelet)
    cell = np.arange(n)[:, None] * prime + t
    histogram = np.bincount(cell.ravel(), weights=h.ravel(), minlength=n * prime).reshape(n, prime).astype(float)
    # A correlation over Z_P, by the convolution theorem.
    spectrum = np.fft.rfft(histogram, axis=1) * np.conj(np.fft.rfft(ridgelet))
    return draw_rows(rng, np.fft.irfft(spectrum, n=prime, axis=1) ** 2)
