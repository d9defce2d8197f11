"""Which neurons to keep, as a quadratic function of the mask (Whitaker, arXiv:2302.05984, section 3.1).

With squared loss and a fixed readout, the loss of the subnetwork that a mask m keeps is

    loss(m) = c + b.m + m' G m,   m in {0, 1}^N,

a quadratic unconstrained binary optimization (QUBO) whose G is positive semidefinite.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import real_array
from problems.errors import InputError, whole_number
from problems.memory import require_memory
from problems.neuron_selection.masks import losses_in_blocks
from problems.showing import Shows

__all__ = ["Coefficients", "MaskProblem", "QuantizedProblem", "check_table_memory"]

ASYMMETRY = 1e-10
"""Entries of G may differ from their mirror image by so much of the largest: the rounding of a product."""


class Coefficients(NamedTuple):
    """c, l_i = b_i + G_ii, shape (N,), and q_ij = 2 G_ij above the diagonal, zero elsewhere, shape (N, N).

    loss(m) = c + sum_i l_i m_i + sum_(i<j) q_ij m_i m_j, as m_i^2 = m_i.
    """

    constant: Any
    linear: NDArray[Any]
    pairs: NDArray[Any]


@dataclass(frozen=True, eq=False, repr=False)
class MaskProblem(Shows):
    """A loss c + b.m + m'Gm of masks m in {0, 1}^N, to be minimized.

    Attributes
    ----------
    constant
        c, the loss of the empty mask.
    linear
        b, shape (N,).
    quadratic
        G, symmetric, shape (N, N).

    Raises
    ------
    InputError
        If shapes do not fit together, a number is not finite, or G is not symmetric.
    """

    constant: float
    linear: NDArray[np.float64]
    quadratic: NDArray[np.float64]

    def __post_init__(self) -> None:
        constant = real_array("constant", self.constant, 0)
        linear = real_array("linear", self.linear, 1)
        quadratic = real_array("quadratic", self.quadratic, 2)
        if not len(linear):
            raise InputError("linear is empty, so there is no neuron to choose; give shape (N,) with N >= 1.")
        if quadratic.shape != (len(linear),) * 2:
            raise InputError(
                f"quadratic has shape {quadratic.shape}, but linear has {len(linear)} entries; "
                f"give ({len(linear)}, {len(linear)})."
            )
        object.__setattr__(self, "constant", float(constant))
        object.__setattr__(self, "linear", _frozen(linear))
        object.__setattr__(self, "quadratic", _frozen(_symmetric(quadratic)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.neurons} neurons, digest {self.digest[:8]})"

    @property
    def neurons(self) -> int:
        """The number of neurons N."""
        return len(self.linear)

    @cached_property
    def digest(self) -> str:
        """A hash of the loss: equal for equal coefficients."""
        content = sha256(np.float64(self.constant).tobytes())
        content.update(self.linear.tobytes())
        content.update(self.quadratic.tobytes())
        return content.hexdigest()

    @cached_property
    def coefficients(self) -> Coefficients:
        """The loss with each pair of neurons once; see `Coefficients`."""
        linear = self.linear + np.diag(self.quadratic)
        return Coefficients(self.constant, _frozen(linear), _frozen(2 * np.triu(self.quadratic, 1)))

    def loss(self, masks: ArrayLike) -> NDArray[np.float64]:
        """Return the losses, shape (n,), of masks, shape (n, N); of one mask, shape (N,), one number.

        Raises
        ------
        InputError
            If a mask has another length than N, or a value other than 0 and 1.
        """

        def loss(some: NDArray[np.float64]) -> NDArray:
            return np.sum((some @ self.quadratic + self.linear) * some, axis=1) + self.constant

        return losses_in_blocks(masks, self.neurons, self.neurons, loss)

    def table(self) -> NDArray[np.float64]:
        """Return the losses of all 2^N masks, shape (2^N,); bit j of the index is neuron j.

        Raises
        ------
        OutOfReach
            If the table does not fit in memory, before anything is allocated.
        """
        check_table_memory(self.neurons, 12)
        _, linear, pairs = self.coefficients
        losses = np.empty(1 << self.neurons)
        losses[0] = self.constant
        step = np.empty(1 << max(self.neurons - 1, 0))
        for neuron in range(self.neurons):
            # The masks whose highest neuron is this one: those of the neurons below, and what this one adds to each.
            half = 1 << neuron
            step[0] = linear[neuron]
            for below in range(neuron):
                size = 1 << below
                np.add(step[:size], pairs[below, neuron], out=step[size : 2 * size])
            np.add(losses[:half], step[:half], out=losses[half : 2 * half])
        return losses

    def quantized(self, bits: int) -> "QuantizedProblem":
        """Return the problem with coefficients rounded to multiples of max(|l|, |q|)/(2^bits - 1).

        Parameters
        ----------
        bits
            Bits of the magnitude of a coefficient, its sign apart.

        Raises
        ------
        InputError
            If bits is no whole number of at least 1, or above 52, which is all that a coefficient has.
        """
        bits = whole_number("bits", bits, 1)
        if bits > 52:
            raise InputError(f"bits = {bits} are more than the 52 that a coefficient has; give 1 to 52.")
        constant, linear, pairs = self.coefficients
        largest = max(np.max(np.abs(linear)), np.max(np.abs(pairs)))
        # Of a loss that is constant, the step is the constant itself, which then stays as it is.
        step = float(largest) / (2**bits - 1) or abs(constant) or 1.0
        whole = Coefficients(
            round(constant / step), *(np.rint(part / step).astype(np.int64) for part in (linear, pairs))
        )
        halves = whole.pairs * (step / 2)
        return QuantizedProblem(whole.constant * step, whole.linear * step, halves + halves.T, step, whole)


@dataclass(frozen=True, eq=False, repr=False)
class QuantizedProblem(MaskProblem):
    """A `MaskProblem` whose coefficients are multiples of a step.

    Attributes
    ----------
    step
        The step, in units of the loss.
    multiples
        The coefficients in steps: whole numbers.
    """

    step: float
    multiples: Coefficients


def check_table_memory(neurons: int, each: int) -> None:
    """Refuse a table of 2^N masks that does not fit in memory at so many bytes for each.

    Raises
    ------
    OutOfReach
        If it does not fit.
    """
    require_memory(
        each << neurons,
        f"A table of 2^{neurons} masks",
        "take fewer neurons, or a solver that needs no table, as BranchAndBound",
    )


def _symmetric(quadratic: NDArray[np.float64]) -> NDArray[np.float64]:
    gap = np.abs(quadratic - quadratic.T)
    if np.max(gap) > ASYMMETRY * np.max(np.abs(quadratic)):
        i, j = np.unravel_index(int(np.argmax(gap)), gap.shape)
        raise InputError(
            f"quadratic is not symmetric: [{i}, {j}] = {quadratic[i, j]:.6g}, [{j}, {i}] = {quadratic[j, i]:.6g}; "
            "give (G + G') / 2, which has the same loss."
        )
    return (quadratic + quadratic.T) / 2


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
