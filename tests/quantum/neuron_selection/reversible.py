"""Circuits of classical gates and phases, run on all masks at once: bits and quarter turns for each."""

import numpy as np
from qiskit.circuit.library import RCCXGate

from problems.neuron_selection import MaskProblem

GATE = np.asarray(RCCXGate())
IMAGE = np.abs(GATE).argmax(axis=0)
TURNS = np.rint(np.angle(GATE[IMAGE, np.arange(8)]) / (np.pi / 2)).astype(int) % 4


def run(circuit, states):
    """Return the states' images and phases; `states` are bits (n, qubits)."""
    bits = np.array(states, dtype=bool).T.copy()
    turns = np.zeros(bits.shape[1], dtype=int)
    for step in circuit.data:
        places = [circuit.find_bit(qubit).index for qubit in step.qubits]
        match step.operation.name:
            case "x":
                bits[places] ^= True
            case "cx":
                bits[places[1]] ^= bits[places[0]]
            case "z" | "cz":
                turns += 2 * np.all(bits[places], axis=0)
            case "rccx":
                index = (1 << np.arange(3)) @ bits[places]
                turns += TURNS[index]
                bits[places] = IMAGE[index] >> np.arange(3)[:, None] & 1
            case name:
                raise AssertionError(f"{name} is no classical gate")
    return bits.T, np.exp(1j * circuit.global_phase) * 1j**turns


def every_mask(neurons):
    return (np.arange(2**neurons)[:, None] >> np.arange(neurons) & 1).astype(bool)


def assert_marks(oracle, below, masks=None):
    """The oracle is the phase -1 on masks that are below, and leaves everything as it was."""
    masks = every_mask(oracle.neurons) if masks is None else np.asarray(masks, dtype=bool)
    states = np.zeros((len(masks), oracle.circuit.num_qubits), dtype=bool)
    states[:, : oracle.neurons] = masks
    images, phases = run(oracle.circuit, states)
    np.testing.assert_array_equal(images, states)
    np.testing.assert_allclose(phases, np.where(below, -1, 1), atol=1e-9)
    np.testing.assert_array_equal(oracle.marked(masks), below)


def random_problem(rng, neurons, whole=None, density=1.0):
    """Coefficients of both signs; `whole` rounds them after scaling."""
    quadratic = rng.normal(size=(neurons, neurons)) * (rng.random((neurons, neurons)) < density)
    parts = [rng.normal(), rng.normal(size=neurons), quadratic + quadratic.T]
    if whole is not None:
        parts = [np.rint(whole * np.asarray(part)) for part in parts]
    return MaskProblem(float(parts[0]), parts[1], parts[2])


def thresholds(problem, rng):
    """A loss itself, one between losses, and one beyond each end."""
    table = np.sort(problem.table())
    return [table[len(table) // 3], rng.uniform(table[0], table[-1]), table[0] - 1, table[-1] + 1]
