"""The gates compiled for P = 2 and 3 and dense points: the same draws as `gates`, 64 points in a word.

The products u.x are those of `problems.ridgelet.products.planes`.

The ridgelet has zero mean, so b sees the histogram of a.x but for a constant, and for P <= 3 that is one number: the
sum of h_m w^(u.x_m), which level 0 has computed for every outcome. No histogram is made.

`tables` is what the kernels read, made once for a plan. A node then goes through `nodes` (words to digits), the levels
of the tail in `levels`, by the sums of `sums` and the choice of `picks`, and `nodes` again (outcomes to weights and
bias).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.compiled.bits.levels import narrow_levels, wide_levels
from classical.ridgelet.dequantized.compiled.bits.nodes import draw_bias, draw_weights, write_codes, write_digits
from classical.ridgelet.dequantized.compiled.bits.tables import PADDING, make_tables
from classical.ridgelet.dequantized.compiled.loader import Loader
from classical.ridgelet.dequantized.plan import Plan
from classical.ridgelet.dequantized.randomness import Randomness
from problems.compiling import compiled
from problems.registers import LANES
from problems.ridgelet.products.planes import BLOCK, multiply

__all__ = ["PackedBits"]

NODES = 256
"""Nodes handled at once, at most."""

SCRATCH = 2**26
"""Bytes of products held at once, at most, unless one node takes more: bounds the memory of a thread."""


class PackedBits:
    """The compiled path of a plan with P = 2 or 3 and dense points.

    Parameters
    ----------
    plan
        The plan.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan, self._tables, self._loader = plan, make_tables(plan), Loader(plan)
        self._bytes = (plan.prime - 1) * BLOCK // 8 * -(-len(plan.order) // BLOCK)  # of a node's products

    def draw_nodes(self, randomness: Randomness, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
        """Draw the nodes of `randomness` into a (n, D) and b (n,)."""
        m0, output, v_inverse = self._loader.load(randomness)
        # Always of one layout, so that the kernels are compiled once: slices of one row would look contiguous.
        words, levels, bias = map(np.ascontiguousarray, (randomness.words, randomness.levels, randomness.bias))
        # Each table and each block of amplitudes that is read serves many nodes, in bounded memory.
        step = max(1, min(NODES, SCRATCH // self._bytes))
        for start in range(0, len(b), step):
            rows = slice(start, start + step)
            loaded = m0[rows], output[rows], v_inverse[rows]
            _draw(self._tables, words[rows], levels[rows], bias[rows], *loaded, a[rows], b[rows])


@compiled
def _draw(
    tables: Any, words: Any, levels: Any, uniforms: Any, m0: Any, output: Any, v_inverse: Any, a: Any, b: Any
) -> None:
    """Draw nodes into a (n, D) and b (n,)."""
    n, prime, (groups, size) = b.size, tables.prime, tables.coordinates.shape
    blocks = (tables.home.size + BLOCK - 1) // BLOCK
    codes = np.empty((groups, n), dtype=np.uint8)
    # By coordinate, not by node: a loop over nodes then runs along a row.
    digits = np.empty((a.shape[1], n + 8 * PADDING), dtype=np.uint8)
    products = np.zeros(n * blocks * (prime - 1) * LANES, dtype=np.uint64)
    picked = np.zeros((n, len(tables.outcomes)), dtype=np.int64)
    real, imag = np.empty(n), np.empty(n)
    write_codes(words, prime, size, codes)
    multiply(prime, tables.dimension, tables.planes, tables.coordinates, codes, products)
    # From the finest level to the coarsest: each level's sums need what was drawn on the finer ones.
    narrow_levels(tables, products, m0, output, levels, picked)
    wide_levels(tables, products, m0, output, levels, picked, real, imag)
    draw_bias(tables.by_cos, tables.by_sin, real, imag, v_inverse, uniforms, b)
    write_digits(prime, tables.coordinates, codes, digits)
    draw_weights(prime, tables.steps, digits, picked, v_inverse, a)
