"""Tables of the kernels for packed points, made once for a plan: planes of bits, and the tree of groups."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from classical.ridgelet.dequantized.plan import Plan
from classical.ridgelet.dequantized.randomness import digits_per_word
from problems.compiling import compiled
from problems.finite_field import row_blocks
from problems.registers import LANES
from problems.ridgelet.products.planes import BLOCK, TABULATED, aligned, bit_table, pack, sign_table, tabulate

__all__ = ["PADDING", "Tables", "make_tables"]

WIDE = 40
"""From so many positions a group on average, the outcomes of a level are summed run by run, in vectors."""

PADDING = 8
"""Columns added to arrays whose rows would else compete for the same lines of the cache."""


class Tables(NamedTuple):
    """Everything that the kernels read.

    The groups of the levels that are `WIDE`, and their runs, the groups of the next level, are a tree in arrays:
    group 0 is all points.

    Attributes
    ----------
    prime, joint, dimension, functionals, wide
        P, the functionals of a level, D, M, and how many of the first levels are wide, at least one.
    planes
        The bits of block i, coordinate j, plane t (of digit t + 1) and word w of the block: shape
        (blocks, D, P - 1, LANES), flat.
    combined
        The same of k.y for each level behind the first and each outcome k: shape
        (blocks, L - 1, Q, P - 1, LANES), flat.
    coordinates
        Which coordinate is place s of table g, shape (G, size); -1 for none.
    begin, end, parent, child
        The positions of a group, its parent, and its first run: shape (groups,).
    outcome
        The number of a group's outcome on the level that made it.
    home
        The smallest wide group of each position, shape (K,).
    amplitudes
        Amplitudes of each output, 0 behind the last position: shape (C, positions), flat.
    outcomes
        The number of a position's outcome on each level, shape (L, K).
    root
        w^t, shape (2P,): real parts, then imaginary ones.
    shared
        As in the plan.
    steps
        sum_f k_f A_f mod P over the functionals of a level, for each outcome k, coordinates in bytes: shape
        (L, Q, words).
    expanded, signs
        What a byte says of its positions: its bits as 0 and 1, shape (256, 8), flat; and w^t, from `sign_table`.
    by_cos, by_sin
        sum_t r(t - b) w^t, shape (P,).
    """

    prime: int
    joint: int
    dimension: int
    functionals: int
    wide: int
    planes: NDArray[np.uint64]
    combined: NDArray[np.uint64]
    coordinates: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    parent: NDArray[np.int64]
    child: NDArray[np.int64]
    outcome: NDArray[np.int64]
    home: NDArray[np.int32]
    amplitudes: NDArray[np.float64]
    outcomes: NDArray[np.uint8]
    root: NDArray[np.float64]
    shared: NDArray[np.uint8]
    steps: NDArray[np.uint64]
    expanded: NDArray[np.float64]
    signs: NDArray[np.float64]
    by_cos: NDArray[np.float64]
    by_sin: NDArray[np.float64]


def make_tables(plan: Plan) -> Tables:
    """Prepare what the kernels read."""
    prime, joint, count, levels = plan.prime, plan.joint, len(plan.order), len(plan.levels)
    powers = prime ** np.arange(joint)
    digits = np.arange(prime**joint)[:, None] // powers % prime
    # Without functionals, level 0 has one outcome, so that the kernels need not know the case.
    outcomes = np.zeros((max(levels, 1), count), dtype=np.uint8)
    # Eight coordinates in a word and eight words in a vector: rows of whole vectors, zeros behind.
    steps = np.zeros((levels, len(digits), -(-plan.dimension // (8 * LANES)) * 8 * LANES), dtype=np.uint8)
    for level, functionals in enumerate(plan.levels):
        for power, keys in zip(powers, plan.keys[functionals], strict=False):
            outcomes[level] += np.uint8(power) * keys
        tail = plan.tail[functionals]
        steps[level, :, : plan.dimension] = digits[:, : len(tail)] @ tail % prime
    # Positions behind the last one have amplitude 0, so that blocks are summed whole, whatever their bits say.
    length = -(-count // BLOCK) * BLOCK
    amplitudes = np.zeros((len(plan.amplitudes), length))
    amplitudes[:, :count] = plan.amplitudes
    angle = 2 * np.pi * np.arange(prime) / prime
    shifted = plan.ridgelet[np.subtract.outer(np.arange(prime), np.arange(prime)) % prime]
    planes, combined = _planes(plan)
    return Tables(
        prime=prime,
        joint=joint,
        dimension=plan.dimension,
        functionals=len(plan.tail),
        planes=planes,
        combined=combined,
        coordinates=_coordinates(plan),
        amplitudes=aligned(amplitudes),
        outcomes=outcomes,
        root=np.concatenate([np.cos(angle), np.sin(angle)]),
        shared=plan.shared,
        steps=steps.view(np.uint64),
        expanded=bit_table(),
        signs=sign_table(prime),
        by_cos=np.cos(angle) @ shifted,
        by_sin=np.sin(angle) @ shifted,
        **_tree(plan, outcomes),
    )


def _planes(plan: Plan) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the fields `planes` and `combined`."""
    prime, (count, dimension), functionals = plan.prime, plan.data.shape, len(plan.tail)
    blocks, finer = -(-count // BLOCK), max(len(plan.levels) - 1, 0)
    planes = np.zeros((blocks, dimension, prime - 1, LANES), dtype=np.uint64)
    combined = np.zeros((blocks, finer * prime**plan.joint * (prime - 1) * LANES), dtype=np.uint64)
    rows = np.arange((finer + 1) * plan.joint).reshape(finer + 1, plan.joint)[1:]
    rows[rows >= functionals] = -1  # the last level may have fewer
    # Part by part: data mapped from a file need not fit in memory, its packed form takes an eighth of it or a quarter.
    for part in row_blocks(blocks, BLOCK * (dimension + functionals)):
        positions = slice(BLOCK * part.start, BLOCK * part.stop)
        points = np.asarray(plan.data.take(plan.order[positions])).astype(np.uint8, copy=False)
        pack(np.ascontiguousarray(points), planes[part])
        keys = np.zeros((part.stop - part.start, functionals, prime - 1, LANES), dtype=np.uint64)
        pack(np.ascontiguousarray(plan.keys[:, positions].T), keys)
        _combine(prime, keys, rows, combined[part])
    return planes.reshape(-1), combined.reshape(-1)


@compiled
def _combine(prime: int, keys: Any, rows: Any, combined: Any) -> None:
    """Write the combinations of functionals, given as planes (blocks, M, P - 1, LANES), in each block."""
    for block in range(len(keys)):
        tabulate(prime, keys[block].reshape(-1), np.int64(0), rows, combined[block])


def _coordinates(plan: Plan) -> NDArray[np.int64]:
    """Tell which coordinates a table holds: consecutive digits of one word, see `digits_of`."""
    # A word of random digits is taken apart by one division for each table, not for each coordinate.
    size, digits = TABULATED[plan.prime], digits_per_word(plan.prime, plan.dimension)
    words = -(-plan.dimension // digits)
    places = -(-plan.dimension // words)
    tables = -(-places // size)
    place = np.arange(tables)[:, None, None] * size + np.arange(size)
    coordinates = place * words + np.arange(words)[:, None]
    coordinates[coordinates >= plan.dimension] = -1
    return coordinates.reshape(tables * words, size)


def _tree(plan: Plan, outcomes: NDArray[np.uint8]) -> dict[str, Any]:
    """Return the fields of the tree, `wide` to `home`."""
    count = len(plan.order)
    edges = [np.array([0, count])]
    # Positions are sorted so that groups are runs of them, on every level: a group is where it begins and ends.
    while len(edges) == 1 or (len(edges) <= len(plan.levels) and count >= WIDE * (len(edges[-1]) - 1)):
        edges.append(np.flatnonzero(plan.shared < len(edges)))
    sizes = [len(edge) - 1 for edge in edges]
    offset = np.concatenate([[0], np.cumsum(sizes)])
    parents, children, made = [np.array([0])], [], [np.array([0])]
    for depth in range(1, len(edges)):
        begin = edges[depth][:-1]
        # Edges of a coarser level are edges of every finer one.
        parents.append(offset[depth - 1] + np.searchsorted(edges[depth - 1], begin, side="right") - 1)
        children.append(offset[depth] + np.searchsorted(begin, edges[depth - 1][:-1]))
        made.append(outcomes[depth - 1, begin].astype(np.int64))
    # The finest level of the tree has runs only: they are summed into outcomes, and never groups themselves.
    home = np.repeat(np.arange(offset[-3], offset[-2], dtype=np.int32), np.diff(edges[-2]))
    return {
        "wide": len(edges) - 1,
        "begin": np.concatenate([edge[:-1] for edge in edges]),
        "end": np.concatenate([edge[1:] for edge in edges]),
        "parent": np.concatenate(parents),
        "child": np.concatenate([*children, [offset[-1]]]),
        "outcome": np.concatenate(made),
        "home": home,
    }
