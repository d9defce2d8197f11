"""From the sums F(y) of a level to its outcomes k, drawn with probability |sum_y F(y) w^(k.y)|^2."""

from typing import Any

import numpy as np

from problems.compiling import compiled
from problems.ridgelet.products.planes import ROOT

__all__ = ["draw_level", "pick_all"]


@compiled(inner=True)
def _transform(prime: int, sums: Any, size: int, n: int) -> None:
    """Replace F(y) by sum_y F(y) w^(k.y) for n nodes: real parts (Q, n), then imaginary ones."""
    # The fast transform, one functional at a time, in place; nodes are the inner loop, so that it runs in vectors.
    half = len(sums) // 2
    power = 1
    while power < size:
        for y in range(size):
            if y // power % prime > 0:
                continue
            a, b = sums[y], sums[y + power]
            if prime == 2:  # all real: the imaginary rows stay zero
                for c in range(n):
                    x, z = a[c], b[c]
                    a[c], b[c] = x + z, x - z
                continue
            d = sums[y + 2 * power]
            e, f, g = sums[half + y], sums[half + y + power], sums[half + y + 2 * power]
            # x + y + z, and x - (y + z)/2 -+ i sqrt(3)/2 (y - z): what both of the latter need is computed once.
            for c in range(n):
                real, imag = b[c] + d[c], f[c] + g[c]
                turned_real, turned_imag = ROOT * (g[c] - f[c]), ROOT * (b[c] - d[c])
                middle_real, middle_imag = a[c] - 0.5 * real, e[c] - 0.5 * imag
                a[c], e[c] = a[c] + real, e[c] + imag
                b[c], f[c] = middle_real + turned_real, middle_imag + turned_imag
                d[c], g[c] = middle_real - turned_real, middle_imag - turned_imag
        power *= prime


@compiled(inner=True)
def pick_all(sums: Any, size: int, uniforms: Any, picked: Any) -> None:
    """Turn uniforms (n,) into outcomes by |sums|^2, as `pick_rows` does."""
    half, n = len(sums) // 2, uniforms.size
    running, total, target = np.empty((size, n)), np.zeros(n), np.empty(n)
    index, limit = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for k in range(size):
        real, imag, line = sums[k], sums[half + k], running[k]
        for c in range(n):
            total[c] += real[c] * real[c] + imag[c] * imag[c]
            line[c] = total[c]
    for c in range(n):
        target[c] = uniforms[c] * total[c]
    # Counting the running sums that are passed takes no branch, where a search would take one for each node. Sums that
    # are below the total are counted too: rounding may take the target up to it, and the last index must have weight.
    for k in range(size):
        line = running[k]
        for c in range(n):
            index[c] += line[c] <= target[c]
            limit[c] += line[c] < total[c]
    for c in range(n):
        picked[c] = min(index[c], limit[c])


@compiled(inner=True)
def draw_level(
    prime: int, joint: int, functionals: int, level: int, drawn: Any, sums: Any, levels: Any, picked: Any
) -> None:
    """Draw the outcomes k of a level for the drawn nodes, from their F(y)."""
    size = prime ** min(joint, functionals - level * joint)
    # The last level may have fewer functionals than the others.
    uniforms, outcomes = np.empty(drawn.size), np.empty(drawn.size, dtype=np.int64)
    for c in range(drawn.size):
        uniforms[c] = levels[drawn[c], level]
    _transform(prime, sums, size, drawn.size)
    pick_all(sums, size, uniforms, outcomes)
    for c in range(drawn.size):
        picked[drawn[c], level] = outcomes[c]
