"""Aer's simulators: the state vector, and the matrix product state kept exact by its bond dimension."""

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives.containers import BitArray
from qiskit.transpiler import Target
from qiskit_aer import AerSimulator
from qiskit_aer.library import SetMatrixProductState, SetStatevector

from problems.errors import InputError, whole_number
from problems.memory import require_memory
from quantum.backends.line import on_a_line
from quantum.backends.matrix_product import BATCH, right_canonical, sample_product
from quantum.backends.options import Suppression
from quantum.blocks.ideal_loader import IdealLoader
from quantum.preset_passes import TargetPasses

__all__ = ["AerBackend", "AerProgram", "MatrixProductProgram"]


@dataclass(frozen=True)
class AerBackend:
    """One of Aer's simulation methods.

    Attributes
    ----------
    name
        What callers know it by.
    method
        Aer's name of the method: "statevector" or "matrix_product_state".
    """

    name: str
    method: str

    device: ClassVar[bool] = False
    max_shots: ClassVar[int | None] = None
    target: ClassVar[Target | None] = None

    def notes(self, suppression: Suppression) -> tuple[str, ...]:
        """Return that there is nothing to suppress."""
        chosen = " and ".join(suppression.chosen)
        return (f"{self.name} simulates without noise, so {chosen} has nothing to suppress and is left out.",)

    def check(self, qubits: int, rank: int, limit: int | None = None) -> None:
        """Refuse a simulation whose predicted memory is not available, or which a limit would make inexact.

        Parameters
        ----------
        qubits
            The width of the circuit.
        rank
            A bound on the Schmidt rank of its states.
        limit
            The largest bond dimension that the caller allows a matrix product state; None allows any.

        Raises
        ------
        InputError
            If it would not fit, or the limit is no whole number of at least 1, would truncate the state, or is given
            where nothing has a bond dimension.
        """
        if self.method == "statevector":
            if limit is not None:
                raise InputError(
                    f"bond_dimension = {limit!r} says nothing to {self.name}, which keeps the whole state; leave it "
                    "out, or use backend='aer_mps'."
                )
            # Five times the amplitudes while Aer takes over a state that is handed to it, and their probabilities while
            # samples are drawn.
            require_memory(
                (5 * 16 + 8) * 2**qubits,
                f"A state vector of {qubits} qubits",
                "use backend='aer_mps', fewer features or a smaller prime",
            )
        else:
            bond = bond_dimension(qubits, rank)
            if limit is not None and whole_number("bond_dimension", limit, 1) < bond:
                raise InputError(
                    f"bond_dimension = {limit} would truncate the state: an exact simulation of this circuit may "
                    f"need up to {bond}. Allow that, or use fewer data points or a smaller prime."
                )
            require_memory(
                matrix_product_bytes(qubits, rank),
                f"A matrix product state of {qubits} qubits with bond dimension {bond}",
                "use fewer data points or fewer features",
            )

    def prepare(
        self, circuit: QuantumCircuit, rank: int, limit: int | None = None
    ) -> "AerProgram | MatrixProductProgram":
        """Fit a circuit to the simulator; see `check` for the bound `rank` and the `limit`.

        A matrix product state is evolved here, once, unless outcomes are fed forward.

        Raises
        ------
        InputError
            If the simulation would not fit in memory or in the limit.
        RuntimeError
            If the simulator failed.
        """
        self.check(circuit.num_qubits, rank, limit)
        simulator, fitted = self.fit(circuit, rank)
        if self.method == "statevector" or any(instruction.is_control_flow() for instruction in fitted.data):
            return AerProgram(simulator, fitted)
        return MatrixProductProgram(*_evolved(simulator, fitted))

    def program(self, circuit: QuantumCircuit, rank: int) -> "AerProgram | MatrixProductProgram":
        """Make a program of a recorded circuit: `prepare` without a limit."""
        return self.prepare(circuit, rank)

    def fit(self, circuit: QuantumCircuit, rank: int) -> tuple[AerSimulator, QuantumCircuit]:
        """Return a simulator that is exact up to this rank, and the circuit in its own gates."""
        # Aer's own memory guess refuses matrix product states that fit, and its target stops at 63 qubits.
        options = {"method": self.method, "max_memory_mb": -1, "n_qubits": circuit.num_qubits}
        if self.method == "matrix_product_state":
            options["matrix_product_state_max_bond_dimension"] = bond_dimension(circuit.num_qubits, rank)
        threads = os.environ.get("OMP_NUM_THREADS", "")
        if threads.isdecimal():  # Aer reads it once, when it is loaded
            options["max_parallel_threads"] = int(threads)
        simulator = AerSimulator(**options)
        named = ("aer", self.method, circuit.num_qubits)
        passes = TargetPasses(_target(self.method, circuit.num_qubits), named=named)(0, 0)
        fitted = passes.run(self._with_state(circuit))
        return simulator, fitted if self.method == "statevector" else on_a_line(fitted)

    def _with_state(self, circuit: QuantumCircuit) -> QuantumCircuit:
        """Replace an ideal loader, which must come first and on the first qubits, by Aer's way to set a state."""
        lowered = circuit.copy_empty_like()
        for instruction in circuit.data:
            if isinstance(instruction.operation, IdealLoader):
                state = instruction.operation.state.extended(circuit.num_qubits)
                setter = (
                    SetStatevector(state.vector())
                    if self.method == "statevector"
                    else SetMatrixProductState(state.matrix_product())
                )
                lowered.append(setter, lowered.qubits)
            else:
                lowered.append(instruction)
        return lowered


