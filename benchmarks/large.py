"""Samplers of random points, each in its own process: ``python -m benchmarks.large HOW FILE K D P N THREADS [ROUNDS]``.

HOW says where the points are: `chunks` reads the file in chunks, `memory` loads it, `packed` holds it in few bits,
`workers` has THREADS dask workers of one thread each read it in chunks. `before` loads it too, and draws as when there
were no chunks: by the kernels that few points have, which keep the products of all points. Prints JSON: seconds on the
wall and of the processor, peak of anonymous memory (of this process), and a digest of the nodes. The file is made if it
is not there.

Two of them, as `chunks/workers`, draw in turns, ROUNDS times each: `throughput` is how many nodes the second draws in
the time of one of the first, the geometric mean over the rounds with its interval.
"""

import contextlib
import hashlib
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from benchmarks.measure import spread
from classical.ridgelet import ClusterSampler, DequantizedSampler
from classical.ridgelet.dequantized.chunks import memory
from compare.statistics import mean_estimate
from problems.ridgelet import Nodes, RidgeletProblem

PACKED = "5GiB"
"""Memory of points that are held packed."""

STEP = 50_000
"""Rows that are written at once."""


def anonymous() -> int:
    """Return the bytes of memory that are in no file."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) * 1024


class Watch:
    """The most anonymous memory that there was, looked at fifty times a second."""

    def __init__(self) -> None:
        self.peak, self._over = 0, threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            self.peak = max(self.peak, anonymous())


def make(path: Path, points: int, dimension: int, prime: int) -> None:
    """Write random points, one byte a residue: 256 levels where P is 257."""
    rng = np.random.default_rng(0)
    file = np.lib.format.open_memmap(path, "w+", np.uint8, (points, dimension))
    for start in range(0, points, STEP):
        count = min(STEP, points - start)
        file[start : start + count] = rng.integers(0, min(prime, 256), (count, dimension), dtype=np.uint8)
    file.flush()


def timed(found: dict[str, Any], name: str, work: Callable[[], Any]) -> Any:
    """Do some work and note its seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    result = work()
    found[name] = time.perf_counter() - wall
    found[f"{name}_cpu"] = time.process_time() - processor
    return result


@contextlib.contextmanager
def samplers(path: Path, points: int, prime: int, threads: int) -> Iterator[Callable[[str, dict[str, Any]], Any]]:
    """Give what makes a sampler for a HOW, and notes how long that and its problem took."""
    y = np.random.default_rng(1).choice([-1.0, 1.0], points)
    with contextlib.ExitStack() as open_ones:

        def sampler(how: str, found: dict[str, Any]) -> Any:
            if how in ("memory", "before"):
                problem = timed(found, "problem", lambda: RidgeletProblem.from_samples(np.load(path), y, prime))
            else:
                more: dict[str, Any] = {"packed": True, "memory": PACKED} if how == "packed" else {}
                problem = timed(found, "problem", lambda: RidgeletProblem.from_chunks(path, y, prime, **more))
                found["held_mib"] = problem.data.source.source.held / 2**20
            if how == "before":
                with mock.patch.object(memory, "MANY", sys.maxsize):
                    return timed(found, "sampler", lambda: DequantizedSampler(problem, threads))
            if how != "workers":
                return timed(found, "sampler", lambda: DequantizedSampler(problem, threads))
            import distributed

            cluster = open_ones.enter_context(
                distributed.LocalCluster(
                    n_workers=threads, threads_per_worker=1, dashboard_address=None, memory_limit=None
                )
            )
            client = open_ones.enter_context(distributed.Client(cluster, set_as_default=False))
            return timed(found, "sampler", lambda: ClusterSampler(problem, client))

        yield sampler


def digest(nodes: Nodes) -> str:
    """Return what is the same for equal nodes alone."""
    return hashlib.sha256(nodes.a.tobytes() + nodes.b.tobytes()).hexdigest()[:16]


def one(how: str, make_sampler: Callable[[str, dict[str, Any]], Any], n: int) -> dict[str, Any]:
    """Draw n nodes after a few that compile everything."""
    found, watch = dict[str, Any](how=how), Watch()
    sampler = make_sampler(how, found)
    timed(found, "first", lambda: sampler.sample(2, seed=0))
    nodes = timed(found, "sample", lambda: sampler.sample(n, seed=1))
    return {**found, "nodes": digest(nodes), "peak_mib": watch.peak / 2**20}


def in_turns(
    hows: list[str], make_sampler: Callable[[str, dict[str, Any]], Any], n: int, rounds: int
) -> dict[str, Any]:
    """Draw n nodes by two samplers in turns, so that whatever else the machine is at takes from both."""
    both = [make_sampler(how, {}) for how in hows]
    nodes = {digest(sampler.sample(2, seed=0)) for sampler in both}
    seconds = np.empty((rounds, 2))
    for row in seconds:
        for which, sampler in enumerate(both):
            start = time.perf_counter()
            drawn = sampler.sample(n, seed=1)
            row[which] = time.perf_counter() - start
            nodes.add(digest(drawn))
    assert len(nodes) == 2, "either draws a few nodes, and then others"
    throughput = mean_estimate(np.log(seconds[:, 0] / seconds[:, 1])).exponential()
    return {
        "how": "/".join(hows),
        **{how: spread(column) for how, column in zip(hows, seconds.T, strict=True)},
        "throughput": asdict(throughput),
    }


def main(
    how: str, file: str, points: int, dimension: int, prime: int, n: int, threads: int, rounds: int = 5
) -> dict[str, Any]:
    """Measure one way, or two in turns."""
    path, hows = Path(file), how.split("/")
    if not path.exists():
        make(path, points, dimension, prime)
    with samplers(path, points, prime, threads) as make_sampler:
        return one(how, make_sampler, n) if len(hows) == 1 else in_turns(hows, make_sampler, n, rounds)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))))
