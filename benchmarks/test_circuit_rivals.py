"""Shots of a circuit of 130 qubits: ours beside Aer's own sampling and quimb's CircuitMPS, the same gates for all."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture
from qiskit import QuantumCircuit
from qiskit_aer import AerSimulator
from threadpoolctl import threadpool_limits

from benchmarks import quimb_circuits
from benchmarks.cases import random_problem
from benchmarks.sizes import SMOKE, sized
from problems.ridgelet import RidgeletProblem
from quantum.backends import BACKENDS
from quantum.backends.aer import AerBackend, AerProgram, MatrixProductProgram
from quantum.backends.matrix_product import right_canonical
from quantum.ridgelet import ENCODINGS, ridgelet_circuit
from quantum.ridgelet.loaders import loaded_state
from quantum.ridgelet.sampler import schmidt_rank

SHOTS = 2000
"""Shots that the figures are of."""

TIMES = 10.0
"""How many times as fast as quimb ours is to be."""

PRIME, ENCODING = 3, "binary"


def processor_seconds(run: Callable[[], Any]) -> tuple[float, Any]:
    """Return seconds of processor time on one thread, and what was made."""
    with threadpool_limits(1):
        start = time.process_time()
        made = run()
        return time.process_time() - start, made


@pytest.mark.benchmark(group="circuits")
def test_shots_beside_aers_and_quimbs(benchmark: BenchmarkFixture) -> None:
    """Evolve the state and draw shots; a rival that takes long draws fewer, and its time is scaled."""
    pytest.importorskip("quimb")
    encoding, backend = ENCODINGS[ENCODING](PRIME), BACKENDS["aer_mps"]
    assert isinstance(backend, AerBackend)

    def made(dimension: int, points: int) -> tuple[RidgeletProblem, QuantumCircuit, int, AerSimulator, QuantumCircuit]:
        problem = random_problem(dimension, points, PRIME)
        circuit, rank = ridgelet_circuit(problem, ENCODING), schmidt_rank(problem, encoding, "ideal")
        return problem, circuit, rank, *backend.fit(circuit, rank)

    def start(problem: RidgeletProblem, qubits: int) -> list[NDArray[np.complex128]]:
        return right_canonical(*loaded_state(problem, encoding).extended(qubits).matrix_product())

    if not SMOKE:
        small, circuit, *_, fitted = made(3, 3)
        quimb_circuits.evolved(fitted, start(small, circuit.num_qubits))  # compiles
    problem, circuit, rank, simulator, fitted = made(sized(64, 4), sized(16, 3))

    def ours() -> MatrixProductProgram:
        program = backend.prepare(circuit, rank)
        assert isinstance(program, MatrixProductProgram)
        return program

    evolved, program = processor_seconds(ours)
    program.run(10, 0)
    drawn, bits = processor_seconds(lambda: program.run(SHOTS, 1))
    rows = [{"rival": "ours", "evolve": evolved, "draw": drawn, "shots": SHOTS}]

    # Aer evolves anew in each run.
    evolved, _ = processor_seconds(lambda: AerProgram(simulator, fitted).run(1, 1))
    number = sized(SHOTS, 20)
    whole, theirs = processor_seconds(lambda: AerProgram(simulator, fitted).run(number, 1))
    rows.append({"rival": "Aer", "evolve": evolved, "draw": max(0.0, whole - evolved), "shots": number})
    assert theirs.shape == (number, bits.shape[1])

    loaded = start(problem, circuit.num_qubits)
    evolved, (simulation, places) = processor_seconds(lambda: quimb_circuits.evolved(fitted, loaded))
    number = sized(50, 5)
    drawn, theirs = processor_seconds(lambda: quimb_circuits.shots(simulation, places, number, 1))
    rows.append({"rival": "quimb", "evolve": evolved, "draw": drawn, "shots": number})
    assert theirs.shape == (number, bits.shape[1])
    assert quimb_circuits.overlap(simulation, program.tensors) == pytest.approx(1, abs=1e-6)
    np.testing.assert_array_equal(program.places, places)

    for row in rows:
        row["seconds"] = row["evolve"] + row["draw"] * SHOTS / row["shots"]
    ratio = rows[-1]["seconds"] / rows[0]["seconds"]
    benchmark.pedantic(lambda: program.run(SHOTS, 2), rounds=1)
    benchmark.extra_info.update(
        qubits=circuit.num_qubits,
        D=problem.dimension,
        K=len(problem.counts),
        P=PRIME,
        of=SHOTS,
        rivals=rows,
        times=TIMES,
        ratio=ratio,
    )
    assert SMOKE or ratio >= TIMES
