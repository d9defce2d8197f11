"""Prospects of a data set as residues: distinct points, coverage, label noise and losses, over P and D.

All numbers are of the training part that `problems.ridgelet.data.load_residues` makes with the same seed, so that K is
what a study with that seed has.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from problems.datasets import REGRESSION, Dataset, split
from problems.errors import InputError, whole_number
from problems.finite_field import check_prime
from problems.ridgelet.data import best_features, categories, feature_scores, quantize_images
from problems.ridgelet.pooling import grid, pool
from problems.seeds import Seed

__all__ = ["DIMENSIONS", "PRIMES", "Prospect", "groups_of", "label_noise", "prospects"]

PRIMES = (3, 5, 7, 17)
"""Numbers of levels that are tried, if nobody names some."""

DIMENSIONS = (1, 2, 3, 4)
"""Numbers of features that are tried beside all there are."""


@dataclass(frozen=True)
class Prospect:
    """Prospects of a data set with D features of P levels each.

    Attributes
    ----------
    prime, dimension
        P and D.
    features
        Names of the D features, those with the highest F-scores; of images, none: they are pooled to D cells.
    samples
        Samples of the training part.
    points
        Distinct points K.
    log10_coverage
        Of K / P^D, the share of all points that the data fill: its decimal logarithm, for P^D may be no float.
    mixed
        Share of the points that have samples with different labels.
    noise
        The least share of the samples that any function of the points labels wrong; for regression, the share of the
        target's variance that lies within points. Points with one sample each show none, be there noise or not.
    lost
        How much of that quantizing makes: `noise` less that of the same features as they are, of images that of all
        pixels.
    spread
        Share of the features' variance that lies within levels, on average over the features: what quantizing cuts off.
    """

    prime: int
    dimension: int
    features: tuple[str, ...]
    samples: int
    points: int
    log10_coverage: float
    mixed: float
    noise: float
    lost: float
    spread: float

    @property
    def coverage(self) -> float:
        """K / P^D, 0 where it is no float."""
        return float(10.0**self.log10_coverage)


def prospects(
    data: Dataset, primes: Sequence[int] = PRIMES, dimensions: Sequence[int] | None = None, seed: Seed = 0
) -> list[Prospect]:
    """Return what a data set becomes for each number of features and each prime.

    Parameters
    ----------
    data
        The data set.
    primes
        Numbers of levels P.
    dimensions
        Numbers of features D; None takes `DIMENSIONS` and all, as far as there are so many.
    seed
        Chooses the training part.

    Raises
    ------
    InputError
        If a number is no prime, or there are not so many features.
    """
    primes = [check_prime(prime) for prime in primes]
    available = len(data.features)
    train, _ = split(data, seed)
    if dimensions is None:
        if data.side:
            dimensions = [count for count in (*DIMENSIONS, 16, available) if _pools(data.side, count)]
        else:
            dimensions = [*(count for count in DIMENSIONS if count < available), available]
    dimensions = [whole_number("features", dimension, 1) for dimension in dimensions]
    if data.side:
        return _of_images(train, primes, dimensions)
    for dimension in dimensions:
        if dimension > available:
            raise InputError(f"features = {dimension}: the data set {data.name!r} has {available}; give at most that.")
    return _of_table(train, primes, dimensions)


def label_noise(y: NDArray, groups: NDArray[np.int64], classes: int) -> tuple[float, float]:
    """Return how far groups of equal points fail to tell the targets.

    Parameters
    ----------
    y
        Targets, shape (n,): numbers of classes, or for regression the values.
    groups
        Which group each sample is in, shape (n,): numbers from 0.
    classes
        How many classes there are; 0 for regression.

    Returns
    -------
    The share of the groups that hold different targets; and the least share of the samples that are told wrong, or for
    regression the share of the variance within groups.
    """
    count = int(groups.max()) + 1
    if classes:
        pairs, samples = np.unique(groups * classes + y, return_counts=True)
        of = pairs // classes
        best = np.zeros(count, dtype=np.int64)
        np.maximum.at(best, of, samples)
        return float(np.mean(np.bincount(of, minlength=count) > 1)), float(1 - best.sum() / len(y))
    lowest, highest = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(lowest, groups, y)
    np.maximum.at(highest, groups, y)
    total = float(np.sum((y - y.mean()) ** 2))
    return float(np.mean(lowest < highest)), _within(y, groups, count) / total if total else 0.0


def _of_table(train: Dataset, primes: Sequence[int], dimensions: Sequence[int]) -> list[Prospect]:
    scores = feature_scores(train) if min(dimensions) < len(train.features) else None
    kept = {dimension: best_features(train, dimension, scores) for dimension in dimensions}
    classes = 0 if train.kind == REGRESSION else len(train.classes)
    exact = {
        dimension: label_noise(train.y, groups_of(map(_ranked, train.x[:, chosen].T)), classes)[1]
        for dimension, chosen in kept.items()
    }
    ascending = {place: _Ascending.of(train.x[:, place]) for place in np.unique(np.concatenate(list(kept.values())))}
    found = []
    for prime in primes:
        levels = _Levels(train, prime, ascending)
        for dimension, chosen in kept.items():
            names = tuple(train.features[place] for place in chosen)
            spread = float(np.mean([levels.spread(place) for place in chosen]))
            groups = groups_of(map(levels.of, chosen))
            found.append(_prospect(train, prime, dimension, names, groups, classes, exact[dimension], spread))
    return sorted(found, key=lambda one: dimensions.index(one.dimension))


@dataclass(frozen=True)
class _Ascending:
    """A feature's values in ascending order about their mean, and running sums of these: all that cuts need."""

    values: NDArray[np.float64]
    sums: NDArray[np.float64]
    squares: float

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> "_Ascending":
        ordered = np.sort(values)
        centered = ordered - ordered.mean()
        return cls(ordered, np.concatenate([[0.0], np.cumsum(centered)]), float(centered @ centered))

    def edges(self, prime: int) -> NDArray[np.float64]:
        """Return what `problems.quantizers.QuantileQuantizer` has between P levels, without looking for it again."""
        place = np.arange(1, prime) / prime * (len(self.values) - 1)
        below = np.floor(place).astype(np.intp)
        part = place - below
        low, high = self.values[below] / 2, self.values[np.minimum(below + 1, len(self.values) - 1)] / 2
        # As NumPy interpolates, from the nearer end.
        step = high - low
        return 2 * np.where(part < 0.5, low + step * part, high - step * (1 - part))

    def spread(self, edges: NDArray[np.float64]) -> float:
        """Return the share of the variance that lies within the levels between edges; 0 of a constant feature."""
        if self.values[0] == self.values[-1]:
            return 0.0
        cuts = np.concatenate([[0], np.searchsorted(self.values, edges), [len(self.values)]])
        sizes, sums = np.diff(cuts), np.diff(self.sums[cuts])
        between = float(np.sum(sums**2 / np.maximum(sizes, 1)))
        return min(1.0, max(0.0, 1 - between / self.squares))


