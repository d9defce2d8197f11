"""QAOA's state, energy and exact gradient, in NumPy."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError
from problems.memory import require_memory
from quantum.neuron_selection.qaoa.mixers import State, mixer_named
from quantum.neuron_selection.subspace import table_of

__all__ = ["QaoaState"]

TIE = 1e-12
"""Losses this near to the minimum, in units of max - min, are minima: tables are sums of rounded numbers."""


class QaoaState:
    """prod_l U(beta_l) exp(-i gamma_l L)|start>, with L the diagonal of losses (Farhi et al. 2014, arXiv:1411.4028).

    Parameters
    ----------
    problem
        Has `neurons` and `table()`; with the neighborhood mixer a graph as well.
    mixer
        "x" or "neighborhood".

    Attributes
    ----------
    lowest, highest
        The minimum and the maximum over all masks, reached or not.

    Raises
    ------
    InputError
        If there is no such mixer, the loss is constant, there are more than 28 neurons, or memory is short.
    """

    def __init__(self, problem: Any, mixer: str = "x") -> None:
        require_memory(12 * 16 << problem.neurons, f"QAOA on {problem.neurons} neurons", "take fewer neurons")
        table = table_of(problem)
        self.neurons: int = problem.neurons
        self.lowest, self.highest = float(np.min(table)), float(np.max(table))
        if not self.lowest < self.highest:
            raise InputError(
                f"All masks have the loss {self.lowest}, and there is nothing to choose; give another problem."
            )
        self.mixer = mixer_named(mixer, problem)
        self.losses: NDArray[np.float64] = table[self.mixer.masks]
        self.optimal: NDArray[np.bool_] = self.losses <= self.lowest + TIE * self.range

    @property
    def range(self) -> float:
        """Max - min over all masks."""
        return self.highest - self.lowest

    def state(self, angles: ArrayLike) -> State:
        """Return the amplitudes of the masks that the mixer reaches.

        Parameters
        ----------
        angles
            gamma_1, ..., gamma_p and beta_1, ..., beta_p, shape (2, p), in units of 1 / loss and in radians.

        Raises
        ------
        InputError
            If they have another shape, or one is not finite.
        """
        given = np.asarray(angles, dtype=float)
        if given.ndim != 2 or len(given) != 2 or not np.all(np.isfinite(given)):
            raise InputError(f"angles have shape {given.shape}; give finite gammas and betas, shape (2, p).")
        found = self.mixer.start()
        for gamma, beta in given.T:
            found = self.mixer.forward(found * np.exp(-1j * gamma * self.losses), beta)
        return found

    def probabilities(self, angles: ArrayLike) -> NDArray[np.float64]:
        """Return the probabilities of all masks, shape (2^N,).

        Raises
        ------
        InputError
            As `state` does.
        """
        found = np.zeros(1 << self.neurons)
        found[self.mixer.masks] = np.abs(self.state(angles)) ** 2
        return found

    def energy(self, angles: ArrayLike) -> tuple[float, float]:
        """Return the mean and the variance of the loss of an outcome.

        Raises
        ------
        InputError
            As `state` does.
        """
        return self._moments(self.state(angles))

    def gradient(self, angles: ArrayLike) -> tuple[float, float, NDArray[np.float64]]:
        """Return the mean, the variance, and the mean's gradient, shape (2, p), exactly: layers are undone one by one.

        Raises
        ------
        InputError
            As `state` does.
        """
        given = np.asarray(angles, dtype=float)
        final = self.state(given)
        slopes = np.zeros_like(given)
        pair = np.stack([final, self.losses * final])
        for layer in reversed(range(given.shape[1])):
            gamma, beta = given[:, layer]
            pair, slopes[1, layer] = self.mixer.backward(pair, beta)
            slopes[0, layer] = 2 * float(np.sum(np.imag(np.conj(pair[1]) * pair[0]) * self.losses))
            pair = pair * np.exp(1j * gamma * self.losses)
        return *self._moments(final), slopes

    def success(self, angles: ArrayLike) -> float:
        """Return the probability that an outcome has the minimum.

        Raises
        ------
        InputError
            As `state` does.
        """
        return float(np.sum(np.abs(self.state(angles)[self.optimal]) ** 2))

    def _moments(self, state: State) -> tuple[float, float]:
        weights = np.abs(state) ** 2
        mean = float(weights @ self.losses)
        return mean, float(weights @ (self.losses - mean) ** 2)
