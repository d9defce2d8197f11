"""The crossover's measurements: times of samplers over a size, and counts of circuits on a device and in T gates."""

import functools
import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from classical.ridgelet import DequantizedSampler
from classical.ridgelet.dequantized.randomness import BLOCK
from compare.engine import Planned, Seeds
from compare.statistics import Estimate
from compare.statistics.clocks import PROCESSOR, WALL, clock, mean_seconds
from compare.statistics.scaling import Scaling, time_over_sizes
from compare.statistics.timing import Work
from compare.studies.ridgelet.crossover.study import (
    COUNT,
    ESTIMATE,
    Circuit,
    Circuits,
    Cores,
    Count,
    Curve,
    Described,
    Device,
    Gates,
    Settings,
    Shared,
    tasks,
)
from compare.studies.ridgelet.drawn import drawn_problem
from compare.studies.ridgelet.methods import SAMPLERS
from compare.studies.ridgelet.timed import sampler_to_time
from problems.compiling import require_compiler
from problems.errors import InputError, OutOfReach
from problems.ridgelet import RidgeletProblem
from quantum.backends.snapshots import calibration_date, snapshot
from quantum.resources import (
    check_rotations,
    check_target,
    clifford_t_counts,
    compile_to_basis,
    device_target,
    require_estimator,
    rotation_count,
    target_counts,
)
from quantum.resources.clifford_t import LARGEST_ERROR, SMALLEST_ERROR
from quantum.ridgelet import ENCODINGS, encodings_of, measured_transform, ridgelet_circuit, ridgelet_loader

__all__ = ["count_circuits", "describe", "prepare", "share_cores", "time_curve"]

STATEVECTOR, STATEVECTOR_QUBITS = "circuit_statevector", 24
"""Beginning of the names of circuits that are simulated as state vectors, and up to how many qubits they are timed."""

CORE_ROUNDS, ALONE = 15, 2
"""Rounds in which one thread and two take turns, and the place of the calling thread's clock behind the two others."""

TIMELESS = "device = {device!r} states no durations of its gates; choose another, such as fake_fez."


def prepare(settings: Settings, records: Sequence[tuple[Planned, Any]] = ()) -> None:
    """Refuse what cannot be counted, before heavy work.

    Raises
    ------
    InputError
        If the estimator is asked for and its extra is missing, a prime does not go with the encoding, not even the
        smallest circuit fits on the device, it states no durations, or a loader would be huge.
    """
    describe(Device(settings.device))
    if settings.physical:
        _require_estimator()
    for prime in settings.primes:
        if settings.encoding not in encodings_of(prime):
            taken = ", ".join(encodings_of(prime))
            raise InputError(
                f"The encoding {settings.encoding!r} does not take P = {prime}, which {taken} take; choose one of "
                "these, or another prime."
            )
    built = [planned.task for planned in tasks(settings) if planned.kind in (COUNT, ESTIMATE)]
    for prime, dimension, points in dict.fromkeys((one.prime, one.dimension, one.points) for one in built):
        ridgelet_loader(drawn_problem(prime, dimension, points, 0, settings.seed), settings.encoding, ancillas=False)
    for prime in settings.primes:
        least = min(one.dimension for one in built if one.prime == prime)
        _on_device(measured_transform(prime, least, encoding=settings.encoding), settings.device)


def _require_estimator() -> None:
    try:
        require_estimator()
    except OutOfReach:
        raise OutOfReach(
            "physical = True needs the package qdk, which is not installed; install it with pip install "
            "'quantum-tickets[estimate]', or take error correction at a fixed code distance: --no-physical."
        ) from None


def describe(task: Device, seeds: Any = None, inputs: Any = None) -> Described:
    """Return what a report needs to know of a device.

    Raises
    ------
    InputError
        If there is no such snapshot, or it states no durations.
    """
    target = device_target(task.device)
    known = [
        properties.duration
        for name in target.operation_names
        for qubits, properties in target[name].items()
        if qubits is not None and len(qubits) == 2 and properties is not None and properties.duration is not None
    ]
    if not known:
        raise InputError(TIMELESS.format(device=task.device))
    connected = max(len(part.physical_qubits) for part in target.build_coupling_map().connected_components())
    return Described(float(np.median(known)), connected, calibration_date(snapshot(task.device)))


def count_circuits(task: Count, seeds: Any = None, inputs: Any = None) -> Circuits:
    """Count the circuits of one size; deterministic.

    Raises
    ------
    InputError
        If a loader would be huge, there are too many rotations, or the device states no durations.
    """
    transform = measured_transform(task.prime, task.dimension, encoding=task.encoding)
    problems = [drawn_problem(task.prime, task.dimension, task.points, draw, task.seed) for draw in range(task.draws)]
    loaders = [ridgelet_loader(problem, task.encoding, ancillas=False) for problem in problems]
    # The loaders of a size differ by a few rotations, which changes no count: one stands for all.
    rotations = sum(rotation_count(compile_to_basis(circuit)) for circuit in (transform, loaders[0]))
    check_rotations(rotations)
    each = min(max(task.synthesis_error / max(1, rotations), SMALLEST_ERROR), LARGEST_ERROR)
    on_device: Circuit | None = None
    whole: list[Circuit] = []
    if _fits(transform, task.device):
        on_device = _on_device(transform, task.device)
        whole = [
            _on_device(ridgelet_circuit(one, task.encoding, "sparse", ancillas=False), task.device) for one in problems
        ]
    return Circuits(
        each, _gates(transform, each), [_gates(loader, each) for loader in loaders], on_device, whole
    )  # fmt: skip


