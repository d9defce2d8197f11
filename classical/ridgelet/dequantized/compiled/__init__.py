"""The one door to the compiled gates: whatever draws the nodes of a plan fastest, the same nodes as `gates`.

Behind it are `bits` for P = 2 and 3 and dense points, with 64 points in a word, and `kernel` for all others; both have
the loader of `loader`, and `kernel` the phases of `phases`.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.plan import Plan
from classical.ridgelet.dequantized.randomness import Randomness

__all__ = ["compiled_gates"]


def compiled_gates(plan: Plan) -> Callable[[Randomness, NDArray[np.int64], NDArray[np.int64]], None]:
    """Return what draws the nodes of `randomness` into a (n, D) and b (n,).

    Parameters
    ----------
    plan
        A plan with a prime of at most `problems.ridgelet.transform.MAX_COMPILED_PRIME`.
    """
    # Each is imported alone, so that nobody waits for the other's.
    if plan.prime <= 3 and not plan.data.sparse:
        from classical.ridgelet.dequantized.compiled.bits import PackedBits

        return PackedBits(plan).draw_nodes
    from classical.ridgelet.dequantized.compiled.kernel import Compiled

    return Compiled(plan).draw_nodes
