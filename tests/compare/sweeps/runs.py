"""Small sweeps, their workers and what is in their folders."""

import json

from compare.sweeps.grid import read_grids
from compare.sweeps.ledger import RECORDS, read_records
from compare.sweeps.task import run_task


def small_tasks(repeats=4, **flags):
    """Tasks of a few milliseconds each: real ones, of the sampler that takes the least time."""
    chosen = {"method": "uniform", "dimension": "2,3", "points": "4", "samples": "5", "repeats": str(repeats)}
    return [task for grid in read_grids("scale", chosen | flags) for task in grid.tasks()]


class Here:
    """Workers that are this process."""

    def __init__(self):
        self.ran = []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def run(self, tasks):
        for task in tasks:
            self.ran.append(task.id)
            yield task, run_task(task.kind, task.settings)


def lines_of(folder):
    """The lines of a sweep's records as they stand, the last one also if it is cut off."""
    path = folder / RECORDS
    return path.read_bytes().split(b"\n") if path.exists() else []


def finished_in(folder):
    """What is finished, by task: settings and result."""
    path = folder / RECORDS
    found = read_records([path] if path.exists() else [])
    return {task: json.dumps([record.settings, record.result]) for task, record in found.finished.items()}
