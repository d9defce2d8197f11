"""IBM's quantum computers through the accounts that are saved: submit once, find again, fetch."""

import json
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from qiskit import QuantumCircuit

from problems.errors import InputError, choose, whole_number
from quantum.backends.adapter import (
    FoundJob,
    HoldsCredentials,
    JobState,
    JobTimes,
    RemoteDevice,
    real_number,
    seconds_between,
)
from quantum.backends.errors import ServiceError, SubmissionUnknown
from quantum.backends.ibm.result import SHOTS_ASKED, missing_client
from quantum.backends.ibm.trouble import Trouble, trouble_in
from quantum.backends.options import Suppression
from quantum.backends.snapshots import calibration_date
from quantum.backends.wire import Patience, one_line, quiet
from quantum.backends.wire import Trouble as AnyTrouble
from quantum.backends.wire.clients import require_client

if TYPE_CHECKING:
    from quantum.backends.ibm.client import TamedService

__all__ = ["Account"]

T = TypeVar("T")

PAGE = 50
"""Jobs in one page of a list."""

RAN_TOO_LONG = 1305
"""The service's code for a job that it stopped at its time limit."""

_STATES = {
    "queued": "queued",
    "running": "running",
    "completed": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}


class Account(HoldsCredentials):
    """A connection to the service with the account that is saved, or given by QISKIT_IBM_TOKEN; see `connect`."""

    def __init__(self, service: "TamedService", patience: Patience) -> None:
        self._service, self._patience = service, patience
        self._homes: dict[str, Any] = {}

    def __repr__(self) -> str:
        return "Account(ibm_quantum_platform)"

    @classmethod
    def connect(cls, patience: Patience | None = None) -> "Account":
        """Connect to the service.

        Raises
        ------
        InputError
            If no account is saved, it is not valid, or the [ibm] extra is missing.
        ServiceError
            If the service cannot be reached or does not accept the credentials.
        """
        try:
            from quantum.backends.ibm.client import open_service
        except ImportError:
            raise InputError(missing_client("An IBM device")) from None
        install = "install it with: pip install 'quantum-tickets[ibm]', or from requirements.lock"
        require_client("An IBM device", "qiskit-ibm-runtime", "0.51", "0.52", install)
        patience = patience or Patience()
        return cls(open_service(patience), patience)

    def device_names(self) -> list[str]:
        """Return the names of all devices of the account, in order.

        Raises
        ------
        ServiceError
            If no instance of the account answers.
        """
        return sorted(self._devices())

    def _devices(self, name: str | None = None) -> dict[str, Any]:
        """Return the instance of each device; one that does not answer counts if it may have what is looked for."""
        devices: dict[str, Any] = {}
        failure = None
        for client in self._service.clients():
            try:
                for device in self._ask("list the devices", lambda c=client: _names(c)):  # type: ignore[misc]
                    devices.setdefault(device, client)
            except ServiceError as error:
                failure = error
        if failure is not None and (not devices or (name is not None and name not in devices)):
            raise failure
        return devices

    def device(self, name: str) -> RemoteDevice:
        """Return a device.

        Raises
        ------
        InputError
            If the account has no device of that name; the message names the nearest ones.
        ServiceError
            If the service cannot be reached.
        """
        devices = self._devices(name)
        if not devices:
            raise InputError(
                f"There is no IBM device {name!r}: the account has no devices; check its instance and its plan."
            )
        client = choose("IBM device", name, devices)
        what = f"describe {name}"
        # The client reports any failure to read this as a name that does not exist: it is read, and kept, first.
        self._ask(what, lambda: client.backend_configuration(name))
        backend = self._ask(what, lambda: self._service.backend(name))
        return self._ask(what, lambda: _described_device(name, backend))

    def submit(
        self,
        device: RemoteDevice,
        circuit: QuantumCircuit,
        shots: int,
        tags: list[str],
        suppression: Suppression | None = None,
        batch: str | None = None,
    ) -> str:
        """Submit one circuit as one job, by one request that has an effect, and return the job's id.

        Only a request that certainly made no job is repeated: one that met no connection, or too many others (429).

        Parameters
        ----------
        device
            Where it runs.
        circuit
            In the device's own gates and on its couplings.
        shots
            How often it is measured.
        tags
            What the job is found by.
        suppression
            What the device does against its noise; nothing by default.
        batch
            What `open_batch` returned, for a job of a batch.

        Raises
        ------
        InputError
            If the device cannot run the circuit or takes fewer shots.
        SubmissionUnknown
            If a job may exist: look for it with `find`, for a while, before submitting again.
        ServiceError
            If there is certainly no job: the service could not be reached, or refused.
        """
        from qiskit_ibm_runtime import Batch
        from qiskit_ibm_runtime.executor_sampler import Sampler
        from qiskit_ibm_runtime.utils.utils import is_isa_circuit

        shots = whole_number("shots", shots, 1)
        if device.max_shots is not None and shots > device.max_shots:
            raise InputError(
                f"{shots} shots are more than the {device.max_shots} that {device.name} takes; ask for at most those."
            )
        misfit = is_isa_circuit(circuit, device.target)
        if misfit:
            raise InputError(one_line(f"The circuit does not fit {device.name}: {misfit} Fit it to the device first."))
        tagged = circuit.copy()
        tagged.metadata = {**(circuit.metadata or {}), SHOTS_ASKED: shots}
        suppression = suppression or Suppression()
        options = {
            "environment": {"job_tags": list(tags)},
            "dynamical_decoupling": {"enable": suppression.dynamical_decoupling},
            "twirling": {"enable_gates": suppression.twirling, "enable_measure": suppression.twirling},
        }

        what = f"submit the job to {device.name}"

        def run() -> str:
            # Within its submission the client tells an outage like a device that does not exist: that is asked first.
            device.handle.status()
            mode = device.handle
            if batch is not None:
                mode = Batch(device.handle, create_new=False)
                mode._session_id = batch
            with warnings.catch_warnings():
                # Of used-up time, with the account's id in the text; `remaining_seconds` says it.
                warnings.simplefilter("ignore")
                return str(Sampler(mode=mode, options=options).run([tagged], shots=shots).job_id())

        job_id = self._post(what, run, SubmissionUnknown)
        self._homes[job_id] = self._service._active_api_client
        return job_id

    def open_batch(self, device: RemoteDevice) -> str:
        """Open a batch, for several jobs at once, and return its id; it ends by itself if it is never closed.

        Raises
        ------
        ServiceError
            If the service cannot be reached, or refuses.
        """
        from qiskit_ibm_runtime import Batch

        what = f"open a batch on {device.name}"
        batch = self._post(what, lambda: str(Batch(device.handle).session_id), ServiceError)
        self._homes[batch] = self._service._get_api_client(device.handle._instance)
        return batch

    def close_batch(self, batch: str) -> None:
        """Let a batch take no more jobs; those that it has are run. One that has ended already is no error.

        Raises
        ------
        ServiceError
            If the service cannot be reached, or refuses.
        """
        self._at_home(batch, "close the batch", lambda client: client.close_session(batch))

    def find(self, tag: str) -> list[FoundJob]:
        """Return all jobs of the account that carry this tag, oldest first; a new one may be listed with delay.

        Raises
        ------
        ServiceError
            If the list could not be read to its end.
        """
        found: dict[str, FoundJob] = {}
        for client in self._service.clients():
            seen, listed = 0, set[str]()
            while True:
                page, count = self._ask("list the jobs", lambda c=client, s=seen: _page(c, tag, s))  # type: ignore[misc]
                new = {job.id for job in page} - listed
                if not new and seen < count:  # as long as the list is not whole, a job on it may be missing
                    raise ServiceError(f"IBM Quantum listed {seen} of {count} jobs and no more; try again later.")
                listed |= new
                for job in page:
                    if tag in job.tags:
                        found[job.id] = job
                        self._homes[job.id] = client
                seen += len(page)
                if seen >= count:
                    break
        return list(found.values())

    def state(self, job_id: str) -> JobState:
        """Return how far a job is.

        Raises
        ------
        ServiceError
            If the service cannot be reached.
        """
        job = self._at_home(job_id, "tell the state of the job", lambda client: _described(client, job_id))
        if job is None:
            return JobState("gone", "the service does not know the job")
        state = _state(job)
        return replace(state, times=self._times(job_id)) if state.name == "done" else state

    def _times(self, job_id: str) -> JobTimes | None:
        """Return how long a job took; a service that does not tell keeps nobody from the result."""
        try:
            return self._at_home(
                job_id, "tell the times of the job", lambda client: _times(client.job_metadata(job_id))
            )
        except ServiceError:
            return None

    def result_text(self, job_id: str) -> str:
        """Return the result of a finished job as the service gives it, for `decode_result`; keep it before decoding.

        Raises
        ------
        ServiceError
            If the service cannot be reached, has no such job, or has no result for it.
        """
        text = self._at_home(job_id, "give the result of the job", lambda client: client.job_results(job_id))
        if text is None:
            raise ServiceError(f"IBM Quantum does not know the job {job_id}: it may have been deleted.")
        if not text.strip():
            raise ServiceError(f"IBM Quantum gave an empty result for the job {job_id}; fetch it again later.")
        return str(text)

    def remaining_seconds(self) -> float | None:
        """Return the quantum seconds that the active instance of the account has left, or None where it tells none.

        Raises
        ------
        ServiceError
            If the service cannot be reached.
        """
        return self._ask(
            "tell the time left", lambda: real_number(self._service.usage().get("usage_remaining_seconds"))
        )

    def _ask(self, what: str, request: Callable[[], T]) -> T:
        """Make a request that changes nothing (its repetitions are the connection's)."""
        answer, trouble = self._try(request)
        if trouble is not None:
            raise trouble.told(what)
        return answer  # type: ignore[return-value]

    def _try(self, request: Callable[[], T]) -> tuple[T | None, Trouble | None]:
        try:
            with quiet():
                return request(), None
        except Exception as error:
            return None, trouble_in(error)

    def _at_home(self, name: str, what: str, request: Callable[[Any], T]) -> T | None:
        """Ask the instance that has this job or batch; None if all say that they do not have it."""
        clients = self._service.clients()
        if name in self._homes:
            clients = [self._homes[name]]
        for client in clients:
            answer, trouble = self._try(lambda c=client: request(c))  # type: ignore[misc]
            if trouble is None:
                self._homes[name] = client
                return answer
            if trouble.status != 404:
                raise trouble.told(f"{what} {name}")
        return None

    def _post(self, what: str, request: Callable[[], str], unknown: type[ServiceError]) -> str:
        """Make a request that has an effect, again only if it certainly had none, and return the id it gives."""
        posts = self._service.posts
        attempt = 0
        while True:
            posts.clear()
            answer, trouble = self._try(request)
            if trouble is None:
                return str(answer)
            if not posts:
                raise trouble.told(what)  # it failed before anything was submitted
            sent = posts[-1].trouble
            if sent is None:
                made = _id_in(posts[-1].text)
                if made is not None:
                    return made  # what failed came after
                raise self._unknown(what, trouble, unknown)
            harmless = sent.kind == "unreachable" or sent.status == 429
            if not harmless and not sent.refused:
                raise self._unknown(what, sent, unknown)
            wait = self._patience.wait(attempt, sent.wait)
            if not harmless or attempt == self._patience.total or wait is None:
                raise sent.told(what)
            time.sleep(wait)
            attempt += 1

    def _unknown(self, what: str, trouble: AnyTrouble, kind: type[ServiceError]) -> ServiceError:
        if kind is not SubmissionUnknown:
            return trouble.told(what)
        return kind(
            one_line(
                f"IBM Quantum was asked to {what}, and it is not known whether it did: {trouble.reason}; look for the "
                "job by its tag before submitting again."
            )
        )


