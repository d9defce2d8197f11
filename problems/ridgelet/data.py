"""From a data set to residues: split, pooled or with features chosen, quantized to P levels, its targets centered.

Quantizers, feature choice, centering and standardization see the training part only. Two classes become -1 and +1,
several become one column each (several outputs), regression targets are standardized; all targets are then centered by
the training mean, so that predicting 0 is predicting the best constant.
"""

import itertools
from collections import ChainMap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.datasets import CLASSES, DATASETS, REGRESSION, Dataset, is_frame, load_dataset, split
from problems.errors import InputError, choose, whole_number
from problems.finite_field import check_prime, is_prime
from problems.names import is_path
from problems.quantizers import LevelQuantizer, QuantileQuantizer
from problems.ridgelet.f_scores import f_of_classes, f_of_regression
from problems.ridgelet.functions import FUNCTIONS
from problems.ridgelet.pooling import grid, pool
from problems.ridgelet.residues import Residues, first_points
from problems.seeds import Seed, generator

__all__ = [
    "DATA",
    "Residues",
    "best_features",
    "categories",
    "feature_scores",
    "first_points",
    "load_residues",
    "quantize_columns",
    "quantize_images",
]

DATA: Mapping[str, Any] = ChainMap[str, Any](FUNCTIONS, DATASETS)
"""Names that `load_residues` knows: the data sets, then the functions on Z_P^D."""


def load_residues(
    source: str | Path | Dataset | Any,
    prime: int,
    features: int | None = None,
    seed: Seed = 0,
    target: str | None = None,
    missing: str = "refuse",
    without: Sequence[str] = (),
) -> Residues:
    """Load a data set, split and quantized to P levels.

    Parameters
    ----------
    source
        A name in `DATA`, the path of a table, a data frame of pandas, polars or Arrow, or a data set.
    prime
        The prime P: every feature gets P levels.
    features
        The data dimension D; None takes all there are (2 for functions, 8 for `random`). Images are pooled to that many
        cells; of tables, the features with the highest F-score on the training part are kept.
    seed
        Chooses the held-out quarter.
    target
        Of a file or a frame: the column to predict.
    missing
        Of a file or a frame: what becomes of missing features, ``refuse``, ``drop`` or ``median``.
    without
        Of a file or a frame: columns to leave out.

    Raises
    ------
    InputError
        If there is no such data set, the prime is none, or the data set cannot have that many features.
    """
    if not isinstance(source, Dataset) and not is_path(source) and not is_frame(source):
        choose("data set", source, DATA)
    prime = check_prime(prime)
    if features is not None:
        features = whole_number("features", features, 1)
    if isinstance(source, str) and source in FUNCTIONS:
        if target is not None:
            raise InputError(f"target = {target!r}: the function {source!r} is its own target; leave it out.")
        return FUNCTIONS[source](source, prime, features, generator(seed))
    data = load_dataset(source, target, missing, without)
    train, test = split(data, seed)
    quantize = quantize_images if data.side else _quantize_table
    x_train, x_test, levels = quantize(train, test, prime, len(data.features) if features is None else features)
    y_train, y_test = _center(train, test)
    described = f"{data.description}, {_asked(data)}; {levels}."
    return Residues(data.name, described, prime, x_train, x_test, y_train, y_test, data.kind)


Quantized = tuple[NDArray[np.int64], NDArray[np.int64], str]
"""Residues of both parts, shapes (n, D) and (m, D), and in words how they were made."""


def quantize_images(train: Dataset, test: Dataset, prime: int, features: int) -> Quantized:
    """Pool images to a grid of cells; whole grey levels stay as they are at the least prime that has as many."""
    side = train.side or 0
    rows, columns = grid(side, features)
    every = rows == columns == side
    native = train.levels and next(number for number in itertools.count(train.levels) if is_prime(number))
    as_they_are = every and prime == native
    quantizer = LevelQuantizer(prime, 0, prime) if as_they_are else LevelQuantizer(prime)
    x_train, x_test = (pool(part.x, side, rows, columns) for part in (train, test))
    pooled = "every pixel" if every else f"pooled to {rows}x{columns} cells"
    kept = f"its {train.levels} grey levels as they are"
    levels = kept if as_they_are else f"{prime} levels of equal width in each feature's range"
    return quantizer.fit_transform(x_train), quantizer.transform(x_test), f"{pooled}, {levels}"


