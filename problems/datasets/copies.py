"""Many distorted copies of few images: data of any size without a network, made a slice at a time.

A copy is its image shifted, rotated and elastically deformed (Simard, Steinkraus, Platt, ICDAR 2003), with noise added.
All of it is arithmetic in whole numbers, on random bits of a stream with a name: a copy depends on the image's place in
its data set and on the copy's number alone, not on the slice that asks for it, on the split, or on the machine.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from problems.compiling import why_not_compiled
from problems.datasets.dataset import Dataset
from problems.datasets.distortion import BITS, PIXEL, SHIFT, TURNS, Distortion, distorted, padded, smoothing
from problems.datasets.splits import HELD_OUT, split_places
from problems.errors import InputError, whole_number
from problems.finite_field import residue_type, row_blocks
from problems.memory import require_memory
from problems.seeds import Seed, named
from problems.showing import Shows

__all__ = ["MOST_ROWS", "Augmented", "augmented"]

MOST_ROWS = 10**7
"""Images of all copies together, at most."""

TOGETHER = 2**18
"""Pixels that are computed at once, about."""


@dataclass(frozen=True, eq=False, repr=False)
class Augmented(Shows):
    """Images with their copies, as rows of an array that is never held whole: it has a shape, and slices are made.

    The first rows are the images themselves, the next ones their first distorted copies, and so on.

    Attributes
    ----------
    base
        The data set of images.
    copies
        How often each image stands here, itself included.
    places
        Which images of the data set: shape (m,).
    """

    base: Dataset
    copies: int
    places: NDArray[np.intp]
    _images: NDArray[np.int32] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_images", padded(self.base.x[self.places], self.side))

    def _facts(self) -> Mapping[str, object]:
        return {"images": len(self.places), "copies": self.copies, "rows": len(self), "pixels": self.shape[1]}

    @property
    def name(self) -> str:
        """The name that the data set has with its copies."""
        return f"{self.base.name}*{self.copies}"

    @property
    def side(self) -> int:
        """Images are side x side pixels."""
        return self.base.side or 0

    @property
    def levels(self) -> int:
        """The number of grey levels."""
        return self.base.levels or 0

    @property
    def shape(self) -> tuple[int, int]:
        """The shape (n, d): images with all copies, and pixels."""
        return len(self.places) * self.copies, self.side**2

    @property
    def ndim(self) -> int:
        """The number of axes, 2."""
        return 2

    @property
    def dtype(self) -> np.dtype[Any]:
        """The smallest unsigned type that holds the grey levels."""
        return np.dtype(residue_type(self.levels))

    @property
    def y(self) -> NDArray[Any]:
        """The targets of all rows, shape (n,)."""
        return np.tile(self.base.y[self.places], self.copies)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: int | slice | NDArray[np.integer]) -> NDArray[Any]:
        """Make some rows, in any order, shape (m, d); of a whole number one, shape (d,)."""
        wanted = np.arange(len(self))[rows]
        made = np.empty((wanted.size, self.shape[1]), dtype=self.dtype)
        copy, image = np.divmod(wanted.reshape(-1), len(self.places))
        for number in np.unique(copy).tolist():
            at = np.flatnonzero(copy == number)
            made[at] = self._copied(number, image[at])
        return made.reshape(*wanted.shape, self.shape[1])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Make all rows, if memory holds them."""
        self.require_memory(self.dtype.itemsize)
        return self[:].astype(dtype or self.dtype, copy=False)

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return (row for start in range(0, len(self), 256) for row in self[start : start + 256])

    def _copied(self, copy: int, image: NDArray[np.intp]) -> NDArray[np.integer]:
        """Return one copy of some of the images, by their numbers 0..m-1: shape (n, d)."""
        side, levels = self.side, self.levels
        if copy == 0:
            return self._images[image, 1 : side + 1, 1 : side + 1].reshape(len(image), -1)
        drawn, distort = _drawn(self.base, copy, self.places[image]), _distort()
        parts = row_blocks(len(image), side**2, TOGETHER)
        return np.concatenate([distort(self._images[image[part]], drawn.rows(part), levels) for part in parts])

    def split(self, seed: Seed = 0, held_out: float = HELD_OUT) -> tuple[Self, Self]:
        """Split the images at random, and let the copies follow: no held-out image has a copy in training.

        Parameters and errors are those of `problems.datasets.split`, and so are the parts.
        """
        parts = split_places(self.base.taken(self.places), seed, held_out)
        train, test = (replace(self, places=self.places[part]) for part in parts)
        return train, test

    def dataset(self) -> Dataset:
        """Return all rows as a data set in memory; a split of it keeps an image and its copies together.

        Raises
        ------
        InputError
            If memory does not hold them.
        """
        self.require_memory(2 * 8)
        base, first = self.base, np.tile(self.places, self.copies)
        told = f"{base.description}, each with {self.copies - 1} distorted copies" if self.copies > 1 else None
        return replace(
            base,
            name=self.name if self.copies > 1 else base.name,
            x=self[:].astype(float),
            y=base.y[first],
            strata=None if base.strata is None else base.strata[first],
            originals=first if self.copies > 1 else None,
            description=told or base.description,
        )

    def require_memory(self, bytes_a_pixel: int) -> None:
        """Refuse to hold all rows at so many bytes a pixel where memory does not.

        Raises
        ------
        InputError
            If it does not.
        """
        n, pixels = self.shape
        require_memory(
            bytes_a_pixel * n * pixels,
            f"Holding {n} images of {self.name!r} at once",
            "take fewer copies, or give augmented(...) to what reads slices",
        )


