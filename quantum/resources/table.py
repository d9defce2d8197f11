"""Costs over the size of the problem: the dimension D, the prime P and the number of points K."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from problems.activations import Activation
from problems.errors import InputError, choose, whole_number
from problems.finite_field import check_prime
from problems.ridgelet import RidgeletProblem
from problems.seeds import spawn
from quantum.resources.counts import GateCounts, gate_counts, has_gates
from quantum.resources.growth import Growth, growth
from quantum.ridgelet import ENCODINGS, LOADERS, encodings_of, measured_transform, ridgelet_loader, ridgelet_transform
from quantum.ridgelet.circuit import DynamicEncoding

__all__ = [
    "LoaderRow",
    "ResourceTable",
    "TransformGrowth",
    "TransformRow",
    "random_problem",
    "resource_table",
]

MAX_COUNTED = 20_000
"""Two-qubit gates of a transform above which no larger one is counted: synthesis would take minutes."""


@dataclass(frozen=True)
class TransformRow:
    """The transform at one size, which does not depend on the data; a dynamic one is measured on the way."""

    encoding: str
    dynamic: bool
    prime: int
    dimension: int
    counts: GateCounts


@dataclass(frozen=True)
class TransformGrowth:
    """How the transform's two-qubit gates grow with D."""

    encoding: str
    dynamic: bool
    prime: int
    two_qubit: Growth


@dataclass(frozen=True)
class LoaderRow:
    """A loader at one size; no counts if it has no gates and runs on simulators only."""

    encoding: str
    loader: str
    prime: int
    dimension: int
    points: int
    data_qubits: int
    counts: GateCounts | None


@dataclass(frozen=True)
class ResourceTable:
    """Costs of the two halves of the circuit, apart."""

    transforms: tuple[TransformRow, ...]
    growth: tuple[TransformGrowth, ...]
    loaders: tuple[LoaderRow, ...]


def resource_table(
    primes: Sequence[int],
    dimensions: Sequence[int],
    points: Sequence[int],
    encodings: Sequence[str] | None = None,
    loaders: Sequence[str] | None = None,
    activation: Activation = "relu",
    seed: int = 0,
) -> ResourceTable:
    """Count loader and transform over the size of the problem.

    Parameters
    ----------
    primes, dimensions, points
        P, D and K. Transforms are counted up to the first with more than `MAX_COUNTED` two-qubit gates. An encoding
        has no rows at primes that it does not take, and there are no rows of loaders at more points than Z_P^D has.
        The growth is fitted to 3 dimensions or more.
    encodings, loaders
        Names in `ENCODINGS` and `LOADERS`; None takes all.
    activation
        A name, or a table of P real numbers.
    seed
        Draws the points and their targets.

    Raises
    ------
    InputError
        If a name is unknown, or a number out of range.
    """
    primes = [check_prime(prime) for prime in primes]
    dimensions = [whole_number("dimension", dimension, 1) for dimension in dimensions]
    points = [whole_number("points", count, 1) for count in points]
    encodings = list(ENCODINGS) if encodings is None else list(encodings)
    loaders = list(LOADERS) if loaders is None else list(loaders)
    for loader in loaders:
        choose("loader", loader, LOADERS)
    for encoding in encodings:
        choose("encoding", encoding, ENCODINGS)
    pairs = [(encoding, prime) for encoding in encodings for prime in primes if encoding in encodings_of(prime)]
    transforms = tuple(
        row
        for encoding, prime in pairs
        for dynamic in (False, True)
        if not dynamic or isinstance(ENCODINGS[encoding](prime), DynamicEncoding)
        for row in _transform_rows(encoding, dynamic, prime, sorted(set(dimensions)), activation)
    )
    loaded = tuple(
        _loader_row(encoding, loader, prime, dimension, count, seed)
        for encoding, prime in pairs
        for loader in loaders
        for dimension in dimensions
        for count in points
        if count <= prime**dimension
    )
    return ResourceTable(transforms, _growth(transforms), loaded)


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


def _transform_rows(
    encoding: str, dynamic: bool, prime: int, dimensions: Sequence[int], activation: Activation
) -> Iterator[TransformRow]:
    """Yield rows until one has more than `MAX_COUNTED` two-qubit gates."""
    for dimension in dimensions:
        if dynamic:
            circuit = measured_transform(prime, dimension, activation, encoding, dynamic)
        else:
            circuit = ridgelet_transform(prime, dimension, activation, encoding)
        counts = gate_counts(circuit)
        yield TransformRow(encoding, dynamic, prime, dimension, counts)
        if counts.two_qubit > MAX_COUNTED:
            return


def _loader_row(encoding: str, loader: str, prime: int, dimension: int, points: int, seed: int) -> LoaderRow:
    circuit = ridgelet_loader(random_problem(prime, dimension, points, seed), encoding, loader)
    counts = gate_counts(circuit) if has_gates(circuit) else None
    data_qubits = dimension * ENCODINGS[encoding](prime).digit_qubits
    return LoaderRow(encoding, loader, prime, dimension, points, data_qubits, counts)


def _growth(transforms: Sequence[TransformRow]) -> tuple[TransformGrowth, ...]:
    curves: dict[tuple[str, bool, int], list[TransformRow]] = {}
    for row in transforms:
        curves.setdefault((row.encoding, row.dynamic, row.prime), []).append(row)
    return tuple(
        TransformGrowth(*curve, growth([row.dimension for row in rows], [row.counts.two_qubit for row in rows]))
        for curve, rows in curves.items()
        if len(rows) >= 3
    )
