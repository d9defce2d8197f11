"""Folders joined: lines by concatenation, arrays and asks by copying."""

from collections.abc import Sequence
from pathlib import Path

from compare.durable import write_file
from compare.engine.folder import ARRAYS, ASKS, RECORDS, opened
from compare.engine.record import DamagedError, parse
from problems.errors import InputError

__all__ = ["merge"]


def merge(sources: Sequence[Path], out: Path) -> tuple[int, int]:
    """Join folders into one, which may hold records already; what is there twice stands there once.

    Returns
    -------
    tuple
        How many lines `out` has, and how many of them are damaged.

    Raises
    ------
    InputError
        If a source holds no records, or is `out` itself, or another command writes in one of them.
    """
    places = [source.resolve() for source in sources]
    for source, place in zip(sources, places, strict=True):
        if not (source / RECORDS).is_file():
            raise InputError(f"{source} holds no {RECORDS}; name the folder of a study.")
        if place == out.resolve():
            raise InputError(f"{source} is the folder to merge into; name it with --out alone: it keeps what it has.")
        if places.count(place) > 1:
            raise InputError(f"{source} is named {places.count(place)} times; name each folder once.")
    with opened(out):
        files = [*([out / RECORDS] if (out / RECORDS).exists() else []), *(source / RECORDS for source in sources)]
        # A line that another command is writing is cut off: it is damaged here, and whole the next time.
        lines = dict.fromkeys(line for file in files for line in file.read_bytes().split(b"\n") if line.strip())
        for source in sources:
            for part in (ARRAYS, ASKS):
                for file in sorted((source / part).glob("*.*")) if (source / part).is_dir() else []:
                    if not (out / part / file.name).exists():
                        (out / part).mkdir(exist_ok=True)
                        write_file(out / part / file.name, file.read_bytes())
        # The lines last: each is the mark that its arrays are there.
        write_file(out / RECORDS, b"".join(line + b"\n" for line in lines))
    return len(lines), sum(map(_is_damaged, lines))


def _is_damaged(line: bytes) -> bool:
    try:
        parse(line, "a line")
    except DamagedError:
        return True
    except InputError:  # of another schema
        return False
    return False
