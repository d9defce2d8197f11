"""The samplers study: the nodes that samplers draw, the networks these make, and what it costs.

Three parts. `small` can be enumerated, so every sampler meets the exact distribution. `raw` cannot: only samplers that
are polynomial in D take part. `chain` is a circuit past enumeration, simulated as a matrix product state. Beside them
every sampler is timed over D. Points in NPY files make one part alone, `files`, which is passed over in chunks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import inf
from typing import Annotated, Any

from compare.engine import (
    LARGE,
    Array,
    Attached,
    Check,
    Each,
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
from compare.statistics import BATCHES, Cautioned, Estimate, RecordedTest, Timing
from compare.studies.data import TABLE, MissingSetting, TargetSetting, WithoutSetting, attach, table_of
from compare.studies.ridgelet.circuit.study import DRAWING
from compare.studies.ridgelet.methods import INDEPENDENT, METHODS
from compare.studies.ridgelet.scale.study import MEASURE, Time, Timed
from compare.studies.ridgelet.settings import (
    ActivationSetting,
    DatasetSetting,
    RegularizationSetting,
    RidgeSetting,
    SeedSetting,
    refuse_no_prime,
)
from compare.studies.rows import ROWS, MemorySetting, attach_rows, data_of, of_files, rows_of
from compare.studies.symbols import RIDGELET
from problems.errors import InputError

__all__ = [
    "DIMENSION",
    "DRAW",
    "FILES",
    "GATED",
    "OTHER_PENALTIES",
    "PROBLEM",
    "RISK",
    "STUDY",
    "TEST",
    "TIME",
    "Described",
    "Draw",
    "Drawn",
    "InFiles",
    "Networks",
    "Part",
    "RecordedDistance",
    "Risks",
    "Settings",
    "Tested",
    "left_out",
    "parts_of",
    "same",
]

STANDARD = ("enumeration", "dequantized", "rejection", "circuit_statevector", "circuit_mps", "leverage", "uniform")
"""The samplers that meet if nobody says which."""

SIZES: Mapping[str, tuple[float, ...]] = {
    "small": (1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8),
    "raw": (5 / 4, 5 / 2, 5, 10, 20),
    "chain": (),
    "files": (1 / 4, 1 / 2, 1, 2),
}
"""Numbers of nodes N of each part's networks, in units of the number asked for."""

TOO_SLOW: Mapping[str, tuple[str, ...]] = {
    "small": (),
    "raw": ("enumeration", "rejection", "circuit"),
    "chain": ("enumeration", "rejection", "circuit_statevector", "leverage"),
    "files": ("enumeration", "rejection", "marginals", "circuit", "residual"),
}
"""How names of methods begin that take no part: too slow there, or nothing new."""

GATED = ("small", "chain")
"""Parts whose circuits are counted in gates."""

MOST_DIMENSIONS = 64
"""The dimension from which on nodes are never enumerated: 2^64 are too many for any table."""

OTHER_PENALTIES = (1e-2, 1e-1, 1.0)
"""Penalties of the output weights' fit that are tried beside the chosen one, at the quoted number of nodes."""

NO_PART = ("raw_prime", "raw_features", "chain_prime", "chain_features", "chain_points", "chain_samples", "dimensions")
"""Settings of parts that points in NPY files do not have."""

TIMED = {"prime": 3, "points": 16, "samples": 1000, "repeat": 0}
"""The timings over D, in the words of the study of times."""

TIMED_UP_TO = {
    "enumeration": 12,
    "rejection": 64,
    "dequantized": 64,
    "circuit_statevector": 10,
    "circuit_mps": 24,
    "uniform": 64,
    "leverage": 0,
}
"""The largest D at which a method is timed within a few seconds."""

OTHERS_UP_TO = 10
"""The limit of methods that are not named there."""


