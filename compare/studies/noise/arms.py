"""The study's circuits, ready to run: without noise, and on the device with each way of suppressing errors.

A circuit is fitted to the device once, so that all its arms run the same gates on the same qubits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from problems.errors import InputError, choose
from problems.ridgelet import RidgeletProblem
from quantum.backends import BACKENDS, FittedCircuit, Program, Suppression
from quantum.backends.fitting import check_depth, fit_circuit
from quantum.backends.readout import ReadoutErrors
from quantum.backends.simulated_device import SimulatedDevice
from quantum.backends.snapshots import snapshot, snapshot_names
from quantum.ridgelet import ENCODINGS, ridgelet_circuit
from quantum.ridgelet.sampler import schmidt_rank

__all__ = ["IDEAL", "SUPPRESSIONS", "Arms", "check_snapshot"]

IDEAL = "ideal"
"""The arm without noise."""

LOADER = "sparse"
"""Of every arm, the ideal one too: devices take gates alone."""

SUPPRESSIONS: dict[str, Suppression] = {
    "none": Suppression(),
    "dd": Suppression(dynamical_decoupling=True),
    "twirling": Suppression(twirling=True),
    "dd+twirling": Suppression(dynamical_decoupling=True, twirling=True),
}
"""The arms on the device, by name."""


def check_snapshot(name: str) -> None:
    """Refuse what is no snapshot of a device: the study runs many circuits and waits for each.

    Raises
    ------
    InputError
        If it is none, or qiskit-ibm-runtime is missing.
    """
    if name.startswith(("ibm_", "ibmq_")):
        raise InputError(
            f"backend = {name!r} is a device, where every run is a job that costs time on the account; the noise study "
            f"runs snapshots, such as fake_{name.split('_', 1)[1]}. For the device use: tickets submit --backend {name}"
        )
    choose("noisy device", name, dict.fromkeys(snapshot_names()))


@dataclass(eq=False)
class Arms:
    """Circuits of one problem on one simulated device.

    Attributes
    ----------
    problem
        The problem.
    backend
        The device's name, a snapshot: "fake_fez", ...
    shots
        Shots of each run.
    """

    problem: RidgeletProblem
    backend: str
    shots: int
    _devices: dict[str, SimulatedDevice] = field(default_factory=dict)
    _circuits: dict[str, QuantumCircuit] = field(default_factory=dict)
    _fitted: dict[str, FittedCircuit] = field(default_factory=dict)
    _programs: dict[tuple[str, str], Program] = field(default_factory=dict)

    def check(self, encodings: Sequence[str], suppressions: Sequence[str]) -> None:
        """Make all circuits ready, so that nothing is refused later.

        Raises
        ------
        InputError
            If mthree is missing, a circuit is too wide or too deep, the shots are more than the device takes, or a
            way of suppression does not take the circuit.
        """
        ReadoutErrors(np.zeros((1, 2))).mitigation(np.zeros((1, 1), dtype=bool))  # is mthree there?
        for encoding in encodings:
            for name in (IDEAL, *suppressions):
                self._program(encoding, name)

    def fitted(self, encoding: str) -> FittedCircuit:
        """Return the circuit on the device.

        Raises
        ------
        InputError
            If it is too wide or too deep, or the shots are more than the device takes.
        """
        if encoding not in self._fitted:
            device = self._device("none")
            if device.max_shots is not None and self.shots > device.max_shots:
                raise InputError(
                    f"shots = {self.shots} is more than {device.name} takes in one run, {device.max_shots}; measure "
                    "fewer, in more repeats."
                )
            fitted = fit_circuit(self._circuit(encoding), device.target, device.name)
            check_depth(fitted, self.shots, device.name)
            self._fitted[encoding] = fitted
        return self._fitted[encoding]

    def readout_errors(self, encoding: str) -> ReadoutErrors:
        """Return how often each bit is read wrong: the simulated noise has just these errors."""
        return ReadoutErrors.from_target(self.fitted(encoding).circuit, self._device("none").target)

    def measure(self, encoding: str, name: str, seed: int) -> NDArray[np.bool_]:
        """Run one arm and return its bits, shape (shots, clbits)."""
        return self._program(encoding, name).run(self.shots, seed)

    def notes(self, name: str) -> list[str]:
        """Return sentences on what the simulated device does not honor of an arm, or what cannot help there."""
        chosen = name != IDEAL and SUPPRESSIONS[name].chosen
        return list(self._device(name).notes(SUPPRESSIONS[name])) if chosen else []

    def _device(self, name: str) -> SimulatedDevice:
        if name not in self._devices:
            self._devices[name] = SimulatedDevice(snapshot(self.backend), SUPPRESSIONS[name])
        return self._devices[name]

    def _circuit(self, encoding: str) -> QuantumCircuit:
        if encoding not in self._circuits:
            self._circuits[encoding] = ridgelet_circuit(self.problem, encoding, LOADER)
        return self._circuits[encoding]

    def _program(self, encoding: str, name: str) -> Program:
        if (encoding, name) not in self._programs:
            rank = schmidt_rank(self.problem, ENCODINGS[encoding](self.problem.prime), LOADER)
            self._programs[encoding, name] = (
                BACKENDS["aer_statevector"].prepare(self._circuit(encoding), rank)
                if name == IDEAL
                else self._device(name).program(self.fitted(encoding).circuit, rank)
            )
        return self._programs[encoding, name]
