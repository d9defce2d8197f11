"""Natural gradients by sums over all 2^N configurations, at half the work that the sums ask for.

Flipping all spins turns relu(x) into relu(-x) = relu(x) - x. So amplitudes and derivatives of -s follow from those of
s: neuron j is on at s or at -s, never at both, and O_jk(-s) = O_jk(s) - s_k. With p and q the probabilities of s and
-s, and sums over the half of the configurations in which the last spin is up,

    sum O O^T = sum (p + q) O O^T - sum q (O s^T + s O^T) + sum q s s^T,

in which s stands for the spin that a column belongs to: all but the first term has N columns alone. A neuron whose
argument is exactly 0 is off at both, and then all configurations are summed up.
"""

import numpy as np
from numpy.typing import NDArray

from classical.ground_states.feed_forward import FeedForwardState, check_sites
from classical.ground_states.natural_gradient import SHIFT, Diverged, natural_gradient, solve
from problems.compiling import why_not_compiled
from problems.errors import OutOfReach
from problems.ground_states import SpinModel, all_spins
from problems.ground_states.configurations import bits_of
from problems.memory import readable_bytes, require_memory

__all__ = ["MOST_NUMBERS", "ExactSums", "exact_bytes", "reference_gradient", "require_exact"]

MOST_NUMBERS = 1 << 29
"""Derivatives 2^N n that exact sums may have: 4 GiB, and a step of minutes."""


def exact_bytes(sites: int, weights: int) -> int:
    """Return the bytes that exact sums take: half of the derivatives, the metric, and vectors of all amplitudes."""
    return 8 * ((weights + 64 << max(0, sites - 1)) + 2 * weights * weights)


def require_exact(sites: int, weights: int) -> None:
    """Refuse exact sums that would take too much memory or time.

    Raises
    ------
    OutOfReach
        If they would.
    """
    needed = exact_bytes(sites, weights)
    remedy = "train by samples (samples = 1024), or take fewer sites or weights"
    purpose = f"Exact sums over 2^{sites} configurations with {weights:,} weights"
    if weights << sites > MOST_NUMBERS:
        raise OutOfReach(f"{purpose} needs {readable_bytes(needed)}, and minutes a step; {remedy}.")
    require_memory(needed, purpose, remedy)


def reference_gradient(
    model: SpinModel, state: FeedForwardState, shift: float = SHIFT
) -> tuple[float, NDArray[np.float64]]:
    """Return the energy and (S + shift)^-1 g by sums over all configurations, as they are written down."""
    spins = all_spins(model.sites)
    psi = state.amplitudes()
    numbers = np.arange(len(psi))
    applied = model.diagonal() * psi
    for sites in model.flips:
        applied -= model.strength * psi[numbers ^ bits_of(sites)]
    return float(psi @ applied), natural_gradient(state.derivatives(spins), psi**2, applied / psi, shift)