@dataclass(frozen=True)
class Settings:
    """Every choice of the study."""

    dataset: DatasetSetting = "digits"
    target: TargetSetting = None
    methods: Annotated[
        tuple[str, ...], Each("method"), Names(INDEPENDENT, "samplers, each in the parts that it is quick enough for")
    ] = STANDARD
    prime: Annotated[
        int, Check(refuse_no_prime), Help("prime P: levels of each feature, where everything is enumerated")
    ] = 5
    features: Annotated[int | None, Least(1), Most(LARGE), Help("data dimension D, where everything is enumerated")] = 4
    nodes: Annotated[int, Least(1), Most(LARGE), Help("hidden nodes N of the quoted tickets, 20 N on raw features")] = (
        40
    )
    samples: Annotated[int, Least(1), Help("nodes drawn by each sampler")] = 20_000
    regularization: RegularizationSetting = 1e-3
    activation: ActivationSetting = "relu"
    ridge: RidgeSetting = 1e-4
    seed: SeedSetting = 0
    raw_prime: Annotated[int, Check(refuse_no_prime), Help("prime P of the part on raw features")] = 17
    raw_features: Annotated[int | None, Least(1), Most(LARGE), Help("its features")] = None
    chain_prime: Annotated[int, Check(refuse_no_prime), Help("prime P of the circuit past enumeration")] = 3
    chain_features: Annotated[
        int | None, Least(1), Most(LARGE), Help("its features; all stands for 16 where there are more")
    ] = None
    chain_points: Annotated[int, Least(1), Most(LARGE), Help("its distinct data points K")] = 16
    chain_samples: Annotated[int, Least(1), Help("its shots")] = 2000
    dimensions: Annotated[
        tuple[int, ...],
        Each("dimension"),
        Flag("timed_features"),
        Least(1),
        Most(LARGE),
        Help("D at which samplers are timed, as far as each is quick"),
    ] = (2, 3, 4, 6, 8, 10, 12, 16, 24, 32, 64)
    missing: MissingSetting = "refuse"
    without: WithoutSetting = ()
    memory: MemorySetting = None

    def check(self) -> None:
        """Refuse fewer samples than networks and batches take, and methods that have no part at all."""
        if of_files(self.dataset) and len(left_out(self)) == len(self.methods):
            raise InputError(
                f"methods = {','.join(self.methods)}: none of these passes over points in NPY files; add dequantized, "
                "leverage or uniform."
            )
        for part in parts_of(self):
            most = max(*part["sizes"], default=0)
            needed = max(2 * most, 10 * BATCHES)
            if part["samples"] < needed:
                raise InputError(
                    f"samples = {part['samples']} is too few for the part {part['part']!r}: two networks of up to "
                    f"{most} nodes and {BATCHES} timed batches need at least {needed}; draw more samples or ask for "
                    "fewer nodes."
                )


def parts_of(settings: Settings) -> list[dict[str, Any]]:
    """Return what tasks of each part have for fields, as axes, if any method takes part in it."""
    everything: dict[str, tuple[int, int | None, int | None, int]]
    chain = (settings.chain_prime, settings.chain_features, settings.chain_points, settings.chain_samples)
    everything = {
        "small": (settings.prime, settings.features, None, settings.samples),
        "raw": (settings.raw_prime, settings.raw_features, None, settings.samples),
        "chain": chain,
    }
    if of_files(settings.dataset):
        everything = {"files": (settings.prime, None, None, settings.samples)}
    found = []
    for part, problem in everything.items():
        methods = tuple(name for name in settings.methods if _takes_part(name, part))
        sizes = tuple(sorted({max(1, round(size * settings.nodes)) for size in SIZES[part]}))
        quoted = settings.nodes if 1 in SIZES[part] else max(sizes, default=0)
        fields_of = dict(zip(("prime", "features", "points", "samples"), problem, strict=True))
        if methods:
            found.append({"part": part, **fields_of, "method": methods, "sizes": [sizes], "quoted": quoted})
    return found


def left_out(settings: Settings) -> list[str]:
    """Return the methods that have no part in points in NPY files."""
    return [name for name in settings.methods if not _takes_part(name, "files")]


def _takes_part(method: str, part: str) -> bool:
    return ":" in method or not method.startswith(TOO_SLOW[part])


