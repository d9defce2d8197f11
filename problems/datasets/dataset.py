"""Data sets: samples with real features and a target, their names, and what kind of target it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers
from problems.errors import InputError
from problems.names import CLASSES, REGRESSION, TWO_CLASSES
from problems.showing import so_many

__all__ = ["CLASSES", "FEW", "REGRESSION", "TWO_CLASSES", "Dataset", "listed"]

FEW = 10
"""A numeric target is classes if it has at most so many different values, all of them whole numbers."""

NAMED = 6
"""Names listed in a refusal; the others are counted."""


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """A data set as it is: real features, one target, and the names of everything.

    Attributes
    ----------
    name
        What it is called; of a file, the file's name.
    x
        Features, shape (n, d).
    y
        Target, shape (n,): numbers of the classes, or for regression the values.
    features
        Names of the d features.
    target
        Name of what is to be predicted.
    kind
        What the target is: `TWO_CLASSES`, `CLASSES` or `REGRESSION`.
    classes
        Names of the classes by their numbers; empty for regression. Of two, the second counts as positive.
    description
        In a few words, what a sample is.
    source
        Where the samples are from; of a file, the identity of its content.
    side
        Where samples are images: the features are side x side grey levels, row by row.
    levels
        Where features are whole numbers 0..levels-1: how many levels there are.
    strata
        Labels of the samples whose shares a split keeps, shape (n,); left out, the classes.
    originals
        Where samples are copies of others: equal numbers for those that a split must not part, shape (n,).
    codes
        Features that are categories, each with its categories by their codes 0, 1, ...
    dates
        Features that are dates, in days since 1970-01-01.
    imputed
        The rule by which a split fills in missing features, which are NaN; None where nothing is missing.
    notes
        Sentences about what reading a table made of it: how it was decoded, what was left out or is missing.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64] | NDArray[np.int64]
    features: tuple[str, ...]
    target: str
    kind: str
    classes: tuple[str, ...]
    description: str
    source: str
    side: int | None = None
    levels: int | None = None
    strata: NDArray[Any] | None = None
    originals: NDArray[np.intp] | None = None
    codes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dates: tuple[str, ...] = ()
    imputed: str | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.x)

    def __repr__(self) -> str:
        asked = f"{len(self.classes)} classes" if self.classes else "a number"
        sizes = f"{so_many(len(self), 'sample')}, {so_many(len(self.features), 'feature')}"
        return f"Dataset({self.name!r}: {sizes}, {self.target}: {asked})"

    def taken(self, rows: slice | NDArray[np.integer]) -> Self:
        """Return the data set of some of the samples."""
        strata, originals = (None if each is None else each[rows] for each in (self.strata, self.originals))
        return replace(self, x=self.x[rows], y=self.y[rows], strata=strata, originals=originals)

    def told(self, places: Sequence[int] | NDArray[np.intp] | None = None) -> list[str]:
        """Return what a reader must know of features, all or those at `places`: codes, dates, constants; and the notes.

        Returns
        -------
        Sentences.
        """
        kept = range(len(self.features)) if places is None else places
        names, coded = [self.features[place] for place in kept], dict(self.codes)
        sentences = []
        for name in names:
            if len(coded.get(name, ())) > 1:
                code = ", ".join(f"{word} = {number}" for number, word in enumerate(coded[name]))
                sentences.append(f"{name!r} is coded: {code}.")
        dates = [name for name in names if name in self.dates]
        if dates:
            sentences.append(f"Dates, in days since 1970-01-01: {listed(dates)}.")
        constant = [self.features[place] for place in kept if not _varies(self.x[:, place])]
        if constant:
            sentences.append(f"The same in every row: {listed(constant)}.")
        return [*sentences, *self.notes]

    @classmethod
    def from_samples(
        cls,
        x: ArrayLike,
        y: ArrayLike,
        *,
        name: str = "data",
        features: Sequence[str] | None = None,
        target: str = "target",
        description: str = "Samples given as arrays",
        source: str = "arrays",
        sample: Callable[[int], str] = "sample {}".format,
        gaps: bool = False,
    ) -> Self:
        """Make a data set of arrays, and tell from its values what kind of target it has.

        Text and truth values are classes. Numbers are classes if they are whole and at most `FEW` different ones; all
        others are for regression. Classes stand in ascending order.

        Parameters
        ----------
        x, y
            Real features, shape (n, d), and targets, shape (n,): numbers or text.
        name, features, target, description, source
            As in `Dataset`; features without names are called ``x0``, ``x1``, ...
        sample
            What a sample is called in a refusal, by its place.
        gaps
            Whether features may be missing (NaN).

        Raises
        ------
        InputError
            If the arrays do not fit together, a number is not finite, the target is constant, or a class has one
            sample only.
        """
        samples, targets = _features(x, name), _targets(y, name, target)
        names = tuple(f"x{i}" for i in range(samples.shape[1])) if features is None else tuple(features)
        if len(names) != samples.shape[1] or len({*names, target}) <= len(names):
            raise InputError(
                f"{name}: {samples.shape[1]} features and the target {target!r} have {len({*names, target})} different "
                "names; give each one of its own."
            )
        if targets.shape != (len(samples),):
            raise InputError(f"{name}: the target has shape {targets.shape}; give ({len(samples)},), one a sample.")
        _check_finite(name, samples, names, sample, gaps)
        if targets.dtype.kind in "iuf":
            _check_finite(name, targets[:, None], (target,), sample)
        values, numbers, counts = np.unique(targets, return_inverse=True, return_counts=True)
        if len(values) == 1:
            raise InputError(
                f"{name}: the target {target!r} is {values[0]} in every sample, and there is nothing to learn; "
                "name another one."
            )
        if not _are_classes(values):
            return cls(name, samples, targets.astype(float), names, target, REGRESSION, (), description, source)
        classes = tuple(_word(value) for value in values.tolist())
        if counts.min() == 1:
            number = int(np.argmin(counts))
            where = sample(int(np.argmax(numbers == number)))
            raise InputError(
                f"{name}, {where}: this is the only sample of the class {classes[number]!r} of {target!r}, which has "
                f"{len(classes)}, and a split needs two of each; drop it, or name another target."
            )
        kind = TWO_CLASSES if len(classes) == 2 else CLASSES
        return cls(name, samples, numbers.astype(np.int64), names, target, kind, classes, description, source)


