"""Images of handwritten digits: 8x8 ones that scikit-learn carries, and 28x28 ones of MNIST beside this file."""

import functools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from problems.datasets.dataset import CLASSES, TWO_CLASSES, Dataset

__all__ = ["MNIST_FILE", "digit_classes", "digits", "mnist_8_9"]

MNIST_FILE = Path(__file__).with_name("mnist_8_9.npz")
"""500 images of each of 8 and 9; `mnist_8_9.md` beside it names source and license."""

DIGITS = "8x8 images of handwritten digits"


def digits() -> Dataset:
    """Return the 8x8 digits, even or odd."""
    x, shown = _load_digits()
    even = (shown % 2 == 0).astype(np.int64)
    asked = ("parity", TWO_CLASSES, ("odd", "even"))
    # A split keeps the share of each digit, not only of the even and the odd ones.
    return Dataset("digits", x, even, _pixels(8), *asked, DIGITS, "sklearn.datasets.load_digits", 8, 17, shown)


def digit_classes() -> Dataset:
    """Return the 8x8 digits, ten classes."""
    x, shown = _load_digits()
    asked = ("digit", CLASSES, tuple("0123456789"))
    return Dataset("digits-classes", x, shown, _pixels(8), *asked, DIGITS, "sklearn.datasets.load_digits", 8, 17)


def mnist_8_9() -> Dataset:
    """Return 1,000 images of MNIST, 8 or 9."""
    images, shown = _read_mnist()
    x, eight = images.reshape(len(images), -1).astype(float), (shown == 8).astype(np.int64)
    asked = ("digit", TWO_CLASSES, ("9", "8"))
    description = "28x28 images of handwritten digits of MNIST"
    name = MNIST_FILE.name
    return Dataset("mnist-8-9", x, eight, _pixels(28), *asked, description, name, 28, 256, shown.copy())


def _load_digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    x, shown = _read_digits()
    return x.copy(), shown.copy()


# Unpacking and reading a file takes longer than most of what is done with small parts of it: each is read once.
@functools.cache
def _read_digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    from sklearn.datasets import load_digits

    x, shown = load_digits(return_X_y=True)
    return x, shown


@functools.cache
def _read_mnist() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    with np.load(MNIST_FILE, allow_pickle=False) as file:
        return file["images"], file["digits"]


def _pixels(side: int) -> tuple[str, ...]:
    return tuple(f"row {row}, column {column}" for row in range(side) for column in range(side))
