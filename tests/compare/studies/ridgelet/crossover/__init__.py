"""Tests of the crossover study, a small run that several of them read, and results made by hand with known answers."""

import functools
from dataclasses import asdict

from compare.statistics import Estimate
from tests.compare.studies import run_study

SMALL = {
    "primes": (3,),
    "points": 3,
    "dimension": 2,
    "dimensions": (1, 2),
    "loaded_points": (2, 3),
    "samples": 20,
    "draws": 2,
    "limit": 0.02,
    "most_dimensions": 4,
    "most_points": 9,
    "most_prime": 3,
    "methods": ("uniform", "circuit_mps_crt"),
    "seed": 1,
}
"""Settings of a run of seconds."""


@functools.cache
def small_run():
    """Run the small study once a session; return its folder, its results and the progress that it showed."""
    from compare.studies.ridgelet.crossover import study

    settings = study.Settings(**SMALL)
    return run_study("crossover", settings, lambda folder, track: study.run(study.plan(settings), folder, track))


def exact(value, samples=5):
    return asdict(Estimate(value, value, value, samples))


def times(sizes, prepare, per_sample, samples):
    """Rows of a classical sampler whose seconds are known."""
    return {
        "rows": [
            {
                "size": size,
                "prepare": exact(prepare(size)),
                "per_sample": exact(per_sample(size)),
                "total": exact(prepare(size) / samples + per_sample(size)),
            }
            for size in sizes
        ],
        "stopped": "",
    }


def counts(dimension, points, draws=2, on_device=True):
    """Counts of a circuit whose growth is known: 10 D T gates in 5 layers, a loader of 20 K, all of them in layers."""
    loader = {"qubits": 2 * dimension, "t": 20 * points, "t_depth": 20 * points, "clifford": 0, "two_qubit": points}
    loader |= {"rotations": 1, "rotation_error": 1e-4}
    transform = loader | {"t": 10 * dimension, "t_depth": 5, "two_qubit": dimension}
    device = {
        "transform": {"qubits": 5, "two_qubit": 9, "duration": 1e-6 * dimension, "fidelity": 0.99**dimension},
        "whole": [
            {
                "qubits": 5,
                "two_qubit": 9,
                "duration": 1e-6 * dimension + 1e-6 * points,
                "fidelity": 0.99 ** (dimension + points),
            }
        ]
        * draws,
    }
    return {
        "prime": 3,
        "dimension": dimension,
        "points": points,
        "draws": draws,
        "rotation_error": 1e-4,
        "transform": transform,
        "loaders": [loader] * draws,
        "on_device": device if on_device else None,
    }


def known_results(**changes):
    """Results made by hand: a sample takes 1 us, over K 100 ns a point, and preparing an enumeration 10 ns a node."""
    from compare.studies.ridgelet.crossover.study import Results, Settings

    settings = Settings(
        **{
            "primes": (3,),
            "points": 8,
            "dimension": 16,
            "dimensions": (4, 8, 16, 32, 64),
            "loaded_points": (2, 4, 8, 16),
            "samples": 100,
            "reset": 0.0,
            "delay": 1e-3,
        }
        | changes
    )
    machine = {"processor": "abacus", "cores": 2, "threads": {}}
    run = {"settings": asdict(settings), "machine": machine, "versions": {"quantum-tickets": "0"}, "started": "now"}
    results = Results(run | {"command": "tickets crossover"}, settings, 1e-7)
    slow = {
        "dequantized": times((4, 8, 16, 64, 256), lambda d: 1e-12, lambda d: 1e-6, 100),
        "enumeration": times((4, 6, 8, 10), lambda d: 1e-8 * 3.0**d, lambda d: 1e-18, 100),
    }
    axis = {"prime": 3, "dimension": 0, "points": 8, "sizes": (), "key": "dimension-3", "varied": "dimension"}
    results.times["dimension-3"] = axis | {"methods": slow}
    over_points = {"dequantized": times((4, 16, 64, 256, 1024), lambda k: 1e-12, lambda k: 1e-7 * k, 100)}
    axis = axis | {"key": "points-3", "varied": "points", "dimension": 16, "points": 0}
    results.times["points-3"] = axis | {"methods": over_points}
    for dimension in settings.dimensions:
        results.circuits[f"D{dimension}"] = counts(dimension, 8, on_device=dimension <= 32)
    for points in settings.loaded_points:
        if points != 8:
            results.circuits[f"K{points}"] = counts(16, points)
    return results
