"""The study of size: seconds and bytes a node over K and D, the loader of a quantum machine, and risks over K.

Draws are timed on random points, from memory and from a file. Circuits are counted where they can be built, and go on
by the laws that they are built by. Tickets are fitted on distorted copies of images.
"""

from dataclasses import dataclass
from typing import Annotated

from compare.engine import LARGE, MANY, Above, Check, Each, Flag, Help, Kind, Least, Most, Names, Planned, Study
from compare.machines import Assumptions
from compare.studies.data import known_or_file
from compare.studies.devices import DeviceSetting
from compare.studies.ridgelet.crossover.study import COUNT, DEVICE, Device
from compare.studies.ridgelet.drawn import distinct_points
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.settings import (
    PrimeSetting,
    RegularizationSetting,
    RidgeSetting,
    SeedSetting,
    encodings,
    refuse_no_prime,
)
from compare.studies.ridgelet.size.names import IMAGES
from problems.errors import InputError

__all__ = [
    "DRAW",
    "SHARE",
    "STUDY",
    "TICKET",
    "WAYS",
    "Draw",
    "Drawn",
    "Judged",
    "Settings",
    "Share",
    "Shared",
    "Ticket",
]

WAYS = {"memory": "points in memory", "file": "points in a file, read in chunks"}
"""Where the points are, by name, in words."""

MEASURES = "compare.studies.ridgelet.size.measures"


def refuse_tables(name: str, value: str) -> None:
    """Refuse a user's own data: what is copied here are images.

    Raises
    ------
    InputError
        If a file, or the identity of one, is named.
    """
    if known_or_file(value):
        raise InputError(
            f"{name}: copies are distorted images, and a table of one's own is refused here; name one of "
            f"{', '.join(sorted(IMAGES))}."
        )


@dataclass(frozen=True)
class Settings(Assumptions):
    """Every choice of the study; the inherited ones, and those of the prediction, are read by the report alone."""

    device: DeviceSetting = "fake_fez"
    prime: Annotated[PrimeSetting, Help("prime P")] = 17
    ways: Annotated[tuple[str, ...], Each("way"), Names(WAYS, "where the points are")] = ("memory", "file")
    points: Annotated[tuple[int, ...], Least(2), Most(LARGE), Help("points K over which draws are timed")] = (
        1_000,
        10_000,
        100_000,
    )
    dimension: Annotated[int, Flag("features"), Least(8), Most(LARGE), Help("dimension D while K varies")] = 784
    dimensions: Annotated[
        tuple[int, ...], Flag("over_features"), Least(8), Most(LARGE), Help("dimensions D over which draws are timed")
    ] = (64, 784, 3072)
    fixed_points: Annotated[int, Least(2), Most(LARGE), Help("points K while D varies")] = 10_000
    samples: Annotated[int, Least(1), Most(LARGE), Help("nodes drawn at once")] = 256
    dask_workers: Annotated[
        tuple[int, ...], Least(1), Most(MANY), Help("dask workers of one thread, each number beside as many threads")
    ] = (1, 2)
    counted_points: Annotated[tuple[int, ...], Least(2), Most(MANY), Help("K at which loaders are counted")] = (
        2,
        4,
        8,
        16,
    )
    counted_dimension: Annotated[
        int, Flag("counted_features"), Least(4), Most(MANY), Help("D at which circuits are counted, and its half")
    ] = 8
    draws: Annotated[int, Least(1), Most(MANY), Help("random problems whose loaders are counted")] = 2
    encoding: Annotated[str, Names(encodings), Help("encoding of the circuits: rader, binary or crt")] = "rader"
    dataset: Annotated[
        str, Check(refuse_tables), Names(IMAGES, "images whose copies tickets are fitted on", "data set of images")
    ] = "mnist-8-9"
    copies: Annotated[
        tuple[int, ...], Least(1), Most(MANY), Help("copies of each image, itself included; all but it distorted")
    ] = (1, 4, 16)
    methods: Annotated[tuple[str, ...], Each("method"), Names(SAMPLERS, "samplers of the tickets")] = (
        "dequantized",
        "subspace-2",
        "uniform",
    )
    nodes: Annotated[int, Least(1), Most(LARGE), Help("hidden nodes N of a ticket")] = 200
    regularization: RegularizationSetting = 1e-3
    ridge: RidgeSetting = 1e-3
    repeats: Annotated[int, Least(2), Most(MANY), Help("splits of the images")] = 3
    seed: SeedSetting = 0
    predicted_points: Annotated[int, Least(1), Help("images of the prediction"), Most(10**12)] = 1_300_000
    predicted_dimension: Annotated[
        int, Flag("predicted_features"), Least(1), Help("pixels of an image of the prediction"), Most(10**9)
    ] = 150_528
    predicted_prime: Annotated[int, Check(refuse_no_prime), Most(2**31 - 1), Help("prime P of the prediction")] = 257
    predicted_nodes: Annotated[int, Least(1), Most(LARGE), Help("nodes drawn at once in the prediction")] = 1_000
    computers: Annotated[int, Least(1), Most(LARGE), Help("computers of the prediction, with --cores each")] = 100
    disk: Annotated[float, Above(0), Help("bytes a second that a computer reads")] = 5e8
    network: Annotated[float, Above(0), Help("bytes a second between two computers")] = 1.25e9
    latency: Annotated[float, Least(0), Help("seconds until a message arrives")] = 1e-3

    def check(self) -> None:
        """Refuse sizes that are no growth, and more points than there are."""
        for name in ("points", "counted_points"):
            if len(set(getattr(self, name))) < 2:
                raise InputError(f"{name} = {getattr(self, name)[0]} is no growth; give at least 2 sizes.")
        for dimension, points in sizes(self):
            if distinct_points(self.prime, dimension, 2 * points) < 2 * points:
                raise InputError(
                    f"Z_{self.prime}^{dimension} has too few points to draw {points} different ones at random; take "
                    "fewer, or more dimensions."
                )


