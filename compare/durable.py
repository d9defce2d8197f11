"""Files that are there whole or not at all, whatever kills the process or the machine."""

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from compare.unfinished import Unfinished
from problems.errors import InputError

__all__ = [
    "PART",
    "Content",
    "NotWritten",
    "alone",
    "folder_at_once",
    "make_folder",
    "remove_file",
    "write_file",
    "writing",
]

PART = ".part"
"""Ending of files and folders under way; a killed process leaves one behind, and it does no harm."""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""Errors of a disk that has no room, or fails: trying again later helps."""


class NotWritten(Unfinished):
    """A file could not be written for lack of room; nothing of it is there."""


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn the errors of writing into one line.

    Raises
    ------
    NotWritten
        If the disk is full or fails.
    InputError
        If writing is not allowed there.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in FULL:
            raise NotWritten(f"{path} cannot be written ({reason})") from None
        raise InputError(f"{path} cannot be written ({reason}); make it writable, or copy it elsewhere.") from None


def make_folder(path: Path) -> None:
    """Make a folder, if it is not there.

    Raises
    ------
    InputError
        If it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (OSError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is too deep"
        raise InputError(f"The folder {path!s:.200} cannot be made ({reason}); choose another with --out.") from None


@contextlib.contextmanager
def alone(path: Path, busy: Exception, wait: bool = False) -> Iterator[None]:
    """Be the only process that holds a file as its lock; the system frees it when its holder dies.

    Parameters
    ----------
    path
        The file; made if it does not exist.
    busy
        What is raised if another process holds it.
    wait
        Wait for the other process instead.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=-1 if wait else 0, poll_interval=0.1)
    with writing(path):
        try:
            lock.acquire()
        except Timeout:  # an OSError too, though nothing is wrong with the disk
            raise busy from None
    try:
        yield
    finally:
        lock.release()


Content = bytes | Callable[[BinaryIO], object]
"""The content of a file, or a function that writes it."""


def write_file(path: Path, content: Content) -> None:
    """Write a file, replacing what is there; on disk when this returns.

    Raises
    ------
    NotWritten, InputError
        See `writing`. The file is as it was before, or the new one, whole, if only its name is not on disk yet.
    """
    temporary = path.parent / f".{path.name}.{os.getpid()}{PART}"
    with writing(path):
        try:
            _write(temporary, content)
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        _settle(path.parent)


def remove_file(path: Path) -> None:
    """Remove a file if it is there; gone from the disk when this returns."""
    with writing(path):
        path.unlink(missing_ok=True)
        _settle(path.parent)


def folder_at_once(path: Path, files: Mapping[str, Content]) -> None:
    """Make a folder with all its files, or none; on disk when this returns.

    Raises
    ------
    NotWritten, InputError
        See `writing`; also if the folder exists. Nothing of the new folder is there, or all of it if only its name
        is not on disk yet.
    """
    temporary = path.parent / f".{path.name}.{os.getpid()}{PART}"
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.mkdir()
            for name, content in files.items():
                _write(temporary / name, content)
            _settle(temporary)
            os.rename(temporary, path)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        _settle(path.parent)


def _write(path: Path, content: Content) -> None:
    with path.open("wb") as file:
        if callable(content):
            content(file)
        else:
            file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Bring the folder's own entries to disk: names of files are not covered by the files' `fsync`."""
    if os.name != "posix":  # elsewhere folders cannot be opened
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
