"""Tasks and results of the study, each a frozen dataclass: all that numbers depend on, and all that is recorded."""

from dataclasses import dataclass

from compare.engine import Array

__all__ = [
    "Circuit",
    "Condition",
    "Conditioned",
    "Counted",
    "Cycled",
    "Cycles",
    "Expanded",
    "Expansion",
    "Loop",
    "Looped",
    "Measured",
    "Pruned",
    "Reexpanded",
    "Rival",
    "Rivals",
    "Shots",
    "UpdateArrays",
    "UpdateTask",
]


@dataclass(frozen=True)
class UpdateTask:
    """A user's own update: its identity, of the file's content."""

    source: str


@dataclass(frozen=True)
class UpdateArrays:
    """The content of the file.

    Attributes
    ----------
    name
        Of the file.
    dimension, degree
        n and q.
    coefficients
        F_0, ..., F_q, flattened one after the other.
    start
        Where training begins, shape (n,).
    """

    name: str
    dimension: int
    degree: int
    coefficients: Array
    start: Array


@dataclass(frozen=True)
class Expansion:
    """A polynomial update, expanded at the pruned weights.

    Attributes
    ----------
    source
        A data set of two classes, whose quadratic network is pruned; "example"; or a user's file, by its content.
    seed
        Of the split and of the initial weights.
    kept, eta
        Weights kept, and the step size; None of a file.
    readout
        Whether the readout is trained too: q = 5, not 3.
    least
        Of the example, the least rate of decay over .1.
    steps, orders
        T, and the highest order N.
    """

    source: str
    seed: int
    kept: int | None
    eta: float | None
    readout: bool
    least: float | None
    steps: int
    orders: int


@dataclass(frozen=True)
class Expanded:
    """How far linearizations are from gradient descent: maxima over weights and steps, None beyond all floats.

    Attributes
    ----------
    dimension, degree
        n and q.
    moved
        The largest |u| of gradient descent itself.
    errors
        Of N = 1, 2, ..., centered at the pruned weights.
    continuous, origin
        At the highest order: of the continuous form, and of the discrete one centered at 0 as the paper has it.
    fastest, slowest
        Eigenvalues of -F_1: eta times those of the Hessian.
    r, h
        R_min and the Newton-Kantorovich number of the update cut off at q = 2; None where the slowest is not positive.
    newton
        Steps of Newton's method on that update to 1e-12; None if it did not converge in 50.
    dense, pruned, trained
        Held-out accuracies: before pruning, after it, and after T steps; None without a network.
    """

    dimension: int
    degree: int
    moved: float
    errors: tuple[float | None, ...]
    continuous: float | None
    origin: float | None
    fastest: float
    slowest: float
    r: float | None
    h: float | None
    newton: int | None
    dense: float | None
    pruned: float | None
    trained: float | None


@dataclass(frozen=True)
class Pruned:
    """A pruned perceptron that is trained by linearizations of order 1 and 2, expanded anew every so many steps.

    Attributes
    ----------
    dataset, seed
        What it is trained on; the seed of the split and of the initial weights.
    share
        Of the weights kept.
    eta, steps, every
        Step size, T, and steps between expansions.
    """

    dataset: str
    seed: int
    share: float
    eta: float
    steps: int
    every: int


@dataclass(frozen=True)
class Reexpanded:
    """Errors after T steps, relative to how far gradient descent went.

    Attributes
    ----------
    weights, kept
        Of the network, and kept.
    linear, quadratic
        Of N = 1 and N = 2; None once it has diverged.
    moved
        |theta(T) - theta(0)| of gradient descent.
    least, most
        Eigenvalues of the Hessian of the kept weights at the start.
    """

    weights: int
    kept: int
    linear: float | None
    quadratic: float | None
    moved: float
    least: float
    most: float


@dataclass(frozen=True)
class Cycles:
    """Training with downloads: prune, take classical steps, upload, train, download, and again.

    Attributes
    ----------
    dataset, seed, share, eta
        As of `Pruned`.
    mode
        "masked": pruned weights stay at 0; "full": all are trained, and a download keeps the largest.
    classical
        Steps on the kept weights between a download and the next upload.
    every, cycles
        Steps from upload to download, and how often.
    marks
        Steps after an upload at which the spectrum is taken.
    """

    dataset: str
    seed: int
    share: float
    eta: float
    mode: str
    classical: int
    every: int
    cycles: int
    marks: tuple[int, ...]


