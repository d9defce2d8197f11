"""The common ground of oracles of a quadratic loss: the whole numbers they compute with, registers, action, cost."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.providers import BackendV2

from problems.errors import InputError, whole_number
from problems.neuron_selection import MaskProblem, check_masks
from problems.showing import Shows, ShowsFields
from quantum.neuron_selection.magnitude_bits import check_argmin, fewest_bits
from quantum.neuron_selection.whole_loss import WholeLoss, ceiling, finite_number, is_whole
from quantum.resources.counts import compile_to_basis

__all__ = ["MaskOracle", "Oracle", "OracleCost", "oracle_cost", "written_cost"]


@dataclass(frozen=True, repr=False)
class OracleCost(ShowsFields):
    """The cost of one phase query: computing, the phase and uncomputing.

    Attributes
    ----------
    qubits
        Width, the mask included.
    toffoli
        Toffoli gates up to phases that uncomputing takes back: 4 T each.
    cx, rz
        After compiling to CX, RZ, SX and X at optimization level 2.
    t, rotations
        Of the RZ, those by odd multiples of pi/4, one T each, and those by no multiple of it, to be synthesized.
    """

    qubits: int
    toffoli: int
    cx: int
    rz: int
    t: int
    rotations: int


def oracle_cost(circuit: QuantumCircuit) -> OracleCost:
    """Count an oracle's gates; deterministic."""
    return written_cost(circuit, compile_to_basis(circuit))


def written_cost(circuit: QuantumCircuit, compiled: QuantumCircuit) -> OracleCost:
    """Count an oracle's Toffoli gates, and the others as they stand in a compiled circuit of CNOTs and rotations."""
    rotations = [step.operation.params[0] for step in compiled.data if step.operation.name in ("rz", "p")]
    eighths = np.array(rotations, dtype=float) / (np.pi / 4)
    near = np.abs(eighths - np.rint(eighths)) < 1e-9
    return OracleCost(
        qubits=circuit.num_qubits,
        toffoli=circuit.count_ops().get("rccx", 0),
        cx=compiled.count_ops().get("cx", 0),
        rz=len(rotations),
        t=int(np.count_nonzero(near & (np.rint(eighths) % 2 == 1))),
        rotations=int(np.count_nonzero(~near)),
    )


class MaskOracle(Shows, ABC):
    """|m>|0> -> (-1)^[marked(m)] |m>|0>, without a global phase. Oracles subclass it and give `_built`.

    The mask is on the first N qubits, neuron j on qubit j; the other registers begin and end in |0>.
    """

    neurons: int

    @cached_property
    def circuit(self) -> QuantumCircuit:
        """The oracle in gates."""
        return self._built()

    @cached_property
    def cost(self) -> OracleCost:
        """The cost of one query."""
        return oracle_cost(self.circuit)

    @property
    def registers(self) -> dict[str, int]:
        """Qubits by the name of their register, in the circuit's order."""
        return {register.name: register.size for register in self.circuit.qregs}

    @abstractmethod
    def marked(self, masks: ArrayLike) -> NDArray[np.bool_]:
        """Tell of masks, shape (n, N), which have the phase -1, shape (n,)."""

    def check(self, backend: BackendV2 | int) -> None:
        """Refuse a backend, or a number of qubits, that is too narrow for the circuit.

        Raises
        ------
        InputError
            If the circuit has more qubits.
        """
        qubits = backend if isinstance(backend, int) else backend.num_qubits
        name = "the device" if isinstance(backend, int) else backend.name
        if qubits is not None and self.circuit.num_qubits > qubits:
            raise InputError(
                f"The oracle has {self.circuit.num_qubits} qubits, but {name} has {qubits}; choose fewer neurons, "
                "fewer bits, or a larger device."
            )

    @abstractmethod
    def _built(self) -> QuantumCircuit:
        """Return the circuit."""


class Oracle(MaskOracle):
    """Marks the masks whose loss, of `problem.quantized(bits)`, is strictly below a threshold.

    Parameters
    ----------
    problem
        The loss. One whose c, l and q are whole numbers is taken as it is, whatever the bits.
    threshold
        In units of the loss.
    bits
        Magnitude bits of a coefficient, the sign apart; None takes the fewest that keep the argmin.

    Attributes
    ----------
    step
        The loss that one of the oracle's whole numbers stands for.
    loss
        What is computed: the loss in steps, less ceil(threshold/step), negative where the phase is -1.

    Raises
    ------
    InputError
        If the threshold is no finite number, the bits are out of range or too few to keep the argmin, or None is
        given with more neurons than can be looked at.
    """

    def __init__(self, problem: MaskProblem, threshold: float, bits: int | None = None) -> None:
        if not isinstance(problem, MaskProblem):
            raise InputError(
                f"{type(problem).__name__} is no quadratic loss; give a MaskProblem, or an ErrorCountProblem to "
                "ErrorCountOracle."
            )
        self.problem, self.neurons = problem, problem.neurons
        self.threshold = finite_number("threshold", threshold)
        if bits is not None:
            bits = whole_number("bits", bits, 1)
        if is_whole(problem):
            multiples, self.step = problem.coefficients, 1.0
            largest = max(np.max(np.abs(multiples.linear)), np.max(np.abs(multiples.pairs)))
            bits = max(1, int(largest).bit_length())
        else:
            if bits is None:
                bits = fewest_bits(problem)
            quantized = problem.quantized(bits)
            check_argmin(problem, bits)
            multiples, self.step = quantized.multiples, quantized.step
        self.bits = bits
        size = float(sum(np.abs(part).sum(dtype=float) for part in map(np.asarray, multiples)))
        self.loss = WholeLoss.below(multiples, ceiling(self.threshold, self.step, size))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.problem!r}, threshold={self.threshold:.6g}, bits={self.bits})"

    @property
    def width(self) -> int:
        """Bits w of the value in two's complement."""
        return self.loss.width

    def marked(self, masks: ArrayLike) -> NDArray[np.bool_]:
        """Tell of masks, shape (n, N), which have the phase -1, shape (n,).

        Raises
        ------
        InputError
            If a mask has another length than N, or a value other than 0 and 1.
        """
        return self.loss.values(np.atleast_2d(check_masks(masks, self.neurons))) < 0
