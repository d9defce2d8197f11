"""Tables of the kernels for residues, made once for a plan: roots of unity, characters, and positions by outcome."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.compiled.phases import PADDING, phase_type
from classical.ridgelet.dequantized.plan import Plan
from problems.compiling import compiled
from problems.registers import LANES

__all__ = ["SMALL", "Tables", "make_tables", "padded"]

SMALL = 64
"""Levels of so few outcomes are transformed by one product with all characters."""


class Tables(NamedTuple):
    """Everything that the kernels read, Q being the number of outcomes of a level.

    Attributes
    ----------
    prime, joint
        P, and the functionals of a level.
    tail, shared, amplitudes
        As in the plan.
    keys
        The same as the plan's, flat, and room behind.
    outcomes
        The number of a position's outcome on each level, shape (L, K).
    begin, end
        The positions of each outcome on the first level: shape (Q,).
    offset
        Where the row of a position's outcome on the first level begins in a table, shape (K + `PADDING`,).
    nothing
        Zeros: the offset where there is no table.
    cos, sin
        w^t, and zeros behind: shape (padded(P),).
    turns
        The same in turn: shape (2P,).
    level_cos, level_sin
        The characters w^(k.y) of a level, shape (Q, Q); empty beyond `SMALL`.
    characters
        The same as one real matrix, shape (2Q, 2Q), from real and imaginary parts in turn to all real parts, then all
        imaginary ones; empty beyond `SMALL`.
    level_dot
        k.y mod P, shape (Q, Q).
    even, odd
        cos and sin of 2 pi k y/P for k, y = 0..(P-1)/2: the transform folded in half.
    ridgelet
        r(t - b), shape (P, P).
    """

    prime: int
    joint: int
    tail: NDArray[np.float32]
    keys: NDArray[np.unsignedinteger]
    outcomes: NDArray[np.unsignedinteger]
    begin: NDArray[np.intp]
    end: NDArray[np.intp]
    offset: NDArray[np.unsignedinteger]
    nothing: NDArray[np.unsignedinteger]
    shared: NDArray[np.uint8]
    amplitudes: NDArray[np.float64]
    cos: NDArray[np.float64]
    sin: NDArray[np.float64]
    turns: NDArray[np.float64]
    level_cos: NDArray[np.float64]
    level_sin: NDArray[np.float64]
    characters: NDArray[np.float64]
    level_dot: NDArray[np.uint16]
    even: NDArray[np.float64]
    odd: NDArray[np.float64]
    ridgelet: NDArray[np.float64]


@compiled
def padded(prime: int) -> int:
    """Return how far the rows of a table of phases are apart: P in whole vectors."""
    return -(-prime // LANES) * LANES


def make_tables(plan: Plan) -> Tables:
    """Tabulate what the kernels read."""
    prime = plan.prime
    angle = 2 * np.pi * np.arange(prime) / prime
    cos, sin = np.cos(angle), np.sin(angle)
    powers = prime ** np.arange(plan.joint)
    digits = np.arange(prime**plan.joint)[:, None] // powers % prime
    dot = digits @ digits.T % prime
    # cos is even and sin odd in y: half of either says all.
    half = np.outer(np.arange(prime // 2 + 1), np.arange(prime // 2 + 1)) % prime
    shift = np.subtract.outer(np.arange(prime), np.arange(prime)) % prime
    # Behind arrays that are read in registers there is room for one.
    room, phases = np.zeros(PADDING, dtype=plan.keys.dtype), phase_type(plan.keys.dtype)
    outcomes = plan.keys
    if plan.joint > 1:
        outcomes = np.zeros((len(plan.levels), len(plan.order)), dtype=plan.keys.dtype)
        for level, functionals in enumerate(plan.levels):
            for power, keys in zip(powers, plan.keys[functionals], strict=False):
                outcomes[level] += outcomes.dtype.type(power) * keys
    # Of the coarsest level alone: a group of a finer one is found by `shared`, from m0 on.
    begin, counts = np.zeros((2, len(digits)), dtype=np.intp)
    for level_outcomes in outcomes[:1]:
        present, first, sizes = np.unique(level_outcomes, return_index=True, return_counts=True)
        begin[present], counts[present] = first, sizes
    level_cos = level_sin = characters = np.empty((0, 0))
    if len(dot) <= SMALL:
        level_cos, level_sin = cos[dot], sin[dot]
        # From real and imaginary parts in turn to all real parts, then all imaginary ones.
        both = [np.hstack([level_cos, level_sin]), np.hstack([-level_sin, level_cos])]
        characters = np.stack(both, axis=1).reshape(2 * len(dot), -1)
    return Tables(
        prime,
        plan.joint,
        plan.tail.astype(np.float32),
        np.concatenate([plan.keys.ravel(), room]),
        outcomes,
        begin,
        begin + counts,
        # A phase plus this is the cell itself, so that nothing is multiplied where cells are filled.
        np.concatenate([padded(prime) * outcomes[:1].sum(axis=0, dtype=np.int64), room]).astype(phases),
        np.zeros(len(plan.order) + PADDING, dtype=phases),
        plan.shared,
        plan.amplitudes,
        np.pad(cos, (0, padded(prime) - prime)),
        np.pad(sin, (0, padded(prime) - prime)),
        np.column_stack([cos, sin]).ravel(),
        level_cos,
        level_sin,
        characters,
        dot.astype(np.uint16),
        cos[half],
        sin[half],
        plan.ridgelet[shift],
    )