def listed(names: Sequence[str]) -> str:
    """Write names one after the other, the first few of many."""
    shown = ", ".join(map(repr, names[:NAMED]))
    return shown if len(names) <= NAMED else f"{shown} and {len(names) - NAMED} more"


def _varies(values: NDArray[np.float64]) -> bool:
    return bool(np.nanmin(values) < np.nanmax(values))


def _features(x: ArrayLike, name: str) -> NDArray[np.float64]:
    given = as_numbers(f"{name}: x", x)
    if given.dtype.kind not in "biuf":
        raise InputError(f"{name}: the features are no array of real numbers; give shape (n, d).")
    if given.ndim != 2 or given.size == 0:
        raise InputError(f"{name}: the features have shape {given.shape}; give (n, d) with n, d >= 1.")
    return given.astype(float)


def _targets(y: ArrayLike, name: str, target: str) -> NDArray[Any]:
    given = as_numbers(f"{name}: {target!r}", y)
    texts = given.dtype.kind == "O" and all(isinstance(one, str) for one in given.flat)
    if given.dtype.kind not in "biufU" and not texts:
        raise InputError(f"{name}: the target {target!r} holds neither numbers nor text alone; give one of them.")
    return given


def _check_finite(
    name: str, table: NDArray, columns: Sequence[str], sample: Callable[[int], str], gaps: bool = False
) -> None:
    broken = np.argwhere(np.isinf(table) if gaps else ~np.isfinite(table))
    if len(broken):
        row, column = broken[0]
        raise InputError(
            f"{name}, {sample(row)}, column {columns[column]!r}: {table[row, column]} is not finite; fill in a number "
            "or drop the row."
        )


def _are_classes(values: NDArray) -> bool:
    """Tell whether the different values of a target are classes."""
    if values.dtype.kind in "bUO":
        return True
    return len(values) <= FEW and bool(np.all(values == np.floor(values)))


def _word(value: object) -> str:
    """Write a class as its name: whole numbers without a point."""
    return str(int(value)) if isinstance(value, float) else str(value)
