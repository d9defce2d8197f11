"""Tasks that a report names, run once more."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from compare.sweeps.command import sweep
from compare.sweeps.task import Task

__all__ = ["run_tasks"]


def run_tasks(kind: str, tasks: Sequence[Mapping[str, Any]], out: Path) -> None:
    """Run tasks by their settings; those that are finished in the folder are not run again.

    Parameters
    ----------
    kind
        A name in `compare.sweeps.experiments.EXPERIMENTS`.
    tasks
        The settings of each, at least one.
    out
        The folder.

    Raises
    ------
    InputError
        If a setting is none of this version's, or the folder cannot be used.
    Unfinished
        If tasks failed or the disk is full.
    """
    sweep([Task.of(kind, settings) for settings in tasks], out)
