"""Real data: features and a target with their names, as they are, and random splits of them.

Nothing is downloaded: a data set is embedded in scikit-learn, lies in this package, or is a file of the user's own.
A new one is a function that returns a `Dataset`, in a file here, and one line in `DATASETS` and in `problems.names`. No
package that holds data is imported before a data set is loaded. Behind the name of images a star and a number ask for
distorted copies: ``mnist-8-9*10``.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from problems import names
from problems.datasets.copies import Augmented, augmented
from problems.datasets.dataset import CLASSES, REGRESSION, TWO_CLASSES, Dataset
from problems.datasets.files import read_table
from problems.datasets.frames import is_frame, read_frame
from problems.datasets.images import digit_classes, digits, mnist_8_9
from problems.datasets.missing import impute
from problems.datasets.splits import HELD_OUT, split
from problems.datasets.tables import breast_cancer, diabetes, iris, wine
from problems.errors import InputError, choose
from problems.names import Named, is_path

__all__ = [
    "CLASSES",
    "DATASETS",
    "HELD_OUT",
    "REGRESSION",
    "TWO_CLASSES",
    "Augmented",
    "Dataset",
    "augmented",
    "impute",
    "is_frame",
    "load_dataset",
    "read_frame",
    "read_table",
    "split",
]


def _copied(load: Callable[[], Dataset], copies: int) -> Dataset:
    return augmented(load(), copies).dataset()


DATASETS: dict[str, Callable[[], Dataset]] = Named(
    {
        "digits": digits,
        "digits-classes": digit_classes,
        "mnist-8-9": mnist_8_9,
        "breast-cancer": breast_cancer,
        "wine": wine,
        "iris": iris,
        "diabetes": diabetes,
    },
    names.DATASETS,
    lambda load, copies: partial(_copied, load, copies),
)
"""Loaders of data sets, by name."""


def load_dataset(
    source: "str | Path | Dataset | Any",
    target: str | None = None,
    missing: str = "refuse",
    without: Sequence[str] = (),
) -> Dataset:
    """Load a data set by its name, a file of the user's own by its path, or a data frame.

    Parameters
    ----------
    source
        A name in `DATASETS`, with ``*10`` behind it for ten copies of each image (see `augmented`), the path of a table
        (see `read_table`), a data frame of pandas, polars or Arrow (see `read_frame`), or a data set.
    target
        Of a file or a frame: the column to predict. What has a name has its target.
    missing
        Of a file or a frame: what becomes of missing features, ``refuse``, ``drop`` or ``median``.
    without
        Of a file or a frame: columns to leave out.

    Raises
    ------
    InputError
        If there is no such data set, the file is no table, or a target, or columns to leave out, are given for what
        has its own.
    """
    if isinstance(source, Dataset):
        data = source
    elif is_frame(source):
        return read_frame(source, target, missing, without=without)
    elif is_path(source) and source not in DATASETS:
        return read_table(source, target, missing, without)
    else:
        data = choose("data set", source, DATASETS)()
    if target is not None and target != data.target:
        raise InputError(
            f"target = {target!r}: the data set {data.name!r} has a target of its own, {data.target}; leave it out."
        )
    if without:
        raise InputError(
            f"without = {','.join(without)!r}: columns are left out of files and frames alone; leave it out."
        )
    return data
