"""Noise of circuits of Clifford gates, exactly and in no time: Pauli operators carried backwards through the gates.

A state vector of a toric code's 18 noisy qubits takes a minute a shot, a density matrix a terabyte. Here every channel
of the snapshot is replaced by its Pauli twirl, which is what it becomes where gates are twirled (Wallman and Emerson
2016, arXiv:1512.01098). A stabilizer is then only multiplied by a number at each channel, and its mean is the product.
"""

import math
from collections.abc import Hashable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Instruction
from qiskit.exceptions import QiskitError
from qiskit.providers import BackendV2
from qiskit.quantum_info import PTM, Clifford, PauliList, SuperOp
from qiskit.transpiler import Target
from qiskit_aer.noise.device.models import basic_device_gate_errors

from problems.errors import InputError
from problems.ground_states import SpinModel
from quantum.backends.parts import compact, part_of
from quantum.backends.readout import ReadoutErrors, measured_qubits
from quantum.backends.simulated_device import scheduled, used_qubits
from quantum.ground_states.noise import NoisyEnergy
from quantum.ground_states.placing import place_clifford, snapshot_device
from quantum.ground_states.settings import SETTINGS, check_circuit, setting_terms

__all__ = ["TwirledNoise", "noisy_clifford_energy"]

Scale = NDArray[np.float64] | None

PAULIS = {
    letter: np.diag(np.array(signs, dtype=float))
    for letters, signs in (
        (("I", "ID"), (1, 1, 1, 1)),
        (("X",), (1, 1, -1, -1)),
        (("Y",), (1, -1, 1, -1)),
        (("Z",), (1, -1, -1, 1)),
    )
    for letter in letters
}
"""Pauli transfer matrices of Pauli operators, which leave I, X, Y, Z or change their signs."""


def noisy_clifford_energy(
    circuit: QuantumCircuit, model: SpinModel, backend: str | BackendV2 = "fake_fez"
) -> NoisyEnergy:
    """Return the energies of a Clifford circuit and of |+>^N on a snapshot, exactly but for the twirled noise.

    Parameters
    ----------
    circuit
        Of Clifford gates on N qubits, as `toric_circuit` makes it.
    model
        The model.
    backend
        A snapshot, or its name.

    Raises
    ------
    InputError
        If the circuit has another number of qubits or a gate that is no Clifford gate, or the backend is no snapshot
        that can take it.
    """
    check_circuit(circuit, model)
    _require_clifford(circuit)
    device = snapshot_device(backend)
    placed = place_clifford(circuit, device)
    noise = TwirledNoise(device.target, used_qubits(placed.measured("Z")))
    energies = np.zeros((2, 2))  # read and unread, of the circuit and of the product state
    for setting in SETTINGS:
        groups, strength = setting_terms(model, setting)
        terms = np.zeros((len(groups), model.sites), dtype=bool)
        for row, sites in zip(terms, groups, strict=True):
            row[list(sites)] = True
        for column, made in enumerate((placed.measured, placed.product)):
            energies[:, column] -= strength * noise.means(made(setting), terms).sum(axis=1)
    return NoisyEnergy.of(model, energies, placed)