@dataclass(frozen=True)
class Draw:
    """A timed draw: nodes of one problem of random points, on one thread.

    Attributes
    ----------
    way
        A name in `WAYS`.
    prime, dimension, points
        P, D and K.
    samples
        Nodes drawn at once.
    seed
        Of the points and the nodes.
    """

    way: str
    prime: int
    dimension: int
    points: int
    samples: int
    seed: int


@dataclass(frozen=True)
class Drawn:
    """The time of drawing, processor seconds on one thread, the fastest of several rounds.

    Attributes
    ----------
    prepare
        Seconds to make the sampler.
    seconds, slowest, wall
        Seconds of a draw of all nodes; of the slowest round; and by the wall's clock.
    product
        Seconds of the one product of that size alone, n by D times D by K, in single precision.
    stored
        Bytes of the points.
    read
        Bytes that a draw reads from the file; 0 in memory.
    """

    prepare: float
    seconds: float
    slowest: float
    wall: float
    product: float
    stored: int
    read: int


@dataclass(frozen=True)
class Share:
    """A draw of points in a file on workers, and on as many threads of one process."""

    workers: int
    prime: int
    dimension: int
    points: int
    samples: int
    seed: int


@dataclass(frozen=True)
class Shared:
    """The time of both, on the wall's clock, the fastest of several rounds.

    Attributes
    ----------
    threads, cluster
        Seconds of a draw of all nodes on threads of one process, and on dask workers.
    same
        Whether both drew the same nodes.
    """

    threads: float
    cluster: float
    same: bool


@dataclass(frozen=True)
class Ticket:
    """A ticket fitted on images and their copies, and judged on images of which no copy was seen."""

    method: str
    dataset: str
    copies: int
    prime: int
    nodes: int
    regularization: float
    ridge: float
    seed: int
    repeat: int


@dataclass(frozen=True)
class Judged:
    """The worth of a ticket.

    Attributes
    ----------
    points
        Distinct training points K.
    empirical, held_out
        Mean squared errors, in training and on the held-out images themselves.
    held_out_copies
        The error on one distorted copy of each held-out image.
    accuracy
        Share of the held-out images that are told right.
    held_out_zero
        The error of predicting the training mean.
    """

    points: int
    empirical: float
    held_out: float
    held_out_copies: float
    accuracy: float
    held_out_zero: float


DRAW = Kind("size/draw", Draw, Drawn, f"{MEASURES}:time_draw", timed=True)
SHARE = Kind(
    "size/share", Share, Shared, "compare.studies.ridgelet.size.sharing:share", timed=True, threads=1
)  # fmt: skip
TICKET = Kind("size/ticket", Ticket, Judged, f"{MEASURES}:judge")


def sizes(settings: Settings) -> list[tuple[int, int]]:
    """Return D and K of all draws that are timed."""
    found = [(settings.dimension, points) for points in sorted(settings.points)]
    found += [(dimension, settings.fixed_points) for dimension in sorted(settings.dimensions)]
    return list(dict.fromkeys(found))


def counted(settings: Settings) -> list[tuple[int, int]]:
    """Return D and K of all circuits that are counted: over K, and at half the D to see how they grow over D."""
    most = max(settings.counted_points)
    found = [(settings.counted_dimension, points) for points in sorted(settings.counted_points)]
    return [*found, (settings.counted_dimension // 2, most)]


def tasks(settings: Settings) -> list[Planned]:
    """Return the circuits that are counted, the tickets, and the draws that are timed."""
    found = [DEVICE(Device(settings.device))]
    for dimension, points in counted(settings):
        found += COUNT.product(settings, dimension=dimension, points=points)
    found += TICKET.product(settings, repeat=range(settings.repeats), copies=settings.copies)
    for dimension, points in sizes(settings):
        found += DRAW.product(settings, dimension=dimension, points=points)
    return found + SHARE.product(settings, workers=settings.dask_workers, points=max(settings.points))


STUDY = Study(
    "size",
    "Size: tickets of data as they grow",
    "Time draws and judge tickets over the number of points, beside the loader of a quantum machine.",
    Settings,
    tasks,
    "compare.studies.ridgelet.size.report:report",
    (DRAW, SHARE, TICKET, COUNT, DEVICE),
    methods=SAMPLERS,
)
