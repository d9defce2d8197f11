"""Natural gradients by samples from |psi|^2: drawn exactly where all amplitudes fit, else by Metropolis walks.

Configurations drawn twice count twice and are worked on once. With more weights than configurations, the metric is that
of configurations: K(s, s') = sum over weights O(s) O(s'). Of all weights it is (on(s) . on(s')) (s . s'), without a
table of derivatives; where most weights are there, those that are not are taken away from it.
"""

import numpy as np
from numpy.typing import NDArray

from classical.ground_states.feed_forward import FeedForwardState, check_sites
from classical.ground_states.natural_gradient import SHIFT, Diverged, natural_gradient, solve
from classical.ground_states.walks import Walks
from problems.compiling import why_not_compiled
from problems.errors import whole_number
from problems.ground_states import SpinModel, spins_of
from problems.ground_states.configurations import bits_of
from problems.memory import require_memory
from problems.seeds import Seed, generator

__all__ = ["DRAWN_SITES", "Samples", "sampled_bytes"]

DRAWN_SITES = 18
"""Sites up to which samples are drawn from the table of all amplitudes."""

BLOCK = 1 << 14
"""Configurations whose neurons are held at once."""

Real = NDArray[np.float64]


def sampled_bytes(sites: int, alpha: int, weights: int, samples: int) -> int:
    """Return the bytes that a step by samples takes: a table of derivatives, metrics, and neurons."""
    neurons = alpha * sites
    columns = min(weights, max(samples, neurons * sites - weights))
    table = samples * columns + 3 * min(samples, weights) ** 2
    drawn = (4 << sites) + BLOCK * neurons if sites <= DRAWN_SITES else 4 * samples * neurons
    return 8 * (2 * table + drawn + 4 * neurons * sites)


