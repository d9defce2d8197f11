"""The study of times: seconds a sample over dimension, prime and number of points, a task for each time."""

from dataclasses import dataclass
from typing import Annotated

from compare.engine import LARGE, MANY, Check, Each, Flag, Help, Kind, Least, Most, Names, Planned, Study
from compare.statistics import Estimate, RecordedEstimate
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.settings import refuse_no_prime
from compare.studies.symbols import RIDGELET

__all__ = ["MEASURE", "STUDY", "TIME", "Settings", "Time", "Timed"]


@dataclass(frozen=True)
class Settings:
    """A grid: several values each, and every combination is a task."""

    methods: Annotated[tuple[str, ...], Each("method"), Names(SAMPLERS), Help("samplers")] = ("dequantized",)
    dimensions: Annotated[
        tuple[int, ...], Each("dimension"), Flag("features"), Least(1), Most(LARGE), Help("data dimensions D")
    ] = (8,)
    primes: Annotated[tuple[int, ...], Each("prime"), Check(refuse_no_prime), Help("primes P")] = (3,)
    points: Annotated[
        tuple[int, ...], Least(1), Most(LARGE), Help("distinct data points K; all P^D of them where there are fewer")
    ] = (50,)
    samples: Annotated[tuple[int, ...], Least(1), Most(LARGE), Help("nodes drawn")] = (1000,)
    seed: Annotated[tuple[int, ...], Least(0), Help("seeds of the problems and the nodes")] = (0,)
    repeats: Annotated[int, Least(1), Most(MANY), Help("repeats, each with a problem and nodes of its own")] = 5


@dataclass(frozen=True)
class Time:
    """The timed task: a sampler drawing nodes of one random problem, which is the same for all samplers."""

    method: str
    dimension: int
    prime: int
    points: int
    samples: int
    seed: int
    repeat: int


@dataclass(frozen=True)
class Timed:
    """A time, and what nodes were drawn: processor seconds on one thread, the fastest of several rounds.

    Attributes
    ----------
    distinct
        The points that there were.
    prepare
        Seconds to make the sampler.
    per_sample
        Seconds a node after that: the median of the batches, from the fastest to the slowest in its slowest round.
    seconds
        Of a node with its share of the preparation.
    density
        Mean of P^(D+1) p* over the nodes: 1 for uniform nodes, and the same for all samplers of p*.
    wall
        `seconds` on the wall's clock: more where the machine does something else.
    """

    distinct: int
    prepare: float
    per_sample: Estimate
    seconds: float
    density: RecordedEstimate
    wall: float


MEASURE = "compare.studies.ridgelet.scale.measures:time_sampler"

TIME = Kind("scale/time", Time, Timed, MEASURE, version=2, timed=True)


def tasks(settings: Settings) -> list[Planned]:
    """Return the whole grid, one repeat after the other."""
    return TIME.product(settings, repeat=range(settings.repeats))


STUDY = Study(
    "scale",
    "Seconds a sample",
    "Time samplers over dimension, prime and number of points.",
    Settings,
    tasks,
    "compare.studies.ridgelet.scale.report:report",
    (TIME,),
    methods=SAMPLERS,
    grids=True,
    symbols=RIDGELET,
)
