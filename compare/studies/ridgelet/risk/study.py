"""The risk study: networks of N nodes over ways to pick the nodes, cross-validated on many data sets.

Each fold is a random split into three quarters and one, the same for all methods; on each, every method draws several
times. Output weights are fitted with a fixed penalty, and with one chosen on inner folds of the training part, for
which nodes are drawn anew. Peers choose all they need on the training part themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray

from compare.progress import Track, silent
from compare.records import RunFolder, Step
from compare.risk import baseline_risks
from compare.studies.ridgelet.risk.cases import CASES, DEFAULT
from compare.studies.ridgelet.risk.fits import accuracy, output_weights, risk
from compare.studies.ridgelet.risk.folds import INNER_FOLDS, Fold, inner_folds, load_fold
from compare.studies.ridgelet.risk.methods import METHODS, Method
from problems.activations import Activation
from problems.errors import InputError, check_names, non_negative, whole_number
from problems.ridgelet import Nodes, NodeSampler
from problems.ridgelet.network import hidden_layer
from problems.seeds import Plain, named

__all__ = [
    "CHOSEN",
    "FIXED",
    "MEASURES",
    "PENALTIES",
    "Plan",
    "Results",
    "Settings",
    "check_settings",
    "load_results",
    "plan",
    "run",
]

PENALTIES = tuple(float(f"{10.0**k:.3g}") for k in np.arange(-5, 2.1, 0.5))
"""Penalties of the output weights' fit that inner folds choose among."""

FIXED, CHOSEN = range(2)
"""Which penalty: the setting's, or the one chosen on inner folds."""

MEASURES = ("empirical", "held_out", "accuracy", "held_out_accuracy")
"""What is known of each network: mean squared errors and shares of right answers, in training and held out."""


@dataclass(frozen=True)
class Settings:
    """Every choice of the study; the command line has a flag for each.

    Attributes
    ----------
    datasets
        Names in `compare.studies.ridgelet.risk.cases.CASES`.
    methods
        Names in `compare.studies.ridgelet.risk.methods.METHODS`.
    seeds
        Independent draws of nodes on each fold.
    folds
        Random splits, at least 2.
    nodes
        Hidden nodes N of the quoted networks, where a case has no other scale.
    regularization, activation
        Of every problem.
    ridge
        The fixed penalty of the output weights' fit, > 0.
    seed
        Of all splits and draws.
    """

    datasets: Sequence[str] = DEFAULT
    methods: Sequence[str] = tuple(METHODS)
    seeds: int = 1
    folds: int = 8
    nodes: int = 40
    regularization: float = 1e-3
    activation: Activation = "relu"
    ridge: float = 1e-4
    seed: int = 0

    def sizes(self, dataset: str) -> tuple[int, ...]:
        """Return the numbers of nodes N of a data set's networks, ascending; the last is the quoted one."""
        quoted = self.nodes * CASES[dataset].scale
        return tuple(sorted({max(1, round(quoted / part)) for part in (4, 2, 1)}))


@dataclass(frozen=True)
class Plan:
    """The settings, checked, and the first fold of each data set; none where a finished run is only read."""

    settings: Settings
    folds: tuple[Fold, ...] = ()


