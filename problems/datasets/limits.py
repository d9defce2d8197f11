"""How large a table may be: it is held in memory, and travels with the records of a run."""

from problems.errors import InputError

__all__ = ["MOST_COLUMNS", "MOST_NUMBERS", "MOST_WORDS", "check_columns", "check_size", "check_words"]

MOST_NUMBERS = 2**23
"""A table may have so many numbers: 64 MiB."""

MOST_COLUMNS = 2**16
"""A table may have so many columns: each one is looked at by itself."""

MOST_WORDS = 2**20
"""All columns of text together may have so many different ones."""


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


def check_columns(name: str, columns: int) -> None:
    """Refuse a table with more than `MOST_COLUMNS`.

    Raises
    ------
    InputError
        If it has more.
    """
    if columns > MOST_COLUMNS:
        raise InputError(f"{name}, row 1: {columns:,} columns are more than {MOST_COLUMNS:,}; give fewer.")


def check_words(name: str, words: int) -> None:
    """Refuse columns of text with more than `MOST_WORDS` different ones.

    Raises
    ------
    InputError
        If they have more.
    """
    if words > MOST_WORDS:
        raise InputError(
            f"{name}: its columns of text have more than {MOST_WORDS:,} different ones; leave out names and the like."
        )
