"""Pieces of LLVM that several operations are made of, and the type of a register."""

from typing import Any

from llvmlite import ir
from numba import extending, types
from numba.extending import models, register_model

from problems.registers.rounding import ROUND_SINGLE

__all__ = ["Vector", "constant", "data_of", "everywhere", "intrinsic", "single_remainder"]

intrinsic: Any = extending.intrinsic  # what it makes is called without the typing context


class Vector(types.Type):
    """A vector register of numbers.

    Parameters
    ----------
    element
        The type of a number.
    lanes
        How many of them. More than the processor's registers hold become several of those.
    """

    def __init__(self, element: types.Type, lanes: int) -> None:
        super().__init__(f"Vector({element} x {lanes})")
        self.element, self.lanes = element, lanes


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Vector) -> None:
        element = manager[kind.element].get_value_type()
        super().__init__(manager, kind, ir.VectorType(element, kind.lanes))


def data_of(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    """Return the address of an entry of a contiguous array. Nothing checks that the index is inside."""
    return builder.gep(context.make_array(array_type)(context, builder, value=array).data, [index])


def everywhere(builder: Any, value: Any, kind: Any) -> Any:
    """Return a vector that holds a number in every lane."""
    # LLVM knows this pair of instructions, and makes one broadcast of it.
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    lanes = ir.Constant(ir.VectorType(ir.IntType(32), kind.count), [0] * kind.count)
    return builder.shuffle_vector(first, ir.Constant(kind, ir.Undefined), lanes)


def constant(kind: Any, value: Any) -> Any:
    """Return a vector that holds a number known beforehand in every lane."""
    return ir.Constant(kind, [value] * kind.count)


def single_remainder(builder: Any, number: Any, scale: Any, prime: Any) -> Any:
    """Return whole numbers below 2^24, held in single precision, modulo P; `scale` is 1/P."""
    round_off = constant(number.type, float(ROUND_SINGLE))
    # To the nearest whole number, by adding and taking away: a call would take the loop out of its registers.
    quotient = builder.fsub(builder.fadd(builder.fmul(number, scale), round_off), round_off)
    rest = builder.fsub(number, builder.fmul(quotient, prime))
    # The nearest quotient may be one too large; then the remainder, which is exact, is negative.
    negative = builder.fcmp_ordered("<", rest, constant(number.type, 0.0))
    return builder.select(negative, builder.fadd(rest, prime), rest)
