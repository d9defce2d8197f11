"""Values that follow from an object alone: computed once, kept as long as the object lives, never pickled with it."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

__all__ = ["kept"]

Owner = TypeVar("Owner")
Found = TypeVar("Found")


def kept(function: Callable[[Owner], Found]) -> Callable[[Owner], Found]:
    """Call a function once for each object, which is known by its identity; the result must not refer to the object."""
    known: WeakKeyDictionary[Owner, Found] = WeakKeyDictionary()

    @wraps(function)
    def call(owner: Owner) -> Found:
        found = known.get(owner)
        if found is None:
            found = known[owner] = function(owner)
        return found

    return call
