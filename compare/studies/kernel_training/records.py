"""Tasks and results of the study, each a frozen dataclass: all that numbers depend on, and all that is recorded."""

from dataclasses import dataclass

from compare.statistics import RecordedEstimate

__all__ = ["Answered", "Case", "Claim", "Claimed", "Measured", "Rival", "Seconds", "Timing"]


@dataclass(frozen=True)
class Case:
    """One kernel on one split of the images.

    Attributes
    ----------
    dataset, n, tests, seed
        The images: of training, for tests, and which.
    network, depth
        A name in `NETWORKS`, and L.
    pattern
        Which pairs the kernel keeps, a name in `PATTERNS`.
    epsilon
        Relative error of the quantum inverse.
    """

    dataset: str
    n: int
    tests: int
    seed: int
    network: str
    depth: int
    pattern: str
    epsilon: float


@dataclass(frozen=True)
class Measured:
    """What a kernel answers, how well conditioned it is, and what reading it takes.

    None is whatever is infinite or not defined: of a singular matrix, of an overlap of zero, of walks that do not end.

    Attributes
    ----------
    sign, median
        Shares of test images answered right by the two rules.
    overlap
        Share of their images that two splits of the data have in common, over what they have not: see `measures`.
    condition, kappa
        Largest over least eigenvalue in absolute value, and that of the walk: the norm of the absolute values over the
        least.
    least
        The least eigenvalue, with its sign.
    radius
        R, the largest sum of a row beside the diagonal.
    entries
        s, the most entries of a row.
    degree
        D, the queries of the quantum inverse.
    tries, tries_apart
        Preparations until |k*> is kept, k_max at 1 - 1e-5 and at 1 - delta; at the median test image, as all below.
    shots
        1/o^2 - 1, to read the overlap of normalized states to its own size.
    signal, readout
        The mean of the signed readout's qubit, in absolute value, and the shots to read it to its own size.
    queries
        D times these shots.
    walks, walk_length
        Walks of the dequantized estimator that read the same prediction to its own size, and images a walk visits.
    """

    sign: float
    median: float
    overlap: float
    condition: float | None
    kappa: float | None
    least: float
    radius: float
    entries: int
    degree: int | None
    tries: float
    tries_apart: float | None
    shots: float | None
    signal: float | None
    readout: float | None
    queries: float | None
    walks: float | None
    walk_length: float | None


@dataclass(frozen=True)
class Claim:
    """A network of the depth that the paper's rule asks for, `factor` times the proven one."""

    dataset: str
    n: int
    tests: int
    seed: int
    factor: float


@dataclass(frozen=True)
class Claimed:
    """What the paper says is O(log n), as found.

    Attributes
    ----------
    depth, separation
        L, and delta.
    entries
        s, the most entries of a row of the published pattern.
    tries, tries_apart, shots
        As of `Measured`, of the exact kernel.
    exact, diagonal
        Shares of test images answered right, by sign.
    """

    depth: int
    separation: float
    entries: int
    tries: float
    tries_apart: float
    shots: float
    exact: float
    diagonal: float


@dataclass(frozen=True)
class Rival:
    """A classical rival on one split; `depth` is that of the kernel that it takes, 0 of those that take none."""

    dataset: str
    n: int
    tests: int
    seed: int
    method: str
    depth: int


@dataclass(frozen=True)
class Answered:
    """Shares of test images answered right, by the two rules; and see `Measured.overlap`."""

    sign: float
    median: float
    overlap: float


@dataclass(frozen=True)
class Timing:
    """One solver on the exact kernel of the first network."""

    dataset: str
    n: int
    tests: int
    seed: int
    depth: int
    method: str


@dataclass(frozen=True)
class Seconds:
    """Processor seconds on one core: the fastest rounds, and up to the slowest.

    Attributes
    ----------
    kernel
        Of the kernel of all training images.
    solve
        Of the solution, once for all test images.
    predict
        Of all predictions, their kernel values included.
    work
        Iterations, or landmarks; 0 where nothing is counted.
    """

    kernel: RecordedEstimate
    solve: RecordedEstimate
    predict: RecordedEstimate
    work: int
