"""From random words to the digits of the prefix, and from what was drawn to nodes (a, b)."""

from typing import Any

import numpy as np

from classical.ridgelet.dequantized.compiled.kernel.weights import pick
from problems.compiling import compiled
from problems.registers import ROUND, ROUND_SINGLE

__all__ = ["draw_bias", "draw_weights", "split_words"]


@compiled
def split_words(words: Any, prime: int, digits: int, out: Any) -> None:
    """Write the digits of words (n, W), as `digits_of` does, into out (m, D), m >= n."""
    width = words.shape[1]
    left = np.empty(width)
    scale, divisor = 1.0 / prime, float(prime)
    for i in range(len(words)):
        for j in range(width):
            left[j] = words[i, j]
        for place in range(digits):
            first = place * width
            row = out[i, first : min(first + width, out.shape[1])]
            for j in range(row.size):
                # Rounded down: words below 2^49 leave room for the errors of all three operations.
                quotient = (((left[j] + 0.5) * scale - 0.5) + ROUND) - ROUND
                row[j] = np.int32(left[j] - quotient * divisor)
                left[j] = quotient


@compiled
def draw_bias(scaled: Any, ridgelet: Any, uniforms: Any, b: Any) -> None:
    """Draw b from |sum_t H(t) r(t - b)|^2: gate 4."""
    # For all nodes by one matrix product.
    correlated = np.dot(scaled, ridgelet)
    for i in range(len(b)):
        row = correlated[i]
        for t in range(row.size):
            row[t] = row[t] * row[t]
        b[i] = pick(row, uniforms[i])


@compiled
def draw_weights(prime: int, tail: Any, u: Any, k: Any, v_inverse: Any, a: Any) -> None:
    """Write a = (u + sum_f k_f A_f)/v modulo P: gate 3."""
    divisor, room = np.float32(prime), 2**24 // prime**2 - 1  # so many terms are exact in single precision
    scale = np.float32(1) / divisor
    total = np.empty(a.shape[1], dtype=np.float32)
    for i in range(len(a)):
        prefix, row, terms = u[i], a[i], 1
        # The prefix, too, is divided by v while it is read, so that one reduction at the end serves for all terms.
        factor = np.float32(v_inverse[i])
        for j in range(total.size):
            total[j] = factor * np.float32(prefix[j])
        for f in range(k.shape[1]):
            if k[i, f] == 0:
                continue
            if terms == room:  # the next term might not be exact any more
                for j in range(total.size):
                    total[j] -= divisor * ((total[j] * scale + ROUND_SINGLE) - ROUND_SINGLE)
                terms = 1
            step, functional = np.float32(k[i, f] * v_inverse[i] % prime), tail[f]
            for j in range(total.size):
                total[j] += step * functional[j]
            terms += 1
        for j in range(total.size):
            rest = total[j] - divisor * ((total[j] * scale + ROUND_SINGLE) - ROUND_SINGLE)
            row[j] = np.int32(rest + divisor if rest < np.float32(0) else rest)
