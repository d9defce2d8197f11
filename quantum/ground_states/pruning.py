"""Iterative pruning of rotation circuits, and the four arms that tell what of a ticket matters.

The counterpart of iterative magnitude pruning of networks (Frankle and Carbin, arXiv:1803.03635; on quantum states
Barton et al., arXiv:2505.22734). exp(-i pi Y Z) = -1, so a gate's magnitude is its angle's distance to the nearest
multiple of pi.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from problems.errors import InputError, choose, whole_number
from problems.seeds import Seed, generator, integer_seed
from problems.showing import Shows
from quantum.ground_states.fitting import ITERATIONS, Fitted
from quantum.ground_states.rotations import RotationCircuit

__all__ = [
    "ARMS",
    "SHARE",
    "ArmsRound",
    "PrunedRound",
    "Rewind",
    "bonds_covered",
    "cut",
    "four_arms",
    "prune_rotations",
    "random_mask",
    "rounds_of",
    "train_arm",
]

SHARE = 0.12
"""The share of the gates left that goes in a round."""

ARMS = ("imp", "T(init,imp)", "T(rand,imp)", "T(init,rand)")
"""The pruning run itself, and what is trained in isolation: angles to begin with, and the mask."""

Rewind = Literal["continue", "initial", "dense"]
"""Where a round begins: at the angles of the round before, at those of the start, or at the ones trained with all
gates."""


@dataclass(frozen=True, eq=False, repr=False)
class PrunedRound(Shows):
    """A round of pruning: a mask, and the circuit trained with it.

    Attributes
    ----------
    gates
        How many are left.
    mask
        Which, shape (G,).
    fitted
        The trained angles, with energy and error; those of gates left out are exactly 0.
    overlap
        |<psi_r|psi_(r+1)>|^2 with the trained state of the round before; None in the first round.
    """

    gates: int
    mask: NDArray[np.bool_]
    fitted: Fitted
    overlap: float | None

    def _facts(self) -> Mapping[str, object]:
        known = {} if self.overlap is None else {"overlap with the round before": f"{self.overlap:.3f}"}
        return {"gates": self.gates, "error": f"{self.fitted.error:.0e}", **known}


@dataclass(frozen=True)
class ArmsRound:
    """A number of gates, and what each arm reaches with so many.

    Attributes
    ----------
    gates
        How many.
    errors
        (E - E0)/|E0| by arm.
    overlap
        As `PrunedRound` has it.
    bonds
        How many different bonds the ticket's gates sit on.
    """

    gates: int
    errors: dict[str, float]
    overlap: float | None
    bonds: int


def rounds_of(gates: int, fewest: int = 1, share: float = SHARE) -> list[int]:
    """Return how many gates each round has, the dense one first: rint(share n) go, at least one.

    Parameters
    ----------
    gates
        Of the dense circuit.
    fewest
        The last round is the last with at least so many.
    share
        Of the gates that are left, above 0 and below 1.

    Raises
    ------
    InputError
        If the share is out of range, or fewest is no whole number from 1 to the number of gates.
    """
    if not 0 < share < 1:
        raise InputError(f"share = {share} is out of range; give a number above 0 and below 1, as 0.12.")
    least = whole_number("fewest", fewest, 1)
    if least > gates:
        raise InputError(f"fewest = {least} is more than the {gates} gates of the circuit; give at most {gates}.")
    counts = [gates]
    while True:
        left = counts[-1] - max(1, round(share * counts[-1]))
        if left < least:
            return counts
        counts.append(left)


def cut(angles: NDArray[np.float64], mask: NDArray[np.bool_], gates: int) -> NDArray[np.bool_]:
    """Return a mask of so many gates: of those of a mask, the ones whose angles are furthest from multiples of pi."""
    size = np.abs(angles - np.pi * np.rint(angles / np.pi))
    size[~mask] = -1.0
    kept = np.zeros_like(mask)
    kept[np.argsort(-size, kind="stable")[:gates]] = True
    return kept


def prune_rotations(
    circuit: RotationCircuit,
    seed: Seed = 0,
    rewind: Rewind = "continue",
    fewest: int = 1,
    share: float = SHARE,
    iterations: int = ITERATIONS,
) -> list[PrunedRound]:
    """Train, cut the gates that turn least, train again: the arm "imp".

    Parameters
    ----------
    circuit
        The circuit with all gates.
    seed
        Of the angles to begin with: the same seed gives `RotationCircuit.start` the same ones.
    rewind
        Where a round begins; see `Rewind`.
    fewest, share
        As `rounds_of` takes them.
    iterations
        Steps of each fit, at most.

    Returns
    -------
    list of PrunedRound
        The dense circuit first.

    Raises
    ------
    InputError
        If an argument is out of range.
    """
    choose("rewind", rewind, dict.fromkeys(get_args(Rewind), None))
    counts = rounds_of(circuit.parameters, fewest, share)
    initial = circuit.start(seed)
    mask = np.ones(circuit.parameters, dtype=bool)
    rounds: list[PrunedRound] = []
    state = None
    for gates in counts:
        begin = initial
        if rounds:
            mask = cut(rounds[-1].fitted.angles, mask, gates)
            begin = {"continue": rounds[-1].fitted.angles, "initial": initial, "dense": rounds[0].fitted.angles}[rewind]
        fitted = circuit.fit(begin, mask, iterations)
        before, state = state, circuit.state(fitted.angles, mask)
        rounds.append(PrunedRound(gates, mask, fitted, None if before is None else float(before @ state) ** 2))
    return rounds


def random_mask(circuit: RotationCircuit, gates: int, seed: Seed = None) -> NDArray[np.bool_]:
    """Return a mask, shape (G,), of so many gates, all equally likely.

    Raises
    ------
    InputError
        If the gates are no whole number from 1 to G.
    """
    count = whole_number("gates", gates, 1)
    if count > circuit.parameters:
        raise InputError(f"gates = {count} is more than the circuit's {circuit.parameters}; give at most as many.")
    mask = np.zeros(circuit.parameters, dtype=bool)
    mask[generator(seed).choice(circuit.parameters, count, replace=False)] = True
    return mask


def train_arm(
    circuit: RotationCircuit,
    arm: str,
    ticket: ArrayLike,
    initial: ArrayLike,
    seed: Seed = None,
    iterations: int = ITERATIONS,
) -> Fitted:
    """Train one of the arms in isolation, at the number of gates of a ticket.

    Parameters
    ----------
    circuit
        The circuit with all gates.
    arm
        "T(init,imp)", "T(rand,imp)" or "T(init,rand)".
    ticket
        The mask that pruning found, shape (G,).
    initial
        The angles that the pruning run began with, shape (G,).
    seed
        Of the fresh angles, or of the random mask.
    iterations
        Steps of the fit, at most.

    Raises
    ------
    InputError
        If there is no such arm, or mask or angles are refused by the circuit.
    """
    choose("arm", arm, dict.fromkeys(ARMS[1:], None))
    mask = np.asarray(ticket)
    if arm == "T(rand,imp)":
        return circuit.fit(circuit.start(seed), mask, iterations)
    if arm == "T(init,rand)":
        mask = random_mask(circuit, int(np.count_nonzero(mask)), seed)
    return circuit.fit(initial, mask, iterations)


def four_arms(
    circuit: RotationCircuit,
    seed: Seed = 0,
    rewind: Rewind = "continue",
    fewest: int = 1,
    share: float = SHARE,
    iterations: int = ITERATIONS,
) -> list[ArmsRound]:
    """Run the pruning, and train the three other arms at each number of gates: all of one seed.

    Parameters
    ----------
    circuit
        The circuit with all gates.
    seed
        Of everything: the angles to begin with, fresh angles and random masks are independent streams of it.
    rewind, fewest, share, iterations
        As `prune_rotations` takes them.

    Returns
    -------
    list of ArmsRound
        The dense circuit first, where all masks are the whole.

    Raises
    ------
    InputError
        If an argument is out of range.
    """
    rng = generator(seed)
    begin, fresh, drawn = rng.spawn(3)
    # A generator advances: what is drawn twice is drawn from a seed.
    first = integer_seed(begin)
    initial = circuit.start(first)
    found = []
    for one in prune_rotations(circuit, first, rewind, fewest, share, iterations):
        arms = {"imp": one.fitted}
        for arm, stream in zip(ARMS[1:], (None, fresh, drawn), strict=True):
            if one.mask.all() and arm != "T(rand,imp)":  # the same angles and all gates: the dense training again
                arms[arm] = one.fitted
                if stream is not None:
                    random_mask(circuit, one.gates, stream)  # later rounds draw what they would have drawn
                continue
            arms[arm] = train_arm(circuit, arm, one.mask, initial, stream, iterations)
        errors = {arm: fitted.error for arm, fitted in arms.items()}
        found.append(ArmsRound(one.gates, errors, one.overlap, bonds_covered(circuit, one.mask)))
    return found


def bonds_covered(circuit: RotationCircuit, mask: NDArray[np.bool_]) -> int:
    """Return how many different bonds the gates of a mask, shape (G,), sit on."""
    return len(np.unique(np.sort(circuit.gates[mask], axis=1), axis=0))
