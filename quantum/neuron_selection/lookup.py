"""The loss by its table: the straw man, as whoever has the table has its minimum."""

import numpy as np
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit.library import DiagonalGate

from problems.memory import require_memory
from quantum.neuron_selection.oracle import Oracle

__all__ = ["LookupOracle"]

BYTES = 3_000
"""Memory a mask takes while its gates are made."""


class LookupOracle(Oracle):
    """Phase -1 on masks whose loss is below the threshold, all 2^N written into one diagonal.

    Parameters, attributes and refusals are those of `Oracle`; so is one for more masks than fit in memory as gates.

    Notes
    -----
    Registers: `mask` (N qubits) alone. Action: |m> -> (-1)^[L(m) < T] |m>. Decomposition: a diagonal (Shende,
    Bullock, Markov 2006, arXiv:quant-ph/0406176). Cost: up to 2^N - 2 CNOTs; arithmetic is cheaper from N of about 12.
    """

    def _built(self) -> QuantumCircuit:
        require_memory(BYTES << self.neurons, f"A diagonal of 2^{self.neurons} phases", "use FourierOracle")
        signs = np.where(self.loss.all_values() < 0, -1.0, 1.0)
        circuit = QuantumCircuit(QuantumRegister(self.neurons, "mask"))
        circuit.append(DiagonalGate(signs.tolist()), circuit.qubits)
        return circuit
