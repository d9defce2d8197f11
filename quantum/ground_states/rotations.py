"""The sparse circuit: every parameter is one two-qubit rotation, and a pruned one is a gate that is not there."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from problems.errors import InputError, whole_number
from problems.seeds import Seed, generator
from problems.showing import Shows
from quantum.ground_states.engine import RealEngine, State, check_bonds
from quantum.ground_states.fitting import ITERATIONS, LOOSE, Fitted, fit

__all__ = ["RotationCircuit", "rotation_circuit", "rotation_pool"]

SPREAD = 0.1
"""Standard deviation of the angles at the start."""


def rotation_pool(model: Any) -> NDArray[np.int64]:
    """Return the gates of one layer, shape (2 B, 2): Y on i and Z on j for all bonds (i, j), then for all (j, i).

    Bonds come in the order of their first sites, row by row: of each site the one to the right, then the one below.
    """
    bonds = np.asarray(model.bonds, dtype=np.int64)
    below = bonds[:, 0] // model.columns != bonds[:, 1] // model.columns
    bonds = bonds[np.lexsort((below, bonds[:, 0]))]
    return np.concatenate([bonds, bonds[:, ::-1]])


def append_rotation(circuit: QuantumCircuit, angle: float, target: int, control: int) -> None:
    """Append exp(-i angle Y_target Z_control), which has no factor 1/2: RX(pi/2) turns Z into Y."""
    circuit.rx(np.pi / 2, target)
    circuit.rzz(2 * angle, target, control)
    circuit.rx(-np.pi / 2, target)


def append_first_rotation(circuit: QuantumCircuit, angle: float, target: int, control: int) -> None:
    """Append exp(-i angle Y_target Z_control) H H to |00> with one CX: cos(angle)|++> - sin(angle)|-->."""
    circuit.ry(-2 * angle, control)
    circuit.cx(control, target)
    circuit.h([target, control])


def rotation_circuit(sites: int, gates: Sequence[tuple[float, Sequence[int]]], short: bool) -> QuantumCircuit:
    """Return |+>^N and then gates, each an angle and (i, j); see `RotationCircuit.circuit`."""
    circuit = QuantumCircuit(sites, name="rotations")
    touched: set[int] = set()
    together = []
    for _, gate in gates:
        together.append(short and touched.isdisjoint(gate))
        touched.update(gate)
    prepared = {site for (_, gate), first in zip(gates, together, strict=True) if first for site in gate}
    for site in range(sites):
        if site not in prepared:
            circuit.h(site)
    for (angle, (target, control)), first in zip(gates, together, strict=True):
        append = append_first_rotation if first else append_rotation
        append(circuit, angle, target, control)
    return circuit


class RotationCircuit(Shows):
    """|+>^N, then p layers of exp(-i theta Y_i Z_j): on all bonds (i, j), then on all (j, i).

    A layer's gates do not commute. Their order is that of `rotation_pool`: site by site, row by row, the bond to the
    right and then the one below, Y on the first site; after all of these the same bonds with Y on the second.

    Parameters
    ----------
    model
        An `IsingModel`.
    p
        The number of layers, at least 1.

    Attributes
    ----------
    gates
        Qubit i of Y and qubit j of Z of each gate, shape (G, 2), G = 2 p times the number of bonds.

    Raises
    ------
    InputError
        If p is no whole number of at least 1, or the model has no bonds. What needs a state vector (all but `circuit`)
        refuses more than 26 sites, or what does not fit in memory.

    Notes
    -----
    Methods that take a mask take booleans, shape (G,): a gate that is False is left out, whatever its angle. None keeps
    all. Cost: two CX a gate.
    """

    def __init__(self, model: Any, p: int) -> None:
        self.p = whole_number("p", p, 1)
        check_bonds(model)
        self.model = model
        self.gates: NDArray[np.int64] = np.tile(rotation_pool(model), (self.p, 1))

    def __repr__(self) -> str:
        return f"RotationCircuit({self.model!r}, p={self.p})"

    @property
    def parameters(self) -> int:
        """The number of angles G."""
        return len(self.gates)

    @cached_property
    def engine(self) -> RealEngine:
        """The state vectors behind it."""
        return RealEngine(self.model)

    def start(self, seed: Seed = None) -> NDArray[np.float64]:
        """Return angles to begin with, shape (G,), from N(0, 0.1^2)."""
        return generator(seed).normal(0.0, SPREAD, self.parameters)

    def circuit(self, angles: ArrayLike, mask: ArrayLike | None = None, short: bool = False) -> QuantumCircuit:
        """Return the circuit as Qiskit's: H on all qubits, then RX(pi/2), RZZ(2 theta), RX(-pi/2) a gate.

        Parameters
        ----------
        angles
            theta of each gate, in radians, shape (G,).
        mask
            The gates to keep.
        short
            Whether a gate that is the first on both of its qubits is prepared together with their |+>: the same state,
            one CX instead of two.

        Raises
        ------
        InputError
            If angles or mask have another shape, or an angle is not finite.
        """
        given, kept = self._angles(angles), self._mask(mask)
        gates = list(zip(given[kept].tolist(), self.gates[kept].tolist(), strict=True))
        return rotation_circuit(self.model.sites, gates, short)

    def state(self, angles: ArrayLike, mask: ArrayLike | None = None) -> State:
        """Return the real amplitudes, shape (2^N,); see `circuit`."""
        kept = self._mask(mask)
        return self.engine.state(self._angles(angles)[kept], self.gates[kept])

    def energy(self, angles: ArrayLike, mask: ArrayLike | None = None) -> float:
        """Return <H>; see `circuit`."""
        kept = self._mask(mask)
        return self.engine.energy(self._angles(angles)[kept], self.gates[kept])

    def error(self, angles: ArrayLike, mask: ArrayLike | None = None) -> float:
        """Return (E - E0)/|E0|; see `circuit`."""
        return self.model.relative_error(self.energy(angles, mask))

    def gradient(self, angles: ArrayLike, mask: ArrayLike | None = None) -> tuple[float, NDArray[np.float64]]:
        """Return <H> and its derivatives, shape (G,), exactly; those of gates left out are 0. See `circuit`."""
        kept = self._mask(mask)
        slopes = np.zeros(self.parameters)
        energy, slopes[kept] = self.engine.gradient(self._angles(angles)[kept], self.gates[kept])
        return energy, slopes

    def fit(self, angles: ArrayLike, mask: ArrayLike | None = None, iterations: int = ITERATIONS) -> Fitted:
        """Return the angles that L-BFGS finds from a start; those of gates left out are exactly 0.

        Parameters
        ----------
        angles, mask
            As `circuit` takes them.
        iterations
            At most so many steps.

        Raises
        ------
        InputError
            As `circuit` does, or if the iterations are no whole number of at least 1.
        """
        kept = self._mask(mask)
        gates = self.gates[kept]
        begin = self._angles(angles)[kept]
        found = fit(lambda some: self.engine.gradient(some, gates), begin, self.model, iterations, LOOSE)
        whole = np.zeros(self.parameters)
        whole[kept] = found.angles
        return Fitted(whole, found.energy, found.error, found.parameters, found.iterations, found.evaluations)

    def optimize(self, seed: Seed = 0, mask: ArrayLike | None = None, iterations: int = ITERATIONS) -> Fitted:
        """Return `fit` from the start of a seed."""
        return self.fit(self.start(seed), mask, iterations)

    def _angles(self, angles: ArrayLike) -> NDArray[np.float64]:
        given = np.asarray(angles, dtype=float)
        if given.shape != (self.parameters,) or not np.all(np.isfinite(given)):
            raise InputError(
                f"angles have shape {given.shape}; give {self.parameters} finite numbers, one for each gate."
            )
        return given

    def _mask(self, mask: ArrayLike | None) -> NDArray[np.bool_]:
        if mask is None:
            return np.ones(self.parameters, dtype=bool)
        kept = np.asarray(mask)
        if kept.shape != (self.parameters,) or kept.dtype != bool:
            raise InputError(
                f"The mask has shape {kept.shape} and type {kept.dtype}; give {self.parameters} booleans, one for each "
                "gate."
            )
        return kept
