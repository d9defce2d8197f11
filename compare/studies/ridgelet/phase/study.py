"""The phase study: gain of optimized over uniform nodes, over the data's coverage and the target's concentration.

Its problems lie on four walks: more dimensions at a fixed number of points, fewer points at a fixed dimension, more
directions of the target, and the one sine of known answer. Each problem is drawn several times with seeds of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from compare.engine import LARGE, MANY, Each, Flag, Help, Kind, Least, Most, Planned, Study
from compare.studies.ridgelet.settings import ActivationSetting, PrimeSetting, RidgeSetting, SeedSetting
from compare.studies.symbols import RIDGELET
from problems.errors import InputError, whole_number

__all__ = ["CELL", "ENUMERABLE", "STUDY", "Cell", "Concentration", "Settings", "Site", "Task", "walks"]

ENUMERABLE = 10**6
"""Nodes of which p* is enumerated, at most; `compare.distributions.ENUMERABLE`, which a test holds it to."""


@dataclass(frozen=True)
class Settings:
    """Every choice of the study."""

    prime: Annotated[PrimeSetting, Help("odd prime P")] = 17
    dimensions: Annotated[
        tuple[int, ...], Each("dimension"), Flag("features"), Least(1), Most(LARGE), Help("data dimensions D")
    ] = (
        1, 2, 3, 4, 5, 6, 8, 16, 32, 64,
    )  # fmt: skip
    points: Annotated[int, Least(2), Most(LARGE), Help("distinct points K at every D, or all P^D if that is less")] = (
        4913
    )
    concentrations: Annotated[
        tuple[float, ...],
        Each("concentration"),
        Least(0),
        Most(1),
        Help("shares c of the target's variance along its directions"),
    ] = (0.0, 0.25, 0.5, 0.75, 1.0)
    thinnings: Annotated[
        tuple[int, ...],
        Each("thinning"),
        Least(1),
        Most(LARGE),
        Help("all points are also divided by each, at the largest D that has them all"),
    ] = (2, 4, 8, 16, 32, 64)
    directions: Annotated[
        int, Least(1), Most(LARGE), Help("directions m of the target; one at D = 1, where there are no more")
    ] = 1
    spreads: Annotated[
        tuple[int, ...], Each("spread"), Least(1), Most(LARGE), Help("other numbers of directions, tried at the same D")
    ] = (2, 4, 8, 16, 32)
    nodes: Annotated[int, Least(1), Most(LARGE), Help("hidden nodes N of each network")] = 16
    networks: Annotated[int, Least(1), Most(MANY), Help("networks in each draw")] = 5
    repeats: Annotated[int, Least(2), Most(MANY), Help("draws of target, points and nodes")] = 10
    samples: Annotated[
        int, Least(1), Most(LARGE), Help("nodes of p* in each draw: they stand for it where it is not enumerated")
    ] = 500
    activation: ActivationSetting = "relu"
    ridge: RidgeSetting = 1e-4
    seed: SeedSetting = 0

    def check(self) -> None:
        """Refuse what does not go together."""
        from problems.activations import activation_table

        if self.prime == 2:
            raise InputError("prime = 2 has no character of mean 0 and real values but signs; give an odd prime.")
        activation_table(self.activation, self.prime)
        whole_number("samples", self.samples, self.nodes * self.networks)


@dataclass(frozen=True)
class Task:
    """One target on one draw of points and nodes.

    Attributes
    ----------
    prime, dimension, points
        P, D and K.
    directions
        Of the signal.
    sine
        Whether the signal is sin(2 pi (x_1 + ... + x_D)/P).
    concentration
        The share c of the target's variance in its signal.
    repeat
        The draw; targets of every concentration share it.
    nodes, networks, samples, activation, ridge, seed
        As in `Settings`.
    """

    prime: int
    dimension: int
    points: int
    directions: int
    sine: bool
    concentration: float
    repeat: int
    nodes: int
    networks: int
    samples: int
    activation: str | tuple[float, ...]
    ridge: float
    seed: int


@dataclass(frozen=True)
class Concentration:
    """How concentrated p* is; w = P^(D+1) p*.

    Attributes
    ----------
    density
        E_p*[w]: how much likelier p* is at its own nodes than the uniform distribution.
    log_share
        log(exp(entropy)/P^(D+1)) = -E_p*[log w]: the effective number of nodes over all.
    tickets
        The probability of the nodes on the signal's lines.
    """

    density: float
    log_share: float
    tickets: float


@dataclass(frozen=True)
class Cell(Concentration):
    """The results of one draw.

    Attributes
    ----------
    bound
        K P max r^2, which P^(D+1) p* exceeds at no node.
    fresh
        The number of fresh points; at 0 the training points stand in.
    empirical_optimized, empirical_uniform, fresh_optimized, fresh_uniform
        Risks on training and fresh points over those of predicting 0; None where K <= N, so that any nodes interpolate.
    """

    bound: float
    fresh: int
    empirical_optimized: float | None = None
    empirical_uniform: float | None = None
    fresh_optimized: float | None = None
    fresh_uniform: float | None = None


CELL = Kind("phase/cell", Task, Cell, "compare.studies.ridgelet.phase.measures:measure")


@dataclass(frozen=True)
class Site:
    """A kind of problem, and the concentrations that are tried on each of its draws."""

    dimension: int
    points: int
    directions: int
    concentrations: tuple[float, ...]
    sine: bool = False


def walks(settings: Settings) -> Mapping[str, Sequence[Site]]:
    """Return the sites of each walk: "dimension", and where some D has all points "coverage", "directions", "sine"."""
    prime, shares = settings.prime, tuple(sorted(settings.concentrations))

    def lines(dimension: int) -> int:
        """Return how many directions Z_P^D has, multiples of one counted once."""
        return (prime**dimension - 1) // (prime - 1)

    def site(dimension: int, points: int) -> Site:
        return Site(dimension, points, min(settings.directions, lines(dimension)), shares)

    dimensions = sorted(settings.dimensions)
    found = {"dimension": [site(d, min(prime**d, settings.points)) for d in dimensions]}
    covered = [d for d in dimensions if prime**d <= settings.points]
    if covered:
        most, whole = covered[-1], prime ** covered[-1]
        counts = sorted({whole, *(whole // thinning for thinning in settings.thinnings)}, reverse=True)
        found["coverage"] = [site(most, count) for count in counts if count >= 2]
        found["directions"] = [
            Site(most, whole, m, shares if m == settings.directions else shares[-1:])
            for m in sorted({settings.directions, *settings.spreads})
            if m <= lines(most)
        ]
        found["sine"] = [Site(d, prime**d, 1, (1.0,), sine=True) for d in covered]
    return found


def tasks(settings: Settings) -> list[Planned]:
    """Return the cells of every site, whole draws first."""
    sites = dict.fromkeys(site for walk in walks(settings).values() for site in walk)
    return [
        planned
        for repeat in range(settings.repeats)
        for site in sites
        for planned in CELL.product(
            settings,
            repeat=repeat,
            dimension=site.dimension,
            points=site.points,
            directions=site.directions,
            sine=site.sine,
            concentration=site.concentrations,
        )
    ]


STUDY = Study(
    "phase",
    "Where optimized nodes beat uniform ones, and why nowhere else",
    "Draw where optimized nodes beat uniform ones, over coverage and concentration.",
    Settings,
    tasks,
    "compare.studies.ridgelet.phase.report:report",
    (CELL,),
    symbols={
        **RIDGELET,
        "c": "share of the target's variance that lies along few directions",
        "gain": "risk of uniform over that of optimized nodes",
    },
)
