"""The matrix product in whole numbers, for processors that multiply and add bytes (x86 with AVX-512 VNNI).

Such a processor multiplies four times as many bytes, or twice as many 16-bit numbers, as single-precision numbers in
the same time. So here the product costs a fraction of the floating-point one, which `products` has for all others.
"""

from typing import Any

import numpy as np
from llvmlite import binding, ir
from numba import config, extending, types
from numba.core import cgutils

from problems.compiling import compiled
from problems.ridgelet.products.rounding import ROUND_SINGLE

__all__ = ["integer_products", "multiplies_integers"]

EXACT = 2**24
"""Whole numbers up to here are exact in single precision."""

NODES, VECTORS, LANES = 6, 4, 16
"""A block of products: nodes, and vectors of 32-bit sums; 24 of 32 registers hold sums."""

POINTS = VECTORS * LANES
"""Points of a block."""

BLOCKS = 4
"""Blocks of points that pass over a chunk of all nodes together."""

STEPS = 512
"""Steps of a chunk, at most: 512 KiB of points stay near the processor."""

intrinsic: Any = extending.intrinsic  # what it makes is called without the typing context


def multiplies_integers() -> bool:
    """Return whether the processor that Numba compiles for has the instructions."""
    settings: Any = config
    if settings.CPU_NAME or settings.CPU_FEATURES is not None:
        return "+avx512vnni" in (settings.CPU_FEATURES or "")
    return bool(binding.get_host_cpu_features().get("avx512vnni"))


VECTOR = ir.VectorType(ir.IntType(32), LANES)
FLOATS = ir.VectorType(ir.FloatType(), LANES)


def _vector_at(builder: Any, pointer: Any, offset: Any, kind: Any = VECTOR) -> Any:
    return builder.bitcast(builder.gep(pointer, [offset]), kind.as_pointer())


def _everywhere(builder: Any, value: Any, kind: Any) -> Any:
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    lanes = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, ir.Constant(kind, ir.Undefined), lanes)


def _modulo(builder: Any, value: Any, prime: Any) -> Any:
    """Return whole numbers modulo P: in single precision, as in `products`."""
    number = builder.sitofp(value, FLOATS)
    scale = builder.fdiv(ir.Constant(FLOATS, [1.0] * LANES), prime)
    round_off = ir.Constant(FLOATS, [float(ROUND_SINGLE)] * LANES)
    quotient = builder.fsub(builder.fadd(builder.fmul(number, scale), round_off), round_off)
    rest = builder.fsub(number, builder.fmul(quotient, prime))
    negative = builder.fcmp_ordered("<", rest, ir.Constant(FLOATS, [0.0] * LANES))
    return builder.fptosi(builder.select(negative, builder.fadd(rest, prime), rest), VECTOR)


def _block_of_products(instruction: str) -> Any:
    @intrinsic
    def block_of_products(
        typing_context: Any,
        left: Any,
        left_at: Any,
        right: Any,
        right_at: Any,
        steps: Any,
        prime: Any,
        total: Any,
        total_at: Any,
        out: Any,
        out_at: Any,
        stride: Any,
    ) -> Any:
        """Write total (6, 64) + left (6, steps) times right (steps, 64), modulo P, into six rows of out.

        Entries of left and right are as many coordinates as 32 bits hold. Each array is contiguous, and each block
        begins at an offset into it; `stride` is how many entries of out lie between its rows.
        """

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            left, right, total, out = (
                builder.gep(
                    context.make_array(signature.args[i])(context, builder, value=arguments[i]).data,
                    [arguments[i + 1]],
                )
                for i in (0, 2, 6, 8)
            )
            steps, prime, stride = arguments[4], _everywhere(builder, arguments[5], FLOATS), arguments[10]
            index = steps.type
            multiply = cgutils.get_or_insert_function(
                builder.module, ir.FunctionType(VECTOR, [VECTOR] * 3), instruction
            )
            sums = [cgutils.alloca_once(builder, VECTOR) for _ in range(NODES * VECTORS)]
            for i, here in enumerate(sums):
                builder.store(builder.load(_vector_at(builder, total, index(LANES * i)), align=4), here)
            with cgutils.for_range(builder, steps) as loop:
                first = builder.mul(loop.index, index(POINTS))
                points = [
                    builder.load(_vector_at(builder, right, builder.add(first, index(LANES * v))), align=4)
                    for v in range(VECTORS)
                ]
                for node in range(NODES):
                    place = builder.add(builder.mul(steps, index(node)), loop.index)
                    weights = _everywhere(builder, builder.load(builder.gep(left, [place])), VECTOR)
                    for v in range(VECTORS):
                        here = sums[VECTORS * node + v]
                        builder.store(builder.call(multiply, [builder.load(here), points[v], weights]), here)
            element = context.get_value_type(signature.args[8].dtype)
            kind = ir.VectorType(element, LANES)
            for i, here in enumerate(sums):
                node, v = divmod(i, VECTORS)
                place = builder.add(builder.mul(stride, index(node)), index(LANES * v))
                rest = _modulo(builder, builder.load(here), prime)
                if element.width < 32:
                    rest = builder.trunc(rest, kind)
                builder.store(rest, _vector_at(builder, out, place, kind), align=1)
            return context.get_dummy_value()

        at = types.intp
        return types.void(left, at, right, at, at, types.float32, total, at, out, at, at), generate

    return block_of_products


