"""Measured: how far linearizations of real updates are from gradient descent, and the rounds that a circuit trains."""

import numpy as np
from numpy.typing import NDArray

from compare.engine import Inputs, Seeds
from compare.hardware.payload import Ordered
from compare.studies.sparse_training.records import Expanded, Expansion, Loop, Looped, Shots
from compare.studies.sparse_training.sources import source_of

__all__ = ["expand", "loop", "order"]

ROOM = 2.0
"""The scale of what a device reads over T |F_0|, which bounds small weights: so the constant is the larger."""

NETWORK = ("source", "seed", "kept", "eta", "readout", "least")
"""Fields that a network's random numbers depend on."""


def expand(task: Expansion, seeds: Seeds, inputs: Inputs) -> Expanded:
    """Hold linearizations of every order, centered here and at the origin, against gradient descent.

    Raises
    ------
    InputError
        If gradient descent diverges.
    """
    from classical.sparse_training import carleman, continuous_carleman, gradient_descent, newton
    from problems.sparse_training import PolynomialUpdate, carleman_r, dissipation, kantorovich

    source = source_of(task, inputs)
    centered, start = source.centered, source.start
    exact = gradient_descent(centered, None, task.steps)

    def missed(path: NDArray[np.float64]) -> float | None:
        error = float(np.max(np.abs(path - exact)))
        return error if np.isfinite(error) else None

    with np.errstate(over="ignore", invalid="ignore"):
        errors = tuple(missed(carleman(centered, None, task.steps, order)) for order in range(1, task.orders + 1))
        continuous = missed(continuous_carleman(centered, None, task.steps, task.orders))
        origin = missed(carleman(source.update, start, task.steps, task.orders) - start)
    cut = PolynomialUpdate(centered.coefficients[:3])
    linear = centered.coefficients[1] if centered.degree else np.zeros((centered.dimension,) * 2)
    path = newton(cut)
    network, dense = source.network, source.dense
    return Expanded(
        centered.dimension,
        centered.degree,
        float(np.max(np.abs(exact))),
        errors,
        continuous,
        origin,
        float(np.linalg.eigvalsh(-(linear + linear.T) / 2)[-1]),
        dissipation(cut),
        carleman_r(cut),
        kantorovich(cut),
        path.steps if path.converged else None,
        None if network is None or dense is None else network.accuracy(dense),
        source.accuracy(start),
        source.accuracy(start + exact[-1]),
    )


def loop(task: Loop, seeds: Seeds, inputs: Inputs) -> Looped:
    """Train by rounds of a circuit, downloaded by shots, beside gradient descent of as many steps."""
    from classical.sparse_training import carleman, gradient_descent
    from quantum.sparse_training import train

    source = source_of(task, inputs)
    update, start = source.update, source.start
    exact = start + gradient_descent(source.centered, None, task.rounds * task.steps)[-1]
    linear = start
    for _ in range(task.rounds):
        linear = linear + carleman(update.recentred(linear), None, task.steps, task.orders)[-1]
    done = train(
        update,
        start,
        rounds=task.rounds,
        steps=task.steps,
        order=task.orders,
        epsilon=task.epsilon,
        shots=task.shots,
        seed=seeds("shots", by=(*NETWORK, "orders", "shots")),
    )
    last = done.weights[-1]
    return Looped(
        float(np.mean(np.abs(last - exact))),
        float(np.mean(np.abs(linear - exact))),
        float(np.mean(np.abs(exact - start))),
        int(done.queries),
        source.accuracy(start),
        source.accuracy(last),
        source.accuracy(exact),
    )


def order(task: Shots, seeds: Seeds, inputs: Inputs) -> Ordered:
    """Say what a device is to run: steps of training by marching, which has by far the fewest gates."""
    from compare.studies.sparse_training.jobs import weights_payload

    update = source_of(task, inputs).centered
    scale = ROOM * task.steps * float(np.linalg.norm(update.coefficients[0])) or 1.0
    origin = {"source": task.source, "kept": task.kept, "seed": task.seed}
    payload = weights_payload(
        update, None, task.steps, task.orders, scale=scale, description=f"training of {task.source}", origin=origin
    )
    return Ordered(payload, task.shots, seeds("device", by=(*NETWORK, "steps", "orders")))
