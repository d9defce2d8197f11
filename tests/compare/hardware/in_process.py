"""Kills in this process: from a chosen moment on nothing reaches the disk or a service any more.

Much cheaper than processes: what is imported and connected serves again. What a kill frees, locks and connections, is
freed as the stack unwinds; all else that would be written or sent on the way up is not.
"""

import contextlib
import os

from urllib3.connectionpool import HTTPConnectionPool

__all__ = ["Killed", "killed_at", "points_of"]


class Killed(BaseException):
    """The process is gone."""


class _Points:
    """Counts the moments at every write, and before and after every request; at one of them the process is gone."""

    def __init__(self, fatal):
        self.fatal, self.passed = fatal, 0

    def pass_one(self):
        if self.fatal is not None and self.passed >= self.fatal:
            raise Killed  # also whatever comes on the way up
        self.passed += 1
        if self.passed == self.fatal:
            raise Killed


@contextlib.contextmanager
def _watched(points):
    disk = [(os, name) for name in ("mkdir", "rename", "replace", "unlink", "fsync")]
    known = [(place, name, getattr(place, name)) for place, name in [*disk, (HTTPConnectionPool, "urlopen")]]

    def around(function, request):
        def watched(*arguments, **options):
            points.pass_one()
            found = function(*arguments, **options)
            if request:  # it took effect, and nobody reads the answer
                points.pass_one()
            return found

        return watched

    for place, name, function in known:
        setattr(place, name, around(function, place is HTTPConnectionPool))
    try:
        yield
    finally:
        for place, name, function in known:
            setattr(place, name, function)


def points_of(action):
    """How many moments an action has at which it can be killed."""
    points = _Points(None)
    with _watched(points):
        action()
    return points.passed


def killed_at(point, action):
    """Kill an action at a moment (from 1 on)."""
    points = _Points(point)
    with _watched(points):
        try:
            action()
        except Killed:
            return
    raise AssertionError(f"{point} is beyond the {points.passed} moments of the action")
