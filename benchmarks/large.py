"""One sampler of random points in a process of its own: ``python -m benchmarks.large HOW FILE K D P N THREADS``.

HOW says where the points are: `chunks` reads the file in chunks, `memory` loads it, `packed` holds it in few bits,
`workers` has THREADS dask workers of one thread each read it in chunks. Prints JSON: seconds on the wall and of the
processor, peak of anonymous memory (of this process), and a digest of the nodes. The file is made if it is not there.
"""

import hashlib
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from classical.ridgelet import ClusterSampler, DequantizedSampler
from problems.ridgelet import RidgeletProblem

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


def main(how: str, file: str, points: int, dimension: int, prime: int, n: int, threads: int) -> None:
    """Make a problem and a sampler, draw n nodes after a few that compile everything."""
    path, found, watch = Path(file), dict[str, Any](how=how), Watch()
    if not path.exists():
        make(path, points, dimension, prime)
    y = np.random.default_rng(1).choice([-1.0, 1.0], points)
    if how == "memory":
        problem = timed(found, "problem", lambda: RidgeletProblem.from_samples(np.load(path), y, prime))
    else:
        more: dict[str, Any] = {"packed": True, "memory": PACKED} if how == "packed" else {}
        problem = timed(found, "problem", lambda: RidgeletProblem.from_chunks(path, y, prime, **more))
        found["held_mib"] = problem.data.source.source.held / 2**20
    cluster: Any = None
    if how == "workers":
        import distributed

        cluster = distributed.LocalCluster(
            n_workers=threads, threads_per_worker=1, dashboard_address=None, memory_limit=None
        )
        client = distributed.Client(cluster, set_as_default=False)
        sampler: Any = timed(found, "sampler", lambda: ClusterSampler(problem, client))
    else:
        sampler = timed(found, "sampler", lambda: DequantizedSampler(problem, threads))
    timed(found, "first", lambda: sampler.sample(2, seed=0))
    nodes = timed(found, "sample", lambda: sampler.sample(n, seed=1))
    found["nodes"] = hashlib.sha256(nodes.a.tobytes() + nodes.b.tobytes()).hexdigest()[:16]
    found["peak_mib"] = watch.peak / 2**20
    if cluster is not None:
        client.close()
        cluster.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
