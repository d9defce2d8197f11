"""How likely each outcome of a level is, |sum_y F(y) w^(k.y)|^2, and picking one by a uniform number."""

from typing import Any

import numpy as np

from problems.compiling import compiled
from problems.registers import add_pair

__all__ = ["note", "pick", "sum_up", "weigh", "weigh_points"]


@compiled(fastmath={"reassoc", "contract", "nsz"})
def pick(weights: Any, uniform: float) -> int:
    """Turn a uniform number into an index by weights, sixteen at a time first."""
    # In any order, which lets the compiler sum in vectors: the total may differ from the running sum by rounding, and
    # what comes of that is caught at the end.
    total = 0.0
    for i in range(weights.size):
        total += weights[i]
    target, below, i = uniform * total, 0.0, 0
    while i + 16 <= weights.size:
        block = 0.0
        for j in range(16):
            block += weights[i + j]
        if below + block > target:
            break
        below += block
        i += 16
    while i < weights.size:
        below += weights[i]
        if below > target:
            return i
        i += 1
    i = weights.size - 1  # rounding: the last index of positive weight
    while weights[i] == 0.0:
        i -= 1
    return i


@compiled
def note(picked: int, first: int, prime: int, k: Any) -> None:
    """Write the outcome of a level into its functionals, the first counting least."""
    for f in range(first, k.size):
        k[f] = picked % prime
        picked //= prime


@compiled
def sum_up(turns: Any, outcomes: Any, h: Any, phases: Any, sums: Any) -> None:
    """Write F(y) = sum of h_m w^(phase_m) over the positions of outcome y: real and imaginary parts in turn, (2Q,)."""
    sums[:] = 0.0
    part = h.size // 4
    h_1, h_2, h_3, h_4 = h[:part], h[part:], h[2 * part :], h[3 * part :]
    y_1, y_2, y_3, y_4 = outcomes[:part], outcomes[part:], outcomes[2 * part :], outcomes[3 * part :]
    t_1, t_2, t_3, t_4 = phases[:part], phases[part:], phases[2 * part :], phases[3 * part :]
    # Neighbors share an outcome: four at a distance need not wait for each other.
    for m in range(part):
        add_pair(sums, 2 * np.int64(y_1[m]), h_1[m], turns, 2 * np.int64(t_1[m]))
        add_pair(sums, 2 * np.int64(y_2[m]), h_2[m], turns, 2 * np.int64(t_2[m]))
        add_pair(sums, 2 * np.int64(y_3[m]), h_3[m], turns, 2 * np.int64(t_3[m]))
        add_pair(sums, 2 * np.int64(y_4[m]), h_4[m], turns, 2 * np.int64(t_4[m]))
    for m in range(part, h_4.size):
        add_pair(sums, 2 * np.int64(y_4[m]), h_4[m], turns, 2 * np.int64(t_4[m]))


@compiled
def weigh(
    prime: int, characters: Any, level_cos: Any, level_sin: Any, even_part: Any, odd_part: Any, sums: Any, weights: Any
) -> None:
    """Write |sum_y F(y) w^(k.y)|^2 for every k into weights (n, Q), by matrix products where they serve.

    Arguments before `sums` are of `Tables`, one by one: a call with all of them takes longer to compile than the rest.
    """
    n, size = weights.shape
    if size == len(characters) // 2:
        # Real and imaginary parts by one product of real matrices.
        both = np.dot(sums, characters)
        for i in range(n):
            for k in range(size):
                weights[i, k] = both[i, k] ** 2 + both[i, size + k] ** 2
        return
    if size != prime or size == 2:  # a last level of fewer functionals than the others
        turned = np.empty(size)
        for i in range(n):
            _few_weights(level_cos, level_sin, sums[i], weights[i], turned)
        return
    # Folded in half: cosines see the even part of F alone, sines the odd part.
    half = size // 2
    even, odd = np.empty((2 * n, half + 1)), np.empty((2 * n, half + 1))
    for i in range(2 * n):
        part = sums[i // 2, i % 2 :: 2]
        even[i, 0], odd[i, 0] = part[0], 0.0
        for y in range(1, half + 1):
            even[i, y] = part[y] + part[size - y]
            odd[i, y] = part[y] - part[size - y]
    by_cos, by_sin = np.dot(even, even_part), np.dot(odd, odd_part)
    for i in range(n):
        _unfold(by_cos[2 * i], by_cos[2 * i + 1], by_sin[2 * i], by_sin[2 * i + 1], weights[i])


@compiled(fastmath={"reassoc", "contract", "nsz"})
def _few_weights(level_cos: Any, level_sin: Any, sums: Any, weights: Any, turned: Any) -> None:
    """Write the same for one node and few outcomes y with F(y) != 0; `turned` is scratch."""
    size = weights.size
    weights[:], turned[:] = 0.0, 0.0
    for y in range(size):
        real, imag = sums[2 * y], sums[2 * y + 1]
        # Outcomes that no point has are left out.
        if real != 0.0 or imag != 0.0:
            cos, sin = level_cos[y], level_sin[y]
            for k in range(size):
                weights[k] += real * cos[k] - imag * sin[k]
                turned[k] += real * sin[k] + imag * cos[k]
    for k in range(size):
        weights[k] = weights[k] * weights[k] + turned[k] * turned[k]


@compiled(fastmath={"reassoc", "contract", "nsz"})
def weigh_points(turns: Any, even: Any, odd: Any, outcomes: Any, h: Any, phases: Any, weights: Any, work: Any) -> None:
    """Write |sum_m h_m w^(phase_m + k y_m)|^2 for every k into weights (P,), point by point: for few of them.

    The tables are folded in half, and so is the result; scratch is `work`, shape (4, (P + 1)/2).
    """
    size, half = weights.size, len(odd) - 1
    work[:] = 0.0
    real_cos, imag_cos, real_sin, imag_sin = work[0], work[1], work[2], work[3]
    for m in range(h.size):
        y, turn = np.int64(outcomes[m]), 2 * np.int64(phases[m])
        real, imag = h[m] * turns[turn], h[m] * turns[turn + 1]
        # y and P - y have the same cosines and opposite sines.
        sign = -1.0 if y > half else 1.0
        y = size - y if y > half else y
        by_cos, by_sin = even[y], odd[y]
        for k in range(half + 1):
            real_cos[k] += real * by_cos[k]
            imag_cos[k] += imag * by_cos[k]
            real_sin[k] += sign * real * by_sin[k]
            imag_sin[k] += sign * imag * by_sin[k]
    _unfold(real_cos, imag_cos, real_sin, imag_sin, weights)


@compiled(inner=True)
def _unfold(real_cos: Any, imag_cos: Any, real_sin: Any, imag_sin: Any, weights: Any) -> None:
    """Write |real_cos - imag_sin + i (imag_cos + real_sin)|^2 at k = 0..(P-1)/2, and for sines reversed at -k."""
    # k and P - k are made of the same four numbers, by other signs.
    half = real_cos.size - 1
    behind = weights[half + 1 :]
    for k in range(half + 1):
        weights[k] = (real_cos[k] - imag_sin[k]) ** 2 + (imag_cos[k] + real_sin[k]) ** 2
    for k in range(half):
        behind[half - 1 - k] = (real_cos[k + 1] + imag_sin[k + 1]) ** 2 + (imag_cos[k + 1] - real_sin[k + 1]) ** 2
