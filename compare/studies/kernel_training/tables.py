"""Networks, patterns, classifiers and timed solvers by name: the tables of the study."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from compare.report.styles import BLACK, BLUE, GREEN, ORANGE, PURPLE, SKY, VERMILION, Shown, Style
from problems.later import imported

__all__ = ["CLASSIFIERS", "NETWORKS", "PATTERNS", "SHOWN", "TIMED", "Network"]


@dataclass(frozen=True)
class Network:
    """A wide network.

    Attributes
    ----------
    label, words
        What readers see.
    make
        From the depth L makes its kernel.
    dataset
        The only data set that it is asked for; empty for all.
    most
        Training images up to which it is asked for.
    """

    label: str
    words: str
    make: Callable[[int], Any]
    dataset: str = ""
    most: int = 4096


def _erf(convention: str) -> Callable[[int], Any]:
    return lambda depth: imported("problems.kernel_training:ErfNtk")(depth, convention)


def _convolutional(depth: int) -> Any:
    return imported("problems.kernel_training:PooledConvNtk")(CONVOLUTIONS, POOLING, depth)


CONVOLUTIONS, POOLING = 2, 2
"""Convolutions before the head, and the side of the windows averaged after them."""

NETWORKS: dict[str, Network] = {
    "unit": Network(
        "erf, unit inputs", "L hidden layers of erf on inputs of unit norm, as the paper has it", _erf("unit")
    ),
    "published": Network(
        "erf, published code",
        "the same as the authors' library computes it, inner products divided by 784 before the first layer",
        _erf("published"),
    ),
    "convolutional": Network(
        "convolutional, pooled",
        f"{CONVOLUTIONS} convolutions of 3 x 3 pixels (SAME) with ReLU, means over {POOLING} x {POOLING} pixels, "
        "and a head of L layers of erf",
        _convolutional,
        "digits",
        64,
    ),
}
"""Networks by name."""

PATTERNS: Mapping[str, Shown] = {
    "dense": Shown("exact", "exact", Style(BLUE, "o", "-")),
    "published": Shown("random pairs (published)", "sparse", Style(VERMILION, "s", "--")),
    "offsets": Shown("xor offsets", "sparse", Style(PURPLE, "v", "--")),
    "nearest": Shown("nearest pairs", "sparse", Style(GREEN, "^", "-.")),
    "diagonal": Shown("diagonal (no pairs)", "control", Style(BLACK, "D", ":")),
}
"""Patterns of the pairs that a kernel keeps, by name."""

CLASSIFIERS: Mapping[str, Shown] = {
    "nearest-neighbor": Shown("nearest neighbor", "classical"),
    "support-vectors": Shown("support vectors", "classical"),
    "random-features": Shown("random features", "classical"),
    "nystroem": Shown("Nystroem, 32 landmarks", "classical"),
}
"""Classical rivals by name; the last one takes the kernel of the first network."""

TIMED: Mapping[str, Shown] = {
    "cholesky": Shown("Cholesky", "exact", Style(BLUE, "o", "-")),
    "cg": Shown("conjugate gradients", "exact", Style(SKY, "d", "-")),
    "nystroem": Shown("Nystroem", "approximate", Style(ORANGE, "^", "-")),
    "diagonal": Shown("diagonal", "control", Style(BLACK, "D", ":")),
}
"""Solvers that are timed on the exact kernel, by name."""

SHOWN: Mapping[str, Shown] = {**TIMED, **CLASSIFIERS, **PATTERNS}
"""Labels and looks of all of them."""
