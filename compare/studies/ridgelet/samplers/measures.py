"""The study's tasks at work: a problem described, nodes drawn and held against p*, networks fitted, samplers timed."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from classical.ridgelet import DequantizedSampler
from compare.distributions import MAX_TESTED, fidelity, goodness_of_fit, is_enumerable, total_variation, two_sample_test
from compare.distributions.exact import exact_probabilities
from compare.engine import Inputs, Planned, Seeds
from compare.engine.work import Read
from compare.risk import baseline_risks, risk_over_nodes
from compare.statistics import RecordedTest, Timing, timed_batches
from compare.studies.data import of_task
from compare.studies.ridgelet.methods import METHODS
from compare.studies.ridgelet.samplers.study import (
    DRAW,
    GATED,
    OTHER_PENALTIES,
    PROBLEM,
    Described,
    Draw,
    Drawn,
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
from compare.studies.ridgelet.timed import sampler_to_time
from problems.names import is_file
from problems.ridgelet import Nodes, RidgeletProblem
from problems.ridgelet.data import Residues
from problems.ridgelet.sampling import check_room
from quantum.resources import gate_counts
from quantum.ridgelet import encodings_of, ridgelet_loader, ridgelet_transform

__all__ = [
    "describe",
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

MOST_REPEATS, OTHER_REPEATS = 10, 5
"""Independent networks for each number of nodes, as far as the samples go, and for each other penalty."""


def load(task: Part, inputs: Inputs) -> tuple[Residues, RidgeletProblem]:
    """Load a part's data and make its problem, once a process; refused if it does not fit."""
    most = None if task.points is None else MOST_FEATURES
    return loaded(Source.of(task, of_task(task, inputs), most))


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
    if is_file(settings.dataset) and not records:
        return  # known by its content alone: its table is among the records, or tasks say that they wait for it
    inputs = {"table": [Read(planned.task, found, {}) for planned, found in records]} if records else {}
    planned = tasks(settings)
    problems = {one.task: load(one.task, inputs)[1] for one in planned if one.kind == PROBLEM}
    for one in planned:
        if one.kind == DRAW:
            problem = problems[same(Part, one.task)]
            check_room(one.task.samples, problem.dimension)
            METHODS[one.task.method].check(problem)


def describe(task: Part, seeds: Seeds, inputs: Inputs) -> Described:
    """Return the problem in numbers, its risks without sampling, and the circuit's gates."""
    data, problem = load(task, inputs)
    exact = exact_probabilities(problem, "p*") if is_enumerable(problem) else None
    positive = exact[exact > 0] if exact is not None else None
    return Described(
        data.description,
        problem.dimension,
        len(problem.data),
        problem.outputs,
        problem.coverage,
        (problem.dimension + 1) * float(np.log10(problem.prime)),
        len(data.x_train),
        len(data.x_test),
        data.held_out,
        baseline_risks(problem, data),
        _gates(problem) if task.part in GATED else {},
        problem.points,
        problem.amplitudes,
        problem.frequencies,
        None if positive is None else float(np.exp(-np.sum(positive * np.log(positive)))),
        exact,
    )


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
    nodes = method.make(problem).sample(task.samples, seeds("nodes", by=STREAM))
    small = np.min_scalar_type(task.prime - 1)
    return Drawn(nodes.a.astype(small), nodes.b.astype(small))


def _nodes(inputs: Inputs) -> Nodes:
    (drawn,) = inputs["nodes"]
    return Nodes(drawn.array("a").astype(np.int64), drawn.array("b").astype(np.int64))


def hold_against(task: Draw, seeds: Seeds, inputs: Inputs) -> Tested:
    """Hold nodes against p*, where it cannot be enumerated against other nodes too; refused if p* is uniform."""
    problem, nodes = load(task, inputs)[1], _nodes(inputs)
    distance = two_sample = None
    if is_enumerable(problem):
        distance = RecordedDistance(**vars(total_variation(problem, nodes)))
    elif task.method != "dequantized":
        # Held against nodes that the dequantized sampler draws for this test alone, so that tests are independent.
        other = DequantizedSampler(problem).sample(min(task.samples, MAX_TESTED), seeds("reference nodes", by=STREAM))
        two_sample = RecordedTest.of(two_sample_test(nodes, other, problem))
    # Decoys of its own, so that the tests of one table are independent.
    fit = goodness_of_fit(problem, nodes, seed=seeds("decoys", by=STREAM))
    return Tested(fidelity(problem, nodes), RecordedTest.of(fit), distance, two_sample)


def fit_networks(task: Networks, seeds: Seeds, inputs: Inputs) -> Risks:
    """Fit networks of N nodes over N, and at the quoted N with other penalties."""
    data, problem = load(task, inputs)
    nodes = _nodes(inputs)
    repeats = min(MOST_REPEATS, task.samples // task.sizes[-1])
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
