"""Draws that the samplers share: from one distribution, and from a different one for each row."""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "bias_weights",
    "draw",
    "draw_frequency",
    "draw_rows",
    "frequency_weights",
    "invert",
    "pick_rows",
    "redraw_bias",
]


def draw(rng: np.random.Generator, weights: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """Draw `n` indices with probability proportional to non-negative weights (m,); a weight 0 is never drawn."""
    return invert(np.cumsum(weights), rng.random(n))


def invert(cumulative: NDArray[np.float64], uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    """Turn uniform numbers (n,) into indices by running sums of weights (m,): inversion of the distribution."""
    index = np.searchsorted(cumulative, uniform * cumulative[-1], side="right")
    # The product can round up to the total: take the last index of positive weight then.
    return np.minimum(index, np.searchsorted(cumulative, cumulative[-1], side="left"))


def draw_rows(rng: np.random.Generator, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw one index for each row, with probability proportional to the row's weights (n, m)."""
    return pick_rows(weights, rng.random(len(weights)))


def pick_rows(weights: NDArray[np.float64], uniform: NDArray[np.float64]) -> NDArray[np.int64]:
    """Turn one uniform number a row (n,) into an index by the row's weights (n, m)."""
    cumulative = np.cumsum(weights, axis=1)
    total = cumulative[:, -1:]
    index = np.sum(cumulative <= uniform[:, None] * total, axis=1)
    return np.minimum(index, np.argmax(cumulative >= total, axis=1))


def draw_frequency(rng: np.random.Generator, ridgelet: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """Draw frequencies v != 0 with probability |r^(v)|^2, r^ the unitary DFT of the ridgelet."""
    return draw(rng, frequency_weights(ridgelet), n)


def frequency_weights(ridgelet: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers proportional to |r^(v)|^2: shape (P,), 0 at v = 0."""
    weights = np.abs(np.fft.fft(ridgelet)) ** 2
    weights[0] = 0.0  # zero mean; what is left there is rounding
    return weights


def redraw_bias(
    rng: np.random.Generator, t: NDArray[np.int64], h: NDArray[np.float64], ridgelet: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Redraw b given a, as the circuit's last Fourier transform does; see `bias_weights`."""
    return draw_rows(rng, bias_weights(t, h, ridgelet))


def bias_weights(t: NDArray[np.int64], h: NDArray[np.float64], ridgelet: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Pr(b|a) but for a factor: |sum_s H(s) r(s-b)|^2, H(s) = sum of h_m over a.x_m = s mod P; shape (n, P).

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
    weights: NDArray[np.float64] = np.fft.irfft(spectrum, n=prime, axis=1) ** 2
    return weights
