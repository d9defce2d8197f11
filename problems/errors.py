"""How the suite refuses bad input: the value, why it is refused, and what to do."""

import difflib
import math
from collections.abc import Iterable, Mapping
from typing import TypeVar

__all__ = ["InputError", "OutOfReach", "choose", "non_negative", "whole_number", "yes_or_no"]

T = TypeVar("T")


class InputError(ValueError):
    """Bad input, described in one line: the value, the reason and a remedy."""


class OutOfReach(InputError):
    """A task that this machine cannot do as it is now: too little memory, an extra that is not installed."""


def choose(kind: str, name: object, options: Mapping[str, T]) -> T:
    """Look `name` up among `options`, or refuse it and name the nearest ones.

    Parameters
    ----------
    kind
        What is being chosen, in words ("data set", "activation"), for the message.
    name
        What the user asked for.
    options
        The choices there are, by name.

    Raises
    ------
    InputError
        If there is no such option.
    """
    if isinstance(name, str) and name in options:
        return options[name]
    raise InputError(f"There is no {kind} {name!r}. {_remedy(str(name), options)}")


def _remedy(name: str, options: Iterable[str]) -> str:
    known = sorted(options)
    nearest = difflib.get_close_matches(name.lower(), known, n=2, cutoff=0.5)
    hint = f"Did you mean {' or '.join(map(repr, nearest))}? " if nearest else ""
    return f"{hint}There are: {', '.join(known)}."


def whole_number(name: str, value: object, minimum: int) -> int:
    """Return `value` as an int, or refuse what is no whole number of at least `minimum`.

    Raises
    ------
    InputError
        If the value is no whole number or too small.
    """
    try:
        number = int(value)  # type: ignore[call-overload]
        exact = not isinstance(value, bool | str) and number == value
    except (TypeError, ValueError, OverflowError):
        exact = False
    if not exact:
        raise InputError(f"{name} = {value!r} is no whole number; give one of at least {minimum}.")
    if number < minimum:
        raise InputError(f"{name} = {number} is too small; give at least {minimum}.")
    return int(number)


def non_negative(name: str, value: object) -> float:
    """Return `value` as a float, or refuse what is no finite number of at least 0.

    Raises
    ------
    InputError
        If the value is no number, NaN, infinite or negative.
    """
    try:
        if isinstance(value, str | bool):
            raise TypeError
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InputError(f"{name} = {value!r} is no number; give a real number >= 0.") from None
    if not 0 <= number < math.inf:
        raise InputError(f"{name} = {value} is negative or not finite; give a real number >= 0.")
    return number


def yes_or_no(name: str, value: object) -> bool:
    """Return `value` as a bool, or refuse what is none: any text would count as true.

    Raises
    ------
    InputError
        If the value is neither True nor False.
    """
    if value is True or value is False:
        return value
    raise InputError(f"{name} = {value!r} is neither True nor False; give one of them.")
