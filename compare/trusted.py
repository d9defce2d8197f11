"""Classes that only a record names are imported once the user has named them too: a record may come from anybody."""

from collections.abc import Iterable, Mapping
from typing import Any

from problems.errors import InputError

__all__ = ["require_trusted", "trust"]

_trusted: set[str] = set()


def trust(paths: Iterable[str]) -> None:
    """Take classes as the user's own, each named as ``package.module:Name``.

    Raises
    ------
    InputError
        If one is no such name.
    """
    for path in paths:
        from compare.engine.methods import PATH

        if PATH.fullmatch(path) is None:
            raise InputError(f"{path!r} is no place of a class; name it as package.module:Name.")
        _trusted.add(path)


def require_trusted(recorded: Any) -> None:
    """Refuse plain data of a record that name a class which the user has not named.

    Parameters
    ----------
    recorded
        Text, or sequences and mappings of it.

    Raises
    ------
    InputError
        If there is one; the message says how it is named.
    """
    if isinstance(recorded, str):
        from compare.engine.methods import PATH

        if PATH.fullmatch(recorded) and recorded not in _trusted:
            raise InputError(
                f"The record names {recorded}, which would be imported and run here; if you know it, repeat it: "
                f"--trust {recorded}"
            )
    elif isinstance(recorded, Mapping):
        for value in recorded.values():
            require_trusted(value)
    elif isinstance(recorded, list | tuple):
        for value in recorded:
            require_trusted(value)
