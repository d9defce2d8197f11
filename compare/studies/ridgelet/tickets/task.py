"""One ticket: nodes that one sampler picks on one split of a data set, and what their network is worth."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from compare.estimators.sampling import SUBSPACE_SAMPLERS
from compare.samplers import SAMPLERS, Method
from compare.statistics import mean_estimate
from compare.studies.ridgelet.risk.cases import CLASSES, REGRESSION, TWO_CLASSES
from compare.studies.ridgelet.risk.fits import accuracy
from compare.sweeps.record import RecordedEstimate
from problems.activations import ACTIVATIONS
from problems.errors import choose, non_negative, whole_number
from problems.finite_field import check_prime
from problems.ridgelet import RidgeletProblem, SparseNetwork
from problems.ridgelet.data import DATA, Residues, load_residues
from problems.seeds import Plain, named

__all__ = ["METHODS", "RESULT", "Settings", "check", "measure"]

RESULT = {
    "empirical": float,
    "held_out": float | None,
    "accuracy": float | None,
    "held_out_accuracy": float | None,
    "zero": float,
    "held_out_zero": float,
    "density": RecordedEstimate,
    "ratio": float,
    "description": str,
    "dimension": int,
    "points": int,
    "coverage": float,
}
"""What is measured, and of which type it is."""

METHODS = SAMPLERS | {name: Method(make, lambda problem: None) for name, make in SUBSPACE_SAMPLERS.items()}
"""Samplers by name: of all coordinates, and of few."""

OWN_DATA = ("random",)
"""Data sets that are drawn anew for each split; the splits of all others share samples."""


@dataclass(frozen=True)
class Settings:
    """Which ticket.

    Attributes
    ----------
    dataset, prime, features
        What `problems.ridgelet.data.load_residues` takes; features None takes all.
    method
        A name in `METHODS`.
    nodes
        Hidden nodes N.
    regularization, activation
        Of the problem.
    ridge
        Penalty of the output weights' fit.
    seed
        Of the splits and of the nodes.
    repeat
        Which split; the same for all methods, sizes and penalties.
    """

    dataset: str = "digits"
    prime: int = 5
    features: int | None = 4
    method: str = "dequantized"
    nodes: int = 40
    regularization: float = 1e-3
    activation: str = "relu"
    ridge: float = 1e-4
    seed: int = 0
    repeat: int = 0


def check(settings: Settings) -> None:
    """Refuse what no task could be: an unknown name, a number out of range."""
    choose("data set", settings.dataset, DATA)
    choose("method", settings.method, METHODS)
    choose("activation", settings.activation, ACTIVATIONS)
    check_prime(settings.prime)
    for name, least in (("nodes", 1), ("seed", 0), ("repeat", 0)):
        whole_number(name, getattr(settings, name), least)
    if settings.features is not None:
        whole_number("features", settings.features, 1)
    for name in ("regularization", "ridge"):
        non_negative(name, getattr(settings, name))


def measure(settings: Settings) -> dict[str, Any]:
    """Draw nodes, fit the network and judge it in training and held out.

    Returns
    -------
    ``empirical``, ``held_out``: mean squared errors; ``zero``, ``held_out_zero``: those of predicting the training
    mean; ``accuracy``, ``held_out_accuracy``: shares classified right, None for regression; ``density``: mean of
    P^(D+1) p* over the nodes; ``ratio``: held-out over training samples that splits share; ``points``, ``coverage``,
    ``dimension``. Held-out numbers are None where nothing is held out.
    """
    split: dict[str, Plain] = {"seed": settings.seed, "dataset": settings.dataset, "fold": settings.repeat}
    data = load_residues(settings.dataset, settings.prime, settings.features, named("split", **split))
    problem = RidgeletProblem.from_samples(
        data.x_train, data.y_train, settings.prime, settings.regularization, settings.activation
    )
    method = METHODS[settings.method]
    method.check(problem)
    # N is no part of it: the same nodes at the front of every N.
    seed = named("nodes", **split, prime=settings.prime, features=settings.features, method=settings.method)
    nodes = method.make(problem).sample(settings.nodes, seed)
    network = SparseNetwork.fit(problem, nodes, data.x_train, data.y_train, settings.ridge)
    held_out = not np.array_equal(data.x_train, data.x_test)
    kind = _kind(data)
    y_train, y_test = (values.reshape(len(values), -1) for values in (data.y_train, data.y_test))
    trained, tested = (network.predict(x).reshape(len(x), -1) for x in (data.x_train, data.x_test))
    result: dict[str, Any] = {
        "empirical": network.risk(data.x_train, data.y_train),
        "held_out": network.risk(data.x_test, data.y_test),
        "accuracy": float(accuracy(kind, y_train, y_train, trained)),
        "held_out_accuracy": float(accuracy(kind, y_train, y_test, tested)),
        "zero": float(np.mean(np.sum(y_train**2, axis=1))),
        "held_out_zero": float(np.mean(np.sum(y_test**2, axis=1))),
        "density": mean_estimate(problem.density(nodes)),
        "ratio": 0.0 if not held_out or settings.dataset in OWN_DATA else len(data.x_test) / len(data.x_train),
        "description": data.description,
        "dimension": problem.dimension,
        "points": len(problem.data),
        "coverage": problem.coverage,
    }
    if not held_out:
        result |= {"held_out": None, "held_out_accuracy": None}
    return result


def _kind(data: Residues) -> str:
    """Tell classes, one column each, two classes and regression apart by the targets."""
    if data.y_train.ndim == 2:
        return CLASSES
    return TWO_CLASSES if len(np.unique(data.y_train)) == 2 else REGRESSION
