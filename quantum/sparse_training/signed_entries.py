"""All entries of a real vector, with their signs, from one setting: each interferes with a constant beside them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Gate

from problems.arrays import as_numbers
from problems.errors import InputError, whole_number

__all__ = ["SignedEntries", "SignedEstimate"]

DEVIATIONS = 1.0
"""Standard errors by which the constant has to stand above what would leave its size open."""

MISFIT = 9.0
"""The smaller root is taken for the constant where it fits the counts better by so many squared standard errors."""

REMEDY = "give a larger scale (HistorySolver(..., scale=)), more shots, or constant_shots, which measure it by itself"


@dataclass(frozen=True, eq=False)
class SignedEstimate:
    """Entries of a vector in units of its constant.

    Attributes
    ----------
    values, errors
        v_j/v_0 and their standard errors, shape (n,).
    constant
        v_0^2, the probability of the constant.
    """

    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    constant: float


class SignedEntries(Gate):
    """sum_j v_j |j>|0> + v_0 |0>|1> -> amplitudes (v_j + v_0/sqrt M)/sqrt 2 of |j>|0> and their differences of |j>|1>.

    Parameters
    ----------
    entries
        n >= 1: so many v_j are read.

    Attributes
    ----------
    entries
        n.
    index_qubits
        m = ceil(log2 n), and M = 2^m.

    Raises
    ------
    InputError
        If n is no whole number of at least 1.

    Notes
    -----
    Registers: the index (m qubits, the lowest bit first), the flag. Decomposition: Hadamards of the index where the
    flag is 1, which spread the constant, then one of the flag. Cost: m two-qubit gates.

    The probabilities then differ by p(j, 0) - p(j, 1) = 2 v_j v_0/sqrt M: one setting has all signs, where measuring
    the vector itself has none. The constant follows from the same counts: with P = v_0^2 + sum_j v_j^2, the whole
    probability, v_0^2 is the larger root of z (P - z) = sum_j (v_0 v_j)^2, if it is above P/2.

    Examples
    --------
    >>> SignedEntries(2).estimate([490, 360], [90, 60], 1000).values.round(2)
    array([0.33, 0.25])
    """

    def __init__(self, entries: int) -> None:
        self.entries = whole_number("entries", entries, 1)
        self.index_qubits = (self.entries - 1).bit_length()
        super().__init__("signed_entries", self.index_qubits + 1, [self.entries])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray:
        size = 2**self.index_qubits
        parity = np.bitwise_count(np.arange(size)[:, None] & np.arange(size)) % 2
        spread = (1 - 2.0 * parity) / np.sqrt(size)
        one = np.eye(size)
        return (np.block([[one, spread], [one, -spread]]) / np.sqrt(2)).astype(dtype or complex)

    @property
    def two_qubit_gates(self) -> int:
        """How many two-qubit gates the decomposition takes at most."""
        return self.index_qubits

    def _define(self) -> None:
        self.definition = QuantumCircuit(self.num_qubits, name=self.name)
        for qubit in range(self.index_qubits):
            self.definition.ch(self.index_qubits, qubit)
        self.definition.h(self.index_qubits)

    def estimate(
        self, plus: ArrayLike, minus: ArrayLike, shots: int, constant: int | None = None, constant_shots: int = 0
    ) -> SignedEstimate:
        """Estimate v_j/v_0 from counts.

        Parameters
        ----------
        plus, minus
            How often |j>|0> and |j>|1> were seen, for j = 0..M - 1, shape (M,).
        shots
            Of the whole circuit: what failed or fell elsewhere counts in it.
        constant, constant_shots
            How often the constant, |0>|1>, was seen in so many further shots without the readout; None takes v_0^2
            from the counts.

        Raises
        ------
        InputError
            If the counts do not fit, or the constant is so small that its size is left open by the counts, or lies
            below the entries'.

        Notes
        -----
        Errors are first order in those of the counts (multinomial). The bias of sum_j (v_0 v_j)^2 is taken off.
        """
        counted = whole_number("shots", shots, 2)
        seen = np.concatenate([self._counts("plus", plus), self._counts("minus", minus)])
        if seen.sum() > counted:
            raise InputError(f"{seen.sum():g} outcomes of {counted} shots; give the counts of these shots alone.")
        size, n = 2**self.index_qubits, self.entries
        p = seen / counted
        signs = np.zeros((n, 2 * size))
        signs[range(n), range(n)], signs[range(n), range(size, size + n)] = 1, -1
        half = np.sqrt(size) / 2
        products = half * signs @ p  # v_0 v_j
        spread = half**2 * (np.abs(signs) @ p - (signs @ p) ** 2) / (counted - 1)
        if constant is None:
            total, squares = p.sum(), np.sum(products**2 - spread)
            root = np.sqrt(max(total**2 - 4 * squares, 0))
            slope = total - 4 * products @ (half * signs)  # of root^2/2
            z, gradient = (total + root) / 2, (1 + slope / max(root, 1e-300)) / 2
            self._check(p, products, total, root, 2 * np.sqrt(_variance(slope, p, counted)), counted)
            alone = 0.0
        else:
            further = whole_number("constant_shots", constant_shots, 1)
            if not 0 < constant <= further:
                raise InputError(f"The constant was seen {constant} times in {further} shots; take more shots.")
            z, gradient = constant / further, np.zeros(2 * size)
            alone = z * (1 - z) / further
        jacobian = half * signs / z - np.outer(products, gradient) / z**2
        shared = np.array([_variance(row, p, counted) for row in jacobian])
        errors = np.sqrt(shared + alone * products**2 / z**4)
        return SignedEstimate(products / z, errors, float(z))

    def _counts(self, name: str, counts: ArrayLike) -> NDArray[np.float64]:
        array = as_numbers(name, counts)
        if array.shape != (2**self.index_qubits,) or array.dtype.kind not in "iuf" or not np.all(array >= 0):
            raise InputError(
                f"{name} has shape {array.shape}; give {2**self.index_qubits} counts of at least 0, one for each j."
            )
        return array.astype(float)

    def _check(
        self, p: NDArray[np.float64], products: NDArray[np.float64], total: float, root: float, error: float, shots: int
    ) -> None:
        """Refuse counts that leave open which root is the constant, or that say it is the smaller one."""
        if total == 0:
            raise InputError(f"None of {shots} shots came out in the entries or the constant; take more shots.")
        # error is that of root^2
        if root**2 <= DEVIATIONS * error:
            raise InputError(
                f"The constant is no larger than the entries, or not by enough for {shots} shots, so that its size is "
                f"left open; {REMEDY}."
            )
        # Entry by entry p(j, 0) + p(j, 1) = v_j^2 + v_0^2/M: that tells the roots apart.
        size = 2**self.index_qubits
        sums = p[:size] + p[size:]
        misfits = []
        for z in ((total + root) / 2, (total - root) / 2):
            squares = np.zeros(size)
            squares[: self.entries] = products**2 / max(z, 1e-300)
            expected = squares + z / size
            misfits.append(float(np.sum((sums - expected) ** 2 / np.maximum(sums, 1 / shots)) * shots))
        if misfits[0] > misfits[1] + MISFIT:
            share = (total - root) / (2 * total)
            raise InputError(f"The constant is smaller than the entries, {share:.3g} of their sum; {REMEDY}.")


def _variance(gradient: NDArray[np.float64], p: NDArray[np.float64], shots: int) -> float:
    """Return the variance of a smooth function of multinomial shares, to first order."""
    return max(float(gradient**2 @ p - (gradient @ p) ** 2), 0.0) / shots
