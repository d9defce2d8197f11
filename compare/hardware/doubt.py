"""Submissions of which it is not known what became: how long that lasts, and what the service lists of them."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from compare.hardware.pace import Pace, Say
from compare.hardware.record import Intent, Job, Submission, now
from compare.hardware.run import HardwareRun
from quantum.backends.adapter import Account, FoundJob, vendor_of
from quantum.backends.errors import ServiceError
from quantum.backends.wire import one_line

__all__ = ["adopt", "begun_at", "in_doubt", "is_id", "look", "unsettled"]

LONGEST_ID = 1000
"""Characters of a job's id, at most."""


def is_id(said: object) -> bool:
    """Tell whether a record can hold what a service calls a job: a line of text."""
    return isinstance(said, str) and 0 < len(said) <= LONGEST_ID and said.isprintable()


def adopt(run: HardwareRun, job: Job, found: Sequence[FoundJob]) -> str | None:
    """Take a job that the service lists with this job's tag as its own, and return its id, or None if there is none.

    Raises
    ------
    ServiceError
        If what it is called is no id: the job is there, but cannot be asked for, and is not submitted again.
    """
    own = [one for one in found if job.tag in one.tags]
    if not own:
        return None
    wrong = next((one.id for one in own if not is_id(one.id)), None)
    if wrong is not None:
        title = vendor_of(run.record.backend).title
        raise ServiceError(one_line(f"{title} lists job {job.name} as {wrong!r:.60}, which is no id; try again later."))
    # More than one only if two copies of the folder were resumed: the one that has a result, or will have one.
    order = {"done": 0, "running": 1, "queued": 2}
    best = min(own, key=lambda one: (order.get(one.state.name, 3), one.id))
    others = tuple(sorted(one.id for one in own if one is not best))
    known = Submission(id=best.id, noted=now(), found_by="tag", others=others)
    intent = run.read(Intent, job)
    if intent is not None:  # none if another copy of the folder submitted it
        known = msgspec.structs.replace(known, batch=intent.batch, attempt=intent.attempt)
    run.write(known, job)
    return best.id


def begun_at(run: HardwareRun, job: Job) -> str | None:
    """Return when a job's submission began, or None if it did not.

    Of one that was found by its tag, and that another copy of the folder submitted, it is when it was found.
    """
    intent = run.read(Intent, job)
    if intent is not None:
        return intent.at
    known = run.read(Submission, job)
    return None if known is None else known.noted


def unsettled(run: HardwareRun, job: Job, pace: Pace) -> float | None:
    """Return for how many seconds the service may still come to list a job, if its submission was begun.

    Whoever asks holds the lock, so the process that submitted it is dead or has given up: what it sent is listed within
    `settle` from now, and within that after the longest that a submission takes. None if none was begun.
    """
    intent = run.read(Intent, job)
    if intent is None:
        return None
    age = (datetime.now(UTC) - datetime.fromisoformat(intent.at)).total_seconds()
    return min(max(pace.submission + pace.settle - age, 0.0), pace.settle)


def in_doubt(run: HardwareRun, jobs: Sequence[Job]) -> str:
    """Say in a sentence what is not known of these jobs, and what the user may do."""
    title = vendor_of(run.record.backend).title
    many, names, tags = len(jobs) > 1, ", ".join(job.name for job in jobs), ", ".join(job.tag for job in jobs)
    return (
        f"The submission of job{'s' if many else ''} {names} broke off, and {title} cannot be "
        f"asked whether it has {'them' if many else 'it'}: look for {tags} on its own pages; if "
        f"{'they are' if many else 'it is'} not there, or a second is worth the price: "
        f"{run.command('submit --resume')} --again."
    )


def look(run: HardwareRun, account: Account, missing: list[Job], pace: Pace, say: Say) -> list[Job]:
    """Return the jobs that the service certainly does not have, and note the ids of the others."""
    pause, start = pace.first, time.monotonic()
    doubtful = max((unsettled(run, job, pace) or 0.0 for job in missing), default=0.0)
    while True:
        left = start + doubtful - time.monotonic()  # taken first: the last look comes after the whole time
        found = account.find(run.tag)
        missing = [job for job in missing if adopt(run, job, found) is None]
        if left <= 0 or all(unsettled(run, job, pace) is None for job in missing):
            return missing
        say(f"A submission may still be under way; looking for it for {left:.0f} s more before submitting again.")
        time.sleep(min(pause, max(left, 0.0)))
        pause = min(pause * pace.growth, pace.longest)
