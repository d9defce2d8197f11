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
import secrets
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import msgspec

from compare.durable import NotWritten, folder_at_once
from compare.engine.kind import Planned
from compare.engine.plain import canonical, plain
from compare.engine.provenance import provenance
from compare.hardware.bill import Bill
from compare.hardware.listing import PREFIX, open_runs
from compare.hardware.plan import Plan, PlannedJob, as_file
from compare.hardware.record import Answer, Batch, Intent, Job, RunRecord, Shared, Submission, Ways, encode_record, now
from compare.hardware.run import CALIBRATION, TOGETHER, HardwareRun, file_digest, npz_bytes
from compare.progress import Advance, time_left
from compare.unfinished import Unfinished
from problems.errors import InputError
from quantum.backends.adapter import Account, FoundJob, Guarantee, RemoteDevice, vendor_of
from quantum.backends.errors import ServiceError, SubmissionUnknown

__all__ = [
    "CLOCK",
    "PACE",
    "Clock",
    "Pace",
    "Say",
    "adopt",
    "close_batch",
    "create",
    "in_doubt",
    "resumable",
    "send",
    "unsettled",
]

Say = Callable[[str], None]


@dataclass(frozen=True)
class Pace:
    """How long things are waited for, in seconds.

    Attributes
    ----------
    settle
        After a submission broke off, until a service that does not list the job certainly does not have it.
    submission
        The longest that one submission takes.
    first, longest, growth
        Between two questions whether a job is done: at first, at most, and by what factor it grows.
    outages
        How many questions in a row may fail while a result is waited for.
    """

    settle: float = 60.0
    submission: float = 300.0
    first: float = 1.0
    longest: float = 60.0
    growth: float = 1.5
    outages: int = 5


PACE = Pace()
"""The pace that the command line keeps."""

GLANCE = 60.0
"""Seconds of sleep between two rounds, after which the clock is read again: a machine may have slept too."""


@dataclass(frozen=True)
class Clock:
    """The clock that rounds go by: the time as it is written in records, and how so many seconds are waited."""

    now: Callable[[], str] = now
    sleep: Callable[[float], object] = time.sleep


CLOCK = Clock()
"""The machine's own."""


def create(
    plan: Plan, out: Path, study: str | None = None, tasks: Sequence[Planned] = (), bill: Bill | None = None
) -> HardwareRun:
    """Write a run's folder, whole, and return the run; nothing is submitted.

    Parameters
    ----------
    plan
        What is to be run.
    out
        Where the folder is made.
    study, tasks
        The study, and its tasks that the jobs of the first round answer, one each; none where no study asks.
    bill
        The run's cost in money, if that was asked.

    Raises
    ------
    NotWritten, InputError
        If it cannot be written; there is none of it, or all of it.
    """
    out, order = Path(out), plan.order
    run = _new_name(out)
    files: dict[str, bytes] = {}
    jobs = []
    for number, planned in enumerate(plan.jobs):
        name, payload = f"{number:03}", planned.payload
        task = tasks[number] if number < len(tasks) else None
        own = {f"payload-{name}.npz": npz_bytes(payload.arrays)}
        if (circuit := planned.qpy) is not None:
            own[f"circuit-{name}.qpy"] = circuit
        if number in plan.together:
            own[TOGETHER.format(name)] = as_file(plan.together[number])
        files |= own
        job = Job(
            name=name,
            tag=f"{run}-{name}",
            payload=payload.kind,
            settings=dict(payload.settings),
            description=payload.description,
            digest=payload.digest,
            seed=planned.seed,
            rank=planned.rank,
            bits=planned.circuit.num_clbits,
            fit=None if planned.fitted is None else planned.fitted.summary() | {"layout": planned.fitted.layout},
            files={file: file_digest(content) for file, content in own.items()},
            shots=None if planned.shots == order.shots else planned.shots,
            answers=None if task is None else Answer(task.kind.name, task.kind.version, task.settings, task.id),
            shared=_shared(planned),
            alone=None if planned.alone is None else f"{planned.alone:03}",
            round=planned.round,
        )
        jobs.append(job)
    whole: dict[str, bytes] = {}
    if plan.target is not None:
        from quantum.backends.calibration import as_plain

        whole[CALIBRATION] = canonical(plain(as_plain(plan.target))).encode()
    record = RunRecord(
        run=run,
        backend=order.backend,
        local=plan.local,
        shots=order.shots,
        seed=order.seed,
        suppression=Ways(**asdict(order.suppression)),
        calibrated=plan.calibrated,
        jobs=tuple(jobs),
        started=now(),
        command=shlex.join(["tickets", *sys.argv[1:]]),
        study=study,
        files={file: file_digest(content) for file, content in whole.items()},
        guarantee=None if plan.vendor is None else plan.vendor.guarantee.value,
        every=order.every,
        bill=bill,
        **provenance(),
    )
    folder_at_once(out / run, files | whole | {record.file: encode_record(record)})
    return HardwareRun(out / run)


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


