"""The content of a run's JSON files, declared once: whatever is read is held against it. None holds a credential."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

import msgspec

from compare.engine.plain import Moment, canonical, read_json
from compare.engine.record import sealed
from compare.hardware.arm import Arm
from compare.hardware.bill import Bill
from compare.hardware.mitigation import Mitigation
from compare.hardware.rounds import LONGEST_PAUSE
from problems.errors import InputError

__all__ = [
    "PLAIN",
    "SCHEMA",
    "Answer",
    "Batch",
    "Intent",
    "Job",
    "OtherVersionError",
    "Outcome",
    "Record",
    "RunRecord",
    "Shared",
    "Submission",
    "decode_record",
    "encode_record",
    "now",
    "schema_of",
]

PLAIN = 2
"""Version of all these files, but for runs that hold more; those of an older one are refused, never half read."""

SCHEMA = 3
"""Version of a run that readers of the version before would read as another: see `schema_of`."""

FIRST_VENDOR = "ibm"
"""Beginning of the names of devices that readers of version 2 knew from the beginning."""


class Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """A JSON file of a run: its name, where {} is the job's, and what to do if it cannot be used.

    `newest` is the newest version of it that is read. In the file stands a `digest` of the rest too.
    """

    schema: int = PLAIN
    newest: ClassVar[int] = PLAIN
    file: ClassVar[str]
    remedy: ClassVar[str]


class Ways(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Measures that a device takes against its noise; see `quantum.backends.options.Suppression`."""

    dynamical_decoupling: bool
    twirling: bool