def augmented(source: Dataset | str, copies: int) -> Augmented:
    """Return a data set of images with distorted copies.

    Parameters
    ----------
    source
        A data set, or its name; its samples must be images with whole grey levels.
    copies
        How often each image stands in the result, itself included, >= 1.

    Raises
    ------
    InputError
        If the samples are no images, copies < 1, or there are more than 10^7 images.
    """
    if not isinstance(source, Dataset):
        from problems.datasets import load_dataset

        source = load_dataset(source)
    copies = whole_number("copies", copies, 1)
    if source.side is None or source.levels is None or source.originals is not None:
        raise InputError(
            f"The data set {source.name!r} has no images to distort, with whole grey levels and no copies yet; take "
            "'mnist-8-9' or 'digits'."
        )
    if copies * len(source) > MOST_ROWS:
        raise InputError(
            f"copies = {copies} of {len(source)} images are more than {MOST_ROWS} rows; take at most "
            f"{MOST_ROWS // len(source)}."
        )
    return Augmented(source, copies, np.arange(len(source)))


def _drawn(base: Dataset, copy: int, places: NDArray[np.intp]) -> Distortion:
    """Draw what distorts one copy of some images: it is drawn for all of the data set, whichever are asked for."""
    rng = np.random.default_rng(named("copies", dataset=base.name, copy=copy))
    n, side = len(base), base.side or 0
    knots, far = smoothing(side).shape[1], int(SHIFT * side * PIXEL)
    turn, shift = rng.integers(-TURNS, TURNS + 1, n), rng.integers(-far, far + 1, (n, 2))
    bend, noise = (rng.integers(0, 2**BITS, shape, np.uint32) for shape in ((n, 2, knots, knots), (n, side**2)))
    return Distortion(turn[places], shift[places], *(np.bitwise_count(bits[places]) for bits in (bend, noise)))


def _distort() -> Callable[[NDArray[np.int32], Distortion, int], NDArray[np.integer]]:
    """Return the compiled way, where something can be compiled."""
    if why_not_compiled() is not None:
        return distorted
    from problems.datasets.distortion_kernel import distorted_compiled

    return distorted_compiled
