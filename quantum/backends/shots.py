"""Bits of shots, read from what samplers give."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from quantum.backends.errors import ServiceError

__all__ = ["shots_of_data"]


def shots_of_data(data: Any, circuit: QuantumCircuit, shots: int, name: str) -> NDArray[np.bool_]:
    """Return the bits (shots, classical bits), bit 0 first, of a sampler's result.

    Parameters
    ----------
    data
        A `DataBin` with one `BitArray` for each classical register.
    circuit
        The circuit that was run.
    shots
        How many were asked for; more than that, as twirling may return, are left out.
    name
        What the backend is called in messages.

    Raises
    ------
    ServiceError
        If a register or shots are missing.
    """
    bits = np.empty((shots, circuit.num_clbits), dtype=bool)
    for register in circuit.cregs:
        array = getattr(data, register.name, None)
        if array is None or array.num_bits != register.size or math.prod(array.shape) * array.num_shots < shots:
            found = "no such register" if array is None else f"{array.num_shots} shots of {array.num_bits} bits"
            raise ServiceError(
                f"{name} returned half a result: {found} where {shots} shots of the {register.size} bits "
                f"{register.name!r} were asked for; run again."
            )
        places = [circuit.find_bit(bit).index for bit in register]
        bits[:, places] = array.to_bool_array(order="little").reshape(-1, register.size)[:shots]
    return bits
