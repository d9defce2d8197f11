"""The one protocol by which devices of all vendors are reached: a vendor is a folder that offers a `Vendor`.

Code that submits and fetches knows nothing else of a vendor. What keeps a job from being submitted twice differs, and
is said by the vendor's `Guarantee`; how a new vendor is added, by docs/howto/add-vendor.md.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from importlib import import_module
from typing import Any, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.transpiler import Target

from problems.errors import InputError
from quantum.backends.errors import ServiceError
from quantum.backends.options import Suppression
from quantum.names import VENDORS, declared_vendors, unknown_backend

__all__ = [
    "Account",
    "FoundJob",
    "Guarantee",
    "HoldsCredentials",
    "JobState",
    "JobTimes",
    "Reading",
    "RemoteDevice",
    "Vendor",
    "as_bits",
    "find_vendor",
    "real_number",
    "register",
    "seconds_between",
    "vendor_of",
]


class Guarantee(Enum):
    """The means by which a submission that broke off is settled, so that no job is submitted twice."""

    LISTED = "listed"
    """The service lists its jobs by tag: one that it does not list a while later was not submitted."""

    TOKEN = "token"
    """A submission carries the job's tag as its token: repeated, the service returns the job that it has."""

    NONE = "none"
    """Neither: the job is unknown, and only the user may have it submitted again."""


class HoldsCredentials:
    """A base of accounts that refuse to be pickled or copied, so that no credential is ever written."""

    def __reduce__(self) -> NoReturn:
        raise TypeError("An account is not copied or written: it holds credentials. Connect anew where it is needed.")


@dataclass(frozen=True, eq=False)
class RemoteDevice:
    """A device as it is now.

    Attributes
    ----------
    name
        What it is called.
    target
        Its gates, couplings, durations and errors.
    max_shots
        The most shots of one job; None where it states none.
    rep_delay
        Seconds between two shots; None where it states none.
    operational
        Whether it is on line; jobs for one that is not wait until it is.
    pending
        Jobs in its queue; 0 where it does not say.
    calibrated
        When it was last calibrated; None where it does not say.
    handle
        What the vendor's own code keeps with it.
    recorded
        What a circuit that was fitted to the target becomes, before it is recorded and submitted as it then is.
    min_shots
        The fewest shots of one job.
    """

    name: str
    target: Target = field(repr=False)
    max_shots: int | None
    rep_delay: float | None
    operational: bool
    pending: int
    calibrated: str | None
    handle: Any = field(default=None, repr=False)
    recorded: Callable[[QuantumCircuit], QuantumCircuit] | None = field(default=None, repr=False)
    min_shots: int = 1


@dataclass(frozen=True)
class JobTimes:
    """Seconds of a job at the service, told apart; None where it does not say.

    Attributes
    ----------
    queue
        From its submission until it began to run.
    execution
        On the device.
    total
        From its submission until it ended.
    """

    queue: float | None = None
    execution: float | None = None
    total: float | None = None


@dataclass(frozen=True)
class JobState:
    """How far a job is: "queued", "running", "done", "failed", "cancelled" or "gone" (unknown to the service).

    Of one that is done, `times` may tell how long it took.
    """

    name: str
    reason: str = ""
    times: JobTimes | None = field(default=None, compare=False)


@dataclass(frozen=True)
class FoundJob:
    """A job that the service lists."""

    id: str
    tags: tuple[str, ...]
    state: JobState


@dataclass(frozen=True, eq=False)
class Reading:
    """The answer of a finished job, read.

    Attributes
    ----------
    bits
        The measured bits (shots, classical bits), bit 0 first.
    compiled
        The circuit as the service says that it ran it, "as it was sent", or None where that is not known.
    """

    bits: NDArray[np.bool_]
    compiled: str | None = None


class Account(Protocol):
    """A connection to a vendor's service, with the credentials that its own client finds.

    Whatever fails between us and the service is a `ServiceError` of one line without credentials, but for what the
    user can mend, which is an `InputError`.
    """

    def device(self, name: str) -> RemoteDevice:
        """Return a device; an `InputError` if there is none of that name."""
        ...

    def submit(
        self,
        device: RemoteDevice,
        circuit: QuantumCircuit,
        shots: int,
        tags: list[str],
        suppression: Suppression | None = None,
        batch: str | None = None,
    ) -> str:
        """Submit one circuit as one job, as it is, by one request that has an effect, and return the job's id.

        The last of the tags is the job's own. A `SubmissionUnknown` says that a job may exist, any other error that
        there certainly is none.
        """
        ...

    def find(self, tag: str) -> list[FoundJob]:
        """Return all jobs that carry this tag, oldest first; asked only where the vendor's jobs are listed."""
        ...

    def state(self, job_id: str) -> JobState:
        """Return how far a job is."""
        ...

    def result_text(self, job_id: str) -> str:
        """Return the result of a finished job as the service gives it, for the vendor's `read`."""
        ...

    def open_batch(self, device: RemoteDevice) -> str | None:
        """Open a batch for several jobs and return its id; None where the service has none."""
        ...

    def close_batch(self, batch: str) -> None:
        """Let a batch take no more jobs."""
        ...

    def remaining_seconds(self) -> float | None:
        """Return the seconds on devices that the account has left; None where the service tells none."""
        ...


