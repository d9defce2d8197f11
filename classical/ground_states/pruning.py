"""Iterative magnitude pruning with rewinding, and the three controls that are trained in isolation.

Four arms, each over the same numbers n of weights:

- **imp**: the pruning run itself, from weights rewound to those of a short dense training;
- **T(init, imp)**: its mask, trained from the first weights;
- **T(rand, imp)**: its mask, trained from a fresh draw;
- **T(init, rand)**: a mask drawn at random, as large, trained from the first weights.

Source: Barton et al., arXiv:2505.22734, section 3, and the code that they published with it, which rewinds to the
dense training's weights.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from classical.ground_states.feed_forward import FeedForwardState, Mask
from classical.ground_states.training import Training, train
from problems.errors import InputError, choose, whole_number
from problems.ground_states import SpinModel
from problems.ground_states.schedule import SHARE, schedule
from problems.seeds import Seed, generator
from problems.showing import Shows

__all__ = ["ARMS", "Round", "cut", "prune", "random_mask"]

ARMS = ("imp", "T(init,imp)", "T(rand,imp)", "T(init,rand)")

Rewind = Literal["dense", "initial"]
"""Whether a round begins with the weights of the dense training, or with the first ones."""


@dataclass(frozen=True, eq=False, repr=False)
class Round(Shows):
    """One round of pruning: a mask, and the state that was trained with it.

    Attributes
    ----------
    training
        From the rewound weights.
    fidelity
        |<psi_r|psi_(r-1)>|^2 of the trained states of this round and the one before it; None of the first round, and
        where states are too large.
    """

    training: Training
    fidelity: float | None

    def _facts(self) -> Mapping[str, object]:
        known = {} if self.fidelity is None else {"fidelity with the round before": f"{self.fidelity:.3f}"}
        return {"weights": self.state.count, "energy": self.training.energy, **known}

    @property
    def state(self) -> FeedForwardState:
        """The trained state."""
        return self.training.state


def cut(state: FeedForwardState, kept: int) -> Mask:
    """Return the mask of the `kept` largest weights by magnitude among those that are there; of equals the first stay.

    Raises
    ------
    InputError
        If `kept` is no whole number of 1 up to the weights that there are.
    """
    kept = whole_number("kept weights", kept, 1)
    if kept > state.count:
        raise InputError(f"{kept} weights cannot be kept of {state.count}; give at most as many.")
    sizes = np.where(state.mask, np.abs(state.weights), -1.0).ravel()
    mask = np.zeros(sizes.size, dtype=bool)
    mask[np.argsort(-sizes, kind="stable")[:kept]] = True
    return mask.reshape(state.shape)


def random_mask(state: FeedForwardState, kept: int | None = None, seed: Seed = None, density: float = 1.0) -> Mask:
    """Return a mask of as many weights, each as likely as any other.

    Parameters
    ----------
    state
        Says how many weights there may be.
    kept
        How many are kept; None goes by the density.
    seed
        What it is drawn with.
    density
        The share of weights that are kept, above 0 and at most 1.

    Raises
    ------
    InputError
        If `kept` is no whole number of 1 up to alpha N^2, or the density out of range.
    """
    size = state.mask.size
    if kept is None:
        kept = max(1, round(check_density(density) * size))
    kept = whole_number("kept weights", kept, 1)
    if kept > size:
        raise InputError(f"{kept} weights cannot be kept of {size}; give at most as many.")
    mask = np.zeros(size, dtype=bool)
    mask[generator(seed).choice(size, kept, replace=False)] = True
    return mask.reshape(state.shape)


def prune(
    model: SpinModel,
    initial: FeedForwardState,
    *,
    least: int | None = None,
    density: float | None = None,
    share: float = SHARE,
    dense_steps: int = 200,
    steps: int = 150,
    rewind: Rewind = "dense",
    samples: int | None = None,
    seed: Seed = None,
) -> Iterator[Round]:
    """Prune round by round: train, cut the smallest weights, rewind what is left, and train again.

    Parameters
    ----------
    model
        The model.
    initial
        The first weights W0.
    least, density
        Weights, or their share, below which no round goes; one of both, and 2 N by default.
    share
        Of the weights that a round cuts.
    dense_steps, steps
        Of the dense training, whose weights are rewound to, and of each round.
    rewind
        "dense" to the weights of the dense training, "initial" to W0.
    samples, seed
        See `train`.

    Yields
    ------
    Round
        The first has all weights. Pruning ends where a round diverges.

    Raises
    ------
    InputError
        As `train` and `schedule` do, and if the density is out of range or the rewinding unknown.
    """
    choose("rewinding", rewind, dict.fromkeys(("dense", "initial")))
    if density is not None:
        least = max(1, round(check_density(density) * initial.mask.size))
    numbers = schedule(initial.count, min(initial.count, 2 * initial.sites) if least is None else least, share)
    rng = generator(seed)
    dense = train(model, initial, dense_steps, samples=samples, seed=rng)
    return _rounds(model, initial if rewind == "initial" else dense.state, numbers, steps, samples, rng)


def _rounds(
    model: SpinModel,
    start: FeedForwardState,
    numbers: tuple[int, ...],
    steps: int,
    samples: int | None,
    rng: np.random.Generator,
) -> Iterator[Round]:
    mask, before = start.mask, None
    for number in numbers:
        if before is not None:
            mask = cut(before, number)
        found = train(model, start.masked(mask), steps, samples=samples, seed=rng)
        yield Round(found, None if before is None else overlap(found.state, before))
        if found.diverged is not None:
            return
        before = found.state


OVERLAP_SITES = 20
"""Sites up to which the fidelity of two states is summed up."""


def overlap(state: FeedForwardState, other: FeedForwardState) -> float | None:
    """Return the fidelity of two states, or None where 2^N amplitudes are too many."""
    return state.fidelity(other) if state.sites <= OVERLAP_SITES else None


def check_density(density: float) -> float:
    """Return a density above 0 and at most 1.

    Raises
    ------
    InputError
        If it is out of range.
    """
    if not 0 < density <= 1:
        raise InputError(f"density = {density} is out of range; give a share of weights above 0 and at most 1.")
    return float(density)
