"""Imported by the processes in which tasks of tests run: what is timed is measured in two rounds there, not in five.

The device that most of them simulate is read once, before they begin.

Two show a difference between rounds; how many make times steady is for `benchmarks` to find. The measuring itself is
tested with all rounds, in the tests' own process.
"""

import contextlib

from compare.statistics import scaling, timing
from problems.errors import InputError
from quantum.backends import resolve

timing.ROUNDS = scaling.ROUNDS = scaling.LEAST_ROUNDS = 2

with contextlib.suppress(InputError):  # without IBM's extra there is none
    resolve("fake_fez").target  # noqa: B018
