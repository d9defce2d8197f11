"""Circuits of phases on all bonds and turns of all sites as state vectors, with exact gradients, in NumPy."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantum.ground_states.engine import check_bonds, check_state

__all__ = ["Amplitudes", "SharedEngine"]

Amplitudes = NDArray[np.complex128]
"""Shape (2^N,): bit k of the index is qubit k."""


class SharedEngine:
    """States prod_l exp(-i b_l sum X) exp(-i g_l H_zz) |+>^N, H_zz = -sum ZZ, of any number of layers.

    Parameters
    ----------
    model
        An `IsingModel`.

    Raises
    ------
    InputError
        If it has no bonds, or its state does not fit in memory.
    """

    def __init__(self, model: Any) -> None:
        check_bonds(model)
        check_state(model)
        self.sites: int = model.sites
        self.matrix = model.matrix()
        self.bond_energies: NDArray[np.float64] = model.diagonal()

    def state(self, angles: NDArray[np.float64]) -> Amplitudes:
        """Return the state; angles are g_1, ..., g_p and b_1, ..., b_p, shape (2, p)."""
        found = np.full(1 << self.sites, 2 ** (-self.sites / 2), dtype=complex)
        for phase, turn in angles.T:
            found = self._turned(found * np.exp(-1j * phase * self.bond_energies), turn)
        return found

    def energy(self, angles: NDArray[np.float64]) -> float:
        """Return <H>; see `state`."""
        state = self.state(angles)
        return float(np.vdot(state, self.matrix @ state).real)

    def gradient(self, angles: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Return <H> and its derivatives, shape (2, p), exactly: layers are undone one by one."""
        state = self.state(angles)
        dual = self.matrix @ state
        energy = float(np.vdot(state, dual).real)
        slopes = np.empty_like(angles)
        for layer in reversed(range(angles.shape[1])):
            phase, turn = angles[:, layer]
            slopes[1, layer] = 2 * np.vdot(dual, self._flipped(state)).imag
            state, dual = (self._turned(one, -turn) for one in (state, dual))
            slopes[0, layer] = 2 * np.vdot(dual, self.bond_energies * state).imag
            back = np.exp(1j * phase * self.bond_energies)
            state, dual = state * back, dual * back
        return energy, slopes

    def _turned(self, state: Amplitudes, turn: float) -> Amplitudes:
        """Return exp(-i turn sum X) times a state."""
        cosine, sine = np.cos(turn), -1j * np.sin(turn)
        for site in range(self.sites):
            halves = state.reshape(-1, 2, 1 << site)
            state = (cosine * halves + sine * halves[:, ::-1]).reshape(-1)
        return state

    def _flipped(self, state: Amplitudes) -> Amplitudes:
        """Return sum X times a state."""
        found = np.zeros_like(state)
        for site in range(self.sites):
            found += state.reshape(-1, 2, 1 << site)[:, ::-1].reshape(-1)
        return found
