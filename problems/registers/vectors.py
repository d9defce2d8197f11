"""Eight words of bits, or eight amplitudes, in a register: what packed points are multiplied and summed with."""

from typing import Any

from llvmlite import ir
from numba import types

from problems.registers.emitting import Vector, data_of, intrinsic

__all__ = [
    "LANES",
    "add",
    "add_pair",
    "add_words",
    "either",
    "high_halves",
    "load_twice",
    "load_vector",
    "low_halves",
    "multiply_add",
    "store_vector",
    "subtract",
    "sum_of",
    "sum_of_high",
    "sum_of_low",
    "xor",
    "zero_vector",
]

LANES = 8
"""Words, or amplitudes, in a vector: 512 bits, one register of the widest processors and several of the others."""

WORDS, DOUBLES = Vector(types.uint64, LANES), Vector(types.float64, LANES)


def _address(context: Any, builder: Any, array_type: Any, array: Any, index: Any, vector: Any) -> Any:
    data = data_of(context, builder, array_type, array, index)
    return builder.bitcast(data, context.get_value_type(vector).as_pointer())


@intrinsic
def load_vector(typing_context: Any, array: Any, index: Any) -> Any:
    """Read a vector from a contiguous array (m,), from an index on."""
    vector = Vector(array.dtype, LANES)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        # Aligned as NumPy guarantees it, to an entry. Asking for a whole vector would crash on any other array.
        return builder.load(_address(context, builder, signature.args[0], arguments[0], arguments[1], vector), align=8)

    return vector(array, types.intp), generate


@intrinsic
def store_vector(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """Write a vector into a contiguous array (m,), from an index on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _address(context, builder, signature.args[0], arguments[0], arguments[1], value)
        builder.store(arguments[2], place, align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, value), generate


def _operation(name: str, vector: Vector) -> Any:
    @intrinsic
    def operation(typing_context: Any, x: Any, y: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return getattr(builder, name)(*arguments)

        return vector(vector, vector), generate

    return operation


xor, either, add_words = (_operation(name, WORDS) for name in ("xor", "or_", "add"))


add, subtract = (_operation(name, DOUBLES) for name in ("fadd", "fsub"))


def _halves(high: bool) -> Any:
    @intrinsic
    def halves(typing_context: Any, p: Any, q: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = context.get_value_type(WORDS)
            # Whole words are shifted, which moves bits between bytes; the masks drop those that came over.
            below, above, four = (
                ir.Constant(kind, [word] * LANES) for word in (0x0F0F0F0F0F0F0F0F, 0xF0F0F0F0F0F0F0F0, 4)
            )
            p, q = arguments
            if high:
                return builder.or_(builder.and_(builder.lshr(p, four), below), builder.and_(q, above))
            return builder.or_(builder.and_(p, below), builder.and_(builder.shl(q, four), above))

        return WORDS(WORDS, WORDS), generate

    return halves


low_halves, high_halves = _halves(False), _halves(True)
"""Put the low, or the high, four bits of each byte of two vectors together."""


@intrinsic
def load_twice(typing_context: Any, array: Any, index: Any) -> Any:
    """Read half a vector from a contiguous array (m,), and double it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = data_of(context, builder, signature.args[0], arguments[0], arguments[1])
        half = ir.VectorType(ir.DoubleType(), LANES // 2)
        value = builder.load(builder.bitcast(data, half.as_pointer()), align=8)
        # One amplitude meets the real part of w^t in the lower half, and its imaginary part in the upper one.
        lanes = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [*range(LANES // 2)] * 2)
        return builder.shuffle_vector(value, value, lanes)

    return DOUBLES(array, types.intp), generate


@intrinsic
def multiply_add(typing_context: Any, total: Any, x: Any, y: Any) -> Any:
    """Return total + x y."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        # "contract" allows one instruction, with one rounding, where the processor has it.
        product = builder.fmul(arguments[1], arguments[2], flags=("contract",))
        return builder.fadd(arguments[0], product, flags=("contract",))

    return DOUBLES(DOUBLES, DOUBLES, DOUBLES), generate


@intrinsic
def add_pair(typing_context: Any, total: Any, index: Any, factor: Any, pairs: Any, other: Any) -> Any:
    """Add a multiple of two numbers that lie side by side to two others; contiguous arrays of 64-bit numbers."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        total_array, index, factor, pairs_array, other = arguments
        # A real and an imaginary part at once: left to itself, LLVM reads, adds and writes them one by one.
        kind = ir.VectorType(ir.DoubleType(), 2)
        place, read = (
            builder.bitcast(data_of(context, builder, array_type, array, at), kind.as_pointer())
            for array_type, array, at in ((total, total_array, index), (pairs, pairs_array, other))
        )
        both = ir.Constant(kind, ir.Undefined)
        for lane in range(2):
            both = builder.insert_element(both, factor, ir.Constant(ir.IntType(32), lane))
        product = builder.fmul(both, builder.load(read, align=8), flags=("contract",))
        builder.store(builder.fadd(builder.load(place, align=8), product, flags=("contract",)), place, align=8)
        return context.get_dummy_value()

    return types.void(total, types.intp, types.float64, pairs, types.intp), generate


@intrinsic
def zero_vector(typing_context: Any) -> Any:
    """Return a vector of zeros."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return ir.Constant(context.get_value_type(DOUBLES), None)

    return DOUBLES(), generate


def _sum_of(first: int, width: int) -> Any:
    @intrinsic
    def total(typing_context: Any, vector: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            (value,), left, begin = arguments, width, first
            # Folded in half again and again: three additions for eight numbers, in one order on every processor.
            while left > 1:
                left //= 2
                low, high = (
                    builder.shuffle_vector(value, value, ir.Constant(ir.VectorType(ir.IntType(32), left), list(lanes)))
                    for lanes in (range(begin, begin + left), range(begin + left, begin + 2 * left))
                )
                value, begin = builder.fadd(low, high), 0
            return builder.extract_element(value, ir.Constant(ir.IntType(32), 0))

        return types.float64(DOUBLES), generate

    return total


sum_of, sum_of_low, sum_of_high = _sum_of(0, LANES), _sum_of(0, LANES // 2), _sum_of(LANES // 2, LANES // 2)
"""Sum a vector, or its first or second half."""
