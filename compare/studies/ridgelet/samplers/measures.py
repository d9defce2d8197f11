"""The study's tasks at work: a problem described, nodes drawn and held against p*, networks fitted, samplers timed."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import numpy as np

from classical.ridgelet import DequantizedSampler
from compare.distributions import MAX_TESTED, fidelity, goodness_of_fit, is_enumerable, total_variation, two_sample_test
from compare.distributions.exact import exact_probabilities
from compare.engine import Inputs, Planned, Seeds
from compare.engine.folder import LARGEST_ARRAYS
from compare.engine.work import Read
from compare.risk import baseline_risks, risk_over_nodes
from compare.statistics import RecordedTest, Timing, timed_batches
from compare.studies.data import of_task
from compare.studies.ridgelet.methods import METHODS
from compare.studies.ridgelet.samplers.study import (
    DRAW,
    FILES,
    GATED,
    OTHER_PENALTIES,
    PROBLEM,
    Described,
    Draw,
    Drawn,
    InFiles,
    Networks,
    Part,
    RecordedDistance,
    Risks,
    Settings,
    Tested,
    same,
    tasks,
)
from compare.studies.ridgelet.scale.measures import WARM_NODES
from compare.studies.ridgelet.sources import Source, loaded
from compare.studies.ridgelet.spread import sampler_of
from compare.studies.ridgelet.timed import sampler_to_time
from compare.studies.rows import Files, files_of
from problems.errors import InputError
from problems.names import is_file, is_rows_identity
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.data import Residues
from problems.ridgelet.held_out import HeldOutRows, hold_out
from problems.ridgelet.sampling import check_room
from problems.seeds import named
from quantum.resources import gate_counts
from quantum.ridgelet import encodings_of, ridgelet_loader, ridgelet_transform

__all__ = [
    "describe",
    "describe_files",
    "draw",
    "fit_networks",
    "hold_against",
    "load",
    "prepare",
    "time_part",
]

STREAM = ("part", "dataset", "prime", "features", "points", "seed", "method")
"""Fields that a method's nodes depend on."""

MOST_FEATURES = 16
"""The largest number of features of the part `chain`, if nobody says how many."""

TESTED_IN_FILES, REPEATS_IN_FILES = 1000, 5
"""Nodes that are held against p*, and networks of each size, at most, where each takes passes over files."""

HEADERS = 2**16
"""Bytes of a record's arrays beside their numbers, at most."""

MOST_REPEATS, OTHER_REPEATS = 10, 5
"""Independent networks for each number of nodes, as far as the samples go, and for each other penalty."""


def load(task: Part, inputs: Inputs) -> tuple[Residues | HeldOutRows, RidgeletProblem]:
    """Load a part's data and make its problem, once a process; refused if it does not fit."""
    files = files_of(task, inputs)
    if files is not None:
        return _in_files(same(Part, task), files)
    most = None if task.points is None else MOST_FEATURES
    return loaded(Source.of(task, of_task(task, inputs), most))


# One at a time: memory is said of one problem.
@lru_cache(maxsize=1)
def _in_files(task: Part, files: Files) -> tuple[HeldOutRows, RidgeletProblem]:
    data = hold_out(files.points, files.labels, task.prime, named("split", seed=task.seed, dataset=task.dataset))
    return data, data.problem(task.regularization, task.activation, files.memory)


def prepare(settings: Settings, records: Sequence[tuple[Planned, Any]] = ()) -> None:
    """Make every problem and check every method against it, before any heavy work.

    Parameters
    ----------
    settings
        What is asked for.
    records
        The table of a user's own file, if the data are one.

    Raises
    ------
    InputError
        If a data set does not fit, or a method does not take a problem or does not fit in memory.
    """
    if (is_file(settings.dataset) or is_rows_identity(settings.dataset)) and not records:
        return  # known by its content alone: what it is is among the records, or tasks say that they wait for it
    kind = "rows" if is_rows_identity(settings.dataset) else "table"
    inputs = {kind: [Read(planned.task, found, {}) for planned, found in records]} if records else {}
    planned = tasks(settings)
    problems = {one.task: load(one.task, inputs)[1] for one in planned if one.kind in (PROBLEM, FILES)}
    for one in planned:
        if one.kind == DRAW:
            problem = problems[same(Part, one.task)]
            check_room(one.task.samples, problem.dimension)
            _check_record(one.task.samples, problem)
            METHODS[one.task.method].check(problem)


def _check_record(samples: int, problem: RidgeletProblem) -> None:
    """Refuse nodes that a record cannot hold."""
    node = np.min_scalar_type(problem.prime - 1).itemsize * (problem.dimension + 1)
    if samples * node > LARGEST_ARRAYS - HEADERS:
        raise InputError(
            f"samples = {samples}: of nodes of {problem.dimension + 1} numbers a record holds "
            f"{(LARGEST_ARRAYS - HEADERS) // node:,} at most; draw fewer samples."
        )


