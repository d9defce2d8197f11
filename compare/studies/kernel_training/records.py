"""Tasks and results of the study, each a frozen dataclass: all that numbers depend on, and all that is recorded."""

from dataclasses import dataclass

from compare.statistics import RecordedEstimate

__all__ = [
    "Answered",
    "Case",
    "Circuit",
    "Claim",
    "Claimed",
    "Counted",
    "Measured",
    "Noisy",
    "Read",
    "Received",
    "Rival",
    "Seconds",
    "Sent",
    "Timing",
]


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
    """The answers of a kernel, its conditioning, and the cost of reading it.

    None is whatever is infinite or not defined: of a singular matrix, of a condition that no circuit is long enough
    for, of an overlap of zero, of walks that do not end.

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
    queries, amplified
        D times these shots; and with amplitude amplification of the readout, by someone who knows the mean's size.
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
    amplified: float | None
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
    """Quantities that the paper says are O(log n), as found.

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


@dataclass(frozen=True)
class Circuit:
    """The quantum inverse of a kernel of the first images of each class, as a circuit.

    Attributes
    ----------
    dataset, n, depth
        The images and the network, unit inputs.
    epsilon
        Relative error of the inverse.
    synthesis_error
        Of all rotations of the whole circuit together, in operator norm.
    """

    dataset: str
    n: int
    depth: int
    epsilon: float
    synthesis_error: float


@dataclass(frozen=True)
class Counted:
    """The cost of the circuit, and its distance from its aim; all by state vector, without noise.

    Attributes
    ----------
    kappa, degree, qubits
        Of the walk's block encoding; D, its queries; and the width of the inverse.
    cx_query, cx, cx_readout
        CX gates of a query, of the whole inverse, and of the signed readout.
    t_query, t, rotations
        T gates of a query and of the whole inverse, and its rotations, each synthesized to its share of the error.
    counted
        Whether the whole inverse was synthesized; else its T gates follow from its rotations.
    block, solution, readout
        Largest differences: of the encoded block from A / alpha, of the normalized solution from NumPy's, signs
        included, and of the readout's mean from the closed form.
    success
        The probability that the inverse succeeds.
    bits, walks, solution_hhl
        Phase estimation (HHL) on the same walk: the fewest bits at which its solution is as close as that of the
        inverse, its queries there, and how close it then is; None where no number of bits looked at suffices.
    """

    kappa: float
    degree: int
    qubits: int
    cx_query: int
    cx: int
    cx_readout: int | None
    t_query: int
    t: int
    rotations: int
    counted: bool
    block: float
    solution: float
    readout: float | None
    success: float
    bits: int | None
    walks: int | None
    solution_hhl: float | None


@dataclass(frozen=True)
class Noisy:
    """Signed readouts of a few test images with the noise of a device.

    Attributes
    ----------
    dataset, n, depth, epsilon
        As of `Circuit`.
    images
        Test images, half of each class.
    backend, shots, seed
        A snapshot; shots of each image; and the seed of the noise.
    """

    dataset: str
    n: int
    depth: int
    epsilon: float
    images: int
    backend: str
    shots: int
    seed: int


@dataclass(frozen=True)
class Read:
    """The results of the readouts.

    Attributes
    ----------
    degree, cx, routed
        D, CX gates of the circuit, and two-qubit gates once it is fitted to the device.
    exact, means
        Means of the qubit without noise, and as measured, by image.
    kept
        The share of the signal that is left: the slope of measured over exact means through zero.
    right, expected
        Signs measured as they are without noise, and images.
    """

    degree: int
    cx: int
    routed: int
    exact: tuple[float, ...]
    means: tuple[RecordedEstimate, ...]
    kept: float
    right: int
    expected: int


@dataclass(frozen=True)
class Sent:
    """One test image whose sign a device is to read; `place` counts test images, one of either class in turn.

    All else as of `Noisy`.
    """

    dataset: str
    n: int
    depth: int
    epsilon: float
    place: int
    shots: int
    seed: int


@dataclass(frozen=True)
class Received:
    """The device's reading: the qubit's mean, without noise, the share that is left, and whether its sign is right."""

    mean: float
    exact: float
    kept: float | None
    right: bool
