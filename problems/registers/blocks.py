"""A block of a matrix product in whole numbers, by the instructions of x86 with AVX-512 VNNI."""

from typing import Any

from llvmlite import binding, ir
from numba import config, types
from numba.core import cgutils

from problems.registers.emitting import constant, data_of, everywhere, intrinsic, single_remainder

__all__ = [
    "BLOCK_NODES",
    "BLOCK_POINTS",
    "dot",
    "multiplies_integers",
]

BLOCK_NODES, VECTORS, LANES = 6, 4, 16
"""Nodes of a block, and vectors of 32-bit sums for each: 24 of 32 registers hold sums. The rest hold four vectors of
points and one of weights, so that nothing is written to memory before all steps are done."""

BLOCK_POINTS = VECTORS * LANES
"""Points of a block."""

SUMS = ir.VectorType(ir.IntType(32), LANES)
FLOATS = ir.VectorType(ir.FloatType(), LANES)


def multiplies_integers() -> bool:
    """Return whether the processor that Numba compiles for has the instructions."""
    settings: Any = config
    # Whoever sets either compiles for another processor than this one.
    if settings.CPU_NAME or settings.CPU_FEATURES is not None:
        return "+avx512vnni" in (settings.CPU_FEATURES or "")
    return bool(binding.get_host_cpu_features().get("avx512vnni"))


def _vector_at(builder: Any, pointer: Any, offset: Any, kind: Any = SUMS) -> Any:
    return builder.bitcast(builder.gep(pointer, [offset]), kind.as_pointer())


def _modulo(builder: Any, value: Any, prime: Any) -> Any:
    """Return sums modulo P, in single precision: callers keep them below 2^24."""
    scale = builder.fdiv(constant(FLOATS, 1.0), prime)
    return builder.fptosi(single_remainder(builder, builder.sitofp(value, FLOATS), scale, prime), SUMS)


INSTRUCTIONS = {1: "llvm.x86.avx512.vpdpbusd.512", 2: "llvm.x86.avx512.vpdpwssd.512"}
"""By the bytes of a residue. The first multiplies unsigned bytes by signed ones, four at a time, the other signed
16-bit numbers, two at a time."""


@intrinsic
def dot(
    typing_context: Any,
    residues: Any,
    room: Any,
    left_at: Any,
    right_at: Any,
    steps: Any,
    prime: Any,
    total_at: Any,
    out: Any,
    out_at: Any,
    stride: Any,
) -> Any:
    """Write total (6, 64) + left (6, steps) times right (steps, 64), modulo P, into six rows of out.

    Left, right and total are places in `room`, whose entries are as many coordinates as 32 bits hold, or a sum; how
    many is told by the type of `residues`, an array that is not read. Arrays are contiguous, and each block begins
    at an offset; `stride` is how many entries of out lie between its rows.
    """
    instruction = INSTRUCTIONS[residues.dtype.bitwidth // 8]

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        _, room, left_at, right_at, steps, prime, total_at, out, out_at, stride = arguments
        left, right, total = (
            data_of(context, builder, signature.args[1], room, at) for at in (left_at, right_at, total_at)
        )
        out = data_of(context, builder, signature.args[7], out, out_at)
        index, prime = steps.type, everywhere(builder, prime, FLOATS)
        multiply = cgutils.get_or_insert_function(builder.module, ir.FunctionType(SUMS, [SUMS] * 3), instruction)
        # Variables on the stack, by name only: LLVM moves each to a register, as nothing takes its address.
        sums = [cgutils.alloca_once(builder, SUMS) for _ in range(BLOCK_NODES * VECTORS)]
        for i, here in enumerate(sums):
            builder.store(builder.load(_vector_at(builder, total, index(LANES * i)), align=4), here)
        with cgutils.for_range(builder, steps) as loop:
            first = builder.mul(loop.index, index(BLOCK_POINTS))
            # Points are read once for all nodes, and each weight once for all points: ten reads for 24 products.
            points = [
                builder.load(_vector_at(builder, right, builder.add(first, index(LANES * v))), align=4)
                for v in range(VECTORS)
            ]
            for node in range(BLOCK_NODES):
                place = builder.add(builder.mul(steps, index(node)), loop.index)
                weights = everywhere(builder, builder.load(builder.gep(left, [place])), SUMS)
                for v in range(VECTORS):
                    here = sums[VECTORS * node + v]
                    builder.store(builder.call(multiply, [builder.load(here), points[v], weights]), here)
        element = context.get_value_type(signature.args[7].dtype)
        kind = ir.VectorType(element, LANES)
        for i, here in enumerate(sums):
            node, v = divmod(i, VECTORS)
            place = builder.add(builder.mul(stride, index(node)), index(LANES * v))
            rest = _modulo(builder, builder.load(here), prime)
            if element.width < 32:
                rest = builder.trunc(rest, kind)
            # Rows of out begin anywhere.
            builder.store(rest, _vector_at(builder, out, place, kind), align=1)
        return context.get_dummy_value()

    at = types.intp
    return types.void(residues, room, at, at, at, types.float32, at, out, at, at), generate
