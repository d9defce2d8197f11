"""The neural tangent kernel of wide convolutional networks with pooling, in closed form.

The network: `depth` convolutions of 3 x 3 pixels, zeros around the image (SAME), each followed by ReLU; the mean over
windows of `pooling` x `pooling` pixels; then, on the flattened rest, `head` hidden layers of erf as in `ErfNtk`. No
biases. With K(p, p') and T(p, p') covariance and tangent kernel of two images at the pixels p and p', a layer is

    K <- (2/9) sum_s K(p + s, p' + s),         T <- K + (2/9) sum_s T(p + s, p' + s),
    cos(theta) = K / sqrt(q(p) q'(p')),        T <- T (pi - theta) / (2 pi),
    K <- sqrt(q q') (sin(theta) + (pi - theta) cos(theta)) / (2 pi).

Neither line changes the offset p' - p. As pooling asks for offsets within a window alone, only these are carried along:
(2 w - 1)^2 of them in place of one for each pixel, so that two images take a tenth of a millisecond at 8 x 8.

Source: Arora et al., On Exact Computation with an Infinitely Wide Neural Net, arXiv:1904.11955, appendix H; with a head
of erf: Zlokapa, Neven, Lloyd, arXiv:2107.09200.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import real_array
from problems.errors import InputError, whole_number
from problems.kernel_training.erf_ntk import ARCSINE
from problems.memory import require_memory

__all__ = ["PooledConvNtk"]

NEIGHBORS = tuple((row, column) for row in (-1, 0, 1) for column in (-1, 0, 1))
"""Steps within a filter."""

BYTES = 80
"""Memory of a pair of images, head included."""

AT_ONCE = 2**18
"""Numbers of one array while pairs are worked through: it stays in the processor's cache."""


