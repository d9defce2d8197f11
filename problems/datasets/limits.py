"""How large a table may be: it is held in memory, and travels with the records of a run."""

from problems.errors import InputError

__all__ = ["MOST_NUMBERS", "check_size"]

MOST_NUMBERS = 2**23
"""A table may have so many numbers: 64 MiB."""


def check_size(name: str, rows: int, columns: int) -> None:
    """Refuse a table with more than `MOST_NUMBERS`.

    Raises
    ------
    InputError
        If it has more.
    """
    if rows * columns > MOST_NUMBERS:
        raise InputError(
            f"{name}: {rows} rows of {columns} columns are more than the {MOST_NUMBERS} numbers that a table may have; "
            "give fewer rows or columns, or make the problem of chunks yourself (RidgeletProblem.from_chunks)."
        )
