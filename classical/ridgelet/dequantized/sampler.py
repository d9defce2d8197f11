"""The sampler: blocks of nodes handed to threads, whole or as a stream."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized import gates
from classical.ridgelet.dequantized.chunks.batches import Batches, even_step
from classical.ridgelet.dequantized.chunks.memory import in_chunks
from classical.ridgelet.dequantized.chunks.plan import ChunkPlan, make_chunk_plan
from classical.ridgelet.dequantized.plan import Plan, make_plan
from classical.ridgelet.dequantized.randomness import BLOCK, Randomness, Streams, pieces
from problems.compiling import why_not_compiled
from problems.errors import whole_number, yes_or_no
from problems.ridgelet.chunks import ChunkedPoints
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import ShownSampler, check_count, check_problem, check_room
from problems.ridgelet.transform import MAX_COMPILED_PRIME
from problems.seeds import Seed
from problems.threads import WORK, available_threads, shared_out

__all__ = ["DequantizedSampler"]


class DequantizedSampler(ShownSampler):
    """Draws nodes from p* exactly, at any dimension: O(K D) a node.

    Besides problem and nodes it holds about 100 bytes a point, and 250 MiB at most for each thread.
    Memory-mapped points are read block by block, sparse points cost their nonzeros. Points on disk (problems of
    `RidgeletProblem.from_chunks`) are passed over twice for as many nodes at once as the problem's memory allows, and
    give the nodes that the same points in memory give.

    Parameters
    ----------
    problem
        The problem whose nodes are drawn.
    threads
        How many threads draw; as many as the process has cores, if left out. The nodes do not depend on it.
    compiled
        Whether compiled kernels draw; they draw what plain NumPy draws. Primes above 1,021 take NumPy either way, and
        so does everything where nothing can be compiled, with a warning.

    Attributes
    ----------
    tail
        The functionals A_f: shape (M, D). They depend on the points alone, not on a sample's seed.
    fell_back
        Whether NumPy draws although compiled kernels were asked for: nothing can be compiled here.

    Raises
    ------
    InputError
        If the problem is none, threads is no whole number of at least 1, or compiled is neither True nor False; or
        if the memory of points on disk is too little for one node.
    """

    def __init__(self, problem: RidgeletProblem, threads: int | None = None, compiled: bool = True) -> None:
        self.problem = check_problem(problem)
        self.threads = available_threads() if threads is None else whole_number("threads", threads, 1)
        compiled = yes_or_no("compiled", compiled)
        self._arguments = (problem, self.threads, compiled)
        self._batches: Batches | None = None
        self._plan: Plan | ChunkPlan
        possible = problem.prime <= MAX_COMPILED_PRIME
        usable = compiled and possible and why_not_compiled() is None
        chunks = _chunks(problem, usable)
        if chunks is not None:
            self._plan = chunks[0]
            self._batches = Batches(*chunks, self.threads, usable)
            self._draw: Draw = self._batches.draw_nodes
        else:
            self._plan = make_plan(problem)
            possible = _compilable(self._plan)
            self._draw = _path(self._plan, compiled)
        self.fell_back = compiled and possible and why_not_compiled() is not None

    def __reduce__(self) -> tuple[type["DequantizedSampler"], tuple[RidgeletProblem, int, bool]]:
        """Make it anew elsewhere: the plan follows from the problem, and compiled code from where that is."""
        return type(self), self._arguments

    @property
    def tail(self) -> NDArray[np.int64]:
        """The functionals A_f."""
        return self._plan.tail

    def sample(self, n: int, seed: Seed = None, progress: Callable[[int], None] | None = None) -> Nodes:
        """Draw `n` independent nodes; see `NodeSampler.sample`.

        Parameters
        ----------
        n, seed
            As for every sampler.
        progress
            Called now and then with the number of nodes drawn since the last call.
        """
        n = check_count(n)
        return next(self.stream(n, n, seed, progress))

    def stream(
        self, n: int, batch: int, seed: Seed = None, progress: Callable[[int], None] | None = None
    ) -> Iterator[Nodes]:
        """Draw `n` independent nodes, `batch` at a time.

        The batches together are what `sample` draws with the same seed, whatever the batch and the threads. What
        was yielded is yours, whatever interrupts the rest.

        Parameters
        ----------
        n
            How many nodes.
        batch
            How many at a time; the last batch may be smaller.
        seed, progress
            As for `sample`.

        Raises
        ------
        InputError
            If n or batch is no whole number of at least 1, a batch does not fit in memory, or the seed cannot seed
            a generator. Raised by the call, before the first batch is asked for.
        """
        n, batch = check_count(n), whole_number("batch", batch, 1)
        check_room(min(n, batch), self.problem.dimension)
        plan = self._plan
        streams = Streams(seed, plan.prime, plan.dimension, len(plan.levels))
        return (self._batch(streams, start, min(start + batch, n), progress) for start in range(0, n, batch))

    def _batch(self, streams: Streams, start: int, stop: int, progress: Callable[[int], None] | None) -> Nodes:
        count, dimension = self.problem.data.shape
        a, b = np.empty((stop - start, dimension), dtype=np.int64), np.empty(stop - start, dtype=np.int64)

        def draw(piece: range) -> int:
            rows = slice(piece.start - start, piece.stop - start)
            self._draw(streams.draw(piece.start, piece.stop), a[rows], b[rows])
            return len(piece)

        if self._batches is not None:
            # One after the other: threads share each batch.
            for piece in pieces(start, stop, even_step(stop - start, self._batches.most)):
                drawn = draw(piece)
                if progress is not None:
                    progress(drawn)
            return Nodes(a, b)
        parts = list(pieces(start, stop, min(BLOCK, max(32, WORK // (count * dimension)))))
        with closing(shared_out(draw, parts, self.threads)) as numbers:
            for drawn in numbers:
                if progress is not None:
                    progress(drawn)
        return Nodes(a, b)


Draw: TypeAlias = Callable[[Randomness, NDArray[np.int64], NDArray[np.int64]], None]
"""Draws the nodes of random numbers into a (n, D) and b (n,)."""


def _chunks(problem: RidgeletProblem, compiled: bool) -> tuple[ChunkPlan, ChunkedPoints] | None:
    """Return what is passed over in chunks: points on disk, and if kernels are compiled many points in memory."""
    if isinstance(problem.data, ChunkedPoints):
        return make_chunk_plan(problem), problem.data
    return in_chunks(problem) if compiled else None


def _path(plan: Plan, compiled: bool) -> Draw:
    """Return what draws nodes; compiled gates are imported here, so that nothing else waits for the compiler."""
    if not compiled or not _compilable(plan) or why_not_compiled() is not None:
        return partial(gates.draw_nodes, plan)
    from classical.ridgelet.dequantized.compiled import compiled_gates

    return compiled_gates(plan)


def _compilable(plan: Plan) -> bool:
    # Numba reads no foreign byte order, which a memory-mapped file may have.
    return plan.prime <= MAX_COMPILED_PRIME and plan.data.array.dtype.isnative
