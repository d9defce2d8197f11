"""Points in memory, passed over in chunks as those on disk are: where there are many, that is faster than all at once.

The kernels for points in memory keep the products of all points, and so take few nodes at a time where there are many
points; in two passes of chunks, hundreds of nodes meet each point that is read.
"""

import numpy as np

from classical.ridgelet.dequantized.chunks.plan import ChunkPlan, cumulative_weights
from classical.ridgelet.dequantized.chunks.sums import whole_amplitudes
from classical.ridgelet.dequantized.plan import JOINT, separated
from classical.ridgelet.draws import frequency_weights
from problems.finite_field import residue_type
from problems.ridgelet.chunks import CHUNK, ChunkedPoints
from problems.ridgelet.chunks.budget import rows_at_once
from problems.ridgelet.chunks.reading import ResidueRows
from problems.ridgelet.points import Points
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.tails import MOST_CODES
from problems.rows import as_rows

__all__ = ["MANY", "in_chunks"]

MANY = 2**18
"""From so many points on they are passed over in chunks."""

MEMORY = 2**31
"""Bytes that drawing may take beside the points: tables for a thousand nodes at P = 257, or batches of fewer nodes."""


def in_chunks(problem: RidgeletProblem) -> tuple[ChunkPlan, ChunkedPoints] | None:
    """Return the plan and the points of a problem in memory as chunks; None where they are few, sparse or packed."""
    data, prime = problem.data, problem.prime
    if not isinstance(data, Points) or data.sparse or prime <= 3 or len(data) < MANY:
        return None
    tail, codes, order = separated(data, prime)
    if prime ** len(tail) > MOST_CODES:
        return None
    by_row = np.argsort(data.rows)
    dimension = data.shape[1]
    kind = data.array.dtype.type if data.array.dtype.kind == "u" else residue_type(prime)
    source = ResidueRows(as_rows("points", np.asarray(data.array)), prime, None, kind)
    chunk = rows_at_once(CHUNK, dimension, np.dtype(kind).itemsize)
    amplitudes = whole_amplitudes(problem.amplitudes)
    plan = ChunkPlan(
        prime,
        dimension,
        JOINT.get(prime, 1),
        tail,
        codes[by_row],
        codes[order],
        amplitudes[by_row],
        cumulative_weights(amplitudes[order]),
        np.cumsum(frequency_weights(problem.ridgelet)),
        problem.ridgelet,
    )
    rows = data.rows[by_row].astype(np.int64, copy=False)
    return plan, ChunkedPoints(source, rows, plan.codes, len(tail), chunk, MEMORY)
