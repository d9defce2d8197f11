"""Probabilistic error cancellation: circuits with random Pauli gates, whose signed average has no noise of the gates.

The noise of a two-qubit gate is taken to be depolarizing, of the strength that the device's calibration states: a
stochastic Pauli channel with one rate for all 15 Pauli operators of the pair, whose inverse is a quasi-probability
over them (Temme, Bravyi, Gambetta 2017, PRL 119:180509; van den Berg et al. 2023, Nature Physics 19:1116). Each circuit
drawn has a sign, and the average is scaled by gamma, the sum of absolute weights: the variance grows by gamma^2.
Drawing is Qiskit's (qiskit-mitigation, `PEC`), which twirls the gates as well.
"""

import math
import warnings
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import PauliLindbladMap, SparsePauliOp
from qiskit.transpiler import Target

from problems.errors import InputError
from quantum.backends.errors import failures_of
from quantum.backends.folding import mitigation
from quantum.backends.readout import measured_qubits

__all__ = ["Cancellation", "CancelledShots", "check_gamma", "gate_noise", "known_errors", "prepare_cancellation"]

EACH = 16
"""Shots of each circuit that is drawn, at most: more of one circuit tell little of the signed average."""

MOST_GAMMA = 100.0
"""A larger gamma takes 10^4 times the shots for the same interval, and is refused."""

BOXES = {"twirling_strategy": "active"}
"""Random Pauli gates stand on the qubits of a two-qubit gate alone: on others they would add noise and undo none."""

PAULIS = tuple("".join(pair) for pair in product("IXYZ", repeat=2))[1:]
"""The 15 Pauli operators of two qubits that are not the identity."""


def gate_noise(error: float) -> float:
    """Return the rate of each of a pair's 15 Pauli operators, for depolarizing noise of a stated error.

    The error is one minus the average gate fidelity, 3/4 of the probability lambda with which the pair is replaced by
    a random one. Each Pauli operator shrinks by 1 - lambda, and anticommutes with 8 of the 15: exp(-16 rate).

    Parameters
    ----------
    error
        Of the gate, 0 <= error < 3/4.
    """
    return -math.log1p(-4 * error / 3) / 16


@dataclass(frozen=True, eq=False)
class CancelledShots:
    """Shots whose signed average is to be taken.

    Attributes
    ----------
    bits
        Shape (circuits, shots of each, classical bits), bit 0 first.
    signs
        Of each circuit, 1 or -1.
    gamma
        The factor of the signed average.
    """

    bits: NDArray[np.bool_]
    signs: NDArray[np.float64]
    gamma: float


@dataclass(frozen=True, eq=False)
class Cancellation:
    """A circuit prepared for cancellation.

    Attributes
    ----------
    program
        A circuit with parameters, and how they are drawn.
    gamma
        See the module.
    circuits, each
        How many circuits are drawn, and the shots of each.
    places
        Which qubit each classical bit is measured from.
    """

    program: Any
    gamma: float
    circuits: int
    each: int
    places: tuple[int, ...]

    def run(self, simulator: Any, seed: int) -> CancelledShots:
        """Draw the circuits and run them.

        Parameters
        ----------
        simulator
            Has the noise; an Aer simulator.
        seed
            Of what is drawn, and of the simulation.

        Raises
        ------
        ServiceError
            If it failed.
        """
        from qiskit_ibm_runtime import Executor

        with failures_of(simulator.name), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the client, on what a local run does not take
            own = deepcopy(simulator)
            own.set_options(method="statevector")  # a few shots of each of many circuits
            executor = Executor(mode=own, options={"simulator": {"seed_simulator": seed}})
            (item,) = executor.run(self.program).result()
            measured = item["_meas"]
            if "measurement_flips._meas" in item:
                measured = measured ^ item["measurement_flips._meas"]
            signs = 1.0 - 2.0 * (np.sum(item["pauli_signs"], axis=-1) % 2)
        bits = measured.reshape(self.circuits, self.each, -1)[:, :, list(self.places)]
        return CancelledShots(bits.astype(bool), signs.reshape(self.circuits).astype(float), self.gamma)


