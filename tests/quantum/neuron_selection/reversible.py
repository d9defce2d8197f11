"""Circuits of classical gates and phases, run on all masks at once: bits and quarter turns for each."""

import numpy as np
from qiskit.circuit.library import RCCXGate

from problems.neuron_selection import MaskProblem

GATE = np.asarray(RCCXGate())
IMAGE = np.abs(GATE).argmax(axis=0).astype(np.uint8)
TURNS = (np.rint(np.angle(GATE[IMAGE, np.arange(8)]) / (np.pi / 2)) % 4).astype(np.uint8)


def run(circuit, states):
    """Return the states' images and phases; `states` are bits (n, qubits)."""
    bits = np.array(states, dtype=np.uint8).T.copy()
    turns = np.zeros(bits.shape[1], dtype=np.uint8)  # modulo 256, and so modulo 4
    for step in circuit.data:
        places = [circuit.find_bit(qubit).index for qubit in step.qubits]
        match step.operation.name:
            case "x":
                bits[places] ^= 1
            case "cx":
                bits[places[1]] ^= bits[places[0]]
            case "z" | "cz":
                turns += 2 * np.bitwise_and.reduce(bits[places], axis=0)
            case "rccx":
                first, second, third = places
                index = bits[first] | bits[second] << 1 | bits[third] << 2
                turns += TURNS[index]
                image = IMAGE[index]
                bits[first], bits[second], bits[third] = image & 1, image >> 1 & 1, image >> 2
            case name:
                raise AssertionError(f"{name} is no classical gate")
    return bits.T.astype(bool), np.exp(1j * circuit.global_phase) * np.array([1, 1j, -1, -1j])[turns % 4]


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