@dataclass(frozen=True)
class Part:
    """The problem of one part.

    Attributes
    ----------
    part
        "small", "raw", "chain" or "files".
    dataset, prime, features
        The data; None takes all features, of the part `chain` at most 16.
    points
        The data's first so many distinct points; None takes all.
    regularization, activation
        Of the problem.
    seed
        Of the data's split and of all that is drawn.
    """

    part: str
    dataset: str
    prime: int
    features: int | None
    points: int | None
    regularization: float
    activation: str | tuple[float, ...]
    seed: int


@dataclass(frozen=True)
class Draw(Part):
    """Nodes of one method: its name, and how many."""

    method: str
    samples: int


@dataclass(frozen=True)
class Networks(Draw):
    """Networks of these nodes.

    Attributes
    ----------
    sizes, quoted
        Numbers of nodes N, ascending, and the one at which other penalties are tried.
    ridge
        Penalty of the output weights' fit.
    """

    sizes: tuple[int, ...]
    quoted: int
    ridge: float


def _hidden(known: Mapping[str, Any]) -> int:
    """Return how many hidden nodes there are; where they are enumerated D is small."""
    return int(known["prime"] ** (known["dimension"] + 1)) if known["dimension"] < MOST_DIMENSIONS else -1


@dataclass(frozen=True)
class InFiles:
    """A problem of points in NPY files in numbers.

    Attributes
    ----------
    description
        The data in words.
    dimension, distinct, outputs, coverage, log10_nodes
        D, K, the number of outputs, K/P^D, and log10 of the number of hidden nodes.
    train, test, held_out
        Samples, and whether any are held out.
    baselines
        Empirical and held-out risk without sampling; see `compare.risk.baseline_risks`.
    trials
        Trials of rejection for a node, about.
    """

    description: str
    dimension: int
    distinct: int
    outputs: int
    coverage: float
    log10_nodes: float
    train: int
    test: int
    held_out: bool
    baselines: dict[str, tuple[float, float]]
    trials: float


@dataclass(frozen=True)
class Described:
    """A problem in numbers.

    Attributes
    ----------
    description, dimension, distinct, outputs, coverage, log10_nodes, train, test, held_out, baselines
        As in `InFiles`.
    gates
        By encoding and piece, where circuits are counted; see `quantum.resources.GateCounts`.
    x, amplitudes, frequencies
        The problem's points, and their amplitudes and frequencies.
    effective, probabilities
        exp(entropy of p*), and p* of every node; None where they cannot be enumerated.
    """

    description: str
    dimension: int
    distinct: int
    outputs: int
    coverage: float
    log10_nodes: float
    train: int
    test: int
    held_out: bool
    baselines: dict[str, tuple[float, float]]
    gates: dict[str, dict[str, dict[str, int]]]
    x: Annotated[Array, Shape("distinct", "dimension", of="iu", least=0, below="prime")]
    amplitudes: Annotated[Array, Shape("distinct", "outputs", least=-inf)]
    frequencies: Annotated[Array, Shape("distinct", least=0)]
    effective: float | None = None
    probabilities: Annotated[Array | None, Shape(_hidden, of="f", least=0, most=1.001)] = None


@dataclass(frozen=True)
class Drawn:
    """Nodes (a, b), in the smallest integers that hold them."""

    a: Annotated[Array, Shape("samples", "dimension", of="iu", least=0, below="prime")]
    b: Annotated[Array, Shape("samples", of="iu", least=0, below="prime")]


@dataclass(frozen=True)
class RecordedDistance(Estimate):
    """A `compare.distributions.Distance` as a record has it."""

    floor: Estimate


@dataclass(frozen=True)
class Tested:
    """How close nodes came to p*: distances where all nodes can be enumerated, a two-sample test elsewhere."""

    fidelity: Cautioned
    goodness_of_fit: RecordedTest
    total_variation: RecordedDistance | None = None
    two_sample: RecordedTest | None = None


