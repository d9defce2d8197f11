"""Real data: features and a target with their names, as they are, and random splits of them.

Nothing is downloaded: a data set is embedded in scikit-learn, lies in this package, or is a file of the user's own.
A new one is a function that returns a `Dataset`, in a file here, and one line in `DATASETS`. No package that holds data
is imported before a data set is loaded.
"""

from collections.abc import Callable
from pathlib import Path

from problems.datasets.dataset import CLASSES, REGRESSION, TWO_CLASSES, Dataset
from problems.datasets.files import is_path, read_table
from problems.datasets.images import digit_classes, digits, mnist_8_9
from problems.datasets.splits import HELD_OUT, split
from problems.datasets.tables import breast_cancer, diabetes, iris, wine
from problems.errors import InputError, choose

__all__ = [
    "CLASSES",
    "DATASETS",
    "HELD_OUT",
    "REGRESSION",
    "TWO_CLASSES",
    "Dataset",
    "load_dataset",
    "read_table",
    "split",
]

DATASETS: dict[str, Callable[[], Dataset]] = {
    "digits": digits,
    "digits-classes": digit_classes,
    "mnist-8-9": mnist_8_9,
    "breast-cancer": breast_cancer,
    "wine": wine,
    "iris": iris,
    "diabetes": diabetes,
}
"""Loaders of data sets, by name."""


def load_dataset(source: str | Path, target: str | None = None) -> Dataset:
    """Load a data set by its name, or a file of the user's own by its path.

    Parameters
    ----------
    source
        A name in `DATASETS`, or the path of a table: see `read_table`.
    target
        Of a file: the column to predict. What has a name has its target.

    Raises
    ------
    InputError
        If there is no such data set, the file is no table, or a target is given for what has its own.
    """
    if is_path(source) and source not in DATASETS:
        return read_table(source, target)
    data = choose("data set", source, DATASETS)()
    if target is not None:
        raise InputError(
            f"target = {target!r}: the data set {source!r} has a target of its own, {data.target}; leave it out."
        )
    return data
