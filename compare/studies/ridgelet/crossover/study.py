"""The crossover study: what a sample costs by classical samplers and by quantum machines, over D, K and P.

Classical seconds are measured here, in the same run; circuits are counted, and assumptions that all have a flag turn
counts into seconds when a report is made. All problems are random: K distinct points, normal targets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from compare.engine import LARGE, MANY, Above, Check, Each, Flag, Help, Kind, Least, Most, Names, Planned, Study
from compare.machines import Assumptions, Shot, loader_steps
from compare.statistics import Estimate
from compare.statistics.scaling import LEAST_DRAWS, Scaling
from compare.studies.devices import DeviceSetting
from compare.studies.ridgelet.crossover.estimated import (
    ESTIMATE,
    INSTALLED,
    BudgetSetting,
    EstimatedPointsSetting,
    ModelSetting,
    MostQubitsSetting,
    PhysicalSetting,
    estimated,
)
from compare.studies.ridgelet.crossover.quality import QUALITY, quality_tasks
from compare.studies.ridgelet.drawn import distinct_points
from compare.studies.ridgelet.methods import DIRECT, SAMPLERS
from compare.studies.ridgelet.settings import SeedSetting, encodings, refuse_no_prime
from compare.studies.symbols import RIDGELET
from problems.errors import InputError

__all__ = [
    "CORES",
    "COUNT",
    "CURVE",
    "DEVICE",
    "ESTIMATE",
    "RIVALS",
    "STUDY",
    "Circuit",
    "Circuits",
    "Cores",
    "Count",
    "Curve",
    "Described",
    "Device",
    "Gates",
    "Settings",
    "Shared",
]

RIVALS = ("dequantized", "enumeration")
"""The classical samplers that quantum machines are held against: the best, and the naive one."""

TIMED_DIMENSIONS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 24, 32, 64, 256, 1024, 4096)
TIMED_POINTS = (4, 16, 64, 256, 1024, 4096, 16384, 65536)
TIMED_PRIMES = (3, 5, 7, 11, 13, 17, 31, 41, 61, 97, 127, 257)
CORES_POINTS = 4096
"""K where the efficiency of two cores is measured: data that no core's own cache needs to hold alone."""

PRIME_DIMENSION = 3
"""D while P varies: small, so that enumeration gets somewhere."""

MEASURES = "compare.studies.ridgelet.crossover.measures"


@dataclass(frozen=True)
class Settings(Assumptions):
    """Every choice of the study; those that are inherited are read by the report, and two of them in counting."""

    device: DeviceSetting = "fake_fez"
    primes: Annotated[
        tuple[int, ...], Each("prime"), Check(refuse_no_prime), Help("primes P; all growth is measured at the first")
    ] = (3, 17)
    points: Annotated[int, Least(1), Most(LARGE), Help("distinct data points K while D or P varies")] = 16
    dimension: Annotated[int, Flag("features"), Least(1), Most(LARGE), Help("data dimension D while K varies")] = 24
    dimensions: Annotated[
        tuple[int, ...], Flag("counted_features"), Least(1), Most(LARGE), Help("D whose circuits are counted")
    ] = (
        4,
        6,
        8,
        16,
        24,
        32,
        64,
    )
    loaded_points: Annotated[tuple[int, ...], Least(1), Most(LARGE), Help("K at which loaders are counted")] = (
        2,
        4,
        8,
        16,
        24,
    )
    encoding: Annotated[str, Names(encodings), Help("encoding of the circuits: rader, binary or crt")] = "rader"
    samples: Annotated[int, Least(1), Most(LARGE), Help("nodes drawn at once, which share a preparation")] = 1000
    draws: Annotated[int, Flag("repeats"), Least(LEAST_DRAWS), Most(MANY), Help("random problems of each size")] = 5
    limit: Annotated[float, Above(0), Help("processor seconds: classical samplers go up to sizes that take longer")] = (
        1.0
    )
    most_dimensions: Annotated[
        int, Flag("most_features"), Least(1), Most(LARGE), Help("largest D of classical samplers")
    ] = 4096
    most_points: Annotated[int, Least(1), Most(LARGE), Help("largest K of classical samplers")] = 65536
    most_prime: Annotated[int, Least(1), Most(LARGE), Help("largest P of classical samplers")] = 257
    methods: Annotated[
        tuple[str, ...], Each("method"), Names(SAMPLERS), Help("samplers whose growth is measured; all if left out")
    ] = ()
    seed: SeedSetting = 0
    physical: PhysicalSetting = INSTALLED
    model: ModelSetting = "gate_ns_e3"
    budget: BudgetSetting = 1e-3
    most_qubits: MostQubitsSetting = 1_000_000
    estimated_points: EstimatedPointsSetting = (256,)

    def check(self) -> None:
        """Refuse sizes that are no growth, and more points than there are."""
        for name in ("dimensions", "loaded_points"):
            sizes = getattr(self, name)
            if len(set(sizes)) < 2:
                raise InputError(f"{name} = {_listed(sizes)} is no growth; give at least 2 sizes.")
        for prime in self.primes:
            if all(distinct_points(prime, dimension, self.points) < self.points for dimension in self.dimensions):
                raise InputError(
                    f"Z_{prime}^D has fewer than {self.points} points at every D of {_listed(self.dimensions)}; take "
                    "fewer points, more dimensions or a larger prime."
                )


