"""Studies whose tasks for a device are of a backend, and of a user's own file, which are settings."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from compare.engine import Each, Kind, Study
from compare.hardware.payload import Ordered, Payload
from compare.studies.data import TABLE, attach, of_task, table_of
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


@dataclass(frozen=True)
class FileSettings:
    datasets: tuple[str, ...] = ("digits",)
    target: str | None = None


@dataclass(frozen=True)
class OfFile:
    dataset: str


def order_rows(task, seeds, inputs):
    data = of_task(task, inputs)
    payload = Payload(PARITY, {"qubits": 2}, {"flips": np.array([len(data.x) > 3, False])})
    return Ordered(payload, len(data.x), seeds("shots", by=("dataset",)))


ROWS = Kind("rows/shots", OfFile, Measured, order_rows, needs=table_of, external=True)


def rows(settings):
    return [ROWS(OfFile(name)) for name in settings.datasets]


OF_FILE = Study("rows", "Rows", "A shot for each.", FileSettings, rows, report, (ROWS, TABLE), attach=attach)
