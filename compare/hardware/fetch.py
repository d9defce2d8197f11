"""Fetching: what the service has finished is brought to disk, as often as one likes, and nothing is ever submitted."""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from compare.durable import NotWritten, write_file, writing
from compare.engine.provenance import provenance
from compare.hardware.averages import keep_averages
from compare.hardware.doubt import adopt, in_doubt, unsettled
from compare.hardware.local import run_job
from compare.hardware.pace import PACE, Pace, Say
from compare.hardware.payload import recorded_kind
from compare.hardware.record import Batch, Intent, Job, Outcome, RunRecord, Submission, now
from compare.hardware.run import HardwareRun, file_digest, npz_bytes
from compare.hardware.submit import close_batch
from compare.unfinished import Unfinished
from problems.errors import InputError
from problems.reading import read_file
from quantum.backends.adapter import Account, FoundJob, Guarantee, JobState, Reading, real_number, vendor_of
from quantum.backends.errors import ServiceError
from quantum.backends.together import bits_of
from quantum.backends.wire import one_line, redact
from quantum.backends.wire.trouble import LONGEST

__all__ = ["fetch", "read_answer"]

LONGEST_JOB = 1e9
"""Seconds that no job takes: a larger number is told in some other unit, and counts as not known."""

PENDING = ("submitted", "queued", "running", "unclear", "half", "unreachable")
"""Where jobs stand that may still end; others are "done", "failed", "cancelled", "gone", "unknown" (whether the service
has it) and "never submitted"."""


def fetch(
    run: HardwareRun,
    wait: bool = False,
    connect: Callable[[], Account] | None = None,
    pace: Pace = PACE,
    say: Say = lambda line: None,
) -> None:
    """Bring all results of a run to disk; returns once they are there.

    Parameters
    ----------
    run
        The run. What it has on disk already is not asked for again.
    wait
        Whether to wait until all jobs have ended, and for another process that works on the run.
    connect
        Opens the account at the device's vendor, the saved one if left out; called only if something is to be asked.
    pace
        How often to ask.
    say
        Takes lines on what is going on.

    Raises
    ------
    Unfinished
        If not all results are there: jobs that wait, failed, or were never submitted; the service failed; the disk is
        full. What was fetched is kept, and another fetch goes on.
    InputError
        If the record is damaged, no account is saved, or the record names a kind of payload that is not trusted; see
        `compare.trusted`.
    """
    accounts: list[Account] = []

    def account() -> Account:
        if not accounts:
            accounts.append((vendor_of(run.record.backend).connect if connect is None else connect)())
        return accounts[0]

    for job in run.jobs:  # before anything is asked for
        recorded_kind(job.payload)
    try:
        _fetch(run, wait, account, pace, say)
    except ServiceError as error:
        raise Unfinished(f"{error} What was fetched is kept; later: {run.command('fetch')}") from None
    except NotWritten as error:
        raise Unfinished(
            f"{error}; make room. What was fetched is kept, and goes on with: {run.command('fetch')}"
        ) from None


def _fetch(run: HardwareRun, wait: bool, account: Callable[[], Account], pace: Pace, say: Say) -> None:
    pause, outages, told = pace.first, 0, ""
    while True:
        if all(run.has_result(job) for job in run.jobs):
            keep_averages(run)
            return
        # Between two questions the run is free for others.
        with run.lock(wait):
            standings = _pass(run, account, pace, say)
            keep_averages(run)
        if all(standing.name == "done" for standing in standings.values()):
            return
        summary = _summary(run, standings)
        states = {standing.name for standing in standings.values()}
        outages = outages + 1 if states & {"half", "unreachable"} else 0
        if not wait or outages > pace.outages or not states & set(PENDING):
            raise Unfinished(summary)
        if summary != told:
            say(summary)
            told = summary
        time.sleep(pause)
        pause = min(pause * pace.growth, pace.longest)