@dataclass(frozen=True)
class Risks:
    """The worth of networks.

    Attributes
    ----------
    empirical, held_out
        Risks: shape (networks, numbers of nodes).
    other_empirical, other_held_out
        Those at the quoted number with the penalties in `OTHER_PENALTIES`: shape (networks, penalties).
    """

    empirical: Annotated[Array, Shape("networks", "sizes")]
    held_out: Annotated[Array, Shape("networks", "sizes")]
    other_empirical: Annotated[Array, Shape("others", len(OTHER_PENALTIES))]
    other_held_out: Annotated[Array, Shape("others", len(OTHER_PENALTIES))]


def same(kind: type[Any], task: Part) -> Any:
    """Return a task as one of which it has all fields: the problem of a draw, the draw of networks."""
    return kind(**{field.name: getattr(task, field.name) for field in fields(kind)})


def _nodes_of(task: Draw) -> Mapping[str, Sequence[Planned]]:
    return {"nodes": [DRAW(same(Draw, task))], **data_of(task)}


DRAWN_FEATURES = 4
"""Features, at most, of the circuit that is drawn: more of them are more of the same lines."""

SPREADS = "compare.studies.ridgelet.spread:spreads"

MEASURES = "compare.studies.ridgelet.samplers.measures"

PROBLEM = Kind("compare/problem", Part, Described, f"{MEASURES}:describe", version=2, needs=table_of)
FILES = Kind("compare/files", Part, InFiles, f"{MEASURES}:describe_files", needs=rows_of)
DRAW = Kind("compare/draw", Draw, Drawn, f"{MEASURES}:draw", needs=data_of, spreads=SPREADS)
TEST = Kind("compare/test", Draw, Tested, f"{MEASURES}:hold_against", version=2, needs=_nodes_of)
RISK = Kind("compare/risk", Networks, Risks, f"{MEASURES}:fit_networks", needs=_nodes_of)
TIME = Kind("compare/time", Draw, Timing, f"{MEASURES}:time_part", version=2, needs=data_of, timed=True)
DIMENSION = Kind("compare/dimension", Time, Timed, MEASURE, version=2, timed=True)


def tasks(settings: Settings) -> list[Planned]:
    """Return every part with its methods, each method's times over D, and a circuit to look at."""
    found = _drawing(settings)
    for part in parts_of(settings):
        first = FILES if part["part"] == "files" else PROBLEM
        for kind in (first, DRAW, TEST, TIME, RISK) if any(part["sizes"]) else (first, DRAW, TEST, TIME):
            names = [field.name for field in fields(kind.task)]
            found += kind.product(settings, **{name: part[name] for name in names if name in part})
    for method in () if of_files(settings.dataset) else settings.methods:
        most = TIMED_UP_TO.get(method, OTHERS_UP_TO)
        dimensions = [dimension for dimension in settings.dimensions if dimension <= most]
        found += DIMENSION.product(settings, method=method, dimension=dimensions, **TIMED)
    return found


def _drawing(settings: Settings) -> list[Planned]:
    """Return the circuit of the part `small`, with few points and features, if a circuit takes part in it."""
    if not any(part["part"] == "small" and any(map(_is_circuit, part["method"])) for part in parts_of(settings)):
        return []
    size = {"features": min(settings.features or DRAWN_FEATURES, DRAWN_FEATURES), "points": settings.chain_points}
    return DRAWING.product(settings, **size, encoding="binary", loader="sparse", dynamic=False)


def _is_circuit(method: str) -> bool:
    return method.startswith("circuit_")


def attached(settings: Settings) -> Attached:
    """Return settings in which a user's files stand by their content."""
    return attach_rows(settings, NO_PART) or attach(settings)


STUDY = Study(
    "compare",
    "Winning lottery tickets: quantum circuit against classical samplers",
    "Compare all samplers: same distribution? same networks? at what cost? Writes a report.",
    Settings,
    tasks,
    "compare.studies.ridgelet.samplers.report:report",
    (PROBLEM, FILES, DRAW, TEST, RISK, TIME, DIMENSION, DRAWING, TABLE, ROWS),
    methods=METHODS,
    prepare=f"{MEASURES}:prepare",
    attach=attached,
    symbols=RIDGELET,
)
