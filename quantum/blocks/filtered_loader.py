"""The filtered loader: the regularization filter 1/(p + lambda) of ridge regression as gates.

The quantum ridgelet algorithm (arXiv:2301.11936) prepares the data, sum_x p(x) f(x)|x>, and applies the filter
p f -> h = p f/(p + lambda) to it: the count of a point (p = count/samples) is looked up, a flag is rotated by it, and
the good branch, whose amplitudes went down by c/(p + lambda) <= 1, is amplified (arXiv:quant-ph/0005055). Here c is
lowered until a whole number of rounds ends at probability 1, so nothing is ever postselected.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Gate
from qiskit.circuit.library import MCXGate, RC3XGate, RCCXGate
from scipy.linalg import hadamard

from problems.errors import InputError, non_negative, whole_number
from quantum.blocks.amplitude_amplification import AmplitudeAmplification, exact_probability, exact_rounds
from quantum.blocks.parity_rotation import ParityRotation, gray_code
from quantum.blocks.sparse_loader import SparseLoader
from quantum.blocks.sparse_state import SparseState

__all__ = ["FilteredLoader", "filtered_two_qubit_gates"]


class FilteredLoader(Gate):
    """|0...0> -> sum_m h_m |x_m>, with h_m proportional to a_m/(p_m + lambda), from a loader of sum_m a_m |x_m>.

    Parameters
    ----------
    state
        The unfiltered state, a = p f normalized; several outputs have a basis state each.
    counts
        How many samples sit at the point of each basis state: whole numbers 1..samples, shape (M,).
    samples
        The number of samples; p = counts/samples.
    regularization
        The ridge parameter lambda >= 0.

    Attributes
    ----------
    ancillas
        The number of qubits that follow those of the state.
    count_qubits
        The width of the count register.
    numbers
        What a look-up writes there for each basis state, shape (M,).
    success_probability
        What postselection without amplification would succeed with: c = min(p) + lambda, the largest there is.
    rounds
        The rounds t of amplification. 0 if the filter is trivial: equal counts, or a lambda so large that the
        filter is constant to 1e-12. The unfiltered state is then loaded as it is. (At lambda = 0 the filter is
        1/p: as strong as it gets.)

    Raises
    ------
    InputError
        If counts are no whole numbers 1..samples, one for each basis state, or samples or lambda is out of range.

    Notes
    -----
    Registers: the state's qubits; then the count register,
    ceil(log2 d) qubits for d distinct counts, which holds the number of the count and not the count itself; then the
    flag. Their widths do not depend on lambda. All but the state's qubits start and end in |0>.

    Decomposition: A = load, look up, rotate; amplify A; look up backwards; NOT on the flag. The look-up backwards that
    belongs to A is left until the end, because it would cancel with the next look-up. Look-ups need be right on
    the M basis states only, as no other ever has an amplitude while the count is written, and up to phases that depend
    on the basis state, as they are undone later and only gates diagonal in it come between.

    Cost: 2t+1 loads and rotations, 2t+2 look-ups and t reflections; see `filtered_two_qubit_gates`. Making the object
    takes O(M) time; gates are made when the definition is asked for.
    """

    def __init__(self, state: SparseState, counts: ArrayLike, samples: int, regularization: float) -> None:
        samples, regularization = whole_number("samples", samples, 1), non_negative("regularization", regularization)
        counts = _check_counts(counts, len(state), samples)
        self.loader = SparseLoader(state, ancillas=False)
        _, which, sizes = np.unique(counts, return_inverse=True, return_counts=True)
        self.count_qubits = (len(sizes) - 1).bit_length()
        super().__init__("filtered_loader", self.loader.num_qubits + self.count_qubits + 1, [])
        self.ancillas = self.num_qubits - state.num_qubits
        self.state, self.counts, self.samples, self.regularization = state, counts, samples, regularization
        # The most common count is number 0, which is written without a gate; the rest in order of bits to set.
        numbers = np.array(sorted(range(2**self.count_qubits), key=int.bit_count)[: len(sizes)])
        self.numbers: NDArray[np.int64] = numbers[np.argsort(np.argsort(-sizes, kind="stable"))][which]
        p = counts / samples
        self._filter: NDArray[np.float64] = (np.min(p) + regularization) / (p + regularization)
        norms = np.linalg.norm(state.amplitudes), np.linalg.norm(self._filter * state.amplitudes)
        self.success_probability = min(1.0, float((norms[1] / norms[0]) ** 2))
        trivial = np.min(self._filter) >= 1 - 1e-12
        self.rounds = 0 if trivial else exact_rounds(self.success_probability)

    @cached_property
    def lookups(self) -> tuple[tuple[int, tuple[int, ...], tuple[bool, ...]], ...]:
        """The gates of a look-up: flip this bit of the count register if these qubits have these values."""
        return tuple(
            (bit, *condition)
            for bit in range(self.count_qubits)
            for condition in _conditions(self.state.bits, (self.numbers >> bit & 1).astype(bool))
        )

    def predicted_two_qubit_gates(self, load: int) -> int:
        """Return `filtered_two_qubit_gates` with the sizes of this loader, whose look-ups take O(M^2 n) to find."""
        controls = [len(qubits) for _, qubits, _ in self.lookups]
        return filtered_two_qubit_gates(load, self.loader.num_qubits, self.rounds, self.count_qubits, controls)

    def _define(self) -> None:
        data = QuantumRegister(self.loader.num_qubits, "state")
        count, flag = QuantumRegister(self.count_qubits, "count"), QuantumRegister(1, "flag")
        registers = (data, count, flag) if len(count) else (data, flag)
        preparation = QuantumCircuit(*registers, name="load, look up, rotate")  # Qiskit compares gates by name too
        preparation.append(self.loader, data)
        self.definition = QuantumCircuit(*registers, name=self.name)
        if self.rounds == 0:
            self.definition.compose(preparation, inplace=True)
            return
        lookup = QuantumCircuit(*registers)
        for bit, qubits, values in self.lookups:
            lookup.compose(_controlled_not(values), [*qubits, count[bit]], inplace=True)
        lowered = np.sqrt(exact_probability(self.rounds) / self.success_probability)
        sines = np.zeros(2**self.count_qubits)
        sines[self.numbers] = np.minimum(lowered * self._filter, 1)
        preparation.compose(lookup, inplace=True)
        preparation.compose(_rotations(2 * np.arcsin(sines)), [*flag, *count], inplace=True)
        scratch = [preparation.find_bit(qubit).index for qubit in count]
        amplified = AmplitudeAmplification(preparation.to_gate(), self.num_qubits - 1, self.rounds, scratch)
        self.definition.append(amplified, self.definition.qubits)
        self.definition.compose(lookup.inverse(), inplace=True)
        self.definition.x(flag)


def filtered_two_qubit_gates(
    load: int, num_qubits: int, rounds: int, count_qubits: int = 0, lookup_controls: Sequence[int] = ()
) -> int:
    """Return an upper bound on the two-qubit gates of a `FilteredLoader`, in `quantum.resources.BASIS`, from sizes.

    Parameters
    ----------
    load
        The two-qubit gates of one load of the unfiltered state, counted or predicted.
    num_qubits
        The qubits n of its loader.
    rounds
        Of amplification.
    count_qubits
        The width of the count register. Left out, the rotations are not counted.
    lookup_controls
        The number of controls of each gate of a look-up. Left out, the look-ups are not counted: the loads and
        reflections alone may be enough to refuse a large problem.
    """
    if rounds == 0:
        return load
    rotation = 2**count_qubits if count_qubits else 0
    lookup = sum({1: 1, 2: 3, 3: 6}.get(controls, 12 * controls - 18) for controls in lookup_controls)
    reflection = max(1, 6 * num_qubits - 6)
    return (2 * rounds + 1) * (load + rotation) + (2 * rounds + 2) * lookup + rounds * reflection


def _controlled_not(values: Sequence[bool]) -> QuantumCircuit:
    """Return a NOT controlled by qubits that must have these values, up to phases where those make it cheaper."""
    controls = len(values)
    gate = {2: RCCXGate, 3: RC3XGate}.get(controls, lambda: MCXGate(controls))()
    zeros = QuantumCircuit(controls + 1)
    for qubit in np.flatnonzero(~np.array(values)):
        zeros.x(int(qubit))
    circuit = zeros.copy()
    circuit.append(gate, circuit.qubits)
    return circuit.compose(zeros)


def _rotations(angles: NDArray[np.float64]) -> QuantumCircuit:
    """Return RY(angles[number]) on the first qubit, with the number in the others.

    Qiskit's `UCRYGate` leaves out angles below 1e-10, and amplification multiplies that error by 2t+1.
    """
    numbers = range(1, len(angles).bit_length())
    parities = gray_code(numbers, len(angles).bit_length())
    coefficients = hadamard(len(angles))[parities[:, 1:] @ (1 << np.arange(len(numbers)))] @ angles / len(angles)
    circuit = QuantumCircuit(len(angles).bit_length())
    ParityRotation(parities, coefficients, parities[0]).append_to(circuit, 0)
    return circuit


def _conditions(bits: NDArray[np.bool_], marked: NDArray[np.bool_]) -> list[tuple[tuple[int, ...], tuple[bool, ...]]]:
    """Return conditions (qubits, values) such that each marked row meets exactly one and no other row meets any.

    Greedy: for the first marked row that is left, take the qubit that shuts most of the others out, until all are.
    """
    conditions = []
    left, others = marked.copy(), ~marked
    while np.any(left):
        agreeing = bits == bits[np.argmax(left)]
        met, qubits = np.ones(len(bits), dtype=bool), []
        while np.any(met & others):
            wrong, right = np.sum(agreeing[met & others], axis=0), np.sum(agreeing[met & left], axis=0)
            qubits.append(int(np.lexsort((-right, wrong))[0]))
            met &= agreeing[:, qubits[-1]]
        conditions.append((tuple(qubits), tuple(bool(value) for value in bits[np.argmax(left), qubits])))
        left &= ~met
        others |= met  # met once is enough: a second NOT would undo the first
    return conditions


def _check_counts(counts: ArrayLike, terms: int, samples: int) -> NDArray[np.int64]:
    """Return counts as an array (M,), or refuse them."""
    array = np.asarray(counts)
    if array.dtype.kind not in "iu":
        raise InputError("counts are no whole numbers; give how many samples sit at each basis state's point.")
    if array.shape != (terms,):
        raise InputError(f"counts have shape {array.shape}, but the state has {terms} basis states; give one each.")
    if np.min(array) < 1 or np.max(array) > samples:
        wrong = array[(array < 1) | (array > samples)][0]
        raise InputError(f"A count of {wrong} is not in 1..{samples}, the number of samples; leave out empty points.")
    return array.astype(np.int64)
