"""The phases u.x_m + sum of k_f A_f.x_m modulo P at a range of positions: the inner loop of every level of the tail.

It is written in vector registers: 32 whole numbers below 2^16 where residues are bytes, 16 single-precision numbers
where they are wider.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types

from problems.compiling import compiled
from problems.ridgelet.products.rounding import ROUND_SINGLE
from problems.ridgelet.products.vectors import Vector, intrinsic

__all__ = ["PADDING", "find_phases", "list_terms", "phase_type"]

PADDING = 32
"""Arrays of residues and phases are read and written so far beyond what is asked for, at most."""

HALVES, SINGLES = Vector(types.uint16, 32), Vector(types.float32, 16)


def phase_type(residues: Any) -> type[np.unsignedinteger]:
    """Return the type of phases, and of a phase and an outcome in one number, for a type of residues."""
    return np.uint16 if residues == np.uint8 else np.uint32


def _everywhere(builder: Any, value: Any, kind: Any) -> Any:
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    lanes = ir.Constant(ir.VectorType(ir.IntType(32), kind.count), [0] * kind.count)
    return builder.shuffle_vector(first, ir.Constant(kind, ir.Undefined), lanes)


def _constant(kind: Any, value: Any) -> Any:
    return ir.Constant(kind, [value] * kind.count)


def _read(context: Any, builder: Any, array_type: Any, array: Any, index: Any, kind: Any) -> Any:
    """Read residues or phases, as wide as `kind`."""
    data = builder.gep(context.make_array(array_type)(context, builder, value=array).data, [index])
    stored = ir.VectorType(data.type.pointee, kind.count)
    value = builder.load(builder.bitcast(data, stored.as_pointer()), align=1)
    if isinstance(kind.element, ir.FloatType):
        return builder.uitofp(value, kind)
    return value if stored == kind else builder.zext(value, kind)


def _register_for(residues: Any) -> Vector:
    return HALVES if residues.dtype == types.uint8 else SINGLES


@intrinsic
def _load_residues(typing_context: Any, residues: Any, index: Any) -> Any:
    """Read residues from a contiguous array, from an index on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array, index = arguments
        return _read(context, builder, residues, array, index, context.get_value_type(signature.return_type))

    return _register_for(residues)(residues, types.intp), generate


@intrinsic
def _add_multiple(typing_context: Any, total: Any, factor: Any, residues: Any, index: Any) -> Any:
    """Return total + factor times residues."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        total, factor, array, index = arguments
        kind = context.get_value_type(signature.return_type)
        read = _read(context, builder, residues, array, index, kind)
        if signature.return_type == HALVES:
            factor = _everywhere(builder, builder.trunc(factor, kind.element), kind)
            return builder.add(total, builder.mul(read, factor))
        factor = _everywhere(builder, builder.sitofp(factor, kind.element), kind)
        return builder.fadd(total, builder.fmul(read, factor, flags=("contract",)), flags=("contract",))

    return total(total, types.int64, residues, types.intp), generate


@intrinsic
def _reduce(typing_context: Any, total: Any, prime: Any) -> Any:
    """Return whole numbers, below 2^16 or 2^24, modulo P."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        total, prime = arguments
        kind = context.get_value_type(signature.return_type)
        if signature.return_type == HALVES:
            # The quotient by multiplication with 2^16/P, rounded up: right or one too large.
            wide, element = ir.VectorType(ir.IntType(32), kind.count), ir.IntType(32)
            narrow = builder.trunc(prime, element)
            scale = builder.add(builder.udiv(element(2**16), narrow), element(1))
            product = builder.mul(builder.zext(total, wide), _everywhere(builder, scale, wide))
            quotient = builder.trunc(builder.lshr(product, _constant(wide, 16)), kind)
            prime = _everywhere(builder, builder.trunc(prime, kind.element), kind)
            rest = builder.sub(total, builder.mul(quotient, prime))
            more = builder.add(rest, prime)
            return builder.select(builder.icmp_unsigned("<", more, rest), more, rest)
        single = builder.sitofp(prime, kind.element)
        scale = _everywhere(builder, builder.fdiv(kind.element(1.0), single), kind)
        prime, round_off = _everywhere(builder, single, kind), _constant(kind, float(ROUND_SINGLE))
        quotient = builder.fsub(builder.fadd(builder.fmul(total, scale), round_off), round_off)
        rest = builder.fsub(total, builder.fmul(quotient, prime))
        negative = builder.fcmp_ordered("<", rest, _constant(kind, 0.0))
        return builder.select(negative, builder.fadd(rest, prime), rest)

    return total(total, types.int64), generate


@intrinsic
def _store_sum(typing_context: Any, total: Any, offset: Any, offset_at: Any, out: Any, index: Any) -> Any:
    """Write residues plus offsets into a contiguous array, from an index on."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        total, array, offset_at, to, index = arguments
        data = builder.gep(context.make_array(out)(context, builder, value=to).data, [index])
        kind = ir.VectorType(data.type.pointee, total.type.count)
        if signature.args[0] == SINGLES:
            total = builder.fptosi(total, kind)
        value = builder.add(total, _read(context, builder, offset, array, offset_at, kind))
        builder.store(value, builder.bitcast(data, kind.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(total, offset, types.intp, out, types.intp), generate


@compiled
def list_terms(k: Any, start: int, terms: Any) -> int:
    """Write the functionals f >= `start` with k_f != 0, and k_f, into terms (2, M); return how many there are."""
    count = 0
    for f in range(start, k.size):
        if k[f] != 0:
            terms[0, count], terms[1, count] = f, k[f]
            count += 1
    return count


@compiled
def find_phases(
    products: Any,
    at: int,
    keys: Any,
    stride: int,
    first: int,
    terms: Any,
    count: int,
    prime: int,
    offset: Any,
    out: Any,
    size: int,
) -> None:
    """Write offset_m + (u.x_m + sum of k_f y_fm modulo P) into out, for `size` positions m from `first` on.

    Arrays are contiguous and read and written up to `PADDING` entries beyond.

    Parameters
    ----------
    products, at
        u.x_m, uint8 or uint16, and where that of the first position is.
    keys, stride
        A_f.x_m, of the same type, flat; `stride` apart for f and f + 1.
    terms, count
        f and k_f, from `list_terms`.
    prime
        The prime P.
    offset
        What is added at each position; of the type of `out`.
    out
        Of `phase_type`.
    """
    width = 64 // out.itemsize
    room = ((2**16 if out.itemsize == 2 else 2**24) - prime) // (prime - 1) ** 2
    for m in range(0, size, width):
        total = _load_residues(products, at + m)
        left = room
        for term in range(count):
            if left == 0:
                total, left = _reduce(total, prime), room
            total = _add_multiple(total, terms[1, term], keys, terms[0, term] * stride + first + m)
            left -= 1
        _store_sum(_reduce(total, prime), offset, first + m, out, m)
