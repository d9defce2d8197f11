"""Kernels on real images: what they answer, how they are conditioned, what reading them takes, and seconds.

Splits are drawn from the same images, so they overlap. Two splits have the share q = tests / images of their test
images in common, which is what their results are correlated by, so that the variance of a mean over J of them is
s^2 (1/J + q / (1 - q)): Nadeau and Bengio (2003), whose splits use all images, where q / (1 - q) is n_test / n_train.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compare.engine import Inputs, Planned, Seeds
from compare.statistics import RecordedEstimate, clock, mean_seconds, over_rounds
from compare.studies.data import known, of_task
from compare.studies.kernel_training.records import (
    Answered,
    Case,
    Claim,
    Claimed,
    Measured,
    Rival,
    Seconds,
    Timing,
)
from compare.studies.kernel_training.study import Settings
from compare.studies.kernel_training.tables import NETWORKS
from problems.datasets import TWO_CLASSES, Dataset, load_dataset
from problems.errors import InputError, choose
from problems.kernel_training import (
    ErfNtk,
    KernelTask,
    kernel_states,
    overlaps,
    readout_shots,
    share_right,
    sparse_kernel,
)
from quantum.names import snapshot_names

__all__ = ["answer", "claim", "images_of", "measure", "prepare", "time_solver"]

ROUNDS = 3
"""Timed rounds of a solver."""

SINGULAR = 1e-10
"""A matrix whose least eigenvalue is this share of its norm is singular."""

WORST = 1e6
"""No polynomial is made for worse conditions: no circuit is that long."""

NOTHING = 1e-9
"""Predictions this small a share of their vectors' norms are rounding."""


def prepare(settings: Settings, records: Sequence[tuple[Planned, Any]] = ()) -> None:
    """Refuse data sets without two classes or with too few images, and devices of which there is no snapshot.

    Raises
    ------
    InputError
        If there is one.
    """
    choose("device", settings.device, dict.fromkeys(snapshot_names()))
    for name in settings.datasets:
        data = known(name, records)
        if data is None:
            continue
        if data.kind != TWO_CLASSES:
            raise InputError(
                f"dataset = {data.name!r} has not two classes, and a kernel is trained for two here; name 'mnist-8-9', "
                "'digits' or 'breast-cancer'."
            )
        most = 2 * int(np.bincount(data.y.astype(int)).min())
        largest = max(settings.training_of(name))
        if largest + settings.tests > most:
            raise InputError(
                f"n = {largest} training and {settings.tests} test images are more than the {most} of {data.name!r} "
                "with as many of each class; ask for fewer."
            )


def images_of(task: Any, seeds: Seeds, inputs: Inputs | None = None) -> KernelTask:
    """Return the images of a task: the same for every network, depth and pattern."""
    return KernelTask.draw(task.n, seeds("images", by=("dataset", "seed")), _data(task, inputs or {}), task.tests)


def _data(task: Any, inputs: Inputs) -> Dataset:
    found = of_task(task, inputs)
    return _named(found) if isinstance(found, str) else found


@lru_cache(maxsize=2)
def _named(dataset: str) -> Dataset:
    return load_dataset(dataset)


def measure(task: Case, seeds: Seeds, inputs: Inputs) -> Measured:
    """Train one kernel, answer the test images, and say what both sides take.

    Raises
    ------
    InputError
        If the network does not take the images.
    """
    images = images_of(task, seeds, inputs)
    ntk = NETWORKS[task.network].make(task.depth)
    kernel, tests = images.kernel(ntk), images.test_kernel(ntk)
    drawn = seeds("pattern", by=("dataset", "seed", "n", "pattern"))
    matrix = sparse_kernel(task.pattern, kernel, images.y, drawn)
    values = np.linalg.eigvalsh(matrix)
    largest, smallest = float(np.abs(values).max()), float(np.abs(values).min())
    beside = np.abs(matrix) - np.eye(task.n)
    alpha = float(np.linalg.eigvalsh(beside)[-1]) + 1
    radius = float(beside.sum(axis=1).max())
    singular = smallest <= SINGULAR * largest
    solved = np.linalg.lstsq(matrix, images.y)[0] if singular else np.linalg.solve(matrix, images.y)
    solution = np.asarray(solved, dtype=float)
    outputs = tests @ solution
    states = kernel_states(tests, ntk.k_max)
    read = overlaps(states, solution)
    kappa = None if singular else alpha / smallest
    reached = kappa is not None and kappa <= WORST
    degree, signal = _signal(kappa or 1.0, alpha, task.epsilon, read, solution) if reached else (None, None)
    signals = None if signal is None else readout_shots(np.clip(signal, -1, 1))
    walks, length = _walks(matrix, images.y, tests, radius)
    readout = None if signals is None else _median(signals)
    return Measured(
        share_right(outputs, images.y_test),
        share_right(outputs, images.y_test, "median"),
        _overlap(task, inputs),
        None if singular else largest / smallest,
        kappa,
        float(values[0]),
        radius,
        int(np.count_nonzero(matrix, axis=1).max()),
        degree,
        float(np.median(states.tries)),
        _apart(images, ntk, tests),
        _median(readout_shots(read)),
        None if signal is None else float(np.median(np.abs(signal))),
        readout,
        None if readout is None or degree is None else degree * readout,
        None if signal is None or degree is None else _amplified(degree, float(np.median(np.abs(signal)))),
        walks,
        length,
    )


