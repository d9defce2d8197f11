"""Circuits of one size, counted on a device and in Clifford and T gates: the loader and the transform apart."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from qiskit import QuantumCircuit

from compare.machines import Shot, loader_steps
from problems.errors import InputError
from problems.ridgelet import RidgeletProblem
from problems.seeds import integer_seed, named
from quantum.backends.snapshots import snapshot, working_target
from quantum.resources import (
    CliffordTCounts,
    check_rotations,
    check_target,
    clifford_t_counts,
    compile_to_basis,
    random_problem,
    rotation_count,
    target_counts,
)
from quantum.resources.clifford_t import LARGEST_ERROR, SMALLEST_ERROR
from quantum.ridgelet import measured_transform, ridgelet_circuit, ridgelet_loader

__all__ = ["check_circuits", "circuit_shots", "count_circuits", "drawn_problem", "two_qubit_seconds"]


@functools.lru_cache(maxsize=256)
def drawn_problem(prime: int, dimension: int, points: int, draw: int, seed: int) -> RidgeletProblem:
    """Return one of the random problems of a size; every method and every circuit sees the same ones."""
    return random_problem(prime, dimension, points, integer_seed(named("problem", seed=seed, draw=draw)))


def two_qubit_seconds(device: str) -> float:
    """Return the median duration of a device's two-qubit gates, seconds.

    Raises
    ------
    InputError
        If there is no such snapshot, or it states no durations.
    """
    target = working_target(snapshot(device, "device").target)
    known = [
        properties.duration
        for name in target.operation_names
        for qubits, properties in target[name].items()
        if qubits is not None and len(qubits) == 2 and properties is not None and properties.duration is not None
    ]
    if not known:
        raise InputError(f"device = {device!r} states no durations of its gates; choose another, such as fake_fez.")
    return float(np.median(known))


def check_circuits(prime: int, sizes: Sequence[tuple[int, int]], encoding: str, device: str, seed: int) -> None:
    """Refuse sizes at which nothing can be counted, before heavy work.

    Parameters are those of `count_circuits`, with D and K of each size.

    Raises
    ------
    InputError
        If not even the smallest circuit fits on the device, a device states no durations, or a loader would be huge.
    """
    for dimension, points in sizes:
        ridgelet_loader(drawn_problem(prime, dimension, points, 0, seed), encoding)
    smallest = measured_transform(prime, min(dimension for dimension, _ in sizes), encoding=encoding)
    check_target(smallest, device)
    if target_counts(smallest, device).duration is None:
        raise InputError(f"device = {device!r} states no durations of its gates; choose another, such as fake_fez.")


def count_circuits(
    prime: int,
    dimension: int,
    points: int,
    draws: int,
    encoding: str,
    device: str,
    synthesis_error: float,
    seed: int,
) -> dict[str, Any]:
    """Count the circuits of one size; deterministic.

    Parameters
    ----------
    prime, dimension, points
        P, D and K.
    draws
        Random problems; the transform does not depend on them and is counted once.
    encoding, device
        A name in `ENCODINGS`, and a snapshot.
    synthesis_error
        Of all rotations of a circuit together, in operator norm: each has an equal share.
    seed
        Of the problems.

    Returns
    -------
    dict
        ``transform`` and, for each draw, ``loaders`` in Clifford and T gates; ``on_device``: duration and fidelity of
        ``transform`` and of the ``whole`` circuits, or None if the device has too few qubits.
    """
    transform = measured_transform(prime, dimension, encoding=encoding)
    problems = [drawn_problem(prime, dimension, points, draw, seed) for draw in range(draws)]
    loaders = [ridgelet_loader(problem, encoding) for problem in problems]
    of_transform = rotation_count(compile_to_basis(transform))
    # The loaders of a size differ by a few rotations, which changes no count: one stands for all.
    rotations = of_transform + rotation_count(compile_to_basis(loaders[0]))
    check_rotations(rotations)
    shared = synthesis_error / max(1, rotations)
    each = min(max(shared, SMALLEST_ERROR), LARGEST_ERROR)
    result: dict[str, Any] = {
        "prime": prime,
        "dimension": dimension,
        "points": points,
        "draws": draws,
        "rotation_error": each,
        "transform": _t_counts(clifford_t_counts(transform, each)),
        "loaders": [_t_counts(clifford_t_counts(loader, each)) for loader in loaders],
        "on_device": None,
    }
    if _fits(transform, device):
        whole = [_on_device(ridgelet_circuit(problem, encoding, "sparse"), device) for problem in problems]
        result["on_device"] = {"transform": _on_device(transform, device), "whole": whole}
    return result


def circuit_shots(row: Mapping[str, Any], loader: str) -> list[Shot]:
    """Return the shots of one size with a loader: of each random problem if it is built, else of the transform alone.

    Parameters
    ----------
    row
        Counts, of `count_circuits`.
    loader
        A name in `LOADERS`.
    """
    transform, on_device = row["transform"], row["on_device"]
    if loader != "sparse":
        device = _of_device(None if on_device is None else on_device["transform"])
        return [Shot(transform["t"], transform["t_depth"], *device, loader_steps(loader, row["points"]))]
    whole = [None] * len(row["loaders"]) if on_device is None else on_device["whole"]
    return [
        Shot(transform["t"] + part["t"], transform["t_depth"] + part["t_depth"], *_of_device(circuit))
        for part, circuit in zip(row["loaders"], whole, strict=True)
    ]


def _of_device(circuit: Mapping[str, Any] | None) -> tuple[float | None, float | None]:
    return (None, None) if circuit is None else (circuit["duration"], circuit["fidelity"])


def _fits(circuit: QuantumCircuit, device: str) -> bool:
    try:
        check_target(circuit, device)
    except InputError:
        return False
    return True


def _t_counts(counts: CliffordTCounts) -> dict[str, Any]:
    return asdict(counts)


def _on_device(circuit: QuantumCircuit, device: str) -> dict[str, Any]:
    found = target_counts(circuit, device)
    return {
        "qubits": found.gates.qubits,
        "two_qubit": found.gates.two_qubit,
        "duration": found.duration,
        "fidelity": found.fidelity,
    }
