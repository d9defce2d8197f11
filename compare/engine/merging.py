"""Folders joined: lines by concatenation, arrays and asks by copying what the lines name and the digests confirm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from compare.durable import write_file
from compare.engine.ask import LARGEST as LARGEST_ASK
from compare.engine.ask import read_ask
from compare.engine.folder import ARRAYS, ASKS, DIGEST, LARGEST_ARRAYS, RECORDS, opened
from compare.engine.plain import content_hash
from compare.engine.record import DamagedError, Line, parse
from problems.errors import InputError
from problems.memory import require_memory
from problems.reading import read_file

__all__ = ["Merged", "merge"]

HEADER = 2**12
"""Bytes of an array's file beside its numbers, at most."""


@dataclass
class Merged:
    """The outcome of joining folders.

    Attributes
    ----------
    lines
        How many lines there are.
    told
        What the user should know of lines and files that are damaged, missing or no part of a run, a sentence each.
    """

    lines: int = 0
    told: list[str] = field(default_factory=list)


def merge(sources: Sequence[Path], out: Path) -> Merged:
    """Join folders into one, which may hold records already; what is there twice stands there once.

    Raises
    ------
    InputError
        If a source holds no records, or is `out` itself, a file of records cannot be read, or another command writes
        in `out`.
    """
    places = [source.resolve() for source in sources]
    for source, place in zip(sources, places, strict=True):
        if not (source / RECORDS).exists():
            raise InputError(f"{source} holds no {RECORDS}; name the folder of a study.")
        if place == out.resolve():
            raise InputError(f"{source} is the folder to merge into; name it with --out alone: it keeps what it has.")
        if places.count(place) > 1:
            raise InputError(f"{source} is named {places.count(place)} times; name each folder once.")
    found = Merged()
    every = {source: _lines(source) for source in sources}
    if not any(every.values()):
        raise InputError(f"{', '.join(map(str, sources))}: there is no record to join yet; run the study first.")
    with opened(out):
        # A line that another command is writing is cut off: it is damaged here, and whole the next time.
        lines = _lines(out) if (out / RECORDS).exists() else {}
        for source, own in every.items():
            if not own:
                found.told.append(f"{source} holds no record yet.")
            _copy_arrays(source, out, own, found)
            _copy_asks(source, out, found)
            lines |= own
        # The lines last: each is the mark that its arrays are there.
        write_file(out / RECORDS, b"".join(line + b"\n" for line in lines))
    found.lines = len(lines)
    damaged = sum(record is None for record in lines.values())
    if damaged:
        found.told.append(f"{damaged:,} of {len(lines):,} lines are damaged; they are kept, and skipped.")
    return found


def _lines(folder: Path) -> dict[bytes, Line | bool | None]:
    """Return the lines of a folder's own records, each with what it says."""
    path = folder / RECORDS
    try:
        size = path.stat().st_size
        require_memory(4 * size, f"Joining {path}", "join it on a machine with more")
        lines = read_file(_own(path, folder), max(size, 1)).split(b"\n")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); name the folder of a study.") from None
    return {line: _parsed(line) for line in lines if line.strip()}


def _copy_arrays(source: Path, out: Path, lines: Mapping[bytes, Line | bool | None], found: Merged) -> None:
    """Copy the arrays that lines name, each if it is what its name says."""
    records = [record for record in lines.values() if isinstance(record, Line)]
    named = dict.fromkeys(digest for record in records for digest in record.arrays.values())
    for digest in named:
        target = out / ARRAYS / f"{digest}.npy"
        if Path(digest).name == digest and not target.exists():
            try:
                content = read_file(_own(source / ARRAYS / target.name, source), LARGEST_ARRAYS + HEADER)
                if content_hash(content, DIGEST) != digest:
                    raise OSError(None, "its content is not what its name says")
            except OSError as error:
                found.told.append(
                    f"{source / ARRAYS / target.name} is not copied ({error.strerror}); its task counts as not run."
                )
                continue
            target.parent.mkdir(exist_ok=True)
            write_file(target, content)


def _copy_asks(source: Path, out: Path, found: Merged) -> None:
    """Copy what was asked for, as far as it can be read."""
    for path in sorted((source / ASKS).glob("*.json")) if (source / ASKS).is_dir() else []:
        if not (out / ASKS / path.name).exists():
            try:
                content = read_file(_own(path, source), LARGEST_ASK)
                read_ask(path)
            except (OSError, InputError) as error:
                reason = getattr(error, "strerror", None) or error
                found.told.append(f"{path} is not copied: {reason}")
                continue
            (out / ASKS).mkdir(exist_ok=True)
            write_file(out / ASKS / path.name, content)


def _own(path: Path, folder: Path) -> Path:
    """Return a file of a folder, unless a link leads out of it: others' files are no part of a run."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise OSError(None, "it is a link that leads out of the folder")
    return path


def _parsed(line: bytes) -> Line | bool | None:
    """Return a line's record, None if it is damaged, and True if it is of another schema."""
    try:
        return parse(line, "a line")
    except DamagedError:
        return None
    except InputError:
        return True
