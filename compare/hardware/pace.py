"""The pace of submissions and fetches: how long things are waited for, the clock of rounds, and who is told of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from compare.hardware.record import now

__all__ = ["CLOCK", "GLANCE", "PACE", "Clock", "Pace", "Say"]

Say = Callable[[str], None]
"""Takes lines on what is going on."""


@dataclass(frozen=True)
class Pace:
    """How long things are waited for, in seconds.

    Attributes
    ----------
    settle
        After a submission broke off, until a service that does not list the job certainly does not have it.
    submission
        The longest that one submission takes.
    first, longest, growth
        Between two questions whether a job is done: at first, at most, and by what factor it grows.
    outages
        How many questions in a row may fail while a result is waited for.
    """

    settle: float = 60.0
    submission: float = 300.0
    first: float = 1.0
    longest: float = 60.0
    growth: float = 1.5
    outages: int = 5


PACE = Pace()
"""The pace that the command line keeps."""

GLANCE = 60.0
"""Seconds of sleep between two rounds, after which the clock is read again: a machine may have slept too."""


@dataclass(frozen=True)
class Clock:
    """The clock that rounds go by: the time as it is written in records, and how so many seconds are waited."""

    now: Callable[[], str] = now
    sleep: Callable[[float], object] = time.sleep


CLOCK = Clock()
"""The machine's own."""
