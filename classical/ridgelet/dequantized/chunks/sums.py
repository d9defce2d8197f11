"""Sums of amplitudes times roots of unity, without any rounding.

Amplitudes are whole numbers whose absolute values add up to 2^52 or hardly more, and the real and imaginary parts of
the roots are whole multiples of 2^-31, which changes the law of a node by 10^-10 or so. A sum is then a whole number
too large for 64 bits. It is kept as two of them, high and low, worth high 2^22 + low with low in 0..2^22-1: whatever
the order and wherever the points are, the two are the same.
"""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["AMPLITUDE_BITS", "LOW_BITS", "carried", "roots", "to_complex", "whole_amplitudes"]

AMPLITUDE_BITS = 52
"""The absolute values of all amplitudes together are a number of so many bits: tables of doubles hold it exactly."""

ROOT_BITS = 31
"""Binary places of cosines and sines."""

LOW_BITS = 22
"""Bits of the lower of two numbers. 1,021 products of such a number and a root stay below 2^63, and so do the products
of a root and all amplitudes without their lower bits."""


def whole_amplitudes(amplitudes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return amplitudes as whole multiples of 2^(ceil(log2 s) - 52), s the sum of their absolute values."""
    exponent = math.ceil(math.log2(float(np.sum(np.abs(amplitudes)))))
    return np.rint(np.ldexp(amplitudes, AMPLITUDE_BITS - exponent)).astype(np.int64)


def roots(prime: int, turns: int = 1) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the real and the imaginary parts of w^t, t = 0..(turns P)-1, in multiples of 2^-31."""
    angle = 2 * np.pi * np.arange(prime) / prime
    parts = (
        np.tile(np.rint(np.ldexp(part, ROOT_BITS)).astype(np.int64), turns) for part in (np.cos(angle), np.sin(angle))
    )
    real, imaginary = parts
    return real, imaginary


def carried(sums: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return sums (..., 2), high and low, with low in 0..2^22-1: equal sums are then equal numbers."""
    low = sums[..., 1]
    return np.stack([sums[..., 0] + (low >> LOW_BITS), low & (1 << LOW_BITS) - 1], axis=-1)


def to_complex(sums: NDArray[np.int64]) -> NDArray[np.complex128]:
    """Return sums (..., 2, 2), real part first, each as high and low, as complex numbers, up to a common factor."""
    values = np.ldexp(sums[..., 0].astype(float), LOW_BITS) + sums[..., 1]
    found: NDArray[np.complex128] = values[..., 0] + 1j * values[..., 1]
    return found
