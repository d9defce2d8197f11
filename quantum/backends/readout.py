"""Readout mitigation: what was measured, as it would have been read without readout errors.

Every classical bit is taken to flip by itself, with its own two probabilities. M3 (Nation et al. 2021, PRX Quantum
2:040326) restricts the matrix of these flips to the bit strings that were seen and inverts it there; what comes out
sums to 1 and may be negative, so the nearest distribution is taken in its place.
"""

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.transpiler import Target

from problems.errors import InputError
from quantum.preset_passes import TargetPasses

__all__ = [
    "ReadoutErrors",
    "ReadoutMitigation",
    "calibration_circuits",
    "distinct_patterns",
    "measured_qubits",
    "nearest_distribution",
]

MAX_PATTERNS = 4096
"""The matrix over so many distinct bit strings takes 128 MiB; more are refused."""


def distinct_patterns(bits: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return the distinct rows of bits (shots, clbits), shape (m, clbits), and which of them each shot is, (shots,)."""
    patterns, which = np.unique(bits, axis=0, return_inverse=True)
    return patterns.astype(bool), which.reshape(-1).astype(np.int64)


@dataclass(frozen=True, eq=False)
class ReadoutErrors:
    """How often each classical bit is read wrong.

    Attributes
    ----------
    flips
        Shape (clbits, 2): the probability to read 1 where the qubit was in |0>, and 0 where it was in |1>.

    Raises
    ------
    InputError
        If an entry is no probability, or a bit tells nothing of its qubit: the two add up to 1 or more.
    """

    flips: NDArray[np.float64]

    def __post_init__(self) -> None:
        flips = np.asarray(self.flips, dtype=np.float64)
        object.__setattr__(self, "flips", flips)
        if flips.ndim != 2 or flips.shape[1] != 2 or not np.all((flips >= 0) & (flips <= 1)):
            raise InputError(
                f"Readout errors of shape {flips.shape} are no pair of probabilities for each classical bit; give "
                "numbers 0..1 of shape (clbits, 2)."
            )
        useless = np.flatnonzero(flips.sum(axis=1) >= 1)
        if len(useless):
            wrong = " and ".join(f"{error:.3g}" for error in flips[useless[0]])
            raise InputError(
                f"Classical bit {useless[0]} is read wrong with probabilities {wrong}, so it tells nothing of its "
                "qubit; use other qubits, or leave mitigation out."
            )

    @classmethod
    def from_target(cls, circuit: QuantumCircuit, target: Target) -> Self:
        """Return the errors that a device's calibration states: exact for simulations of it, symmetric.

        Parameters
        ----------
        circuit
            The circuit on the device's qubits.
        target
            The device's description.

        Raises
        ------
        InputError
            As `measured_qubits` does, if the error of a measurement is not stated, and if a bit tells nothing of its
            qubit.
        """
        measured = (target["measure"] if "measure" in target.operation_names else None) or {}
        errors = []
        for qubit in measured_qubits(circuit):
            properties = measured.get((qubit,))
            if properties is None or properties.error is None:
                raise InputError(
                    f"The device does not state how often qubit {qubit} is read wrong, so nothing can be mitigated by "
                    "it; run both calibration_circuits and take ReadoutErrors.from_calibration, or leave mitigation "
                    "out."
                )
            errors.append(properties.error)
        return cls(np.column_stack([errors, errors]))

    @classmethod
    def from_calibration(cls, zeros: NDArray[np.bool_], ones: NDArray[np.bool_]) -> Self:
        """Return the errors that the two circuits of `calibration_circuits` showed.

        Parameters
        ----------
        zeros, ones
            Measured bits (shots, clbits), all qubits in |0> and all in |1>.

        Raises
        ------
        InputError
            If a side has no shots, they differ in width, or a bit tells nothing of its qubit.
        """
        if min(len(zeros), len(ones)) == 0 or zeros.shape[1:] != ones.shape[1:]:
            raise InputError(
                f"Calibration shots of shapes {zeros.shape} and {ones.shape} give no error for each bit; run both "
                "calibration circuits of one circuit, with at least one shot."
            )
        return cls(np.column_stack([np.mean(zeros, axis=0), 1 - np.mean(ones, axis=0)]))

    def mitigation(self, patterns: NDArray[np.bool_]) -> "ReadoutMitigation":
        """Return the mitigation over distinct bit strings.

        Parameters
        ----------
        patterns
            The bit strings that were seen, shape (m, clbits), each once: see `distinct_patterns`.

        Raises
        ------
        InputError
            If mthree is missing, there are more than 4096 bit strings or none, or they have another width.
        """
        clbits = len(self.flips)
        if patterns.ndim != 2 or patterns.shape[1] != clbits or len(patterns) == 0:
            raise InputError(
                f"Bit strings of shape {patterns.shape} cannot be mitigated by the errors of {clbits} bits; give at "
                "least one, of that width."
            )
        if len(patterns) > MAX_PATTERNS:
            raise InputError(
                f"{len(patterns)} distinct bit strings are more than the {MAX_PATTERNS} that readout mitigation takes; "
                "take fewer shots or a smaller problem."
            )
        mitigator = _mthree().M3Mitigation(None)
        mitigator.cals_from_matrices(
            [np.array([[1 - zero, one], [zero, 1 - one]], dtype=np.float32) for zero, one in self.flips]
        )
        names = ["".join("1" if bit else "0" for bit in row[::-1]) for row in patterns]  # bit 0 stands last
        matrix, order = mitigator.reduced_cal_matrix(dict.fromkeys(names, 1), list(range(clbits)), distance=clbits)
        place = {name: i for i, name in enumerate(order)}
        rows = [place[name] for name in names]
        return ReadoutMitigation(patterns, np.asarray(matrix, dtype=np.float64)[np.ix_(rows, rows)])


@dataclass(frozen=True, eq=False)
class ReadoutMitigation:
    """The errors of reading, restricted to the bit strings that were seen.

    Attributes
    ----------
    patterns
        The bit strings, shape (m, clbits).
    matrix
        Column j: how a state read without errors as bit string j is read with them. Shape (m, m), columns sum to 1.
    """

    patterns: NDArray[np.bool_]
    matrix: NDArray[np.float64]

    def quasi_probabilities(self, counts: NDArray) -> NDArray[np.float64]:
        """Return weights that sum to 1 and may be negative.

        Parameters
        ----------
        counts
            How often each bit string was seen: shape (m,), or (m, k) for k samples.
        """
        return np.linalg.solve(self.matrix, counts / counts.sum(axis=0))

    def apply(self, counts: NDArray) -> NDArray[np.float64]:
        """Return the distribution nearest to the quasi-probabilities; see there."""
        return nearest_distribution(self.quasi_probabilities(counts))


def nearest_distribution(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distribution at the least Euclidean distance from weights (m,) or (m, k), column by column.

    Smolin, Gambetta and Smith 2012, PRL 108:070502: all weights are lowered by one number, and what would be negative
    is 0. Here that number also makes up for rounding: whatever the weights sum to, the result sums to 1.
    """
    descending = -np.sort(-weights, axis=0)
    ranks = np.arange(1, len(weights) + 1).reshape(-1, *(1,) * (weights.ndim - 1))
    lowered = (np.cumsum(descending, axis=0) - 1) / ranks
    kept = np.count_nonzero(descending > lowered, axis=0)
    shift = np.take_along_axis(lowered, np.expand_dims(kept - 1, 0), axis=0)
    return np.maximum(weights - shift, 0.0)


def measured_qubits(circuit: QuantumCircuit) -> list[int]:
    """Return the qubit that each classical bit is measured from.

    Raises
    ------
    InputError
        If outcomes are fed forward, or a bit is measured never or more than once: then no later correction of the bits
        gives what a device without readout errors would have measured.
    """
    if circuit.has_control_flow_op():
        raise InputError(
            "Readout mitigation corrects the bits afterwards, but this circuit feeds them forward; leave feed-forward "
            "or mitigation out."
        )
    qubits: list[list[int]] = [[] for _ in circuit.clbits]
    for instruction in circuit.data:
        if instruction.name == "measure":
            qubits[circuit.find_bit(instruction.clbits[0]).index].append(circuit.find_bit(instruction.qubits[0]).index)
    for bit, found in enumerate(qubits):
        if len(found) != 1:
            raise InputError(
                f"Classical bit {bit} is measured {len(found)} times, but readout mitigation needs every bit measured "
                "once; leave mitigation out."
            )
    return [qubit for (qubit,) in qubits]


def calibration_circuits(circuit: QuantumCircuit, target: Target) -> tuple[QuantumCircuit, QuantumCircuit]:
    """Return the two circuits that show a circuit's readout errors: all its measured qubits in |0>, and all in |1>.

    Parameters
    ----------
    circuit
        The circuit on the device's qubits.
    target
        The device's description.

    Returns
    -------
    tuple
        Circuits in the device's gates, on the same qubits, with the same classical registers.

    Raises
    ------
    InputError
        As `measured_qubits` does.
    """
    qubits = measured_qubits(circuit)
    # No layout but the given one, so that the qubits are those of the circuit.
    passes = TargetPasses(target)(0, 0, range(circuit.num_qubits))
    made = []
    for state in (0, 1):
        calibration = circuit.copy_empty_like(name=f"readout_{state}")
        calibration.metadata = {"readout": state}
        calibration.global_phase = 0
        if state:
            calibration.x(sorted(set(qubits)))
        calibration.measure(qubits, range(len(qubits)))
        made.append(passes.run(calibration))
    return made[0], made[1]


def _mthree() -> ModuleType:
    try:
        return import_module("mthree")
    except ImportError as error:
        raise InputError(
            f"Readout mitigation needs mthree, which cannot be imported ({error}); install it with: "
            "pip install 'quantum-tickets[ibm]'"
        ) from None