def _quantize_table(train: Dataset, test: Dataset, prime: int, features: int) -> Quantized:
    """Keep the features with the highest F-scores, and cut each into quantile levels."""
    available = len(train.features)
    if features > available:
        raise InputError(f"features = {features}: the data set {train.name!r} has {available}; give at most that.")
    kept = best_features(train, features)
    x_train, x_test = quantize_columns(train, test, prime, kept)
    levels = f"{features} of {available} features, each cut into {prime} quantile levels"
    coded = [train.features[place] for place in kept if 0 < categories(train, place) <= prime]
    if coded:
        levels += f", but {', '.join(map(repr, coded))} as coded"
    return x_train, x_test, ". ".join([levels, *(sentence.rstrip(".") for sentence in train.told(kept))])


def quantize_columns(
    train: Dataset, test: Dataset, prime: int, kept: NDArray[np.intp]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut features into quantile levels of the training part; categories of which there are at most P stay as coded.

    Parameters
    ----------
    train, test
        Both parts of a table.
    prime
        The number of levels P.
    kept
        The places of the features.

    Returns
    -------
    Residues of both parts, shapes (n, D) and (m, D).
    """
    quantizer = QuantileQuantizer(prime)
    parts = quantizer.fit_transform(train.x[:, kept]), quantizer.transform(test.x[:, kept])
    for column, place in enumerate(kept):
        if 0 < categories(train, place) <= prime:
            for residues, part in zip(parts, (train, test), strict=True):
                residues[:, column] = part.x[:, place]
    return parts


def categories(data: Dataset, place: int) -> int:
    """Return how many categories a feature has; 0 of a number."""
    return len(dict(data.codes).get(data.features[place], ()))


def best_features(train: Dataset, count: int, scores: NDArray[np.float64] | None = None) -> NDArray[np.intp]:
    """Return the places of the features with the highest F-scores, ascending; constant ones come last.

    Parameters
    ----------
    train
        The training part.
    count
        How many features.
    scores
        What `feature_scores` returns of the training part, if it is known.
    """
    varying = _varying(train)
    if count >= len(varying):
        constant = np.setdiff1d(np.arange(train.x.shape[1]), varying)
        return np.sort(np.r_[varying, constant[: count - len(varying)]])
    known = feature_scores(train) if scores is None else scores
    # Of equal scores the last features are taken, and no score is below all others, as scikit-learn has it.
    order = np.argsort(np.where(np.isnan(known), np.finfo(float).min, known), kind="stable")
    return varying[np.sort(order[-count:])]


def feature_scores(train: Dataset) -> NDArray[np.float64]:
    """Return the F-scores of the features that vary, by which they are chosen."""
    score = f_of_regression if train.kind == REGRESSION else f_of_classes
    return score(train.x[:, _varying(train)], train.y)


def _varying(train: Dataset) -> NDArray[np.intp]:
    return np.flatnonzero(np.ptp(train.x, axis=0))


def _center(train: Dataset, test: Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the targets of both parts, centered, and for regression scaled, by those of the training part."""
    y_train, y_test = (_encode(part) for part in (train, test))
    mean, spread = y_train.mean(axis=0), y_train.std() if train.kind == REGRESSION else 1.0
    if spread == 0:
        raise InputError(
            f"The target {train.target!r} of {train.name!r} is constant in the training part, and there is nothing to "
            "learn; give more samples or another seed."
        )
    return (y_train - mean) / spread, (y_test - mean) / spread


def _encode(data: Dataset) -> NDArray[np.float64]:
    if data.kind == REGRESSION:
        return data.y.astype(float)
    if data.kind == CLASSES:
        return (data.y[:, None] == np.arange(len(data.classes))).astype(float)
    return np.where(data.y == 1, 1.0, -1.0)


def _asked(data: Dataset) -> str:
    """Say in words what is to be predicted."""
    if data.kind == REGRESSION:
        return f"{data.target}, standardized"
    if data.kind == CLASSES:
        return f"which {data.target}, one output each"
    return f"{data.classes[1]} (+1) against {data.classes[0]} (-1)"
