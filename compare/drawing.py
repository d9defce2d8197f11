"""Nodes drawn in parts, each on disk before the next: what is interrupted loses at most the part under way."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from compare.progress import Track
from compare.records import RunFolder, Step
from compare.statistics import Timing, median_range
from problems.ridgelet import Nodes, NodeSampler
from problems.seeds import named

__all__ = ["draw_in_parts"]

PART = 1000
"""Nodes of a part, whatever number is asked for; the last part has what is left."""


def _part_sizes(n: int) -> list[int]:
    """Return how many nodes each part has."""
    return [min(PART, n - start) for start in range(0, n, PART)]


def draw_in_parts(
    make: Callable[[], NodeSampler],
    n: int,
    stream: Mapping[str, Any],
    folder: RunFolder,
    settings: Mapping[str, Any],
    track: Track,
) -> Step:
    """Draw `n` nodes into a run's folder and return the step "nodes".

    Its arrays are a, b and density (P^(D+1) p*); its result is the time. Finished parts are read, not drawn again,
    and removed once the whole is written.

    Parameters
    ----------
    make
        Makes the sampler; called only if a part is missing.
    n
        The number of nodes.
    stream
        What the stream of random numbers depends on, by name; each part has its own.
    folder
        The run's folder.
    settings
        What the nodes depend on, plain data.
    track
        Shows the parts as they are drawn.
    """
    made: list[tuple[NodeSampler, float]] = []

    def sampler() -> tuple[NodeSampler, float]:
        if not made:
            start = time.perf_counter()
            made.append((make(), time.perf_counter() - start))
        return made[0]

    def part(number: int, size: int) -> Step:
        drawing, prepare = sampler()
        start = time.perf_counter()
        nodes = drawing.sample(size, named("nodes", **stream, part=number))
        seconds = (time.perf_counter() - start) / size
        density = drawing.problem.density(nodes)
        return Step({"prepare": prepare, "per_sample": seconds}, {"a": nodes.a, "b": nodes.b, "density": density})

    def whole() -> Step:
        steps, drawn, advance = [], 0, track("Sampling", len(_part_sizes(n)))
        for number, size in enumerate(_part_sizes(n)):
            steps.append(folder.once(f"part-{number:05}", settings, lambda i=number, m=size: part(i, m)))  # type: ignore[misc]
            drawn += size
            advance(f"{drawn} nodes")
        seconds = [step.result["per_sample"] for step in steps]
        nodes = Nodes.concatenate([Nodes(step.arrays["a"], step.arrays["b"]) for step in steps])
        density = np.concatenate([step.arrays["density"] for step in steps])
        time_taken = Timing(steps[0].result["prepare"], median_range(seconds))
        return Step({"time": time_taken}, {"a": nodes.a, "b": nodes.b, "density": density})

    step = folder.once("nodes", settings, whole)
    for number in range(len(_part_sizes(n))):
        folder.remove(f"part-{number:05}")
    return step