class ExactSums:
    """Energies and natural gradients of one mask on one model, by exact sums.

    Parameters
    ----------
    model
        The model.
    state
        Says which weights there are.
    compiled
        Whether sums run compiled; None does so where anything can be compiled.

    Raises
    ------
    InputError
        If the state has other sites than the model.
    OutOfReach
        If the sums would take too much memory or time.
    """

    def __init__(self, model: SpinModel, state: FeedForwardState, compiled: bool | None = None) -> None:
        check_sites(state, model)
        require_exact(model.sites, state.count)
        self.model, self.mask = model, state.mask
        self._half = all_spins(model.sites)[: 1 << (model.sites - 1)]
        self._diagonal = model.diagonal()
        self._flips = np.array([bits_of(sites) for sites in model.flips])
        alive = np.flatnonzero(state.mask.any(axis=1))
        neurons, self._sites = np.nonzero(state.mask)
        self._alive, self._neurons = alive, np.searchsorted(alive, neurons)
        self._places = neurons, self._sites
        self._of_site = np.asfortranarray(self._half[:, self._sites])
        self._one_hot = np.asfortranarray((self._sites[:, None] == np.arange(model.sites)).astype(float))
        self._compiled = why_not_compiled() is None if compiled is None else compiled

    def amplitudes(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the normalized amplitudes, shape (2^N,), and the neurons' arguments on half of the configurations.

        Raises
        ------
        Diverged
            If they are not finite.
        """
        arguments = self._half @ weights[self._alive].T
        up = np.maximum(arguments, 0.0).sum(axis=1)
        down = up - arguments.sum(axis=1)
        logs = np.concatenate([up, down[::-1]])
        largest = logs.max()
        if not np.isfinite(largest):
            raise Diverged("The amplitudes are not finite any more; take a smaller rate.")
        psi = np.exp(logs - largest)
        return psi / np.sqrt(psi @ psi), arguments

    def energy(self, weights: NDArray[np.float64]) -> float:
        """Return the energy of weights, shape (alpha N, N)."""
        psi, _ = self.amplitudes(weights)
        return float(psi @ self._applied(psi))

    def gradient(self, weights: NDArray[np.float64], shift: float = SHIFT) -> tuple[float, NDArray[np.float64]]:
        """Return the energy and the natural gradient, shape (n,), by the weights that are there.

        Raises
        ------
        Diverged
            If numbers are not finite any more.
        """
        psi, arguments = self.amplitudes(weights)
        applied = self._applied(psi)
        energy = float(psi @ applied)
        if not len(self._sites):
            return energy, np.zeros(0)
        if not arguments.all():
            return energy, self._whole(weights, psi, applied, shift)
        half = len(self._half)
        probabilities, energies = psi * psi, psi * applied  # the latter times local energies
        p, q = probabilities[:half], probabilities[: half - 1 : -1]
        of_p, of_q = energies[:half], energies[: half - 1 : -1]
        table = self._table(arguments)
        return energy, self._solved(table, p, q, of_p, of_q, energy, shift)

    def _applied(self, psi: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return H psi."""
        if self._compiled:
            from classical.ground_states.kernels import apply_flips

            return apply_flips(psi, self._diagonal, self._flips, self.model.strength)
        numbers = np.arange(len(psi))
        found = self._diagonal * psi
        for mask in self._flips:
            found -= self.model.strength * psi[numbers ^ mask]
        return found

    def _table(self, arguments: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return O on half of the configurations, columns contiguous."""
        if self._compiled:
            from classical.ground_states.kernels import derivatives

            return derivatives(np.asfortranarray(arguments), self._of_site, self._neurons)
        on = np.asfortranarray(arguments > 0)
        return np.asfortranarray(on[:, self._neurons] * self._of_site)

    def _solved(
        self,
        table: NDArray[np.float64],
        p: NDArray[np.float64],
        q: NDArray[np.float64],
        of_p: NDArray[np.float64],
        of_q: NDArray[np.float64],
        energy: float,
        shift: float,
    ) -> NDArray[np.float64]:
        from scipy.linalg import blas

        both, weighted = p + q, q[:, None] * self._half
        spin = weighted.sum(axis=0)
        mean = both @ table - spin[self._sites]
        force = (of_p + of_q) @ table - (of_q @ self._half)[self._sites] - energy * mean
        cross = table.T @ weighted - 0.5 * (weighted.T @ self._half)[self._sites]
        table *= np.sqrt(both)[:, None]
        metric = blas.dsyrk(1.0, table, trans=1, lower=1)
        metric = blas.dsyr2k(-1.0, cross, self._one_hot, beta=1.0, c=metric, lower=1, overwrite_c=1)
        metric = blas.dsyr(-1.0, mean, a=metric, lower=1, overwrite_a=1)
        return solve(metric, 2.0 * force, shift)

    def _whole(
        self, weights: NDArray[np.float64], psi: NDArray[np.float64], applied: NDArray[np.float64], shift: float
    ) -> NDArray[np.float64]:
        """Return the natural gradient by a table of all configurations, of weights that make some argument 0."""
        spins = np.concatenate([self._half, -self._half[::-1]])
        on = spins @ weights[self._alive].T > 0
        neurons, sites = self._neurons, self._sites
        return natural_gradient(on[:, neurons] * spins[:, sites], psi**2, applied / psi, shift)

    def stepped(self, weights: NDArray[np.float64], direction: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
        """Return weights moved by -rate along a direction; weights that are not there stay 0."""
        moved = weights.copy()
        moved[self._places] -= rate * direction
        if not np.isfinite(moved).all():
            raise Diverged("Weights are not finite any more; take a smaller rate.")
        return moved
