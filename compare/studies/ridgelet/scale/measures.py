"""One time: how long one sampler takes for nodes of one random problem."""

from typing import Any

from compare.engine import Seeds
from compare.statistics import RecordedEstimate, mean_estimate, timed_batches
from compare.studies.ridgelet.drawn import distinct_points, drawn_problem
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.scale.study import Time, Timed
from compare.studies.ridgelet.timed import sampler_to_time
from problems.ridgelet import Nodes
from problems.ridgelet.sampling import check_room

__all__ = ["WARM_NODES", "time_sampler"]

STREAM = ("method", "prime", "dimension", "points", "seed", "repeat")
"""Settings that nodes depend on."""

WARM_NODES = 10
"""Nodes of a run before the timed one, which compiles what is compiled once a process."""


def time_sampler(task: Time, seeds: Seeds, inputs: Any = None) -> Timed:
    """Time a sampler, preparation and drawing apart, and see what nodes it drew.

    Raises
    ------
    InputError
        If the nodes would not fit in memory, the sampler does not take the problem, or NumPy would stand in for it.
    """
    method = SAMPLERS[task.method]
    check_room(task.samples, task.dimension)
    points = distinct_points(task.prime, task.dimension, task.points)
    problem = drawn_problem(task.prime, task.dimension, points, task.repeat, task.seed)
    method.check(problem)
    sampler_to_time(method, problem).sample(WARM_NODES, seeds("warming", by=STREAM))
    parts, times = timed_batches(lambda: method.make(problem).sample, task.samples, seeds("nodes", by=STREAM))
    found = mean_estimate(problem.density(Nodes.concatenate(parts)))
    return Timed(
        len(problem.data),
        times.prepare,
        times.per_sample,
        times.per_sample.best + times.prepare / task.samples,
        RecordedEstimate.of(found),
        times.wall_per_sample + times.wall_prepare / task.samples,
    )
