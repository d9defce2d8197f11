"""The samplers study: the nodes that the samplers draw, the networks these make, and what it costs.

Four parts. `small` can be enumerated, so every sampler meets the exact distribution. `raw` cannot: only samplers that
are polynomial in D take part. `chain` is a circuit past enumeration, simulated as a matrix product state. `dimension`
times every sampler over D.
"""

from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet import DequantizedSampler
from classical.ridgelet.enumeration import enumerate_probabilities
from compare.distributions import MAX_TESTED, fidelity, goodness_of_fit, is_enumerable, total_variation, two_sample_test
from compare.progress import Advance, Track, silent
from compare.records import RunFolder, Step
from compare.risk import baseline_risks, risk_over_nodes
from compare.statistics import BATCHES, mean_estimate, timed_batches
from compare.studies.ridgelet.methods import SAMPLERS
from problems.activations import Activation
from problems.errors import InputError, non_negative, whole_number
from problems.ridgelet import RidgeletProblem
from problems.ridgelet.data import Residues, first_points, load_residues
from problems.ridgelet.sampling import check_room
from problems.seeds import named
from quantum.resources import gate_counts
from quantum.ridgelet import encodings_of, ridgelet_loader, ridgelet_transform

__all__ = ["LABELS", "TIMED_UP_TO", "Part", "Plan", "Results", "Settings", "load_results", "plan", "run"]

LABELS = {
    "enumeration": "enumeration",
    "dequantized": "dequantized",
    "rejection": "rejection",
    "marginals": "marginals",
    "circuit_statevector": "circuit (statevector)",
    "circuit_mps": "circuit (MPS)",
    "leverage": "leverage (no labels)",
    "uniform": "uniform",
}
"""Samplers by the name that readers see."""

MAX_REPEATS = 10
"""Independent networks for each number of nodes, as far as the samples go."""

OTHER_PENALTIES = (1e-2, 1e-1, 1.0)
"""Penalties of the output weights' fit that are tried beside the chosen one, at the quoted number of nodes."""

OTHER_REPEATS = 5
"""Networks for each of them."""

TIMED_PRIME, TIMED_POINTS, TIMED_SAMPLES = 3, 16, 1000
TIMED_DIMENSIONS = (2, 3, 4, 6, 8, 10, 12, 16, 24, 32, 64)
TIMED_UP_TO = {
    "enumeration": 12,
    "rejection": 64,
    "dequantized": 64,
    "circuit_statevector": 10,
    "circuit_mps": 24,
    "uniform": 64,
}
"""The methods of the part `dimension`, and the largest D at which each is timed within a few seconds."""


@dataclass(frozen=True)
class Settings:
    """Every choice of the study; the command line has a flag for each.

    Attributes
    ----------
    dataset, prime, features
        Of the part `small`.
    nodes
        Tables quote the risk of this many nodes; 20 times as many in the part `raw`.
    samples
        Nodes drawn by each sampler.
    regularization, activation
        Of every problem.
    ridge
        Penalty of the output weights' fit.
    seed
        Of the data's split and of every sampler.
    raw_prime, raw_features
        Of the part `raw`; None takes all features of the data set.
    chain_prime, chain_features, chain_points, chain_samples
        Of the part `chain`; None takes 16 features, or all if the data set has fewer.
    """

    dataset: str = "digits"
    prime: int = 5
    features: int | None = 4
    nodes: int = 40
    samples: int = 20_000
    regularization: float = 1e-3
    activation: Activation = "relu"
    ridge: float = 1e-4
    seed: int = 0
    raw_prime: int = 17
    raw_features: int | None = None
    chain_prime: int = 3
    chain_features: int | None = None
    chain_points: int = 16
    chain_samples: int = 2000


