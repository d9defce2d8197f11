"""What the numbers say, in plain sentences computed from them; nothing here is written in beforehand."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from compare.statistics import Z95, Estimate
from compare.studies.noise.study import Results
from compare.studies.noise.tables import LABELS
from compare.tables import interval

__all__ = ["difference", "findings", "notes"]


def findings(results: Results) -> list[str]:
    """Return the verdict: encodings, mitigation, suppression, surviving shots, tests and risk."""
    return [
        *_encodings(results),
        *_mitigation(results),
        *_suppression(results),
        *_surviving(results),
        *_tests(results),
        *_risks(results),
    ]


def notes(results: Results) -> list[str]:
    """Return what the simulated device does not honor, or what cannot help there; each sentence once."""
    said = [note for arms in results.arms.values() for arm in arms.values() for note in arm["notes"]]
    return list(dict.fromkeys(said))


def difference(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return first - second of two independent estimates with normal intervals, as plain data."""
    error = math.hypot(*((one["high"] - one["low"]) / (2 * Z95) for one in (first, second)))
    samples = first["samples"] + second["samples"]
    return asdict(Estimate.normal(first["best"] - second["best"], error, samples))


def _signed(estimate: Mapping[str, Any], digits: int = 3) -> str:
    low, best, high = (estimate[key] for key in ("low", "best", "high"))
    return f"{best:+.{digits}f}, 95% interval {low:+.{digits}f} to {high:+.{digits}f}"


def _compared(estimate: Mapping[str, Any]) -> str:
    if estimate["low"] > 0:
        return "above"
    return "below" if estimate["high"] < 0 else "not clearly different from"


def _first(results: Results) -> str:
    """Return the arm that sentences on encodings quote: plain noise, if it was run."""
    arms = next(iter(results.arms.values()))
    return next(name for name in ("none", *arms) if name in arms and name != "ideal")


def _encodings(results: Results) -> list[str]:
    quoted = _first(results)
    sentences = []
    for (one, first), (other, second) in itertools.combinations(results.arms.items(), 2):
        for reading, words in (("raw", "as read"), ("mitigated", "with readout mitigation")):
            pair = [arms[quoted][reading]["fidelity"] for arms in (first, second)]
            gap = difference(*pair)
            sentences.append(
                f"Under {_arm_words(quoted)} of {results.run['settings']['backend']}, {words}, the fidelity of the "
                f"{one} encoding is {_compared(gap)} that of the {other} one: {interval(pair[0])} "
                f"against {interval(pair[1])} (difference {_signed(gap)}; {first[quoted]['shots']:,} shots each)."
            )
    if len(results.arms) == 1:
        (encoding, arms), = results.arms.items()  # fmt: skip
        sentences.append(
            f"Under {_arm_words(quoted)} of {results.run['settings']['backend']} the fidelity of the {encoding} "
            f"encoding is {interval(arms[quoted]['raw']['fidelity'])} ({arms[quoted]['shots']:,} shots)."
        )
    return sentences


def _arm_words(name: str) -> str:
    return "the noise" if name == "none" else f"the noise (with {LABELS[name]})"


def _mitigation(results: Results) -> list[str]:
    quoted = _first(results)
    sentences = []
    for encoding, arms in results.arms.items():
        gain, mitigated = arms[quoted]["gain"], arms[quoted]["mitigated"]
        sentences.append(
            f"Readout mitigation puts the {encoding} encoding's fidelity at {interval(mitigated['fidelity'])}, "
            f"{_compared(gain)} the raw one on the same {arms[quoted]['shots']:,} shots (gain "
            f"{_signed(gain, 4)}; over the repeats {_signed(arms[quoted]['gain_over_repeats'], 4)})."
        )
    return sentences


def _suppression(results: Results) -> list[str]:
    sentences = []
    for encoding, arms in results.arms.items():
        if "none" not in arms:
            continue
        told = []
        for name, arm in arms.items():
            if name in ("ideal", "none"):
                continue
            gap = difference(arm["raw"]["fidelity"], arms["none"]["raw"]["fidelity"])
            told.append(f"with {LABELS[name]} it is {_compared(gap)} that without ({_signed(gap)})")
        if told:
            sentences.append(
                f"Raw fidelity of the {encoding} encoding: {'; '.join(told)}. All arms are scheduled alike, waiting "
                "included."
            )
    said = notes(results)
    if said:
        sentences.append(
            f"{' '.join(said)} What these ways gain on hardware cannot be seen here, only what their own gates cost."
        )
    return sentences


def _surviving(results: Results) -> list[str]:
    quoted = _first(results)
    told = [f"{interval(arms[quoted]['raw']['surviving'])} ({encoding})" for encoding, arms in results.arms.items()]
    return [f"Share of shots that are nodes at all under {_arm_words(quoted)}: {', '.join(told)}."]


def _tests(results: Results) -> list[str]:
    if not results.problem["enumerable"]:
        return []
    pvalues = {
        f"{encoding}, {LABELS[name]}": arm["raw"]["goodness_of_fit"]["pvalue"]
        for encoding, arms in results.arms.items()
        for name, arm in arms.items()
    }
    rejected = [label for label, pvalue in pvalues.items() if pvalue < 0.05 / len(pvalues)]
    accepted = [label for label in pvalues if label not in rejected]
    sentences = []
    for labels, words in ((rejected, "Told apart from p*"), (accepted, "Not told apart from p*")):
        if labels:
            sentences.append(
                f"{words} by chi-square at the 5% level, shared among {len(pvalues)} tests: {'; '.join(labels)}."
            )
    return sentences


def _risks(results: Results) -> list[str]:
    quoted, uniform = _first(results), results.problem["uniform"]
    sentences = []
    for which, words in (("empirical", "empirical"), ("held_out", "held-out")):
        if which == "held_out" and not results.problem["held_out"]:
            continue
        told = []
        for encoding, arms in results.arms.items():
            parts = [f"{interval(arms['ideal']['raw'][which])} ideal", f"{interval(arms[quoted]['raw'][which])} noisy"]
            parts.append(f"{interval(arms[quoted]['mitigated'][which])} mitigated")
            told.append(f"{encoding}: {', '.join(parts)}")
        sentences.append(
            f"The {words} risk of networks of {results.run['settings']['nodes']} nodes, {'; '.join(told)}; uniform "
            f"nodes {interval(uniform[which])}, predicting 0 "
            f"{results.problem['baselines']['zero'][which == 'held_out']:.3f}."
        )
    return sentences
