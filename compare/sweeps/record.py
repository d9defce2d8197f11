"""What is known of one task that ran."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Record", "RecordedEstimate"]


@dataclass(frozen=True)
class RecordedEstimate:
    """A `compare.statistics.Estimate` as JSON has it: ends that are not finite are None."""

    low: float | None
    best: float
    high: float | None
    samples: int


@dataclass(frozen=True)
class Record:
    """What is known of one task that ran.

    Attributes
    ----------
    task
        Its content hash.
    kind, settings
        What was run.
    result
        What was measured, or ``{"refused": why}``; None if the task failed.
    error
        Why it failed; empty if it did not.
    seconds
        Its wall time.
    finished
        When, ISO 8601 in UTC.
    versions, machine
        By what and on what.
    commit
        The checkout that it ran from, as `compare.records.provenance` has it; None if it is not known.
    """

    task: str
    kind: str
    settings: Mapping[str, Any]
    result: Mapping[str, Any] | None
    error: str
    seconds: float
    finished: str
    versions: Mapping[str, Any]
    machine: Mapping[str, Any]
    commit: Any = None
