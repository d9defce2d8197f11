"""Standard output and error that stop no command: closed, full, cut off by a reader, or of few characters."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

__all__ = ["lasting_streams", "printable"]

CONTROLS = dict.fromkeys({*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {9, 10})
"""Characters that move a terminal's cursor, change what is there, or turn the order of what follows."""


def printable(text: str) -> str:
    """Return text of a file, which may come from anybody, as a terminal may show it: lines and tabs, no controls."""
    return text.translate(CONTROLS)


@contextmanager
def lasting_streams() -> Iterator[None]:
    """Run a command whose work goes on, and whose files are whole, whatever becomes of what it prints.

    A closed stream takes nothing, one of few characters replaces others, and one that fails takes no more. Streams
    that a caller put in place are used as they are, and are back in place at the end.

    Raises
    ------
    SystemExit
        At the end, with a line on standard error, if the output could not be written but for a reader who left.
    """
    _open_closed()
    given = sys.stdout, sys.stderr
    for stream in given:
        if hasattr(stream, "reconfigure"):
            with suppress(OSError, ValueError):
                stream.reconfigure(errors="replace")
    out, errors = _Lasting(sys.stdout, plain=False), _Lasting(sys.stderr, plain=True)
    sys.stdout, sys.stderr = cast(TextIO, out), cast(TextIO, errors)
    code: Any = 0
    try:
        yield
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout, sys.stderr = given
        out.end()
        errors.end()
    if out.failure is not None and out.failure.errno != errno.EPIPE:
        with suppress(OSError):
            print(f"tickets: the output could not be written ({out.failure.strerror}); files are whole.", file=errors)
        code = code or 1
    if code:
        raise SystemExit(code)


class _Lasting:
    """A stream that, once it has failed, takes what is written and drops it.

    Parameters
    ----------
    stream
        Where it goes until then.
    plain
        Whether control characters are left out: on standard output rich writes colors.

    Attributes
    ----------
    failure
        Why it failed; None if it did not.
    """

    def __init__(self, stream: TextIO, plain: bool) -> None:
        self._stream, self._plain = stream, plain
        self.failure: OSError | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write text, or drop it."""
        if self.failure is None:
            try:
                return self._stream.write(printable(text) if self._plain else text)
            except OSError as error:
                self._fail(error)
        return len(text)

    def flush(self) -> None:
        """Pass on what was written."""
        if self.failure is None:
            try:
                self._stream.flush()
            except OSError as error:
                self._fail(error)

    def end(self) -> None:
        """Pass on what is left, so that a failure shows now and not when the interpreter ends."""
        if not getattr(self._stream, "closed", False):
            self.flush()

    def _fail(self, error: OSError) -> None:
        self.failure = error
        # What the stream still holds goes nowhere, and does not fail once more.
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


def _open_closed() -> None:
    """Open what was closed before Python began: a file opened later would take its place, and be printed into."""
    if sys.stdin is not None and sys.stdout is not None and sys.stderr is not None:
        return
    while os.open(os.devnull, os.O_RDWR) <= 2:  # the lowest number that is free
        pass
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  (stays open)