def _listed(values: Sequence[int]) -> str:
    return ", ".join(map(str, values))


@dataclass(frozen=True)
class Curve:
    """A sampler's times while D, K or P varies, as far as it goes: where it stops depends on the sizes before.

    Attributes
    ----------
    method
        A name in `SAMPLERS`.
    varied, sizes
        "dimension", "points" or "prime", and its values.
    prime, dimension, points
        P, D and K; None of the one that varies.
    samples, draws, limit, seed
        As in `Settings`.
    """

    method: str
    varied: str
    prime: int | None
    dimension: int | None
    points: int | None
    sizes: tuple[int, ...]
    samples: int
    draws: int
    limit: float
    seed: int

    def at(self, size: int) -> dict[str, int]:
        """Return P, D and K at one size, by their names."""
        fixed = {"prime": self.prime, "dimension": self.dimension, "points": self.points}
        return {name: size if value is None else value for name, value in fixed.items()}


@dataclass(frozen=True)
class Count:
    """The circuits of one size, the loader and the transform apart.

    Attributes
    ----------
    prime, dimension, points
        P, D and K.
    draws, seed
        Random problems; the transform does not depend on them.
    encoding, device
        A name in `ENCODINGS`, and a snapshot.
    synthesis_error
        Of all rotations of a circuit together, in operator norm: each has an equal share.
    """

    prime: int
    dimension: int
    points: int
    draws: int
    encoding: str
    device: str
    synthesis_error: float
    seed: int


@dataclass(frozen=True)
class Gates:
    """A circuit in Clifford and T gates; see `quantum.resources.CliffordTCounts`."""

    qubits: int
    t: int
    t_depth: int
    clifford: int
    two_qubit: int
    rotations: int


@dataclass(frozen=True)
class Circuit:
    """A circuit on a device: qubits in use, two-qubit gates, seconds of a shot, and the share without error."""

    qubits: int
    two_qubit: int
    duration: float
    fidelity: float


@dataclass(frozen=True)
class Circuits:
    """The counts of the circuits of one size.

    Attributes
    ----------
    rotation_error
        Of each rotation.
    transform, loaders
        In Clifford and T gates; one loader for each random problem.
    transform_on_device, whole_on_device
        The transform alone, and whole circuits, one for each random problem; None and nothing where the device has too
        few qubits.
    """

    rotation_error: float
    transform: Gates
    loaders: list[Gates]
    transform_on_device: Circuit | None
    whole_on_device: list[Circuit]

    def shots(self, loader: str, points: int) -> list[Shot]:
        """Return shots with a loader over K points: of each random problem if it is built, else of the transform."""
        if loader != "sparse":
            device = self.transform_on_device
            return [
                Shot(self.transform.t, self.transform.t_depth, *_of_device(device), loader_steps(loader, points)),
            ]
        whole: Sequence[Circuit | None] = self.whole_on_device or [None] * len(self.loaders)
        return [
            Shot(self.transform.t + part.t, self.transform.t_depth + part.t_depth, *_of_device(circuit))
            for part, circuit in zip(self.loaders, whole, strict=True)
        ]

    @property
    def volume(self) -> float:
        """Qubits times T gates with the largest loader: logical qubits times logical steps, one T at a time."""
        return float(self.transform.qubits * (self.transform.t + max(part.t for part in self.loaders)))


def _of_device(circuit: Circuit | None) -> tuple[float | None, float | None]:
    return (None, None) if circuit is None else (circuit.duration, circuit.fidelity)


@dataclass(frozen=True)
class Device:
    """A device to be described: the name of a snapshot."""

    device: str


