"""The middle of Rader's transform: phases of Gauss sums, and the rotation between zero and the trivial character.

Between its two Fourier transforms over Z_(P-1), a digit of Z_P is |j> with z = 0, a multiplicative character, or
z = 1 with j = 0, the residue zero. There the transform over Z_P is diagonal in j != 0, with phases arg G_j of

    G_j = sum_n w^(-g^n) e^(2 pi i j n/(P-1)),    |G_j| = sqrt(P),

and at j = 0 it is [[-1, sqrt(P-1)], [sqrt(P-1), 1]]/sqrt(P) between z = 0 and z = 1. Since z = 1 implies j = 0, the
phases act on j alone, and a rotation of z need only leave |z = 0> where it is, up to a phase, for j != 0.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from qiskit.circuit import Gate, Qubit
from qiskit.circuit.library import (
    CXGate,
    DiagonalGate,
    RCCXGate,
    UCRZGate,
    XGate,
)
from scipy.linalg import hadamard

from problems.finite_field import exponential_table
from quantum.blocks.parity_network import parity_angles, shortest_visit
from quantum.blocks.parity_walk import ParityWalk
from quantum.blocks.zero_rotation import ZeroRotation

__all__ = ["GAUSS_STAGE_GATES", "SEARCHED", "gauss_phases", "gauss_stage", "separate"]

GAUSS_STAGE_GATES = {3: 1, 5: 4, 17: 19, 257: 391}
"""Two-qubit gates of the stage as written, without clean qubits; with them 198 for P = 257."""

SEARCHED = 4
"""Bits of j up to which the fewest CNOTs are searched for."""


def gauss_phases(prime: int) -> NDArray[np.float64]:
    """Return arg G_j in radians, shape (P-1,), with 0 in place of j = 0, for an odd prime."""
    order = prime - 1
    # ifft carries the sign e^(+2 pi i j n/N) and 1/N.
    sums = np.fft.ifft(np.exp(-2j * np.pi * exponential_table(prime) / prime)) * order
    phases = np.angle(sums)
    phases[0] = 0
    return phases


def gauss_stage(
    walk: ParityWalk,
    wires: Sequence[Qubit],
    zero: Qubit,
    characters: list[int],
    phases: NDArray[np.float64],
    clean: Sequence[Qubit] = (),
) -> None:
    """Append the stage to a walk.

    Parameters
    ----------
    walk
        The walk in which wire m-1-t holds j_t + j_(t-1), as `RaderDigit.enter` leaves it, or j_t; afterwards, j_t.
    wires, zero
        The qubits of the digit: m wires, and z.
    characters
        The variables j_0, ..., j_(m-1).
    phases
        arg G_j, shape (2^m,), phases[0] = 0.
    clean
        Further qubits in |0>, left in |0>. At 8 bits m-2 of them save CNOTs; fewer are not used.
    """
    m = len(wires)
    if m <= SEARCHED:
        _searched(walk, wires, zero, characters, phases)
        return
    if any(walk.held(wire) != held for wire, held in zip(reversed(wires), characters, strict=True)):
        separate(walk, wires)
    if len(clean) >= m - 2:
        _folded(walk, wires[::-1], zero, characters, phases, clean[: m - 2])
    else:
        _generic(walk, wires[::-1], zero, phases)


def separate(walk: ParityWalk, wires: Sequence[Qubit]) -> None:
    """Bring wire m-1-t from j_t + j_(t-1) to j_t."""
    m = len(wires)
    for t in range(1, m):
        walk.cx(wires[m - t], wires[m - 1 - t])


@dataclass(frozen=True)
class _Plan:
    """CNOTs between the wires, the angles on parities of j and their constant, and then the rotation of z."""

    moves: list[tuple[int, int]]
    angles: dict[int, float]
    constant: float
    rotation: ZeroRotation


def _searched(
    walk: ParityWalk, wires: Sequence[Qubit], zero: Qubit, characters: list[int], phases: NDArray[np.float64]
) -> None:
    """Make the phases and the rotation by the fewest CNOTs that the search finds."""
    bit = {variable: 1 << i for i, variable in enumerate(characters)}
    start = tuple(sum(bit[v] for v in characters if v & walk.held(wire)) for wire in wires)
    plan = _plan(start, tuple(phases + walk.take_table(characters)))
    for parity, angle in plan.angles.items():
        walk.phase(sum(v for v in characters if bit[v] & parity), angle)
    walk.circuit.global_phase += plan.constant
    for source, target in plan.moves:
        walk.cx(wires[source], wires[target])
    plan.rotation.append(walk, wires[::-1], zero)


@lru_cache
def _plan(start: tuple[int, ...], phases: tuple[float, ...]) -> _Plan:
    """Search the shortest walk over all rotations of z."""
    end = tuple(1 << bit for bit in reversed(range(len(start))))
    choices = {}
    for rotation in _rotations(np.array(phases)):
        table = rotation.corrected(np.array(phases), 1 << rotation.wire if len(phases) > 4 else None)
        choices[frozenset(parity_angles(table))] = table, rotation
    visited, moves = shortest_visit(start, end, list(choices))
    table, rotation = choices[visited]
    return _Plan(moves, parity_angles(table), float(table[0]), rotation)


def _rotations(phases: NDArray[np.float64]) -> Iterator[ZeroRotation]:
    """Yield the rotations of z that are worth a try: all there are for two controls, else those that save a parity."""
    prime = len(phases) + 1
    if prime <= 5:
        yield ZeroRotation(prime)
        return
    # The angle of a parity S vanishes if turn +- angle has a given value, + if S is even where one wire alone is 1; and
    # cos(angle) = cos(turn)/sqrt(P), since e^(i turn)/sqrt(P) and e^(i angle) have the same real part.
    signs = hadamard(len(phases))
    for wire, parity in product(range((prime - 1).bit_length() - 1), range(1, len(phases))):
        given = signs[parity] @ phases + np.pi
        turn = np.arctan2(1 / np.sqrt(prime) - np.cos(given), np.sin(given))
        for chosen in (turn, turn + np.pi):
            angle = signs[parity, 1 << wire] * (given - chosen)
            yield ZeroRotation(prime, wire, float(chosen), float(angle))


def _generic(walk: ParityWalk, bits: Sequence[Qubit], zero: Qubit, phases: NDArray[np.float64]) -> None:
    """Make the phases as any diagonal, and the rotation with all controls; bits[t] holds j_t."""
    rotation = ZeroRotation(len(phases) + 1, turn=np.pi / 2)
    rotation.append(walk, bits, zero)
    table = rotation.corrected(phases, alone=1)
    walk.gate(DiagonalGate(list(np.exp(1j * table))), *bits)


def _folded(
    walk: ParityWalk,
    bits: Sequence[Qubit],
    zero: Qubit,
    characters: list[int],
    phases: NDArray[np.float64],
    clean: Sequence[Qubit],
) -> None:
    """Make the phases by half a multiplexer, since arg G_(-j) = pi j - arg G_j; bits[t] holds j_t.

    -j has the bits of j above its lowest 1 flipped. So with u_b = 1 where the top bit s and all bits below b are 0,
    r_b = j_b + s + u_b is the same for j and -j: a rotation of s about Z, multiplexed by r_0 = j_0, r_1, ..., is all.
    The u_b need clean qubits, and their last one leaves two controls for the rotation of z.
    """
    *low, top = bits
    chain, flips = _fold(low, top, clean)
    for operation, *qubits in chain:
        walk.gate(operation, *qubits)
    # The last u_b is 1 and the bit above it is 0 at j = 0 alone.
    walk.gate(XGate(), clean[-1])
    ZeroRotation(len(phases) + 1).append(walk, [clean[-1], low[-1]], zero)
    walk.gate(XGate(), clean[-1])
    for operation, *qubits in flips:
        walk.gate(operation, *qubits)
    walk.phase(characters[0], np.pi / 2)
    angles = np.zeros(len(phases) // 2)
    for j in range(len(angles)):
        angles[_label(j, len(low))] = phases[j] - np.pi / 2 * (j & 1)
    walk.gate(UCRZGate(list(-2 * angles)), top, *low)
    for operation, *qubits in [*flips[::-1], *[(gate.inverse(), *qubits) for gate, *qubits in chain[::-1]]]:
        walk.gate(operation, *qubits)


_Step = tuple[Gate, *tuple[Qubit, ...]]


def _fold(low: Sequence[Qubit], top: Qubit, clean: Sequence[Qubit]) -> tuple[list[_Step], list[_Step]]:
    """Return the gates that make u_1, ..., on the clean qubits, and those that make r_b of j_b."""
    chain: list[_Step] = [(XGate(), top)]
    above = top
    for bit, made in zip(low, clean, strict=False):
        chain += [(XGate(), bit), (RCCXGate(), above, bit, made), (XGate(), bit)]
        above = made
    flips: list[_Step] = []
    for bit, made in zip(low[1:], clean, strict=True):
        flips += [(CXGate(), top, bit), (CXGate(), made, bit)]
    return [*chain, (XGate(), top)], flips


def _label(j: int, bits: int) -> int:
    """Return r for j below the middle, where s = 0: all bits above the lowest 0s of j stay as they are."""
    label = j
    for b in range(1, bits):
        if not j & ((1 << b) - 1):
            label ^= 1 << b
    return label
