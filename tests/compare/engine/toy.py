"""A study of a few milliseconds with every kind of task: what several need, what needs it, timed, external."""

import time
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np

from compare.engine import Array, Each, Help, Kind, Least, Names, Runs, Study
from compare.report import Card, Report, Section
from compare.report.views import Column
from problems.errors import InputError, OutOfReach

METHODS = {"plain": 1.0, "double": 2.0, "failing": 0.0, "refusing": 0.0, "scarce": 0.0, "large": 3.0, "slow": 1.0}


@dataclass(frozen=True)
class Settings:
    sizes: Annotated[tuple[int, ...], Each("size"), Least(1), Help("Numbers summed")] = (2, 3)
    methods: Annotated[tuple[str, ...], Each("method"), Names(METHODS)] = ("plain", "double")
    repeats: Annotated[int, Least(1, "independent repeats")] = 2
    scale: float = 1.0
    timed: bool = False
    device: bool = False
    level: Annotated[float, Help("read by the report alone")] = 0.05
    seed: Annotated[int, Least(0)] = 0


@dataclass(frozen=True)
class Draw:
    size: int
    repeat: int
    seed: int


@dataclass(frozen=True)
class Drawn:
    values: Array
    mean: float | None


@dataclass(frozen=True)
class Sum:
    size: int
    method: str
    repeat: int
    scale: float
    seed: int


@dataclass(frozen=True)
class Summed:
    total: float
    by_half: dict[str, float] = field(default_factory=dict)
    many: Array | None = None


@dataclass(frozen=True)
class Timing:
    size: int


@dataclass(frozen=True)
class Timed:
    seconds: float
    threads: int


def draw(task, seeds, inputs):
    values = np.random.default_rng(seeds("values", by=("size", "repeat", "seed"))).normal(size=task.size)
    return Drawn(values, float(values.mean()))


def needs(task):
    return {"draw": [DRAW(Draw(task.size, task.repeat, task.seed))]}


def add(task, seeds, inputs):
    if task.method == "failing":
        raise ZeroDivisionError("nothing goes")
    if task.method == "refusing":
        raise InputError("This method takes\n no numbers.")
    if task.method == "scarce":
        raise OutOfReach("There is too little memory; make room.")
    if task.method == "slow":
        time.sleep(3600)
    (drawn,) = inputs["draw"]
    total = float(METHODS[task.method] * task.scale * drawn.result.values.sum())
    return Summed(total, {"low": total / 2}, np.full(2000, total) if task.method == "large" else None)


def clock(task, seeds, inputs):
    start = time.perf_counter()
    np.sort(np.random.default_rng(0).normal(size=task.size))
    return Timed(time.perf_counter() - start, 1)


DRAW = Kind("toy/draw", Draw, Drawn, draw)
SUM = Kind("toy/sum", Sum, Summed, add, needs=needs)
TIME = Kind("toy/time", Timing, Timed, clock, timed=True)
SHOTS = Kind("toy/shots", Timing, Timed, external=True)


def tasks(settings):
    found = SUM.product(settings, repeat=range(settings.repeats))
    if settings.timed:
        found += TIME.product(settings)
    if settings.device:
        found += SHOTS.product(settings)
    return found


def report(runs: Runs, settings: Settings) -> Report:
    rows = runs[SUM]
    table = rows.table([Column("method", "method"), "size", "total"], "Totals", f"Level {settings.level:g}.")
    sums = rows.lines("total", over="size", caption="Sums over their size.")
    return Report("Sums", Card(sums, [f"{len(rows)} sums."]), [Section("Sums", [], [], [table])])


STUDY = Study(
    "toy",
    "Sums",
    "Sum numbers, to see the engine at work.",
    Settings,
    tasks,
    report,
    (DRAW, SUM, TIME, SHOTS),
    presets={"small": Settings(sizes=(2,), repeats=1)},
    grids=True,
)