class Answer(msgspec.Struct, frozen=True):
    """The task of a study whose record a job's result will be: its kind, with the version, its settings and hash."""

    kind: str
    version: int
    settings: dict[str, Any]
    task: str


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """A circuit's place in a job that several circuits share, each in a region of the device of its own.

    Attributes
    ----------
    lead
        The name of the circuit under which the job of all is submitted: the first of them.
    register
        The circuit's own classical register in the job's circuit, by which its bits are told from the others'.
    region
        The device's qubits that are its own.
    buffer
        Unused qubits between any two regions, at least.
    best
        The fidelity to be expected of it where the device is best for it; None where that is not known.
    """

    lead: str
    register: str
    region: tuple[int, ...]
    buffer: int
    best: float | None = None


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One circuit of a run.

    Attributes
    ----------
    name
        "000", "001", ...: the number in the names of its files.
    tag
        What marks the job at the service, besides the run's id: no other job has it.
    payload, settings, description, digest
        The kind of its payload, all of it that is no array, and its digest.
    seed, rank
        Of its simulation.
    bits
        How many are measured in each shot.
    fit
        How the circuit was fitted to the device; None where there is none.
    files
        The digests of its files that are there from the beginning, by name.
    shots
        How often it is run; as often as the run says, if None.
    answers
        The study's task that it was submitted for; None without a study, and in rounds after the first.
    round
        The round that it belongs to, from 0; the jobs of a round are in the order of those of the first.
    shared
        Its place in a job that it shares with other circuits of the run; None where it is a job of its own.
    alone
        The name of the circuit beside others that this one is once more, alone and at the same place; None where it is
        none such.
    arm
        Its part in the expectation values of another job of the run; None of a circuit that was ordered.
    """

    name: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{3,5}\Z")]
    tag: str
    payload: str
    settings: dict[str, Any]
    description: str
    digest: str
    seed: int
    rank: int
    bits: int
    fit: dict[str, Any] | None
    files: dict[str, str]
    shots: int | None = None
    answers: Answer | None = None
    shared: Shared | None = None
    alone: str | None = None
    round: Annotated[int, msgspec.Meta(ge=0)] = 0
    arm: Arm | None = None


class RunRecord(Record, frozen=True, kw_only=True, tag="hardware"):
    """All that is decided before anything is submitted; its id, `run`, is a tag of all its jobs.

    The circuits are fitted to a calibration of the date `calibrated`, which stands in the file calibration.json:
    `files` has the digests of the run's files that are none of a job's. A run of tasks of a `study` stands in that
    study's folder. `guarantee` says what settles a submission that broke off; None in records that are older than it.
    Between the beginnings of two rounds there are at least `every` seconds. `bill` is what it costs in money, by the
    user's prices; None without them. `mitigation` is how expectation values are estimated; None where they are not.
    """

    run: str
    backend: str
    local: bool
    shots: int
    seed: int
    suppression: Ways
    calibrated: str | None
    jobs: tuple[Job, ...]
    started: Moment
    command: str
    versions: dict[str, str]
    machine: dict[str, Any]
    commit: dict[str, Any] | None = None
    study: str | None = None
    files: dict[str, str] = {}
    guarantee: str | None = None
    every: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_PAUSE)] = 0.0
    bill: Bill | None = None
    mitigation: Mitigation | None = None
    newest = SCHEMA
    file = "run.json"
    remedy = "copy the run's folder whole again, or remove it"


class Batch(Record, frozen=True, kw_only=True, tag="batch"):
    """The batch that the jobs were submitted in, if there are several."""

    id: str
    closed: bool
    file = "batch.json"
    remedy = "remove it; the service closes a batch by itself"


class Intent(Record, frozen=True, kw_only=True, tag="intent"):
    """Written before a job is submitted: without it nothing would tell that a submission may be under way."""

    at: Moment
    attempt: int
    batch: str | None
    file = "job-{}.intent.json"
    remedy = "copy the run's folder again"


class Submission(Record, frozen=True, kw_only=True, tag="job"):
    """A job's id, and how it ended; `others` are jobs that carry the same tag.

    `queue` and `execution` are the seconds in which it waited and ran, `total` those from its submission until it
    ended, as the service tells them; None where it does not. `attempt` says how often its submission was begun.
    """

    id: str
    state: str = "submitted"
    reason: str = ""
    noted: Moment
    batch: str | None = None
    found_by: str | None = None
    others: tuple[str, ...] = ()
    queue: float | None = None
    execution: float | None = None
    total: float | None = None
    attempt: int = 1
    file = "job-{}.json"
    remedy = "remove it, and the job is found again by its tag"


class Outcome(Record, frozen=True, kw_only=True, tag="result"):
    """The reading of the measured bits by a payload's kind; it marks that the arrays are whole.

    `raw` is the digest of the service's answer, `compiled` the circuit as the service says that it ran it, "as it was
    sent", or None where that is not known; `seconds` is how long it took to bring the answer here.
    """

    shots: int
    numbers: dict[str, Any]
    told: str
    sha256: str
    source: str
    at: Moment
    versions: dict[str, str]
    raw: str | None = None
    compiled: str | None = None
    seconds: float | None = None
    file = "result-{}.json"
    remedy = "remove it, and the result is fetched again"


def schema_of(record: RunRecord) -> int:
    """Return the version of a run's record: the oldest whose readers submit, fetch and replay it as it was ordered.

    Readers of version 2 pass over fields that came later. They would submit all rounds at once, circuits that share a
    job one by one, and those that run once more alone without knowing of what; they would take folded circuits, and
    ones with random gates, for what was ordered; and they would ask IBM for jobs of other vendors, and note that they
    are gone.
    """
    other = not record.local and not record.backend.startswith(FIRST_VENDOR)
    later = any(
        job.round > 0 or job.shared is not None or job.alone is not None or job.arm is not None for job in record.jobs
    )
    return SCHEMA if other or later else PLAIN


class OtherVersionError(InputError):
    """A record of a version that is not read."""


class _Header(msgspec.Struct):
    kind: str
    schema: int


R = TypeVar("R", bound=Record)


def encode_record(record: Record) -> bytes:
    """Return a record as the content of its file.

    Raises
    ------
    InputError
        If it could not be read again, since a number in it is too large.
    """
    content = msgspec.to_builtins(record)
    try:
        read_json(canonical(content))
    except ValueError as error:
        raise InputError(f"The run cannot be recorded ({error}); give smaller numbers.") from None
    return msgspec.json.format(canonical(content | {"digest": sealed(content)}).encode(), indent=1) + b"\n"


def decode_record(path: Path, content: bytes, kind: type[R]) -> R:
    """Return what stands in a file.

    Raises
    ------
    OtherVersionError
        If it is of a version that is not read.
    InputError
        If it is damaged, or something else.
    """
    wanted, remedy = kind.__struct_config__.tag, kind.remedy
    try:
        found = read_json(content)
        header = msgspec.convert(found, _Header)
        if header.kind != wanted:
            raise InputError(f"{path} is a record of {header.kind!r}, not of {wanted!r}; {remedy}.")
        if header.schema > kind.newest:
            raise OtherVersionError(
                f"{path} has schema {header.schema}, newer than {kind.newest}, the newest that this version reads; "
                "upgrade quantum-tickets."
            )
        if header.schema < PLAIN:
            raise OtherVersionError(
                f"{path} has schema {header.schema}, which this version (from schema {PLAIN} on) no longer reads; "
                "fetch it with the version of quantum-tickets that wrote it."
            )
        record = msgspec.convert(found, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        raise InputError(f"{path} is damaged, or no record of a hardware run ({error}); {remedy}.") from None
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path} cannot be read ({error}); {remedy}.") from None
    if found.get("digest") != sealed(found):
        raise InputError(f"{path} was changed: its digest is another; {remedy}.")
    return record


def now() -> str:
    """Return the time as it is written in records."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