class Samples:
    """Energies and natural gradients of one mask on one model, by samples.

    Parameters
    ----------
    model
        The model.
    state
        Says which weights there are.
    samples
        Configurations drawn for a step, at least 2.
    seed
        What they are drawn with.
    compiled
        Whether walks and local energies run compiled; None does so where anything can be compiled.

    Raises
    ------
    InputError
        If the state has other sites than the model, or samples are no whole number of at least 2.
    OutOfReach
        If a step would not fit in memory.
    """

    def __init__(
        self, model: SpinModel, state: FeedForwardState, samples: int, seed: Seed = None, compiled: bool | None = None
    ) -> None:
        check_sites(state, model)
        self.samples = whole_number("samples", samples, 2)
        require_memory(
            sampled_bytes(model.sites, state.alpha, state.count, self.samples),
            f"A step of {state.count:,} weights by {self.samples:,} samples",
            "take fewer samples or weights",
        )
        self.model, self.mask = model, state.mask
        self._rng = generator(seed)
        self._neurons, self._sites = np.nonzero(state.mask)
        self._compiled = why_not_compiled() is None if compiled is None else compiled
        self._walks: Walks | None = None
        if model.sites <= DRAWN_SITES:
            self._diagonal = model.diagonal()
            self._flips = np.array([bits_of(sites) for sites in model.flips])
            self._half = spins_of(np.arange(1 << (model.sites - 1)), model.sites)
        else:
            self._walks = Walks(model, state.mask, self.samples, self._rng, self._compiled)

    def gradient(self, weights: Real, shift: float = SHIFT) -> tuple[float, Real]:
        """Return an estimate of the energy, and of the natural gradient, shape (n,), by the weights that are there.

        Raises
        ------
        Diverged
            If numbers are not finite any more.
        """
        spins, probabilities, energies = self.drawn(weights)
        energy = float(probabilities @ energies)
        if not np.isfinite(energy):
            raise Diverged("Local energies are not finite any more; take a smaller rate.")
        on = (spins @ weights.T > 0).astype(float)
        if len(self._sites) <= len(spins):
            table = on[:, self._neurons] * spins[:, self._sites]
            return energy, natural_gradient(table, probabilities, energies, shift)
        return energy, self._by_configurations(on, spins, probabilities, energies - energy, shift)

    def energy(self, weights: Real, batches: int = 1) -> tuple[float, float]:
        """Return an estimate of the energy and its standard error, of so many times the samples of a step.

        Raises
        ------
        Diverged
            If numbers are not finite any more.
        """
        means, variances = [], []
        for _ in range(batches):
            _, probabilities, energies = self.drawn(weights)
            means.append(float(probabilities @ energies))
            variances.append(float(probabilities @ (energies - means[-1]) ** 2))
        energy = float(np.mean(means))
        if not np.isfinite(energy):
            raise Diverged("Local energies are not finite any more; take a smaller rate.")
        return energy, float(np.sqrt(np.mean(variances) / (batches * self.samples)))

    def stepped(self, weights: Real, direction: Real, rate: float) -> Real:
        """Return weights moved by -rate along a direction; weights that are not there stay 0."""
        moved = weights.copy()
        moved[self._neurons, self._sites] -= rate * direction
        if not np.isfinite(moved).all():
            raise Diverged("Weights are not finite any more; take a smaller rate.")
        return moved

    def drawn(self, weights: Real) -> tuple[Real, Real, Real]:
        """Draw configurations; return each once, shape (m, N), with its share of the draws and its local energy."""
        if self._walks is not None:
            return self._walks.drawn(weights)
        logs = self.log_amplitudes(weights)
        largest = logs.max()
        if not np.isfinite(largest):
            raise Diverged("The amplitudes are not finite any more; take a smaller rate.")
        below = np.cumsum(np.exp(2 * (logs - largest)))
        found = np.searchsorted(below, self._rng.random(self.samples) * below[-1], side="right")
        numbers, counts = np.unique(np.minimum(found, len(logs) - 1), return_counts=True)
        ratios = np.exp(logs[numbers[:, None] ^ self._flips] - logs[numbers, None])
        energies = self._diagonal[numbers] - self.model.strength * ratios.sum(axis=1)
        return spins_of(numbers, self.model.sites), counts / self.samples, energies

    def log_amplitudes(self, weights: Real) -> Real:
        """Return log psi of all 2^N basis states; -s follows from s, since relu(x) - relu(-x) = x."""
        alive = weights[self.mask.any(axis=1)]
        up = np.empty(len(self._half))
        for start in range(0, len(up), BLOCK):
            block = slice(start, start + BLOCK)
            up[block] = np.maximum(self._half[block] @ alive.T, 0.0).sum(axis=1)
        down = up - self._half @ alive.sum(axis=0)
        return np.concatenate([up, down[::-1]])

    def _by_configurations(self, on: Real, spins: Real, probabilities: Real, residual: Real, shift: float) -> Real:
        kernel = kernel_of(on, spins, self.mask)
        # Centering: derivatives less their mean have this kernel.
        along = kernel @ probabilities
        kernel -= along[:, None] + along - probabilities @ along
        root = np.sqrt(probabilities)
        kernel *= root[:, None] * root
        found = root * solve(kernel, 2.0 * root * residual, shift)
        # Derivatives times numbers of configurations, without a table of derivatives.
        moved = on.T @ (found[:, None] * spins) - found.sum() * (on.T @ (probabilities[:, None] * spins))
        return moved[self._neurons, self._sites]


def kernel_of(on: Real, spins: Real, mask: NDArray[np.bool_]) -> Real:
    """Return sum over the weights of a mask O(s) O(s'), shape (m, m), by the smaller of two tables."""
    kept, removed = np.nonzero(mask), np.nonzero(~mask)
    if len(kept[0]) <= len(removed[0]):
        table = on[:, kept[0]] * spins[:, kept[1]]
        return table @ table.T
    kernel = (on @ on.T) * (spins @ spins.T)
    if len(removed[0]):
        table = on[:, removed[0]] * spins[:, removed[1]]
        kernel -= table @ table.T
    return kernel
