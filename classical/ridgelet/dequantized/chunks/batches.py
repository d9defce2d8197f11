"""Batches of nodes of points on disk: as many nodes at once as memory may be taken for."""

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.chunks.drawing import LocalParts, draw_batch
from classical.ridgelet.dequantized.chunks.part import Part, Share, SummedPart, shares
from classical.ridgelet.dequantized.chunks.plan import ChunkPlan
from classical.ridgelet.dequantized.randomness import Randomness
from problems.finite_field import residue_type
from problems.ridgelet.chunks import ChunkedPoints
from problems.ridgelet.chunks.budget import allowed

__all__ = ["Batches", "batch_size", "even_step", "make_part"]

HELD, HELD_OUTPUT = 64, 48
"""Bytes that problem and sampler take for a point, and for each of its outputs, besides an outcome for each level."""

THREAD = 2**24
"""Bytes of products that a thread holds, at most."""


class Batches:
    """Draws from points on disk in this process.

    Parameters
    ----------
    plan
        The plan of the problem.
    data
        Its points.
    threads
        How many threads sum.
    compiled
        Whether the compiled kernels do.

    Attributes
    ----------
    most
        Nodes that are drawn at once, at most.

    Raises
    ------
    InputError
        If the memory that may be taken is too little for one node.
    """

    def __init__(self, plan: ChunkPlan, data: ChunkedPoints, threads: int, compiled: bool) -> None:
        self._plan, self.most = plan, batch_size(plan, data, threads, compiled)
        self._parts = LocalParts([make_part(share, threads, compiled) for share in shares(plan, data, 1)])

    def draw_nodes(self, randomness: Randomness, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
        """Draw the nodes of `randomness`, at most `most`, into a (n, D) and b (n,)."""
        draw_batch(self._plan, self._parts, randomness, a, b)


def make_part(share: Share, threads: int, compiled: bool) -> Part:
    """Return what sums over the points of a share."""
    if not compiled:
        return SummedPart(share)
    # Imported here, so that nothing else waits for the compiler.
    from classical.ridgelet.dequantized.chunks.tabled import TabledPart

    return TabledPart(share, threads)


def even_step(n: int, most: int) -> int:
    """Return how many of n nodes are drawn at once: as few passes as there can be, over equally many nodes."""
    return -(-n // -(-n // most))


def batch_size(
    plan: ChunkPlan, data: ChunkedPoints, threads: int, compiled: bool, points: int | None = None, parts: int = 1
) -> int:
    """Return how many nodes can be drawn at once.

    Parameters
    ----------
    plan, data
        The problem, and all of its points.
    threads
        How many threads sum in a part.
    compiled
        Whether the compiled kernels do.
    points
        How many of the points this process holds; all, if left out.
    parts
        Into how many parts those are cut, each with tables of its own.

    Raises
    ------
    InputError
        If the memory that may be taken is too little for one node.
    """
    count, dimension = data.shape
    own = count if points is None else points
    item = np.dtype(residue_type(plan.prime)).itemsize
    point = HELD + HELD_OUTPUT * plan.amplitudes.shape[1] + len(plan.levels) * item
    # Two chunks of residues, one in work and one that is read; and what is read of others before it is made residues.
    stored, residues = data.source.source.dtype, np.dtype(data.source.kind)
    entry = 2 * residues.itemsize + (0 if stored == residues else stored.itemsize + 8)
    base = data.source.source.held + own * point + parts * (data.chunk * dimension * entry + threads * THREAD)
    # A table; sums of the first level, twice; products of a group on the second level, where groups may be uneven; the
    # string as residues and as numbers, and the node.
    cells = plan.outcomes(0) * plan.prime if compiled else 8 * plan.prime
    group = 2 * item * _largest_group(plan) if len(plan.levels) > 1 else 0
    node = parts * (8 * cells + 64 * plan.outcomes(0) + group * (1 if compiled else 8) + 48 * dimension)
    room = allowed(data.memory, base + node, f"Drawing nodes of {count} points of dimension {dimension}")
    return (room - base) // node


def _largest_group(plan: ChunkPlan) -> int:
    """Return how many points agree on the first level, at most."""
    _, counts = np.unique(plan.ordered // np.uint64(plan.below(1)), return_counts=True)
    return int(np.max(counts))
