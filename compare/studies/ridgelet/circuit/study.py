"""The command `tickets circuit`: what one circuit costs, its drawing, and its gates in files that others can count."""

from dataclasses import dataclass
from functools import partial
from typing import Annotated

from compare.engine import LARGE, Array, Flag, Help, Kind, Least, Most, Names, Planned, Shape, Study
from compare.studies.data import TABLE, MissingSetting, TargetSetting, WithoutSetting, attach, known_or_file, table_of
from compare.studies.devices import snapshots
from compare.studies.ridgelet.circuit.made import MADE, WaysSetting
from compare.studies.ridgelet.circuit.tolerant import (
    LOGICAL,
    PHYSICAL,
    BudgetsSetting,
    ModelsSetting,
    MostQubitsSetting,
    PhysicalSetting,
    priced,
)
from compare.studies.ridgelet.circuit.whole import PIECES, Whole
from compare.studies.ridgelet.drawn import distinct_points
from compare.studies.ridgelet.settings import (
    ActivationSetting,
    DatasetSetting,
    PrimeSetting,
    RegularizationSetting,
    SeedSetting,
    encodings,
    loaders,
)
from compare.studies.symbols import RIDGELET
from problems.errors import InputError, choose
from quantum.names import SNAPSHOT

__all__ = [
    "DRAWING",
    "GATELESS",
    "LOADER",
    "LOGICAL",
    "MADE",
    "PHYSICAL",
    "PIECE",
    "PIECES",
    "STUDY",
    "TRANSFORM",
    "CliffordT",
    "Counted",
    "Drawn",
    "Gates",
    "Grown",
    "Loader",
    "LoaderCounts",
    "OnDevice",
    "Piece",
    "Settings",
    "Transform",
    "TransformCounts",
    "Whole",
]

TABLE_PRIMES, TABLE_DIMENSIONS, TABLE_POINTS = (2, 3, 5, 7, 13, 17, 31, 257), (2, 4, 8, 16, 32, 64), (4, 16, 64)
"""Sizes of the table over P, D and K; each encoding takes the primes that it can."""

LARGE_DIMENSIONS, LARGE_POINTS = (16, 64), (256, 1024)
"""Sizes at which the table has the sparse loader in the rader encoding too."""

GATELESS = "ideal"
"""The loader that hands the state to a simulator: the transform is then the only piece with gates."""

MEASURED = "measured"
"""The way of making rotations that measures on the way."""

HERE = "compare.studies.ridgelet.circuit"


@dataclass(frozen=True)
class Settings:
    """Every choice."""

    dataset: DatasetSetting = "digits"
    column: Annotated[TargetSetting, Flag("target")] = None
    prime: Annotated[PrimeSetting, Help("prime P: levels of each feature")] = 5
    features: Annotated[int | None, Least(1), Most(LARGE), Help("data dimension D, or all")] = 4
    points: Annotated[int, Least(1, "distinct data points K, at most"), Most(LARGE)] = 16
    encoding: Annotated[str, Names(encodings, "how digits are held in qubits: binary, rader or crt")] = "binary"
    loader: Annotated[str, Names(loaders, "how data is loaded: sparse, filtered or ideal")] = "sparse"
    dynamic: Annotated[bool, Help("measure on the way and feed forward")] = False
    activation: ActivationSetting = "relu"
    regularization: RegularizationSetting = 1e-3
    seed: SeedSetting = 0
    device: Annotated[str | None, Names(snapshots, "count on a device's snapshot too: fake_fez, ...")] = None
    clifford_t: Annotated[bool, Help("count Clifford and T gates too")] = False
    fractional: Annotated[bool, Help("count with RZZ gates of any angle too, on the device too")] = False
    table: Annotated[bool, Help("count over D, P and K too, and fit the growth")] = False
    missing: MissingSetting = "refuse"
    without: WithoutSetting = ()
    physical: PhysicalSetting = False
    models: ModelsSetting = ("gate_ns_e3", "gate_ns_e4", "gate_us_e3", "maj_ns_e4")
    budgets: BudgetsSetting = (1e-3, 1e-2)
    most_qubits: MostQubitsSetting = 1_000_000
    ways: WaysSetting = ()

    def __post_init__(self) -> None:
        """Take a device that is named as the target, as it once was called, where no file has such a column."""
        named = self.column is not None and self.column.startswith(SNAPSHOT) and self.device is None
        if named and not known_or_file(self.dataset):
            device = self.column
            choose("target", device, snapshots())
            object.__setattr__(self, "device", device)
            object.__setattr__(self, "column", None)

    def check(self) -> None:
        """Refuse an activation of one prime where there are several, and measured ANDs beside feed-forward."""
        if self.table and not isinstance(self.activation, str):
            raise InputError(
                "The table has several primes, but activation is given for one; name it, or leave --table out."
            )
        if self.dynamic and MEASURED in self.ways:
            raise InputError(
                f"way = {MEASURED!r} measures ANDs away, which does not go with the feed-forward of dynamic = True; "
                "take another way, or leave one of them out."
            )


