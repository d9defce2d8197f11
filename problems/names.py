"""Names of data and of what they are, known without NumPy: for refusals, lists and completion at once.

The tables of what they name are `problems.datasets.DATASETS`, `problems.ridgelet.functions.FUNCTIONS` and
`problems.activations.ACTIVATIONS`; tests hold the names here to them.
"""

import re
from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Generic, TypeVar

__all__ = [
    "ACTIVATIONS",
    "CLASSES",
    "DATA",
    "DATASETS",
    "DIGITS",
    "FILE_MARK",
    "FUNCTIONS",
    "OTHERS",
    "READABLE",
    "REGRESSION",
    "ROWS_MARK",
    "TWO_CLASSES",
    "Named",
    "is_file",
    "is_own",
    "is_path",
    "is_rows",
    "is_rows_identity",
]

T = TypeVar("T")


class Named(dict[str, T], Generic[T]):
    """A table by name; a name with a star and a number, as of images with copies, is known and never listed.

    Parameters
    ----------
    table
        By name.
    names
        The table of the same names here, each in words: names that are added are known there too, by the first line of
        the docstring, and names that are taken away are not.
    copied
        Called with what a name names and a number of copies; returns what that is with copies. None knows no copies.
    """

    def __init__(
        self,
        table: Mapping[str, T],
        names: MutableMapping[str, str] | None = None,
        copied: Callable[[T, int], T] | None = None,
    ) -> None:
        super().__init__(table)
        self._names: MutableMapping[str, str] = {} if names is None else names
        self._copied = copied

    def __setitem__(self, name: str, found: T) -> None:
        super().__setitem__(name, found)
        self._names.setdefault(name, (found.__doc__ or "").strip().partition("\n")[0])

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        self._names.pop(name, None)

    def __missing__(self, name: object) -> T:
        base, star, copies = name.partition("*") if isinstance(name, str) else ("", "", "")
        if self._copied is not None and star and base in self and copies.isdecimal() and copies.isascii():
            return self._copied(self[base], int(copies))
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        try:
            return self[name] is not None  # type: ignore[index]
        except KeyError:
            return False


DATASETS: MutableMapping[str, str] = Named(
    {
        "digits": "the 8x8 digits, even or odd",
        "digits-classes": "the 8x8 digits, ten classes",
        "mnist-8-9": "1,000 images of MNIST, 8 or 9",
        "breast-cancer": "569 breast tumors, benign or malignant",
        "wine": "178 wines of three cultivars",
        "iris": "150 irises of three species",
        "diabetes": "442 diabetes patients and how far the disease went",
    },
    copied=lambda words, copies: f"{words}, each image in {copies} copies",
)
"""Data sets, each in words."""

FUNCTIONS: MutableMapping[str, str] = {
    "sine": "sin(2 pi (x_1 + ... + x_D)/P)",
    "ridge": "|a.x mod P|, centered, for one random direction a",
    "gaussian": "A centered Gaussian of width P/4",
    "random": "Random signs on few random points: nothing to concentrate on, and nothing to learn about the held-out "
    "points",
}
"""Functions on Z_P^D, each in words."""

DATA: Mapping[str, str] = ChainMap(FUNCTIONS, DATASETS)
"""Both, as studies of residues take them."""

ACTIVATIONS = ("relu", "step", "sine", "tanh", "gaussian")
"""Activations."""

TWO_CLASSES, CLASSES, REGRESSION = "two classes", "classes", "regression"
"""Kinds of targets."""

READABLE = (".csv", ".tsv", ".npz", ".parquet")
"""Ends of the names of tables that are read."""

OTHERS = (
    ".arrow",
    ".dat",
    ".db",
    ".feather",
    ".gz",
    ".json",
    ".npy",
    ".ods",
    ".pkl",
    ".sqlite",
    ".txt",
    ".xls",
    ".xlsx",
    ".zip",
)
"""Ends of other tables' names: refused with what to do, and not taken for misspelled names of data sets."""

FILE_MARK, ROWS_MARK, DIGITS = "file:", "rows:", 16
"""The identity of a file, and that of NPY files: a mark, and so many digits of the digest."""


def is_path(source: object) -> bool:
    """Tell whether a data set is asked for by the path of a table rather than by a name."""
    return isinstance(source, Path) or (
        isinstance(source, str)
        and not is_file(source)
        and (Path(source).suffix.lower() in (*READABLE, *OTHERS) or "/" in source or "\\" in source)
    )


def is_file(name: str) -> bool:
    """Tell whether a data set is named by the identity of a file."""
    return re.fullmatch(f"{FILE_MARK}[0-9a-f]{{{DIGITS}}}", name) is not None


def is_rows(name: object) -> bool:
    """Tell whether points are named by the path of an NPY file."""
    return isinstance(name, str | Path) and Path(name).suffix.lower() == ".npy"


def is_rows_identity(name: str) -> bool:
    """Tell whether a data set is named by the identity of NPY files."""
    return re.fullmatch(f"{ROWS_MARK}[0-9a-f]{{{DIGITS}}}", name) is not None


def is_own(name: str) -> bool:
    """Tell whether a data set is a user's own: named by a path, or by the identity of a file or of NPY files."""
    return is_path(name) or is_file(name) or is_rows_identity(name)
