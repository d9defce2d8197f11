"""Residues in a register: 32 whole numbers below 2^16 where residues are bytes, else 16 single-precision numbers."""

from typing import Any

from llvmlite import ir
from numba import types

from problems.registers.emitting import Vector, constant, data_of, everywhere, intrinsic, single_remainder

__all__ = ["add_multiple", "load_residues", "reduce", "store_sum"]

HALVES, SINGLES = Vector(types.uint16, 32), Vector(types.float32, 16)
"""Both are 512 bits. Residues beyond a byte leave no room for sums of products in 16 bits, and the product of 32-bit
whole numbers is slow on many processors; single-precision numbers are exact below 2^24."""


def _read(context: Any, builder: Any, array_type: Any, array: Any, index: Any, kind: Any) -> Any:
    """Read residues or phases, as wide as `kind`."""
    data = data_of(context, builder, array_type, array, index)
    stored = ir.VectorType(data.type.pointee, kind.count)
    # Rows begin at any byte: an array of residues has no better alignment.
    value = builder.load(builder.bitcast(data, stored.as_pointer()), align=1)
    if isinstance(kind.element, ir.FloatType):
        return builder.uitofp(value, kind)
    return value if stored == kind else builder.zext(value, kind)


def _register_for(residues: Any) -> Vector:
    return HALVES if residues.dtype == types.uint8 else SINGLES


@intrinsic
def load_residues(typing_context: Any, residues: Any, index: Any) -> Any:
    """Read residues from a contiguous array, from an index on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, index = arguments
        return _read(context, builder, residues, array, index, context.get_value_type(signature.return_type))

    return _register_for(residues)(residues, types.intp), generate


@intrinsic
def add_multiple(typing_context: Any, total: Any, factor: Any, residues: Any, index: Any) -> Any:
    """Return total + factor times residues."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        total, factor, array, index = arguments
        kind = context.get_value_type(signature.return_type)
        read = _read(context, builder, residues, array, index, kind)
        if signature.return_type == HALVES:
            factor = everywhere(builder, builder.trunc(factor, kind.element), kind)
            return builder.add(total, builder.mul(read, factor))
        factor = everywhere(builder, builder.sitofp(factor, kind.element), kind)
        return builder.fadd(total, builder.fmul(read, factor, flags=("contract",)), flags=("contract",))

    return total(total, types.int64, residues, types.intp), generate


@intrinsic
def reduce(typing_context: Any, total: Any, prime: Any) -> Any:
    """Return whole numbers, below 2^16 or 2^24, modulo P."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        total, prime = arguments
        kind = context.get_value_type(signature.return_type)
        if signature.return_type == HALVES:
            # No processor divides vectors of whole numbers. The quotient is a product with 2^16/P, rounded up: right,
            # or one too large.
            wide, element = ir.VectorType(ir.IntType(32), kind.count), ir.IntType(32)
            narrow = builder.trunc(prime, element)
            scale = builder.add(builder.udiv(element(2**16), narrow), element(1))
            product = builder.mul(builder.zext(total, wide), everywhere(builder, scale, wide))
            quotient = builder.trunc(builder.lshr(product, constant(wide, 16)), kind)
            prime = everywhere(builder, builder.trunc(prime, kind.element), kind)
            rest = builder.sub(total, builder.mul(quotient, prime))
            # If it was too large, the remainder has wrapped around below 0, and adding P wraps it back.
            more = builder.add(rest, prime)
            return builder.select(builder.icmp_unsigned("<", more, rest), more, rest)
        # The reciprocal is one division for all lanes, outside of the caller's loop.
        single = builder.sitofp(prime, kind.element)
        scale = everywhere(builder, builder.fdiv(kind.element(1.0), single), kind)
        return single_remainder(builder, total, scale, everywhere(builder, single, kind))

    return total(total, types.int64), generate


@intrinsic
def store_sum(typing_context: Any, total: Any, offset: Any, offset_at: Any, out: Any, index: Any) -> Any:
    """Write residues plus offsets into a contiguous array, from an index on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        total, array, offset_at, to, index = arguments
        data = data_of(context, builder, out, to, index)
        kind = ir.VectorType(data.type.pointee, total.type.count)
        if signature.args[0] == SINGLES:
            total = builder.fptosi(total, kind)
        # Offsets are added as whole numbers: cells of a table may lie beyond what single precision counts.
        value = builder.add(total, _read(context, builder, offset, array, offset_at, kind))
        builder.store(value, builder.bitcast(data, kind.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(total, offset, types.intp, out, types.intp), generate
