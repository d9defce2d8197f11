"""The Hamiltonian variational ansatz: few angles, shared by all bonds and all sites of a layer."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from problems.errors import InputError, whole_number
from problems.seeds import Seed, generator
from problems.showing import Shows
from quantum.ground_states.engine import check_bonds
from quantum.ground_states.fitting import ITERATIONS, Fitted, fit
from quantum.ground_states.shared_engine import Amplitudes, SharedEngine

__all__ = ["HamiltonianAnsatz"]

GRID = 16
"""Values of each angle of the first layer that are tried, over a turn after which they repeat."""

STARTS = 4
"""Starts of each number of layers."""

SPREAD = 0.1
"""Standard deviation of what random starts add to the angles of one layer less."""


class HamiltonianAnsatz(Shows):
    """prod_l exp(-i b_l sum X) exp(-i g_l H_zz) |+>^N with H_zz = -sum ZZ, the phases first in each layer.

    Wecker, Hastings and Troyer 2015 (arXiv:1507.08969).

    Parameters
    ----------
    model
        An `IsingModel`.
    p
        The number of layers, at least 1.

    Raises
    ------
    InputError
        If p is no whole number of at least 1, or the model has no bonds. What needs a state vector (all but `circuit`)
        refuses more than 26 sites, or what does not fit in memory.

    Notes
    -----
    Angles are g_1, ..., g_p and b_1, ..., b_p, shape (2, p), or those 2 p numbers in this order, in radians. A layer
    costs two CX a bond; on an open lattice it is five gates deep, for bonds that share no site act at once.
    """

    def __init__(self, model: Any, p: int) -> None:
        self.p = whole_number("p", p, 1)
        check_bonds(model)
        self.model = model

    def __repr__(self) -> str:
        return f"HamiltonianAnsatz({self.model!r}, p={self.p})"

    @property
    def parameters(self) -> int:
        """The number of angles, 2 p."""
        return 2 * self.p

    @cached_property
    def engine(self) -> SharedEngine:
        """The state vectors behind it."""
        return SharedEngine(self.model)

    def circuit(self, angles: ArrayLike) -> QuantumCircuit:
        """Return the circuit as Qiskit's: RZZ(-2 g) on all bonds, then RX(2 b) on all qubits, a layer.

        Raises
        ------
        InputError
            If the angles have another shape or one is not finite.
        """
        circuit = QuantumCircuit(self.model.sites, name="hamiltonian_ansatz")
        circuit.h(range(self.model.sites))
        apart = _apart(self.model.bonds)
        for phase, turn in self._angles(angles).T.tolist():
            for one, other in apart:
                circuit.rzz(-2 * phase, one, other)
            circuit.rx(2 * turn, range(self.model.sites))
        return circuit

    def state(self, angles: ArrayLike) -> Amplitudes:
        """Return the amplitudes, shape (2^N,); see `circuit`."""
        return self.engine.state(self._angles(angles))

    def energy(self, angles: ArrayLike) -> float:
        """Return <H>; see `circuit`."""
        return self.engine.energy(self._angles(angles))

    def error(self, angles: ArrayLike) -> float:
        """Return (E - E0)/|E0|; see `circuit`."""
        return self.model.relative_error(self.energy(angles))

    def gradient(self, angles: ArrayLike) -> tuple[float, NDArray[np.float64]]:
        """Return <H> and its derivatives, shape (2, p), exactly; see `circuit`."""
        return self.engine.gradient(self._angles(angles))

    def fit(self, angles: ArrayLike, iterations: int = ITERATIONS) -> Fitted:
        """Return the angles, shape (2, p), that L-BFGS finds from a start.

        Raises
        ------
        InputError
            As `circuit` does, or if the iterations are no whole number of at least 1.
        """
        return self._fit(self._angles(angles), iterations)

    def optimize(self, seed: Seed = 0, starts: int = STARTS, iterations: int = ITERATIONS) -> Fitted:
        """Return the best angles found, grown layer by layer: p layers begin where p - 1 ended.

        The first layer begins at the best points of a grid. Each further one begins at the angles of the one before
        stretched over one layer more (Zhou et al. 2020, arXiv:1812.01041, appendix B), at these angles with a layer
        behind them that does nothing, so that the energy never rises, and at the stretched ones with random numbers
        added.

        Parameters
        ----------
        seed
            Of the random numbers.
        starts
            Starts of each number of layers, at least 1.
        iterations
            Steps of each fit, at most.

        Raises
        ------
        InputError
            If starts or iterations are no whole numbers of at least 1.
        """
        rng, count = generator(seed), whole_number("starts", starts, 1)
        values = np.linspace(-np.pi / 2, np.pi / 2, GRID + 1)[1:]
        grid = [np.array([[phase], [turn]]) for phase in values for turn in values]
        begins = sorted(grid, key=self.engine.energy)
        for layers in range(1, self.p + 1):
            best = min((self._fit(begin, iterations) for begin in begins[:count]), key=lambda one: one.energy)
            if layers < self.p:
                grown = _stretched(best.angles)
                begins = [grown, np.pad(best.angles, ((0, 0), (0, 1)))]
                begins += [grown + rng.normal(0.0, SPREAD, grown.shape) for _ in range(count - 2)]
        return best

    def _fit(self, angles: NDArray[np.float64], iterations: int) -> Fitted:
        def gradient(some: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            energy, slopes = self.engine.gradient(some.reshape(2, -1))
            return energy, slopes.ravel()

        found = fit(gradient, angles.ravel(), self.model, iterations)
        best = found.angles.reshape(2, -1)
        return Fitted(best, found.energy, found.error, found.parameters, found.iterations, found.evaluations)

    def _angles(self, angles: ArrayLike) -> NDArray[np.float64]:
        given = np.asarray(angles, dtype=float)
        if given.shape not in ((2, self.p), (2 * self.p,)) or not np.all(np.isfinite(given)):
            raise InputError(
                f"angles have shape {given.shape}; give finite g_1, ..., g_p and b_1, ..., b_p, shape (2, {self.p})."
            )
        return given.reshape(2, self.p)


def _stretched(angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return angles of one layer more, on the same curve over the layers."""
    depth = angles.shape[1]
    place = np.arange(depth + 1) / depth
    padded = np.pad(angles, ((0, 0), (1, 1)))
    return place * padded[:, :-1] + (1 - place) * padded[:, 1:]


def _apart(bonds: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return all bonds in the order of layers that share no site: phases commute, but depth follows their order."""
    found: list[tuple[int, int]] = []
    left = list(bonds)
    while left:
        taken: set[int] = set()
        later = []
        for bond in left:
            if taken.isdisjoint(bond):
                taken.update(bond)
                found.append(bond)
            else:
                later.append(bond)
        left = later
    return found