def _signal(
    kappa: float, alpha: float, epsilon: float, read: NDArray[np.float64], solution: NDArray[np.float64]
) -> tuple[int, NDArray[np.float64]]:
    """Return D, and the means of the readout's qubit: <k*| s P(A / alpha) / max |P| |y> with P(x) = 1/x."""
    from quantum.blocks import inverse_polynomial
    from quantum.blocks.qsvt_inverse import SCALE

    polynomial = inverse_polynomial(max(kappa, 1.0), epsilon)
    shrunk = SCALE / polynomial.maximum
    # |y| is sqrt(n), and alpha A^-1 y is what the polynomial makes of it.
    size = alpha * float(np.linalg.norm(solution)) / math.sqrt(len(solution))
    return polynomial.degree, read * shrunk * size


def _amplified(degree: int, signal: float) -> float | None:
    """Return D times the circuits that reading a mean of this size takes with amplitude amplification."""
    from quantum.kernel_training import best_readout

    return degree * best_readout(min(signal, 1.0)).circuits if signal > NOTHING else None


def _apart(images: KernelTask, ntk: Any, tests: NDArray[np.float64]) -> float | None:
    largest = images.k_max(ntk)
    return float(np.median(kernel_states(tests, largest).tries)) if largest > 0 else None


def _walks(
    matrix: NDArray[np.float64], labels: NDArray[np.float64], tests: NDArray[np.float64], radius: float
) -> tuple[float | None, float | None]:
    """Return the walks at the median test image, and their length; None where R >= 1: not applicable."""
    from classical.kernel_training import WalkEstimator

    if radius >= 1:
        return None, None
    walker = WalkEstimator(matrix, labels)
    return _median(np.array([walker.samples_needed(k) for k in tests])), walker.walk_length


def _median(values: NDArray[np.float64]) -> float | None:
    found = float(np.median(values))
    return found if math.isfinite(found) and found < 1 / NOTHING**2 else None


def _overlap(task: Any, inputs: Inputs) -> float:
    share = task.tests / len(_data(task, inputs))
    return share / (1 - share)


def claim(task: Claim, seeds: Seeds, inputs: Inputs) -> Claimed:
    """Measure what the paper says grows as log n, at the depth of its rule."""
    images = images_of(task, seeds, inputs)
    depth = images.depth(task.factor)
    ntk = ErfNtk(depth)
    kernel, tests = images.kernel(ntk), images.test_kernel(ntk)
    drawn = seeds("pattern", by=("dataset", "seed", "n"), pattern="published")
    sparse = sparse_kernel("published", kernel, images.y, drawn)
    solution = np.linalg.solve(kernel, images.y)
    states = kernel_states(tests, ntk.k_max)
    apart = kernel_states(tests, images.k_max(ntk))
    return Claimed(
        depth,
        images.separation,
        int(np.count_nonzero(sparse, axis=1).max()),
        float(np.median(states.tries)),
        float(np.median(apart.tries)),
        float(np.median(readout_shots(overlaps(states, solution)))),
        share_right(tests @ solution, images.y_test),
        share_right(tests @ images.y, images.y_test),
    )


def answer(task: Rival, seeds: Seeds, inputs: Inputs) -> Answered:
    """Let a classical rival answer the test images."""
    from classical.kernel_training import CLASSIFIERS, Nystroem

    images = images_of(task, seeds, inputs)
    stream = seeds("rival", by=("dataset", "seed", "n", "method"))
    if task.method == "nystroem":
        ntk = ErfNtk(task.depth)
        solution = Nystroem(min(32, task.n)).solve(images.kernel(ntk), images.y, stream).vector
        outputs = images.test_kernel(ntk) @ solution
    else:
        outputs = CLASSIFIERS[task.method]().outputs(images, stream)
    sign, median = (share_right(outputs, images.y_test, rule) for rule in ("sign", "median"))
    return Answered(sign, median, _overlap(task, inputs))


def time_solver(task: Timing, seeds: Seeds, inputs: Inputs) -> Seconds:
    """Time one solver on the exact kernel: the kernel, the solution, and all predictions."""
    from classical.kernel_training import SOLVERS, ConjugateGradient, Nystroem, Solver

    images = images_of(task, seeds, inputs)
    ntk = ErfNtk(task.depth)
    # To the error that the quantum inverse is asked for; what an iteration is checked by is no part of it.
    own: dict[str, Solver] = {
        "cg": ConjugateGradient(1e-3, checked=False),
        "nystroem": Nystroem(min(32, task.n)),
    }
    solver = own[task.method] if task.method in own else SOLVERS[task.method]()
    work = 0

    def once() -> NDArray[np.float64]:
        nonlocal work
        start = clock()
        kernel = images.kernel(ntk)
        middle = clock()
        found = solver.solve(kernel, images.y, 0)
        end = clock()
        # Images that have no weight are not compared with.
        kept = np.flatnonzero(found.vector)
        ntk.between(images.x_test, images.x[kept]) @ found.vector[kept]
        work = sum(found.work.values())
        return np.array([middle - start, end - middle, clock() - end])

    rounds = np.array([mean_seconds(once) for _ in range(ROUNDS + 1)])
    parts = [RecordedEstimate.of(over_rounds(rounds[:, [part], 0])) for part in range(3)]
    return Seconds(parts[0], parts[1], parts[2], work)
