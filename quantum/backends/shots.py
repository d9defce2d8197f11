"""Bits of shots, read from what samplers give."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from quantum.backends.errors import ServiceError

__all__ = ["check_shots", "shots_of_data"]


MOST_SHOTS = 2**31 - 1
"""Simulators and services count the shots of one run in 32 bits."""

A_SHOT = 150
"""Bytes of one shot beside its bits, at most: as text, as the simulator returns it, and where that is kept."""


def check_shots(shots: object, clbits: int, name: str, limit: int | None = None) -> int:
    """Return the number of shots of one run, or refuse it before anything runs.

    Parameters
    ----------
    shots
        How often the circuit is measured.
    clbits
        Its classical bits.
    name
        What the backend is called in messages.
    limit
        The most shots of one run there; None without a limit of its own.

    Raises
    ------
    InputError
        If it is no whole number of at least 1, beyond the limit, or its bits would not fit in memory.
    """
    shots = whole_number("shots", shots, 1)
    most = MOST_SHOTS if limit is None else limit
    if shots > most:
        raise InputError(
            f"shots = {shots} is beyond the limit of {name}, {most} a run; take fewer, or measure several times."
        )
    # The bits, what they are read as, and the nodes that they stand for.
    require_memory(shots * (A_SHOT + 10 * clbits), f"Reading {shots} shots of {name}", "measure several times")
    return shots


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
