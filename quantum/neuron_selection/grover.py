"""Grover's search for good masks as a circuit, around any phase oracle."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit.library import DiagonalGate, grover_operator
from qiskit.primitives import BaseSamplerV2
from qiskit.providers import BackendV2

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.neuron_selection import masks_of
from problems.seeds import Seed, integer_seed
from quantum.backends import resolve
from quantum.backends.aer import AerBackend
from quantum.blocks.amplitude_amplification import zero_reflection
from quantum.neuron_selection.lookup import BYTES
from quantum.neuron_selection.subspace import check_table

__all__ = ["diagonal_oracle", "exact_probabilities", "grover_circuit", "marking_oracle", "measured_masks"]


def grover_circuit(oracle: QuantumCircuit, neurons: int, rounds: int, measured: bool = True) -> QuantumCircuit:
    """Return |s>, then rounds of the oracle and 2|s><s| - 1, then the mask's measurement.

    Parameters
    ----------
    oracle
        The phase -1 on good masks: the mask on its first N qubits, all others scratch, in |0> before and after.
    neurons
        N.
    rounds
        The number of rounds.
    measured
        Whether the mask is measured at the end, neuron j into classical bit j.

    Raises
    ------
    InputError
        If N or the rounds are no whole numbers, the oracle has fewer than N qubits, or it has classical bits.

    Notes
    -----
    Whitaker (arXiv:2302.05984) prints |s> with the factor 1/N and the oracle with its sign inverted; here |s> =
    2^(-N/2) sum_m |m>, and good masks get the sign -1.
    Cost: a round is the oracle, 2N Hadamards, and a NOT with N - 1 controls, which borrows the oracle's scratch.
    """
    width, turns = whole_number("neurons", neurons, 1), whole_number("rounds", rounds, 0)
    if oracle.num_qubits < width:
        raise InputError(
            f"The oracle has {oracle.num_qubits} qubits, fewer than the {width} neurons; give a wider one."
        )
    if oracle.num_clbits:
        raise InputError(
            f"The oracle has {oracle.num_clbits} classical bits; give a phase oracle, made of gates alone."
        )
    circuit = QuantumCircuit(oracle.num_qubits, width if measured else 0, name="grover")
    mask = list(range(width))
    circuit.h(mask)
    if turns:
        preparation = QuantumCircuit(oracle.num_qubits)
        preparation.h(mask)
        reflection = zero_reflection(oracle.num_qubits, mask, range(width, oracle.num_qubits))
        a_round = grover_operator(oracle, preparation, zero_reflection=reflection, reflection_qubits=mask)
        for _ in range(turns):
            circuit.compose(a_round, inplace=True)
    if measured:
        circuit.measure(mask, mask)
    return circuit


def diagonal_oracle(table: ArrayLike, threshold: float) -> QuantumCircuit:
    """Return the phase -1 on masks whose loss is strictly below the threshold, looked up in the table of all losses.

    A reference for oracles that compute the loss: whoever has the table has its minimum.

    Parameters
    ----------
    table
        The losses of all masks, shape (2^N,).
    threshold
        The threshold.

    Raises
    ------
    InputError
        If there are not 2^N finite losses with N from 1 to 28, or their gates do not fit in memory.
    """
    losses = check_table(table)
    require_memory(BYTES * len(losses), f"A diagonal of {len(losses)} phases", "take an oracle that computes the loss")
    circuit = QuantumCircuit(len(losses).bit_length() - 1, name="diagonal")
    circuit.append(DiagonalGate(np.where(losses < threshold, -1.0, 1.0)), circuit.qubits)
    return circuit


def marking_oracle(masks: Iterable[int], neurons: int) -> QuantumCircuit:
    """Return the phase -1 on masks that are known: a Z with N - 1 controls for each.

    Parameters
    ----------
    masks
        Different whole numbers 0..2^N - 1; bit j is neuron j.
    neurons
        N.

    Raises
    ------
    InputError
        If one has more than N bits, is negative, or comes twice.
    """
    chosen = list(masks)
    if len(set(chosen)) < len(chosen):
        raise InputError(f"masks = {chosen} has one twice, whose signs cancel; give each once.")
    circuit = QuantumCircuit(whole_number("neurons", neurons, 1), name="marking")
    for mask in masks_of(chosen, circuit.num_qubits):
        dropped = np.flatnonzero(mask == 0).tolist()
        *controls, target = range(circuit.num_qubits)
        if dropped:
            circuit.x(dropped)
        circuit.h(target)
        if controls:
            circuit.mcx(controls, target)
        else:
            circuit.x(target)
        circuit.h(target)
        if dropped:
            circuit.x(dropped)
    return circuit


def exact_probabilities(circuit: QuantumCircuit, neurons: int) -> NDArray[np.float64]:
    """Return the probabilities of all masks, shape (2^N,), after a circuit on Aer's state vector.

    Parameters
    ----------
    circuit
        The circuit, without measurements.
    neurons
        N: the mask is on the first N qubits.

    Raises
    ------
    InputError
        If the state vector does not fit in memory.
    RuntimeError
        If the simulator failed.
    """
    backend = AerBackend("aer_statevector", "statevector")
    backend.check(circuit.num_qubits, 0)
    simulator, fitted = backend.fit(circuit, 0)
    fitted.save_probabilities(range(neurons))  # Aer adds this method to circuits
    result = simulator.run(fitted, shots=1).result()
    if not result.success:
        raise RuntimeError(f"Aer could not run the circuit: {result.status}")
    return np.asarray(result.data(0)["probabilities"])


def measured_masks(
    circuit: QuantumCircuit, backend: str | BackendV2 | BaseSamplerV2, shots: int, seed: Seed = None
) -> NDArray[np.int64]:
    """Return the masks that a measured circuit gives on a backend, shape (shots,): bit j is neuron j.

    Parameters
    ----------
    circuit
        The circuit, at most 62 bits measured.
    backend
        As `quantum.backends.resolve` takes it: "aer_statevector", a snapshot with its noise ("fake_fez"), a device.
    shots
        The number of shots.
    seed
        The seed.

    Raises
    ------
    InputError
        If there is no such backend, or it cannot take the circuit.
    """
    program = resolve(backend).prepare(circuit, 0)
    bits = program.run(whole_number("shots", shots, 1), integer_seed(seed))
    return bits.astype(np.int64) @ (1 << np.arange(bits.shape[1], dtype=np.int64))
