"""Runs on devices, their jobs and their mitigated averages, as rows of a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from compare.hardware.averages_record import AveragesRecord
from compare.hardware.bill import Bill
from compare.statistics import Estimate

__all__ = ["AveragesRow", "JobRow", "RunRow"]


@dataclass(frozen=True)
class JobRow:
    """One job.

    Attributes
    ----------
    job, circuit, round
        Its name, the place of its circuit among those of a round, and the round.
    about, digest
        Its payload in words, and the digest of it.
    state
        "done", or where it stands.
    when
        When it was measured, as far as is known: its submission and the time in the queue, or when it was simulated.
    qubits, gates, expected
        As compiled here: qubits in use, two-qubit gates, product of 1 - error; None where not compiled, or not known.
    compiled
        Two-qubit gates as the service compiled it; None where that is not known.
    shots
        Its shots.
    queue, execution, fetched
        Seconds in the queue, on the device, and to bring the answer here; None where not known.
    number
        The study's number in words; empty if there is none.
    raw, mitigated
        That number as read, and without readout errors; None where not known.
    perfect, pvalue
        Its value without noise, and the goodness of fit to that; None where not known.
    notes
        Sentences on all that is missing.
    way
        The way of mitigation that it serves, in words; empty for a circuit that was ordered.
    bits
        The measured bits, kept for circuits that are run in rounds alone; None where there are none yet.
    """

    job: str
    circuit: int
    round: int
    about: str
    digest: str
    state: str
    when: datetime | None = None
    qubits: int | None = None
    gates: int | None = None
    expected: float | None = None
    compiled: int | None = None
    shots: int = 0
    queue: float | None = None
    execution: float | None = None
    fetched: float | None = None
    number: str = ""
    raw: Estimate | None = None
    mitigated: Estimate | None = None
    perfect: float | None = None
    pvalue: float | None = None
    notes: tuple[str, ...] = ()
    way: str = ""
    bits: NDArray[np.bool_] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class AveragesRow:
    """The averages of one circuit, as read and mitigated.

    Attributes
    ----------
    job, round, about
        The job whose circuit was ordered, its round, and the circuit in words.
    kept
        The record.
    compiled
        Two-qubit gates of each way's circuits as the service compiled them, each number once; None where not known.
    """

    job: str
    round: int
    about: str
    kept: AveragesRecord
    compiled: Mapping[str, tuple[int, ...] | None]


@dataclass(frozen=True)
class RunRow:
    """One run.

    Attributes
    ----------
    name, path
        Of its folder.
    study, device, vendor
        None where not known; the vendor of what is simulated here is None.
    simulated
        Whether this machine simulates it.
    calibrated, submitted
        When the device was calibrated, and the run made, as recorded.
    shots
        Of all jobs together.
    bill
        Its expected cost; None where no prices were given.
    every
        Seconds between two rounds.
    jobs
        Its jobs, in order.
    notes
        Sentences on all of it that is missing.
    report
        The page of the study's report beside it, if there is one.
    averages
        The averages of its circuits, mitigated, in the order of their jobs.
    """

    name: str
    path: Path
    study: str | None = None
    device: str | None = None
    vendor: str | None = None
    simulated: bool = False
    calibrated: str | None = None
    submitted: str | None = None
    shots: int = 0
    bill: Bill | None = None
    every: float = 0.0
    jobs: tuple[JobRow, ...] = ()
    notes: tuple[str, ...] = ()
    report: Path | None = None
    averages: tuple[AveragesRow, ...] = ()

    @property
    def rounds(self) -> int:
        """In how many rounds its circuits are run."""
        return len({job.round for job in self.jobs})
