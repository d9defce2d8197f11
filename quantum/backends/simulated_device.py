"""Devices simulated with their noise: IBM's snapshots, and Aer's simulators as a user made them.

Of a snapshot only the qubits in use are simulated: the same shots in a hundredth of the time. Waiting is noisy: every
circuit is scheduled, whether dynamical decoupling fills the waiting or not. The method is chosen here, and there is
one thread: Aer's own choice depends on the machine, and a seed is to give the same shots everywhere.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.providers import BackendV2
from qiskit.transpiler import PassManager, Target
from qiskit.transpiler.passes import ALAPScheduleAnalysis, PadDelay, TimeUnitConversion
from qiskit_aer import AerSimulator

from problems.errors import InputError
from problems.memory import require_memory
from quantum.backends.device import Device
from quantum.backends.errors import failures_of
from quantum.backends.fitting import FittedCircuit, is_timed
from quantum.backends.noise import noise_of
from quantum.backends.options import NO_SUPPRESSION, Suppression
from quantum.backends.parts import compact, part_of
from quantum.backends.readout import ReadoutErrors, measured_qubits
from quantum.backends.shots import shots_of_data
from quantum.backends.snapshots import calibration_date, working_target
from quantum.last_used import last_used

__all__ = ["SimulatedDevice", "SimulatedProgram", "can_simulate", "scheduled"]

DENSITY_QUBITS = 10
"""Up to here a density matrix is faster than trajectories of state vectors, a second or less."""

KEPT = 8
"""Simulators that a device keeps, those used last: with the noise of ten qubits each takes some 5 MB."""


def can_simulate(backend: BackendV2) -> bool:
    """Tell whether a backend is made to be simulated: a snapshot of IBM's, or a simulator of Aer's."""
    if isinstance(backend, AerSimulator):
        return True
    return any(kind.__module__.startswith("qiskit_ibm_runtime.fake_provider.") for kind in type(backend).__mro__)


@dataclass(eq=False)
class SimulatedDevice(Device):
    """A device that is simulated with its noise.

    Attributes
    ----------
    backend
        A snapshot of IBM's, or a simulator of Aer's, which runs with the options that it has.
    suppression
        What is done against errors.
    """

    backend: BackendV2
    suppression: Suppression = NO_SUPPRESSION
    _simulators: OrderedDict[Hashable, AerSimulator] = field(default_factory=OrderedDict, init=False, repr=False)

    @property
    def name(self) -> str:
        """The name by which callers know it."""
        return self.backend.name

    @cached_property
    def target(self) -> Target:
        """The gates that work, and their calibration."""
        return working_target(self.backend.target)

    @cached_property
    def max_shots(self) -> int | None:
        """The most shots of one run on the device itself."""
        return self.backend.configuration().max_shots if self._is_snapshot else None

    @cached_property
    def calibrated(self) -> str | None:
        """The time when the device that it stands for was calibrated; None where that is not known."""
        return calibration_date(self.backend)

    @property
    def noiseless(self) -> bool:  # type: ignore[override]
        """Whether it is one of Aer's simulators, without a noise model."""
        return not self._is_snapshot and self.backend.options.noise_model is None

    @property
    def _is_snapshot(self) -> bool:
        return not isinstance(self.backend, AerSimulator)

    def notes(self, suppression: Suppression) -> tuple[str, ...]:
        """Return what cannot help here: the noise has no memory, and is symmetric already."""
        notes = []
        if suppression.dynamical_decoupling:
            notes.append(
                f"Dynamical decoupling is applied on {self.name}, but the simulated noise has no slow phase noise to "
                "refocus: expect no gain from it."
            )
        if suppression.twirling:
            notes.append(
                f"Twirling is applied on {self.name}, but the simulated errors of gates and readout are random and "
                "symmetric without it: expect no gain from it."
            )
        return tuple(notes)

    def check(self, qubits: int, rank: int, limit: int | None = None) -> None:
        """Refuse a circuit that is too wide for the device or for its simulation; see `Backend.check`.

        Raises
        ------
        InputError
            If it is, or a bond dimension is given.
        """
        super().check(qubits, rank, limit)
        if self._is_snapshot:
            _require_memory(qubits, self.name)

    def _ready(self, circuit: QuantumCircuit, fitted: FittedCircuit | None) -> "SimulatedProgram":
        timed = is_timed(circuit, self.target)
        if self.suppression.dynamical_decoupling and not timed:
            raise InputError(
                f"Dynamical decoupling on {self.name} needs a circuit without feed-forward and the durations "
                "of all gates; leave it out."
            )
        if self.suppression.twirling:
            self._require_twirling(circuit)
        if not self._is_snapshot:
            return SimulatedProgram(self.backend, circuit, self.suppression, fitted)
        qubits = used_qubits(circuit)
        _require_memory(len(qubits), self.name)
        simulator = self._simulator(qubits, timed, _method(circuit, len(qubits), self.suppression))
        return SimulatedProgram(simulator, compact(circuit, qubits), self.suppression, fitted)

    def _simulator(self, qubits: tuple[int, ...], timed: bool, method: str) -> AerSimulator:
        """Return a simulator of these qubits; kept, as its noise takes longer to make than most circuits to run."""

        def made() -> AerSimulator:
            kind = _IdlingSimulator if timed else AerSimulator
            part = part_of(self.target, qubits)
            simulator = kind.from_backend(part, noise_model=noise_of(part))
            simulator.set_options(method=method, max_parallel_threads=1)
            return simulator

        return last_used(self._simulators, (qubits, timed, method), KEPT, made)

    def _require_twirling(self, circuit: QuantumCircuit) -> None:
        missing = [name for name in ("rz", "sx") if name not in self.target.operation_names]
        if missing or circuit.has_control_flow_op():
            needed = f"a device with the gates {' and '.join(missing)}" if missing else "a circuit without feed-forward"
            raise InputError(f"Twirling on {self.name} needs {needed}; leave it out.")