_add_bytes = _block_of_products("llvm.x86.avx512.vpdpbusd.512")
_add_words = _block_of_products("llvm.x86.avx512.vpdpwssd.512")


@compiled
def _place(digits: Any, first: int, prime: int, half: int, row: Any) -> None:
    """Write the residues of one row from coordinate `first` on, those above `half` less P, and zeros behind."""
    length = min(row.size, digits.size - first)
    part = digits[first : first + length]
    for j in range(length):
        digit = np.int32(part[j])
        row[j] = digit - np.int32(prime) if digit > np.int32(half) else digit
    row[length:] = 0


@compiled
def _turn(points: Any, rows: Any, first: int, prime: int, narrow: bool, lines: Any, out: Any) -> None:
    """Write coordinates from `first` on of up to 64 points across out (steps, 64); the last point fills what is left.

    Scratch are `lines`, shape (64, steps).
    """
    for m in range(POINTS):
        digits = points[rows[min(m, rows.size - 1)]]
        if narrow:
            _place(digits, first, prime, prime - 1, lines[m].view(np.uint8))
        else:
            _place(digits, first, prime, prime // 2, lines[m].view(np.int16))
    for s in range(len(out)):
        across = out[s]
        for m in range(POINTS):
            across[m] = lines[m, s]


@compiled
def integer_products(u: Any, points: Any, rows: Any, prime: int, out: Any) -> None:
    """Write u.x mod P of nodes (n, D) and the points points[rows] into out (m, K), m >= n.

    Parameters
    ----------
    u
        Residues, shape (n, D).
    points, rows
        The data, and the row of each position.
    prime
        The prime P, from 5 to 1021.
    out
        Filled with residues.
    """
    n, dimension = u.shape
    # Four unsigned bytes of points times four signed ones of strings at a time, or two signed 16-bit numbers of each.
    narrow = prime <= 256
    step = 4 if narrow else 2
    largest = (prime - 1 if narrow else prime // 2) * (prime // 2)
    steps = min(-(-dimension // step), STEPS, (EXACT - prime) // largest // step)
    chunks = -(-dimension // (step * steps))
    groups, count, divisor = -(-n // NODES), rows.size, np.float32(prime)
    left = np.empty((chunks, groups * NODES, steps), dtype=np.int32)
    for chunk in range(chunks):
        for i in range(groups * NODES):
            digits, row = u[min(i, n - 1)], left[chunk, i]
            if narrow:
                _place(digits, chunk * steps * step, prime, prime // 2, row.view(np.int8))
            else:
                _place(digits, chunk * steps * step, prime, prime // 2, row.view(np.int16))
    right, lines = np.empty((BLOCKS, steps, POINTS), dtype=np.int32), np.empty((POINTS, steps), dtype=np.int32)
    edge = np.empty((NODES, POINTS), dtype=out.dtype)
    # The first block of sums stays zero; behind it are those of the chunks before.
    total = np.zeros((1 + (groups * BLOCKS if chunks > 1 else 0), NODES, POINTS), dtype=np.int32)
    for start in range(0, count, BLOCKS * POINTS):
        blocks = min(BLOCKS, -(-(count - start) // POINTS))
        for chunk in range(chunks):
            for block in range(blocks):
                _turn(points, rows[start + block * POINTS :], chunk * steps * step, prime, narrow, lines, right[block])
            for i in range(groups * blocks):
                group, block = i // blocks, i % blocks
                left_at, right_at = (chunk * groups + group) * NODES * steps, block * steps * POINTS
                here = (1 + group * BLOCKS + block) * NODES * POINTS
                before = here if chunk > 0 else 0
                if chunk < chunks - 1:
                    if narrow:
                        _add_bytes(left, left_at, right, right_at, steps, divisor, total, before, total, here, POINTS)
                    else:
                        _add_words(left, left_at, right, right_at, steps, divisor, total, before, total, here, POINTS)
                    continue
                node, first = group * NODES, start + block * POINTS
                whole = node + NODES <= n and first + POINTS <= count
                to, at, stride = (out, node * count + first, count) if whole else (edge, 0, POINTS)
                if narrow:
                    _add_bytes(left, left_at, right, right_at, steps, divisor, total, before, to, at, stride)
                else:
                    _add_words(left, left_at, right, right_at, steps, divisor, total, before, to, at, stride)
                if not whole:
                    for r in range(min(NODES, n - node)):
                        for m in range(min(POINTS, count - first)):
                            out[node + r, first + m] = edge[r, m]