def _pass(run: HardwareRun, account: Callable[[], Account], pace: Pace, say: Say) -> Mapping[str, JobState]:
    """Take every job as far as it goes, once."""
    standings: dict[str, JobState] = {}
    failures: list[ServiceError] = []
    listed: list[Sequence[FoundJob]] = []

    def find() -> Sequence[FoundJob]:
        if not listed:
            listed.append(account().find(run.tag))
        return listed[0]

    for job in run.jobs:
        lead = run.lead(job)
        before = standings.get(lead.name)
        if before is not None and before.name != "done" and not run.has_result(job):
            standings[job.name] = before  # they run at once: what holds one up holds up the other
            continue
        try:
            if len(failures) > 1:  # the service is down: each further question would take its full patience
                raise failures[-1]
            standings[job.name] = _job(run, job, account, find, pace, say)
        except ServiceError as error:
            failures.append(error)
            standings[job.name] = JobState("unreachable", str(error))
    batch = run.read(Batch)
    if batch is not None and not batch.closed and not failures and all(map(run.job_id, run.jobs)):
        with contextlib.suppress(ServiceError, InputError):  # results that are on disk need no account
            close_batch(run, account())  # left open by a process that was killed
    return standings


def _job(
    run: HardwareRun,
    job: Job,
    account: Callable[[], Account],
    find: Callable[[], Sequence[FoundJob]],
    pace: Pace,
    say: Say,
) -> JobState:
    """Take a job as far as it goes; `find` lists the run's jobs at the service, once for all of them."""
    if run.has_result(job):
        return JobState("done")
    if any((run.path / f"result-{job.name}.{ending}").exists() for ending in ("json", "npz")):
        say(f"Job {job.name}: its result is damaged, and is made whole again.")
    if run.record.local:
        say(f"Job {job.name}: running {run.shots(job)} shots on {run.record.backend}.")
        start = time.monotonic()
        bits = run_job(run, job)
        source = "simulated here" if job.shared is None else "simulated here, apart from what would run at once with it"
        _keep(run, job, bits, source, seconds=time.monotonic() - start)
        return JobState("done")
    lead = run.lead(job)
    raw = run.path / f"result-{lead.name}.raw"
    if raw.exists() and _read_raw(run, job, raw) is None:
        return JobState("done")
    guarantee = vendor_of(run.record.backend).guarantee
    job_id = run.job_id(job)
    if job_id is None and guarantee is not Guarantee.LISTED:
        if run.read(Intent, lead) is None:
            return JobState("never submitted")
        return JobState("unknown", "its submission broke off, and the service lists no jobs")
    if job_id is None:
        job_id = adopt(run, lead, find())
    if job_id is None:
        left = unsettled(run, lead, pace)
        if left is None or left <= 0:
            return JobState("never submitted", "the service has no job with its tag")
        return JobState("unclear", "its submission broke off; the service does not list it yet")
    state = account().state(job_id)
    if state.name != "done":
        state = JobState(state.name, one_line(state.reason)[:LONGEST], state.times)
        if state.name not in PENDING:
            _note_end(run, lead, state)
        return state
    # The answer first, as it came: what cannot be read today may be read tomorrow.
    start = time.monotonic()
    text = account().result_text(job_id)
    seconds = time.monotonic() - start
    write_file(raw, text.encode("utf-8", "surrogatepass"))  # whatever stands in it; the reader refuses what is no text
    wrong = _read_raw(run, job, raw, seconds)
    if wrong is not None:
        return JobState("half", wrong)
    _note_end(run, lead, state)
    say(f"Job {job.name}: fetched.")
    return JobState("done")


def read_answer(run: HardwareRun, job: Job, content: bytes) -> Reading:
    """Read a service's answer, as it came.

    Parameters
    ----------
    run, job
        The run, and the job of it.
    content
        The answer.

    Raises
    ------
    InputError
        If what reads it is not installed, or the job's circuit is damaged.
    ServiceError
        If it is no whole result of the job.
    """
    shots = run.shots(job)
    circuit = run.sent(job)
    if circuit is None:
        raise InputError(f"Job {job.name} of {run.path} has no recorded circuit; copy the run's folder whole again.")
    try:
        reading = vendor_of(run.record.backend).read(content.decode(), circuit, shots)
    except RecursionError:
        raise ServiceError("The result is nested too deeply to be read; fetch it again.") from None
    except UnicodeDecodeError as error:
        raise ServiceError(f"The result is no text ({error.reason}); fetch it again.") from None
    shape, width = reading.bits.shape, job.bits if job.shared is None else circuit.num_clbits
    if len(shape) != 2 or shape[0] < shots or shape[1] != width:
        raise ServiceError(f"It has bits of shape {shape}, but {shots} shots of {width} bits were asked for.")
    bits = reading.bits[:shots]
    if job.shared is not None:
        bits = bits_of(circuit, job.shared.register, bits)
        if bits.shape[1] != job.bits:
            raise InputError(
                f"The circuit of {run.path} gives job {job.name} {bits.shape[1]} bits, and its record {job.bits}; "
                f"{RunRecord.remedy}."
            )
    return Reading(bits, reading.compiled)


