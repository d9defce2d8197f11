"""Vector registers for compiled loops: the one door to LLVM's own language.

Numba compiles loops over arrays, and leaves it to LLVM to find vectors in them. It finds none where a loop looks up a
table by the bits of a byte, adds in Z_3 by logic, or keeps two dozen sums in registers: just the loops in which the
samplers spend their time. What they need is written here as a handful of operations, each a line or two of LLVM, which
becomes what the processor has (AVX-512, AVX2, NEON), and is called from compiled code like any function.

`vectors` has eight words or doubles in a register, `residues` 32 or 16 residues, and `blocks` a piece of a matrix
product in bytes, for processors that multiply and add them by one instruction. Nothing else in the suite writes LLVM,
and callers name this package alone.
"""

from problems.registers.blocks import (
    BLOCK_NODES,
    BLOCK_POINTS,
    dot,
    multiplies_integers,
)
from problems.registers.residues import add_multiple, load_residues, reduce, store_sum
from problems.registers.rounding import ROUND, ROUND_SINGLE
from problems.registers.vectors import (
    LANES,
    add,
    add_pair,
    add_words,
    either,
    high_halves,
    load_twice,
    load_vector,
    low_halves,
    multiply_add,
    store_vector,
    subtract,
    sum_of,
    sum_of_high,
    sum_of_low,
    xor,
    zero_vector,
)

__all__ = [
    "BLOCK_NODES",
    "BLOCK_POINTS",
    "LANES",
    "ROUND",
    "ROUND_SINGLE",
    "add",
    "add_multiple",
    "add_pair",
    "add_words",
    "dot",
    "either",
    "high_halves",
    "load_residues",
    "load_twice",
    "load_vector",
    "low_halves",
    "multiplies_integers",
    "multiply_add",
    "reduce",
    "store_sum",
    "store_vector",
    "subtract",
    "sum_of",
    "sum_of_high",
    "sum_of_low",
    "xor",
    "zero_vector",
]
