"""The door to a cluster: a problem of points in files, and a client of a dask scheduler."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.chunks.batches import batch_size, even_step
from classical.ridgelet.dequantized.chunks.drawing import draw_batch
from classical.ridgelet.dequantized.chunks.part import shares
from classical.ridgelet.dequantized.chunks.plan import make_chunk_plan
from classical.ridgelet.dequantized.cluster.checking import check_workers, seen
from classical.ridgelet.dequantized.cluster.parts import ClusterParts, asking
from classical.ridgelet.dequantized.randomness import Streams, pieces
from problems.errors import InputError, OutOfReach, whole_number
from problems.ridgelet.chunks import ChunkedPoints
from problems.ridgelet.nodes import Nodes
from problems.ridgelet.problem import RidgeletProblem
from problems.ridgelet.sampling import ShownSampler, check_count, check_problem, check_room
from problems.ridgelet.transform import MAX_COMPILED_PRIME
from problems.seeds import Seed

__all__ = ["ClusterSampler"]


class ClusterSampler(ShownSampler):
    """Draws nodes from p* exactly on the workers of a dask cluster: those of `DequantizedSampler`, for the same seed.

    The rows are cut into as many ranges as the workers have threads when the sampler is made. A worker that is lost is
    replaced by another, which reads its rows again; one that comes later only stands in for others. Each worker takes
    up to the problem's memory.

    Parameters
    ----------
    problem
        Made by `RidgeletProblem.from_chunks`, of files that every worker sees at the same path.
    client
        A `distributed.Client`; the extra `cluster` has it.
    parts
        Into how many ranges the rows are cut, if not into as many as there are threads. The nodes do not depend on it.

    Attributes
    ----------
    tail
        The functionals A_f, shape (M, D).

    Raises
    ------
    InputError
        If the problem is none of files; the client is none, or has no worker; a worker has another version, or does not
        see the files; or the memory is too little for one node.
    """

    def __init__(self, problem: RidgeletProblem, client: Any, parts: int | None = None) -> None:
        self.problem = check_problem(problem)
        data = problem.data
        if not isinstance(data, ChunkedPoints) or not data.source.source.shared:
            raise InputError(
                "Workers read points from files; make the problem with RidgeletProblem.from_chunks, of the paths of "
                "NPY files that all of them see."
            )
        if not all(callable(getattr(client, name, None)) for name in ("submit", "run", "scheduler_info")):
            raise InputError(f"client = {client!r:.60} is none of dask.distributed; give a distributed.Client.")
        wanted = None if parts is None else whole_number("parts", parts, 1)
        with asking(client):
            threads = {
                address: int(worker["nthreads"])
                for address, worker in client.scheduler_info(n_workers=-1)["workers"].items()
            }
            found = client.run(seen, data.source.source, on_error="return") if threads else {}
        if not threads:
            raise OutOfReach("The scheduler has no workers; start some with `dask worker`, and wait for them.")
        check_workers(found)
        compiled = problem.prime <= MAX_COMPILED_PRIME
        self._plan = make_chunk_plan(problem)
        places = [address for address, count in sorted(threads.items()) for _ in range(count)]
        cut = shares(self._plan, data, wanted or len(places))
        homes = [places[part % len(places)] for part in range(len(cut))]
        # A worker holds its own rows alone, which leaves the more room for tables; of parts of its own each has some.
        parts = max(Counter(homes).values())
        self._most = batch_size(self._plan, data, 1, compiled, parts * max(len(share.points) for share in cut), parts)
        self._parts = ClusterParts(client, cut, homes, compiled)

    @property
    def tail(self) -> NDArray[np.int64]:
        """The functionals A_f."""
        return self._plan.tail

    def sample(self, n: int, seed: Seed = None, progress: Callable[[int], None] | None = None) -> Nodes:
        """Draw `n` independent nodes; see `DequantizedSampler.sample`.

        Raises
        ------
        InputError
            As every sampler does; or if a file changes, the scheduler goes away, or a part takes several workers down.
        """
        n = check_count(n)
        return next(self.stream(n, n, seed, progress))

    def stream(
        self, n: int, batch: int, seed: Seed = None, progress: Callable[[int], None] | None = None
    ) -> Iterator[Nodes]:
        """Draw `n` independent nodes, `batch` at a time; see `DequantizedSampler.stream`."""
        n, batch = check_count(n), whole_number("batch", batch, 1)
        check_room(min(n, batch), self.problem.dimension)
        streams = Streams(seed, self._plan.prime, self._plan.dimension, len(self._plan.levels))
        return (self._batch(streams, start, min(start + batch, n), progress) for start in range(0, n, batch))

    def _batch(self, streams: Streams, start: int, stop: int, progress: Callable[[int], None] | None) -> Nodes:
        a = np.empty((stop - start, self.problem.dimension), dtype=np.int64)
        b = np.empty(stop - start, dtype=np.int64)
        for piece in pieces(start, stop, even_step(stop - start, self._most)):
            rows = slice(piece.start - start, piece.stop - start)
            draw_batch(self._plan, self._parts, streams.draw(piece.start, piece.stop), a[rows], b[rows])
            if progress is not None:
                progress(len(piece))
        return Nodes(a, b)