@lru_cache(maxsize=64)
def _target(method: str, qubits: int) -> Target:
    """Return a simulator's gates; a simulator makes them anew each of the hundred times that it is asked."""
    return AerSimulator(method=method, n_qubits=qubits).target


@dataclass(frozen=True)
class AerProgram:
    """A circuit in the simulator's own gates."""

    simulator: AerSimulator
    circuit: QuantumCircuit

    def run(self, shots: int, seed: int) -> NDArray[np.bool_]:
        """Return measured bits (shots, classical bits), bit 0 first, in the order they were measured.

        Raises
        ------
        RuntimeError
            If the simulator failed.
        """
        result = self.simulator.run(self.circuit, shots=shots, seed_simulator=seed, memory=True).result()
        if not result.success:
            raise RuntimeError(f"Aer could not run the circuit: {result.status}")
        memory = BitArray.from_samples(result.data(0)["memory"], self.circuit.num_clbits)
        bits = np.unpackbits(memory.array, axis=1)  # highest bit first, padded in front
        return bits[:, ::-1][:, : self.circuit.num_clbits].astype(bool)


@dataclass(frozen=True, eq=False)
class MatrixProductProgram:
    """A matrix product state ready to be measured: Aer's own way takes milliseconds a shot.

    Attributes
    ----------
    tensors
        The state, in right-canonical form.
    places
        Which qubit each classical bit is measured from.
    """

    tensors: Sequence[NDArray[np.complex128]]
    places: NDArray[np.int64]

    def run(self, shots: int, seed: int) -> NDArray[np.bool_]:
        """Return measured bits (shots, classical bits), bit 0 first."""
        return sample_product(self.tensors, shots, np.random.default_rng(seed))[:, self.places]


def _evolved(simulator: AerSimulator, circuit: QuantumCircuit) -> tuple[list[NDArray[np.complex128]], NDArray]:
    """Return the state before the measurements, which come last, and the qubit of each classical bit."""
    places = np.zeros(circuit.num_clbits, dtype=np.int64)
    gates = QuantumCircuit(circuit.num_qubits, global_phase=circuit.global_phase)
    for instruction in circuit.data:
        where = [circuit.find_bit(qubit).index for qubit in instruction.qubits]
        if instruction.operation.name == "measure":
            places[circuit.find_bit(instruction.clbits[0]).index] = where[0]
        else:
            gates.append(instruction.operation, where)
    gates.save_matrix_product_state(label="state")
    result = simulator.run(gates, shots=1).result()
    if not result.success:
        raise RuntimeError(f"Aer could not run the circuit: {result.status}")
    return right_canonical(*result.data(0)["state"]), places


def bond_dimension(qubits: int, rank: int) -> int:
    """Return the bond dimension that truncates nothing: the rank, or what the middle cut can hold at most."""
    return min(rank, 2 ** min(qubits // 2, int(rank).bit_length()))


def matrix_product_bytes(qubits: int, rank: int) -> int:
    """Predict the memory of a matrix product state: Aer's and ours, as much again under way, a batch of samples."""
    most = int(rank).bit_length()  # 2^most > rank, and needs no huge number
    bonds = [min(rank, 2 ** min(cut, qubits - cut, most)) for cut in range(qubits + 1)]
    entries = sum(2 * left * right for left, right in itertools.pairwise(bonds))
    return 16 * (4 * entries + 6 * BATCH * max(bonds))
