"""States of a test image, what preparing them takes, and how a prediction is read from an overlap.

A quantum computer loads a test image as the state |k*> whose amplitudes are its kernel values with the training images,
and reads the overlap o = <k*|A^-1 y> with the normalized solution, to which the prediction k*.(A^-1 y) is proportional
by a positive factor.

Source: Zlokapa, Neven, Lloyd, arXiv:2107.09200, section 3; the clipping is that of their notebook.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import real_array
from problems.errors import InputError, choose, non_negative
from problems.showing import Shows

__all__ = ["RULES", "KernelState", "decide", "kernel_states", "overlaps", "readout_shots", "share_right"]

RULES = {
    "sign": "+1 where the output is positive, as in the paper",
    "median": "+1 where the output is above the median of all test images, as in the published notebook",
}
"""Ways to answer, by name."""


@dataclass(frozen=True, eq=False, repr=False)
class KernelState(Shows):
    """States |k*> of several test images.

    Attributes
    ----------
    values
        Kernel values by k_max, clipped to [-1, 1]: what a rotation loads, shape (t, n).
    amplitudes
        The same, of norm 1 a row.
    tries
        n / sum_j k*_j^2, how often a state is prepared until the flag says that it was, shape (t,).
    """

    values: NDArray[np.float64]
    amplitudes: NDArray[np.float64]
    tries: NDArray[np.float64]

    def _facts(self) -> Mapping[str, object]:
        return {"test images": len(self.values), "n": self.values.shape[1], "tries, mean": float(self.tries.mean())}


def kernel_states(test_kernel: ArrayLike, k_max: float = 1.0) -> KernelState:
    """Return the states of test images.

    Parameters
    ----------
    test_kernel
        Normalized kernel values with the training images, shape (t, n), or (n,) of one image.
    k_max
        What values are divided by, `ErfNtk.k_max`; dividing by the largest value of each image again, as the published
        notebook does, would change what post-selection costs, so it is not done.

    Raises
    ------
    InputError
        If a number is not finite, k_max is not positive, or all values of an image are zero.
    """
    given = np.atleast_2d(real_array("test_kernel", test_kernel))
    if given.ndim != 2 or not given.size:
        raise InputError(f"test_kernel has shape {given.shape}; give one test image a row, shape (t, n).")
    if non_negative("k_max", k_max) == 0:
        raise InputError("k_max = 0.0 would divide by zero; give the kernel's largest value.")
    values = np.clip(given / k_max, -1, 1)
    squares = np.sum(values**2, axis=1)
    if not np.all(squares > 0):
        raise InputError(
            f"test_kernel[{int(np.argmin(squares))}] is zero for every training image, so no state; leave it out."
        )
    return KernelState(values, values / np.sqrt(squares)[:, None], values.shape[1] / squares)


def overlaps(states: KernelState, solution: ArrayLike) -> NDArray[np.float64]:
    """Return o = <k*|x> of each test image with a solution x = A^-1 y, both normalized, shape (t,).

    Raises
    ------
    InputError
        If the solution has another length, is not finite, or is zero.
    """
    vector = real_array("solution", solution)
    if vector.shape != states.values.shape[1:]:
        raise InputError(f"solution has shape {vector.shape}; give {states.values.shape[1:]}, one a training image.")
    norm = float(np.linalg.norm(vector))
    if norm == 0:
        raise InputError("solution is zero, and has no direction; give labels that are not.")
    found: NDArray[np.float64] = states.amplitudes @ (vector / norm)
    return found


def readout_shots(overlap: ArrayLike) -> NDArray[np.float64]:
    """Return 1/o^2 - 1, the shots of a Hadamard test whose standard error is as large as the overlap o itself.

    An overlap of 0 takes infinitely many.
    """
    square = np.square(real_array("overlap", overlap))
    with np.errstate(divide="ignore"):
        return np.asarray(1 / square - 1)


def decide(outputs: ArrayLike, rule: str = "sign") -> NDArray[np.float64]:
    """Return answers -1 and +1, shape (t,); 0 where the sign of 0 was asked for.

    Parameters
    ----------
    outputs
        Predictions of all test images, shape (t,).
    rule
        "sign" or "median".

    Raises
    ------
    InputError
        If the rule is unknown or an output is not finite.
    """
    choose("rule", rule, RULES)
    values = real_array("outputs", outputs)
    if rule == "sign":
        return np.sign(values)
    return np.where(values > np.median(values), 1.0, -1.0)


def share_right(outputs: ArrayLike, labels: ArrayLike, rule: str = "sign") -> float:
    """Return the share of test images whose answer is their label; an answer of 0 is wrong."""
    return float(np.mean(decide(outputs, rule) == np.asarray(labels)))
