"""A table of methods: what readers see of each, how it is made and what it refuses, found without importing it."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from typing import Any, Generic, TypeVar

from compare.engine.kind import imported
from compare.report.styles import Style
from problems.errors import InputError

__all__ = ["Lazy", "Method", "Methods"]

PATH = re.compile(r"(?!\w+:[0-9a-f]{16}\Z)([A-Za-z_]\w*)(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
"""A class by its place: ``package.module:Name``. A word and 16 hexadecimal digits are none: they name a user's file by
its content."""


class Lazy:
    """A function or class that is imported when it is called.

    Parameters
    ----------
    path
        As ``"module:attribute"``.
    options
        Keywords that it is always called with.
    """

    def __init__(self, path: str, **options: Any) -> None:
        self.path, self.options = path, options

    def __call__(self, *arguments: Any) -> Any:
        """Import it and call it."""
        return imported(self.path)(*arguments, **self.options)

    def __repr__(self) -> str:
        return f"Lazy({self.path!r})"


class Method:
    """One entry of a table.

    Parameters
    ----------
    label
        What readers see.
    law
        What it draws from or how it decides, in a word or two: "p*", "control", "exact".
    make
        Makes it: a function or class, or where one is, ``"module:attribute"``.
    check
        Refuses, quickly, what `make` cannot take; None takes the `check` of what `make` names, if it has one.
    style
        How its lines are drawn; None takes one from the palette, by its name.
    options
        Keywords that `make` and `check` are called with.
    """

    def __init__(
        self,
        label: str,
        law: str,
        make: Callable[..., Any] | str,
        check: Callable[..., Any] | str | None = None,
        style: Style | None = None,
        **options: Any,
    ) -> None:
        self.label, self.law, self.style = label, law, style
        self.make: Callable[..., Any] = _callable(make, options)
        self.check: Callable[..., Any] = (
            partial(_check_of, make, options) if check is None else _callable(check, options)
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.label!r}, {self.law!r}, {self.make!r})"


def _callable(function: Callable[..., Any] | str, options: Mapping[str, Any]) -> Callable[..., Any]:
    if isinstance(function, str):
        return Lazy(function, **options)
    return partial(function, **options) if options else function


def _check_of(make: Callable[..., Any] | str, options: Mapping[str, Any], *arguments: Any) -> None:
    check = getattr(imported(make), "check", None)
    if check is not None:
        check(*arguments, **options)


M = TypeVar("M", bound=Method)


class Methods(dict[str, M], Generic[M]):
    """Methods by name; a class that nobody registered is found as ``package.module:Name``.

    Parameters
    ----------
    methods
        The table.
    named
        Called with a class and its path; returns its entry, or refuses it.
    """

    def __init__(self, methods: Mapping[str, M], named: Callable[[type, str], M]) -> None:
        super().__init__(methods)
        self._named = named

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or _importable(name)

    def __missing__(self, name: str) -> M:
        if not _importable(name):
            raise KeyError(name)
        try:
            found = imported(name)
        except (ImportError, AttributeError) as error:
            raise InputError(f"{name!r} cannot be imported ({error}); name a class as package.module:Name.") from None
        if not isinstance(found, type):
            raise InputError(f"{name!r} is no class; name one as package.module:Name.")
        return self._named(found, name)

    def only(self, condition: Callable[[M], bool]) -> Mapping[str, M]:
        """Return the entries that fulfil a condition, as a view: what is added later is seen."""
        return _Only(self, condition)


class _Only(Mapping[str, M]):
    def __init__(self, table: Methods[M], condition: Callable[[M], bool]) -> None:
        self._table, self._condition = table, condition

    def __getitem__(self, name: str) -> M:
        found = self._table[name]
        if not self._condition(found):
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._table and self._condition(self._table[name])

    def __iter__(self) -> Iterator[str]:
        return (name for name, method in self._table.items() if self._condition(method))

    def __len__(self) -> int:
        return sum(map(self._condition, self._table.values()))


def _importable(name: object) -> bool:
    """Tell whether a name is the place of a class, in a package that there is; the current folder counts."""
    found = PATH.fullmatch(name) if isinstance(name, str) else None
    if found is None:
        return False
    if "" not in sys.path:
        sys.path.append("")
    return find_spec(found[1]) is not None
