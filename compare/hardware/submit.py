"""Submission: a run is whole on disk before the service hears of it, and no job is submitted twice.

What a process may be killed at, and what the next one finds:

    before the folder is renamed      no run; nothing was submitted
    before an intent is written       a job without intent: certainly not submitted by this folder
    before or while it is submitted   an intent without id: the service may or may not have the job; it is looked for by
                                      its tag, and only when it is still nowhere after a while is it submitted
    before the id is written          the same, and the tag finds it
    afterwards                        the id

So it is where the service lists its jobs. Where a submission carries a token, it is repeated, and the service returns
the job that it has. Where there is neither, the job stays unknown until the user risks a second.
"""

import contextlib
import time
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import msgspec

from compare.durable import NotWritten
from compare.hardware.doubt import begun_at, in_doubt, is_id, look
from compare.hardware.pace import CLOCK, GLANCE, PACE, Clock, Pace, Say
from compare.hardware.record import Batch, Intent, Job, Submission
from compare.hardware.run import HardwareRun
from compare.progress import Advance, time_left
from compare.unfinished import Unfinished
from problems.errors import InputError
from quantum.backends.adapter import Account, Guarantee, RemoteDevice, vendor_of
from quantum.backends.errors import ServiceError, SubmissionUnknown
from quantum.backends.wire import one_line

__all__ = ["close_batch", "send"]


def send(
    run: HardwareRun,
    account: Account,
    device: RemoteDevice | None = None,
    fresh: bool = False,
    pace: Pace = PACE,
    say: Say = lambda line: None,
    again: bool = False,
    clock: Clock = CLOCK,
    advance: Advance = lambda done: None,
) -> None:
    """Submit those jobs of a run that the service does not have, each round when its time has come.

    A round begins `every` seconds after the one before began, or later; while that is waited for, the run is free for
    others to fetch.

    Parameters
    ----------
    run
        The run.
    account
        The account at the device's vendor.
    device
        The run's device; asked for if left out.
    fresh
        Whether this process made the run: then nobody can have submitted any of its first round.
    pace
        How long the service is given to list a job.
    say
        Takes lines on what is going on.
    again
        Whether jobs of which nobody can tell whether the service has them are submitted again, at the risk of a second.
    clock
        The clock that rounds go by.
    advance
        Called after each round.

    Raises
    ------
    Unfinished
        If not all jobs were submitted; the run can be resumed.
    InputError
        If the device refuses the circuit.
    """
    resume = f"The run is kept; continue it with: {run.command('submit --resume')}"
    rounds = [list(jobs) for _, jobs in groupby(run.jobs, key=lambda job: job.round)]
    unknown: list[Job] = []
    try:
        for place, jobs in enumerate(rounds):
            if place:
                _await(run, rounds[place - 1], jobs, f"Round {place + 1} of {len(rounds)}", clock, say)
            with run.lock(wait=True):
                unknown += _send(run, jobs, account, device, fresh and place == 0, pace, say, again, clock)
            advance(f"round {place + 1}")
        if unknown:
            raise Unfinished(in_doubt(run, unknown))
    except ServiceError as error:
        raise Unfinished(f"{error} {resume}") from None
    except NotWritten as error:
        raise Unfinished(f"{error}; make room, and nothing is submitted twice. {resume}") from None
    except KeyboardInterrupt:
        raise Unfinished(f"interrupted. {resume}", code=130) from None


def close_batch(run: HardwareRun, account: Account) -> None:
    """Close the batch that a process left open; the service does so itself after hours."""
    batch = run.read(Batch)
    if batch is None or batch.closed:
        return
    with contextlib.suppress(ServiceError):
        account.close_batch(batch.id)
        run.write(msgspec.structs.replace(batch, closed=True))


