"""Two-qubit gates of the transform: linear in the data dimension, and so many for each."""

import numpy as np
import pytest
from qiskit import qasm3, transpile

from quantum.resources import BASIS, gate_counts
from quantum.ridgelet import measured_transform, ridgelet_transform

WIDTHS = {2: 1, 3: 2, 5: 3, 17: 5, 257: 9}
# P: dimensions, gates for each of them, gates that are paid once.
STATIC = {
    3: ((2, 3, 8, 64), 2, 1),
    5: ((2, 3, 4, 16), 9, 8),
    17: ((2, 3, 4, 10), 43, 49),
    257: ((2, 3), 296, 712),  # linear as every other, so that each is seen of two
}
DYNAMIC = {3: (2, 1), 5: (8, 7), 17: (35, 42), 257: (262, 680)}
REQUIRED = {3: 3, 5: 12, 17: 60, 257: 400}


def two_qubit_gates(prime, dimensions, build):
    return np.array([gate_counts(build(prime, dimension), 2).two_qubit for dimension in dimensions])


def static(prime, dimension):
    return ridgelet_transform(prime, dimension, encoding="rader")


def dynamic(prime, dimension):
    return measured_transform(prime, dimension, "relu", "rader", dynamic=True)


@pytest.mark.parametrize("prime", STATIC)
def test_the_rader_transform_takes_so_many_two_qubit_gates_a_dimension(prime, measured):
    dimensions, each, once = STATIC[prime]
    gates = two_qubit_gates(prime, dimensions, static)
    slope = np.diff(gates) / np.diff(dimensions)
    measured(f"rader transform, P={prime}: {slope[0]:g} two-qubit gates a dimension and {gates[0] - 2 * slope[0]:g}")
    np.testing.assert_array_equal(slope, each)
    assert gates[0] <= 2 * each + once  # what is paid once may become less
    assert each <= REQUIRED[prime]


@pytest.mark.parametrize("prime", STATIC)
def test_the_dynamic_transform_takes_fewer(prime, measured):
    dimensions, static_each, static_once = STATIC[prime]
    each, once = DYNAMIC[prime]
    gates = two_qubit_gates(prime, dimensions, dynamic)
    slope = np.diff(gates) / np.diff(dimensions)
    measured(f"rader, dynamic, P={prime}: {slope[0]:g} two-qubit gates a dimension and {gates[0] - 2 * slope[0]:g}")
    np.testing.assert_array_equal(slope, each)
    assert gates[0] <= 2 * each + once
    assert (each, once) <= (static_each, static_once)


@pytest.mark.parametrize("dimension", [1, 2, 7, 64])
def test_binary_at_2_takes_none(dimension):
    assert gate_counts(ridgelet_transform(2, dimension), 2).two_qubit == 0


@pytest.mark.parametrize("prime", [3, 5, 17])
def test_the_exact_transform_takes_one_gate_a_digit_more(prime):
    """None at P = 3, where nothing is left out."""
    for dimension in (2, 3, 8):
        loose, exact = (
            gate_counts(ridgelet_transform(prime, dimension, encoding="rader", exact=exact)).two_qubit
            for exact in (False, True)
        )
        assert exact - loose == (dimension + 1 if prime > 3 else 0)


@pytest.mark.parametrize("activation", ["step", "tanh", "gaussian", "table"])
@pytest.mark.parametrize("prime", [3, 5, 17])
def test_the_gates_a_dimension_do_not_depend_on_the_activation(prime, activation):
    table = np.random.default_rng(prime).normal(size=prime) if activation == "table" else activation
    two, five = (
        gate_counts(ridgelet_transform(prime, dimension, table, encoding="rader")).two_qubit for dimension in (2, 5)
    )
    assert five - two == 3 * STATIC[prime][1]


@pytest.mark.parametrize("build", [static, dynamic])
@pytest.mark.parametrize(("prime", "dimension"), [(3, 5), (5, 4), (17, 3), (257, 1)])
def test_the_figures_are_the_cx_in_the_text_of_the_circuit(prime, dimension, build):
    """Counted as text, after Qiskit's own `transpile`: no code in common with `gate_counts`."""
    circuit = build(prime, dimension)
    compiled = transpile(circuit, basis_gates=list(BASIS), optimization_level=2, seed_transpiler=0)
    lines = [line.strip() for line in qasm3.dumps(compiled).splitlines()]
    # Nothing but CX acts on two qubits: each other line that names two is a declaration.
    assert not [line for line in lines if line.count("[") > 1 and not line.startswith("cx ") and "measure" not in line]
    each, once = (STATIC[prime][1:], DYNAMIC[prime])[build is dynamic]
    written = sum(line.startswith("cx ") for line in lines)
    assert written == gate_counts(circuit, 2).two_qubit
    assert written <= each * dimension + once


@pytest.mark.parametrize(("prime", "dimension"), [(3, 3), (5, 3), (17, 2)])
def test_a_dynamic_transform_measures_every_qubit_once(prime, dimension):
    circuit = dynamic(prime, dimension)
    qubits = (dimension + 1) * WIDTHS[prime]
    counts = gate_counts(circuit)
    assert (counts.qubits, counts.measurements, counts.resets) == (qubits, qubits, 0)
    assert counts.conditioned > 0
    assert [register.name for register in circuit.cregs] == ["node"]
    measured_bits = [item.clbits[0] for item in circuit.data if item.operation.name == "measure"]
    assert sorted(map(circuit.clbits.index, measured_bits)) == list(range(qubits))
