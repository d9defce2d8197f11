"""Drift: whether the same circuits, run in rounds over hours, went on giving the same, told with the sample's size."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from compare.hardware.rows import JobRow, RunRow
from compare.report.cells import so_many
from compare.statistics import LEVEL, Constancy, constant_counts, constant_numbers, correct
from quantum.backends.readout import distinct_patterns

__all__ = ["Drift", "drifts", "sentence"]


@dataclass(frozen=True)
class Drift:
    """One circuit of a run over its rounds.

    Attributes
    ----------
    run
        The run.
    about
        The circuit in words.
    jobs
        Its jobs with results, by round.
    outcomes
        The test that measured outcomes have one law; None where it cannot be made.
    raw, mitigated
        The test that the study's number is one number, as read and without readout errors; None where it cannot be.
    corrected
        The p-value of `outcomes`, corrected by Holm for the circuits of all runs; None without.
    """

    run: RunRow
    about: str
    jobs: Sequence[JobRow]
    outcomes: Constancy | None
    raw: Constancy | None
    mitigated: Constancy | None
    corrected: float | None = None

    @property
    def seen(self) -> bool:
        """Whether the outcomes changed from round to round, by more than chance leaves room for."""
        return self.corrected is not None and self.corrected < LEVEL


def drifts(rows: Sequence[RunRow]) -> list[Drift]:
    """Return every circuit that was run in several rounds, tests of the outcomes corrected for their number."""
    found = []
    for row in rows:
        if row.rounds < 2:
            continue
        for circuit in dict.fromkeys(job.circuit for job in row.jobs):
            jobs = [job for job in row.jobs if job.circuit == circuit and job.bits is not None]
            if jobs:
                found.append(_drift(row, jobs))
    tested = [one for one in found if one.outcomes is not None]
    if not tested:
        return found
    values = correct([one.outcomes.pvalue for one in tested if one.outcomes is not None]).tolist()
    known = {id(one): value for one, value in zip(tested, values, strict=True)}
    return [
        Drift(one.run, one.about, one.jobs, one.outcomes, one.raw, one.mitigated, known.get(id(one))) for one in found
    ]


def _drift(row: RunRow, jobs: Sequence[JobRow]) -> Drift:
    alike = [job for job in jobs if job.digest == jobs[0].digest and job.bits is not None]
    bits = [job.bits for job in alike if job.bits is not None]
    outcomes = None
    if len({one.shape[1] for one in bits}) == 1:
        patterns, which = distinct_patterns(np.concatenate(bits))
        ends = np.cumsum([0, *map(len, bits)])
        counts = [np.bincount(which[start:end], minlength=len(patterns)) for start, end in pairwise(ends)]
        outcomes = constant_counts(counts)
    return Drift(
        row,
        jobs[0].about,
        alike,
        outcomes,
        constant_numbers([job.raw for job in alike if job.raw is not None]),
        constant_numbers([job.mitigated for job in alike if job.mitigated is not None]),
    )


def sentence(one: Drift) -> str:
    """Say whether a circuit drifted, by which test, and with how many shots."""
    times = sorted(job.when for job in one.jobs if job.when is not None)
    hours = (times[-1] - times[0]).total_seconds() / 3600 if times else 0.0
    size = f"{so_many(len(one.jobs), 'round')} of {one.jobs[0].shots:,} shots over {hours:.3g} h"
    head = f"{one.about}, on {one.run.device} ({one.run.name}), {size}:"
    if one.outcomes is None:
        return f"{head} too few outcomes for a test of constancy."
    test = one.outcomes
    by = (
        f"chi-square {test.statistic:.1f} over {so_many(test.freedom, 'degree')} of freedom, {test.cells} cells, p = "
        f"{test.pvalue:.2g}, {one.corrected:.2g} after Holm's correction"
    )
    told = "the outcomes changed from round to round" if one.seen else "no change of the outcomes is seen"
    parts = [
        f"{words} p = {found.pvalue:.2g}"
        for words, found in (("as read", one.raw), ("with readout mitigated", one.mitigated))
        if found is not None
    ]
    number = f"; that the {one.jobs[0].number} is one number has {' and '.join(parts)}" if parts else ""
    return f"{head} {told} ({by}){number}."
