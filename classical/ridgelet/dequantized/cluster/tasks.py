"""The tasks of workers: each is one method of a part."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.chunks.batches import make_part
from classical.ridgelet.dequantized.chunks.groups import Strings
from classical.ridgelet.dequantized.chunks.part import Part, Share
from problems.compiling import why_not_compiled

__all__ = ["gather", "histogram", "level", "make", "multiply", "spectrum"]


def make(share: Share, compiled: bool) -> Part:
    """Make a part; where nothing can be compiled NumPy sums, which gives the same numbers."""
    return make_part(share, 1, compiled and why_not_compiled() is None)


def gather(part: Part, strings: Strings) -> tuple[Strings, Any]:
    """Pass over the points of the groups of all levels but the first."""
    return strings, part.gather(strings)


def level(
    part: Part, gathered: tuple[Strings, Any], number: int, nodes: NDArray[np.int64], picked: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Sum a level that is not the first, for some nodes."""
    strings, own = gathered
    return part.level(own, strings, number, nodes, picked)


def multiply(part: Part, gathered: tuple[Strings, Any], picked: NDArray[np.int64]) -> tuple[Strings, Any]:
    """Pass over all points."""
    strings, _ = gathered
    return strings, part.multiply(strings, picked)


def spectrum(part: Part, multiplied: tuple[Strings, Any]) -> NDArray[np.int64]:
    """Sum the first level."""
    strings, own = multiplied
    return part.spectrum(own, strings)


def histogram(part: Part, multiplied: tuple[Strings, Any], picked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sum the histograms."""
    strings, own = multiplied
    return part.histogram(own, strings, picked)
