"""Factors by which the noise of gates is scaled: odd whole numbers, as gates are folded in pairs."""

from collections.abc import Sequence

from problems.errors import InputError, whole_number

# Qiskit is not imported, so that refusals come at once.

__all__ = ["check_factors"]


def check_factors(factors: Sequence[int]) -> tuple[int, ...]:
    """Return the factors by which noise is scaled, or refuse them.

    Raises
    ------
    InputError
        If there are fewer than two, one is no odd whole number of at least 1, or one stands twice.
    """
    for factor in factors:
        if whole_number("factor", factor, 1) % 2 == 0:
            raise InputError(
                f"factor = {factor} is even, but gates are folded in pairs: U (U^-1 U)^n takes 1, 3, 5, ... times as "
                "many; give odd ones."
            )
    if len(set(factors)) < max(2, len(factors)):
        raise InputError(
            f"factors = {', '.join(map(str, factors)) or 'none'} leave nothing to extrapolate from; give two different "
            "ones or more, such as 1,3,5."
        )
    return tuple(int(factor) for factor in factors)