def _id_in(text: str) -> str | None:
    try:
        made = json.loads(text)["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return made if isinstance(made, str) and made else None


def _names(client: Any) -> list[str]:
    return [str(device["name"]) for device in client.list_backends()]


def _described_device(name: str, backend: Any) -> RemoteDevice:
    """Read what the client knows of a device; what is missing of it is asked for on the way."""
    status, configuration = backend.status(), backend.configuration()
    max_shots, rep_delay = (getattr(configuration, key, None) for key in ("max_shots", "default_rep_delay"))
    return RemoteDevice(
        name=name,
        target=backend.target,
        max_shots=None if max_shots is None else int(max_shots),
        rep_delay=None if rep_delay is None else float(rep_delay),
        operational=bool(status.operational),
        pending=int(status.pending_jobs),
        calibrated=calibration_date(backend),  # with the target's own, not asked for again
        handle=backend,
    )


def _page(client: Any, tag: str, skip: int) -> tuple[list[FoundJob], int]:
    """Return a page of the jobs with this tag, oldest first (so new ones move none between pages), and their number."""
    page = client.jobs_get(limit=PAGE, skip=skip, job_tags=[tag], descending=False)
    return [_found(job) for job in page["jobs"]], int(page["count"])


def _found(job: dict[str, Any]) -> FoundJob:
    """Read a job of a list that was asked for by a tag: one whose tags cannot be read may be the one that is sought."""
    made, tags = job["id"], job["tags"]
    if not isinstance(made, str) or not isinstance(tags, list):
        raise TypeError("no job of a list")
    return FoundJob(made, tuple(tags), _state(job))


def _times(said: dict[str, Any]) -> JobTimes:
    """Read when a job was made and began to run, and what it used of the device."""
    times = said.get("timestamps") or {}
    used = real_number((said.get("usage") or {}).get("quantum_seconds"))
    return JobTimes(
        queue=seconds_between(times.get("created"), times.get("running")),
        execution=used,
        total=seconds_between(times.get("created"), times.get("finished")),
    )


def _described(client: Any, job_id: str) -> dict[str, Any]:
    job: dict[str, Any] = client.job_get(job_id)
    _state(job)  # or the answer is no description of a job
    return job


def _state(job: dict[str, Any]) -> JobState:
    state = job["state"]
    word = str(state["status"])
    reason = one_line(str(state.get("reason") or ""))
    code = state.get("reason_code")
    if code is not None and reason:
        reason = f"{reason} (code {code})"
    if word.lower().startswith("cancelled") and (code == RAN_TOO_LONG or "too long" in word.lower()):
        return JobState("failed", reason or "it ran longer than its time limit")
    if word.lower() not in _STATES:
        return JobState("running", f"the service says {word!r}")  # a word that is newer than this
    return JobState(_STATES[word.lower()], reason)
