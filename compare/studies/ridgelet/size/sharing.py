"""The measurement of workers: the same nodes from dask workers of one thread each, and from one process of threads."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from classical.ridgelet import ClusterSampler, DequantizedSampler
from compare.engine import Seeds
from compare.statistics.clocks import WALL
from compare.studies.ridgelet.size.measures import WARM, random_points, rounds_of
from compare.studies.ridgelet.size.study import Share, Shared
from problems.compiling import require_compiler
from problems.errors import OutOfReach
from problems.ridgelet import RidgeletProblem

__all__ = ["share"]

PATIENCE = 120
"""Seconds until which workers of this machine have come."""


def share(task: Share, seeds: Seeds, inputs: Any = None) -> Shared:
    """Draw nodes of points in a file on as many dask workers as threads, and on these; by the wall's clock.

    Raises
    ------
    InputError
        If dask.distributed is missing, nothing can be compiled here, or memory does not hold the points.
    """
    x, y = random_points(task.prime, task.dimension, task.points, seeds)
    numbers = seeds("nodes", by=("seed",))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.npy"
        np.save(path, x)
        problem = RidgeletProblem.from_chunks(path, y, task.prime)
        alone = DequantizedSampler(problem, threads=task.workers)
        if alone.fell_back:
            require_compiler()
        with _workers(task.workers) as client:
            sampler = ClusterSampler(problem, client)
            for one in (alone, sampler):
                one.sample(WARM, seed=0)
            threads = rounds_of(lambda: alone.sample(task.samples, numbers))[:, WALL]
            workers = rounds_of(lambda: sampler.sample(task.samples, numbers), seconds=WALL)[:, WALL]
            same = alone.sample(task.samples, numbers) == sampler.sample(task.samples, numbers)
    return Shared(float(threads.min()), float(workers.min()), bool(same))


@contextmanager
def _workers(count: int) -> Iterator[Any]:
    """Start workers on this machine, each a process of one thread; yield their client."""
    try:
        import distributed
    except ImportError:
        raise OutOfReach(
            "A cluster needs dask.distributed, which is not installed; run: pip install 'quantum-tickets[cluster]'."
        ) from None
    for name in ("distributed", "distributed.worker", "distributed.scheduler", "distributed.nanny"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    cluster = distributed.LocalCluster(n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None)
    with cluster, distributed.Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=PATIENCE)
        yield client