def describe(task: Part, seeds: Seeds, inputs: Inputs) -> Described:
    """Return the problem in numbers, its risks without sampling, and the circuit's gates."""
    data, problem = load(task, inputs)
    exact = exact_probabilities(problem, "p*") if is_enumerable(problem) else None
    positive = exact[exact > 0] if exact is not None else None
    return Described(
        **_in_numbers(data, problem),
        gates=_gates(problem) if task.part in GATED else {},
        x=problem.points,
        amplitudes=problem.amplitudes,
        frequencies=problem.frequencies,
        effective=None if positive is None else float(np.exp(-np.sum(positive * np.log(positive)))),
        probabilities=exact,
    )


def describe_files(task: Part, seeds: Seeds, inputs: Inputs) -> InFiles:
    """Return the problem of points in files in numbers, and its risks without sampling."""
    data, problem = load(task, inputs)
    amplitudes = problem.amplitudes
    return InFiles(
        **_in_numbers(data, problem),
        trials=float(np.sum(np.sum(np.abs(amplitudes), axis=0) ** 2)) / float(np.sum(amplitudes**2)),
    )


def _in_numbers(data: Residues | HeldOutRows, problem: RidgeletProblem) -> dict[str, Any]:
    """Return what is said of every problem, wherever its points are; see `InFiles`."""
    return {
        "description": data.description,
        "dimension": problem.dimension,
        "distinct": len(problem.data),
        "outputs": problem.outputs,
        "coverage": problem.coverage,
        "log10_nodes": (problem.dimension + 1) * float(np.log10(problem.prime)),
        "train": len(data.y_train),
        "test": len(data.y_test),
        "held_out": data.held_out,
        "baselines": baseline_risks(problem, data),
    }


def _gates(problem: RidgeletProblem) -> dict[str, dict[str, dict[str, int]]]:
    found = {}
    for encoding in encodings_of(problem.prime):
        transform = ridgelet_transform(problem.prime, problem.dimension, problem.ridgelet, encoding)
        pieces = {"transform": transform, "sparse loader": ridgelet_loader(problem, encoding)}
        found[encoding] = {name: asdict(gate_counts(piece)) for name, piece in pieces.items()}
    return found


def draw(task: Draw, seeds: Seeds, inputs: Inputs) -> Drawn:
    """Draw nodes with one method; refused if it does not take the problem, or they do not fit in memory."""
    problem, method = load(task, inputs)[1], METHODS[task.method]
    check_room(task.samples, problem.dimension)
    method.check(problem)
    nodes = sampler_of(task.method, problem).sample(task.samples, seeds("nodes", by=STREAM))
    small = np.min_scalar_type(task.prime - 1)
    return Drawn(nodes.a.astype(small), nodes.b.astype(small))


def _nodes(inputs: Inputs) -> Nodes:
    (drawn,) = inputs["nodes"]
    return Nodes(drawn.array("a").astype(np.int64), drawn.array("b").astype(np.int64))


def hold_against(task: Draw, seeds: Seeds, inputs: Inputs) -> Tested:
    """Hold nodes against p*, where it cannot be enumerated against other nodes too; refused if p* is uniform."""
    problem, nodes = load(task, inputs)[1], _nodes(inputs)
    if task.part == "files":
        nodes = nodes[:TESTED_IN_FILES]
    distance = two_sample = None
    if is_enumerable(problem):
        distance = RecordedDistance(**vars(total_variation(problem, nodes)))
    elif task.method != "dequantized":
        # Held against nodes that the dequantized sampler draws for this test alone, so that tests are independent.
        other = DequantizedSampler(problem).sample(min(len(nodes), MAX_TESTED), seeds("reference nodes", by=STREAM))
        two_sample = RecordedTest.of(two_sample_test(nodes, other, problem))
    # Decoys of its own, so that the tests of one table are independent.
    fit = goodness_of_fit(problem, nodes, seed=seeds("decoys", by=STREAM))
    return Tested(fidelity(problem, nodes), RecordedTest.of(fit), distance, two_sample)


def fit_networks(task: Networks, seeds: Seeds, inputs: Inputs) -> Risks:
    """Fit networks of N nodes over N, and at the quoted N with other penalties."""
    data, problem = load(task, inputs)
    nodes = _nodes(inputs)
    most = REPEATS_IN_FILES if task.part == "files" else MOST_REPEATS
    repeats = min(most, task.samples // task.sizes[-1])
    curve = risk_over_nodes(problem, data, nodes, task.sizes, repeats, task.ridge)
    fewer = min(OTHER_REPEATS, repeats)
    others = [risk_over_nodes(problem, data, nodes, (task.quoted,), fewer, ridge) for ridge in OTHER_PENALTIES]
    return Risks(
        curve.empirical,
        curve.held_out,
        np.hstack([other.empirical for other in others]),
        np.hstack([other.held_out for other in others]),
    )


def time_part(task: Draw, seeds: Seeds, inputs: Inputs) -> Timing:
    """Time one method on a part's problem, after a few nodes that compile what is compiled once a process."""
    problem, method = load(task, inputs)[1], METHODS[task.method]
    method.check(problem)
    sampler_to_time(method, problem).sample(WARM_NODES, seeds("warming", by=STREAM))
    return timed_batches(lambda: method.make(problem).sample, task.samples, seeds("timed nodes", by=STREAM))[1]
