"""The quantum inverse of a few real images' kernel as a circuit: its gates, and how close it is, by state vector."""

import numpy as np
from numpy.typing import NDArray

from compare.engine import Inputs, Seeds
from compare.hardware.payload import Ordered
from compare.statistics import RecordedEstimate, mean_estimate
from compare.studies.data import of_task
from compare.studies.kernel_training.jobs import payloads_of_task
from compare.studies.kernel_training.records import Circuit, Counted, Noisy, Read, Sent
from problems.kernel_training import ErfNtk, KernelTask, kernel_states
from problems.seeds import integer_seed
from quantum.backends import resolve
from quantum.blocks import QsvtInverse, SignedOverlap, WalkBlockEncoding, WalkPhaseEstimation
from quantum.kernel_training import t_by_growth, t_cost
from quantum.resources import compile_to_basis, rotation_count, target_counts

__all__ = ["count", "order", "read_noisy"]

SYNTHESIZED = 8
"""Images up to which whole inverses are synthesized; beyond, T gates follow from rotations."""

BITS = range(4, 15)
"""Bits of phase estimation that are looked at."""


def count(task: Circuit, seeds: Seeds, inputs: Inputs) -> Counted:
    """Count the inverse of a kernel, and hold it against NumPy."""
    images = KernelTask.first(task.n, of_task(task, inputs))
    ntk = ErfNtk(task.depth)
    kernel = images.kernel(ntk)
    inverse = QsvtInverse(kernel, task.epsilon)
    walk = inverse.encoding
    solved = np.linalg.solve(kernel, images.y)
    exact = np.asarray(solved / np.linalg.norm(solved), dtype=float)
    found = inverse.solve(images.y)
    distance = float(np.abs(found - exact).max())
    rotations = rotation_count(compile_to_basis(inverse.circuit))
    query = t_cost(walk.definition, task.synthesis_error / inverse.degree)
    whole = t_cost(inverse.circuit, task.synthesis_error) if task.n <= SYNTHESIZED else None
    t = whole.t if whole is not None else round(t_by_growth(query, rotations, task.synthesis_error))
    near = _phase_estimation(kernel, images.y, exact, distance)
    reading = SignedOverlap(inverse, kernel_states(images.test_kernel(ntk)[:1]).amplitudes[0], images.y)
    return Counted(
        inverse.kappa,
        inverse.degree,
        inverse.circuit.num_qubits,
        walk.two_qubit_gates,
        inverse.cost.two_qubit,
        reading.cost.two_qubit,
        query.t,
        t,
        rotations,
        whole is not None,
        float(np.abs(walk.block() - kernel / walk.alpha).max()),
        distance,
        _reading_error(images, ntk, inverse),
        inverse.success,
        *near,
    )


def _reading_error(images: KernelTask, ntk: ErfNtk, inverse: QsvtInverse) -> float:
    """Return the largest difference of the readout's mean, as far as epsilon, at a test image of either class."""
    exact = np.linalg.solve(images.kernel(ntk), images.y) / np.sqrt(images.n)
    states = kernel_states(images.test_kernel(ntk))
    found = []
    for label in (-1, 1):
        k = states.amplitudes[int(np.flatnonzero(images.y_test == label)[0])]
        closed = inverse.factor * inverse.encoding.alpha * float(k @ exact)
        found.append(abs(SignedOverlap(inverse, k, images.y).expectation - closed))
    return max(found)


def _phase_estimation(
    kernel: NDArray[np.float64], labels: NDArray[np.float64], exact: NDArray[np.float64], distance: float
) -> tuple[int | None, int | None, float | None]:
    """Return the fewest bits at which HHL is as close to the solution, its walks, and how close it then is."""
    walk = WalkBlockEncoding(kernel, hermitian=True)
    for bits in BITS:
        estimation = WalkPhaseEstimation(walk, bits)
        near = float(np.abs(estimation.solve(labels) - exact).max())
        if near <= distance:
            return bits, estimation.walks, near
    return None, None, None


def read_noisy(task: Noisy, seeds: Seeds, inputs: Inputs) -> Read:
    """Read predictions of a few images with the noise of a device's snapshot.

    Raises
    ------
    InputError
        If there is no such snapshot.
    """
    images = KernelTask.first(task.n, of_task(task, inputs))
    ntk = ErfNtk(task.depth)
    inverse = QsvtInverse(images.kernel(ntk), task.epsilon)
    states = kernel_states(images.test_kernel(ntk)).amplitudes
    chosen = _in_turn(images)[: task.images]
    backend = resolve(task.backend)
    exact, means = [], []
    for place in chosen:
        reading = SignedOverlap(inverse, states[place], images.y)
        stream = seeds("shots", by=("seed", "backend", "n", "depth"), image=place)
        bits = backend.prepare(reading.measured, 0).run(task.shots, integer_seed(stream))
        exact.append(reading.expectation)
        means.append(mean_estimate(1 - 2.0 * bits[:, 0]))
    known, found = np.array(exact), np.array([one.best for one in means])
    return Read(
        inverse.degree,
        reading.cost.two_qubit,
        target_counts(reading.measured, task.backend).gates.two_qubit,
        tuple(exact),
        tuple(RecordedEstimate.of(one.cut(-1.0, 1.0)) for one in means),
        float(known @ found / (known @ known)),
        int(np.count_nonzero(np.sign(found) == np.sign(known))),
        len(chosen),
    )


def order(task: Sent, seeds: Seeds, inputs: Inputs) -> Ordered:
    """Say which sign a device is to read.

    Raises
    ------
    InputError
        If there are too many training images for a device.
    """
    images = KernelTask.first(task.n, of_task(task, inputs))
    (payload,) = payloads_of_task(images, ErfNtk(task.depth), [_in_turn(images)[task.place]], task.epsilon)
    return Ordered(payload, task.shots, seeds("shots", by=("seed", "n", "depth", "place")))


def _in_turn(images: KernelTask) -> list[int]:
    """Return the places of test images, one of either class in turn."""
    places = [np.flatnonzero(images.y_test == label).tolist() for label in (-1, 1)]
    return [place for pair in zip(*places, strict=False) for place in pair]
