"""A circuit on a device's qubits, and the product state on the same ones: what noise is to be judged by."""

import math
from dataclasses import dataclass
from functools import cached_property

from qiskit import QuantumCircuit
from qiskit.providers import BackendV2
from qiskit.transpiler import Target
from qiskit_aer import AerSimulator

from problems.errors import InputError
from quantum.backends.fitting import fit_circuit
from quantum.backends.readout import measured_qubits
from quantum.backends.simulated_device import SimulatedDevice, can_simulate
from quantum.backends.snapshots import shared_snapshot
from quantum.ground_states.settings import Setting, setting_circuit
from quantum.preset_passes import TargetPasses

__all__ = ["Placed", "place", "place_clifford", "snapshot_device"]

TRIES = 12
"""Seeds of the transpiler that are tried at each of its levels."""


@dataclass(frozen=True, eq=False)
class Placed:
    """A circuit in a device's gates.

    Attributes
    ----------
    gates
        On the device's qubits, without measurements.
    sites
        The device's qubit on which each site ends up.
    target
        The device's gates that work, and their calibration.
    """

    gates: QuantumCircuit
    sites: tuple[int, ...]
    target: Target

    @cached_property
    def two_qubit_gates(self) -> int:
        """Their number."""
        return sum(len(one.qubits) == 2 and one.name != "barrier" for one in self.gates.data)

    def measured(self, setting: Setting) -> QuantumCircuit:
        """Return the circuit measured in a setting, site k into classical bit k, in the device's gates.

        Both settings have the same two-qubit gates on the same qubits: what is turned before a measurement is merged
        with the one-qubit gates before it.
        """
        measured = self.gates.copy_empty_like()
        measured.compose(self.gates, inplace=True)
        return self._closed(measured, setting)

    def product(self, setting: Setting) -> QuantumCircuit:
        """Return |+>^N on the same qubits, measured in a setting."""
        plus = self.gates.copy_empty_like()
        plus.global_phase = 0
        plus.h(self.sites)
        return self._closed(plus, setting)

    def _closed(self, circuit: QuantumCircuit, setting: Setting) -> QuantumCircuit:
        closed = QuantumCircuit(circuit.num_qubits, len(self.sites), global_phase=circuit.global_phase)
        closed.compose(circuit, inplace=True)
        if setting == "X":
            closed.h(self.sites)
        closed.measure(self.sites, range(len(self.sites)))
        # No layout but the given one, and no routing: only one-qubit gates are merged.
        return TargetPasses(self.target)(1, 0, range(circuit.num_qubits)).run(closed)


def place(circuit: QuantumCircuit, device: SimulatedDevice) -> Placed:
    """Fit a circuit to a device.

    Of several layouts it takes the one with the fewest qubits, then the best fidelity. Where no qubit is coupled to
    more than one other, no swaps are needed, and the best connections and qubits are picked one by one.

    Raises
    ------
    InputError
        If it does not fit, or has classical bits.
    """
    measured = setting_circuit(circuit, "Z")
    device.check(measured.num_qubits, 0)
    layout = _best_connections(circuit, device.target)
    if layout is not None:
        gates = TargetPasses(device.target)(3, 0, layout).run(measured)
    else:
        gates = fit_circuit(measured, device.target, device.name).circuit.copy()
    sites = tuple(measured_qubits(gates))
    gates.remove_final_measurements()
    return Placed(gates, sites, device.target)


