"""Reading a sign: shots, and what amplification of the whole circuit makes of the mean."""

import doctest
import math

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit.library import UnitaryGate
from qiskit.quantum_info import SparsePauliOp, Statevector, random_unitary

from problems.errors import InputError
from problems.kernel_training import readout_shots
from quantum.blocks import AmplitudeAmplification
from quantum.kernel_training import amplified_mean, best_readout, readout


@pytest.mark.parametrize("rounds", [0, 1, 2, 3])
def test_amplification_keeps_the_sign_of_a_measured_mean(rounds):
    circuit = QuantumCircuit(3)
    circuit.append(UnitaryGate(random_unitary(8, seed=4)), range(3))
    z = SparsePauliOp("IIZ")
    mean = Statevector(circuit).expectation_value(z).real
    amplified = Statevector(AmplitudeAmplification(circuit.to_gate(), 0, rounds).definition)
    assert amplified.expectation_value(z).real == pytest.approx(amplified_mean(mean, rounds), abs=1e-12)


@pytest.mark.parametrize("mean", [0.9, -0.7, 0.5, 0.49, -0.1, 0.03, 1e-3])
def test_the_best_reading_is_the_best_of_all_rounds(mean):
    costs = []
    for rounds in range(int(math.pi / (2 * math.asin(abs(mean)))) + 1):
        one = math.sin((2 * rounds + 1) * math.asin(abs(mean)))
        costs.append((2 * rounds + 1) * max(1, 1 / one**2 - 1))
    best = best_readout(mean)
    assert best.circuits == pytest.approx(min(costs), rel=1e-12)
    assert best.shots * (2 * best.rounds + 1) == best.circuits
    assert best.mean == pytest.approx(amplified_mean(mean, best.rounds), rel=1e-14)
    assert np.sign(best.mean) == np.sign(mean) * (-1) ** best.rounds
    assert (best.rounds > 0) == (abs(mean) < 0.5)


def test_circuits_grow_as_one_over_the_mean_and_shots_as_its_square():
    assert best_readout(1e-5).circuits / best_readout(1e-3).circuits == pytest.approx(100, rel=0.01)
    assert readout_shots(1e-5) / readout_shots(1e-3) == pytest.approx(10_000, rel=0.01)


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (lambda: best_readout(1.1), "1.1 is no mean"),
        (lambda: best_readout(math.nan), "nan is no mean"),
        (lambda: amplified_mean(0.1, -1), "rounds = -1 is too small"),
        (lambda: best_readout(0), "A mean of 0 has no sign"),
    ],
)
def test_what_is_no_reading_is_refused(refused, message):
    with pytest.raises(InputError, match=message):
        refused()


def test_examples():
    assert doctest.testmod(readout).failed == 0