@dataclass(frozen=True)
class Described:
    """The facts about a device that a report needs.

    Attributes
    ----------
    gate
        Median seconds of its two-qubit gates.
    qubits
        How many it connects by working gates.
    calibrated
        When the snapshot was taken, ISO 8601; None where it does not say.
    """

    gate: float
    qubits: int
    calibrated: str | None


@dataclass(frozen=True)
class Cores:
    """The best classical sampler on two threads beside one, on one random problem."""

    prime: int
    dimension: int
    points: int
    seed: int


@dataclass(frozen=True)
class Shared:
    """The worth of two cores.

    Attributes
    ----------
    efficiency
        Nodes a second on two threads over twice those on one, where nothing else runs: by the processor seconds of
        both threads and of the one that waits for them. Median of rounds with its 95% interval.
    wall
        The same by the wall's clock: less where the machine does something else, or has one core.
    nodes, cores
        How many were drawn at once, and the cores that the machine let this process have.
    """

    efficiency: Estimate
    wall: Estimate
    nodes: int
    cores: int


CURVE = Kind("crossover/curve", Curve, Scaling, f"{MEASURES}:time_curve", version=2, timed=True)
CORES = Kind("crossover/cores", Cores, Shared, f"{MEASURES}:share_cores", timed=True, threads=2)
COUNT = Kind("crossover/count", Count, Circuits, f"{MEASURES}:count_circuits")
DEVICE = Kind("crossover/device", Device, Described, f"{MEASURES}:describe")


def tasks(settings: Settings) -> list[Planned]:
    """Return the device, the circuits that are counted, nodes and the curves that are timed, the rivals first."""
    found = [DEVICE(Device(settings.device))]
    for prime in settings.primes:
        for dimension, points in counted_sizes(settings, prime):
            found += COUNT.product(settings, prime=prime, dimension=dimension, points=points)
    if settings.physical:
        found += estimated(settings, {prime: counted_sizes(settings, prime) for prime in settings.primes})
    found += quality_tasks(settings)
    timed = tuple(dict.fromkeys([*RIVALS, *(settings.methods or DIRECT)]))
    for prime in settings.primes:
        every = timed if prime == settings.primes[0] else RIVALS
        found += _curves(settings, every, "dimension", prime=prime, points=settings.points)
        over_points = timed if prime == settings.primes[0] else RIVALS[:1]
        found += _curves(settings, over_points, "points", prime=prime, dimension=settings.dimension)
    found += _curves(settings, timed, "prime", dimension=PRIME_DIMENSION, points=settings.points)
    for prime in settings.primes:
        points = distinct_points(prime, settings.dimension, min(CORES_POINTS, settings.most_points))
        found += CORES.product(settings, prime=prime, points=points)
    return found


def counted_sizes(settings: Settings, prime: int) -> list[tuple[int, int]]:
    """Return D and K at which circuits are counted, those that have so many points."""
    sizes = [(dimension, settings.points) for dimension in sorted(settings.dimensions)]
    sizes += [(settings.dimension, points) for points in sorted(settings.loaded_points)]
    return [size for size in dict.fromkeys(sizes) if distinct_points(prime, *size) == size[1]]


def _curves(settings: Settings, methods: Sequence[str], varied: str, **fixed: int) -> list[Planned]:
    most, sizes = {
        "dimension": (settings.most_dimensions, sorted({*TIMED_DIMENSIONS, *settings.dimensions})),
        "points": (settings.most_points, TIMED_POINTS),
        "prime": (settings.most_prime, TIMED_PRIMES),
    }[varied]
    held = tuple(size for size in sizes if size <= most and _is_held(**(fixed | {varied: size})))
    nothing = {"prime": None, "dimension": None, "points": None}
    return CURVE.product(settings, method=methods, varied=varied, sizes=[held], **(nothing | fixed)) if held else []


def _is_held(prime: int, dimension: int, points: int) -> bool:
    return distinct_points(prime, dimension, points) == points


PRESETS = {"verdict": Settings(primes=(3,), methods=("dequantized",))}


STUDY = Study(
    "crossover",
    "Crossover: classical against quantum seconds",
    "Compare classical and quantum seconds a sample: who wins, from which size, by which assumption.",
    Settings,
    tasks,
    "compare.studies.ridgelet.crossover.report:report",
    (DEVICE, COUNT, ESTIMATE, QUALITY, CURVE, CORES),
    presets=PRESETS,
    methods=SAMPLERS,
    prepare=f"{MEASURES}:prepare",
    claim="compare.studies.ridgelet.crossover.claim:claim",
    symbols=RIDGELET,
)
