"""A diagonal as rotations on parities, and the fewest CNOTs that visit the parities."""

import itertools
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import hadamard

__all__ = ["parity_angles", "shortest_visit"]

ROUNDING = 1e-9


def parity_angles(table: NDArray[np.float64]) -> dict[int, float]:
    """Write phases, one for each of 2^m basis states, as angles on parities.

    Parameters
    ----------
    table
        Phases in radians, shape (2^m,).

    Returns
    -------
    dict
        By parity (bit i set: bit i of the state is in the sum), the angle of e^(i angle) where it is 1. Angles that
        vanish are left out; the phase table[0] is left to the caller.
    """
    angles = -2 * (hadamard(len(table)) @ table) / len(table)
    return {s: float(angle) for s, angle in enumerate(angles) if s and abs(angle) > ROUNDING}


def shortest_visit(
    start: tuple[int, ...], end: tuple[int, ...], choices: Sequence[frozenset[int]]
) -> tuple[frozenset[int], list[tuple[int, int]]]:
    """Return the fewest CNOTs that make the wires hold all parities of one choice at some time, and the choice.

    Parameters
    ----------
    start, end
        What each wire holds first and last.
    choices
        Sets of parities, one of which is to be visited.

    Returns
    -------
    choice, moves
        The CNOTs as (source wire, target wire).
    """
    choice, moves = _shortest(start, end, tuple(choices))
    return choice, list(moves)


@lru_cache(maxsize=64)
def _shortest(
    start: tuple[int, ...], end: tuple[int, ...], choices: tuple[frozenset[int], ...]
) -> tuple[frozenset[int], tuple[tuple[int, int], ...]]:
    """Search; kept, as it takes long and every digit of a circuit asks the same."""
    for length in itertools.count():
        for choice in choices:
            moves = _visit(start, end, choice - set(start), length)
            if moves is not None:
                return choice, tuple(moves)
    raise AssertionError  # any basis can be reached from any other


def _visit(
    wires: tuple[int, ...],
    end: tuple[int, ...],
    missing: frozenset[int],
    length: int,
    last: tuple[int, int] | None = None,
) -> list[tuple[int, int]] | None:
    """Return a walk of at most this length that ends rightly and visits what is missing; None if there is none.

    Moves come in the order of their wires. `last` is the move before: of two that may change places only one order is
    tried, the one that would be found first.
    """
    if not missing and wires == end:
        return []
    if len(missing) > length or sum(held != goal for held, goal in zip(wires, end, strict=True)) > length:
        return None
    for source, target in itertools.permutations(range(len(wires)), 2):
        if last is not None and (source, target) < last and _are_apart(source, target, *last):
            continue
        made = wires[target] ^ wires[source]
        if made in missing or len(missing) < length:
            rest = _visit(
                (*wires[:target], made, *wires[target + 1 :]), end, missing - {made}, length - 1, (source, target)
            )
            if rest is not None:
                return [(source, target), *rest]
    return None


def _are_apart(source: int, target: int, read: int, changed: int) -> bool:
    """Tell whether two moves may change places: neither changes what the other reads or changes."""
    return changed not in (source, target) and target != read
