"""The measurements of the study: draws of random points beside their product alone, and tickets on distorted images."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet import DequantizedSampler
from compare.engine import Seeds
from compare.statistics.clocks import PROCESSOR, WALL, clock
from compare.statistics.timing import ENOUGH
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.size.study import Draw, Drawn, Judged, Ticket
from problems.compiling import require_compiler
from problems.datasets import Augmented, augmented
from problems.finite_field import residue_type
from problems.memory import require_memory
from problems.quantizers import LevelQuantizer
from problems.ridgelet import RidgeletProblem, SparseNetwork
from problems.rows import RowSource, as_rows
from problems.seeds import generator, named

__all__ = ["WARM", "judge", "random_points", "rounds_of", "time_draw"]

ROUNDS = 3
"""Times that a draw is made, while all take less than two seconds."""

WARM = 2
"""Nodes of a draw before the timed one, which compiles what is compiled once a process."""

COLUMNS = 2**14
"""Points that the product alone multiplies at once: their single-precision numbers need no room for all."""


class Counted:
    """Rows of a file, and how many bytes of them were read."""

    def __init__(self, source: RowSource) -> None:
        self._source, self.bytes = source, 0
        self.name, self.shape, self.dtype = source.name, source.shape, source.dtype
        self.shared, self.held = source.shared, source.held

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows `start`..`stop`-1; see `problems.rows.RowSource`."""
        rows = self._source.read(start, stop)
        self.bytes += rows.nbytes
        return rows


def time_draw(task: Draw, seeds: Seeds, inputs: Any = None) -> Drawn:
    """Time the sampler on one thread, from memory or from a file, and the product alone.

    Raises
    ------
    InputError
        If memory or the disk does not hold the points, or nothing can be compiled here.
    """
    x, y = random_points(task.prime, task.dimension, task.points, seeds)
    stored = x.nbytes
    numbers = seeds("nodes", by=("seed",))
    with tempfile.TemporaryDirectory() as folder:
        if task.way == "file":
            path = Path(folder) / "points.npy"
            np.save(path, x)
            source = Counted(as_rows("points", path))
            problem = RidgeletProblem.from_chunks(source, y, task.prime)
        else:
            source = None
            problem = RidgeletProblem.from_samples(x, y, task.prime)
        del x
        DequantizedSampler(problem, threads=1).sample(WARM, seed=0)
        start = clock()
        sampler = DequantizedSampler(problem, threads=1)
        prepare = (clock() - start)[PROCESSOR]
        if sampler.fell_back:
            require_compiler()
        before = source.bytes if source else 0
        rounds = rounds_of(lambda: sampler.sample(task.samples, numbers))
        read = (source.bytes - before) // len(rounds) if source else 0
    product = rounds_of(_product(task.samples, task.dimension, task.points))
    return Drawn(
        float(prepare),
        float(rounds[:, PROCESSOR].min()),
        float(rounds[:, PROCESSOR].max()),
        float(rounds[:, WALL].min()),
        float(product[:, PROCESSOR].min()),
        stored,
        read,
    )


def random_points(
    prime: int, dimension: int, points: int, seeds: Seeds
) -> tuple[NDArray[np.unsignedinteger], NDArray[np.float64]]:
    """Return random points (K, D) of the smallest type, and normal targets (K,).

    Raises
    ------
    InputError
        If memory does not hold them three times.
    """
    kind = residue_type(prime)
    needed = 3 * points * dimension * np.dtype(kind).itemsize
    require_memory(needed, f"Drawing for {points} points in D = {dimension}", "take fewer points")
    rng = generator(seeds("points", by=("seed", "prime", "dimension", "points")))
    return rng.integers(0, prime, (points, dimension), dtype=kind), rng.normal(size=points)


def rounds_of(work: Callable[[], object], seconds: int = PROCESSOR) -> NDArray[np.float64]:
    """Return the seconds of each round on both clocks, shape (rounds, 2); `seconds` is the clock that says how many."""
    taken: list[NDArray[np.float64]] = []
    while not taken or (len(taken) < ROUNDS and sum(one[seconds] for one in taken) < ENOUGH):
        start = clock()
        work()
        taken.append(clock() - start)
    return np.array(taken)


def _product(n: int, dimension: int, points: int) -> Callable[[], None]:
    """Return what multiplies n by D times D by K numbers in single precision, a block of points at a time."""
    rng, width = np.random.default_rng(0), min(points, COLUMNS)
    left, right = (rng.random((rows, dimension), dtype=np.float32) for rows in (n, width))
    out = np.empty((n, width), dtype=np.float32)

    def run() -> None:
        with np.errstate(over="ignore", invalid="ignore"):  # see `problems.single_products`
            for start in range(0, points, width):
                count = min(width, points - start)
                np.matmul(left, right[:count].T, out=out[:, :count])

    return run


def judge(task: Ticket, seeds: Seeds, inputs: Any = None) -> Judged:
    """Fit a ticket on images with their copies, and judge it on images of which no copy was seen.

    Grey levels are cut into P levels of equal width in each pixel's range among the training images themselves.

    Raises
    ------
    InputError
        If memory does not hold the residues, or the sampler does not take the problem.
    """
    images = augmented(task.dataset, task.copies)
    train, test = images.split(named("split", seed=task.seed, dataset=task.dataset, fold=task.repeat))
    require_memory(24 * train.shape[0] * train.shape[1], f"Fitting {len(train)} images", "take fewer copies")
    quantizer = LevelQuantizer(task.prime).fit(train[: len(train.places)])
    x, y = _residues(train, quantizer, task.prime), np.where(train.y == 1, 1.0, -1.0)
    mean = float(y.mean())
    problem = RidgeletProblem.from_samples(x, y - mean, task.prime, task.regularization)
    method = SAMPLERS[task.method]
    method.check(problem)
    stream = seeds("nodes", by=("seed", "dataset", "copies", "prime", "method", "repeat"))
    nodes = method.make(problem).sample(task.nodes, stream)
    network = SparseNetwork.fit_problem(problem, nodes, task.ridge)
    held_out = quantizer.transform(test[: len(test.places)])
    shown = np.where(test.y[: len(test.places)] == 1, 1.0, -1.0)
    # One distorted copy of each, the same whatever the number of copies in training.
    distorted = augmented(task.dataset, 2)[len(images.base) + test.places]
    predicted = network.predict(held_out)
    return Judged(
        len(problem.data),
        network.risk(x, y - mean),
        network.risk(held_out, shown - mean),
        network.risk(quantizer.transform(distorted), shown - mean),
        float(np.mean((predicted + mean > 0) == (shown > 0))),
        float(np.mean((shown - mean) ** 2)),
    )


def _residues(images: Augmented, quantizer: LevelQuantizer, prime: int) -> NDArray[np.unsignedinteger]:
    """Return all images as residues of the smallest type, made a slice at a time."""
    found = np.empty(images.shape, dtype=residue_type(prime))
    for start in range(0, len(images), 4096):
        found[start : start + 4096] = quantizer.transform(images[start : start + 4096])
    return found
