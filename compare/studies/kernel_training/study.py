"""The study of kernel training: where inverting a wide network's kernel pays, and what a quantum inverse takes.

Each part is a kind of task. Kernels of every depth and pattern answer real images, and say how they are conditioned and
what a quantum readout of them takes. The paper's claims of O(log n) are measured at the depth of its own rule. Rivals
answer the same images, solvers are timed, circuits are counted and checked on a few of them, and one runs on a snapshot
with noise. Queries, shots, gates and seconds meet in the report alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from compare.engine import LARGE, Above, Each, Help, Kind, Least, Most, Names, Planned, Study
from compare.machines import Assumptions
from compare.studies.data import TABLE, MissingSetting, TargetSetting, WithoutSetting, attach, known_or_file, table_of
from compare.studies.devices import DeviceSetting
from compare.studies.kernel_training.records import (
    Answered,
    Case,
    Circuit,
    Claim,
    Claimed,
    Counted,
    Measured,
    Noisy,
    Read,
    Received,
    Rival,
    Seconds,
    Sent,
    Timing,
)
from compare.studies.kernel_training.tables import CLASSIFIERS, NETWORKS, PATTERNS, SHOWN, TIMED
from compare.studies.symbols import KERNELS
from problems.errors import InputError
from problems.names import DATASETS

__all__ = ["CASE", "CIRCUIT", "CLAIM", "DEVICE", "NOISE", "RIVAL", "STUDY", "TIMING", "Settings", "tasks"]

RIVAL_DEPTH = 4
"""Depth of the kernel of which landmarks are taken."""


NOISY_ERROR = 0.1
"""Relative error of the inverse on the snapshot: a few queries at most, as noise leaves room for no more."""


@dataclass(frozen=True)
class Settings(Assumptions):
    """Every choice of the study."""

    device: DeviceSetting = "fake_fez"
    datasets: Annotated[
        tuple[str, ...],
        Each("dataset"),
        Names(lambda: dict(DATASETS), "data sets of two classes, or files", "data set", known_or_file),
    ] = ("mnist-8-9", "digits")
    target: TargetSetting = None
    networks: Annotated[tuple[str, ...], Each("network"), Names(NETWORKS, "networks")] = tuple(NETWORKS)
    depths: Annotated[tuple[int, ...], Each("depth"), Least(1, "hidden layers L"), Most(10_000)] = (1, 4, 8, 17, 40)
    patterns: Annotated[tuple[str, ...], Each("pattern"), Names(PATTERNS, "pairs that kernels keep")] = tuple(PATTERNS)
    training: Annotated[tuple[int, ...], Each("n"), Least(4, "training images n, even"), Most(4096)] = (
        16,
        32,
        64,
        128,
        256,
        512,
    )
    others: Annotated[
        int,
        Least(4),
        Most(512),
        Help("the largest n of data sets and networks that are not the first, where it is all they have"),
    ] = 32
    tests: Annotated[int, Least(2), Most(4096), Help("test images, even")] = 256
    repeats: Annotated[int, Least(2), Most(1000), Help("splits of the images, in pairs for all")] = 20
    factor: Annotated[float, Above(0), Help("of the depth that the paper's rule asks for; proven with 1")] = 0.1
    epsilon: Annotated[float, Least(1e-12), Most(0.5), Help("relative error of the quantum inverse")] = 0.01
    rivals: Annotated[tuple[str, ...], Each("method"), Names(CLASSIFIERS, "classical rivals")] = tuple(CLASSIFIERS)
    timed: Annotated[tuple[str, ...], Each("solver"), Names(TIMED, "solvers that are timed")] = tuple(TIMED)
    circuits: Annotated[tuple[int, ...], Least(2, "training images of circuits that are counted, even"), Most(32)] = (
        4,
        8,
        16,
    )
    counted: Annotated[tuple[int, ...], Least(1, "depths L of these circuits"), Most(1000)] = (4, 17)
    noisy: Annotated[int, Least(2), Most(50), Help("test images that are read on the snapshot, even")] = 6
    shots: Annotated[int, Least(2), Most(LARGE), Help("shots of each image on the snapshot")] = 4000
    sent: Annotated[
        int, Least(0), Most(50), Help("test images whose signs a device is to read: tickets submit --study kernels")
    ] = 0
    cores: Annotated[int, Least(1), Help("cores of the classical machine; solvers are timed on one")] = 1
    seed: Annotated[int, Least(0), Help("seed of everything drawn")] = 0
    missing: MissingSetting = "refuse"
    without: WithoutSetting = ()

    def check(self) -> None:
        """Refuse odd numbers of images: both classes have as many."""
        given = {"n": self.training, "tests": (self.tests,), "circuits": self.circuits, "noisy": (self.noisy,)}
        for name, values in given.items():
            odd = [value for value in values if value % 2]
            if odd:
                raise InputError(
                    f"{name} = {odd[0]} is odd, and both classes have as many images; give an even number."
                )

    def training_of(self, dataset: str, network: str = "") -> list[int]:
        """Return the n of a data set and a network: all of the first ones, of others the largest they go to."""
        network = network or self.networks[0]
        if dataset == self.datasets[0] and network == self.networks[0]:
            return [n for n in self.training if n <= NETWORKS[network].most] or [min(self.training)]
        most = min(self.others, NETWORKS[network].most)
        return [max((n for n in self.training if n <= most), default=min(self.training))]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Data sets with networks: the first of each with all of the other, and networks with their own data set."""
        return [
            (dataset, network)
            for dataset in self.datasets
            for network in self.networks
            if NETWORKS[network].dataset in ("", dataset)
            and (dataset == self.datasets[0] or network == self.networks[0] or NETWORKS[network].dataset)
        ]

    @property
    def splits(self) -> range:
        """The numbers of the splits."""
        return range(self.seed, self.seed + self.repeats)


