"""Two classes of images on the unit sphere, as a kernel method is trained on them.

Training and test images are prepared apart, each chunk in the same way: one mean and one standard deviation over all of
its pixels, then each image divided by its norm. Class -1 comes first, so that with as many images of each class the
state of the labels is |-> on the most significant qubit and |+> on the others.

Source: Zlokapa, Neven, Lloyd, arXiv:2107.09200, and the recipe of their published notebook.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import real_array
from problems.datasets import TWO_CLASSES, Dataset, impute, load_dataset
from problems.errors import InputError, non_negative, whole_number
from problems.kernel_training.checks import two_labels
from problems.kernel_training.erf_ntk import MU, ErfNtk
from problems.seeds import Seed, generator
from problems.showing import Shows

__all__ = ["Kernel", "KernelTask", "standardized"]

TESTS = 256
"""Test images that are taken where nobody says how many."""


class Kernel(Protocol):
    """Anything with a normalized kernel of images, as `ErfNtk` and `PooledConvNtk` have."""

    @property
    def k_max(self) -> float:
        """The value that states |k*> are scaled by."""

    def between(self, images: ArrayLike, others: ArrayLike | None = None) -> NDArray[np.float64]:
        """Return the kernel of images, shape (n, d), with others, shape (m, d); 1 for an image with itself."""


@dataclass(frozen=True, eq=False, repr=False)
class KernelTask(Shows):
    """Training and test images of two classes, ready for a kernel.

    Attributes
    ----------
    x, x_test
        Images as rows of unit norm: shapes (n, d) and (t, d).
    y, y_test
        Labels -1 and +1; of the training images, -1 first.
    dataset
        The name of the data.
    classes
        What -1 and +1 stand for.

    Raises
    ------
    InputError
        If shapes do not fit together, rows have no unit norm, or labels are not -1 and +1 with -1 first.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    x_test: NDArray[np.float64]
    y_test: NDArray[np.float64]
    dataset: str = "images"
    classes: tuple[str, str] = ("-1", "+1")

    def __post_init__(self) -> None:
        for name in ("x", "x_test"):
            rows = real_array(name, getattr(self, name))
            if rows.ndim != 2 or not rows.size:
                raise InputError(f"{name} has shape {rows.shape}; give one image a row, shape (n, d).")
            if not np.allclose(np.linalg.norm(rows, axis=1), 1, rtol=0, atol=1e-9):
                raise InputError(f"{name} has rows of other norms than 1; make the task by KernelTask.of_images.")
            object.__setattr__(self, name, _frozen(rows))
        object.__setattr__(self, "y", _frozen(two_labels("y", self.y)))
        answers = real_array("y_test", self.y_test)
        if not np.all(np.isin(answers, (-1, 1))):
            raise InputError("y_test has labels other than -1 and +1; give two classes.")
        object.__setattr__(self, "y_test", _frozen(answers))
        for x, y in (("x", "y"), ("x_test", "y_test")):
            if getattr(self, y).shape != getattr(self, x).shape[:1]:
                raise InputError(
                    f"{y} has shape {getattr(self, y).shape}, and {x} has {len(getattr(self, x))} rows; give as many."
                )
        if np.any(np.diff(self.y) < 0):
            raise InputError("y has a +1 before a -1; sort the training images by class, -1 first.")

    def _facts(self) -> Mapping[str, object]:
        told = {"data": self.dataset, "classes": " and ".join(map(str, self.classes)), "pixels": self.x.shape[1]}
        return {**told, "training images": self.n, "test images": len(self.x_test)}

    def __repr__(self) -> str:
        first, second = self.classes
        return f"KernelTask({self.dataset!r}: {first} v {second}, n = {self.n}, {len(self.x_test)} test images)"

    @classmethod
    def of_images(
        cls, x: ArrayLike, y: ArrayLike, x_test: ArrayLike, y_test: ArrayLike, dataset: str = "images"
    ) -> Self:
        """Make a task of images as they are: training images sorted by class, both chunks standardized.

        Parameters
        ----------
        x, x_test
            Pixels, shapes (n, d) and (t, d).
        y, y_test
            Labels -1 and +1.
        dataset
            What the data are called.

        Raises
        ------
        InputError
            If shapes do not fit together, a number is not finite, there are other labels than -1 and +1 or one alone,
            or all pixels of a chunk or of an image are alike.
        """
        labels = two_labels("y", y)
        order = np.argsort(labels, kind="stable")
        pixels = real_array("x", x)
        if labels.shape != pixels.shape[:1]:
            raise InputError(f"y has shape {labels.shape}, and x has shape {pixels.shape}; give one label an image.")
        return cls(
            standardized("x", pixels[order]), labels[order], standardized("x_test", x_test), np.asarray(y_test), dataset
        )

    @classmethod
    def draw(
        cls, n: int, seed: Seed = None, dataset: "str | Path | Dataset" = "mnist-8-9", tests: int | None = None
    ) -> Self:
        """Draw training images at random, as many of each class, and test images of the rest, as balanced.

        Parameters
        ----------
        n
            Training images, an even number.
        seed
            Chooses the images.
        dataset
            A data set of two classes, by name or as such, or the path of a file of the user's own.
        tests
            Test images, an even number; 256, or as many as there are, if None.

        Raises
        ------
        InputError
            If a number is odd or too large, or the data set has not two classes.
        """
        data = _two_classes(dataset)
        rng = generator(seed)
        return cls._of_places(data, n, tests, [rng.permutation(np.flatnonzero(data.y == one)) for one in (0, 1)])

    @classmethod
    def first(cls, n: int, dataset: "str | Path | Dataset" = "mnist-8-9", tests: int | None = None) -> Self:
        """Take the first n/2 images of each class for training and those that follow for tests; see `draw`."""
        data = _two_classes(dataset)
        return cls._of_places(data, n, tests, [np.flatnonzero(data.y == one) for one in (0, 1)])

    @classmethod
    def _of_places(cls, data: Dataset, n: int, tests: int | None, places: list[NDArray[np.intp]]) -> Self:
        n = whole_number("n", n, 2)
        most = 2 * min(map(len, places))
        tests = min(TESTS, most - n) if tests is None else whole_number("tests", tests, 2)
        for name, number in (("n", n), ("tests", tests)):
            if number % 2:
                raise InputError(f"{name} = {number} is odd, and both classes have as many; give an even number.")
        if n + max(tests, 2) > most:
            raise InputError(
                f"n = {n} training and {max(tests, 2)} test images are more than the {most} that {data.name!r} has of "
                "two classes alike; ask for fewer."
            )
        half = n // 2
        train = np.concatenate([some[:half] for some in places])
        test = np.concatenate([some[half : half + tests // 2] for some in places])
        data = impute(data, train)
        labels = np.where(data.y == 1, 1.0, -1.0)
        return cls(
            standardized("x", data.x[train]),
            labels[train],
            standardized("x_test", data.x[test]),
            labels[test],
            data.name,
            (data.classes[0], data.classes[1]),
        )

    @property
    def n(self) -> int:
        """The number of training images."""
        return len(self.y)

    @cached_property
    def digest(self) -> str:
        """A hash of images and labels."""
        content = sha256()
        for array in (self.x, self.y, self.x_test, self.y_test):
            content.update(array.tobytes())
        return content.hexdigest()

    @cached_property
    def separation(self) -> float:
        """delta, the least 1 - |x_i . x_j| over pairs of training images.

        Raises
        ------
        InputError
            If two images are parallel, so that no depth tells them apart.
        """
        cosines = np.abs(self.x @ self.x.T)
        np.fill_diagonal(cosines, 0)
        delta = float(1 - cosines.max())
        if delta < 1e-12:
            i, j = np.unravel_index(int(np.argmax(cosines)), cosines.shape)
            raise InputError(
                f"Training images {i} and {j} are parallel, so that no depth tells them apart; drop one of them."
            )
        return delta

    def depth(self, factor: float = 1.0) -> int:
        """Return the paper's depth, round(factor 8 ln(n/delta) / mu), at least 1.

        Parameters
        ----------
        factor
            The constant of the rule; 1 is proven, .1 is what the notebook works with.

        Raises
        ------
        InputError
            If the factor is negative, or two training images are parallel.
        """
        return max(1, round(non_negative("factor", factor) * 8 * math.log(self.n / self.separation) / MU))

    def k_max(self, ntk: Kernel) -> float:
        """Return the kernel at the cosine 1 - delta: no training pair has a larger one.

        States |k*> scaled by it are kept far more often at large depth than by `ErfNtk.k_max`, at 1 - 1e-5; what is
        beyond it is clipped. Of a kernel that is no function of the cosine it is the largest of a training pair.
        """
        if isinstance(ntk, ErfNtk):
            return float(ntk.normalised(1 - self.separation))
        values = np.abs(self.kernel(ntk))
        np.fill_diagonal(values, 0)
        return float(values.max())

    def kernel(self, ntk: Kernel) -> NDArray[np.float64]:
        """Return the normalized kernel of the training images, shape (n, n): symmetric, 1 on the diagonal."""
        found: NDArray[np.float64] = ntk.between(self.x)
        return found

    def test_kernel(self, ntk: Kernel) -> NDArray[np.float64]:
        """Return the normalized kernel of test images with training images, shape (t, n)."""
        found: NDArray[np.float64] = ntk.between(self.x_test, self.x)
        return found


def standardized(name: str, images: ArrayLike) -> NDArray[np.float64]:
    """Return a chunk of images, shape (n, d): one mean and standard deviation of all pixels, then unit norm each.

    Raises
    ------
    InputError
        If there is no image, a number is not finite, or all pixels of the chunk are alike, or all of an image the mean.
    """
    pixels = real_array(name, images)
    if pixels.ndim != 2 or not pixels.size:
        raise InputError(f"{name} has shape {pixels.shape}; give one image a row, shape (n, d).")
    spread = pixels.std()
    if not spread > 0:
        raise InputError(f"{name}: all pixels are {pixels.flat[0]:g}, and nothing tells images apart; give others.")
    scaled = (pixels - pixels.mean()) / spread
    norms = np.linalg.norm(scaled, axis=1)
    if not np.all(norms > 0):
        raise InputError(
            f"{name}[{int(np.argmin(norms))}]: every pixel is the mean of all, so that its norm is 0; drop that image."
        )
    found: NDArray[np.float64] = scaled / norms[:, None]
    return found


def _two_classes(dataset: "str | Path | Dataset") -> Dataset:
    data = load_dataset(dataset)
    if data.kind != TWO_CLASSES:
        has = f"{len(data.classes)} classes" if data.classes else "a number as its target"
        raise InputError(
            f"The data set {data.name!r} has {has}, and kernels are trained for two classes here; name one with "
            "two, as 'mnist-8-9' or 'digits'."
        )
    return data


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array = array.copy()
    array.flags.writeable = False
    return array