class TwirledNoise:
    """The noise of some of a device's qubits, twirled.

    Parameters
    ----------
    target
        The device's description.
    qubits
        Those that circuits may use, ascending.
    """

    def __init__(self, target: Target, qubits: Sequence[int]) -> None:
        self.qubits = tuple(qubits)
        self.target = part_of(target, self.qubits).target
        self._errors = {
            (name, tuple(where)): error for name, where, error in basic_device_gate_errors(target=self.target)
        }
        self._scales: dict[tuple[str, tuple[int, ...]], Scale] = {}

    def means(self, circuit: QuantumCircuit, terms: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the means of products of measured bits (0 as +1, 1 as -1), shape (2, terms).

        The first row has readout errors, the second has none.

        Parameters
        ----------
        circuit
            In the device's gates, all of them Clifford gates, measured; on the whole device.
        terms
            The bits that each product has, shape (terms, classical bits).

        Raises
        ------
        InputError
            If a bit is measured never or more than once.
        """
        gates = compact(circuit, self.qubits)
        # Of unequal flips a mean would gain a constant, which twirled readout has not.
        correct = 1 - ReadoutErrors.from_target(gates, self.target).flips.sum(axis=1)
        operators = np.zeros((len(terms), gates.num_qubits), dtype=bool)
        operators[:, measured_qubits(gates)] = terms
        paulis = PauliList.from_symplectic(operators, np.zeros_like(operators))
        factors = np.ones(len(terms))
        for operation, qubits in reversed(self._timed(gates)):
            scale = self._scale(operation, qubits)
            if scale is not None:
                factors *= scale[_numbers(paulis, qubits)]
            if operation.name != "delay":
                paulis = paulis.evolve(_clifford(operation), qargs=list(qubits), frame="h")
        # On |0...0> only products of Z have a mean, and their sign is it.
        factors *= np.where(paulis.x.any(axis=1), 0.0, 1.0 - paulis.phase.astype(float))
        return np.stack([factors * np.prod(np.where(terms, correct, 1.0), axis=1), factors])

    def _timed(self, gates: QuantumCircuit) -> list[tuple[Instruction, tuple[int, ...]]]:
        """Return gates and waiting times in their order; while a qubit has met no gate, it waits in |0>, unharmed."""
        found: list[tuple[Instruction, tuple[int, ...]]] = []
        met: set[int] = set()
        for one in scheduled(gates, self.target).data:
            qubits = tuple(gates.find_bit(qubit).index for qubit in one.qubits)
            if (one.name == "delay" and met.isdisjoint(qubits)) or one.name in ("measure", "barrier"):
                continue
            met.update(qubits)
            found.append((one.operation, qubits))
        return found

    def _scale(self, operation: Instruction, qubits: tuple[int, ...]) -> Scale:
        """Return what the noise behind an operation multiplies each Pauli operator of its qubits by; None for none."""
        if operation.name == "delay":
            seconds = operation.duration * (self.target.dt if operation.unit == "dt" else 1.0)
            return _waiting(self.target.qubit_properties[qubits[0]], float(seconds))
        place = (operation.name, qubits)
        if place not in self._scales:
            error = self._errors.get(place)
            self._scales[place] = None if error is None else _eigenvalues(error)
        return self._scales[place]


def _waiting(properties: Any, seconds: float) -> Scale:
    if properties is None or properties.t1 is None or properties.t2 is None or not seconds:
        return None
    # Decay is towards |0>, its twirl towards neither state.
    turned = math.exp(-seconds / min(properties.t2, 2 * properties.t1))
    return np.array([1.0, turned, turned, math.exp(-seconds / properties.t1)])


def _eigenvalues(error: Any) -> NDArray[np.float64]:
    """Return the diagonal of a channel's Pauli transfer matrix: the eigenvalues of its twirl, operators in base 4.

    Errors of a device are mixtures of circuits whose steps act on single qubits, or are Pauli operators: of each the
    diagonal is a product over the qubits. Any other is made a matrix of 16^n entries.
    """
    found = np.zeros(4**error.num_qubits)
    known: dict[Hashable, NDArray[np.float64]] = {}
    for circuit, probability in zip(error.circuits, error.probabilities, strict=True):
        turned = [np.eye(4)] * circuit.num_qubits
        for one in circuit.data:
            steps = _transfers(one.operation, known)
            if steps is None:
                return _eigenvalues_by_matrix(error)
            for qubit, step in zip(one.qubits, steps, strict=True):
                place = circuit.find_bit(qubit).index
                turned[place] = step @ turned[place]
        term = np.full(1, float(probability))
        for step in turned:  # the first qubit is the lowest digit
            term = np.kron(np.diag(step), term)
        found += term
    return found


def _eigenvalues_by_matrix(error: Any) -> NDArray[np.float64]:
    return np.real(np.diag(PTM(SuperOp(error)).data))


def _transfers(step: Instruction, known: dict[Hashable, NDArray[np.float64]]) -> list[NDArray[np.float64]] | None:
    """Return the Pauli transfer matrix of each qubit of a step, shapes (4, 4); None where they have none of their own.

    What is found is written down in `known`.
    """
    if step.name == "pauli":  # the last letter is the first qubit
        return [PAULIS[letter] for letter in reversed(step.params[0])]
    if step.name.upper() in PAULIS:
        return [PAULIS[step.name.upper()]]
    if step.num_qubits != 1:
        return None
    name = (step.name, *(np.asarray(part).tobytes() for part in step.params))
    if name not in known:
        alone = QuantumCircuit(1)
        alone.append(step, [0])
        known[name] = np.real(PTM(SuperOp(alone)).data)
    return [known[name]]


def _numbers(paulis: PauliList, qubits: tuple[int, ...]) -> NDArray[np.int64]:
    """Return each operator's number on some qubits: I, X, Y, Z as digits 0..3, the first qubit lowest."""
    digits = np.array([[0, 3], [1, 2]])[paulis.x.astype(int), paulis.z.astype(int)][:, list(qubits)]
    return digits @ 4 ** np.arange(len(qubits))


def _clifford(gate: Instruction) -> Clifford:
    # A rounded angle: what is a right angle up to rounding is none for every simplification.
    turns = tuple(round(float(angle) / (math.pi / 2)) for angle in gate.params)
    return _made_once(gate.name, turns, gate.num_qubits)


@cache
def _made_once(name: str, turns: tuple[int, ...], qubits: int) -> Clifford:
    circuit = QuantumCircuit(qubits)
    getattr(circuit, name)(*(turn * math.pi / 2 for turn in turns), *range(qubits))
    return Clifford(circuit)


def _require_clifford(circuit: QuantumCircuit) -> None:
    try:
        Clifford(circuit)
    except QiskitError as error:
        reason = " ".join(str(error.message).split())
        raise InputError(
            f"The circuit has a gate that is no Clifford gate ({reason}); take noisy_energy, for up to a dozen qubits."
        ) from None
