"""The gates compiled: the same draws as `gates`, a few hundred nodes at a time, without the interpreter's lock.

`tables` is what the kernels read, made once for a plan. A node then goes through `nodes` (words to digits), the matrix
product, the levels of the tail in `finer_levels` and `first_level`, by the choice of `weights`, and `nodes` again
(outcomes to weights and bias).
"""

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.compiled.kernel.finer_levels import finer_levels
from classical.ridgelet.dequantized.compiled.kernel.first_level import summed_tail, tabled_tail
from classical.ridgelet.dequantized.compiled.kernel.nodes import draw_bias, draw_weights, split_words
from classical.ridgelet.dequantized.compiled.kernel.tables import make_tables
from classical.ridgelet.dequantized.compiled.loader import Loader
from classical.ridgelet.dequantized.compiled.phases import PADDING
from classical.ridgelet.dequantized.plan import Plan
from classical.ridgelet.dequantized.randomness import Randomness, digits_per_word
from problems.finite_field import residue_type
from problems.ridgelet.products.residues import residue_products

__all__ = ["MAX_PRIME", "Compiled"]

MAX_PRIME = 1021
"""Larger primes are left to the FFTs of `gates`: these kernels hold tables of P x P numbers."""

SCRATCH = 2**26
"""Nodes x positions handled at once, at most, and a quarter of it nodes x dimensions: bounds a thread's memory."""

CELLS = 1024
"""Tables of so many outcomes x phases are filled for every node, however few points there are."""

TABLES = 2**22
"""Cells of tables of outcomes x phases held at once, at most: the same."""

MANY, FEW = 1024, 256
"""Nodes handled at once, at most, in the matrix product, where the points are read from memory, and behind it."""


class Compiled:
    """The compiled path of a plan.

    Parameters
    ----------
    plan
        A plan with a prime of at most `MAX_PRIME`.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan, self._tables, self._loader = plan, make_tables(plan), Loader(plan)
        self._digits = digits_per_word(plan.prime, plan.dimension)
        self._rows = plan.data.rows[plan.order]
        self._multiply = residue_products(plan.data, plan.prime)
        cells = plan.prime ** (1 + min(plan.joint, len(plan.tail)))
        self._tail = tabled_tail if cells <= max(len(plan.order), CELLS) else summed_tail
        # Even, as the product takes two nodes at a time where it packs two of them in one number.
        self._many = max(2, min(MANY, SCRATCH // max(len(plan.order), 4 * plan.dimension)) // 2 * 2)
        self._few = max(1, min(FEW, TABLES // cells))

    def draw_nodes(self, randomness: Randomness, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
        """Draw the nodes of `randomness` into a (n, D) and b (n,)."""
        plan = self._plan
        loaded = self._loader.load(randomness)
        bias = np.ascontiguousarray(randomness.bias)  # always of one layout, so that one code serves
        many, points = min(self._many, len(b) + len(b) % 2), len(self._rows)
        # With padding behind, as the last register of phases is read whole.
        room = np.empty(many * points + PADDING, dtype=residue_type(plan.prime))
        products = room[: many * points].reshape(many, points)
        u = np.empty((len(products), plan.dimension), dtype=products.dtype)
        for start in range(0, len(b), len(u)):
            rows = slice(start, start + len(u))
            split_words(randomness.words[rows], plan.prime, self._digits, u)
            n = len(b[rows])
            self._multiply(u[:n], self._rows, products)
            # The product wants many nodes for each point it reads, the levels so few that tables stay in the cache.
            for first in range(0, n, self._few):
                part = slice(first, min(first + self._few, n))
                here = slice(start + part.start, start + part.stop)
                m0, output, v_inverse = (drawn[here] for drawn in loaded)
                k = np.zeros((len(m0), len(plan.tail)), dtype=np.int64)
                scaled = np.empty((len(m0), plan.prime))
                # Numbers of a single level lie side by side, those of several do not: copied, one code serves both.
                levels = np.ascontiguousarray(randomness.levels[here])
                finer_levels(self._tables, products[part], m0, output, levels, k)
                self._tail(self._tables, products[part], output, v_inverse, levels, k, scaled)
                draw_weights(plan.prime, self._tables.tail, u[part], k, v_inverse, a[here])
                draw_bias(scaled, self._tables.ridgelet, bias[here], b[here])
