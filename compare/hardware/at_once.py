"""How many circuits of a run go together into one job, and which of them do."""

from collections.abc import Sequence
from dataclasses import dataclass

from problems.errors import InputError, whole_number
from quantum.region_names import check_number

# Qiskit is not imported, so that refusals come at once.

__all__ = ["ONE", "AtOnce", "groups_of"]


@dataclass(frozen=True)
class AtOnce:
    """How many circuits run at once, and where.

    Attributes
    ----------
    circuits
        At most so many go into one job.
    buffer
        Unused qubits between any two of them, at least.
    regions
        The qubits for the first, the second, ... circuit of each job; None leaves them to be chosen.
    alone
        Whether each also runs alone, at the same place: then what the others do to it can be told.
    """

    circuits: int = 1
    buffer: int = 0
    regions: tuple[tuple[int, ...], ...] | None = None
    alone: bool = False

    def check(self) -> None:
        """Refuse numbers out of range, and choices that do not go together.

        Raises
        ------
        InputError
            If a number is too small, a choice says nothing for one circuit at a time, or regions are too many or few.
        """
        whole_number("at_once", self.circuits, 1)
        whole_number("buffer", self.buffer, 0)
        if self.circuits == 1 and (self.buffer or self.regions or self.alone):
            raise InputError(
                "--region, --buffer and --alone say nothing where one circuit runs at a time; give --at-once 2 or more."
            )
        if self.regions is not None:
            check_number(len(self.regions), self.circuits)


ONE = AtOnce()
"""Each circuit is a job of its own."""


def groups_of(shots: Sequence[int], circuits: int) -> list[list[int]]:
    """Return the numbers of the circuits that go together: a job has one number of shots.

    Parameters
    ----------
    shots
        Of each circuit.
    circuits
        The most in one job.
    """
    groups: list[list[int]] = []
    open_groups: dict[int, list[int]] = {}
    for number, count in enumerate(shots):
        group = open_groups.get(count)
        if group is None or len(group) == circuits:
            group = []
            open_groups[count] = group
            groups.append(group)
        group.append(number)
    return groups