PLACE = "compare.studies.kernel_training"

CASE = Kind("kernels/case", Case, Measured, f"{PLACE}.measures:measure", needs=table_of)
CLAIM = Kind("kernels/claim", Claim, Claimed, f"{PLACE}.measures:claim", needs=table_of)
CIRCUIT = Kind("kernels/circuit", Circuit, Counted, f"{PLACE}.circuits:count", needs=table_of)
NOISE = Kind("kernels/noise", Noisy, Read, f"{PLACE}.circuits:read_noisy", needs=table_of)
DEVICE = Kind("kernels/device", Sent, Received, f"{PLACE}.circuits:order", needs=table_of, external=True)
RIVAL = Kind("kernels/rival", Rival, Answered, f"{PLACE}.measures:answer", needs=table_of)
TIMING = Kind("kernels/seconds", Timing, Seconds, f"{PLACE}.measures:time_solver", needs=table_of, timed=True)


def tasks(settings: Settings) -> list[Planned]:
    """Return the tasks of every part."""
    found = []
    for dataset, network in settings.pairs:
        sizes = settings.training_of(dataset, network)
        found += CASE.product(settings, dataset=dataset, network=network, n=sizes, seed=settings.splits)
    first = settings.datasets[0]
    sizes = settings.training_of(first)
    found += CLAIM.product(settings, dataset=first, n=sizes, seed=settings.splits)
    for name in settings.rivals:
        depth = RIVAL_DEPTH if name == "nystroem" else 0
        found += RIVAL.product(settings, dataset=first, n=sizes[-1:], seed=settings.splits, method=name, depth=depth)
    return found + _circuits(settings, first) + _timings(settings, first, sizes)


def _circuits(settings: Settings, dataset: str) -> list[Planned]:
    found = CIRCUIT.product(settings, dataset=dataset, n=settings.circuits, depth=settings.counted)
    least, deepest = min(settings.circuits), max(settings.counted)
    noisy = Noisy(dataset, least, deepest, NOISY_ERROR, settings.noisy, settings.device, settings.shots, settings.seed)
    sent = [
        DEVICE(Sent(dataset, least, deepest, NOISY_ERROR, place, settings.shots, settings.seed))
        for place in range(settings.sent)
    ]
    return [*found, NOISE(noisy), *sent]


def _timings(settings: Settings, dataset: str, sizes: Sequence[int]) -> list[Planned]:
    return TIMING.product(settings, dataset=dataset, n=sizes, seed=settings.seed, method=settings.timed)


PRESETS = {
    "verdict": Settings(
        datasets=("mnist-8-9",),
        networks=("unit",),
        depths=(4, 17),
        training=(16, 32, 64, 128),
        circuits=(4, 8),
    ),
}


STUDY = Study(
    "kernels",
    "Kernel training: where inverting a wide network's kernel pays",
    "Train wide networks by their kernel: exact, sparse and not at all, and what a quantum inverse of each would take.",
    Settings,
    tasks,
    f"{PLACE}.report:report",
    (CASE, CLAIM, RIVAL, CIRCUIT, NOISE, DEVICE, TIMING, TABLE),
    methods=SHOWN,
    presets=PRESETS,
    prepare=f"{PLACE}.measures:prepare",
    attach=attach,
    suits=f"{PLACE}.suiting:suits",
    claim=f"{PLACE}.claim:claim",
    symbols=KERNELS,
)