def prepare_cancellation(circuit: QuantumCircuit, target: Target, shots: int) -> Cancellation:
    """Prepare a circuit for cancellation; nothing runs yet.

    Parameters
    ----------
    circuit
        In a device's gates, on its qubits, each bit measured once at the end.
    target
        The device's description, with the errors of its two-qubit gates.
    shots
        Of all circuits that are drawn, together.

    Raises
    ------
    InputError
        If the error of a two-qubit gate is not stated, or so large that gamma is beyond 100; a gate is not Clifford;
        outcomes are fed forward or a bit is not measured once; or qiskit-mitigation is missing.
    """
    places = tuple(measured_qubits(circuit))
    noise = known_errors(circuit, target)
    each = next(count for count in range(EACH, 0, -1) if shots % count == 0)
    task = mitigation("pec").PEC()
    layers = mitigation("utils.utils").find_combined_unique_layers([circuit], [task], BOXES, "gates")
    maps = {}
    for layer in layers:
        for annotation in layer.operation.annotations:
            if hasattr(annotation, "site"):  # where noise is undone
                maps[annotation.ref] = _map(circuit, layer, noise)
    program = task.prepare(
        circuit,
        [SparsePauliOp("Z" * circuit.num_qubits)],  # all bits are read as they are measured
        None,
        BOXES,
        shots_per_randomization=each,
        num_randomizations=shots // each,
        noise_maps=maps,
        scale_randomizations_by_gamma=False,
        noise_gain=0.0,
    )
    gamma = float(task.gamma)
    check_gamma(gamma, len(noise))
    return Cancellation(program, gamma, shots // each, each, places)


def check_gamma(gamma: float, pairs: int) -> None:
    """Refuse a signed average that takes far too many shots.

    Raises
    ------
    InputError
        If gamma, of so many pairs of qubits, is beyond 100.
    """
    if gamma > MOST_GAMMA:
        raise InputError(
            f"Canceling the errors of {pairs} pairs of qubits takes gamma = {gamma:.3g}, and gamma^2 times the "
            f"shots for the same interval; beyond {MOST_GAMMA:g} it is refused. Take a smaller circuit, or leave pec "
            "out."
        )


def known_errors(circuit: QuantumCircuit, target: Target) -> Mapping[tuple[int, int], float]:
    """Return the stated error of each pair of qubits that has a gate, by the pair in ascending order.

    Raises
    ------
    InputError
        If one is not stated, a pair has two gates of different errors, or an error is so large that nothing is left.
    """
    found: dict[tuple[int, int], float] = {}
    names: dict[tuple[int, int], str] = {}
    for one in circuit.data:
        if len(one.qubits) != 2 or one.name == "barrier":
            continue
        pair = (circuit.find_bit(one.qubits[0]).index, circuit.find_bit(one.qubits[1]).index)
        known = target[one.name].get(pair) if one.name in target.operation_names and target[one.name] else None
        if known is None or known.error is None:
            raise InputError(
                f"The device does not state the error of {one.name!r} on qubits {pair[0]} and {pair[1]}, and what is "
                "not known is not canceled; calibrate it, choose a device that states its errors, or leave pec out."
            )
        if not 0 <= known.error < 0.75:  # nor where it is no number
            raise InputError(
                f"The error {known.error:g} of {one.name!r} on qubits {pair[0]} and {pair[1]} is not in 0..3/4, and "
                "leaves nothing to be restored; choose other qubits, or leave pec out."
            )
        key = (min(pair), max(pair))
        if names.setdefault(key, one.name) != one.name or found.get(key, known.error) != known.error:
            raise InputError(
                f"Qubits {key[0]} and {key[1]} have two gates of different errors, and one noise is canceled for each "
                "pair; leave pec out."
            )
        found[key] = known.error
    return found


def _map(circuit: QuantumCircuit, layer: Any, noise: Mapping[tuple[int, int], float]) -> PauliLindbladMap:
    """Return the noise of a layer's gates, on its qubits in the circuit's order."""
    index = {qubit: wire for wire, qubit in enumerate(circuit.qubits)}
    wires = [index[qubit] for qubit in layer.qubits]
    place = {wire: number for number, wire in enumerate(sorted(wires))}
    body = layer.operation.blocks[0]
    terms = []
    for one in body.data:
        if len(one.qubits) == 2:
            pair = [wires[body.find_bit(qubit).index] for qubit in one.qubits]
            rate = gate_noise(noise[min(pair), max(pair)])
            for paulis in PAULIS:
                kept = [(pauli, place[wire]) for pauli, wire in zip(paulis, pair, strict=True) if pauli != "I"]
                terms.append(("".join(pauli for pauli, _ in kept), [wire for _, wire in kept], rate))
    return PauliLindbladMap.from_sparse_list(terms, num_qubits=len(wires))