class _Levels:
    """Residues of one prime, each feature's made when it is asked for."""

    def __init__(self, train: Dataset, prime: int, ascending: Mapping[int, _Ascending]) -> None:
        self.train, self.prime, self.ascending = train, prime, ascending
        self.made: dict[int, NDArray[np.int64]] = {}

    def of(self, place: int) -> NDArray[np.int64]:
        """Return a feature's residues, as `problems.ridgelet.data.quantize_columns` makes them."""
        if place not in self.made:
            values = self.train.x[:, place]
            if self._as_coded(place):
                self.made[place] = values.astype(np.int64)
            else:
                self.made[place] = np.searchsorted(self.ascending[place].edges(self.prime), values, side="right")
        return self.made[place]

    def spread(self, place: int) -> float:
        """Return the share of a feature's variance that lies within levels."""
        own = self.ascending[place]
        return 0.0 if self._as_coded(place) else own.spread(own.edges(self.prime))

    def _as_coded(self, place: int) -> bool:
        return 0 < categories(self.train, place) <= self.prime


def _of_images(train: Dataset, primes: Sequence[int], dimensions: Sequence[int]) -> list[Prospect]:
    classes = 0 if train.kind == REGRESSION else len(train.classes)
    exact = label_noise(train.y, groups_of(map(_ranked, train.x.T)), classes)[1]
    found = []
    for dimension in dimensions:
        for prime in primes:
            # Images are quantized by the range of the training part alone.
            levels, _, _ = quantize_images(train, train, prime, dimension)
            cells = pool(train.x, train.side or 0, *grid(train.side or 0, dimension))
            spread = np.mean([_spread(*both, prime) for both in zip(cells.T, levels.T, strict=True)])
            groups = groups_of(levels.T)
            found.append(_prospect(train, prime, dimension, (), groups, classes, exact, float(spread)))
    return found


def _prospect(
    train: Dataset,
    prime: int,
    dimension: int,
    names: tuple[str, ...],
    groups: NDArray[np.int64],
    classes: int,
    exact: float,
    spread: float,
) -> Prospect:
    points = int(groups.max()) + 1
    mixed, noise = label_noise(train.y, groups, classes)
    coverage = math.log10(points) - dimension * math.log10(prime)
    lost = max(0.0, noise - exact)
    return Prospect(prime, dimension, names, len(train), points, coverage, mixed, noise, lost, spread)


def groups_of(columns: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return which of the different rows each row is, shape (n,): numbers from 0.

    Parameters
    ----------
    columns
        At least one; whole numbers from 0, shape (n,) each. Where some tell all rows apart, the others are not asked.
    """
    groups, count = np.zeros(1, dtype=np.int64), 1
    for column in columns:
        size = int(column.max()) + 1
        groups, count = groups * size + column, count * size
        if count > 4 * len(groups):
            groups, count = _renumbered(groups)
            if count == len(groups):
                break
    return _renumbered(groups)[0]


def _renumbered(groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    different, renumbered = np.unique(groups, return_inverse=True)
    return renumbered.astype(np.int64), len(different)


def _ranked(values: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _spread(values: NDArray[np.float64], levels: NDArray[np.int64], prime: int) -> float:
    """Return the share of a feature's variance that lies within levels; 0 of a constant one."""
    total = float(np.sum((values - values.mean()) ** 2))
    return min(1.0, _within(values, levels, prime) / total) if total else 0.0


def _within(values: NDArray[np.float64], groups: NDArray[np.int64], count: int) -> float:
    """Return the sum of squares about the mean of each value's group."""
    sizes = np.bincount(groups, minlength=count)
    means = np.bincount(groups, weights=values, minlength=count) / np.maximum(sizes, 1)
    return float(np.sum((values - means[groups]) ** 2))


def _pools(side: int, cells: int) -> bool:
    try:
        grid(side, cells)
    except InputError:
        return False
    return True
