"""Imported by the processes in which tasks of tests run: what is timed is measured in two rounds there, not in five.

Two show a difference between rounds; how many make times steady is for `benchmarks` to find. The measuring itself is
tested with all rounds, in the tests' own process.
"""

from compare.statistics import scaling, timing

timing.ROUNDS = scaling.ROUNDS = scaling.LEAST_ROUNDS = 2
