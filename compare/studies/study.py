"""What every study is: the same few functions, under one name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from compare.report import Report

__all__ = ["Study"]


@dataclass(frozen=True)
class Study:
    """A study as commands see it.

    Attributes
    ----------
    kind
        What its runs' records bear.
    command
        Its name on the command line, which begins the names of its folders.
    settings
        Every choice: a frozen dataclass.
    plan
        From settings make what `run` needs; raises InputError before any heavy work.
    run
        Called with a plan, a `compare.records.RunFolder` and a `compare.progress.Track`, and options that do not change
        results; runs what has no record yet and returns the results.
    load_results
        Read the results of a finished run from a folder opened for reading.
    report
        Return the report of the results.
    check
        Refusals that take seconds, asked of a plan before a new run begins.
    """

    kind: str
    command: str
    settings: type
    plan: Callable[[Any], Any]
    run: Callable[..., Any]
    load_results: Callable[[Any], Any]
    report: Callable[[Any], Report]
    check: Callable[[Any], object] = lambda plan: None
