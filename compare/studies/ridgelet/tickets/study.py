"""The study of single tickets: which nodes make the better network, over a grid, a task for each network."""

from dataclasses import dataclass
from typing import Annotated

from compare.engine import LARGE, MANY, Check, Each, Help, Kind, Least, Most, Names, Planned, Study
from compare.statistics import RecordedEstimate
from compare.studies.data import TABLE, MissingSetting, TargetSetting, WithoutSetting, attach, known_or_file, table_of
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.settings import data_sets, refuse_no_prime
from compare.studies.symbols import RIDGELET
from problems.names import ACTIVATIONS

__all__ = ["STUDY", "TICKET", "Judged", "Settings", "Ticket"]


@dataclass(frozen=True)
class Settings:
    """A grid: several values each, and every combination is a task."""

    datasets: Annotated[
        tuple[str, ...], Each("dataset"), Names(data_sets, "data sets, or files", "data set", known_or_file)
    ] = ("digits",)
    target: TargetSetting = None
    primes: Annotated[tuple[int, ...], Each("prime"), Check(refuse_no_prime), Help("primes P")] = (5,)
    features: Annotated[tuple[int | None, ...], Least(1), Most(LARGE), Help("dimensions D, or all")] = (4,)
    methods: Annotated[tuple[str, ...], Each("method"), Names(SAMPLERS, "samplers")] = ("dequantized",)
    nodes: Annotated[tuple[int, ...], Least(1, "hidden nodes N"), Most(LARGE)] = (40,)
    regularization: Annotated[tuple[float, ...], Least(0), Help("ridge parameters lambda of the whole network")] = (
        1e-3,
    )
    activations: Annotated[tuple[str, ...], Each("activation"), Names(dict.fromkeys(ACTIVATIONS))] = ("relu",)
    ridge: Annotated[tuple[float, ...], Least(0), Help("penalties of the output weights' fit")] = (1e-4,)
    seed: Annotated[tuple[int, ...], Least(0, "seeds of the splits and the nodes")] = (0,)
    repeats: Annotated[int, Least(1, "splits, the same for all methods, sizes and penalties"), Most(MANY)] = 5
    missing: MissingSetting = "refuse"
    without: WithoutSetting = ()


@dataclass(frozen=True)
class Ticket:
    """A ticket: N nodes of one sampler on one split of a data set."""

    dataset: str
    prime: int
    features: int | None
    method: str
    nodes: int
    regularization: float
    activation: str
    ridge: float
    seed: int
    repeat: int


@dataclass(frozen=True)
class Judged:
    """The worth of the network.

    Attributes
    ----------
    empirical, held_out
        Mean squared errors in training and held out; None where nothing is held out.
    accuracy, held_out_accuracy
        Shares classified right; None for regression.
    zero, held_out_zero
        Errors of predicting the training mean.
    density
        Mean of P^(D+1) p* over the nodes.
    ratio
        Held-out over training samples that splits share.
    description, dimension, points, coverage
        The data in words, D, K and K/P^D.
    """

    empirical: float
    held_out: float | None
    accuracy: float | None
    held_out_accuracy: float | None
    zero: float
    held_out_zero: float
    density: RecordedEstimate
    ratio: float
    description: str
    dimension: int
    points: int
    coverage: float


TICKET = Kind("study/ticket", Ticket, Judged, "compare.studies.ridgelet.tickets.measures:judge", needs=table_of)


def tasks(settings: Settings) -> list[Planned]:
    """Return the whole grid, one repeat after the other."""
    return TICKET.product(settings, repeat=range(settings.repeats))


STUDY = Study(
    "study",
    "Tickets over a grid",
    "Judge tickets over a grid of data sets, samplers and sizes, a task for each network.",
    Settings,
    tasks,
    "compare.studies.ridgelet.tickets.report:report",
    (TICKET, TABLE),
    methods=SAMPLERS,
    attach=attach,
    grids=True,
    symbols=RIDGELET,
)
