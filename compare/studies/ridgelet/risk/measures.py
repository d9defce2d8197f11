"""One method on one fold: nodes are drawn, output weights fitted, and the networks judged."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from compare.engine import Inputs, Planned, Seeds
from compare.engine.work import Read
from compare.studies.data import TABLE
from compare.studies.ridgelet.methods import METHODS, NodeMethod
from compare.studies.ridgelet.risk.files import FileSplit, check_points
from compare.studies.ridgelet.risk.fits import risk
from compare.studies.ridgelet.risk.folds import INNER_FOLDS, Split, column, inner_folds, load_split
from compare.studies.ridgelet.risk.samples import Predict, fitted, judged
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
from compare.studies.rows import ROWS
from problems.datasets import REGRESSION
from problems.ridgelet import Nodes, NodeSampler, SparseNetwork
from problems.ridgelet.points import Rows

__all__ = ["describe", "measure", "prepare"]

_NEED = {TABLE.name: "table", ROWS.name: "rows"}
"""Names by which a task needs the records of a user's own files."""

STREAM = ("seed", "dataset", "prime", "features", "part", "fold", "method")
"""Settings on which a method's nodes depend, whatever else is run."""


def prepare(settings: Settings, records: Sequence[tuple[Planned, Any]] = ()) -> None:
    """Load the first fold of each data set and of each of a user's files, before any heavy work.

    Raises
    ------
    InputError
        If one has too few distinct points.
    """
    known = {record.task.source: (_NEED[record.kind.name], Read(record.task, found, {})) for record, found in records}
    for planned in tasks(settings):
        if planned.kind == PROBLEM and planned.task.fold == 0:
            source = planned.task.dataset
            if source in known:
                need, read = known[source]
                check_points(source, load_split(planned.task, {need: [read]}).problem)
            elif not planned.needs:  # a file that is known by its content alone is waited for
                load_split(planned.task, {})


def describe(task: Fold, seeds: Seeds, inputs: Inputs) -> Described:
    """Return the problem of one fold in numbers."""
    split = load_split(task, inputs)
    problem, data = split.problem, split.data
    zero, held_out_zero = (float(risk(part.targets, np.zeros_like(part.targets))) for part in (split.train, split.test))
    return Described(
        data.description,
        problem.dimension,
        problem.outputs,
        len(problem.data),
        problem.coverage,
        len(data.y_train),
        len(data.y_test) if data.held_out else 0,
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
        x, y = split.whole(split.train), split.train.targets
        y = y.reshape(-1) if y.shape[1] == 1 else y
        for draw in range(task.seeds):
            for i, size in enumerate(task.sizes):
                stream = seeds("nodes", by=STREAM, draw=draw, nodes=size)
                predictor = method.make(split.problem).fit(x, y, size, stream)
                chosen[:, draw, i] = _judge(split, partial(_predicted, predictor))
        return Measured(fixed, chosen)
    drawn = [
        _draw(method.make(split.problem), method.grows, task.sizes, seeds, "nodes", draw=draw)
        for draw in range(task.seeds)
    ]
    penalties, inner = _choose_penalties(task, seeds, split, method) if split.data.held_out else ((), ())
    for draw, lists in enumerate(drawn):
        for i, nodes in enumerate(lists):
            tried = np.array([task.ridge, *penalties[i : i + 1]])
            features = _features(split, nodes)
            weights = fitted(split.train, features, tried)
            judged = _judge(split, _predictions(features, weights))
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
    task: Cell, seeds: Seeds, split: Split | FileSplit, method: NodeMethod
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Choose, for each size, the penalty with the least mean risk on inner folds, for which nodes are drawn anew."""
    make = METHODS[method.tuned].make if method.tuned else method.make
    risks = np.zeros((len(task.sizes), len(PENALTIES)))
    for inner, (problem, kept, out) in enumerate(inner_folds(split, task)):
        for i, nodes in enumerate(_draw(make(problem), method.grows, task.sizes, seeds, "inner nodes", inner=inner)):
            features, held = _features(split, nodes), split.some(out)
            weights = fitted(split.some(kept), features, np.array(PENALTIES))
            found = judged(held, _predictions(features, weights), REGRESSION, held.targets)
            risks[i] += found[:, 0] / INNER_FOLDS
    return tuple(PENALTIES[best] for best in np.argmin(risks, axis=1)), tuple(risks.min(axis=1).tolist())


def _features(split: Split | FileSplit, nodes: Nodes) -> Predict:
    """Return the hidden layer of nodes."""
    return SparseNetwork(len(split.ridgelet), split.ridgelet, nodes, np.empty(0)).features


def _predictions(features: Predict, weights: NDArray[np.float64]) -> Predict:
    """Return what networks with weights (R, N, C) predict."""
    return lambda rows: features(rows) @ weights


def _predicted(peer: Any, rows: Rows) -> NDArray[np.float64]:
    return column(peer.predict(rows))


def _judge(split: Split | FileSplit, predict: Predict) -> NDArray[np.float64]:
    """Return the measures of networks, by `MEASURES`: shape (..., 4)."""
    y_train, kind = split.train.targets, split.data.kind
    train = judged(split.train, predict, kind, y_train)
    test = judged(split.test, predict, kind, y_train)
    nothing = 0.0 if split.data.held_out else np.nan
    return np.stack([train[..., 0], test[..., 0] + nothing, train[..., 1], test[..., 1]], axis=-1)
