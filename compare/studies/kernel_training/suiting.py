"""Which data sets the study of kernels takes."""

from collections.abc import Sequence

import numpy as np

from compare.studies.kernel_training.study import Settings
from problems.datasets import TWO_CLASSES, Dataset

__all__ = ["suits"]

LEAST_FEATURES = 3
"""Fewest features: a sample standardized over two is one of two points."""

SMALLEST = 10
"""Samples of each class that circuits of 16 training images, and tests beside them, take."""


def suits(data: Dataset) -> str | Sequence[str] | None:
    """Return why the study does not take a data set, or the flags that a small one needs."""
    if data.kind != TWO_CLASSES:
        return f"a kernel is trained for two classes here, and the target {data.target!r} is {_kind(data)}"
    if len(data.features) < LEAST_FEATURES:
        return (
            f"each sample is standardized over its features, which takes {LEAST_FEATURES} at least, and there are "
            f"{len(data.features)}"
        )
    half, usual = int(np.bincount(data.y.astype(int)).min()), Settings()
    if 2 * half >= max(usual.training) + usual.tests:
        return None
    if half < SMALLEST:
        return f"{SMALLEST} samples of each class are needed at least, and there are {half}"
    # A third of the samples answers, and powers of two up to the rest train.
    sizes = [n for n in (4, 8, *usual.training) if n <= 4 * half // 3]
    return ["--n", ",".join(map(str, sizes)), "--tests", str(2 * (half // 3))]


def _kind(data: Dataset) -> str:
    return f"{len(data.classes)} classes" if data.classes else "a number"
