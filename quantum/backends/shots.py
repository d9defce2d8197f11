"""Bits of shots, read from what samplers and counts give."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from quantum.backends.errors import ServiceError

__all__ = ["shots_of_counts", "shots_of_data"]


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


def shots_of_counts(counts: Mapping[str, int], circuit: QuantumCircuit, shots: int, seed: int) -> NDArray[np.bool_]:
    """Return bits (shots, classical bits), bit 0 first, as often as they were counted, in a random order.

    Parameters
    ----------
    counts
        How often each outcome was seen: "01 1" lists the last bit first, registers apart.
    circuit
        The circuit that was run.
    shots
        How many were asked for.
    seed
        Decides the order, which counts do not tell.

    Raises
    ------
    ServiceError
        If the counts do not add up to the shots, or have another number of bits.
    """
    outcomes = [outcome.replace(" ", "") for outcome in counts]
    seen = list(counts.values())
    if sum(seen) != shots or any(len(outcome) != circuit.num_clbits for outcome in outcomes):
        raise ServiceError(
            f"Half a result: counts of {sum(seen)} shots came back where {shots} of {circuit.num_clbits} bits were "
            "asked for; run again."
        )
    bits = np.array([[bit == "1" for bit in reversed(outcome)] for outcome in outcomes], dtype=bool)
    return np.random.default_rng(seed).permutation(np.repeat(bits, seen, axis=0))
