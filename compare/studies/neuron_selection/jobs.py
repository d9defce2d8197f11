"""Grover's search for a good mask as a job: masks measured on a device, from the whole problem that travels with it."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from compare.hardware.payload import Built, Decoded, Payload, PayloadKind
from compare.hardware.scores import Scores
from compare.report.cells import so_many
from problems.errors import InputError, choose, whole_number
from problems.neuron_selection import MaskProblem
from quantum.neuron_selection import FourierOracle, LookupOracle, Oracle, RippleOracle, best_rounds, grover_circuit

__all__ = ["KIND", "MASKS", "MOST_NEURONS", "ORACLES", "masks_payload", "oracle_of", "problem_of"]

KIND = "neurons/masks"

ORACLES: dict[str, type[Oracle]] = {"fourier": FourierOracle, "ripple": RippleOracle, "lookup": LookupOracle}
"""Oracles by name."""

LEAST_GAIN = 1e-9
"""Below this the search gains nothing over chance, but for rounding."""

MOST_NEURONS = 12
"""Devices lose every search of more neurons in noise; and all masks are looked at for the number of rounds."""


def masks_payload(
    problem: MaskProblem,
    oracle: str = "fourier",
    threshold: float | None = None,
    bits: int | None = None,
    rounds: int | None = None,
    description: str = "a problem given in Python",
    origin: Mapping[str, Any] | None = None,
) -> Payload:
    """Return a search for masks below a threshold, as a payload.

    Parameters
    ----------
    problem
        The problem; all of it goes along.
    oracle
        A name in `ORACLES`.
    threshold
        In units of the loss; None takes one that only the best masks of the rounded problem are below.
    bits
        Magnitude bits of a coefficient; None takes the fewest that keep the argmin.
    rounds
        Rounds of Grover's search; None takes the best without noise. With noise fewer are better.
    description
        What the problem is, in words.
    origin
        Where it comes from, plain data for the record.

    Raises
    ------
    InputError
        If there are more than `MOST_NEURONS` neurons, the oracle is unknown, threshold or bits are refused by it, no
        mask is below the threshold and the rounds are None, or the rounds are no whole number.
    """
    make = choose("oracle", oracle, ORACLES)
    if problem.neurons > MOST_NEURONS:
        raise InputError(
            f"{problem.neurons} neurons are more than a device can search; give at most {MOST_NEURONS}, or simulate."
        )
    if threshold is None:
        threshold = _just_above_least(make(problem, problem.constant, bits))
    made = make(problem, threshold, bits)
    if rounds is None:
        marked = int(np.count_nonzero(made.loss.all_values() < 0))
        if not marked:
            raise InputError(f"No mask is below threshold = {threshold:.6g}; give a larger one, or the rounds.")
        rounds = best_rounds(2**problem.neurons, marked)
    rounds = whole_number("rounds", rounds, 0)
    settings = {
        "oracle": oracle,
        "threshold": made.threshold,
        "bits": made.bits,
        "rounds": rounds,
        "origin": dict(origin or {}),
    }
    arrays = {
        "constant": np.array([problem.constant]),
        "linear": problem.linear,
        "quadratic": problem.quadratic,
    }
    told = f"{description}, N = {problem.neurons}, {oracle} oracle, {so_many(rounds, 'round')}"
    return Payload(KIND, settings, arrays, told)


def problem_of(payload: Payload) -> MaskProblem:
    """Return the problem that a payload carries, exactly as it was."""
    arrays = payload.arrays
    return MaskProblem(float(arrays["constant"][0]), arrays["linear"], arrays["quadratic"])


def oracle_of(payload: Payload) -> Oracle:
    """Return the oracle that a payload stands for."""
    settings = payload.settings
    return ORACLES[settings["oracle"]](problem_of(payload), settings["threshold"], settings["bits"])


def _just_above_least(oracle: Oracle) -> float:
    """Return half a step above the least loss of the rounded problem."""
    empty = round(oracle.problem.constant / oracle.step)
    least = empty + int(oracle.loss.all_values().min()) - oracle.loss.constant
    return (least + 0.5) * oracle.step


def _build(payload: Payload, device: str | None) -> Built:
    oracle = oracle_of(payload)
    return Built(payload, grover_circuit(oracle.circuit, oracle.neurons, payload.settings["rounds"]))


def _decode(payload: Payload, bits: NDArray[np.bool_]) -> Decoded:
    masks = bits.astype(np.uint8)
    marked = oracle_of(payload).marked(masks)
    hits = int(np.count_nonzero(marked))
    arrays: dict[str, NDArray] = {"masks": masks, "losses": problem_of(payload).loss(masks), "marked": marked}
    return Decoded(arrays, {"marked": hits}, f"{100 * marked.mean():.1f}% of them below the threshold")


def _scores(payload: Payload, bits: NDArray[np.bool_]) -> Scores:
    oracle = oracle_of(payload)
    marked = oracle.marked(bits.astype(np.uint8)).astype(float)
    chance = float(np.mean(oracle.loss.all_values() < 0))
    angle = (2 * payload.settings["rounds"] + 1) * math.asin(math.sqrt(chance))
    perfect = min(1.0, math.sin(angle) ** 2)
    pvalue = float(stats.binomtest(int(marked.sum()), len(bits), perfect).pvalue)
    gain = perfect - chance
    if abs(gain) < LEAST_GAIN:  # no rounds, or all masks are marked: nothing to be in units of
        return Scores("share of marked masks", marked, perfect=perfect, pvalue=pvalue)
    return Scores("share of Grover's gain", marked, chance, gain, 0.0, 1.0, pvalue)


MASKS = PayloadKind(_build, _decode, _scores)
"""Masks, one a shot: `masks` (n, N), their `losses` (n,), unrounded, and whether the oracle has them `marked` (n,)."""
