"""A small study that needs a device: how often GHZ states break, on circuits of the kind in `parity`."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from compare.engine import Array, Kind, Least, Runs, Study
from compare.hardware.payload import Ordered, Payload
from compare.report import Card, Report, Section
from problems.errors import InputError


@dataclass(frozen=True)
class Settings:
    qubits: Annotated[tuple[int, ...], Least(1, "qubits of a state")] = (2, 3)
    shots: Annotated[tuple[int, ...], Least(1, "shots of each state")] = (60,)
    drawn: bool = False
    seed: Annotated[int, Least(0)] = 0


@dataclass(frozen=True)
class Flips:
    qubits: int
    seed: int


@dataclass(frozen=True)
class Flipped:
    flips: Array


@dataclass(frozen=True)
class Shots:
    qubits: int
    shots: int
    drawn: bool
    seed: int


@dataclass(frozen=True)
class Measured:
    ones: int
    broken: Array


@dataclass(frozen=True)
class Share:
    intact: float
    ones: float


def flip(task, seeds, inputs):
    return Flipped(np.random.default_rng(seeds("flips", by=("qubits", "seed"))).random(task.qubits) < 0.5)


def flips_of(task):
    return {"flips": [FLIPS(Flips(task.qubits, task.seed))]} if task.drawn else {}


def order(task, seeds, inputs):
    if task.qubits > 100:
        raise InputError(f"qubits = {task.qubits} is more than any device has; give at most 100.")
    flips = inputs["flips"][0].result.flips if inputs else np.zeros(task.qubits, dtype=bool)
    payload = Payload(PARITY, {"qubits": task.qubits}, {"flips": flips}, f"GHZ of {task.qubits}")
    return Ordered(payload, task.shots, seeds("shots", by=("qubits", "shots", "seed")))


def shots_of(task):
    return {"shots": [SHOTS(task)]}


def share(task, seeds, inputs):
    (measured,) = (one.result for one in inputs["shots"])
    assert len(measured.broken) == task.shots
    return Share(float(1 - measured.broken.mean()), measured.ones / task.shots)


PARITY = "tests.compare.hardware.parity:PARITY"

FLIPS = Kind("ghz/flips", Flips, Flipped, flip)
SHOTS = Kind("ghz/shots", Shots, Measured, order, needs=flips_of, external=True)
SHARE = Kind("ghz/share", Shots, Share, share, needs=shots_of)


def report(runs: Runs, settings: Settings) -> Report:
    rows = runs[SHARE]
    table = rows.table(["qubits", "shots", "intact"], "Shots that are intact", "Of all.")
    card = Card(
        rows.lines("intact", over="qubits", by="shots", caption="Over the size."),
        [f"{len(rows)} states were measured."],
    )
    return Report("GHZ states", card, [Section("What was measured", tables=[table])])


STUDY = Study(
    "ghz",
    "GHZ states",
    "See how often GHZ states break.",
    Settings,
    lambda settings: SHARE.product(settings),
    report,
    (FLIPS, SHOTS, SHARE),
    presets={"tiny": Settings(qubits=(1,))},
)