@dataclass(frozen=True)
class Piece(Whole):
    """One of its `PIECES`, and what it is counted on beside all-to-all gates."""

    piece: str
    target: str | None
    clifford_t: bool
    fractional: bool


@dataclass(frozen=True)
class Drawn:
    """The circuit as a drawing, and its problem.

    Attributes
    ----------
    text, narrow
        The drawing, its blocks unopened, for wide and for narrow terminals.
    description, dimension, distinct, outputs
        The data in words, D, K and the number of outputs.
    basis, optimization_level, seed_transpiler
        How all pieces are compiled.
    """

    text: str
    narrow: str
    description: str
    dimension: int
    distinct: int
    outputs: int
    basis: tuple[str, ...]
    optimization_level: int
    seed_transpiler: int


@dataclass(frozen=True)
class Gates:
    """Size of a compiled circuit; see `quantum.resources.GateCounts`."""

    qubits: int
    depth: int
    one_qubit: int
    two_qubit: int
    measurements: int
    resets: int
    conditioned: int


@dataclass(frozen=True)
class OnDevice:
    """Size of a circuit on a device, seconds of a shot, and the share without error; see `TargetCounts`."""

    gates: Gates
    duration: float | None
    fidelity: float | None


@dataclass(frozen=True)
class CliffordT:
    """Size of a circuit in Clifford and T gates; see `quantum.resources.CliffordTCounts`."""

    qubits: int
    t: int
    t_depth: int
    clifford: int
    two_qubit: int
    rotations: int
    rotation_error: float


@dataclass(frozen=True)
class Counted:
    """The cost of a piece, and its gates.

    Attributes
    ----------
    gates
        All qubits connected.
    qasm, qpy
        OpenQASM 3 and QPY: bytes, compressed by zlib.
    on_device, in_clifford_t
        None if they were not asked for.
    measured
        The sparse loader's, with ancillas that are cleaned by measurement; None for other pieces.
    bound
        About what a loader of so many points takes at least, by counting; None for other pieces.
    with_rzz, with_rzz_on_device
        With RZZ gates of any angle, in whichever form of the circuit takes fewer two-qubit gates; None if they were
        not asked for.
    """

    gates: Gates
    qasm: Annotated[Array, Shape("text", of="u")]
    qpy: Annotated[Array, Shape("bytes", of="u")]
    on_device: OnDevice | None
    in_clifford_t: CliffordT | None
    measured: Gates | None
    bound: float | None
    with_rzz: Gates | None
    with_rzz_on_device: OnDevice | None


@dataclass(frozen=True)
class Transform:
    """A transform over the dimension D, which does not depend on the data."""

    encoding: str
    dynamic: bool
    fractional: bool
    prime: int
    dimensions: tuple[int, ...]
    activation: str


