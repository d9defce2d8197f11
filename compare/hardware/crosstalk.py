"""Crosstalk: what circuits that run at once do to each other, told by running each also alone at the same place.

A run that was submitted with `alone` has both. Without crosstalk the bits of a circuit follow one law, whoever runs
beside it; a two-sample test of each circuit tells whether they do, at one level for all of them together.
"""

from dataclasses import dataclass

from compare.hardware.run import HardwareRun
from compare.statistics import LEVEL, judged
from compare.statistics.outcomes import SameOutcomes, same_outcomes
from problems.errors import InputError

__all__ = ["Crosstalk", "crosstalk"]


@dataclass(frozen=True)
class Crosstalk:
    """A circuit beside others and alone.

    Attributes
    ----------
    beside, alone
        The names of its two jobs.
    description
        The circuit in words.
    region
        The device's qubits that it stands on.
    shots
        Of either side.
    found
        The comparison of its bits.
    pvalue
        Its p-value, adjusted for all circuits of the run (Holm).
    seen
        Whether there is crosstalk, at a level of 5% for the whole run.
    """

    beside: str
    alone: str
    description: str
    region: tuple[int, ...]
    shots: int
    found: SameOutcomes
    pvalue: float
    seen: bool


def crosstalk(run: HardwareRun) -> list[Crosstalk]:
    """Compare each circuit of a run that ran beside others with itself alone, at the same place.

    Raises
    ------
    InputError
        If the run has no circuit that ran both ways, or a result is not fetched or damaged.
    """
    named = {job.name: job for job in run.jobs}
    pairs = [(named[twin.alone], twin) for twin in run.jobs if twin.alone in named]
    if not pairs:
        raise InputError(
            f"{run.name} has no circuit that ran at once with others and also alone; submit with --at-once 2 --alone."
        )
    found = {job.name: same_outcomes(*(run.result(one).arrays["bits"] for one in (twin, job))) for job, twin in pairs}
    verdicts = judged({name: one.pvalue for name, one in found.items()}, LEVEL)
    return [
        Crosstalk(
            beside=job.name,
            alone=twin.name,
            description=job.description,
            region=() if job.shared is None else tuple(job.shared.region),
            shots=run.shots(job),
            found=found[job.name],
            pvalue=verdicts[job.name].pvalue,
            seen=verdicts[job.name].clear,
        )
        for job, twin in pairs
    ]
