"""A run's folder, written whole before the service hears of it; and one of the same order that was interrupted."""

import secrets
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from compare.durable import folder_at_once
from compare.engine.kind import Planned
from compare.engine.plain import canonical, plain
from compare.engine.provenance import provenance
from compare.hardware.arm import Arm
from compare.hardware.bill import Bill
from compare.hardware.listing import PREFIX, open_runs
from compare.hardware.plan import Plan, PlannedJob, as_file
from compare.hardware.record import Answer, Job, RunRecord, Shared, Ways, encode_record, now, schema_of
from compare.hardware.run import CALIBRATION, TOGETHER, HardwareRun, file_digest, npz_bytes
from problems.errors import InputError

__all__ = ["create", "resumable"]


def create(
    plan: Plan, out: Path, study: str | None = None, tasks: Sequence[Planned] = (), bill: Bill | None = None
) -> HardwareRun:
    """Write a run's folder, whole, and return the run; nothing is submitted.

    Parameters
    ----------
    plan
        The circuits that are to be run.
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
            arm=planned.arm,
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
        mitigation=order.mitigation if order.mitigation.ways else None,
        **provenance(),
    )
    record = msgspec.structs.replace(record, schema=schema_of(record))
    folder_at_once(out / run, files | whole | {record.file: encode_record(record)})
    return HardwareRun(out / run)


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

    wanted = [
        (one.payload.digest, _ordered_shots(one.shots, one.arm), one.seed, one.round, ordered(_shared(one)))
        for one in plan.jobs
    ]
    mitigated = order.mitigation if order.mitigation.ways else None
    for run in reversed(open_runs(out).values()):
        if isinstance(run, InputError) or run.path.parent != Path(out):
            continue
        same = (run.record.backend, run.record.every, run.suppression, run.record.mitigation) == (
            order.backend,
            order.every,
            order.suppression,
            mitigated,
        )
        found = [
            (job.digest, _ordered_shots(run.shots(job), job.arm), job.seed, job.round, ordered(job.shared))
            for job in run.jobs
        ]
        if same and found == wanted:
            return run if any(run.job_id(job) is None for job in run.jobs) else None
    return None


def _ordered_shots(shots: int, arm: Arm | None) -> int | None:
    """Return the shots of a job as far as they are ordered: how "pec" divides them follows from the calibration."""
    return None if arm is not None and arm.way == "pec" else shots


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
