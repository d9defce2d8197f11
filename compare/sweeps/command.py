"""The command `tickets study`."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compare.terminal import as_typed, console, run_path
from compare.unfinished import Unfinished

if TYPE_CHECKING:
    from compare.sweeps.task import Task

# Experiments import Qiskit and scikit-learn; commands import them, so that help comes at once.

__all__ = ["register", "sweep", "sweep_path"]

GRID = Annotated[
    Path | None, typer.Option(help="YAML file: settings by the names of these flags, each with a value or a list.")
]
REPEATS = Annotated[str | None, typer.Option(help="Repeats of each combination, 5 if left out.")]
SEEDS = Annotated[str | None, typer.Option(help="Seeds; 0 if left out.")]
WORKERS = Annotated[int, typer.Option(help="Tasks at the same time on this machine, each on one thread.")]
SCHEDULER = Annotated[
    str | None, typer.Option(help="Address of a dask scheduler, tcp://...; its workers run the tasks.")
]

SIDE_BY_SIDE = min(2, os.cpu_count() or 1)
"""Workers by default."""


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""

    @app.command()
    def study(
        dataset: Annotated[str | None, typer.Option(help="Data sets: digits, iris, ...; digits if left out.")] = None,
        prime: Annotated[str | None, typer.Option(help="Primes P; 5 if left out.")] = None,
        features: Annotated[str | None, typer.Option(help="Dimensions D, or all; 4 if left out.")] = None,
        method: Annotated[
            str | None, typer.Option(help="Samplers: dequantized, uniform, refined-2, ...; dequantized if left out.")
        ] = None,
        nodes: Annotated[str | None, typer.Option(help="Hidden nodes N; 40 if left out.")] = None,
        regularization: Annotated[
            str | None, typer.Option(help="Ridge parameters lambda >= 0; 0.001 if left out.")
        ] = None,
        activation: Annotated[str | None, typer.Option(help="Activations: relu, sine, ...; relu if left out.")] = None,
        ridge: Annotated[
            str | None, typer.Option(help="Penalties of the output weights' fit; 0.0001 if left out.")
        ] = None,
        seed: SEEDS = None,
        repeats: REPEATS = None,
        grid: GRID = None,
        workers: WORKERS = SIDE_BY_SIDE,
        scheduler: SCHEDULER = None,
        out: Annotated[Path | None, typer.Option(help="Folder; runs/study-<hash> if left out.")] = None,
    ) -> None:
        """Judge tickets over a grid of data sets, samplers and sizes, a task for each network. Resumes; spreads."""
        flags = {
            "dataset": dataset,
            "prime": prime,
            "features": features,
            "method": method,
            "nodes": nodes,
            "regularization": regularization,
            "activation": activation,
            "ridge": ridge,
            "seed": seed,
            "repeats": repeats,
        }
        _run("tickets", flags, grid, workers, scheduler, out)


def _run(
    kind: str,
    flags: Mapping[str, str | None],
    grid: Path | None,
    workers: int,
    scheduler: str | None,
    out: Path | None,
) -> None:
    from compare.sweeps.grid import read_grids

    tasks = {task.id: task for part in read_grids(kind, flags, grid) for task in part.tasks()}
    sweep(list(tasks.values()), out or sweep_path(kind, tasks), workers, scheduler)


def sweep_path(kind: str, tasks: Iterable[str]) -> Path:
    """Return where a sweep goes if nobody says: a folder named for the hashes of its tasks."""
    return run_path("study" if kind == "tickets" else kind, {"tasks": sorted(tasks)}, None)


def sweep(tasks: "Sequence[Task]", path: Path, workers: int = 1, scheduler: str | None = None) -> None:
    """Run tasks of one kind in a folder, and say how it went.

    Parameters
    ----------
    tasks
        At least one, checked.
    path
        The folder; what is finished in it is not run again.
    workers
        Tasks at the same time on this machine, if there is no scheduler.
    scheduler
        Address of a dask scheduler, whose workers run the tasks.

    Raises
    ------
    InputError
        If the folder or the scheduler cannot be used.
    Unfinished
        If tasks failed, the disk is full, or nobody is left to run tasks.
    """
    from compare.progress import progress_bars
    from compare.sweeps.cluster import Cluster
    from compare.sweeps.processes import Processes
    from compare.sweeps.running import open_folder, run_tasks
    from compare.sweeps.workers import Workers
    from problems.errors import whole_number

    whole_number("workers", workers, 1)

    def tell(sentence: str) -> None:
        print(f"tickets: {sentence}", file=sys.stderr)

    crew: Workers = Processes(workers)
    if scheduler is not None:
        crew = cluster = Cluster(scheduler)
        if cluster.workers == 0:
            tell(f"The scheduler at {scheduler} has no workers yet; tasks wait for them.")
    with crew, open_folder(path), progress_bars(console) as track:
        swept = run_tasks(tasks, path, crew, track, tell)
    earlier = f", {swept.before:,} were finished before" if swept.before else ""
    console.print(f"{swept.now:,} tasks run{earlier}: {path / 'records.jsonl'}", soft_wrap=True, markup=False)
    if swept.failed:
        first = swept.failed[0]
        raise Unfinished(
            f"{len(swept.failed)} of {len(tasks)} tasks failed, the first ({first.task}) because: {first.error} The "
            "same command tries them again."
        )
    console.print(f"Its report: {as_typed('report', path)}", soft_wrap=True, markup=False)
