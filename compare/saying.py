"""Lines on what is going on: of commands for devices, with warnings and refusals of a service as lines too."""

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from compare.streams import printable
from compare.unfinished import Unfinished

# Qiskit is imported by what needs it, so that help and refusals come at once.

__all__ = ["in_lines", "tell", "tell_aside"]


def tell(line: str) -> None:
    """Say a line."""
    print(printable(line), flush=True)


def tell_aside(line: str) -> None:
    """Say a line beside the output, which is for programs."""
    print(printable(line), file=sys.stderr, flush=True)


@contextmanager
def in_lines(say: Callable[[str], object] = tell) -> Iterator[None]:
    """Say in a line each what a user is warned of, and what a service refuses."""
    from quantum.backends.errors import ServiceError
    from quantum.backends.options import NotHonored, UnknownErrors

    notes = (NotHonored, UnknownErrors)

    def show(message: Warning | str, category: type[Warning], *where: object) -> None:
        if issubclass(category, notes):
            say(f"Note: {' '.join(str(message).split())}")
        else:
            known(message, category, *where)  # type: ignore[arg-type]

    known = warnings.showwarning
    with warnings.catch_warnings():
        for note in notes:
            warnings.simplefilter("always", note)
        warnings.showwarning = show  # type: ignore[assignment]
        try:
            yield
        except ServiceError as error:
            raise Unfinished(str(error)) from None
