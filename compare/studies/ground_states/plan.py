"""Processor hours of a run that has not been made: single steps are timed here, and its tasks' steps added up."""

import time
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from classical.ground_states import ExactSums, FeedForwardState, Samples, exact_bytes, random_mask, sampled_bytes
from compare.studies.ground_states.lattices import made
from compare.studies.ground_states.study import ARM, ROUND, Settings, counts, tasks
from problems.ground_states import SpinModel, schedule

__all__ = ["Hours", "cpu_hours", "run_seconds", "step_seconds"]

SIZES = 6
"""Numbers of weights at which a step is timed; between them it is interpolated on logarithms."""


@dataclass(frozen=True)
class Hours:
    """Processor hours of the networks of a run, on one thread each.

    Attributes
    ----------
    dense, rounds, arms
        Of the dense trainings, the rounds and the masks in isolation.
    longest
        Of the longest chain of tasks that need one another: so long a run takes with any number of workers.
    memory
        Bytes of a step with all weights.
    tasks
        How many tasks these are.
    """

    dense: float
    rounds: float
    arms: float
    longest: float
    memory: int
    tasks: int

    @property
    def all(self) -> float:
        """The sum."""
        return self.dense + self.rounds + self.arms


def step_seconds(model: SpinModel, alpha: int, weights: int, samples: int | None, repeats: int = 3) -> float:
    """Return processor seconds of a step with so many weights, placed at random: the least of some repeats."""
    whole = FeedForwardState(model.sites, alpha, seed=0)
    state = whole.masked(random_mask(whole, weights, 0))
    engine = ExactSums(model, state) if samples is None else Samples(model, state, samples, 0)
    found = []
    with threadpool_limits(1):
        engine.gradient(state.weights)  # compiles, and lets walks find their way
        for _ in range(repeats):
            start = time.process_time()
            engine.gradient(state.weights)
            found.append(time.process_time() - start)
    return min(found)


class _Timed:
    """Seconds of a step at any number of weights, from a few that are timed."""

    def __init__(self, model: SpinModel, alpha: int, most: int, least: int, samples: int | None, repeats: int) -> None:
        sizes = np.unique(np.geomspace(least, most, SIZES).astype(int))
        self._sizes = np.log(sizes)
        self._seconds = np.log([step_seconds(model, alpha, int(one), samples, repeats) for one in sizes])

    def __call__(self, weights: int) -> float:
        return float(np.exp(np.interp(np.log(weights), self._sizes, self._seconds)))


def run_seconds(
    model: SpinModel, alpha: int, samples: int | None, dense_steps: int = 200, steps: int = 150, repeats: int = 3
) -> float:
    """Return processor seconds of one pruning run down to 3/4 of a weight for each site of each bond."""
    whole = alpha * model.sites**2
    least = -(-3 * sum(map(len, model.products)) // 4)
    timed = _Timed(model, alpha, whole, least, samples, repeats)
    return dense_steps * timed(whole) + steps * sum(map(timed, schedule(whole, least)))


def cpu_hours(settings: Settings, repeats: int = 3) -> Hours:
    """Return the processor hours that the networks of settings take on this machine, task by task."""
    dense = rounds = arms = longest = 0.0
    memory = total = 0
    timed: dict[tuple[object, ...], _Timed] = {}
    chains: dict[str, float] = {}
    seen: set[str] = set()
    for planned in tasks(settings):
        if planned.kind not in (ROUND, ARM):
            continue
        task, model = planned.task, made(planned.task)
        numbers = counts(task, settings.least)
        key = (task.model, task.lattice, task.field, task.alpha)
        if key not in timed:
            timed[key] = _Timed(model, task.alpha, numbers[0], numbers[-1], task.samples, repeats)
            size = exact_bytes(model.sites, numbers[0])
            if task.samples is not None:
                size = sampled_bytes(model.sites, task.alpha, numbers[0], task.samples)
            memory = max(memory, size)
        seconds = timed[key](numbers[task.round])
        total += 1
        if planned.kind == ARM:
            arms += task.arm_steps * seconds
            continue
        rounds += task.steps * seconds
        (first,) = planned.needs["dense"]
        start = task.dense_steps * timed[key](numbers[0])
        if first.id not in seen:
            seen.add(first.id)
            dense += start
            total += 1
        before = planned.needs.get("before")
        chains[planned.id] = task.steps * seconds + (chains[before[0].id] if before else start)
        longest = max(longest, chains[planned.id])
    return Hours(dense / 3600, rounds / 3600, arms / 3600, longest / 3600, memory, total)
