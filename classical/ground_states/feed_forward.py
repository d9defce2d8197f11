"""Sparse neural quantum states: one layer of rectified neurons without biases, whose sum is the log amplitude.

log psi(s) = sum_j relu(W_j . s), with alpha N neurons of N weights. A mask leaves weights out: they are exactly 0, and
no derivative by them exists.

Source: Barton et al., arXiv:2505.22734, section 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.arrays import as_numbers
from problems.errors import InputError, whole_number
from problems.ground_states import SpinModel, all_spins
from problems.seeds import Seed, generator
from problems.showing import Shows

__all__ = ["SPREAD", "FeedForwardState", "as_mask"]

SPREAD = 0.01
"""Standard deviation of the weights that a state begins with."""

Mask = NDArray[np.bool_]
"""The weights that there are, shape (alpha N, N)."""


@dataclass(frozen=True, eq=False, repr=False)
class FeedForwardState(Shows):
    """A state of N spins with positive amplitudes exp(sum_j relu(W_j . s)), not normalized.

    Parameters
    ----------
    sites
        The number of spins N.
    alpha
        Neurons a site.
    weights
        W, shape (alpha N, N); None draws them from a normal law of standard deviation 0.01.
    mask
        True where a weight is there; None keeps them all. Weights elsewhere are set to 0.
    seed
        What weights are drawn with, if none are given.

    Raises
    ------
    InputError
        If sites or alpha are no whole numbers of at least 1, or weights or mask have another shape, or weights are not
        finite.

    Examples
    --------
    >>> state = FeedForwardState(9, 4, seed=0)
    >>> state.count, state.density
    (324, 1.0)
    """

    sites: int
    alpha: int
    weights: NDArray[np.float64] = None  # type: ignore[assignment]
    mask: Mask = None  # type: ignore[assignment]
    seed: Seed = field(default=None, compare=False)

    def __post_init__(self) -> None:
        for name in ("sites", "alpha"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name), 1))
        shape = self.shape
        if self.weights is None:
            weights = generator(self.seed).normal(0.0, SPREAD, shape)
        else:
            weights = np.array(as_numbers("weights", self.weights), dtype=float)
        object.__setattr__(self, "seed", None)
        if weights.shape != shape:
            raise InputError(
                f"weights have shape {weights.shape}, but {self.alpha} neurons a site of {self.sites} sites have "
                f"{shape}; give a row for each neuron."
            )
        if not np.isfinite(weights).all():
            raise InputError("Some weights are not finite; give finite numbers, or train with a smaller rate.")
        mask = np.ones(shape, dtype=bool) if self.mask is None else as_mask(self.mask, shape)
        object.__setattr__(self, "mask", mask)
        object.__setattr__(self, "weights", np.where(mask, weights, 0.0))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of W: (alpha N, N)."""
        return self.alpha * self.sites, self.sites

    @property
    def count(self) -> int:
        """How many weights there are."""
        return int(self.mask.sum())

    @property
    def density(self) -> float:
        """The share of weights that are there."""
        return self.count / self.mask.size

    def log_amplitudes(self, spins: ArrayLike) -> NDArray[np.float64]:
        """Return log psi, shape (n,), of configurations of +1 and -1, shape (n, N)."""
        return np.maximum(np.asarray(spins, dtype=float) @ self.weights.T, 0.0).sum(axis=1)

    def derivatives(self, spins: ArrayLike) -> NDArray[np.float64]:
        """Return O, shape (n, count): derivatives of log psi by the weights that are there, row by row of W."""
        given = np.asarray(spins, dtype=float)
        on = given @ self.weights.T > 0
        neurons, sites = np.nonzero(self.mask)
        return on[:, neurons] * given[:, sites]

    def amplitudes(self) -> NDArray[np.float64]:
        """Return the normalized amplitudes of all 2^N basis states, in the order of their numbers.

        Raises
        ------
        OutOfReach
            If they do not fit in memory.
        """
        logs = self.log_amplitudes(all_spins(self.sites))
        psi = np.exp(logs - logs.max())
        return psi / np.linalg.norm(psi)

    def energy(self, model: SpinModel) -> float:
        """Return the exact energy <psi|H|psi>.

        Raises
        ------
        InputError
            If the model has other sites.
        OutOfReach
            If 2^N amplitudes do not fit in memory.
        """
        check_sites(self, model)
        psi = self.amplitudes()
        numbers = np.arange(len(psi))
        applied = model.diagonal() * psi
        for sites in model.flips:
            applied -= model.strength * psi[numbers ^ sum(1 << site for site in sites)]
        return float(psi @ applied)

    def fidelity(self, other: "FeedForwardState") -> float:
        """Return |<psi|phi>|^2 with another state of as many spins, exactly."""
        return float((self.amplitudes() @ other.amplitudes()) ** 2)

    def with_weights(self, weights: NDArray[np.float64]) -> "FeedForwardState":
        """Return the state with other weights and the same mask."""
        return FeedForwardState(self.sites, self.alpha, weights, self.mask)

    def masked(self, mask: ArrayLike) -> "FeedForwardState":
        """Return the state with the weights of a mask alone, shape (alpha N, N).

        Raises
        ------
        InputError
            If the mask has another shape, or other values than true and false.
        """
        return FeedForwardState(self.sites, self.alpha, self.weights, as_mask(mask, self.shape))

    def _facts(self) -> Mapping[str, object]:
        weights = f"{self.count:,} of {self.mask.size:,}"
        return {"spins": self.sites, "neurons a spin": self.alpha, "weights": weights}

    def __repr__(self) -> str:
        return (
            f"FeedForwardState({self.sites} sites, alpha = {self.alpha}, {self.count:,} of {self.mask.size:,} weights)"
        )


def as_mask(mask: ArrayLike, shape: tuple[int, int]) -> Mask:
    """Return a mask of this shape as booleans.

    Raises
    ------
    InputError
        If it has another shape, or other values than true and false, 1 and 0.
    """
    given = np.asarray(mask)
    if given.shape != shape:
        raise InputError(
            f"The mask has shape {given.shape}, but the weights have {shape}; give a row for each neuron and a column "
            "for each site."
        )
    if given.dtype != bool and not np.isin(given, (0, 1)).all():
        raise InputError("The mask has values other than true and false; give 1 for a weight that is kept, else 0.")
    return given.astype(bool)


def check_sites(state: FeedForwardState, model: SpinModel) -> None:
    """Refuse a model of another size.

    Raises
    ------
    InputError
        If it has one.
    """
    if state.sites != model.sites:
        raise InputError(f"The state has {state.sites} sites and {model!r} {model.sites}; give both as many.")
