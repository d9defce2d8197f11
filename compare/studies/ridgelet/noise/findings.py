"""Findings in plain sentences computed from them; nothing here is written in beforehand."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compare.engine import Runs
from compare.report.cells import estimate, signed, so_many
from compare.statistics import Z95, Estimate, Judged, Row, held_against, judged
from compare.studies.ridgelet.noise.averages import AVERAGES
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


CONTROL = "uniform nodes"


@dataclass(frozen=True)
class Results:
    """Results of a run: the problem, the circuit of each encoding, and what each of its arms showed, by name.

    Expectation values, where they are asked for, are in `averages`.
    """

    settings: Settings
    problem: Row
    circuits: Mapping[str, Row]
    arms: Mapping[str, Mapping[str, Row]]
    averages: Sequence[Row] = ()

    @property
    def quoted(self) -> dict[str, Row]:
        """The arm that sentences quote, of each encoding."""
        return {encoding: arms[self.settings.quoted] for encoding, arms in self.arms.items()}

    @property
    def readings(self) -> dict[str, Row]:
        """Every reading by its name, last the uniform nodes; fidelities with the intervals of `against`."""
        against = self.against
        return {
            name: row | {"fidelity": against[name, "fidelity"].interval(row["fidelity"], 1.0)}
            for name, row in self._rows().items()
        }

    @property
    def against(self) -> Mapping[tuple[str, str], Judged]:
        """Every test against p*, by reading: chi-square of what is a sample, and of all that the fidelity is 1."""
        found = {}
        for name, row in self._rows().items():
            found[name, "fidelity"] = row["fidelity"].pvalue(1.0)
            if row["goodness_of_fit"] is not None:
                found[name, "chi-square"] = row["goodness_of_fit"].pvalue
        return judged(found)

    def _rows(self) -> dict[str, dict[str, Any]]:
        gains = self.differences
        rows: dict[str, dict[str, Any]] = {
            name_of(encoding, arm, reading): {
                "encoding": encoding,
                "arm": arm,
                "mitigated": reading == "mitigated",
                "gain": gains.get((encoding, arm, "mitigated")),
                **vars(row[reading]),
            }
            for encoding, arms in self.arms.items()
            for arm, row in arms.items()
            for reading in ("raw", "mitigated")
            if row[reading] is not None
        }
        unknown = dict.fromkeys(("gain", "goodness_of_fit", "chi_square", "fidelity_over_repeats", "surviving"))
        rows[CONTROL] = {"encoding": "", "mitigated": False, **unknown, **vars(self.problem["uniform"])}
        return rows

    @property
    def differences(self) -> dict[tuple[str, str, str], Estimate]:
        """Differences of fidelities that the page judges, with intervals of one family held against 0.

        By encoding, arm and "mitigated", what mitigation gains; and "suppressed", the raw fidelity less that without
        suppression. By two encodings and a reading, the quoted fidelity of the first less that of the other.
        """
        found: dict[tuple[str, str, str], Estimate] = {}
        for encoding, arms in self.arms.items():
            for arm, row in arms.items():
                if row["gain"] is not None:
                    found[encoding, arm, "mitigated"] = row["gain"]
                if arm not in (IDEAL, "none") and "none" in arms:
                    found[encoding, arm, "suppressed"] = difference(row["raw"].fidelity, arms["none"]["raw"].fidelity)
        for (one, first), (other, second) in itertools.combinations(self.quoted.items(), 2):
            for reading in ("raw", "mitigated"):
                found[one, other, reading] = difference(first[reading].fidelity, second[reading].fidelity)
        return held_against(found, 0.0)

    @property
    def shots(self) -> int:
        """All shots of an arm."""
        return self.settings.shots * self.settings.repeats

    @property
    def noise(self) -> str:
        """The quoted arm in words."""
        arm = self.settings.quoted
        return "the noise" if arm == "none" else f"the noise (with {LABELS[arm]})"


def name_of(encoding: str, arm: str, reading: str = "raw") -> str:
    """Return what readers call a reading."""
    return f"{encoding}, {LABELS[arm]}{', M3' if reading == 'mitigated' else ''}"


def gathered(runs: Runs, settings: Settings) -> Results | None:
    """Return what is known; None while no encoding has the arm that sentences quote."""
    arms: dict[str, dict[str, Row]] = {}
    for row in runs[READING]:
        arms.setdefault(row["encoding"], {})[row["arm"]] = row
    circuits = {row["encoding"]: row for row in runs[CIRCUIT]}
    arms = {name: known for name, known in arms.items() if settings.quoted in known and name in circuits}
    if not arms or not runs[PROBLEM]:
        return None
    return Results(settings, runs[PROBLEM][0], circuits, arms, list(runs[AVERAGES]))


def answer(results: Results) -> list[str]:
    """Return the answer in three sentences: what noise leaves, and what suppression and mitigation buy."""
    quoted, readings, differences = results.settings.quoted, results.readings, results.differences
    left = [f"{estimate(readings[name_of(encoding, quoted)]['fidelity'])} ({encoding})" for encoding in results.arms]
    gains = [f"{signed(differences[encoding, quoted, 'mitigated'])} ({encoding})" for encoding in results.arms]
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
    return f"{best}, interval {low} to {high}"


def _compared(found: Estimate) -> str:
    if found.low > 0:
        return ABOVE
    return BELOW if found.high < 0 else UNCLEAR


def _gaps(results: Results, encoding: str) -> list[tuple[str, Estimate]]:
    """Return each way of suppression and its raw fidelity less that without any; nothing if that was not run."""
    return [
        (arm, found)
        for (where, arm, what), found in results.differences.items()
        if (where, what) == (encoding, "suppressed")
    ]


def _encodings(results: Results) -> list[str]:
    under = f"Under {results.noise} of {results.settings.backend}"
    sentences, readings, differences = [], results.readings, results.differences
    for one, other in itertools.combinations(results.arms, 2):
        for reading, words in (("raw", "as read"), ("mitigated", "with readout mitigation")):
            names = (name_of(encoding, results.settings.quoted, reading) for encoding in (one, other))
            pair, gap = [readings[name]["fidelity"] for name in names], differences[one, other, reading]
            sentences.append(
                f"{under}, {words}, the fidelity of the {one} encoding is {_compared(gap)} that of the {other} one: "
                f"{estimate(pair[0])} against {estimate(pair[1])} (difference {_signed(gap)}; {results.shots:,} shots "
                "each)."
            )
    if len(results.arms) == 1:
        (encoding,) = results.arms
        found = estimate(readings[name_of(encoding, results.settings.quoted)]["fidelity"])
        sentences.append(f"{under} the fidelity of the {encoding} encoding is {found} ({results.shots:,} shots).")
    return sentences


def _mitigation(results: Results) -> list[str]:
    sentences, readings, quoted = [], results.readings, results.settings.quoted
    for encoding, arm in results.quoted.items():
        found, gain = (
            readings[name_of(encoding, quoted, "mitigated")],
            results.differences[encoding, quoted, "mitigated"],
        )
        sentences.append(
            f"Readout mitigation puts the {encoding} encoding's fidelity at {estimate(found['fidelity'])}, "
            f"{_compared(gain)} the raw one on the same {results.shots:,} shots (gain {_signed(gain, 4)}; over the "
            f"repeats, for itself, {_signed(arm['gain_over_repeats'], 4)})."
        )
    return sentences


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
    against = results.against
    apart = {name: any(one.clear for (other, _), one in against.items() if other == name) for name, _ in against}
    how = "chi-square and fidelity" if results.problem["enumerable"] else "fidelity"
    return [
        f"{words} by {how} at the 5% level over {len(against)} tests (Holm): {'; '.join(names)}."
        for verdict, words in ((True, "Told apart from p*"), (False, "Not told apart from p*"))
        if (names := [name for name, told in apart.items() if told == verdict])
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
            f"The {which.replace('_', '-')} risk of networks of {so_many(results.settings.nodes, 'node')}, "
            f"{'; '.join(told)}; "
            f"uniform nodes {estimate(getattr(uniform, which))}, predicting 0 "
            f"{results.problem['baselines']['zero'][place]:.3f}."
        )
    return sentences
