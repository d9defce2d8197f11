"""Numbers of a run, as tables and sentences need them: of one method, or of two on the same folds."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from compare.statistics import Compared, Estimate, compared, correct, over_folds
from compare.studies.ridgelet.risk.cases import REGRESSION
from compare.studies.ridgelet.risk.study import FIXED, MEASURES, Results

__all__ = [
    "LEVEL",
    "TICKET",
    "TICKETS",
    "classified",
    "contrast",
    "draws_contrast",
    "estimate",
    "has",
    "held_out",
    "judged",
    "known",
    "label_count",
]

Key = TypeVar("Key", bound=Hashable)

TICKETS = (
    "dequantized",
    "candidates",
    "subspace-1",
    "subspace-2",
    "subspace-3",
    "residual-1",
    "residual-2",
    "candidates-subspace",
    "magnitude-1",
    "magnitude-2",
    "refined-2",
)
"""Methods made of draws from some p*: what `TICKET` chooses among."""

TICKET = "ticket"
"""Of each fold, the method in `TICKETS` that is best on the inner folds: a choice that sees no held-out sample."""

LEVEL = 0.05
"""Chance of any false alarm in a table of differences."""

NEGLIGIBLE = 5e-4
"""A smaller difference is called none, however sure it is: two fits of 0 differ by their penalties alone."""


def held_out(results: Results, name: str) -> bool:
    """Tell whether a data set has held-out samples."""
    return bool(results.problems[name]["test"])


def classified(results: Results, name: str) -> bool:
    """Tell whether accuracy is counted."""
    return bool(results.problems[name]["kind"] != REGRESSION)


def has(results: Results, name: str, *methods: str) -> bool:
    """Tell whether all these methods have numbers on a data set."""
    return all(
        bool(_tickets(results, name)) if method == TICKET else method in results.values[name] for method in methods
    )


def _tickets(results: Results, name: str) -> list[str]:
    return [method for method in TICKETS if all(method in choices for choices in results.choices[name])]


def _values(results: Results, name: str, method: str) -> NDArray[np.float64]:
    if method != TICKET:
        return results.values[name][method]
    among = _tickets(results, name)
    best = [
        min(among, key=lambda one, fold=choices: fold[one]["risks"][-1])  # type: ignore[misc]
        for choices in results.choices[name]
    ]
    return np.stack([results.values[name][one][fold] for fold, one in enumerate(best)])


def _draws(results: Results, name: str, method: str, penalty: int, measure: str, size: int) -> NDArray[np.float64]:
    """Return one measure, shape (folds, seeds)."""
    return _values(results, name, method)[:, penalty, MEASURES.index(measure), :, size]


def known(results: Results, name: str, method: str, penalty: int, measure: str) -> bool:
    """Tell whether a method has this number on a data set."""
    return has(results, name, method) and bool(np.all(np.isfinite(_draws(results, name, method, penalty, measure, -1))))


def estimate(results: Results, name: str, method: str, penalty: int, measure: str, size: int = -1) -> Estimate:
    """Return the mean over folds of the mean over draws, with the interval over folds; see `over_folds`.

    The interval is cut at 0, and for shares at 1.
    """
    draws = _draws(results, name, method, penalty, measure, size)
    found = over_folds(draws.mean(axis=1), results.problems[name]["ratio"])
    most = 1.0 if measure.endswith("accuracy") else np.inf
    return replace(found, low=max(found.low, 0.0), high=min(found.high, most))


def contrast(results: Results, name: str, first: str, second: str, penalty: int, measure: str) -> Compared:
    """Return first - second at the quoted N on the same folds."""
    one, other = (_draws(results, name, method, penalty, measure, -1).mean(axis=1) for method in (first, second))
    return compared(one, other, results.problems[name]["ratio"])


def draws_contrast(results: Results, name: str, first: str, second: str, measure: str) -> Compared:
    """Return first - second over all draws, for methods that should draw from one distribution.

    Given the folds, their draws are independent and alike, so every draw counts by itself and no correction is due.
    """
    one, other = (_draws(results, name, method, FIXED, measure, -1).ravel() for method in (first, second))
    return compared(one, other, 0.0)


def judged(found: Sequence[tuple[Key, Compared]]) -> Iterator[tuple[Key, Compared, float, str]]:
    """Yield each name and difference with its p-value adjusted for their number (Holm), and the verdict by it."""
    adjusted = correct([one.pvalue for _, one in found])
    for (name, one), pvalue in zip(found, adjusted, strict=True):
        best = one.difference.best
        clear = pvalue < LEVEL and abs(best) >= NEGLIGIBLE
        yield name, one, float(pvalue), ("below" if best < 0 else "above") if clear else "not clearly different"


def label_count(results: Results) -> str:
    """Return what every number rests on, in words."""
    settings = results.run["settings"]
    folds, seeds = settings["folds"], settings["seeds"]
    return f"{folds} folds, {seeds} draw{'s' if seeds > 1 else ''} of nodes on each"
