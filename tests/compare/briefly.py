"""How briefly tests measure time: two rounds show a difference between rounds, and a millisecond outlasts the clock."""

from compare.statistics import clocks, scaling, timing

__all__ = ["BRIEFLY"]

BRIEFLY = (
    (timing, "ROUNDS", 2),
    (scaling, "ROUNDS", 2),
    (scaling, "LEAST_ROUNDS", 2),
    (clocks, "LONG_ENOUGH", 1e-3),
)
"""Modules, names and what they are set to."""
