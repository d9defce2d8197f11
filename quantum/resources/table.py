"""Costs over the size of the problem: the dimension D, the prime P and the number of points K."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from problems.activations import Activation
from problems.errors import InputError, choose
from problems.finite_field import check_prime
from problems.ridgelet import RidgeletProblem
from problems.seeds import spawn
from quantum.blocks.sparse_loader import counting_bound
from quantum.resources.counts import GateCounts, gate_counts, has_gates
from quantum.resources.fractional import fractional_counts
from quantum.ridgelet import (
    ENCODINGS,
    encodings_of,
    measured_loader,
    measured_transform,
    ridgelet_loader,
    ridgelet_transform,
)
from quantum.ridgelet.circuit import DynamicEncoding

__all__ = [
    "LoaderRow",
    "TransformRow",
    "loader_row",
    "random_problem",
    "transform_rows",
    "transforms",
]

MAX_COUNTED = 20_000
"""Two-qubit gates of a transform above which no larger one is counted: synthesis would take minutes."""


@dataclass(frozen=True)
class TransformRow:
    """The transform at one size, which does not depend on the data; a dynamic one is measured on the way.

    A fractional one is counted in `FRACTIONAL_BASIS`, with RZZ gates of any angle.
    """

    encoding: str
    dynamic: bool
    fractional: bool
    prime: int
    dimension: int
    counts: GateCounts


@dataclass(frozen=True)
class LoaderRow:
    """A loader at one size; no counts if it has no gates and runs on simulators only.

    `measured` counts the sparse loader with ancillas that are cleaned by measurement, None for the others, and `bound`
    is about what a loader of so many points takes at least; see `counting_bound`.
    """

    encoding: str
    loader: str
    prime: int
    dimension: int
    points: int
    data_qubits: int
    counts: GateCounts | None
    measured: GateCounts | None
    bound: float


def transforms(primes: Sequence[int], encodings: Sequence[str] | None = None) -> list[tuple[str, bool, int]]:
    """Return encoding, whether it is dynamic, and prime of every transform that there is.

    Parameters
    ----------
    primes
        P; an encoding has no transform at primes that it does not take.
    encodings
        Names in `ENCODINGS`; None takes all.

    Raises
    ------
    InputError
        If a number is no prime, or a name unknown.
    """
    primes = [check_prime(prime) for prime in primes]
    encodings = list(ENCODINGS) if encodings is None else encodings
    made = [(name, prime, choose("encoding", name, ENCODINGS)) for name in encodings for prime in primes]
    return [
        (name, dynamic, prime)
        for name, prime, make in made
        if name in encodings_of(prime)
        for dynamic in (False, True)
        if not dynamic or isinstance(make(prime), DynamicEncoding)
    ]


def random_problem(prime: int, dimension: int, points: int, seed: int = 0) -> RidgeletProblem:
    """Return a problem of K distinct random points, each drawn one to four times, with normally distributed targets.

    The frequencies differ, so that loaders cannot skip the regularization filter.

    Raises
    ------
    InputError
        If Z_P^D has fewer points.
    """
    if points > prime**dimension:
        raise InputError(f"points = {points}: Z_{prime}^{dimension} has only {prime**dimension}; give at most that.")
    rng = np.random.default_rng(spawn(seed, prime, dimension, points))
    x = np.repeat(_distinct(rng, prime, dimension, points), rng.integers(1, 5, points), axis=0)
    return RidgeletProblem.from_samples(x, rng.standard_normal(len(x)), prime)


def _distinct(rng: np.random.Generator, prime: int, dimension: int, points: int) -> NDArray[np.int64]:
    found = np.empty((0, dimension), dtype=np.int64)
    while len(found) < points:
        found = np.unique(np.vstack([found, rng.integers(0, prime, (points, dimension))]), axis=0)
    return found[rng.permutation(len(found))[:points]]


def transform_rows(
    encoding: str,
    dynamic: bool,
    prime: int,
    dimensions: Sequence[int],
    activation: Activation = "relu",
    fractional: bool = False,
) -> Iterator[TransformRow]:
    """Count a transform over the dimension, up to the first with more than `MAX_COUNTED` two-qubit gates.

    Parameters
    ----------
    encoding, dynamic, prime
        Which transform; see `transforms`.
    dimensions
        D, each once.
    activation
        A name, or a table of P real numbers.
    fractional
        Whether to count it in its form for RZZ gates, on a device that has them.

    Raises
    ------
    InputError
        If there is no such transform, or qiskit-ibm-runtime is missing for a fractional one.
    """
    for dimension in sorted(set(dimensions)):
        if dynamic:
            circuit = measured_transform(prime, dimension, activation, encoding, dynamic, fractional)
        else:
            circuit = ridgelet_transform(prime, dimension, activation, encoding, fractional=fractional)
        counts = fractional_counts(circuit) if fractional else gate_counts(circuit)
        yield TransformRow(encoding, dynamic, fractional, prime, dimension, counts)
        if counts.two_qubit > MAX_COUNTED:
            return


def loader_row(encoding: str, loader: str, prime: int, dimension: int, points: int, seed: int = 0) -> LoaderRow:
    """Count the loader of a random problem; see `random_problem`.

    Raises
    ------
    InputError
        If a name is unknown, or Z_P^D has fewer points.
    """
    problem = random_problem(prime, dimension, points, seed)
    circuit = ridgelet_loader(problem, encoding, loader)
    counts = gate_counts(circuit) if has_gates(circuit) else None
    measured = gate_counts(measured_loader(problem, encoding)) if loader == "sparse" else None
    data_qubits = dimension * ENCODINGS[encoding](prime).digit_qubits
    bound = counting_bound(data_qubits, points)
    return LoaderRow(encoding, loader, prime, dimension, points, data_qubits, counts, measured, bound)
