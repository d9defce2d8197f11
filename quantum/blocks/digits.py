"""Digits of Z_P in binary: little-endian, as Qiskit counts qubits."""

import numpy as np
from numpy.typing import NDArray

from problems.errors import InputError

__all__ = ["bits_to_digits", "check_bits", "digit_qubits", "digits_to_bits", "permutation_matrix"]


def digit_qubits(prime: int) -> int:
    """Return ceil(log2 P), the qubits that one binary digit of Z_P takes."""
    return (prime - 1).bit_length()


def digits_to_bits(digits: NDArray[np.int64], width: int) -> NDArray[np.bool_]:
    """Write digits (n, D) as bits (n, D width), the lowest bit of each digit first."""
    bits = (digits[:, :, None] >> np.arange(width)) & 1
    return bits.reshape(len(digits), -1).astype(bool)


def bits_to_digits(bits: NDArray[np.bool_], width: int) -> NDArray[np.int64]:
    """Read bits (n, D width) as digits (n, D), 0..2^width - 1; the inverse of `digits_to_bits`."""
    return bits.reshape(len(bits), -1, width).astype(np.int64) @ (1 << np.arange(width))


def check_bits(bits: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    """Return measured bits (n, D width) if they are rows of whole digits, n and D at least 1.

    Raises
    ------
    InputError
        If they are not.
    """
    array = np.asarray(bits)
    if array.ndim != 2 or not array.size or array.shape[1] % width or not np.all((array == 0) | (array == 1)):
        raise InputError(
            f"bits of shape {array.shape} are no rows of whole digits; give zeros and ones, shape (n, D + 1 times "
            f"{width}), as they were measured."
        )
    return array.astype(bool)


def permutation_matrix(image: NDArray[np.int64]) -> NDArray[np.complex128]:
    """Return the matrix that sends basis state |i> to |image[i]>."""
    matrix = np.zeros((len(image), len(image)), dtype=complex)
    matrix[image, np.arange(len(image))] = 1
    return matrix