@dataclass(frozen=True)
class Cycled:
    """The results of training with downloads.

    Attributes
    ----------
    accuracy, held_out
        After each step, classical ones counted, the pruned network first: shape (steps + 1,).
    before
        Accuracy of the dense network, in training and held out.
    downloads
        Steps after which weights were downloaded.
    uploads
        Steps after which they were uploaded.
    step, since
        Where spectra were taken: steps in all, and since the upload.
    printed, multiplied
        The error proxy there with a = -lambda, and with a = -eta lambda; not a number where nothing reaches the cut.
    least, most
        Least and largest eigenvalue there.
    """

    accuracy: Array
    held_out: Array
    before: tuple[float, float]
    downloads: tuple[int, ...]
    uploads: tuple[int, ...]
    step: Array
    since: Array
    printed: Array
    multiplied: Array
    least: Array
    most: Array


@dataclass(frozen=True)
class Rival(Pruned):
    """The network trained by a rival: "gradient descent", "sgd", "newton-cg" or "exponent"; `every` is 0."""

    method: str = ""


@dataclass(frozen=True)
class Rivals:
    """The results of a rival.

    Attributes
    ----------
    loss, accuracy
        Training loss, and held-out accuracy.
    before
        Held-out accuracy of the pruned network.
    passes
        Gradients and Hessian-vector products over all rows; a batch counts as its share.
    seconds
        Processor seconds, other tasks beside it.
    """

    loss: float
    accuracy: float
    before: float
    passes: float
    seconds: float


@dataclass(frozen=True)
class Condition(Expansion):
    """A history system: `orders` is N; with the constant row, or with F_0 on the right side."""

    row: bool = True


@dataclass(frozen=True)
class Conditioned:
    """Its condition.

    Attributes
    ----------
    condition, padded
        alpha/sigma_min of the unpadded and of the padded system.
    norm
        |B|_2.
    iterations
        Of GMRES on the unpadded system, to 1e-10; None if it stagnated.
    rows
        Of the padded system, as Kronecker powers.
    """

    condition: float
    padded: float
    norm: float
    iterations: int | None
    rows: int


@dataclass(frozen=True)
class Circuit(Expansion):
    """A history system solved by a circuit: `orders` is N."""

    method: str = "kernel-reflection"
    epsilon: float = 0.01
    gates: bool = False


@dataclass(frozen=True)
class Counted:
    """The cost of the circuit, and its distance from the linearization that it solves.

    Attributes
    ----------
    qubits, condition, degree, queries
        Width, kappa_eff, degree of the polynomial, and block encodings of a run.
    success, good
        Probability that the flags say success, and that a run can be read.
    rounds, shot
        Of amplitude amplification, and block encodings of a readable run with all repetitions.
    estimation
        Block encodings that the norm |x| takes where it has to be estimated.
    error
        Largest difference of u(T) from the linearization.
    cx, t
        Of one block encoding; None where gates were not counted.
    """

    qubits: int
    condition: float
    degree: int
    queries: int
    success: float
    good: float
    rounds: int
    shot: float
    estimation: int
    error: float
    cx: int | None
    t: int | None


@dataclass(frozen=True)
class Loop(Expansion):
    """Rounds of T steps by a circuit, each downloaded and uploaded again; `orders` is N, no shots: the state vector."""

    rounds: int = 4
    shots: int | None = None
    epsilon: float = 0.01


@dataclass(frozen=True)
class Looped:
    """The results of the rounds.

    Attributes
    ----------
    error
        Mean |theta - gradient descent| over the weights, after all rounds.
    truncation
        The same of the linearization without any circuit, expanded anew at the same steps.
    moved
        Mean |theta| that gradient descent moved by.
    queries
        Block encodings of all rounds.
    before, trained, descent
        Held-out accuracy of the pruned network, of the loop, and of gradient descent; None without a network.
    """

    error: float
    truncation: float
    moved: float
    queries: int
    before: float | None
    trained: float | None
    descent: float | None


@dataclass(frozen=True)
class Shots(Expansion):
    """Steps of training that a device takes, by marching; `orders` is N."""

    shots: int = 0


@dataclass(frozen=True)
class Measured:
    """The results of the device.

    Attributes
    ----------
    weights, errors
        u(T) and its standard errors, shape (n,); not numbers where noise left nothing to be read.
    expected
        u(T) without noise and without shots, shape (n,).
    good, predicted
        Runs that could be read, and how many are expected without noise.
    refused
        Why nothing could be read; None if it could.
    """

    weights: Array
    errors: Array
    expected: Array
    good: int
    predicted: float
    refused: str | None
