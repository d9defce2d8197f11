"""One time: how long one sampler takes for nodes of one random problem."""

import zlib
from dataclasses import dataclass
from typing import Any

from compare.samplers import SAMPLERS
from compare.statistics import mean_estimate, timed_batches
from compare.studies.ridgelet.crossover.counting import drawn_problem
from compare.sweeps.record import RecordedEstimate
from problems.errors import choose, whole_number
from problems.finite_field import check_prime
from problems.ridgelet import Nodes
from problems.ridgelet.sampling import check_room
from problems.seeds import spawn

__all__ = ["RESULT", "Settings", "check", "measure"]

RESULT = {
    "points": int,
    "prepare_seconds": float,
    "seconds_per_sample": RecordedEstimate,
    "seconds": float,
    "density": RecordedEstimate,
}
"""What is measured, and of which type it is."""

WARM_NODES = 10
"""Nodes of a run before the timed one, which compiles what is compiled once a process."""

WARMING, DRAWING = 1, 2
"""Branches of the seed; the first are of `drawn_problem`."""


@dataclass(frozen=True)
class Settings:
    """What is timed.

    Attributes
    ----------
    method
        A name in `compare.samplers.SAMPLERS`.
    dimension, prime, points
        D, P and K of the random problem, which is the same for all methods; all P^D points if there are fewer.
    samples
        Nodes drawn.
    seed
        Of the problem and of the nodes.
    repeat
        Each repeat has a problem and nodes of its own.
    """

    method: str = "dequantized"
    dimension: int = 8
    prime: int = 3
    points: int = 50
    samples: int = 1000
    seed: int = 0
    repeat: int = 0


def check(settings: Settings) -> None:
    """Refuse what no task could be: an unknown method, a number out of range."""
    choose("method", settings.method, SAMPLERS)
    check_prime(settings.prime)
    for name, least in (("dimension", 1), ("points", 1), ("samples", 1), ("seed", 0), ("repeat", 0)):
        whole_number(name, getattr(settings, name), least)


def measure(settings: Settings) -> dict[str, Any]:
    """Time a sampler, preparation and drawing apart, and see what nodes it drew.

    Returns
    -------
    ``points``: K; ``prepare_seconds``; ``seconds_per_sample``: median over batches between the fastest and the slowest;
    ``seconds``: of a node with its share of the preparation; ``density``: mean of P^(D+1) p* over the nodes, which is 1
    for uniform nodes and the same for all samplers of p*.
    """
    prime, dimension = settings.prime, settings.dimension
    method = SAMPLERS[settings.method]
    check_room(settings.samples, dimension)
    # By logarithms no power of thousands of digits is ever computed.
    points = settings.points if dimension >= settings.points.bit_length() else min(settings.points, prime**dimension)
    problem = drawn_problem(prime, dimension, points, settings.repeat, settings.seed)
    method.check(problem)
    # By its name, so that a sampler's stream does not depend on which others there are.
    branch = (settings.seed, settings.repeat, zlib.crc32(settings.method.encode()))
    method.make(problem).sample(WARM_NODES, spawn(*branch, WARMING))
    parts, seconds = timed_batches(lambda: method.make(problem).sample, settings.samples, spawn(*branch, DRAWING))
    nodes = Nodes.concatenate(parts)
    return {
        "points": len(problem.data),
        "prepare_seconds": seconds.prepare,
        "seconds_per_sample": seconds.per_sample,
        "seconds": seconds.per_sample.best + seconds.prepare / len(nodes),
        "density": mean_estimate(problem.density(nodes)),
    }