@dataclass(frozen=True)
class Part:
    """One problem, and the methods that meet on it.

    Attributes
    ----------
    key, title
        Its name in records, and in words.
    asked
        What was asked of it, from which its streams of random numbers are named.
    data, problem
        The data set and the problem made from its training part.
    methods
        Names in `compare.studies.ridgelet.methods.SAMPLERS`.
    samples
        Nodes drawn by each.
    sizes, quoted
        Numbers of nodes N for the risk (none: no risk), and the one that tables quote.
    """

    key: str
    title: str
    asked: dict[str, Any]
    data: Residues
    problem: RidgeletProblem
    methods: tuple[str, ...]
    samples: int
    sizes: tuple[int, ...] = ()
    quoted: int = 0

    @property
    def repeats(self) -> int:
        """Independent networks for each number of nodes."""
        return min(MAX_REPEATS, self.samples // max(self.sizes)) if self.sizes else 0


@dataclass(frozen=True)
class Plan:
    """The settings, checked, and the problems they make."""

    settings: Settings
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Results:
    """What a run found, as plain data: the source of tables, plots, sentences and the report.

    Attributes
    ----------
    run
        Settings, versions, machine.
    parts
        For each of `small`, `raw`, `chain`: ``problem``, and ``methods`` by name.
    arrays
        The arrays of each step, by the step's key.
    dimension
        Times over the dimension, by method.
    """

    run: dict[str, Any]
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    arrays: dict[str, dict[str, NDArray]] = field(default_factory=dict)
    dimension: dict[str, Any] = field(default_factory=dict)


def plan(settings: Settings) -> Plan:
    """Make every problem and check every method against it, before any heavy work.

    Raises
    ------
    InputError
        If a setting is out of range, a data set does not fit, or a method does not fit in memory.
    """
    nodes = whole_number("nodes", settings.nodes, 1)
    samples = whole_number("samples", settings.samples, 1)
    chain_points = whole_number("chain_points", settings.chain_points, 1)
    chain_samples = whole_number("chain_samples", settings.chain_samples, 1)
    whole_number("seed", settings.seed, 0)
    non_negative("ridge", settings.ridge)

    def part(
        key: str,
        title: str,
        data: Residues,
        features: int | None,
        points: int | None,
        methods: tuple[str, ...],
        n: int,
        sizes: tuple[float, ...],
    ) -> Part:
        problem = RidgeletProblem.from_samples(
            data.x_train, data.y_train, data.prime, settings.regularization, settings.activation
        )
        beyond = "" if is_enumerable(problem) else ", past enumeration"
        counts = tuple(sorted({max(1, round(size * nodes)) for size in sizes}))
        made = Part(
            key,
            f"{title}{beyond}",
            {"part": key, "dataset": settings.dataset, "prime": data.prime, "features": features, "points": points},
            data,
            problem,
            methods,
            n,
            counts,
            nodes if 1.0 in sizes else max(counts, default=0),
        )
        check_room(n, problem.dimension)
        needed = max(2 * max(counts, default=0), 10 * BATCHES)
        if n < needed:
            raise InputError(
                f"samples = {n} is too few for the part {key!r}: two networks of up to {max(counts, default=0)} nodes "
                f"and {BATCHES} timed batches need at least {needed}; draw more samples or ask for fewer nodes."
            )
        for name in methods:
            SAMPLERS[name].check(problem)
        return made

    small = load_residues(settings.dataset, settings.prime, settings.features, settings.seed)
    raw = load_residues(settings.dataset, settings.raw_prime, settings.raw_features, settings.seed)
    chain = first_points(_chain_data(settings), chain_points)
    parts = (
        part(
            "small",
            "Few features",
            small,
            settings.features,
            None,
            ("enumeration", "dequantized", "rejection", "circuit_statevector", "circuit_mps", "leverage", "uniform"),
            samples,
            (1 / 8, 1 / 4, 1 / 2, 1.0, 2, 4, 8),
        ),
        part(
            "raw",
            "Raw features",
            raw,
            settings.raw_features,
            None,
            ("dequantized", "leverage", "uniform"),
            samples,
            (5 / 4, 5 / 2, 5, 10, 20),
        ),
        part(
            "chain",
            "A wide circuit",
            chain,
            settings.chain_features,
            chain_points,
            ("dequantized", "circuit_mps", "uniform"),
            chain_samples,
            (),
        ),
    )
    return Plan(settings, parts)


def _chain_data(settings: Settings) -> Residues:
    features = settings.chain_features
    if features is None:
        everything = load_residues(settings.dataset, settings.chain_prime, None, settings.seed)
        if everything.dimension <= 16:
            return everything
        features = 16
    return load_residues(settings.dataset, settings.chain_prime, features, settings.seed)


def run(planned: Plan, folder: RunFolder, track: Track = silent) -> Results:
    """Run the study, or what of it has no record in the folder yet.

    Parameters
    ----------
    planned
        Settings and problems; see `plan`.
    folder
        Where finished steps are written and found.
    track
        Shows progress.
    """
    settings, results = planned.settings, Results(folder.run)
    for part in planned.parts:
        _run_part(part, settings, folder, track, results)
    advance = track("Time over the dimension", len(TIMED_UP_TO))
    for name in TIMED_UP_TO:
        key = f"dimension-{name}"
        step = folder.once(key, asdict(settings), partial(_time_dimensions, name, settings))
        results.dimension[name] = step.result
        advance(name)
    return results


def load_results(folder: RunFolder) -> Results:
    """Read the results of a finished run, from a folder opened for reading.

    Raises
    ------
    InputError
        If a step has no record yet, or the settings are not this version's.
    """
    return run(plan(folder.settings_as(Settings)), folder)


def _run_part(part: Part, settings: Settings, folder: RunFolder, track: Track, results: Results) -> None:
    advance = track(part.title, len(part.methods) * (BATCHES + 1) + 1)

    def keep(key: str, step: Step) -> dict[str, Any]:
        results.arrays[key] = step.arrays
        return step.result

    key = f"{part.key}-problem"
    found = results.parts[part.key] = {
        "title": part.title,
        "quoted": part.quoted,
        "ridge": settings.ridge,
        "methods": {},
    }
    found["problem"] = keep(key, folder.once(key, asdict(settings), lambda: _describe(part)))
    advance("problem and circuit")
    for name in part.methods:
        key = f"{part.key}-{name}"
        if folder.finished(key):
            for _ in range(BATCHES):
                advance(name)
        step = folder.once(
            key,
            asdict(settings),
            partial(_measure, part, name, settings, advance),
        )
        found["methods"][name] = keep(key, step)
        advance(name)


def _describe(part: Part) -> Step:
    """Return the problem in numbers, its risks without sampling, and the circuit's gates."""
    problem, data = part.problem, part.data
    result: dict[str, Any] = {
        "description": data.description,
        "prime": problem.prime,
        "dimension": problem.dimension,
        "points": len(problem.data),
        "outputs": problem.outputs,
        "coverage": problem.coverage,
        "log10_nodes": (problem.dimension + 1) * float(np.log10(problem.prime)),
        "train": len(data.x_train),
        "test": len(data.x_test),
        "held_out": not np.array_equal(data.x_train, data.x_test),
        "baselines": baseline_risks(problem, data),
    }
    arrays = {"points": problem.points, "amplitudes": problem.amplitudes, "frequencies": problem.frequencies}
    if is_enumerable(problem):
        exact = enumerate_probabilities(problem)
        positive = exact[exact > 0]
        result["effective_nodes"] = float(np.exp(-np.sum(positive * np.log(positive))))
        arrays["probabilities"] = exact
    if "circuit_mps" in part.methods:
        result["gates"] = {
            encoding: {
                "transform": gate_counts(
                    ridgelet_transform(problem.prime, problem.dimension, problem.ridgelet, encoding)
                ),
                "sparse loader": gate_counts(ridgelet_loader(problem, encoding)),
            }
            for encoding in encodings_of(problem.prime)
        }
    return Step(result, arrays)


def _measure(part: Part, name: str, settings: Settings, advance: Advance) -> Step:
    """Draw nodes with one method, and compare them with everything known."""
    problem, method = part.problem, SAMPLERS[name]
    asked = part.asked | {"seed": settings.seed, "method": name}
    nodes = method.make(problem).sample(part.samples, named("nodes", **asked))
    timing = named("timed nodes", **asked)
    _, seconds = timed_batches(lambda: method.make(problem).sample, part.samples, timing, lambda: advance(name))
    fit = fidelity(problem, nodes)
    result: dict[str, Any] = {"samples": len(nodes), "time": seconds, "fidelity": fit}
    small = np.min_scalar_type(problem.prime - 1)
    arrays: dict[str, NDArray] = {"a": nodes.a.astype(small), "b": nodes.b.astype(small)}
    # Decoys of its own, so that the tests of one table are independent.
    result["goodness_of_fit"] = goodness_of_fit(problem, nodes, seed=named("decoys", **asked))
    if is_enumerable(problem):
        result["total_variation"] = total_variation(problem, nodes)
    elif name != "dequantized":
        # Held against nodes that the dequantized sampler draws for this test alone, so that tests are independent.
        other = DequantizedSampler(problem).sample(min(part.samples, MAX_TESTED), named("reference nodes", **asked))
        result["two_sample"] = two_sample_test(nodes, other, problem)
    if part.sizes:
        curve = risk_over_nodes(problem, part.data, nodes, part.sizes, part.repeats, settings.ridge)
        result["risk"] = {
            "sizes": curve.sizes,
            "empirical": [mean_estimate(column) for column in curve.empirical.T],
            "held_out": [mean_estimate(column) for column in curve.held_out.T],
        }
        arrays |= {"empirical": curve.empirical, "held_out": curve.held_out}
        repeats = min(OTHER_REPEATS, part.repeats)
        others = [
            risk_over_nodes(problem, part.data, nodes, (part.quoted,), repeats, ridge) for ridge in OTHER_PENALTIES
        ]
        result["penalties"] = {
            "penalties": OTHER_PENALTIES,
            "empirical": [mean_estimate(other.empirical[:, 0]) for other in others],
            "held_out": [mean_estimate(other.held_out[:, 0]) for other in others],
        }
    return Step(result, arrays)


def _time_dimensions(name: str, settings: Settings) -> Step:
    """Time one method over D, up to the largest D in `TIMED_UP_TO`."""
    rows: list[dict[str, float]] = []
    for dimension in (d for d in TIMED_DIMENSIONS if d <= TIMED_UP_TO[name]):
        # As many distinct random points as there are, up to 16, with random signs: every method sees the same ones.
        asked = {"seed": settings.seed, "prime": TIMED_PRIME, "dimension": dimension}
        rng = np.random.default_rng(named("timed problem", **asked))
        x = np.unique(rng.integers(0, TIMED_PRIME, (8 * TIMED_POINTS, dimension)), axis=0)
        x = x[rng.permutation(len(x))[:TIMED_POINTS]]
        problem = RidgeletProblem.from_samples(x, rng.choice([-1.0, 1.0], len(x)), TIMED_PRIME)
        stream = named("timed nodes", **asked, method=name)
        make = partial(SAMPLERS[name].make, problem)
        _, seconds = timed_batches(lambda make=make: make().sample, TIMED_SAMPLES, stream)  # type: ignore[misc]
        ends = {f"sample_{end}": getattr(seconds.per_sample, end) for end in ("low", "best", "high")}
        rows.append({"dimension": dimension, "points": len(problem.data), "prepare": seconds.prepare, **ends})
    return Step({"prime": TIMED_PRIME, "points": TIMED_POINTS, "samples": TIMED_SAMPLES, "rows": rows}, {})
