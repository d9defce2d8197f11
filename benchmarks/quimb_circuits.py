"""The circuit in quimb's CircuitMPS: the same gates on the same line, from the same loaded state."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator

from benchmarks.sizes import SMOKE

__all__ = ["evolved", "overlap", "shots"]


def evolved(circuit: QuantumCircuit, loaded: Sequence[NDArray[np.complex128]]) -> tuple[Any, list[int]]:
    """Return quimb's circuit after all gates, and the qubit of each classical bit.

    Parameters
    ----------
    circuit
        On a line, as `quantum.backends.line.on_a_line` leaves it: gates on neighbors, then measurements.
    loaded
        The state that it starts from, as tensors (left, 2, right).
    """
    qtn = _quimb()
    simulation = qtn.CircuitMPS(psi0=_state(loaded))
    places = [0] * circuit.num_clbits
    for instruction in circuit.data:
        where = [circuit.find_bit(qubit).index for qubit in instruction.qubits]
        name = instruction.operation.name
        if name == "measure":
            places[circuit.find_bit(instruction.clbits[0]).index] = where[0]
        elif name != "set_matrix_product_state":
            # Qiskit counts the first qubit lowest, quimb highest.
            simulation.apply_gate_raw(Operator(instruction.operation).data, where[::-1])
    return simulation, places


def shots(simulation: Any, places: Sequence[int], number: int, seed: int) -> NDArray[np.bool_]:
    """Draw measurements, shape (number, classical bits)."""
    rows = [[bit == "1" for bit in drawn] for drawn in simulation.sample(number, seed=seed)]
    return np.array(rows, dtype=bool)[:, list(places)]


def overlap(simulation: Any, tensors: Sequence[NDArray[np.complex128]]) -> float:
    """Return |<quimb's state|a state as tensors>|: 1 if they are the same."""
    return float(abs(simulation.psi.H @ _state(tensors)))


def _state(tensors: Sequence[NDArray[np.complex128]]) -> Any:
    qtn = _quimb()
    arrays = [tensor.transpose(0, 2, 1) for tensor in tensors]
    arrays[0], arrays[-1] = arrays[0][0], arrays[-1][:, 0]
    return qtn.MatrixProductState(arrays, shape="lrp")


def _quimb() -> Any:
    """Import quimb, in a smoke run with its loops as Python: they do too little there to be worth compiling."""
    from numba import config

    settings: Any = config
    before = settings.DISABLE_JIT
    settings.DISABLE_JIT = before or SMOKE
    try:
        import quimb.tensor as qtn
    finally:
        settings.DISABLE_JIT = before
    return qtn