def _await(run: HardwareRun, before: Sequence[Job], jobs: Sequence[Job], what: str, clock: Clock, say: Say) -> None:
    """Wait until a round may begin; of one that has begun, the rest is submitted at once."""
    every = run.record.every
    began = [at for job in before if (at := begun_at(run, job)) is not None]
    told = False
    while began and not any(begun_at(run, job) is not None for job in jobs):
        passed = (datetime.fromisoformat(clock.now()) - datetime.fromisoformat(min(began))).total_seconds()
        left = min(every - passed, every)  # a clock that was set back makes nobody wait longer
        if left <= 0:
            return
        if not told:
            say(f"{what} begins in {time_left(left)}; until then Ctrl-C loses nothing, and the same command goes on.")
            told = True
        clock.sleep(min(left, GLANCE))


def _send(
    run: HardwareRun,
    jobs: Sequence[Job],
    account: Account,
    device: RemoteDevice | None,
    fresh: bool,
    pace: Pace,
    say: Say,
    again: bool,
    clock: Clock,
) -> list[Job]:
    """Submit what is missing of some jobs, and return those of which nobody knows whether the service has them."""
    guarantee = vendor_of(run.record.backend).guarantee
    missing = [job for job in jobs if run.lead(job) is job and run.job_id(job) is None]
    begun = [job for job in missing if run.read(Intent, job) is not None]
    unknown: list[Job] = []
    if guarantee is Guarantee.LISTED and missing and (begun or not fresh):
        missing = look(run, account, missing, pace, say)
    elif guarantee is Guarantee.NONE and not again:
        unknown, missing = begun, [job for job in missing if job not in begun]
    if missing:
        device = account.device(run.record.backend) if device is None else device
        close_batch(run, account)  # of a process that was killed
        batch = account.open_batch(device) if len(missing) > 1 else None
        if batch is not None:
            run.write(Batch(id=batch, closed=False))
        for job in missing:
            _submit(run, job, account, device, batch, pace, say, guarantee, clock)
    close_batch(run, account)
    return unknown


def _submit(
    run: HardwareRun,
    job: Job,
    account: Account,
    device: RemoteDevice,
    batch: str | None,
    pace: Pace,
    say: Say,
    guarantee: Guarantee,
    clock: Clock,
) -> None:
    before = run.read(Intent, job)
    attempt = 1 if before is None else before.attempt + 1
    circuit = run.sent(job)
    if circuit is None:
        raise InputError(f"Job {job.name} of {run.path} has no recorded circuit; submit its payload anew.")
    run.write(Intent(at=clock.now(), attempt=attempt, batch=batch), job)
    doubtful = before is not None and guarantee is not Guarantee.LISTED
    tries = 1 if guarantee is not Guarantee.TOKEN else 1 + pace.outages
    while True:
        try:
            job_id = account.submit(device, circuit, run.shots(job), [run.tag, job.tag], run.suppression, batch)
            _check_id(job_id, run)
            break
        except SubmissionUnknown as error:
            tries -= 1
            if guarantee is Guarantee.LISTED:
                say(f"{error} Looking for job {job.name} by its tag.")
                if look(run, account, [job], pace, say):
                    raise
                return
            if guarantee is Guarantee.NONE:
                raise Unfinished(f"{error} {in_doubt(run, [job])}") from None
            if not tries:
                raise
            doubtful = True
            say(f"{error} Asking for job {job.name} once more, with the same token.")
            time.sleep(pace.first)
        except (ServiceError, InputError):
            if not doubtful:
                # Certainly no job was made: no later process has to look for one.
                run.remove(Intent, job)
            elif before is not None:
                run.write(before, job)  # of which nobody knows what became
            raise
    run.write(Submission(id=job_id, noted=clock.now(), batch=batch, attempt=attempt), job)
    say(f"Job {job.name}: {job_id}")


def _check_id(job_id: object, run: HardwareRun) -> None:
    """Refuse what no record can hold as a job's id: the job may exist, and is not known by it."""
    if is_id(job_id):
        return
    title = vendor_of(run.record.backend).title
    raise SubmissionUnknown(
        one_line(f"{title} answered a submission with {job_id!r:.60}, which is no id of a job; it may have made one.")
    )
