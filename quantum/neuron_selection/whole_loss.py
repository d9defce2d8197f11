"""A loss in whole numbers, with the threshold in its constant: what circuits do arithmetic with."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError
from problems.neuron_selection import Coefficients, MaskProblem

__all__ = ["WholeLoss", "ceiling", "finite_number", "is_whole", "signed_width"]


def signed_width(lowest: int, highest: int) -> int:
    """Return the bits of the narrowest two's complement that holds both numbers and all between them."""
    return 1 + max(value.bit_length() if value >= 0 else (-value - 1).bit_length() for value in (lowest, highest))


def is_whole(problem: MaskProblem) -> bool:
    """Tell whether c, l and q are whole numbers already."""
    return all(bool(np.all(np.asarray(part) == np.rint(part))) for part in problem.coefficients)


def finite_number(name: str, value: object) -> float:
    """Return a real, finite number as a float.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        if isinstance(value, str | bool):
            raise TypeError
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise InputError(f"{name} = {value!r} is no finite number; give a real number, as a loss to get below.")
    return number


def ceiling(threshold: float, step: float, size: float) -> int:
    """Return ceil(threshold / step), where a loss given back as a threshold is a whole number of steps again.

    Parameters
    ----------
    threshold, step
        In units of the loss.
    size
        The sum of all coefficients' magnitudes, in steps: it bounds the rounding of a loss.
    """
    steps = threshold / step
    if not math.isfinite(steps):
        return int(math.copysign(2 * size + 1, steps))
    nearest = round(steps)
    rounding = 0.0 if step == 1 else min(0.25, 1e-12 + 1e-14 * (size + abs(steps)))
    return nearest if abs(steps - nearest) <= rounding else math.ceil(steps)


@dataclass(frozen=True)
class WholeLoss:
    """L(m) - T = constant + sum_i linear_i m_i + sum_(i<j) pairs_ij m_i m_j, in whole numbers.

    Attributes
    ----------
    constant
        c - T, with T the threshold.
    linear
        l_i for each neuron.
    pairs
        q_ij by (i, j), i < j; zeros are left out.
    """

    constant: int
    linear: tuple[int, ...]
    pairs: Mapping[tuple[int, int], int]

    @classmethod
    def below(cls, whole: Coefficients, threshold: int) -> "WholeLoss":
        """Take a threshold off whole coefficients.

        A threshold beyond all losses is brought to the nearest that marks the same masks, all or none.

        Raises
        ------
        InputError
            If the coefficients' magnitudes add up to 2^62 or more.
        """
        size = float(np.abs(whole.linear).sum(dtype=float) + np.abs(whole.pairs).sum(dtype=float))
        if size >= 2**62:
            raise InputError(
                f"The coefficients add up to {size:.3g} steps, more than arithmetic of 63 bits holds; give fewer bits, "
                "or smaller whole numbers."
            )
        linear = tuple(int(value) for value in whole.linear)
        rows, columns = np.nonzero(whole.pairs)
        pairs = {(int(i), int(j)): int(whole.pairs[i, j]) for i, j in zip(rows, columns, strict=True)}
        loss = cls(int(whole.constant), linear, pairs)
        bounded = min(max(threshold, loss.lowest), loss.highest + 1)
        return cls(loss.constant - bounded, linear, pairs)

    @property
    def neurons(self) -> int:
        """The number of neurons N."""
        return len(self.linear)

    @cached_property
    def _terms(self) -> tuple[int, ...]:
        return (*self.linear, *self.pairs.values())

    @property
    def lowest(self) -> int:
        """The constant and all negative coefficients: no value is below."""
        return self.constant + sum(value for value in self._terms if value < 0)

    @property
    def highest(self) -> int:
        """The constant and all positive coefficients: no value is above."""
        return self.constant + sum(value for value in self._terms if value > 0)

    @property
    def width(self) -> int:
        """Bits of the narrowest two's complement that holds every value between `lowest` and `highest`."""
        return signed_width(self.lowest, self.highest)

    def values(self, masks: NDArray[Any]) -> NDArray[np.int64]:
        """Return L(m) - T of masks (n, N), shape (n,)."""
        kept = np.asarray(masks, dtype=np.int64)
        values = self.constant + kept @ np.array(self.linear, dtype=np.int64)
        for (i, j), value in self.pairs.items():
            values = values + value * kept[:, i] * kept[:, j]
        return values

    def all_values(self) -> NDArray[np.int64]:
        """Return the values of all 2^N masks, shape (2^N,), of a few neurons; bit j of the index is neuron j."""
        return self.values(np.arange(2**self.neurons)[:, None] >> np.arange(self.neurons) & 1)
