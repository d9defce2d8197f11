"""A cost model of drawing, fitted to what was measured, and what it says of data nobody has drawn from here.

A draw of n nodes for K points in D dimensions takes, on one core,

    c_0 + c_1 n K D + c_2 n K + c_3 (bytes read)   processor seconds,

all coefficients at least 0: a call, multiply-adds, what is done once for each node and point, and reading a file. Over
m computers with q cores each, the terms in K are shared by all cores, and the bytes by all computers, which read at the
slower of what their disk gives and what their cores take in. Then 8 P^2 bytes a node are reduced along a tree of
ceil(log2 m) steps.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import nnls

from compare.studies.ridgelet.size.study import Settings

__all__ = ["TERMS", "Costs", "Prediction", "fit_costs", "predict", "seconds_of_a_byte"]

TERMS = ("a call", "multiply-adds", "nodes times points", "bytes read")
"""Parts of the seconds of a draw, in words."""

LEAST_ROWS = 4
"""Draws of different sizes that a fit needs."""

TABLE = 8
"""Bytes of each of the P x P numbers of a node that are reduced."""


@dataclass(frozen=True)
class Costs:
    """The fitted model.

    Attributes
    ----------
    coefficients
        Seconds of each of `TERMS`, shape (4,); that of bytes is None where no file was read.
    worst
        The largest factor between a measured and a fitted draw.
    draws
        How many draws were fitted.
    """

    coefficients: tuple[float, float, float, float | None]
    worst: float
    draws: int

    def seconds(self, samples: int, points: int, dimension: int, read: int) -> float:
        """Return the processor seconds of a draw on one core."""
        call, multiply, scatter, byte = self.coefficients
        return call + samples * points * (multiply * dimension + scatter) + (byte or 0.0) * read


def fit_costs(rows: Sequence[Mapping[str, Any]]) -> Costs | None:
    """Fit the model to rows of draws, by least squares of relative errors; None where there are too few.

    Parameters
    ----------
    rows
        With samples, points, dimension, read and seconds.
    """
    if len({(row["points"], row["dimension"], row["read"]) for row in rows}) < LEAST_ROWS:
        return None
    table = np.array(
        [
            [1.0, row["samples"] * row["points"] * row["dimension"], row["samples"] * row["points"], row["read"]]
            for row in rows
        ]
    )
    seconds = np.array([row["seconds"] for row in rows])
    kept = np.flatnonzero(np.any(table, axis=0))
    relative = table[:, kept] / seconds[:, None]
    scale = relative.max(axis=0)
    found = np.zeros(len(TERMS))
    found[kept] = nnls(relative / scale, np.ones(len(seconds)))[0] / scale
    fitted = table @ found
    worst = float(np.max(np.maximum(fitted / seconds, seconds / fitted)))
    call, multiply, scatter, byte = map(float, found)
    return Costs((call, multiply, scatter, byte if 3 in kept else None), worst, len(rows))


@dataclass(frozen=True)
class Prediction:
    """Seconds of one draw over many computers, each term beside what it is made of.

    Attributes
    ----------
    multiply, scatter, read, reduce, wait
        Seconds of multiply-adds, of what is done once for each node and point, of reading, of reducing, and of calls
        and messages.
    bytes_held
        Bytes of the points on each computer.
    """

    multiply: float
    scatter: float
    read: float
    reduce: float
    wait: float
    bytes_held: float

    @property
    def seconds(self) -> float:
        """Seconds of the draw: computing, reading and reducing one after the other."""
        return self.multiply + self.scatter + self.read + self.reduce + self.wait


def seconds_of_a_byte(costs: Costs, settings: Settings) -> float:
    """Return what a computer takes to read a byte: as its disk gives it, or as all its cores take it in."""
    return max(1 / settings.disk, (costs.coefficients[3] or 0.0) / settings.cores / settings.classical_speedup)


def predict(costs: Costs, settings: Settings) -> Prediction:
    """Return what the model says of the data of the prediction, under the assumptions of the settings."""
    call, multiply, scatter, _ = costs.coefficients
    cores = settings.computers * settings.cores * settings.classical_speedup
    work = settings.predicted_nodes * settings.predicted_points / cores
    # A byte an entry up to P = 257 where there are 256 levels, else two.
    held = settings.predicted_points * settings.predicted_dimension / settings.computers
    held *= 1 if settings.predicted_prime <= 257 else 2
    steps = math.ceil(math.log2(settings.computers)) if settings.computers > 1 else 0
    reduced = TABLE * settings.predicted_prime**2 * settings.predicted_nodes
    return Prediction(
        multiply=work * settings.predicted_dimension * multiply,
        scatter=work * scatter,
        read=2 * held * seconds_of_a_byte(costs, settings),
        reduce=steps * reduced / settings.network,
        wait=call + 2 * steps * settings.latency,
        bytes_held=held,
    )