class PooledConvNtk:
    """The kernel of a convolutional ReLU network with average pooling and a head of erf.

    Parameters
    ----------
    depth
        Convolutions, at least 1.
    pooling
        Side w of the windows averaged after the last of them, in pixels; 1 pools nothing, the side of the image all.
    head
        Hidden layers of erf after that, at least 1.

    Raises
    ------
    InputError
        If one is no whole number of at least 1.
    """

    k_max = 1.0
    """The value that states |k*> are scaled by: that of an image with itself."""

    def __init__(self, depth: int, pooling: int, head: int = 1) -> None:
        self.depth, self.pooling = whole_number("depth", depth, 1), whole_number("pooling", pooling, 1)
        self.head = whole_number("head", head, 1)

    def __repr__(self) -> str:
        return f"PooledConvNtk(depth={self.depth}, pooling={self.pooling}, head={self.head}, padding='SAME')"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((self.depth, self.pooling, self.head))

    def __call__(self, images: ArrayLike, others: ArrayLike | None = None) -> NDArray[np.float64]:
        """Return the kernel of images with others, shape (n, m).

        Parameters
        ----------
        images, others
            Shapes (n, side * side) or (n, side, side); others are the images themselves if left out. Pixels are
            multiplied by the side, so that images of unit norm have a mean square of 1, as the head expects.

        Raises
        ------
        InputError
            If they are no square images of one size, a number is not finite, or the side is no multiple of the
            pooling window.

        Notes
        -----
        The convolutions of the last images are kept, so that other heads cost next to nothing.
        """
        left = self._images("images", images)
        if others is None:
            covariance, tangent = _body(self.depth, self.pooling, left.shape[1], left.tobytes(), None)
            squares = np.diag(covariance)
            return self._head(covariance, tangent, *np.meshgrid(squares, squares, indexing="ij"))
        right = self._images("others", others)
        if right.shape[1] != left.shape[1]:
            raise InputError(
                f"images have {left.shape[1]} pixels a side, others {right.shape[1]}; give images of one size."
            )
        body = _body(self.depth, self.pooling, left.shape[1], left.tobytes(), right.tobytes())
        rows, columns = (self._own(some)[0] for some in (left, right))
        return self._head(*body, *np.meshgrid(rows, columns, indexing="ij"))

    def normalised(self, images: ArrayLike, others: ArrayLike | None = None) -> NDArray[np.float64]:
        """Return T(x, x') / sqrt(T(x, x) T(x', x')), which is 1 for an image with itself; see `__call__`."""
        values = self(images, others)
        if others is None:
            own = np.sqrt(np.diag(values))
            return values / own[:, None] / own
        left, right = (np.sqrt(self._diagonal(self._images("images", some))) for some in (images, others))
        return values / left[:, None] / right

    between = normalised

    def _images(self, name: str, images: ArrayLike) -> NDArray[np.float64]:
        given = real_array(name, images)
        side = math.isqrt(given.shape[1]) if given.ndim == 2 else given.shape[1] if given.ndim == 3 else 0
        if side < 1 or given.shape[0] < 1 or given.size != given.shape[0] * side * side:
            raise InputError(f"{name} have shape {given.shape}; give square images, (n, side^2) or (n, side, side).")
        if side % self.pooling:
            raise InputError(
                f"pooling = {self.pooling} does not divide the side of {side} pixels; give a divisor of {side}."
            )
        return given.reshape(-1, side, side) * side

    def _diagonal(self, images: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return T(x, x), shape (n,)."""
        square, tangent = self._own(images)
        return self._head(square, tangent, square, square)

    def _own(self, images: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return K and T of images with themselves after pooling, shape (2, n)."""
        return _own(self.depth, self.pooling, images.shape[1], images.tobytes())

    def _head(
        self,
        covariance: NDArray[np.float64],
        tangent: NDArray[np.float64],
        left: NDArray[np.float64],
        right: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return the kernel after the head's layers of erf; left and right are K(x, x) and K(x', x')."""
        tangent = covariance + tangent
        for _ in range(self.head):
            wholes = (1 + 2 * left) * (1 + 2 * right)
            slope = 2 / (ARCSINE * np.sqrt(wholes - 4 * covariance**2))
            covariance = np.arcsin(2 * covariance / np.sqrt(wholes)) / ARCSINE
            tangent = covariance + tangent * slope
            left, right = (np.arcsin(2 * own / (1 + 2 * own)) / ARCSINE for own in (left, right))
        return tangent


@lru_cache(maxsize=4)
def _body(depth: int, pooling: int, side: int, left: bytes, right: bytes | None) -> NDArray[np.float64]:
    """Return K and T of two sets after pooling and flattening, shape (2, n, m); of one with itself if None."""
    images = _from_bytes(left, side)
    rows, columns = len(images), len(images) if right is None else len(_from_bytes(right, side))
    require_memory(
        BYTES * rows * columns + 8 * 12 * (AT_ONCE + columns * side**2),
        f"The kernel of {rows:,} and {columns:,} images of {side} x {side} pixels",
        "take fewer images",
    )
    if right is not None:
        return _frozen(_pooled(depth, pooling, images, _from_bytes(right, side)))
    found = np.empty((2, len(images), len(images)))
    for i in range(len(images)):
        # Each pair once, so that the matrix is symmetric to the last digit.
        found[:, i, i:] = found[:, i:, i] = _pooled(depth, pooling, images[i : i + 1], images[i:])[:, 0]
    return _frozen(found)


@lru_cache(maxsize=4)
def _own(depth: int, pooling: int, side: int, images: bytes) -> NDArray[np.float64]:
    every = _from_bytes(images, side)[:, None]
    return _frozen(np.array([_pooled(depth, pooling, image, image)[:, 0, 0] for image in every]).T)


def _from_bytes(images: bytes, side: int) -> NDArray[np.float64]:
    return np.frombuffer(images).reshape(-1, side, side)


def _frozen(found: NDArray[np.float64]) -> NDArray[np.float64]:
    found.flags.writeable = False
    return found


def _squares(depth: int, images: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return q before each ReLU, shape (n, side, side)."""
    covariance, found = images**2, []
    for _ in range(depth):
        covariance = _convolved(covariance)
        found.append(covariance)
        covariance = covariance / 2
    return found


def _pooled(depth: int, pooling: int, left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return K and T of two sets of images after pooling and flattening, shape (2, n, m)."""
    side = left.shape[1]
    found = np.zeros((2, len(left), len(right)))
    squares_left, squares_right = _squares(depth, left), _squares(depth, right)
    rows = max(1, AT_ONCE // (len(right) * side**2))
    reach = range(1 - pooling, pooling)
    for start in range(0, len(left), rows):
        some = slice(start, start + rows)
        for offset in ((row, column) for row in reach for column in reach):
            weights, inside = _weights(pooling, side, offset), _inside(side, offset)
            values = _pairs(left[some], right, offset)
            tangents = np.zeros_like(values)
            for square, other in zip(squares_left, squares_right, strict=True):
                values, tangents = _layer(values, tangents, _pairs(square[some], other, offset), inside)
            found[0, some] += np.tensordot(values, weights, 2)
            found[1, some] += np.tensordot(tangents, weights, 2)
    return found


def _weights(pooling: int, side: int, offset: tuple[int, int]) -> NDArray[np.float64]:
    """Return by pixel p the share of K(p, p + offset) in the pooled kernel: 0 where a window ends in between."""
    window = np.arange(side) // pooling
    along = []
    for step in offset:
        there = np.arange(side) + step
        inside = (there >= 0) & (there < side)
        along.append(inside & (window == window[np.clip(there, 0, side - 1)]))
    # A mean over both windows, and one over the (side / w)^2 places that flattening leaves.
    return np.outer(*along) / pooling**4 / (side // pooling) ** 2


def _pairs(left: NDArray[np.float64], right: NDArray[np.float64], offset: tuple[int, int]) -> NDArray[np.float64]:
    """Return left(p) right(p + offset) for each pair, zero outside the image, shape (n, m, side, side)."""
    side = left.shape[1]
    moved = np.zeros_like(right)
    here = tuple(slice(max(0, -step), side - max(0, step)) for step in offset)
    there = tuple(slice(max(0, step), side + min(0, step)) for step in offset)
    moved[:, *here] = right[:, *there]
    return left[:, None] * moved


def _inside(side: int, offset: tuple[int, int]) -> NDArray[np.float64]:
    """Return 1 at the pixels p whose partner p + offset is in the image, else 0, shape (side, side)."""
    along = [np.arange(side) + step for step in offset]
    return np.outer(*((there >= 0) & (there < side) for there in along)).astype(float)


def _convolved(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (2/9) sum_s values(p + s) over the last two axes, zero outside the image."""
    side = values.shape[-1]
    total = np.zeros_like(values)
    for row, column in NEIGHBORS:
        to = (slice(max(0, -row), side - max(0, row)), slice(max(0, -column), side - max(0, column)))
        of = (slice(max(0, row), side + min(0, row)), slice(max(0, column), side + min(0, column)))
        total[..., *to] += values[..., *of]
    return total * (2 / 9)


def _layer(
    covariance: NDArray[np.float64],
    tangent: NDArray[np.float64],
    squares: NDArray[np.float64],
    inside: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return K and T after a convolution and its ReLU; squares are q(p) q'(p') in between."""
    # Pixels next to those whose partner lies outside the image would carry something there, where zeros stand.
    covariance = _convolved(covariance) * inside
    tangent = covariance + _convolved(tangent) * inside
    across = np.sqrt(np.maximum(squares - covariance**2, 0))
    angle = np.arctan2(across, covariance)
    share = (np.pi - angle) / (2 * np.pi)
    return across / (2 * np.pi) + share * covariance, tangent * share
