"""One method on one fold: nodes are drawn, output weights fitted, and the networks judged."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compare.engine import Inputs, Planned, Seeds
from compare.engine.work import Read
from compare.risk import baseline_risks
from compare.studies.ridgelet.methods import METHODS, NodeMethod
from compare.studies.ridgelet.risk.fits import accuracy, output_weights, risk
from compare.studies.ridgelet.risk.folds import INNER_FOLDS, Split, inner_folds, load_split
from compare.studies.ridgelet.risk.study import (
    MEASURES,
    PENALTIES,
    PROBLEM,
    Cell,
    Described,
    Fold,
    Measured,
    Settings,
    tasks,
)
from problems.ridgelet import Nodes, NodeSampler
from problems.ridgelet.network import hidden_layer

__all__ = ["describe", "measure", "prepare"]

STREAM = ("seed", "dataset", "prime", "features", "part", "fold", "method")
"""Settings on which a method's nodes depend, whatever else is run."""


def prepare(settings: Settings, records: Sequence[tuple[Planned, Any]] = ()) -> None:
    """Load the first fold of each data set and of each of a user's files, before any heavy work.

    Raises
    ------
    InputError
        If one has too few distinct points.
    """
    tables = {table.task.source: Read(table.task, columns, {}) for table, columns in records}
    for planned in tasks(settings):
        if planned.kind == PROBLEM and planned.task.fold == 0:
            source = planned.task.dataset
            if source in tables or not planned.needs:  # a file that is known by its content alone is waited for
                load_split(planned.task, {"table": [tables[source]]} if source in tables else {})


def describe(task: Fold, seeds: Seeds, inputs: Inputs) -> Described:
    """Return the problem of one fold in numbers."""
    split = load_split(task, inputs)
    problem, data = split.problem, split.data
    zero, held_out_zero = baseline_risks(problem, data)["zero"]
    return Described(
        data.description,
        problem.dimension,
        problem.outputs,
        len(problem.data),
        problem.coverage,
        len(data.x_train),
        len(data.x_test) if data.held_out else 0,
        data.overlap,
        zero,
        held_out_zero,
    )


def measure(task: Cell, seeds: Seeds, inputs: Inputs) -> Measured:
    """Run one method on one fold.

    Raises
    ------
    InputError
        If the method does not apply, with the reason.
    """
    method = METHODS[task.method]
    split = load_split(task, inputs)
    method.check_quick(split.problem, task.sizes[-1])
    fixed, chosen = np.full((2, len(MEASURES), task.seeds, len(task.sizes)), np.nan)
    if method.peer:
        for draw in range(task.seeds):
            for i, size in enumerate(task.sizes):
                stream = seeds("nodes", by=STREAM, draw=draw, nodes=size)
                predictor = method.make(split.problem).fit(split.data.x_train, split.data.y_train, size, stream)
                predicted = [_column(predictor.predict(x)) for x in (split.data.x_train, split.data.x_test)]
                chosen[:, draw, i] = _judge(split, *predicted)
        return Measured(fixed, chosen)
    penalties, inner = _choose_penalties(task, seeds, split, method) if split.data.held_out else ((), ())
    sampler = method.make(split.problem)
    for draw in range(task.seeds):
        for i, nodes in enumerate(_draw(sampler, method.grows, task.sizes, seeds, "nodes", draw=draw)):
            tried = np.array([task.ridge, *penalties[i : i + 1]])
            train = hidden_layer(split.problem, nodes, split.data.x_train)
            weights = output_weights(train, _column(split.data.y_train), tried)
            test = hidden_layer(split.problem, nodes, split.data.x_test) if split.data.held_out else train
            judged = _judge(split, train @ weights, test @ weights)
            fixed[:, draw, i] = judged[0]
            if penalties:
                chosen[:, draw, i] = judged[1]
    return Measured(fixed, chosen, penalties, inner)


def _draw(
    sampler: NodeSampler, grows: bool, sizes: Sequence[int], seeds: Seeds, stream: str, **more: Any
) -> list[Nodes]:
    """Draw nodes of every size; of one list, if its first N are what a list of N would be."""
    if grows:
        nodes = sampler.sample(sizes[-1], seeds(stream, by=STREAM, **more))
        return [nodes[:size] for size in sizes]
    return [sampler.sample(size, seeds(stream, by=STREAM, **more, nodes=size)) for size in sizes]


def _choose_penalties(
    task: Cell, seeds: Seeds, split: Split, method: NodeMethod
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Choose, for each size, the penalty with the least mean risk on inner folds, for which nodes are drawn anew."""
    make = METHODS[method.tuned].make if method.tuned else method.make
    risks = np.zeros((len(task.sizes), len(PENALTIES)))
    x, y = split.data.x_train, _column(split.data.y_train)
    for inner, (problem, kept, out) in enumerate(inner_folds(split, task)):
        for i, nodes in enumerate(_draw(make(problem), method.grows, task.sizes, seeds, "inner nodes", inner=inner)):
            weights = output_weights(hidden_layer(problem, nodes, x[kept]), y[kept], np.array(PENALTIES))
            risks[i] += risk(y[out], hidden_layer(problem, nodes, x[out]) @ weights) / INNER_FOLDS
    return tuple(PENALTIES[best] for best in np.argmin(risks, axis=1)), tuple(risks.min(axis=1).tolist())


def _judge(split: Split, train: NDArray[np.float64], test: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the measures of predictions (..., n, C) and (..., m, C): shape (..., 4)."""
    y_train, y_test = _column(split.data.y_train), _column(split.data.y_test)
    risks = [risk(y_train, train), risk(y_test, test) + (0.0 if split.data.held_out else np.nan)]
    shares = [accuracy(split.data.kind, y_train, y_train, train), accuracy(split.data.kind, y_train, y_test, test)]
    return np.stack([*risks, *shares], axis=-1)


def _column(values: NDArray) -> NDArray[np.float64]:
    """Return targets or predictions as shape (n, C)."""
    return np.reshape(values, (len(values), -1))
