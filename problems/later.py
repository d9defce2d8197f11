"""Imports that wait until somebody asks for what they bring."""

from collections.abc import Callable
from importlib import import_module
from operator import attrgetter
from typing import Any

__all__ = ["imported", "later"]


def imported(function: Callable[..., Any] | str) -> Callable[..., Any]:
    """Return a function or class that may be named as ``"module:name"``; dots lead to attributes of attributes."""
    if not isinstance(function, str):
        return function
    module, _, names = function.partition(":")
    found: Callable[..., Any] = attrgetter(names)(import_module(module))
    return found


def later(package: str, **homes: str) -> Callable[[str], Any]:
    """Return a package's ``__getattr__``, which imports the module that a name is in.

    Parameters
    ----------
    package
        The package's name.
    homes
        The names that each of its modules has, separated by spaces. None of them is a module's name.

    Examples
    --------
    >>> later("problems", seeds="named integer_seed")("named").__module__
    'problems.seeds'
    """
    home = {name: module for module, names in homes.items() for name in names.split()}

    def found(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{home[name]}"), name)

    return found