def place_clifford(circuit: QuantumCircuit, device: SimulatedDevice) -> Placed:
    """Fit a circuit of Clifford gates such that each of the device's gates is one too.

    Where pairs of gates are merged, the transpiler may put two RZ that cancel around a CZ, by any angle. Of several
    seeds and levels those without are kept, of these the one with the fewest qubits, then the best fidelity; without
    merging no such angle arises, so that there always is one.

    Raises
    ------
    InputError
        If it does not fit, or has classical bits.
    """
    measured = setting_circuit(circuit, "Z")
    device.check(measured.num_qubits, 0)
    passes = TargetPasses(device.target)

    def compiled(level: int, seed: int) -> QuantumCircuit:
        return passes(level, seed).run(measured)

    def cost(gates: QuantumCircuit) -> tuple[int, float]:
        acting = [(one.name, tuple(gates.find_bit(qubit).index for qubit in one.qubits)) for one in gates.data]
        return len({qubit for _, where in acting for qubit in where}), sum(
            _loss(device.target, name, where) for name, where in acting if name != "barrier"
        )

    found = [compiled(level, seed) for level in (1, 2, 3) for seed in range(TRIES)]
    gates = min((one for one in found if _only_right_angles(one)), key=cost)
    sites = tuple(measured_qubits(gates))
    gates.remove_final_measurements()
    return Placed(gates, sites, device.target)


def _only_right_angles(circuit: QuantumCircuit) -> bool:
    angles = [float(angle) for one in circuit.data for angle in one.params if one.name != "delay"]
    return all(abs(math.remainder(angle, math.pi / 2)) < 1e-9 for angle in angles)


def _pairs(circuit: QuantumCircuit) -> dict[tuple[int, int], int]:
    """Return which qubits are coupled, and by how many CX."""
    found: dict[tuple[int, int], int] = {}
    for one in circuit.data:
        if len(one.qubits) == 2 and one.name != "barrier":
            first, second = sorted(circuit.find_bit(qubit).index for qubit in one.qubits)
            found[first, second] = found.get((first, second), 0) + (2 if one.name == "rzz" else 1)
    return found


def _best_connections(circuit: QuantumCircuit, target: Target) -> list[int] | None:
    """Return the device's qubit of each qubit, the likeliest to be right, the most coupled pairs choosing first.

    None where a qubit is coupled to more than one other, none is coupled, or the pairs left too little room.
    """
    pairs = _pairs(circuit)
    if not pairs or len({qubit for pair in pairs for qubit in pair}) < 2 * len(pairs):
        return None
    (coupling,) = [name for name in target.operation_names if _acts_on(target, name) == 2][:1]
    layout = dict.fromkeys(range(circuit.num_qubits), -1)
    free = {qubit for (qubit,) in target["measure"]}
    for (one, other), count in sorted(pairs.items(), key=lambda item: -item[1]):
        costs = {
            edge: count * _loss(target, coupling, edge) + sum(_loss(target, "measure", (qubit,)) for qubit in edge)
            for edge in target[coupling]
            if free.issuperset(edge)
        }
        if not costs:
            return None
        layout[one], layout[other] = min(costs, key=lambda edge: (costs[edge], edge))
        free -= {layout[one], layout[other]}
    alone = iter(sorted(free, key=lambda qubit: (_loss(target, "measure", (qubit,)), qubit)))
    return [place if place >= 0 else next(alone) for place in layout.values()]


def _loss(target: Target, name: str, where: tuple[int, ...]) -> float:
    """Return minus the logarithm of the probability that an operation does no harm, 0 where nothing is stated."""
    properties = target[name].get(where) if name in target.operation_names else None
    error = 0.0 if properties is None or properties.error is None else properties.error
    return -math.log1p(-min(error, 1 - 1e-12))


def _acts_on(target: Target, name: str) -> int:
    known = [where for where in target[name] if where is not None]
    return len(known[0]) if known else 0


def snapshot_device(backend: str | BackendV2) -> SimulatedDevice:
    """Return a snapshot as a device that is simulated with its noise.

    Parameters
    ----------
    backend
        Its name, or itself.

    Raises
    ------
    InputError
        If qiskit-ibm-runtime is missing, or it is no snapshot.
    """
    found = shared_snapshot(backend, "snapshot") if isinstance(backend, str) else backend
    if not can_simulate(found) or isinstance(found, AerSimulator):
        raise InputError(f"{backend!r} is no snapshot whose calibration is known; name one, as 'fake_fez'.")
    return SimulatedDevice(found)
