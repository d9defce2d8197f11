"""Risks as tables and figures take them: means over splits with their intervals, and lines over N."""

from collections.abc import Sequence

from compare.statistics import Estimate, over_folds
from compare.sweeps.cells import Cell, in_words, varying

__all__ = ["CONTROL", "estimate", "has", "lines", "ratio", "zero"]

CONTROL = "uniform"
"""The method that others are held against."""


def has(cell: Cell, measure: str) -> bool:
    """Tell whether a measure is known: some are not of regression, or where nothing is held out."""
    return all(record.result is not None and record.result.get(measure) is not None for record in cell.records)


def ratio(cell: Cell) -> float:
    """Return held-out over training samples, by which splits overlap."""
    return max(cell.values(lambda result: result["ratio"]))


def estimate(cell: Cell, measure: str) -> Estimate:
    """Return the mean of a measure over splits with its 95% interval."""
    return over_folds(cell.values(lambda result: float(result[measure])), ratio(cell))


def zero(cell: Cell) -> float:
    """Return the risk of predicting the training mean: held out, or in training where nothing is."""
    return over_folds(cell.values(lambda result: float(result["held_out_zero"])), 0.0).best


def lines(found: Sequence[Cell]) -> dict[str, dict[str, list[Cell]]]:
    """Return, for each setting of all but N and method, in words, the cells of each method by N, where N varies."""
    groups: dict[str, dict[str, list[Cell]]] = {}
    names = [name for name in varying(found) if name not in ("nodes", "method")]
    for cell in found:
        words = in_words({name: cell.settings[name] for name in names})
        groups.setdefault(words, {}).setdefault(cell.settings["method"], []).append(cell)
    for group in groups.values():
        for line in group.values():
            line.sort(key=lambda cell: int(cell.settings["nodes"]))
    return {words: group for words, group in groups.items() if any(len(line) > 1 for line in group.values())}
