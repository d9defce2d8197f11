"""Data sets as points of Z_P^D with targets, split into training and held-out parts.

Every data set is embedded in scikit-learn, lies in this package or is computed; nothing is downloaded. Two classes
become -1 and +1, several become one column each (several outputs), regression targets are standardized; all targets are
then centered by the training mean, so that predicting 0 is predicting the best constant.
Quantizers, feature choice, centering and standardization see the training part only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets as sklearn_datasets
from sklearn.feature_selection import SelectKBest, f_classif, f_regression
from sklearn.model_selection import train_test_split

from problems.errors import InputError, choose, whole_number
from problems.finite_field import check_prime
from problems.memory import require_memory
from problems.quantizers import LevelQuantizer, QuantileQuantizer
from problems.seeds import Seed, generator, integer_seed

__all__ = ["DATASETS", "Dataset", "first_points", "load_dataset"]

HELD_OUT = 0.25
"""Share of the samples that is held out."""

MNIST_FILE = Path(__file__).with_name("mnist_8_9.npz")
"""500 images of each of 8 and 9; `mnist_8_9.md` beside it names source and license."""

LISTED, NEAREST = 40, 4
"""A message lists so many numbers of cells at most, and so many nearest ones where there are more."""

IMAGE_SIDE = 8
"""The digits of scikit-learn are 8x8 images."""

RANDOM_POINTS = 64
"""Points of the data set without any pattern."""


@dataclass(frozen=True)
class Dataset:
    """A data set over Z_P, split once.

    Attributes
    ----------
    name, description
        What it is called, and in one sentence what its points and targets are.
    prime
        The prime P.
    x_train, x_test
        Points with digits 0..P-1, shapes (n, D) and (m, D).
    y_train, y_test
        Targets, shapes (n,) and (m,), or (n, C) and (m, C) for several outputs.
    """

    name: str
    description: str
    prime: int
    x_train: NDArray[np.int64]
    x_test: NDArray[np.int64]
    y_train: NDArray[np.float64]
    y_test: NDArray[np.float64]

    @property
    def dimension(self) -> int:
        """The data dimension D."""
        return self.x_train.shape[1]


def load_dataset(name: str, prime: int, features: int | None = None, seed: Seed = 0) -> Dataset:
    """Load a data set by name, quantized to P levels.

    Parameters
    ----------
    name
        A name in `DATASETS`.
    prime
        The prime P: every feature gets P levels.
    features
        The data dimension D; None takes all there are (2 for the synthetic functions, 8 for `random`). Images are
        pooled to that many cells; of tables, the features with the highest F-score on the training part are kept.
    seed
        Chooses the held-out quarter.

    Raises
    ------
    InputError
        If the name is unknown, the prime is none, or the data set cannot have that many features.
    """
    load = choose("data set", name, DATASETS)
    prime = check_prime(prime)
    if features is not None:
        features = whole_number("features", features, 1)
    return load(name, prime, features, generator(seed))


Loader = Callable[[str, int, int | None, np.random.Generator], Dataset]


def _split(rng: np.random.Generator, labels: NDArray | None, *arrays: NDArray) -> list[NDArray]:
    state = integer_seed(rng)
    return train_test_split(*arrays, test_size=HELD_OUT, random_state=state, stratify=labels)


def _signs(labels: NDArray) -> NDArray[np.float64]:
    return np.where(labels, 1.0, -1.0)


def _one_column_a_class(labels: NDArray) -> NDArray[np.float64]:
    return (labels[:, None] == np.unique(labels)).astype(float)


def _images(
    load_images: Callable[[], tuple[NDArray, NDArray]], subject: str, greys: int, native: int, target: str
) -> Loader:
    """Images (n, side, side) of digits; their grey levels 0..greys-1 are residues of the native prime as they are."""
    asked, to_targets = TARGETS[target]

    def load(name: str, prime: int, features: int | None, rng: np.random.Generator) -> Dataset:
        images, digits = load_images()
        side = images.shape[1]
        rows, columns = _grid(side, side**2 if features is None else features)
        pixels = _pool(images, rows, columns)
        x_train, x_test, y_train, y_test = _split(rng, digits, pixels, to_targets(digits))
        y_train, y_test = y_train - y_train.mean(axis=0), y_test - y_train.mean(axis=0)
        whole_levels = prime == native and rows == columns == side
        quantizer = LevelQuantizer(prime, 0, native) if whole_levels else LevelQuantizer(prime)
        x_train = quantizer.fit_transform(x_train)
        grey = (
            f"its {greys} grey levels as they are"
            if whole_levels
            else f"{prime} levels of equal width in each feature's range"
        )
        pooled = "every pixel" if rows == columns == side else f"pooled to {rows}x{columns} cells"
        return Dataset(
            name,
            f"{side}x{side} images of {subject}, {pooled}, {grey}; {asked}.",
            prime,
            x_train,
            quantizer.transform(x_test),
            y_train,
            y_test,
        )

    return load


TARGETS: dict[str, tuple[str, Callable[[NDArray], NDArray[np.float64]]]] = {
    "parity": ("even (+1) against odd (-1)", lambda digits: _signs(digits % 2 == 0)),
    "classes": ("which digit, one output each", lambda digits: _one_column_a_class(digits)),
    "eight": ("8 (+1) against 9 (-1)", lambda digits: _signs(digits == 8)),
}
"""What is asked of images of digits, in words, and the targets."""


def _load_digits() -> tuple[NDArray, NDArray]:
    bunch = sklearn_datasets.load_digits()
    return bunch.images, bunch.target


def _load_mnist() -> tuple[NDArray, NDArray]:
    with np.load(MNIST_FILE, allow_pickle=False) as file:
        return file["images"], file["digits"]


def _grid(side: int, cells: int) -> tuple[int, int]:
    """Return the squarest grid of that many cells that an image can be pooled to."""
    lengths = range(1, side + 1)
    # Of several grids with that many cells the last one written has the most rows: the squarest.
    squarest = {r * c: (r, c) for r in lengths for c in lengths if r <= c}
    if cells not in squarest:
        known = sorted(squarest)
        words = "there are"
        if len(known) > LISTED:
            known = sorted(sorted(known, key=lambda other: abs(other - cells))[:NEAREST])
            words = "the nearest that go"
        image = f"{'an' if side == IMAGE_SIDE else 'a'} {side}x{side} image"
        raise InputError(
            f"features = {cells}: {image} cannot be pooled to {cells} equal cells; {words}: "
            f"{', '.join(map(str, known))}."
        )
    return squarest[cells]


def _pool(images: NDArray, rows: int, columns: int) -> NDArray[np.float64]:
    """Average images (n, side, side) over a grid of cells, as equal as pixels allow; shape (n, rows columns)."""
    bands = [band.mean(axis=1) for band in np.array_split(images, rows, axis=1)]
    return np.stack([cell.mean(axis=1) for band in bands for cell in np.array_split(band, columns, axis=1)], axis=1)


def _table(load_bunch: Callable, kind: str, subject: str) -> Loader:
    def load(name: str, prime: int, features: int | None, rng: np.random.Generator) -> Dataset:
        bunch = load_bunch()
        available = bunch.data.shape[1]
        features = available if features is None else features
        if features > available:
            raise InputError(f"features = {features}: the data set {name!r} has {available}; give at most that.")
        labels = None if kind == "regression" else bunch.target
        if kind == "regression":
            y = bunch.target.astype(float)
        else:
            y = _signs(bunch.target == 1) if kind == "two classes" else _one_column_a_class(bunch.target)
        x_train, x_test, y_train, y_test, t_train, _ = _split(rng, labels, bunch.data, y, bunch.target)
        mean, spread = y_train.mean(axis=0), y_train.std() if kind == "regression" else 1.0
        y_train, y_test = (y_train - mean) / spread, (y_test - mean) / spread
        score = f_regression if kind == "regression" else f_classif
        chosen = SelectKBest(score, k=features).fit(x_train, t_train)
        quantizer = QuantileQuantizer(prime)
        return Dataset(
            name,
            f"{subject}; {features} of {available} features, each cut into {prime} quantile levels.",
            prime,
            quantizer.fit_transform(chosen.transform(x_train)),
            quantizer.transform(chosen.transform(x_test)),
            y_train,
            y_test,
        )

    return load


def _function(formula: Callable[[NDArray, int, np.random.Generator], NDArray], subject: str) -> Loader:
    """Targets computed on all of Z_P^D: a known answer, with nothing left to hold out (test = train)."""

    def load(name: str, prime: int, features: int | None, rng: np.random.Generator) -> Dataset:
        dimension = 2 if features is None else features
        require_memory(
            16 * dimension * prime**dimension,
            f"The data set {name!r} on all of Z_{prime}^{dimension}",
            "ask for less",
        )
        x = np.indices((prime,) * dimension).reshape(dimension, -1).T.astype(np.int64)
        y = formula(x, prime, rng)
        y = y - y.mean()
        if not np.any(np.abs(y) > 1e-12):
            raise InputError(f"The data set {name!r} is constant at prime = {prime}; choose a larger prime.")
        y /= y.std()
        return Dataset(name, f"{subject} on all of Z_{prime}^{dimension}; no point is held out.", prime, x, x, y, y)

    return load


def _sine(x: NDArray, prime: int, rng: np.random.Generator) -> NDArray:
    phase = x.sum(axis=1) % prime
    # At P = 2 every phase is a multiple of pi: exactly constant.
    return np.zeros(len(x)) if prime == 2 else np.sin(2 * np.pi * phase / prime)


def _ridge(x: NDArray, prime: int, rng: np.random.Generator) -> NDArray:
    direction = rng.integers(1, prime, x.shape[1])
    t = x @ direction % prime
    return np.abs(np.where(t > prime / 2, t - prime, t)).astype(float)


def _gaussian(x: NDArray, prime: int, rng: np.random.Generator) -> NDArray:
    t = np.where(x > prime / 2, x - prime, x)
    return np.exp(-8 * ((t / prime) ** 2).sum(axis=1))


def _random(name: str, prime: int, features: int | None, rng: np.random.Generator) -> Dataset:
    """Random signs on few random points: nothing to concentrate on, and nothing to learn about the held-out points."""
    dimension = 8 if features is None else features
    require_memory(16 * RANDOM_POINTS * dimension, f"The data set {name!r} in {dimension} dimensions", "ask for less")
    few = prime**dimension <= 2**20
    count = min(RANDOM_POINTS, prime**dimension)

    def draw() -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        if few:
            grid = np.unravel_index(rng.choice(prime**dimension, count, replace=False), (prime,) * dimension)
            points = np.stack(grid, axis=1).astype(np.int64)
        else:
            points = rng.integers(0, prime, (count, dimension))
        return points, rng.permutation(np.where(np.arange(count) % 2 == 0, 1.0, -1.0))

    (x_train, y_train), (x_test, y_test) = draw(), draw()
    mean, spread = y_train.mean(), y_train.std()
    where = f"{count} random points of Z_{prime}^{dimension}"
    described = f"Random signs, as many of either, on {where}; held out are other draws of both."
    return Dataset(name, described, prime, x_train, x_test, (y_train - mean) / spread, (y_test - mean) / spread)


DATASETS: dict[str, Loader] = {
    "digits": _images(_load_digits, "handwritten digits", 17, 17, "parity"),
    "digits-classes": _images(_load_digits, "handwritten digits", 17, 17, "classes"),
    "mnist-8-9": _images(_load_mnist, "handwritten digits of MNIST", 256, 257, "eight"),
    "breast-cancer": _table(
        sklearn_datasets.load_breast_cancer,
        "two classes",
        "Breast tumors, benign (+1) against malignant (-1)",
    ),
    "wine": _table(sklearn_datasets.load_wine, "classes", "Wines of three cultivars, one output each"),
    "iris": _table(sklearn_datasets.load_iris, "classes", "Irises of three species, one output each"),
    "diabetes": _table(
        sklearn_datasets.load_diabetes,
        "regression",
        "Diabetes patients, progression after one year, standardized",
    ),
    "sine": _function(_sine, "sin(2 pi (x_1 + ... + x_D)/P)"),
    "ridge": _function(_ridge, "|a.x mod P|, centered, for one random direction a"),
    "gaussian": _function(_gaussian, "A centered Gaussian of width P/4"),
    "random": _random,
}
"""Loaders by name. Synthetic functions have known ridgelet spectra: `sine` lies on a single line of nodes, and `random`
has no structure that a sampler could find."""


def first_points(data: Dataset, points: int) -> Dataset:
    """Keep the training samples at the first so many distinct points, in the order of the split."""
    _, first, where = np.unique(data.x_train, axis=0, return_index=True, return_inverse=True)
    kept = np.isin(where.reshape(-1), np.argsort(first)[:points])
    return replace(data, x_train=data.x_train[kept], y_train=data.y_train[kept])
