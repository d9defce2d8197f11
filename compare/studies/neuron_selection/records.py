"""Tasks and results of the study, each a frozen dataclass: all that numbers depend on, and all that is recorded."""

from dataclasses import dataclass

from compare.statistics import RecordedEstimate

__all__ = [
    "Conflicts",
    "Described",
    "Instance",
    "Landscape",
    "Layers",
    "Noisy",
    "OracleTask",
    "Query",
    "Reach",
    "Reached",
    "Received",
    "Rounds",
    "Searched",
    "Sent",
    "Shots",
    "Solve",
    "Solved",
    "Timed",
    "Tree",
    "Tuned",
]


@dataclass(frozen=True)
class Instance:
    """One problem.

    Attributes
    ----------
    problem
        A name in `FAMILIES`.
    neurons, seed
        N, and the number that it is drawn with; of distillation all entries of both masks.
    scale, rank, degree
        Of the readout, of gadgets, and of landscapes; None of other families.
    """

    problem: str
    neurons: int
    seed: int
    scale: float | None = None
    rank: int | None = None
    degree: int | None = None


@dataclass(frozen=True)
class Solve(Instance):
    """One solver on one problem; `draw` is the seed of what it draws."""

    method: str = ""
    draw: int = 0


@dataclass(frozen=True)
class Solved:
    """The mask that a solver found, and what is known of it.

    Attributes
    ----------
    mask
        0 and 1 for each neuron.
    loss, gap, proven
        Of the mask; how much lower another could be, None if nothing is known; and whether it is proven the best.
    kept
        Neurons kept.
    work
        What it took, by what is counted.
    accuracy
        Held out: the share of right answers, of landscapes the mean corr^2, of gadgets R^2.
    seconds
        Once, compiling apart, other tasks beside it.
    """

    mask: tuple[int, ...]
    loss: float
    gap: float | None
    proven: bool
    kept: int
    work: dict[str, int]
    accuracy: float
    seconds: float


@dataclass(frozen=True)
class Described:
    """A problem in numbers; accuracies are held out, as those of `Solved`.

    Attributes
    ----------
    entries
        Of a mask.
    none, everything, best
        Loss with no neuron, with all of them, and the best.
    kept
        Neurons of the best mask.
    all_on, ticket
        Accuracy with all of them, and of the best mask.
    trained, pruned, least_squares
        Of a network of the kept neurons, both layers trained; of the whole one, trained, pruned by magnitude to as
        many and refitted; and of least squares on the kept neurons. None where no ticket's network is behind it.
    """

    entries: int
    none: float
    everything: float
    best: float
    kept: int
    all_on: float
    ticket: float
    trained: float | None
    pruned: float | None
    least_squares: float | None


@dataclass(frozen=True)
class Timed:
    """Processor seconds of one solver, compiling apart: the fastest of several rounds, up to the slowest."""

    seconds: RecordedEstimate


@dataclass(frozen=True)
class Tree:
    """The tree that branch and bound walked, and what a quantum walk of such a tree would take (Montanaro).

    Attributes
    ----------
    nodes, proven
        T, and whether the tree was finished.
    least, proof, search
        Walk steps; see `quantum.neuron_selection.QueryBound`.
    seconds
        Once.
    """

    nodes: int
    proven: bool
    least: float
    proof: float
    search: float
    seconds: float


@dataclass(frozen=True)
class Landscape:
    """An echo-state landscape: N outputs, K neighbors each; the loss fitted, or as the paper prints it."""

    neurons: int
    degree: int
    neighbours: str
    fitted: bool
    seed: int


@dataclass(frozen=True)
class Conflicts:
    """Conflicts between the outputs' own optima.

    Attributes
    ----------
    share
        Of neurons that some outputs keep in their own best mask and others drop.
    bound, best, majority, everything
        Mean of the outputs' own minima, the joint minimum, the majority's mask, and all neurons on: losses.
    kept
        Share of neurons that the joint minimum keeps.
    held_out
        Held-out loss of the joint minimum.
    """

    share: float
    bound: float
    best: float
    majority: float
    everything: float
    kept: float
    held_out: float


@dataclass(frozen=True)
class Reach:
    """An echo-state landscape on a ring."""

    neurons: int
    degree: int
    seed: int


@dataclass(frozen=True)
class Reached:
    """Masks that the paper's mixer reaches from the empty one, and whether the best is among them."""

    reach: int
    optimum: bool


@dataclass(frozen=True)
class OracleTask:
    """An oracle of a ticket; of error counts `bits` are those of a contribution, and lookup has none."""

    oracle: str
    neurons: int
    seed: int
    scale: float
    bits: int


@dataclass(frozen=True)
class Query:
    """The cost of one phase query: width of the value, qubits, Toffoli, CX, RZ and T gates, rotations to synthesize.

    `fewest` is the fewest bits that keep the best mask.
    """

    width: int | None
    qubits: int
    toffoli: int
    cx: int
    rz: int
    t: int
    rotations: int
    fewest: int | None


@dataclass(frozen=True)
class Rounds:
    """Minimum finding among 2^qubits items; `runs` simulated ones, 0 for the closed form alone."""

    qubits: int
    growth: float
    runs: int
    seed: int


@dataclass(frozen=True)
class Searched:
    """Expected Grover rounds and checks of outcomes in closed form, and the mean of simulated runs."""

    rounds: float
    checks: float
    simulated: RecordedEstimate | None


@dataclass(frozen=True)
class Layers(Instance):
    """QAOA with up to so many layers."""

    mixer: str = "x"
    layers: int = 1


@dataclass(frozen=True)
class Tuned:
    """QAOA by its number of layers, 1 first.

    Attributes
    ----------
    ratio
        (max - E) / (max - min).
    success
        The probability that an outcome is the optimum.
    shots
        Shots that show it with 99%; None where the mixer cannot reach it.
    tuning
        Shots of the whole tuning, means to 1% of max - min.
    evaluations
        Exact energies with gradients that the tuning took.
    """

    ratio: tuple[float, ...]
    success: tuple[float, ...]
    shots: tuple[float | None, ...]
    tuning: tuple[int, ...]
    evaluations: tuple[int, ...]


@dataclass(frozen=True)
class Noisy:
    """A Grover search for a ticket's best mask on a device's snapshot."""

    backend: str
    neurons: int
    seed: int
    scale: float
    rounds: int
    shots: int


@dataclass(frozen=True)
class Sent:
    """A Grover search for a ticket's best mask that a device is to run; all as of `Noisy`."""

    neurons: int
    seed: int
    scale: float
    rounds: int
    shots: int


@dataclass(frozen=True)
class Received:
    """The shots of a device, of those that were asked for, that are the best mask."""

    marked: int


@dataclass(frozen=True)
class Shots:
    """Share of shots with the best mask: without noise exactly, and measured; two-qubit gates and seconds a shot."""

    ideal: float
    measured: RecordedEstimate
    gates: int
    duration: float | None
