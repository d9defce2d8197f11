"""Samplers and studies of other packages, found by the entry points that these declare; nothing is imported to look.

[project.entry-points."quantum_tickets.samplers"]
small-weights = "my_package.samplers:SmallWeightsSampler"

[project.entry-points."quantum_tickets.studies"]
few = "my_package.study:STUDY"
"""

import warnings
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["SAMPLERS", "STUDIES", "found", "loaded"]

SAMPLERS, STUDIES = "quantum_tickets.samplers", "quantum_tickets.studies"
"""Groups of entry points."""


@cache
def _every() -> Any:
    """Return all entry points; looking through all packages takes a while, so it is done once."""
    from importlib.metadata import entry_points

    return entry_points()


@cache
def _declared(group: str) -> "tuple[EntryPoint, ...]":
    return tuple(_every().select(group=group))


def found(group: str, known: Iterable[str] = ()) -> dict[str, str]:
    """Return what other packages declare in a group: ``"module:attribute"`` by name, without importing it.

    Parameters
    ----------
    group
        `SAMPLERS` or `STUDIES`.
    known
        Names that are the suite's own; no package takes their place.
    """
    taken = set(known)
    return {one.name: one.value for one in _declared(group) if one.name not in taken}


def loaded(group: str, kind: type, known: Iterable[str] = ()) -> Mapping[str, Any]:
    """Return what other packages declare in a group, imported; what cannot be is left out, with a warning.

    Parameters
    ----------
    group, known
        As of `found`.
    kind
        What each of them has to be.
    """
    made, names = {}, found(group, known)
    for one in _declared(group):
        if one.name not in names:
            continue
        try:
            value = one.load()
            why = "" if isinstance(value, kind) else f"it is no {kind.__name__}"
        except Exception as error:  # whatever another package raises, the suite's own commands stay
            value, why = None, f"{type(error).__name__}: {error}"
        if why:
            warnings.warn(f"{one.name!r} ({one.value}) of {group} is left out: {why}.", stacklevel=2)
        else:
            made[one.name] = value
    return made
