"""A study whose backend is one of its settings: what several devices measure are different tasks."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from compare.engine import Each, Kind, Study
from compare.hardware.payload import Ordered, Payload
from tests.compare.hardware.ghz import PARITY, Measured, report


@dataclass(frozen=True)
class Settings:
    backends: Annotated[tuple[str, ...], Each("backend")] = ("aer_mps", "aer_statevector")
    shots: int = 20


@dataclass(frozen=True)
class Task:
    backend: str
    shots: int


def order(task, seeds, inputs):
    payload = Payload(PARITY, {"qubits": 2}, {"flips": np.zeros(2, dtype=bool)})
    return Ordered(payload, task.shots, seeds("shots", by=("backend",)))


SHOTS = Kind("placed/shots", Task, Measured, order, external=True)


def tasks(settings):
    return SHOTS.product(settings)


STUDY = Study("placed", "Backends", "Ask several.", Settings, tasks, report, (SHOTS,))
