"""Risk of the networks that sampled nodes make, on training data and held out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.ridgelet import Nodes, RidgeletProblem, SparseNetwork
from problems.ridgelet.chunks import ChunkedPoints, PointFinder
from problems.ridgelet.data import Residues
from problems.ridgelet.held_out import HeldOutRows

__all__ = ["RiskCurve", "baseline_risks", "risk_over_nodes"]


@dataclass(frozen=True)
class RiskCurve:
    """Risk over the number of nodes, for several independent sets of nodes.

    Attributes
    ----------
    sizes
        Numbers of nodes N.
    empirical, held_out
        Mean squared errors on the training and the held-out samples: shape (repeats, len(sizes)).
    """

    sizes: tuple[int, ...]
    empirical: NDArray[np.float64]
    held_out: NDArray[np.float64]


def risk_over_nodes(
    problem: RidgeletProblem,
    data: Residues | HeldOutRows,
    nodes: Nodes,
    sizes: Sequence[int],
    repeats: int,
    ridge: float = 1e-4,
) -> RiskCurve:
    """Fit networks on the first N of disjoint blocks of nodes, for each N.

    Parameters
    ----------
    problem, data
        The problem, and the data set it was made from; of rows in files, which are passed over for each network.
    nodes
        Independent samples; the blocks take ``repeats * max(sizes)`` of them.
    sizes
        Numbers of nodes N, ascending.
    repeats
        Independent networks for each N.
    ridge
        Penalty of the output weights' fit.

    Raises
    ------
    InputError
        If there are too few nodes for that many blocks.
    """
    block = max(sizes)
    if repeats * block > len(nodes):
        raise InputError(
            f"{repeats} networks of {block} nodes need {repeats * block} samples, but there are {len(nodes)}; "
            "draw more samples or ask for fewer nodes."
        )
    empirical, held_out = np.empty((2, repeats, len(sizes)))
    for i in range(repeats):
        for j, size in enumerate(sizes):
            chosen = nodes[i * block : i * block + size]
            if isinstance(data, HeldOutRows):
                network = SparseNetwork.fit_problem(problem, chosen, ridge)
                empirical[i, j] = network.risk(data.x_train, data.y_train, data.quantizer)
                held_out[i, j] = network.risk(data.x_test, data.y_test, data.quantizer)
                continue
            network = SparseNetwork.fit(problem, chosen, data.x_train, data.y_train, ridge)
            empirical[i, j] = network.risk(data.x_train, data.y_train)
            held_out[i, j] = network.risk(data.x_test, data.y_test)
    return RiskCurve(tuple(sizes), empirical, held_out)


def baseline_risks(problem: RidgeletProblem, data: Residues | HeldOutRows) -> dict[str, tuple[float, float]]:
    """Return (empirical, held-out) risks that need no sampling.

    Keys: ``"zero"``, the network without nodes; ``"whole"``, the whole exponential network, which by S R = 1 is
    exactly h on the data and 0 elsewhere; ``"labels"``, the mean label at every point seen in training and 0
    elsewhere, the least empirical risk that any function has.
    """
    if isinstance(data, HeldOutRows):
        numbers = _points_in_files(problem, data)
    else:
        row = {point.tobytes(): i for i, point in enumerate(problem.points)}
        numbers = [np.array([row.get(point.tobytes(), -1) for point in x]) for x in (data.x_train, data.x_test)]
    risks: dict[str, list[float]] = {"zero": [], "whole": [], "labels": []}
    for where, y in zip(numbers, (data.y_train, data.y_test), strict=True):
        targets = y.reshape(len(y), -1)
        seen = (where >= 0)[:, None]
        for name, values in (("zero", 0 * problem.labels), ("whole", problem.coefficients), ("labels", problem.labels)):
            predicted = np.where(seen, values[where], 0.0)
            risks[name].append(float(np.mean(np.sum((targets - predicted) ** 2, axis=1))))
    return {name: (values[0], values[1]) for name, values in risks.items()}


def _points_in_files(problem: RidgeletProblem, data: HeldOutRows) -> list[NDArray[np.int64]]:
    """Return the number of the point of each training and each held-out row, -1 where there is none."""
    assert isinstance(problem.data, ChunkedPoints)
    finder = PointFinder(problem.data)
    return [
        np.concatenate([finder.numbers(block) for block in data.blocks(rows)]) for rows in (data.x_train, data.x_test)
    ]
