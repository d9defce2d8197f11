"""Names that flags of the studies take, in tables that are there before a study is: what is misspelled is told at once.

`compare.studies.STUDIES` says which flags of a study take which; tests hold that to the settings that studies declare.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from problems.errors import choose
from problems.later import imported

__all__ = [
    "DATA",
    "DATASETS",
    "DEVICES",
    "ENCODINGS",
    "LOADERS",
    "OWN",
    "SAMPLERS",
    "Known",
    "refuse_unknown",
]


class Known(NamedTuple):
    """The names of a table.

    Attributes
    ----------
    table
        A mapping, a sequence of names, or a function that returns one, as ``"module:name"``.
    word
        The word for a name in messages; empty for that of the flag.
    also
        Tells what else may stand there: a function, as ``"module:name"``.
    """

    table: str
    word: str = ""
    also: str = ""

    def options(self) -> Mapping[str, Any]:
        """Return the names, with whatever they name."""
        found: Any = imported(self.table)
        found = found() if callable(found) else found
        return found if isinstance(found, Mapping) else dict.fromkeys(found)

    def check(self, flag: str, value: str) -> None:
        """Refuse what is none of the names, and name the nearest.

        Raises
        ------
        InputError
            If there is no such name.
        """
        if not (self.also and imported(self.also)(value)):
            choose(self.word or flag, value, self.options())


OWN = "problems.names:is_own"

DATA = Known("problems.names:DATA", "data set", OWN)
"""Data sets, and functions on Z_P^D."""

DATASETS = Known("problems.names:DATASETS", "data set", OWN)
"""Data sets."""

SAMPLERS = Known("compare.studies.ridgelet.methods:SAMPLERS")
"""Samplers of hidden nodes."""

ENCODINGS, LOADERS = Known("quantum.names:ENCODINGS"), Known("quantum.names:LOADERS")
"""Encodings and loaders of circuits."""

DEVICES = Known("quantum.names:snapshot_names", "device")
"""Snapshots of devices."""

OTHERS = ("all", "none")
"""Words for no value at all."""


def refuse_unknown(names: Mapping[str, Known], arguments: Sequence[str]) -> None:
    """Refuse a name that is none of those that its flag takes, as the study itself would.

    Lists of names, and whatever else is wrong, are left to the study.

    Parameters
    ----------
    names
        Flags that take names, and those names.
    arguments
        Of the command, as they were typed.

    Raises
    ------
    InputError
        If there is no such name.
    """
    if not {"-h", "--help"}.isdisjoint(arguments):
        return
    for flag, value in dict(_flags(arguments)).items():  # of several the last one counts
        known = names.get(flag)
        if known is not None and "," not in value and value not in OTHERS:
            known.check(flag, value)


def _flags(arguments: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield flags with their values, as ``--flag value`` or ``--flag=value``."""
    for place, word in enumerate(arguments):
        if not word.startswith("--"):
            continue
        flag, equals, value = word[2:].partition("=")
        if equals:
            yield flag, value
        elif place + 1 < len(arguments) and not arguments[place + 1].startswith("-"):
            yield flag, arguments[place + 1]
