"""The risk study: networks of N nodes over ways to pick the nodes, cross-validated on many data sets.

Each fold is a random split into three quarters and one, the same for all methods; on each, every method draws several
times. Output weights are fitted with a fixed penalty, and with one chosen on inner folds of the training part, for
which nodes are drawn anew. Peers choose all they need on the training part themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated, Any

from compare.engine import (
    LARGE,
    MANY,
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
from compare.studies import data
from compare.studies.data import TABLE, MissingSetting, TargetSetting, WithoutSetting, known_or_file
from compare.studies.ridgelet.methods import METHODS
from compare.studies.ridgelet.risk.cases import CASES, DEFAULT, case_of
from compare.studies.ridgelet.settings import ActivationSetting, PrimeSetting, RegularizationSetting, SeedSetting
from compare.studies.rows import ROWS, MemorySetting, attach_rows, data_of, of_files
from compare.studies.symbols import RIDGELET
from problems.errors import InputError

__all__ = ["CELL", "MEASURES", "PENALTIES", "PROBLEM", "STUDY", "Cell", "Fold", "Measured", "Settings", "sizes_of"]

PENALTIES = tuple(float(f"{10.0 ** (k / 2):.3g}") for k in range(-10, 5))
"""Penalties of the output weights' fit that inner folds choose among."""

MEASURES = ("empirical", "held_out", "accuracy", "held_out_accuracy")
"""Measures of each network: mean squared errors and shares of right answers, in training and held out."""


MEASURED = "compare.studies.ridgelet.risk.measures"


def _large_enough(name: str, value: float) -> None:
    if value < 1e-9:
        raise InputError(f"{name} = {value:g} is too small for a fit by normal equations; give at least 1e-9.")


@dataclass(frozen=True)
class Settings:
    """Every choice of the study."""

    datasets: Annotated[
        tuple[str, ...], Each("dataset"), Names(CASES, "data sets, or files", "data set", known_or_file)
    ] = DEFAULT
    target: TargetSetting = None
    methods: Annotated[tuple[str, ...], Each("method"), Names(METHODS, "ways to pick nodes, and peers")] = tuple(
        name for name, method in METHODS.items() if not method.extra
    )
    seeds: Annotated[int, Flag("draws"), Least(1, "independent draws of nodes on each fold"), Most(MANY)] = 1
    folds: Annotated[int, Least(2, "random splits, a quarter held out each"), Most(MANY)] = 8
    nodes: Annotated[int, Least(1, "hidden nodes N of the quoted networks, 5 N on raw digits"), Most(LARGE)] = 40
    regularization: RegularizationSetting = 1e-3
    activation: ActivationSetting = "relu"
    ridge: Annotated[float, Check(_large_enough), Help("fixed penalty of the output weights' fit")] = 1e-4
    seed: SeedSetting = 0
    missing: MissingSetting = "refuse"
    without: WithoutSetting = ()
    prime: Annotated[PrimeSetting, Help("prime P of points in NPY files; other data sets have theirs")] = 17
    memory: MemorySetting = None


@dataclass(frozen=True)
class Fold:
    """One random split of one case, with all that the case stands for.

    Attributes
    ----------
    case
        Its name; of a user's file, the file's identity.
    dataset, prime, features, part, independent
        See `compare.studies.ridgelet.risk.cases.Case`.
    kind
        What the targets are: two classes, classes or regression; None of a user's file, whose table says it.
    fold
        Which split.
    regularization, activation
        Of the problem.
    seed
        Of the splits and of all that is drawn.
    """

    case: str
    dataset: str
    prime: int
    features: int | None
    kind: str | None
    part: bool
    independent: bool
    fold: int
    regularization: float
    activation: str | tuple[float, ...]
    seed: int


@dataclass(frozen=True)
class Cell(Fold):
    """One method on one fold.

    Attributes
    ----------
    method
        A name in `compare.studies.ridgelet.methods.METHODS`.
    sizes
        Numbers of nodes N, ascending; the last is the quoted one.
    seeds
        Independent draws of nodes.
    ridge
        The fixed penalty of the output weights' fit.
    """

    method: str
    sizes: tuple[int, ...]
    seeds: int
    ridge: float