@dataclass(frozen=True, eq=False)
class Vendor:
    """A vendor's devices, as everything outside of its folder sees them.

    Attributes
    ----------
    title
        What it is called in messages.
    guarantee
        What settles a submission that broke off.
    connect
        Opens the account; an `InputError` if the vendor's client is missing or does not fit, or there are no
        credentials.
    read
        Reads the text of a finished job's result, given the circuit as it was submitted and the shots; a
        `ServiceError` if it is no whole result, an `InputError` if what reads it is not installed.
    plan_seconds
        Seconds on devices that the vendor gives for nothing, in its usual plan; None without one.
    suppresses
        Whether its devices can be asked for measures against their noise.
    """

    title: str
    guarantee: Guarantee
    connect: Callable[[], Account]
    read: Callable[[str, QuantumCircuit, int], Reading]
    plan_seconds: float | None = None
    suppresses: bool = False


_registered: dict[str, Vendor] = {}


def vendor_of(device: str) -> Vendor:
    """Return the vendor of a device, told by the beginning of the device's name.

    Raises
    ------
    InputError
        If no vendor's devices are named like this, or another package that brings one cannot be imported.
    """
    for name, beginnings in VENDORS.items():
        if device.startswith(beginnings):
            return find_vendor(name)
    for beginning, place in declared_vendors().items():
        if device.startswith(beginning):
            return _imported(place)
    raise unknown_backend(device)


def register(name: str, beginnings: tuple[str, ...], vendor: Vendor) -> None:
    """Make a vendor known in this process without a folder here: to try it, or from a package of one's own.

    Parameters
    ----------
    name
        What it is known by.
    beginnings
        Of its devices' names.
    vendor
        What it offers.

    Raises
    ------
    InputError
        If another vendor's devices are named like this.
    """
    taken = {one: other for other, found in VENDORS.items() if other != name for one in found}
    for beginning in beginnings:
        clash = [one for one in taken if one.startswith(beginning) or beginning.startswith(one)]
        if clash or not beginning:
            others = f"devices of {taken[clash[0]]!r} begin with {clash[0]!r}" if clash else "every name begins with it"
            raise InputError(f"{beginning!r} tells no device of {name!r}: {others}; take another beginning.")
    VENDORS[name] = tuple(beginnings)
    _registered[name] = vendor


def find_vendor(name: str) -> Vendor:
    """Return what a vendor's folder offers; `name` is the folder's, one in `quantum.names.VENDORS`.

    Raises
    ------
    InputError
        If the folder offers no vendor.
    """
    if name in _registered:
        return _registered[name]
    found = getattr(import_module(f"quantum.backends.{name}"), "VENDOR", None)
    if not isinstance(found, Vendor):
        raise InputError(f"quantum/backends/{name} offers no VENDOR; see docs/howto/add-vendor.md.")
    return found


def _imported(place: str) -> Vendor:
    """Return the vendor of another package, by its "module:attribute"."""
    module, _, attribute = place.partition(":")
    try:
        found = getattr(import_module(module), attribute)
        why = "" if isinstance(found, Vendor) else "it is no Vendor"
    except Exception as error:  # whatever another package raises
        found, why = None, " ".join(f"{type(error).__name__}: {error}".split())
    if why:
        raise InputError(f"The vendor {place!r} of another package cannot be used ({why}); mend or uninstall it.")
    return found


def as_bits(outcomes: Sequence[int], places: Sequence[int | None], width: int) -> NDArray[np.bool_]:
    """Return outcomes that are numbers as bits (shots, classical bits), bit 0 first.

    Parameters
    ----------
    outcomes
        A number for each shot: bit q of it is what qubit q was found in.
    places
        For each classical bit of the circuit the qubit that was measured into it; None leaves it 0.
    width
        Qubits of an outcome.

    Raises
    ------
    ServiceError
        If an outcome has more bits than that, or is negative.
    """
    bad = next((one for one in outcomes if not 0 <= one < 1 << width), None)
    if bad is not None:
        raise ServiceError(f"The result holds the outcome {bad}, which {width} qubits do not have; fetch it again.")
    seen, which = np.unique(np.array(outcomes, dtype=object), return_inverse=True)
    rows = [[place is not None and bool(one >> place & 1) for place in places] for one in seen]
    bits: NDArray[np.bool_] = np.array(rows, dtype=bool).reshape(len(seen), len(places))[which.reshape(-1)]
    return bits


def seconds_between(start: object, end: object) -> float | None:
    """Return the seconds from one moment to another; None where a service names none, or none that can be read.

    Parameters
    ----------
    start, end
        Moments in ISO format, or as Python's `datetime`; without a zone they are in UTC.
    """
    first, last = _moment(start), _moment(end)
    if first is None or last is None:
        return None
    try:
        passed = (last - first).total_seconds()
    except OverflowError:  # the ends of the calendar, in other zones
        return None
    return passed if passed >= 0 else None


def real_number(said: object) -> float | None:
    """Return a number of a service's as a float; None where it is none, not finite, or too large for one."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    try:
        number = float(said)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _moment(said: object) -> datetime | None:
    try:
        moment = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
