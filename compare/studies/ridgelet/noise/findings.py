"""What the numbers say, in plain sentences computed from them; nothing here is written in beforehand."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

from compare.engine import Runs
from compare.report.cells import estimate, signed
from compare.statistics import Z95, Estimate, Row
from compare.studies.ridgelet.noise.study import CIRCUIT, IDEAL, PROBLEM, READING, Settings

__all__ = ["LABELS", "Results", "answer", "difference", "findings", "gathered", "notes"]

LABELS = {
    IDEAL: "ideal",
    "none": "noise",
    "dd": "DD",
    "twirling": "twirling",
    "dd+twirling": "DD + twirling",
}
"""Arms by the name that readers see."""

ABOVE, BELOW, UNCLEAR = "above", "below", "not clearly different from"
"""How one fidelity is to another, by the interval of their difference."""


@dataclass(frozen=True)
class Results:
    """What a run found: the problem, the circuit of each encoding, and what each of its arms showed, by name."""

    settings: Settings
    problem: Row
    circuits: Mapping[str, Row]
    arms: Mapping[str, Mapping[str, Row]]

    @property
    def quoted(self) -> dict[str, Row]:
        """The arm that sentences quote, of each encoding."""
        return {encoding: arms[self.settings.quoted] for encoding, arms in self.arms.items()}

    @property
    def shots(self) -> int:
        """All shots of an arm."""
        return self.settings.shots * self.settings.repeats

    @property
    def noise(self) -> str:
        """The quoted arm in words."""
        arm = self.settings.quoted
        return "the noise" if arm == "none" else f"the noise (with {LABELS[arm]})"


def gathered(runs: Runs, settings: Settings) -> Results | None:
    """Return what is known; None while no encoding has the arm that sentences quote."""
    arms: dict[str, dict[str, Row]] = {}
    for row in runs[READING]:
        arms.setdefault(row["encoding"], {})[row["arm"]] = row
    circuits = {row["encoding"]: row for row in runs[CIRCUIT]}
    arms = {name: known for name, known in arms.items() if settings.quoted in known and name in circuits}
    return Results(settings, runs[PROBLEM][0], circuits, arms) if arms and runs[PROBLEM] else None


def answer(results: Results) -> list[str]:
    """Return the answer in three sentences: what noise leaves, and what suppression and mitigation buy."""
    quoted = results.quoted.items()
    left = [f"{estimate(arm['raw'].fidelity)} ({encoding})" for encoding, arm in quoted]
    gains = [f"{signed(arm['gain'])} ({encoding})" for encoding, arm in quoted]
    sentences = [
        f"Of the fidelity 1 of p*, {results.noise} of {results.settings.backend} leaves {', '.join(left)}; "
        f"{results.shots:,} shots each."
    ]
    gaps = {f"{LABELS[arm]}, {encoding}": gap for encoding in results.arms for arm, gap in _gaps(results, encoding)}
    if gaps:
        above, below, open_ = (list(map(_compared, gaps.values())).count(word) for word in (ABOVE, BELOW, UNCLEAR))
        best = max(gaps, key=lambda name: gaps[name].best)
        sentences.append(
            f"Suppression puts it above that without in {above} of {len(gaps)} cases, below in {below}, and in {open_} "
            f"it is not clearly different; the best is {best} ({_signed(gaps[best])})."
        )
    return [*sentences, f"Readout mitigation of the same shots adds {', '.join(gains)} to the fidelity."]


def findings(results: Results) -> list[str]:
    """Return what is found on encodings, mitigation, suppression, surviving shots, tests and risk."""
    parts = (_encodings, _mitigation, _suppression, _surviving, _tests, _risks)
    return [sentence for part in parts for sentence in part(results)]


def notes(results: Results) -> list[str]:
    """Return what the simulated device does not honor, or what cannot help there; each sentence once."""
    return list(dict.fromkeys(note for arms in results.arms.values() for arm in arms.values() for note in arm["notes"]))


def difference(first: Estimate, second: Estimate) -> Estimate:
    """Return first - second of two independent estimates with normal intervals."""
    error = math.hypot(*((one.high - one.low) / (2 * Z95) for one in (first, second)))
    return Estimate.normal(first.best - second.best, error, first.samples + second.samples)


def _signed(found: Estimate, digits: int = 3) -> str:
    low, best, high = (f"{end:+.{digits}f}" for end in (found.low, found.best, found.high))
    return f"{best}, 95% interval {low} to {high}"


def _compared(found: Estimate) -> str:
    if found.low > 0:
        return ABOVE
    return BELOW if found.high < 0 else UNCLEAR


def _gaps(results: Results, encoding: str) -> list[tuple[str, Estimate]]:
    """Return each way of suppression and its raw fidelity less that without any; nothing if that was not run."""
    arms = {name: arm["raw"].fidelity for name, arm in results.arms[encoding].items() if name != IDEAL}
    return [(name, difference(one, arms["none"])) for name, one in arms.items() if name != "none" and "none" in arms]


def _encodings(results: Results) -> list[str]:
    under = f"Under {results.noise} of {results.settings.backend}"
    sentences = []
    for (one, first), (other, second) in itertools.combinations(results.quoted.items(), 2):
        for reading, words in (("raw", "as read"), ("mitigated", "with readout mitigation")):
            pair = [arm[reading].fidelity for arm in (first, second)]
            gap = difference(*pair)
            sentences.append(
                f"{under}, {words}, the fidelity of the {one} encoding is {_compared(gap)} that of the {other} one: "
                f"{estimate(pair[0])} against {estimate(pair[1])} (difference {_signed(gap)}; {results.shots:,} shots "
                "each)."
            )
    if len(results.arms) == 1:
        (encoding, arm), = results.quoted.items()  # fmt: skip
        found = estimate(arm["raw"].fidelity)
        sentences.append(f"{under} the fidelity of the {encoding} encoding is {found} ({results.shots:,} shots).")
    return sentences


def _mitigation(results: Results) -> list[str]:
    return [
        f"Readout mitigation puts the {encoding} encoding's fidelity at {estimate(arm['mitigated'].fidelity)}, "
        f"{_compared(arm['gain'])} the raw one on the same {results.shots:,} shots (gain {_signed(arm['gain'], 4)}; "
        f"over the repeats {_signed(arm['gain_over_repeats'], 4)})."
        for encoding, arm in results.quoted.items()
    ]


def _suppression(results: Results) -> list[str]:
    sentences = []
    for encoding in results.arms:
        told = [
            f"with {LABELS[name]} it is {_compared(gap)} that without ({_signed(gap)})"
            for name, gap in _gaps(results, encoding)
        ]
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
    told = [f"{estimate(arm['raw'].surviving)} ({encoding})" for encoding, arm in results.quoted.items()]
    return [f"Share of shots that are nodes at all under {results.noise}: {', '.join(told)}."]


def _tests(results: Results) -> list[str]:
    pvalues = {
        f"{encoding}, {LABELS[name]}": arm["raw"].goodness_of_fit["pvalue"]
        for encoding, arms in results.arms.items()
        for name, arm in arms.items()
        if arm["raw"].goodness_of_fit is not None
    }
    rejected = [label for label, pvalue in pvalues.items() if pvalue < 0.05 / len(pvalues)]
    accepted = [label for label in pvalues if label not in rejected]
    return [
        f"{words} by chi-square at the 5% level, shared among {len(pvalues)} tests: {'; '.join(labels)}."
        for labels, words in ((rejected, "Told apart from p*"), (accepted, "Not told apart from p*"))
        if labels
    ]


def _risks(results: Results) -> list[str]:
    uniform, quoted = results.problem["uniform"], results.settings.quoted
    sentences = []
    for place, which in enumerate(("empirical", "held_out")):
        if which == "held_out" and not results.problem["held_out"]:
            continue
        told = []
        for encoding, arms in results.arms.items():
            known = {"ideal": arms[IDEAL]["raw"]} if IDEAL in arms else {}
            known |= {"noisy": arms[quoted]["raw"], "mitigated": arms[quoted]["mitigated"]}
            parts = [f"{estimate(getattr(found, which))} {words}" for words, found in known.items()]
            told.append(f"{encoding}: {', '.join(parts)}")
        sentences.append(
            f"The {which.replace('_', '-')} risk of networks of {results.settings.nodes} nodes, {'; '.join(told)}; "
            f"uniform nodes {estimate(getattr(uniform, which))}, predicting 0 "
            f"{results.problem['baselines']['zero'][place]:.3f}."
        )
    return sentences
