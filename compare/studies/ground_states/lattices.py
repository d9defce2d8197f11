"""Models by name and lattices as text: what settings and tasks say, and the problem that stands behind them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from problems.errors import InputError, choose

if TYPE_CHECKING:
    from problems.ground_states import IsingModel, ToricCode

__all__ = ["MODELS", "check_lattice", "in_words", "is_ising", "made", "shape"]

MODELS: Mapping[str, str] = {
    "open": "Ising",
    "periodic": "periodic Ising",
    "toric": "toric code",
}
"""Names of models for readers."""

LONGEST = 64
"""Sites along one side at most."""


def shape(lattice: str) -> tuple[int, int]:
    """Return rows and columns of "3x4".

    Raises
    ------
    InputError
        If it is written in another way, or a side is out of range.
    """
    rows, _, columns = str(lattice).partition("x")
    if not (rows.isdecimal() and columns.isdecimal()):
        raise InputError(f"lattice = {lattice!r} is no lattice; write rows and columns as 3x3.")
    found = int(rows), int(columns)
    if not all(1 <= side <= LONGEST for side in found):
        raise InputError(f"lattice = {lattice!r} has a side out of range; give sides of 1 to {LONGEST}.")
    return found


def check_lattice(name: str, lattice: str) -> None:
    """Refuse what is no lattice.

    Raises
    ------
    InputError
        If it is none.
    """
    shape(lattice)


def is_ising(model: str) -> bool:
    """Tell whether a model is an Ising model."""
    return model in ("open", "periodic")


def made(task: Any) -> "IsingModel | ToricCode":
    """Return the model of a task or a row, which has `model`, `lattice` and `field`.

    Raises
    ------
    InputError
        If there is no such model.
    """
    from problems.ground_states import IsingModel, ToricCode

    model, lattice, field = (_of(task, name) for name in ("model", "lattice", "field"))
    choose("model", model, MODELS)
    rows, columns = shape(lattice)
    if model == "toric":
        return ToricCode(rows, columns)
    return IsingModel(rows, columns, field, periodic=model == "periodic")


def in_words(row: Any, field: bool = True) -> str:
    """Return a model and its lattice as readers see them, and where `field` says so its field."""
    model, lattice, kappa = (_of(row, name) for name in ("model", "lattice", "field"))
    told = f"{MODELS.get(model, model)} {lattice.replace('x', ' x ')}"
    return told if kappa is None or not field else f"{told}, field {kappa:g}"


def _of(task: Any, name: str) -> Any:
    return task[name] if isinstance(task, Mapping) else getattr(task, name)