@dataclass(frozen=True)
class Described:
    """The problem of one fold in numbers.

    Attributes
    ----------
    description
        The data set in words.
    dimension, outputs, points, coverage
        D, the number of outputs, K, and K/P^D.
    train, test
        Samples; none are held out of a function that is known everywhere.
    ratio
        Held-out over training samples that folds share; 0 if none are shared.
    zero, held_out_zero
        Risks of predicting 0.
    """

    description: str
    dimension: int
    outputs: int
    points: int
    coverage: float
    train: int
    test: int
    ratio: float
    zero: float
    held_out_zero: float


@dataclass(frozen=True)
class Measured:
    """The worth of networks of one method's nodes.

    Attributes
    ----------
    fixed, chosen
        With the fixed penalty, and with the one chosen on inner folds (of peers, their own): shape
        (4, seeds, sizes), by `MEASURES`. NaN where there is no such number.
    penalties, inner
        For each size the penalty that is best on inner folds, and its mean risk there; none where nothing is held out.
    """

    fixed: Annotated[Array, Shape(4, "seeds", "sizes")]
    chosen: Annotated[Array, Shape(4, "seeds", "sizes")]
    penalties: tuple[float, ...] = ()
    inner: tuple[float, ...] = ()


PROBLEM = Kind("risk/problem", Fold, Described, f"{MEASURED}:describe", needs=data_of)
CELL = Kind("risk/cell", Cell, Measured, f"{MEASURED}:measure", needs=data_of)


def sizes_of(settings: Settings, case: str) -> tuple[int, ...]:
    """Return the numbers of nodes N of a case's networks, ascending; the last is the quoted one."""
    quoted = settings.nodes * case_of(case).scale
    return tuple(sorted({max(1, round(quoted / part)) for part in (4, 2, 1)}))


def _expanded(name: str, settings: Settings) -> Mapping[str, Any]:
    case = replace(case_of(name), prime=settings.prime, features=None) if of_files(name) else case_of(name)
    return {part: getattr(case, part) for part in ("dataset", "prime", "features", "kind", "part", "independent")}


def tasks(settings: Settings) -> list[Planned]:
    """Return every method on every fold, and what the fold is; fold after fold, so that a process loads each once."""
    found = []
    for fold in range(settings.folds):
        for case in settings.datasets:
            fixed = {"case": case, "fold": fold, **_expanded(case, settings)}
            found += PROBLEM.product(settings, **fixed)
            sizes = sizes_of(settings, case)
            cells = CELL.product(settings, **{**fixed, "sizes": [sizes]})
            found += cells
    return found


def attach(settings: Settings) -> Attached:
    """Return settings in which files stand by their content, as cases that are called by their files' stems.

    Raises
    ------
    InputError
        If a file is no table.
    """
    default = next(field.default for field in fields(Settings) if field.name == "prime")
    if settings.prime != default and not any(map(of_files, settings.datasets)):
        raise InputError(
            f"prime = {settings.prime}: it is said of points in NPY files alone, and other data sets have theirs; "
            "leave it out."
        )
    found = attach_rows(settings) or data.attach(settings)
    labels = dict[str, str]()
    for source, name in found.labels.items():
        stem = Path(name).stem
        labels[source] = name if stem in (*CASES, *labels.values()) else stem
    return replace(found, labels=labels)


STUDY = Study(
    "risk",
    "Risk of sparse networks: who picks the nodes",
    "Compare risks over N of all samplers and of common peers on many data sets.",
    Settings,
    tasks,
    "compare.studies.ridgelet.risk.report:report",
    (PROBLEM, CELL, TABLE, ROWS),
    methods=METHODS,
    prepare=f"{MEASURED}:prepare",
    attach=attach,
    suits="compare.studies.ridgelet.risk.suiting:suits",
    symbols=RIDGELET,
)
