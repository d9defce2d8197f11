"""Metropolis walks through configurations, one for each sample of a step, that go on from step to step.

A proposal flips one site, or the sites of one of the model's own products of X. Each walk makes a sweep, as many
proposals as there are kinds of them, between two steps.
"""

import numpy as np
from numpy.typing import NDArray

from problems.ground_states import SpinModel

__all__ = ["Walks"]

FIRST = 30
"""Sweeps before the first draw, from configurations drawn with equal weights."""

Real = NDArray[np.float64]
Index = NDArray[np.int64]


class Walks:
    """Walks for one mask on one model.

    Parameters
    ----------
    model
        The model.
    mask
        Which weights there are, shape (alpha N, N).
    count
        Walks, and draws of a step.
    rng
        Draws proposals.
    compiled
        Whether walks run compiled.
    """

    def __init__(
        self, model: SpinModel, mask: NDArray[np.bool_], count: int, rng: np.random.Generator, compiled: bool
    ) -> None:
        self.model, self._rng, self._compiled = model, rng, compiled
        kinds = dict.fromkeys([*model.flips, *((site,) for site in range(model.sites))])
        self._kinds = list(kinds)
        self._flips = [self._kinds.index(sites) for sites in model.flips]
        width = max(map(len, kinds))
        # Shorter tuples are filled up with -1.
        self._padded = np.array([[*sites, *[-1] * (width - len(sites))] for sites in kinds], dtype=np.int64)
        touched = [np.flatnonzero(mask[:, list(sites)].any(axis=1)) for sites in kinds]
        self._starts = np.cumsum([0, *map(len, touched)])
        self._touched = np.concatenate(touched).astype(np.int64)
        self.spins = rng.choice([-1.0, 1.0], (count, model.sites))
        self._fresh = True

    def drawn(self, weights: Real) -> tuple[Real, Real, Real]:
        """Walk on; return the configurations, each once, with its share of the walks and its local energy."""
        for _ in range(FIRST if self._fresh else 1):
            self.sweep(weights)
        self._fresh = False
        spins, counts = np.unique(self.spins, axis=0, return_counts=True)
        return spins, counts / len(self.spins), self.local_energies(weights, spins)

    def sweep(self, weights: Real) -> None:
        """Let each walk make as many proposals as there are kinds of them."""
        shape = (len(self._kinds), len(self.spins))
        kinds = self._rng.integers(len(self._kinds), size=shape)
        limits = np.log(self._rng.random(shape))
        if self._compiled:
            from classical.ground_states.kernels import walk

            walk(self.spins, weights, self._padded, self._starts, self._touched, kinds, limits)
            return
        arguments = self.spins @ weights.T
        for kind, limit in zip(kinds, limits, strict=True):
            turned = np.zeros_like(self.spins)
            for place in self._padded[kind].T:
                rows = np.flatnonzero(place >= 0)
                turned[rows, place[rows]] = self.spins[rows, place[rows]]
            proposed = arguments - 2.0 * (turned @ weights.T)
            gained = (np.maximum(proposed, 0.0) - np.maximum(arguments, 0.0)).sum(axis=1)
            accepted = limit < 2.0 * gained
            self.spins[accepted] -= 2.0 * turned[accepted]
            arguments[accepted] = proposed[accepted]

    def local_energies(self, weights: Real, spins: Real) -> Real:
        """Return (H psi)(s) / psi(s) of configurations, shape (m, N)."""
        energies = self.model.product_energies(spins)
        arguments = spins @ weights.T
        if self._compiled:
            from classical.ground_states.kernels import flip_ratios

            flips = np.array(self._flips)
            ratios = flip_ratios(spins, arguments, weights, self._padded, self._starts, self._touched, flips)
            return energies - self.model.strength * ratios
        logs = np.maximum(arguments, 0.0).sum(axis=1)
        for sites in self.model.flips:
            places = list(sites)
            flipped = arguments - 2.0 * spins[:, places] @ weights[:, places].T
            energies -= self.model.strength * np.exp(np.maximum(flipped, 0.0).sum(axis=1) - logs)
        return energies
