"""The sparse loader of many random points: its CNOTs beside the counting bound, and seconds to build it."""

import time

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.sizes import SMOKE, sized
from quantum.blocks import SparseLoader, SparseState
from quantum.blocks.sparse_loader import counting_bound, measured_loading
from quantum.resources import gate_counts

REACH, SECONDS = 0.55, 10.0
"""CNOTs a point and qubit, and seconds to build the loader of 1,024 points, at most."""

SIZES = sized([(64, 32), (256, 32), (1024, 32), (1024, 40), (1024, 64), (256, 320), (1024, 320)], [(65, 24)])


@pytest.mark.benchmark(group="loaders")
@pytest.mark.parametrize(("terms", "qubits"), SIZES)
def test_loader(benchmark: BenchmarkFixture, terms: int, qubits: int) -> None:
    """Build the loader of random basis states, and count it compiled; measured ancillas beside it."""
    rng = np.random.default_rng([terms, qubits])
    amplitudes = rng.normal(size=terms)
    state = SparseState(rng.random((terms, qubits)) < 0.5, amplitudes / np.linalg.norm(amplitudes))
    start = time.process_time()
    loader = SparseLoader(state)
    circuit = loader.definition
    seconds = time.process_time() - start
    found = gate_counts(circuit).two_qubit
    measured = measured_loading(state).num_nonlocal_gates()
    benchmark.pedantic(lambda: loader.definition.num_nonlocal_gates(), rounds=1)
    held = terms * qubits
    benchmark.extra_info.update(
        K=terms,
        n=qubits,
        ancillas=loader.ancillas,
        cx=found,
        ratio=found / held,
        measured=measured / held,
        bound=counting_bound(qubits, terms) / held,
        seconds=seconds,
        reach=REACH,
        most=SECONDS,
    )
    assert found <= circuit.num_nonlocal_gates()
    assert SMOKE or (found <= REACH * held and seconds <= SECONDS)
