"""Reading a sign from shots: how many it takes, and what amplitude amplification of the reading saves.

A circuit whose measured qubit has the mean E[Z] = o is read to its own size, a standard error of |o|, by 1 / o^2 - 1
shots. Rounds of amplitude amplification (Brassard, Hoyer, Mosca, Tapp, arXiv:quant-ph/0005055, section 2) on the whole
circuit, with the qubit as the flag, make the mean (-1)^t sin((2 t + 1) arcsin o): the sign stays, the shots fall with
the square of the depth. Who knows |o| beforehand thus pays about pi / (4 |o|) circuits in place of 1 / o^2.
"""

import math
from dataclasses import dataclass

from problems.errors import InputError, whole_number
from problems.kernel_training import readout_shots

__all__ = ["Readout", "amplified_mean", "best_readout"]


def amplified_mean(mean: float, rounds: int) -> float:
    """Return (-1)^t sin((2 t + 1) arcsin o), the mean of +-1 after t rounds.

    Raises
    ------
    InputError
        If o is not in [-1, 1], or the rounds are no whole number of at least 0.
    """
    _check(mean)
    turns = 2 * whole_number("rounds", rounds, 0) + 1
    return (-1) ** rounds * math.sin(turns * math.asin(mean))


@dataclass(frozen=True)
class Readout:
    """How a sign is read.

    Attributes
    ----------
    rounds
        Rounds t of amplification.
    mean
        E[Z] after them; of the sign of o at even t, of the opposite at odd t.
    shots
        Until the standard error is |mean|, at least one.
    circuits
        Runs of the bare circuit and its inverse, shots (2 t + 1).
    """

    rounds: int
    mean: float
    shots: float
    circuits: float


def best_readout(mean: float) -> Readout:
    """Return the rounds that need the fewest circuits, for someone who knows |o| beforehand.

    They pay from |o| < 1/2 on: one round in place of 3 shots. Without that knowledge more are needed; so this is the
    least that amplification can cost.

    Parameters
    ----------
    mean
        o, not 0.

    Raises
    ------
    InputError
        If o is 0 or not in [-1, 1].

    Examples
    --------
    >>> best_readout(0.5).circuits, round(best_readout(0.01).circuits)
    (3.0, 79)
    """
    _check(mean)
    if mean == 0:
        raise InputError("A mean of 0 has no sign to be read; give another.")
    # Fewer circuits with every round until one shot is enough, which it is from an eighth of a turn on.
    enough = max(0, math.ceil((math.pi / (4 * math.asin(abs(mean))) - 1) / 2))
    return min((_readout(mean, rounds) for rounds in {max(0, enough - 1), enough}), key=lambda one: one.circuits)


def _readout(mean: float, rounds: int) -> Readout:
    amplified = amplified_mean(mean, rounds)
    shots = max(1.0, float(readout_shots(amplified)))
    return Readout(rounds, amplified, shots, shots * (2 * rounds + 1))


def _check(mean: float) -> None:
    # So written, NaN is refused too.
    if not -1 <= mean <= 1:
        raise InputError(f"{mean} is no mean of +-1; give a number from -1 to 1.")
