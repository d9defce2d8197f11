"""The command `tickets sample`: hidden nodes of one sampler, drawn in parts, each on disk before the next."""

from dataclasses import dataclass
from typing import Annotated

from compare.engine import (
    LARGE,
    MOST_TASKS,
    Array,
    Attached,
    Flag,
    Help,
    Kind,
    Least,
    Most,
    Names,
    Planned,
    Shape,
    Study,
)
from compare.studies.data import TABLE, MissingSetting, TargetSetting, WithoutSetting, attach
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.settings import (
    ActivationSetting,
    DatasetSetting,
    PrimeSetting,
    RegularizationSetting,
    SeedSetting,
)
from compare.studies.rows import ROWS, MemorySetting, attach_rows, data_of
from compare.studies.symbols import RIDGELET

__all__ = ["NODES", "PART", "STUDY", "Drawing", "Drawn", "Part", "Settings"]

NODES = 1000
"""Nodes of a part, whatever number is asked for; the last part has what is left."""

SPREADS = "compare.studies.ridgelet.spread:spreads"

MEASURES = "compare.studies.ridgelet.drawing.measures"


@dataclass(frozen=True)
class Settings:
    """Every choice."""

    dataset: DatasetSetting = "digits"
    target: TargetSetting = None
    prime: Annotated[PrimeSetting, Help("prime P: levels of each feature")] = 17
    features: Annotated[int | None, Least(1), Most(LARGE), Help("data dimension D, or all")] = None
    sampler: Annotated[str, Flag("method"), Names(SAMPLERS, "a sampler, as circuit_mps_rader", "sampler")] = (
        "dequantized"
    )
    samples: Annotated[int, Least(1, "nodes drawn"), Most(NODES * MOST_TASKS)] = 1000
    regularization: RegularizationSetting = 1e-3
    activation: ActivationSetting = "relu"
    seed: SeedSetting = 0
    missing: MissingSetting = "refuse"
    without: WithoutSetting = ()
    memory: MemorySetting = None

    def check(self) -> None:
        """Refuse more nodes than memory holds, whatever the data: so many parts are not even listed."""
        from problems.ridgelet.sampling import check_room

        check_room(self.samples, self.features or 1)


@dataclass(frozen=True)
class Drawing:
    """One sampler of one problem; the seed is that of the data's split too."""

    dataset: str
    prime: int
    features: int | None
    method: str
    regularization: float
    activation: str | tuple[float, ...]
    seed: int


@dataclass(frozen=True)
class Part(Drawing):
    """Some of its nodes: which part, and how many."""

    part: int
    nodes: int


@dataclass(frozen=True)
class Drawn:
    """The nodes of a part.

    Attributes
    ----------
    a, b
        Weights (n, D) and biases (n,), in the smallest type that holds them.
    density
        P^(D+1) p* of each: shape (n,).
    prepare
        Seconds to make the sampler; a process makes it once.
    per_sample
        Seconds a node after that.
    description, points, coverage
        The data in words, K and K/P^D.
    """

    a: Annotated[Array, Shape("nodes", "dimension", of="iu", least=0, below="prime")]
    b: Annotated[Array, Shape("nodes", of="iu", least=0, below="prime")]
    density: Annotated[Array, Shape("nodes", least=0)]
    prepare: float
    per_sample: float
    description: str
    points: int
    coverage: float


def attached(settings: Settings) -> Attached:
    """Return settings in which a user's files stand by their content."""
    return attach_rows(settings) or attach(settings)


PART = Kind("sample/part", Part, Drawn, f"{MEASURES}:draw", needs=data_of, spreads=SPREADS)


def tasks(settings: Settings) -> list[Planned]:
    """Return the parts, in their order."""
    return [
        planned
        for part, start in enumerate(range(0, settings.samples, NODES))
        for planned in PART.product(
            settings, method=settings.sampler, part=part, nodes=min(NODES, settings.samples - start)
        )
    ]


STUDY = Study(
    "sample",
    "Hidden nodes of one sampler",
    "Draw hidden nodes with one sampler and write them to an npz file, part by part.",
    Settings,
    tasks,
    "compare.studies.ridgelet.drawing.report:report",
    (PART, TABLE, ROWS),
    methods=SAMPLERS,
    prepare=f"{MEASURES}:prepare",
    attach=attached,
    after="compare.studies.ridgelet.drawing.files:write",
    symbols=RIDGELET,
)
