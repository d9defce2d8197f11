"""Shapes of a result's arrays, declared with its fields and held against every record that is read.

a: Annotated[Array, Shape("nodes", "dimension", of="iu")]
"""

import dataclasses
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, cast, get_type_hints

import numpy as np

__all__ = ["Shape", "check_shapes"]


@dataclasses.dataclass(frozen=True, init=False)
class Shape:
    """The shape of an array, and what its numbers are.

    Attributes
    ----------
    sides
        Numbers; or names: of a whole number among the fields of task or result, or of a sequence that is as long. Any
        other name stands for one and the same length throughout the result.
    of
        Kinds of numbers as NumPy abbreviates them: "iu" for whole ones, "b" booleans, "f" real, "c" complex.
    """

    sides: tuple[int | str, ...]
    of: str

    def __init__(self, *sides: int | str, of: str = "biuf") -> None:
        object.__setattr__(self, "sides", sides)
        object.__setattr__(self, "of", of)


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
        wanted = [side if isinstance(side, int) else known.get(side) for side in shape.sides]
        if len(found) != len(wanted) or any(w not in (None, f) for f, w in zip(found, wanted, strict=True)):
            raise ValueError(f"{name} has the shape {found}, and its fields say {wanted}")
        if np.dtype(described["dtype"]).kind not in shape.of:
            raise ValueError(f"{name} is an array of {described['dtype']}")
        known |= {side: length for side, length in zip(shape.sides, found, strict=True) if isinstance(side, str)}


def _length(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    return value if isinstance(value, int) else len(value) if isinstance(value, list | tuple) else None


@cache
def _declared(kind: Any) -> Mapping[str, Shape]:
    hints = get_type_hints(kind, include_extras=True)
    marks = {name: getattr(hint, "__metadata__", ()) for name, hint in hints.items()}
    return {name: mark for name, found in marks.items() for mark in found if isinstance(mark, Shape)}