def adopt(run: HardwareRun, job: Job, found: Sequence[FoundJob]) -> str | None:
    """Take a job that the service lists with this job's tag as its own, and return its id, or None if there is none."""
    own = [one for one in found if job.tag in one.tags]
    if not own:
        return None
    # More than one only if two copies of the folder were resumed: the one that has a result, or will have one.
    order = {"done": 0, "running": 1, "queued": 2}
    best = min(own, key=lambda one: (order.get(one.state.name, 3), one.id))
    others = tuple(sorted(one.id for one in own if one is not best))
    run.write(Submission(id=best.id, noted=now(), found_by="tag", others=others), job)
    return best.id


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


def close_batch(run: HardwareRun, account: Account) -> None:
    """Close the batch that a process left open; the service does so itself after hours."""
    batch = run.read(Batch)
    if batch is None or batch.closed:
        return
    with contextlib.suppress(ServiceError):
        account.close_batch(batch.id)
        run.write(msgspec.structs.replace(batch, closed=True))


def resumable(plan: Plan, out: Path) -> HardwareRun | None:
    """Return a run in a folder that is the same as a plan of several rounds, and of which some are not submitted yet.

    None if there is none, or the plan is one of a single round: the same circuits once more are a run of their own.
    A difference that follows from the day's calibration, as in regions that the user did not name, makes no other run.
    """
    if plan.local or plan.order.rounds == 1 or not Path(out).is_dir():
        return None
    order = plan.order
    named = order.at_once.regions is not None

    def ordered(shared: Shared | None) -> tuple[object, ...] | None:
        return None if shared is None else (shared.lead, shared.buffer, shared.region if named else ())

    wanted = [(one.payload.digest, one.shots, one.seed, one.round, ordered(_shared(one))) for one in plan.jobs]
    for run in reversed(open_runs(out).values()):
        if isinstance(run, InputError) or run.path.parent != Path(out):
            continue
        same = (run.record.backend, run.record.every, run.suppression) == (
            order.backend,
            order.every,
            order.suppression,
        )
        found = [(job.digest, run.shots(job), job.seed, job.round, ordered(job.shared)) for job in run.jobs]
        if same and found == wanted:
            return run if any(run.job_id(job) is None for job in run.jobs) else None
    return None


def _await(run: HardwareRun, before: Sequence[Job], jobs: Sequence[Job], what: str, clock: Clock, say: Say) -> None:
    """Wait until a round may begin; of one that has begun, the rest is submitted at once."""
    every = run.record.every
    began = [intent.at for job in before if (intent := run.read(Intent, job)) is not None]
    told = False
    while began and not any(run.read(Intent, job) is not None for job in jobs):
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
        missing = _look(run, account, missing, pace, say)
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


def _look(run: HardwareRun, account: Account, missing: list[Job], pace: Pace, say: Say) -> list[Job]:
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
            break
        except SubmissionUnknown as error:
            tries -= 1
            if guarantee is Guarantee.LISTED:
                say(f"{error} Looking for job {job.name} by its tag.")
                if _look(run, account, [job], pace, say):
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


def _shared(planned: PlannedJob) -> Shared | None:
    shared = planned.shared
    if shared is None:
        return None
    return Shared(
        lead=f"{shared.lead:03}",
        register=shared.register,
        region=shared.region.qubits,
        buffer=shared.buffer,
        best=shared.region.best,
    )


def _new_name(out: Path) -> str:
    day = datetime.now(UTC).strftime("%Y%m%d")
    while True:
        name = f"{PREFIX}{day}-{secrets.token_hex(3)}"
        if not (out / name).exists():
            return name
