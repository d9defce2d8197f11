"""The loss by its table: the straw man, as whoever has the table has its minimum."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister

from problems.memory import require_memory
from quantum.neuron_selection.oracle import Oracle, OracleCost, written_cost

__all__ = ["LookupOracle"]

BYTES = 3_000
"""Memory a mask takes while its gates are made and counted."""


class LookupOracle(Oracle):
    """Phase -1 on masks whose loss is below the threshold, all 2^N written into one diagonal.

    Parameters, attributes and refusals are those of `Oracle`; so is one for more masks than fit in memory as gates.

    Notes
    -----
    Registers: `mask` (N qubits) alone. Action: |m> -> (-1)^[L(m) < T] |m>. Decomposition: a phase on each parity of
    neurons; those of which neuron k is the last are visited by its qubit in the order of a Gray code, without those
    that have none. Cost: up to 2^N - 2 CNOTs, and as many phases; arithmetic is cheaper from N of about 12.
    """

    def _built(self) -> QuantumCircuit:
        require_memory(BYTES << self.neurons, f"A diagonal of 2^{self.neurons} phases", "use FourierOracle")
        marked = self.loss.all_values() < 0
        angles = _parity_angles(np.where(marked, np.pi, 0.0))
        circuit = QuantumCircuit(QuantumRegister(self.neurons, "mask"), global_phase=np.pi * bool(marked[0]))
        for qubit in range(self.neurons):
            held = 0  # neurons below whose sum the qubit has taken
            for step in range(1 << qubit):
                others = step ^ step >> 1
                if angles[1 << qubit | others]:
                    _add(circuit, held ^ others, qubit)
                    circuit.p(float(angles[1 << qubit | others]), qubit)
                    held = others
            _add(circuit, held, qubit)
        return circuit

    @cached_property
    def cost(self) -> OracleCost:
        """The cost of one query, counted as written: the compiler finds no more, and takes minutes for 16 neurons."""
        return written_cost(self.circuit, self.circuit)


def _add(circuit: QuantumCircuit, neurons: int, qubit: int) -> None:
    for i in range(neurons.bit_length()):
        if neurons >> i & 1:
            circuit.cx(i, qubit)


def _parity_angles(phases: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the angles of e^(i angle) where a parity is 1 that make phases, shape (2^N,), less that of the state 0."""
    angles = phases * (-2 / len(phases))
    half = 1
    while half < len(angles):  # a fast Walsh transform; exact, as the phases are whole multiples of pi
        pairs = angles.reshape(-1, 2, half)
        angles = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1).reshape(-1)
        half *= 2
    return np.where(np.abs(angles) > 1e-9, angles, 0.0)
