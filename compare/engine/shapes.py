"""Shapes of a result's arrays, and what their numbers are, declared with its fields and held against every record.

a: Annotated[Array, Shape("nodes", "dimension", of="iu", least=0, below="prime")]
"""

import dataclasses
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any, cast, get_type_hints

import numpy as np

__all__ = ["Shape", "check_numbers", "check_shapes"]


Side = int | str | Callable[[Mapping[str, int | None]], int]
"""A length: a number, a name of one, or a function of those that have names."""


@dataclasses.dataclass(frozen=True, init=False)
class Shape:
    """The shape of an array, and what its numbers are.

    Attributes
    ----------
    sides
        Numbers; or names: of a whole number among the fields of task or result, or of a sequence that is as long. Any
        other name stands for one and the same length throughout the result. A function makes the length of these.
    of
        Kinds of numbers as NumPy abbreviates them: "iu" for whole ones, "b" booleans, "f" real, "c" complex.
    least, most
        The least and the largest number there may be; None allows all, and without a least one such as are not finite.
    below
        The task's field that is above all numbers.
    """

    sides: tuple[Side, ...]
    of: str
    least: float | None
    most: float | None
    below: str

    def __init__(
        self,
        *sides: Side,
        of: str = "biuf",
        least: float | None = None,
        most: float | None = None,
        below: str = "",
    ) -> None:
        for name, value in (("sides", sides), ("of", of), ("least", least), ("most", most), ("below", below)):
            object.__setattr__(self, name, value)


def check_shapes(kind: type, result: Mapping[str, Any], task: Any) -> None:
    """Hold the arrays of a result, plain data of its type, against the shapes that its fields declare.

    Raises
    ------
    ValueError
        If one has another shape, or other numbers.
    """
    known = {name: _length(value) for name, value in {**vars(task), **result}.items()}
    for name, shape in _declared(cast(Hashable, kind)).items():
        described = result.get(name)
        if described is None:
            continue
        found = described["shape"]
        wanted = [_wanted(side, known) for side in shape.sides]
        if len(found) != len(wanted) or any(w not in (None, f) for f, w in zip(found, wanted, strict=True)):
            raise ValueError(f"{name} has the shape {found}, and its fields say {wanted}")
        if np.dtype(described["dtype"]).kind not in shape.of:
            raise ValueError(f"{name} is an array of {described['dtype']}")
        known |= {side: length for side, length in zip(shape.sides, found, strict=True) if isinstance(side, str)}


def check_numbers(kind: type, name: str, array: np.ndarray, task: Any) -> None:
    """Hold the numbers of an array of a result against what its field declares.

    Raises
    ------
    ValueError
        If one is out of range.
    """
    shape = _declared(cast(Hashable, kind)).get(name)
    if shape is None or array.size == 0:
        return
    if shape.least is not None and not (np.isfinite(array).all() and array.min() >= shape.least):
        bound = "" if shape.least == -np.inf else f", or below {shape.least:g}"
        raise ValueError(f"{name} has numbers that are not finite{bound}")
    if shape.most is not None and array.max() > shape.most:
        raise ValueError(f"{name} has numbers above {shape.most:g}")
    if shape.below and array.max() >= getattr(task, shape.below):
        raise ValueError(f"{name} has numbers that are not below {shape.below}")


def _wanted(side: Side, known: Mapping[str, int | None]) -> int | None:
    if isinstance(side, int):
        return side
    return known.get(side) if isinstance(side, str) else side(known)


def _length(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    return value if isinstance(value, int) else len(value) if isinstance(value, list | tuple) else None


@cache
def _declared(kind: Any) -> Mapping[str, Shape]:
    hints = get_type_hints(kind, include_extras=True)
    marks = {name: getattr(hint, "__metadata__", ()) for name, hint in hints.items()}
    return {name: mark for name, found in marks.items() for mark in found if isinstance(mark, Shape)}
