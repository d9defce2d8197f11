"""Transforms in RZZ gates of any angle: the same unitaries, so many gates a dimension, angles that devices take."""

import numpy as np
import pytest
from qiskit import QuantumCircuit, transpile
from qiskit.quantum_info import Operator, Statevector
from qiskit_aer import AerSimulator

from quantum.resources import FRACTIONAL_BASIS, compile_fractional, compile_to_basis, fractional_counts, gate_counts
from quantum.ridgelet import measured_transform, ridgelet_transform
from tests.quantum.ridgelet.test_transform_gates import DYNAMIC, STATIC

pytest.importorskip("qiskit_ibm_runtime")

# P: two-qubit gates for each dimension, static and dynamic.
EACH = {3: (2, 2), 5: (8, 7), 17: (41, 35), 257: (283, 255)}


def transform(prime, dimension, **options):
    return ridgelet_transform(prime, dimension, encoding="rader", **options)


def dynamic(prime, dimension, fractional=True):
    return measured_transform(prime, dimension, encoding="rader", dynamic=True, fractional=fractional)


@pytest.mark.parametrize(("prime", "dimension"), [(3, 1), (3, 2), (5, 1), (5, 2)])
def test_the_exact_transform_is_the_same_isometry(prime, dimension):
    """Whatever the data registers hold; v starts in |0>."""
    ours, plain = (Operator(transform(prime, dimension, exact=True, fractional=form)).data for form in (True, False))
    states = (2 * (prime - 1)) ** dimension
    np.testing.assert_allclose(ours[:, :states], plain[:, :states], rtol=0, atol=1e-12)


def test_the_exact_transform_at_17_makes_the_same_of_points():
    """A superposition of points, the zero among them; that of 257 stands beside the plain one's test."""
    made = []
    for form in (False, True):
        start = QuantumCircuit(10)
        for qubit in range(5):
            start.ry(0.3 + qubit, qubit)
        compiled = compile_to_basis(start.compose(transform(17, 1, exact=True, fractional=form)), 0)
        compiled.save_statevector()
        made.append(AerSimulator(method="statevector").run(compiled).result().get_statevector().data)
    np.testing.assert_allclose(*made, rtol=0, atol=1e-11)


@pytest.mark.parametrize(("prime", "dimension"), [(3, 2), (5, 1), (17, 1)])
def test_the_measured_transform_has_the_same_probabilities(prime, dimension):
    plain, ours = (transform(prime, dimension, fractional=form) for form in (False, True))
    start = Statevector.from_int(1, 2**plain.num_qubits)
    np.testing.assert_allclose(
        start.evolve(ours).probabilities(), start.evolve(plain).probabilities(), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize(("prime", "dimension"), [(3, 2), (5, 1)])
def test_the_dynamic_transform_has_the_same_probabilities(prime, dimension):
    """20,000 shots: no outcome is off by more than five standard errors."""
    shots, circuit = 20_000, dynamic(prime, dimension)
    simulator = AerSimulator(seed_simulator=1)
    compiled = transpile(circuit, simulator, optimization_level=0)
    counts = simulator.run(compiled, shots=shots).result().get_counts()
    found = np.zeros(2**circuit.num_qubits)
    for bits, count in counts.items():
        found[int(bits, 2)] = count / shots
    expected = Statevector(transform(prime, dimension)).probabilities()
    assert np.all(np.abs(found - expected) <= 5 * np.sqrt(expected * (1 - expected) / shots) + 1e-9)


@pytest.mark.parametrize("prime", EACH)
def test_so_many_rzz_gates_a_dimension(prime, measured):
    static_each, dynamic_each = EACH[prime]
    for name, build, each, plain in (
        ("", lambda dimension: transform(prime, dimension, fractional=True), static_each, STATIC[prime][1]),
        (", dynamic", lambda dimension: dynamic(prime, dimension), dynamic_each, DYNAMIC[prime][0]),
    ):
        dimensions = (1, 2, 3) if prime < 257 else (1, 2)  # linear as every other, so that each is seen of two
        counts = [fractional_counts(build(dimension)).two_qubit for dimension in dimensions]
        np.testing.assert_array_equal(np.diff(counts), each)
        assert each <= plain
        measured(f"rader{name}, with RZZ, P={prime}: {each} two-qubit gates a dimension and {counts[1] - 2 * each}")


@pytest.mark.parametrize(("prime", "build"), [(5, transform), (5, dynamic), (17, transform)])
def test_the_figures_are_the_gates_of_a_plain_transpilation(prime, build):
    circuit = build(prime, 2, fractional=True)
    compiled = transpile(circuit, basis_gates=list(FRACTIONAL_BASIS), optimization_level=2, seed_transpiler=0)
    found = sum(instruction.operation.name in ("rzz", "cz") for instruction in compiled.data)
    assert found == fractional_counts(circuit).two_qubit


@pytest.mark.parametrize(("prime", "dimension"), [(3, 2), (5, 1), (5, 2)])
def test_folded_angles_are_those_that_devices_take(prime, dimension):
    circuit = transform(prime, dimension, exact=True, fractional=True)
    compiled = compile_fractional(circuit)
    assert set(compiled.count_ops()) <= set(FRACTIONAL_BASIS)
    angles = [one.operation.params[0] for one in compiled.data if one.operation.name == "rzz"]
    assert angles
    assert 0 <= min(angles) <= max(angles) <= np.pi / 2
    assert Operator(compiled).equiv(Operator(circuit))


@pytest.mark.parametrize(("encoding", "prime"), [("binary", 3), ("crt", 7)])
def test_other_encodings_have_no_form_of_their_own(encoding, prime):
    plain, ours = (ridgelet_transform(prime, 2, encoding=encoding, fractional=form) for form in (False, True))
    assert gate_counts(plain) == gate_counts(ours)
