"""The worth of nodes of both sides at the size that the claim names: how they follow p*, and their networks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compare.engine import Kind, Planned
from compare.statistics import Cautioned
from compare.studies.ridgelet.drawn import distinct_points

if TYPE_CHECKING:
    from compare.studies.ridgelet.crossover.study import Settings

__all__ = ["CIRCUIT", "CONTROL", "NAMED", "OTHERS", "QUALITY", "Drawing", "Worth", "named_dimension", "quality_tasks"]

NAMED = 64
"""Data dimension D that the claim is about; the largest counted below it where it was not."""

SIZES = (1, 2, 4, 8, 16, 32, 64)
"""Nodes N of networks."""

CIRCUIT, CONTROL = "circuit", "uniform"
"""The quantum side's simulated circuit, whatever its encoding, and nodes of no law."""

OTHERS = ("dequantized", CONTROL)
"""Samplers by name that nodes of the circuit are held beside."""

MOST_BOND = 64
"""The largest bond dimension K (P - 1) of a simulated circuit; beyond, nodes take minutes."""


@dataclass(frozen=True)
class Drawing:
    """Nodes of one side on a random problem.

    Attributes
    ----------
    side
        `CIRCUIT`, or one of `OTHERS`.
    encoding
        Of the circuit; None of the others.
    prime, dimension, points, draw, seed
        The problem.
    samples
        Nodes drawn.
    sizes
        Nodes N of the networks that are made of them, ascending.
    """

    side: str
    encoding: str | None
    prime: int
    dimension: int
    points: int
    draw: int
    samples: int
    sizes: tuple[int, ...]
    seed: int


@dataclass(frozen=True)
class Worth:
    """How nodes follow p*, and what networks of them are worth.

    Attributes
    ----------
    fidelity
        Cross-entropy fidelity: 1 for p*, 0 for uniform nodes.
    risks
        Empirical risk over the variance of the targets at each size: a mean over disjoint networks.
    networks
        How many these are.
    """

    fidelity: Cautioned
    risks: tuple[float, ...]
    networks: int


QUALITY = Kind("crossover/quality", Drawing, Worth, "compare.studies.ridgelet.crossover.worth:hold_nodes", version=2)


def named_dimension(dimensions: Sequence[int]) -> int:
    """Return the D that the claim is about, of those that were counted."""
    return max((one for one in dimensions if one <= NAMED), default=NAMED)


def quality_tasks(settings: "Settings") -> list[Planned]:
    """Return the tasks: both sides and the control, on as many random problems as loaders are counted for."""
    prime, points = settings.primes[0], settings.points
    held = [one for one in settings.dimensions if distinct_points(prime, one, points) == points]
    common = {
        "prime": prime,
        "dimension": named_dimension(held),
        "draw": range(settings.draws),
        "sizes": [tuple(one for one in SIZES if one <= settings.samples)],
    }
    found = QUALITY.product(settings, side=OTHERS, encoding=[None], **common)
    if points * (prime - 1) <= MOST_BOND:
        found += QUALITY.product(settings, side=CIRCUIT, **common)
    return found
