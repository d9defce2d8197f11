"""Rounds of a run: how often all its circuits are run, one after the other, and how much time is between two rounds."""

from problems.errors import InputError, whole_number

# Qiskit is not imported, so that refusals come at once.

__all__ = ["LONGEST_PAUSE", "MOST_JOBS", "check_rounds"]

MOST_JOBS = 10_000
"""Jobs of a run, those of all rounds together: their files stand in one folder."""

LONGEST_PAUSE = 7 * 86400.0
"""Seconds between two rounds, at most."""


def check_rounds(rounds: int, every: float, circuits: int) -> None:
    """Refuse rounds that are too many, or too far from each other.

    Parameters
    ----------
    rounds
        How often all circuits are run.
    every
        Seconds from the beginning of a round to that of the next.
    circuits
        How many there are in a round, those that run once more alone included.

    Raises
    ------
    InputError
        If they are.
    """
    if whole_number("rounds", rounds, 1) * circuits > MOST_JOBS:
        raise InputError(
            f"rounds = {rounds} of {circuits} circuits are {rounds * circuits:,} jobs; a run has at most {MOST_JOBS:,}."
        )
    if not 0 <= every <= LONGEST_PAUSE:
        raise InputError(f"every = {every:g} s is negative or more than 7 days; give the time between two rounds.")
