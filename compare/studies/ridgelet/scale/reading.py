"""Times as figures and fits take them: over one axis, by method, at one value of everything else."""

from collections.abc import Mapping, Sequence
from typing import Any

from compare.sweeps.cells import Cell, in_words, varying

__all__ = ["panels", "seconds", "size"]


def panels(found: Sequence[Cell], axis: str) -> dict[str, dict[str, list[Cell]]]:
    """Return, for each setting of all but axis and method, in words, the cells of each method by size."""
    groups: dict[str, dict[str, list[Cell]]] = {}
    names = [name for name in varying(found) if name not in (axis, "method")]
    for cell in found:
        words = in_words({name: cell.settings[name] for name in names})
        groups.setdefault(words, {}).setdefault(cell.settings["method"], []).append(cell)
    for lines in groups.values():
        for line in lines.values():
            line.sort(key=lambda cell: size(cell, axis))
    return {words: lines for words, lines in groups.items() if any(len(line) > 1 for line in lines.values())}


def size(cell: Cell, axis: str) -> int:
    """Return where a cell stands on an axis: the points that there were, not those asked for."""
    return int(cell.values(lambda result: result["points"])[0] if axis == "points" else cell.settings[axis])


def seconds(result: Mapping[str, Any]) -> float:
    """Return seconds a sample with the share of the preparation."""
    return float(result["seconds"])
