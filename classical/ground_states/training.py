"""Training of a neural state: natural gradient steps by exact sums or by samples, which may end in divergence.

A run that diverges is a result: it says in which step. Steps that are too large need not lead to infinite numbers; the
amplitudes collapse onto few configurations instead, and the energy jumps above that of a network without weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classical.ground_states.exact_sums import ExactSums
from classical.ground_states.feed_forward import FeedForwardState
from classical.ground_states.natural_gradient import SHIFT, Diverged
from classical.ground_states.samples import Samples
from problems.errors import InputError, non_negative, whole_number
from problems.ground_states import SpinModel
from problems.seeds import Seed
from problems.showing import Shows

__all__ = ["LAST", "RATE", "Training", "positive", "risen", "train"]

RATE = 0.008
"""The length of a step, times the natural gradient."""

LAST = 16
"""Estimates of the last energy, of as many samples as a step takes each."""

JUMP = 0.05
"""A run has diverged that rises so far, as a share of its size, above the energy of |+>^N and its own first one."""


@dataclass(frozen=True, eq=False, repr=False)
class Training(Shows):
    """The outcome of a training.

    Attributes
    ----------
    state
        The trained state; of a run that diverged the one before the step in which that was seen.
    energy
        Its energy: exact by exact sums, else an estimate; None if it diverged.
    standard_error
        Of an estimated energy; 0 of an exact one.
    energies
        The energy before each step, shape (steps,), estimated by samples where those are taken.
    diverged
        The step, counted from 0, in which numbers were not finite any more, or the energy had risen more than 5% above
        the first one and that of |+>^N; None if there is none.
    """

    state: FeedForwardState
    energy: float | None
    standard_error: float
    energies: NDArray[np.float64]
    diverged: int | None = None

    def _facts(self) -> Mapping[str, object]:
        known = {"energy": self.energy} if self.diverged is None else {"diverged in step": self.diverged}
        return {"state": repr(self.state), "steps": len(self.energies), **known}

    @property
    def told(self) -> str:
        """The outcome in a sentence."""
        if self.diverged is not None:
            return f"The run diverged in step {self.diverged}: take a smaller rate."
        return f"{len(self.energies)} steps led to the energy {self.energy:.9g}."


def train(
    model: SpinModel,
    state: FeedForwardState,
    steps: int,
    *,
    samples: int | None = None,
    seed: Seed = None,
    rate: float = RATE,
    shift: float = SHIFT,
    compiled: bool | None = None,
) -> Training:
    """Lower the energy by natural gradient: W -= rate (S + shift)^-1 g.

    Parameters
    ----------
    model
        The model.
    state
        Where to begin; its mask stays.
    steps
        How many.
    samples
        Configurations drawn from |psi|^2 for a step; None sums exactly over all of them.
    seed
        What samples are drawn with.
    rate, shift
        Above 0.
    compiled
        Whether sums run compiled; None does so where anything can be compiled.

    Raises
    ------
    InputError
        If sites differ, or steps, samples, rate or shift are out of range.
    OutOfReach
        If exact sums are asked for and would take too much memory or time.
    """
    steps = whole_number("steps", steps, 0)
    rate, shift = positive("rate", rate), positive("shift", shift)
    engine = ExactSums(model, state, compiled) if samples is None else Samples(model, state, samples, seed, compiled)
    weights: NDArray[np.float64] = state.weights
    energies: list[float] = []
    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for _ in range(steps):
                energy, direction = engine.gradient(weights, shift)
                energies.append(_bounded(energy, energies, model))
                weights = engine.stepped(weights, direction, rate)
            energy, error = _measured(engine, weights)
            _bounded(energy, energies, model)
    except Diverged:
        return Training(state.with_weights(weights), None, 0.0, np.array(energies), len(energies))
    return Training(state.with_weights(weights), energy, error, np.array(energies))


def _bounded(energy: float, energies: Sequence[float], model: SpinModel) -> float:
    """Return an energy that has not risen."""
    if risen(energy, energies, model):
        raise Diverged("The energy has risen above that of a network without weights; take a smaller rate.")
    return energy


def risen(energy: float, energies: Sequence[float], model: SpinModel) -> bool:
    """Return whether an energy has jumped above both the first one and that of |+>^N, or is no number."""
    without = -model.strength * len(model.flips)
    first = energies[0] if energies else energy
    return not energy <= max(first, without) + JUMP * abs(without)


def _measured(engine: ExactSums | Samples, weights: NDArray[np.float64]) -> tuple[float, float]:
    if isinstance(engine, ExactSums):
        return engine.energy(weights), 0.0
    return engine.energy(weights, LAST)


def positive(name: str, value: object) -> float:
    """Return a finite number above 0.

    Raises
    ------
    InputError
        If it is none.
    """
    number = non_negative(name, value)
    if number == 0:
        raise InputError(f"{name} = 0.0 moves nothing, or leaves nothing to divide by; give a number above 0.")
    return number