def _fits(circuit: QuantumCircuit, device: str) -> bool:
    try:
        check_target(circuit, device)
    except InputError:
        return False
    return True


def _gates(circuit: QuantumCircuit, rotation_error: float) -> Gates:
    counts = asdict(clifford_t_counts(circuit, rotation_error))
    return Gates(**{name: counts[name] for name in Gates.__dataclass_fields__})


def _on_device(circuit: QuantumCircuit, device: str) -> Circuit:
    found = target_counts(circuit, device)
    if found.duration is None or found.fidelity is None:
        raise InputError(TIMELESS.format(device=device))
    return Circuit(found.gates.qubits, found.gates.two_qubit, found.duration, found.fidelity)


def time_curve(task: Curve, seeds: Seeds, inputs: Any = None) -> Scaling:
    """Time a sampler over a size, preparation apart; sizes that it does not take are left out."""
    method = SAMPLERS[task.method]

    def make(size: int, draw: int) -> Any:
        problem = drawn_problem(**task.at(size), draw=draw, seed=task.seed)
        method.check(problem)
        if task.method.startswith(STATEVECTOR):
            check_statevector(task.method, problem)
        return functools.partial(_drawing, method, problem)

    def stream(size: int, draw: int, repeat: int) -> np.random.SeedSequence:
        return seeds("nodes", by=("seed", "method"), **task.at(size), draw=draw, repeat=repeat)

    return time_over_sizes(make, task.sizes, task.samples, task.draws, task.limit, stream)


def _drawing(method: Any, problem: RidgeletProblem) -> Work:
    work: Work = sampler_to_time(method, problem).sample
    return work


def share_cores(task: Cores, seeds: Seeds, inputs: Any = None) -> Shared:
    """Draw the same nodes on one thread and on two, in turn.

    Where nothing else runs two threads take half of what they compute, and what the calling thread does alone.

    Raises
    ------
    OutOfReach
        If nothing can be compiled here.
    """
    problem = drawn_problem(task.prime, task.dimension, task.points, 0, task.seed)
    samplers = {threads: DequantizedSampler(problem, threads) for threads in (1, 2)}
    if samplers[1].fell_back:
        require_compiler()
    nodes = 2 * BLOCK
    numbers = seeds("nodes", by=("seed", "prime"))
    taken: dict[int, list[NDArray[np.float64]]] = {1: [], 2: []}
    for sampler in samplers.values():
        sampler.sample(nodes, numbers)
    for _ in range(CORE_ROUNDS):
        for threads, sampler in samplers.items():
            taken[threads].append(mean_seconds(functools.partial(_at_once, sampler, nodes, numbers)))
    one, two = np.array(taken[1]), np.array(taken[2])
    # Of one thread all that was computed; of two the half of what was computed beside the calling thread.
    return Shared(
        _middle(one[:, PROCESSOR] / (two[:, PROCESSOR] + two[:, ALONE])),
        _middle(one[:, WALL] / (2 * two[:, WALL])),
        nodes,
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    )


def _middle(ratios: NDArray[np.float64]) -> Estimate:
    """Return the median of all rounds; of 15 the fourth and the twelfth hold it with 96%."""
    low, best, high = np.sort(ratios)[[CORE_ROUNDS // 5, CORE_ROUNDS // 2, -1 - CORE_ROUNDS // 5]]
    return Estimate(float(low), float(best), float(high), len(ratios))


def _at_once(sampler: DequantizedSampler, nodes: int, numbers: np.random.SeedSequence) -> NDArray[np.float64]:
    """Return processor seconds, wall seconds, and the processor seconds of the calling thread."""
    alone, start = time.thread_time(), clock()
    sampler.sample(nodes, numbers)
    return np.append(clock() - start, time.thread_time() - alone)


def check_statevector(method: str, problem: RidgeletProblem) -> None:
    """Refuse what would take minutes: from one prime to the next the qubits may jump by eight.

    Raises
    ------
    InputError
        If the circuit has more than `STATEVECTOR_QUBITS` qubits.
    """
    encoding = method.removeprefix(STATEVECTOR).removeprefix("_") or "binary"
    qubits = (problem.dimension + 1) * ENCODINGS[encoding](problem.prime).digit_qubits
    if qubits > STATEVECTOR_QUBITS:
        raise InputError(f"{qubits} qubits; state vectors are timed up to {STATEVECTOR_QUBITS}")
