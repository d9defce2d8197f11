"""Bits of shots, read from the result that a vendor's backend returned, in whichever of the usual ways it is written.

An outcome is hexadecimal (``0x5``: Qiskit's) or exactly as many characters 0 and 1 as there are classical bits, spaces
apart. Registers stand in the order that the result's header states, the last first; bits within a register are taken
to stand as Qiskit writes them, the last first: `quantum.backends.check_bit_order` finds out whether a backend does.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from problems.errors import InputError
from quantum.backends.errors import ServiceError

__all__ = ["shots_of_result"]

HEXADECIMAL = re.compile("0[xX][0-9a-fA-F]+")


def shots_of_result(result: Any, circuit: QuantumCircuit, shots: int, seed: int, name: str) -> NDArray[np.bool_]:
    """Return the bits (shots, classical bits), bit 0 first, of the one circuit that was run.

    Single shots are in the order they were measured; counts have none, so the seed decides it.

    Parameters
    ----------
    result
        A `qiskit.result.Result`, as it came from the vendor.
    circuit
        The circuit that was run.
    shots
        How many were asked for.
    seed
        Decides the order of counts.
    name
        What the backend is called in messages.

    Raises
    ------
    InputError
        If there are neither single shots nor counts.
    ServiceError
        If the backend failed, or returned another number of shots, other registers, or something that is no outcome.
    """
    experiment = _experiment(result, name)
    places = _places(experiment, circuit, name)
    data = experiment.data
    memory, counts = (getattr(data, part, None) for part in ("memory", "counts"))
    if memory is not None and len(memory):
        outcomes, which = np.unique(_texts(memory, name), return_inverse=True)
        seen = np.bincount(which, minlength=len(outcomes))
    elif counts:
        outcomes, seen = np.array(_texts(counts, name)), _numbers(counts, name)
        which = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(seen)), seen))
    else:
        raise InputError(
            f"{name} gave neither single shots nor counts, so nothing of its {shots} shots is known; its run must take "
            "memory=True or return counts, or give its vendor's BaseSamplerV2 as the backend."
        )
    if (found := int(np.sum(seen))) != shots:
        raise ServiceError(
            f"{name} returned half a result: {found} shots where {shots} were asked for; run again."
            if found < shots
            else f"{name} returned {found} shots where {shots} were asked for; which of them count is not known."
        )
    bits = np.empty((len(outcomes), circuit.num_clbits), dtype=bool)
    bits[:, places] = [_bits(str(outcome), len(places), name) for outcome in outcomes]
    found_bits: NDArray[np.bool_] = bits[which.reshape(-1)]
    return found_bits


def _experiment(result: Any, name: str) -> Any:
    """Return what is known of the one circuit, or refuse the result as a whole."""
    experiments = getattr(result, "results", None)
    if getattr(result, "success", None) is False:
        reason = getattr(result, "status", None) or "no reason was given"
        raise ServiceError(f"{name} could not run the circuit: {reason}")
    if not isinstance(experiments, Sequence) or len(experiments) != 1:
        found = f"{len(experiments)} circuits" if isinstance(experiments, Sequence) else type(result).__name__
        raise ServiceError(f"{name} returned a result of {found} where one circuit was run; run again.")
    return experiments[0]


def _places(experiment: Any, circuit: QuantumCircuit, name: str) -> list[int]:
    """Return which classical bit of the circuit each bit of an outcome is, the last character's first."""
    header = getattr(experiment, "header", None)
    sizes = header.get("creg_sizes") if isinstance(header, Mapping) else getattr(header, "creg_sizes", None)
    whole = list(range(circuit.num_clbits))
    if not sizes:
        return whole
    try:
        stated = {str(register): int(size) for register, size in sizes}
    except (TypeError, ValueError):
        raise ServiceError(f"{name} returned a header whose registers cannot be read: {sizes!r:.100}") from None
    known = {register.name: [circuit.find_bit(bit).index for bit in register] for register in circuit.cregs}
    if stated == {register: len(bits) for register, bits in known.items()}:
        return [bit for register in stated for bit in known[register]]
    if list(stated.values()) == [circuit.num_clbits]:  # one register, whatever it is called there
        return whole
    raise ServiceError(
        f"{name} returned half a result: registers of {stated} bits where "
        f"{ {register: len(bits) for register, bits in known.items()} } were measured; run again."
    )


def _texts(outcomes: Any, name: str) -> list[str]:
    found = list(outcomes)
    odd = next((one for one in found if not isinstance(one, str)), None)
    if odd is not None:
        raise _no_outcome(odd, name)
    return found


def _numbers(counts: Mapping[str, Any], name: str) -> NDArray[np.int64]:
    for outcome, count in counts.items():
        if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 0:
            raise ServiceError(
                f"{name} returned {count!r} as the count of {outcome!r}, and a count is a whole number; shots cannot "
                "be made of it."
            )
    return np.array([int(count) for count in counts.values()], dtype=np.int64)


def _bits(outcome: str, width: int, name: str) -> list[bool]:
    """Return the bits of one outcome, the last character's first."""
    if HEXADECIMAL.fullmatch(outcome):
        number = int(outcome, 16)
        if number >> width:
            raise ServiceError(f"{name} returned half a result: {outcome!r} has more than {width} bits.")
        return [bool(number >> place & 1) for place in range(width)]
    written = outcome.replace(" ", "")
    if len(written) != width or set(written) - {"0", "1"}:
        raise _no_outcome(outcome, name, width)
    return [bit == "1" for bit in reversed(written)]


def _no_outcome(outcome: Any, name: str, width: int | None = None) -> ServiceError:
    bits = "" if width is None else f"{width} "
    return ServiceError(
        f"{name} returned {outcome!r:.60} as an outcome, which is neither hexadecimal (0x...) nor {bits}bits 0 and 1; "
        "if it stands for measured levels, ask the backend for classified outcomes."
    )