@dataclass(frozen=True, eq=False)
class SimulatedProgram:
    """A circuit in a device's gates, on a noisy simulator of the qubits that it uses.

    Attributes
    ----------
    simulator
        Has the noise.
    circuit
        On the simulator's qubits.
    suppression
        What is done against errors.
    fitted
        The circuit on the whole device; None if it came from a record.
    """

    simulator: AerSimulator
    circuit: QuantumCircuit
    suppression: Suppression = NO_SUPPRESSION
    fitted: FittedCircuit | None = None

    def probabilities(self, readout: bool = True) -> NDArray[np.float64]:
        """Return the probabilities of all bit strings, shape (2^clbits,), exactly: infinitely many shots.

        Parameters
        ----------
        readout
            Whether bits are read with the errors that the calibration states.

        Raises
        ------
        InputError
            If a bit is measured never or more than once, outcomes are fed forward, or the density matrix of the qubits
            in use does not fit in memory.
        ServiceError
            If the simulator cannot run the circuit.
        """
        found = self._unread
        if readout:
            errors = ReadoutErrors.from_target(self.circuit, self.simulator.target)
            for bit, (up, down) in enumerate(errors.flips):
                halves = found.reshape(-1, 2, 1 << bit)
                found = np.einsum("ij,ajb->aib", np.array([[1 - up, down], [up, 1 - down]]), halves).reshape(-1)
        return found

    @cached_property
    def _unread(self) -> NDArray[np.float64]:
        """Probabilities without readout errors."""
        places = measured_qubits(self.circuit)
        qubits = self.circuit.num_qubits
        require_memory(
            4 * 16 << 2 * qubits, f"A density matrix of {qubits} qubits", "take fewer qubits, or run it by shots"
        )
        timed = isinstance(self.simulator, _IdlingSimulator)
        gates = scheduled(self.circuit, self.simulator.target) if timed else self.circuit.copy()
        gates.remove_final_measurements()
        gates.save_probabilities([gates.qubits[place] for place in places])  # Aer adds this method to circuits
        with failures_of(self.simulator.name):
            result = AerSimulator.run(self.simulator, gates, shots=1, method="density_matrix").result()
            return np.asarray(result.data(0)["probabilities"])

    def run(self, shots: int, seed: int) -> NDArray[np.bool_]:
        """Return measured bits (shots, classical bits), bit 0 first, in the order they were measured.

        Raises
        ------
        InputError
            If qiskit-ibm-runtime is missing.
        ServiceError
            If the simulator cannot run the circuit, as with a method that takes Clifford gates alone.
        """
        try:
            from qiskit_ibm_runtime.executor_sampler import Sampler
        except ImportError:
            raise InputError(
                "Devices need qiskit-ibm-runtime, which is not installed; install it with: "
                "pip install 'quantum-tickets[ibm]'"
            ) from None
        with failures_of(self.simulator.name):
            sampler = Sampler(mode=self.simulator, options=sampler_options(self.suppression, seed))
            data = sampler.run([self.circuit], shots=shots).result()[0].data
        return shots_of_data(data, self.circuit, shots, self.simulator.name)


def sampler_options(suppression: Suppression, seed: int) -> dict[str, Any]:
    """Return the options of IBM's sampler for a local run."""
    return {
        "dynamical_decoupling": {"enable": suppression.dynamical_decoupling},
        "twirling": {"enable_gates": suppression.twirling, "enable_measure": suppression.twirling},
        "simulator": {"seed_simulator": seed},
    }


def used_qubits(circuit: QuantumCircuit) -> tuple[int, ...]:
    """Return the qubits that a circuit acts on, ascending."""
    acting = [one for one in circuit.data if one.name not in ("barrier", "delay")]
    return tuple(sorted({circuit.find_bit(qubit).index for one in acting for qubit in one.qubits}))


class _IdlingSimulator(AerSimulator):
    """A simulator for which qubits that wait do decay: Aer's noise knows of waiting by explicit delays alone."""

    def run(self, circuits: Any, *arguments: Any, **options: Any) -> Any:
        circuits = [circuits] if isinstance(circuits, QuantumCircuit) else circuits
        # Dynamical decoupling has scheduled its circuits.
        timed = [one if "delay" in one.count_ops() else scheduled(one, self.target) for one in circuits]
        return super().run(timed, *arguments, **options)


def scheduled(circuit: QuantumCircuit, target: Target) -> QuantumCircuit:
    """Return a circuit with delays wherever a qubit waits."""
    passes = [TimeUnitConversion(target=target), ALAPScheduleAnalysis(target=target), PadDelay(target=target)]
    return PassManager(passes).run(circuit)


def _method(circuit: QuantumCircuit, qubits: int, suppression: Suppression) -> str:
    """Return Aer's name of the fastest method whose shots a seed decides: where shots branch, it does not."""
    # Feed-forward takes shots one by one, and twirling has few shots of each of its circuits.
    if circuit.has_control_flow_op() or suppression.twirling or qubits > DENSITY_QUBITS:
        return "statevector"
    return "density_matrix"


def _require_memory(qubits: int, name: str) -> None:
    require_memory(
        24 * 2**qubits,
        f"Simulating {qubits} qubits of {name}",
        "use fewer features, a smaller prime or the device itself",
    )
