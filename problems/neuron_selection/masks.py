"""Masks of neurons as arrays of 0 and 1, and as whole numbers: bit j of the number is neuron j."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers
from problems.errors import InputError, whole_number

__all__ = ["Masks", "check_masks", "index_of", "losses_in_blocks", "mask_of", "masks_of"]

Masks = NDArray[np.uint8]
"""Masks, shape (n, N), or one mask, shape (N,): 1 keeps a neuron."""


BLOCK = 1 << 22
"""Numbers of a product that are held at once when losses of many masks are computed."""


def check_masks(masks: ArrayLike, neurons: int) -> Masks:
    """Return masks, shape (n, N) or (N,), as 0 and 1 of one byte each.

    Raises
    ------
    InputError
        If a mask has another length than N, or a value other than 0 and 1.
    """
    given = as_numbers("masks", masks)
    if given.ndim not in (1, 2) or given.shape[-1] != neurons:
        raise InputError(
            f"masks have shape {given.shape}, but the problem has {neurons} neurons; "
            f"give (n, {neurons}), or ({neurons},) for one mask."
        )
    wrong = np.argwhere((given != 0) & (given != 1))
    if len(wrong):
        place = tuple(wrong[0])
        where = ", ".join(map(str, place))
        raise InputError(
            f"masks[{where}] = {given[place]} is neither 0 nor 1; give 1 for a neuron that is kept, else 0."
        )
    return given.astype(np.uint8)


def losses_in_blocks(
    masks: ArrayLike, neurons: int, width: int, loss: Callable[[NDArray[np.float64]], NDArray]
) -> NDArray[np.float64]:
    """Return the losses, shape (n,), of masks, shape (n, N); of one mask, shape (N,), one number.

    Parameters
    ----------
    masks, neurons
        The masks, and N.
    width
        Numbers that `loss` holds for each mask.
    loss
        Called with some masks as real numbers, shape (m, N); returns their losses, shape (m,).

    Raises
    ------
    InputError
        As `check_masks` does.
    """
    kept = check_masks(masks, neurons)
    rows = np.atleast_2d(kept)
    losses = np.empty(len(rows))
    block = max(1, BLOCK // width)
    for start in range(0, len(rows), block):
        losses[start : start + block] = loss(rows[start : start + block].astype(float))
    return losses if kept.ndim == 2 else losses[0]


def mask_of(index: int, neurons: int) -> Masks:
    """Return the mask, shape (N,), of a whole number 0..2^N - 1.

    Raises
    ------
    InputError
        If it is no whole number, negative, or has more than N bits.
    """
    return masks_of([index], neurons)[0]


def masks_of(indices: Sequence[int] | NDArray[np.integer], neurons: int) -> Masks:
    """Return the masks, shape (n, N), of whole numbers 0..2^N - 1.

    Raises
    ------
    InputError
        As `mask_of` does.
    """
    size = -(-neurons // 8)
    rows = bytearray()
    for given in indices:
        index = whole_number("the mask's index", given, 0)
        if index >> neurons:
            raise InputError(f"The mask's index {index} is 2^{neurons} or more; {neurons} neurons have smaller ones.")
        rows += index.to_bytes(size, "little")
    packed = np.frombuffer(bytes(rows), dtype=np.uint8).reshape(-1, size)
    return np.unpackbits(packed, axis=1, count=neurons, bitorder="little")


def index_of(mask: ArrayLike) -> int:
    """Return the whole number of one mask, shape (N,): bit j is neuron j."""
    given = np.asarray(mask)
    return int.from_bytes(np.packbits(check_masks(given, given.size), bitorder="little").tobytes(), "little")
