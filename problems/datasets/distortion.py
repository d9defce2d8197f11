"""Images distorted in whole numbers: shifted, rotated, bent and with noise; what is random is given.

A pixel takes what its image has where the inverse distortion sends it, interpolated between four neighbors. `distorted`
is the readable way; `problems.datasets.distortion_kernel` computes the same numbers a pixel at a time.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["BITS", "PIXEL", "SHIFT", "TURNS", "Distortion", "distorted", "padded", "smoothing"]

SHIFT, DEGREES, BEND, SMEAR, NOISE = 1 / 14, 15, 0.04, 1 / 7, 1 / 32
"""Sizes of distortions: the largest shift, the largest rotation, the standard deviation of an elastic displacement and
the length over which it varies, as shares of the side; and that of the noise, as a share of the grey levels."""

PIXEL, TURNS, BINARY = 2**8, 2**10, 2**12
"""Whole numbers stand for so many parts of a pixel, of the widest rotation to either side, and of a cosine."""

BITS = 32
"""Displacements and noise are the ones among so many random bits: nearly normal, mean 16, variance 8."""

DEVIATION = math.sqrt(BITS / 4)


@dataclass(frozen=True, eq=False)
class Distortion:
    """The random part of m distortions.

    Attributes
    ----------
    turn
        Of the rotation, -TURNS..TURNS: shape (m,).
    shift
        By rows and columns, in parts of a pixel: shape (m, 2).
    bend
        Displacements of knots by rows and columns, 0..32: shape (m, 2, k, k).
    noise
        Of each pixel, 0..32: shape (m, d).
    """

    turn: NDArray[np.int64]
    shift: NDArray[np.int64]
    bend: NDArray[np.uint8]
    noise: NDArray[np.uint8]

    def rows(self, part: slice) -> "Distortion":
        """Return some of them."""
        return Distortion(self.turn[part], self.shift[part], self.bend[part], self.noise[part])


def padded(x: NDArray[np.float64], side: int) -> NDArray[np.int32]:
    """Return images (n, d) of whole numbers within a border of zeros, one before and two behind: (n, s + 3, s + 3)."""
    return np.pad(x.reshape(-1, side, side).astype(np.int32), ((0, 0), (1, 2), (1, 2)))


@cache
def smoothing(side: int) -> NDArray[np.float64]:
    """Return whole weights of displaced knots at each place along a side, Gaussian in their distance: (side, k)."""
    length = SMEAR * side
    knots = np.arange(-1, round(1 / SMEAR) + 2) * length
    distance = (np.arange(side)[:, None] + 0.5 - knots) / length
    return np.array([[round(PIXEL * math.exp(-(value**2) / 2)) for value in row] for row in distance.tolist()], float)


@cache
def turns() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the cosines and the sines of all rotations, in parts of 1: shapes (2 TURNS + 1,)."""
    angles = [step * math.radians(DEGREES) / TURNS for step in range(-TURNS, TURNS + 1)]
    cosines, sines = ([round(BINARY * function(angle)) for angle in angles] for function in (math.cos, math.sin))
    return np.array(cosines), np.array(sines)


def displacements(bend: NDArray[np.uint8], side: int) -> NDArray[np.int32]:
    """Return the elastic displacement of each pixel, in parts of one: shape (m, 2, side, side)."""
    smooth = smoothing(side)
    # Products of whole numbers below 2^53: no order of summation matters.
    bent = (smooth @ (bend.astype(float) - BITS // 2) @ smooth.T).astype(np.int64)
    # Along a side the squares of the weights are about PIXEL^2 sqrt(pi) together.
    scale = round(2**16 * BEND * side * PIXEL / (PIXEL**2 * math.sqrt(math.pi) * DEVIATION))
    return (bent * scale >> 16).astype(np.int32)


def noise_unit(levels: int) -> int:
    """Return what one more of the 32 bits adds to a grey level, in parts PIXEL^2 of one."""
    return round(NOISE * levels * PIXEL**2 / DEVIATION)


def distorted(images: NDArray[np.int32], drawn: Distortion, levels: int) -> NDArray[np.int64]:
    """Return images distorted: shape (m, d), entries 0..levels-1.

    Parameters
    ----------
    images
        Images with their border, as `padded` returns them, shape (m, side + 3, side + 3).
    drawn
        The random part.
    levels
        The number of grey levels.
    """
    m, wide = images.shape[:2]
    side = wide - 3
    cosine, sine = (table[drawn.turn + TURNS][:, None, None] for table in turns())
    half = 2 * np.arange(side) - (side - 1)  # twice the distance from the middle
    down, right = half[:, None], half[None, :]
    turned = (cosine * down - sine * right, sine * down + cosine * right)
    bent, middle = displacements(drawn.bend, side), (side - 1) * PIXEL // 2
    places = [
        (turned[axis] * (PIXEL // 2) >> 12) + middle + drawn.shift[:, axis, None, None] + bent[:, axis]
        for axis in (0, 1)
    ]
    (row, low), (column, left) = (divmod(np.clip(place, -PIXEL, side * PIXEL), PIXEL) for place in places)
    image = np.arange(m)[:, None, None]
    above, below = (
        images[image, row + 1 + more, column + 1] * (PIXEL - left) + images[image, row + 1 + more, column + 2] * left
        for more in (0, 1)
    )
    noise = (drawn.noise.reshape(m, side, side).astype(np.int64) - BITS // 2) * noise_unit(levels)
    grey = above * (PIXEL - low) + below * low + noise + PIXEL**2 // 2 >> 16
    return np.clip(grey, 0, levels - 1).reshape(m, -1)
