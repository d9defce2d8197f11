"""From random words to the digits of the prefix, and from what was drawn to nodes (a, b)."""

from typing import Any

import numpy as np

from classical.ridgelet.dequantized.compiled.bits.picks import pick_all
from problems.compiling import compiled
from problems.registers import LANES, ROUND, add_words, load_vector, store_vector

__all__ = ["draw_bias", "draw_weights", "write_codes", "write_digits"]


@compiled
def write_codes(words: Any, prime: int, size: int, codes: Any) -> None:
    """Write `size` digits of words (n, W) at a time into codes (G, n)."""
    n, width = words.shape
    # In floating point, where division by a constant is a product and a rounding, and loops stay in vectors.
    left, base = np.empty(n), float(prime**size)
    scale = 1.0 / base
    for w in range(width):
        for i in range(n):
            left[i] = words[i, w]
        for g in range(w, len(codes), width):
            row = codes[g]
            for i in range(n):
                # Rounded down: words below 2^49 leave room for the errors of all three operations.
                quotient = (((left[i] + 0.5) * scale - 0.5) + ROUND) - ROUND
                row[i] = np.int32(left[i] - quotient * base)
                left[i] = quotient


@compiled
def write_digits(prime: int, coordinates: Any, codes: Any, digits: Any) -> None:
    """Take codes (G, n) apart into digits (D, n)."""
    groups, size = coordinates.shape
    for g in range(groups):
        row = codes[g]
        for place in range(size):
            j = coordinates[g, place]
            if j < 0:
                continue
            line = digits[j]
            # Digit by digit and not by a table: these loops are vectors too.
            if prime == 2:
                shift = np.uint8(place)
                for i in range(row.size):
                    line[i] = (row[i] >> shift) & np.uint8(1)
            elif place == 0:  # two digits a code, so that one division takes it apart
                for i in range(row.size):
                    line[i] = np.uint32(row[i]) % np.uint32(3)
            else:
                for i in range(row.size):
                    line[i] = np.uint32(row[i]) // np.uint32(3)


@compiled
def draw_bias(by_cos: Any, by_sin: Any, real: Any, imag: Any, v_inverse: Any, uniforms: Any, b: Any) -> None:
    """Draw b from |sum_t H(t) r(t - b)|^2: gate 4."""
    # Of the histogram H only its transform at 1 is seen: r has zero mean, and that at 2 is the conjugate of that at 1.
    n, prime = b.size, by_cos.size
    sums = np.zeros((2 * prime, n))
    for value in range(prime):
        cos, sin, line = by_cos[value], by_sin[value], sums[value]
        for i in range(n):
            # Multiplying the products by 2 conjugates the sum.
            line[i] = real[i] * cos + (imag[i] if v_inverse[i] == 1 else -imag[i]) * sin
    pick_all(sums, prime, uniforms, b)


@compiled
def draw_weights(prime: int, steps: Any, digits: Any, picked: Any, v_inverse: Any, a: Any) -> None:
    """Write a = (u + sum_f k_f A_f)/v modulo P: gate 3."""
    (n, dimension), (levels, outcomes, length), flat = a.shape, steps.shape, steps.reshape(-1)
    # Bytes are added eight to a word, and a vector of words at a time.
    words = np.zeros(length, dtype=np.uint64)
    total = words.view(np.uint8)[:dimension]
    for i in range(n):
        for j in range(dimension):
            total[j] = digits[j, i]
        for level in range(levels):
            if picked[i, level] > 0:  # eight bytes a word: sums of so few digits do not carry
                first = (level * outcomes + picked[i, level]) * length
                for word in range(0, length, LANES):
                    store_vector(words, word, add_words(load_vector(words, word), load_vector(flat, first + word)))
        row, factor = a[i], np.uint16(v_inverse[i])
        if prime == 2:
            for j in range(dimension):
                row[j] = total[j] & np.uint8(1)
        else:
            for j in range(dimension):
                total[j] = np.uint16(total[j] * factor) % np.uint16(3)
            for j in range(dimension):
                row[j] = total[j]