def _read_raw(run: HardwareRun, job: Job, raw: Path, seconds: float | None = None) -> str | None:
    """Read an answer that is on disk and keep its result; or set it aside and return what is wrong with it."""
    try:
        content = read_file(raw)
        reading = read_answer(run, job, content)
    except OSError as error:
        raise InputError(f"{raw} cannot be read ({error.strerror}); remove it, and it is fetched again.") from None
    except ServiceError as error:
        with writing(raw):
            raw.replace(raw.with_suffix(".half"))
        return redact(str(error))
    split = "" if job.shared is None else f", and split from what ran at once in job {run.lead(job).name}"
    _keep(run, job, reading.bits, f"fetched{split}", content, reading.compiled, seconds)
    return None


def _keep(
    run: HardwareRun,
    job: Job,
    bits: NDArray[np.bool_],
    source: str,
    raw: bytes | None = None,
    compiled: str | None = None,
    seconds: float | None = None,
) -> None:
    """Write a result: the arrays first, then the mark that they are whole."""
    decoded = recorded_kind(job.payload).decode(run.payload(job), bits)
    content = npz_bytes({**decoded.arrays, "bits": bits})
    write_file(run.path / f"result-{job.name}.npz", content)
    outcome = Outcome(
        shots=len(bits),
        numbers=dict(decoded.numbers),
        told=decoded.told,
        sha256=file_digest(content),
        source=source,
        at=now(),
        versions=provenance()["versions"],
        raw=None if raw is None else file_digest(raw),
        compiled=None if compiled is None else redact(compiled),
        seconds=seconds,
    )
    run.write(outcome, job)


def _note_end(run: HardwareRun, job: Job, state: JobState) -> None:
    known = run.read(Submission, job)
    if known is None:
        return
    times = {} if state.times is None else {name: _seconds(said) for name, said in asdict(state.times).items()}
    said = {"state": state.name, "reason": state.reason, **times}
    changed = msgspec.structs.replace(known, **said)
    if changed != known:
        run.write(changed, job)


def _seconds(said: object) -> float | None:
    """Return seconds that a service told, or None where they are none."""
    seconds = real_number(said)
    return seconds if seconds is not None and 0 <= seconds <= LONGEST_JOB else None


def _summary(run: HardwareRun, standings: Mapping[str, JobState]) -> str:
    """Say in one line where the jobs stand, and what to do."""
    groups: dict[str, list[str]] = {}
    for name, standing in standings.items():
        reason = f" ({standing.reason})" if standing.reason else ""
        groups.setdefault(f"{standing.name}{reason}", []).append(name)
    told = "; ".join(f"{', '.join(names)} {standing}" for standing, names in groups.items())
    states = {standing.name for standing in standings.values()}
    advice = []
    if states & set(PENDING):
        advice.append(f"later: {run.command('fetch')}")
    if "never submitted" in states:
        advice.append(f"submit what is missing with: {run.command('submit --resume')}")
    if "unknown" in states:
        unknown = [job for job in run.submitted if standings[job.name].name == "unknown"]
        if vendor_of(run.record.backend).guarantee is Guarantee.TOKEN:
            advice.append(f"ask again, which submits nothing twice: {run.command('submit --resume')}")
        else:
            advice.append(in_doubt(run, unknown).rstrip("."))
    failed = [job for job in run.jobs if standings[job.name].name in ("failed", "cancelled", "gone")]
    if any(job.arm is None for job in failed):
        study = "" if run.record.study is None else f" --study {run.record.study}"
        advice.append(f"what has failed needs a new run: tickets submit{study}")
    if lost := {job.arm.of for job in failed if job.arm is not None}:
        elsewhere = "" if run.record.study is None else " of the study in another folder (--out)"
        advice.append(
            f"averages of {', '.join(sorted(lost))} will not be mitigated here, which takes a new run{elsewhere}"
        )
    return f"The run {run.name} has not all its results: job {told}; {'; '.join(advice)}"