@dataclass(frozen=True)
class Grown:
    """How its two-qubit gates grow with D; see `quantum.resources.Growth`."""

    constant: float
    slope: float
    exact: bool
    exponent: float | None
    exponent_error: float | None


@dataclass(frozen=True)
class TransformCounts:
    """Its size at each D, up to the first that is large; the growth where there are three."""

    counts: tuple[Gates, ...]
    growth: Grown | None


@dataclass(frozen=True)
class Loader:
    """A loader of K random points."""

    encoding: str
    loader: str
    prime: int
    dimension: int
    points: int
    seed: int


@dataclass(frozen=True)
class LoaderCounts:
    """Its size, None if it has no gates, the qubits that hold a point, and more.

    Attributes
    ----------
    data_qubits
        Qubits that hold a point.
    counts, measured
        None if it has no gates; a sparse one's with ancillas that are cleaned by measurement, None for others.
    bound
        About what a loader of so many points takes at least.
    """

    data_qubits: int
    counts: Gates | None
    measured: Gates | None
    bound: float


DRAWING = Kind("circuit/drawing", Whole, Drawn, f"{HERE}.measures:draw", needs=table_of)
PIECE = Kind("circuit/piece", Piece, Counted, f"{HERE}.measures:count", version=2, needs=table_of)
TRANSFORM = Kind("circuit/transform", Transform, TransformCounts, f"{HERE}.measures:count_transform", version=2)
LOADER = Kind("circuit/loader", Loader, LoaderCounts, f"{HERE}.measures:count_loader", version=2)


def tasks(settings: Settings) -> list[Planned]:
    """Return the drawing, the pieces, and if they are asked for their estimates and the table."""
    pieces = PIECES if settings.loader != GATELESS else ("transform",)
    found = [*DRAWING.product(settings), *PIECE.product(settings, piece=pieces, target=settings.device)]
    if settings.physical:
        found += priced(settings, pieces)
    found += MADE.product(settings, piece=pieces)
    return [*found, *_table(settings)] if settings.table else found


def _table(settings: Settings) -> list[Planned]:
    from quantum.resources import transforms  # here, because circuits import Qiskit

    curves = transforms(TABLE_PRIMES)
    found = []
    for encoding, dynamic, prime in curves:
        # No other encoding has a form of its own for RZZ gates.
        forms = (False, True) if settings.fractional and encoding == "rader" else (False,)
        fixed = {"encoding": encoding, "dynamic": dynamic, "prime": prime, "fractional": forms}
        found += TRANSFORM.product(settings, **fixed, dimensions=[TABLE_DIMENSIONS])
    for encoding, prime in dict.fromkeys((encoding, prime) for encoding, _, prime in curves):
        sizes = {"loader": tuple(loaders()), "dimension": TABLE_DIMENSIONS, "points": TABLE_POINTS}
        every = LOADER.product(settings, encoding=encoding, prime=prime, **sizes)
        if encoding == "rader":
            large = {"loader": ("sparse",), "dimension": LARGE_DIMENSIONS, "points": LARGE_POINTS}
            every += LOADER.product(settings, encoding=encoding, prime=prime, **large)
        found += [
            one for one in every if distinct_points(prime, one.task.dimension, one.task.points) == one.task.points
        ]
    return found


STUDY = Study(
    "circuit",
    "What a circuit costs",
    "Count a circuit's gates, loader and transform apart; draw it and write it as OpenQASM and QPY.",
    Settings,
    tasks,
    f"{HERE}.report:report",
    (DRAWING, PIECE, MADE, LOGICAL, PHYSICAL, TRANSFORM, LOADER, TABLE),
    prepare=f"{HERE}.measures:prepare",
    attach=partial(attach, column="column"),
    after=f"{HERE}.files:write",
    symbols=RIDGELET,
)
