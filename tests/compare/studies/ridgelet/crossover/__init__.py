"""Tests of the crossover study, a small run that several of them read, and sides made by hand with known answers."""

import math

from compare.engine import Rows
from compare.statistics import Estimate, SizeTimes
from compare.studies.ridgelet.crossover.sides import Sides
from compare.studies.ridgelet.crossover.study import Circuit, Circuits, Described, Gates, Settings
from tests.compare.once import run_once

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


def small_run():
    """Return the runs of the small study; who asks for more works on a copy of their folder."""
    return run_once("crossover", **SMALL)


def times(sizes, prepare, per_sample, samples, noise=0.0):
    """Rows of a classical sampler whose seconds are known, but for a share of noise that is no chance."""

    def about(value, size):
        best = value * (1 + noise * math.sin(size))
        return Estimate(best * (1 - noise), best, best * (1 + 2 * noise), 5)

    return tuple(
        SizeTimes(
            size,
            about(prepare(size), size),
            about(per_sample(size), size),
            about(prepare(size) / samples + per_sample(size), size),
            about(prepare(size) / samples + per_sample(size), size),
            1.0,
        )
        for size in sizes
    )


def counts(dimension, points, draws=2, on_device=True, noise=0.0):
    """Counts of a circuit whose growth is known: 10 D T gates in 5 layers, a loader of 20 K, all of them in layers."""
    whole = [
        Circuit(
            5,
            9,
            (1e-6 * dimension + 1e-6 * points) * (1 + noise * (draw + math.sin(points))),
            0.99 ** ((dimension + points) * (1 + noise * draw)),
        )
        for draw in range(draws)
    ]
    return Circuits(
        1e-4,
        Gates(2 * dimension, 10 * dimension, 5, 0, dimension, 1),
        [Gates(2 * dimension, 20 * points, 20 * points, 0, points, 1)] * draws,
        Circuit(5, 9, 1e-6 * dimension, 0.99**dimension) if on_device else None,
        whole if on_device else [],
    )


def known_sides(noise=0.0, on_device=32, **changes):
    """Sides made by hand: a sample takes 1 us, over K 100 ns a point, and preparing an enumeration 10 ns a node."""
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
            "cores": 1,
            "drift": 1.0,
        }
        | changes
    )
    timed = [
        ("dimension", "dequantized", times((4, 8, 16, 64, 256), lambda d: 1e-12, lambda d: 1e-6, 100, noise)),
        ("dimension", "enumeration", times((4, 6, 8, 10), lambda d: 1e-8 * 3.0**d, lambda d: 1e-18, 100, noise)),
        ("points", "dequantized", times((4, 16, 64, 256, 1024), lambda k: 1e-12, lambda k: 1e-7 * k, 100, noise)),
    ]
    fixed = {"prime": 3, "dimension": 16, "points": 8}
    curves = [
        {"method": method, "varied": varied, "rows": rows, "stopped": "", **fixed, varied: None}
        for varied, method, rows in timed
    ]
    circuits = {(3, d, 8): counts(d, 8, on_device=d <= on_device, noise=noise) for d in settings.dimensions}
    circuits |= {
        (3, 16, k): counts(16, k, on_device=on_device >= 16, noise=noise) for k in settings.loaded_points if k != 8
    }
    return Sides(settings, Described(1e-7, 156, "2025-02-26T15:16:25-05:00"), Rows(curves), circuits)
