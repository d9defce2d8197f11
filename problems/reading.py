"""Files of anybody's, read whole: no device, no pipe that nobody writes into, and no more than there is room for."""

import errno
import os
import stat
from pathlib import Path

__all__ = ["MOST_BYTES", "read_file"]

MOST_BYTES = 2**32
"""A file has so many bytes at most, if nobody says otherwise."""


def read_file(path: str | Path, most: int = MOST_BYTES) -> bytes:
    """Return the content of a regular file of at most `most` bytes.

    Raises
    ------
    OSError
        If it cannot be read, is a folder, a device or a pipe, or is larger; `strerror` says it.
    """
    path = Path(path)
    _check(path.stat(), path, most)
    # Should another file take its place meanwhile, opening it waits for nobody.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb") as file:
        _check(os.fstat(descriptor), path, most)
        # Room is made for what is asked for: for what the file has now, and for more only if there is more.
        size = os.fstat(descriptor).st_size
        content = file.read(size + 1)
        if content is not None and len(content) > size:
            content += file.read(most + 1 - len(content)) or b""
    if content is None or len(content) > most:  # as files have it that the system makes while they are read
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
    return content


def _check(status: os.stat_result, path: Path, most: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "Is a directory", str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    if status.st_size > most:
        raise OSError(errno.EFBIG, f"it has {status.st_size:,} bytes, and {most:,} are the most", str(path))