@dataclass(frozen=True)
class Results:
    """What a run found: the source of tables, figure, sentences and the report.

    Attributes
    ----------
    run
        Settings, versions, machine.
    problems
        For each data set its problem in numbers, means over the folds where they differ.
    choices
        For each data set and fold, what inner folds said of methods: `penalties` and `risks` for each size.
    refused
        For each data set, why methods do not apply, by the method's name.
    values
        For each data set and method, shape (folds, 2, 4, seeds, sizes): by penalty (`FIXED`, `CHOSEN`) and `MEASURES`.
        NaN where there is no such number.
    """

    run: dict[str, Any]
    problems: dict[str, dict[str, Any]] = field(default_factory=dict)
    choices: dict[str, list[dict[str, dict[str, list[float]]]]] = field(default_factory=dict)
    refused: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, dict[str, NDArray[np.float64]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """What inner folds say of one method on one fold.

    Attributes
    ----------
    penalties
        The best penalty for each size.
    risks
        The mean risk with it on what the inner folds hold out.
    """

    penalties: list[float]
    risks: list[float]


def check_settings(settings: Settings) -> None:
    """Check all settings but for the data.

    Raises
    ------
    InputError
        If a setting is out of range, or a name is unknown or there twice.
    """
    whole_number("seeds", settings.seeds, 1)
    whole_number("folds", settings.folds, 2)
    whole_number("nodes", settings.nodes, 1)
    whole_number("seed", settings.seed, 0)
    non_negative("regularization", settings.regularization)
    if non_negative("ridge", settings.ridge) < 1e-9:
        raise InputError(f"ridge = {settings.ridge:g} is too small for a fit by normal equations; give at least 1e-9.")
    check_names("data set", settings.datasets, CASES)
    check_names("method", settings.methods, METHODS)


def plan(settings: Settings) -> Plan:
    """Check all settings and load the first fold of each data set, before any heavy work.

    Raises
    ------
    InputError
        If a setting is out of range, a name is unknown or there twice, or a data set has too few distinct points.
    """
    check_settings(settings)
    return Plan(settings, tuple(_load(settings, name, 0) for name in settings.datasets))


def run(planned: Plan, folder: RunFolder, track: Track = silent, workers: int = 1) -> Results:
    """Run the study, or what of it has no record in the folder yet: a step for each fold of each data set.

    Parameters
    ----------
    planned
        The settings; see `plan`.
    folder
        Where finished steps are written and found.
    track
        Shows progress.
    workers
        Processes that run steps at the same time; results do not depend on it.
    """
    settings = planned.settings
    results, step = Results(folder.run), partial(_step, settings, folder)
    keys = [(name, number) for name in settings.datasets for number in range(settings.folds)]
    advance = track("Folds", len(keys))
    missing = [] if folder.read_only else [key for key in keys if not folder.finished(_name(*key))]
    for _ in range(len(keys) - len(missing)):
        advance("read")
    # Each worker writes its own steps, so an interrupted run keeps all that were finished.
    done = Parallel(n_jobs=min(workers, max(len(missing), 1)), return_as="generator_unordered")(
        delayed(_write)(settings, folder, *key) for key in missing
    )
    for finished in done:
        advance(finished)
    for name in settings.datasets:
        _gather(results, settings, name, [step(name, number) for number in range(settings.folds)])
    return results


def load_results(folder: RunFolder) -> Results:
    """Read the results of a finished run, from a folder opened for reading.

    Raises
    ------
    InputError
        If a step has no record yet, or the settings are not this version's.
    """
    settings = folder.settings_as(Settings)
    check_settings(settings)
    return run(Plan(settings), folder)


def _load(settings: Settings, name: str, number: int) -> Fold:
    return load_fold(name, number, settings.seed, settings.regularization, settings.activation)


def _name(dataset: str, number: int) -> str:
    return f"{dataset}-{number:02}"


def _step(settings: Settings, folder: RunFolder, dataset: str, number: int) -> Step:
    """Return the record of one fold, computing it if there is none."""
    compute = partial(_measure_fold, settings, dataset, number)
    return folder.once(_name(dataset, number), asdict(settings), compute)


def _write(settings: Settings, folder: RunFolder, dataset: str, number: int) -> str:
    """Write the record of one fold, and return its name."""
    _step(settings, folder, dataset, number)
    return _name(dataset, number)


def _gather(results: Results, settings: Settings, name: str, steps: Sequence[Step]) -> None:
    """Join the folds of one data set."""
    found = [step.result for step in steps]
    varying = ("points", "coverage", "ratio", "zero")
    results.problems[name] = found[0] | {key: np.mean([one[key] for one in found], axis=0).tolist() for key in varying}
    results.choices[name] = [one["choices"] for one in found]
    results.refused[name] = {
        method: why for one in reversed(found) for method, why in one["refused"].items() if method in settings.methods
    }
    results.values[name] = {
        method: np.array([step.arrays[method] for step in steps])
        for method in settings.methods
        if method not in results.refused[name]
    }


def _measure_fold(settings: Settings, name: str, number: int) -> Step:
    """Run every method on one fold of one data set."""
    fold, sizes = _load(settings, name, number), settings.sizes(name)
    problem, data = fold.problem, fold.data
    arrays, refused, choices = {}, {}, {}
    for method in settings.methods:
        try:
            METHODS[method].check(problem, sizes[-1])
        except InputError as error:
            refused[method] = " ".join(str(error).split())
        else:
            arrays[method], choice = _measure(
                settings, fold, METHODS[method], sizes, stream(settings.seed, fold, method)
            )
            if choice is not None:
                choices[method] = choice
    zero = baseline_risks(problem, data)["zero"]
    result = {
        "description": data.description,
        "kind": fold.case.kind,
        "prime": problem.prime,
        "dimension": problem.dimension,
        "outputs": problem.outputs,
        "points": len(problem.data),
        "coverage": problem.coverage,
        "train": len(data.x_train),
        "test": len(data.x_test) if fold.held_out else 0,
        "ratio": fold.ratio,
        "zero": zero,
        "sizes": sizes,
        "refused": refused,
        "choices": choices,
    }
    return Step(result, arrays)


def _measure(
    settings: Settings, fold: Fold, method: Method, sizes: Sequence[int], stream: Mapping[str, Plain]
) -> tuple[NDArray[np.float64], Choice | None]:
    """Return the measures of one method, shape (2, 4, seeds, sizes), and the penalties chosen on inner folds."""
    values = np.full((2, len(MEASURES), settings.seeds, len(sizes)), np.nan)
    if method.peer is not None:
        for draw in range(settings.seeds):
            for i, size in enumerate(sizes):
                seed = named("nodes", **stream, draw=draw, nodes=size)
                predictor = method.peer(fold.problem).fit(fold.data.x_train, fold.data.y_train, size, seed)
                predicted = [_column(predictor.predict(x)) for x in (fold.data.x_train, fold.data.x_test)]
                values[CHOSEN, :, draw, i] = _judge(fold, *predicted)
        return values, None
    assert method.sampler is not None
    chosen = _choose_penalties(settings, fold, method, sizes, stream) if fold.held_out else None
    sampler = method.sampler(fold.problem)
    for draw in range(settings.seeds):
        drawn = _draw(sampler, method.grows, sizes, "nodes", {**stream, "draw": draw})
        for i, nodes in enumerate(drawn):
            penalties = np.array([settings.ridge] + ([] if chosen is None else [chosen.penalties[i]]))
            train = hidden_layer(fold.problem, nodes, fold.data.x_train)
            weights = output_weights(train, _column(fold.data.y_train), penalties)
            test = hidden_layer(fold.problem, nodes, fold.data.x_test) if fold.held_out else train
            values[: len(penalties), :, draw, i] = _judge(fold, train @ weights, test @ weights)
    return values, chosen


def stream(seed: int, fold: Fold, method: str) -> dict[str, Plain]:
    """Return what a method's nodes on a fold depend on, whatever else is run."""
    case = fold.case
    return {
        "seed": seed,
        "dataset": case.dataset,
        "prime": case.prime,
        "features": case.features,
        "part": case.part,
        "fold": fold.number,
        "method": method,
    }


def _draw(
    sampler: NodeSampler, grows: bool, sizes: Sequence[int], name: str, stream: Mapping[str, Plain]
) -> list[Nodes]:
    """Draw nodes of every size; of one list, if its first N are what a list of N would be."""
    if grows:
        nodes = sampler.sample(sizes[-1], named(name, **stream))
        return [nodes[:size] for size in sizes]
    return [sampler.sample(size, named(name, **stream, nodes=size)) for size in sizes]


def _choose_penalties(
    settings: Settings, fold: Fold, method: Method, sizes: Sequence[int], stream: Mapping[str, Plain]
) -> Choice:
    """Choose, for each size, the penalty with the least mean risk on inner folds; nodes are drawn for each of them."""
    make = method.tuned or method.sampler
    assert make is not None
    risks = np.zeros((len(sizes), len(PENALTIES)))
    x, y = fold.data.x_train, _column(fold.data.y_train)
    for inner, (problem, kept, out) in enumerate(inner_folds(fold, settings.seed)):
        drawn = _draw(make(problem), method.grows, sizes, "inner nodes", {**stream, "inner": inner})
        for i, nodes in enumerate(drawn):
            weights = output_weights(hidden_layer(problem, nodes, x[kept]), y[kept], np.array(PENALTIES))
            risks[i] += risk(y[out], hidden_layer(problem, nodes, x[out]) @ weights) / INNER_FOLDS
    return Choice([PENALTIES[best] for best in np.argmin(risks, axis=1)], risks.min(axis=1).tolist())


def _judge(fold: Fold, train: NDArray[np.float64], test: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the measures of predictions (..., n, C) and (..., m, C): shape (..., 4)."""
    y_train, y_test, kind = _column(fold.data.y_train), _column(fold.data.y_test), fold.case.kind
    risks = [risk(y_train, train), risk(y_test, test) + (0.0 if fold.held_out else np.nan)]
    shares = [accuracy(kind, y_train, y_train, train), accuracy(kind, y_train, y_test, test)]
    return np.stack([*risks, *shares], axis=-1)


def _column(values: NDArray) -> NDArray[np.float64]:
    """Return targets or predictions as shape (n, C)."""
    return np.reshape(values, (len(values), -1))
