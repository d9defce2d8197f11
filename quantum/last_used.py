"""Keeping what was used last: things that take longer to make than to use, and too much memory to keep them all."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

__all__ = ["last_used"]

Made = TypeVar("Made")


def last_used(kept: OrderedDict[Hashable, Made], key: Hashable, most: int, make: Callable[[], Made]) -> Made:
    """Return what is kept, or make it and let go of what was not used for longest.

    Parameters
    ----------
    kept
        All that is kept, in the order of its last use; changed in place.
    key
        The key of what is wanted.
    most
        How many things are kept, >= 1.
    make
        Makes what is wanted, where it is not kept; never None.
    """
    found = kept.pop(key, None)
    if found is None:
        found = make()
    kept[key] = found  # behind all others
    while len(kept) > most:
        kept.popitem(last=False)
    return found
