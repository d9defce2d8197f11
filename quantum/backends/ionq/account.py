"""IonQ's quantum computers through the key that its client finds: submit once, and fetch."""

import contextlib
import json
import re
import time
from typing import Any
from urllib.parse import quote

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
from quantum.backends.ionq.target import make_target
from quantum.backends.ionq.trouble import KEY, Trouble
from quantum.backends.options import Suppression
from quantum.backends.plain_gates import plain_gates
from quantum.backends.wire import Patience, one_line, quiet, remember_secret, trouble_in
from quantum.backends.wire.clients import require_client

__all__ = ["IonQAccount"]

PREFIX = "ionq_"
"""Beginning of a device's name here; the rest is the service's own, "qpu.forte-1"."""

MOST_SHOTS = 10_000
"""The most shots of one job, by IonQ's client."""

MOST_QUBITS = 1000
"""Qubits of a device, at most: a larger number is no answer."""

RUNNING = ("available", "running")
"""Statuses of a device that takes jobs now."""

_STATES = {
    "submitted": "queued",
    "ready": "queued",
    "started": "running",
    "running": "running",
    "completed": "done",
    "failed": "failed",
    "canceled": "cancelled",
    "cancelled": "cancelled",
}


class IonQAccount(HoldsCredentials):
    """A connection to IonQ's service; see `connect`."""

    def __init__(self, url: str, headers: dict[str, str], patience: Patience) -> None:
        from requests import Session

        from quantum.backends.wire.http import Exchange, LimitedAdapter

        self._url, self._patience = url.rstrip("/"), patience
        self._posts: list[Exchange] = []
        self._http = Session()
        self._http.headers.update(headers)
        self._http.auth = _as_it_is  # or a file of other passwords would stand in for the key
        adapter = LimitedAdapter(patience, self._posts, Trouble)
        self._http.mount("http://", adapter)
        self._http.mount("https://", adapter)

    def __repr__(self) -> str:
        return "IonQAccount()"

    @classmethod
    def connect(cls, patience: Patience | None = None) -> "IonQAccount":
        """Connect with the key and to the address that IonQ's client finds; nothing is asked yet.

        Raises
        ------
        InputError
            If the client is missing or does not fit, or there is no key.
        """
        require_client(
            "An IonQ device",
            "qiskit-ionq",
            "1.1",
            "2",
            "install it with: pip install 'quantum-tickets[ionq]', or from locks/test",
        )
        account = _open(patience or Patience())
        if account is None:
            raise InputError(
                f"There is no key for IonQ, or none that can be one; set {KEY} to that of IonQ's own pages."
            )
        return account

    def device(self, name: str) -> RemoteDevice:
        """Return a device.

        Raises
        ------
        InputError
            If there is no device of that name; the message names the nearest ones.
        ServiceError
            If the service cannot be reached.
        """
        own = _own_name(name)
        said = self._get(f"describe {name}", f"/backends/{quote(own)}", missing=True)
        known = self._characterization(name, own)
        if said is None and known is None:
            listed = self._get("list the devices", "/backends", missing=True)
            listed = listed if isinstance(listed, list) else []
            names = [f"{PREFIX}{one['backend']}" for one in listed if isinstance(one, dict) and "backend" in one]
            choose("IonQ device", name, dict.fromkeys(names))
        said = said if isinstance(said, dict) else {}
        try:
            qubits = whole_number("qubits", said.get("qubits") or (known or {}).get("qubits"), 1)
        except InputError:
            qubits = 0
        if not 0 < qubits <= MOST_QUBITS:
            raise ServiceError(f"IonQ does not say how many qubits {name} has; try again later.")
        from qiskit_ionq.helpers import native_2q_gate

        return RemoteDevice(
            name=name,
            target=make_target(qubits, native_2q_gate(own) or "ms", known),
            max_shots=MOST_SHOTS,
            rep_delay=_reset(known),
            operational=str(said.get("status", RUNNING[0])).lower() in RUNNING,
            pending=0,
            calibrated=None if known is None else str(known.get("date") or "") or None,
            handle=own,
            recorded=plain_gates,
        )

    def submit(
        self,
        device: RemoteDevice,
        circuit: QuantumCircuit,
        shots: int,
        tags: list[str],
        suppression: Suppression | None = None,
        batch: str | None = None,
    ) -> str:
        """Submit one circuit in native gates as one job, by one request, and return the job's id.

        The client's own submission repeats a request whose answer was lost, and so may submit twice; only what it
        sends is taken from it. A request is repeated only if it met no connection, or too many others (429).

        Raises
        ------
        InputError
            If the device cannot run the circuit as it is, or takes fewer shots.
        SubmissionUnknown
            If a job may exist, of which the service cannot be asked.
        ServiceError
            If there is certainly no job.
        """
        del suppression, batch
        shots = whole_number("shots", shots, 1)
        if shots > MOST_SHOTS:
            raise InputError(f"{shots} shots are more than the {MOST_SHOTS} that {device.name} takes; ask for those.")
        body = _body(device, circuit, shots, tags)
        what = f"submit the job to {device.name}"
        attempt = 0
        while True:
            self._posts.clear()
            try:
                with quiet():
                    answer = self._http.post(f"{self._url}/jobs", data=body, allow_redirects=False)
                    found = self._posts[-1].trouble
                trouble = found if isinstance(found, Trouble) else None
                if trouble is None:
                    made = _id_in(answer.text)
                    if made is not None:
                        return made
                    trouble = Trouble("unreadable")
            except Exception as error:
                trouble = trouble_in(error, Trouble)
            harmless = trouble.kind == "unreachable" or trouble.status == 429
            if not harmless and not trouble.refused:
                raise SubmissionUnknown(
                    one_line(f"IonQ was asked to {what}, and it is not known whether it did: {trouble.reason}.")
                )
            wait = self._patience.wait(attempt, trouble.wait)
            if not harmless or attempt == self._patience.total or wait is None:
                raise trouble.told(what)
            time.sleep(wait)
            attempt += 1

    def find(self, tag: str) -> list[FoundJob]:
        """Refuse: the client lists no jobs."""
        raise ServiceError(f"IonQ cannot be asked for the job {tag}: its client lists no jobs.")

    def state(self, job_id: str) -> JobState:
        """Return how far a job is, and of one that is done, how long it took.

        Raises
        ------
        ServiceError
            If the service cannot be reached.
        """
        job = self._job(job_id, missing=True)
        return JobState("gone", "the service does not know the job") if job is None else _state(job)

    def result_text(self, job_id: str) -> str:
        """Return the description of a finished job and its outcomes, for `read_result`: single shots, if there are.

        Raises
        ------
        ServiceError
            If the service cannot be reached, has no such job, or has no result for it.
        """
        job = self._job(job_id)
        what = f"give the result of the job {job_id}"
        results = job.get("results")
        places = {} if not isinstance(results, dict) else results
        urls = {name: one.get("url") for name, one in places.items() if isinstance(one, dict)}
        said: dict[str, Any] = {"job": job}
        shots = self._get(what, self._place(urls["shots"]), missing=True) if urls.get("shots") else None
        if isinstance(shots, list):
            said["shots"] = shots
        else:
            usual = f"/jobs/{_quoted(job_id)}/results/probabilities"
            said["probabilities"] = self._get(what, self._place(urls.get("probabilities") or usual))
        compiled = _compiled_id(job)
        if compiled is not None:
            place = f"/jobs/{_quoted(job_id)}/artifacts/{_quoted(compiled)}"
            with contextlib.suppress(ServiceError):  # what it ran is then not known
                said["compiled"] = self._get("give the compiled circuit", place, missing=True)
        return json.dumps(said)

    def open_batch(self, device: RemoteDevice) -> None:
        """Return None: jobs are submitted one by one."""
        del device

    def close_batch(self, batch: str) -> None:
        """Do nothing: there are no batches."""
        del batch

    def remaining_seconds(self) -> None:
        """Return None: IonQ counts no seconds."""
        return

    def _characterization(self, name: str, own: str) -> dict[str, Any] | None:
        said = self._get(f"characterize {name}", f"/backends/{quote(own)}/characterizations?limit=1", missing=True)
        found = said.get("characterizations") if isinstance(said, dict) else None
        return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else None

    def _job(self, job_id: str, missing: bool = False) -> Any:
        what = f"tell the state of the job {job_id}"
        job = self._get(what, f"/jobs/{_quoted(job_id)}", missing)
        if job is not None and not (isinstance(job, dict) and isinstance(job.get("status"), str)):
            raise Trouble("unreadable").told(what)
        return job

    def _place(self, said: Any) -> str:
        """Return the path of an address that the service gave, without its version; only of the service itself."""
        if not isinstance(said, str) or not said.startswith("/") or said.startswith("//"):
            raise ServiceError("IonQ gave an address of the result that is none of its own; it is not followed.")
        return re.sub(r"^/v\d+\.\d+/", "/", said)

    def _get(self, what: str, path: str, missing: bool = False) -> Any:
        """Return what stands at a path; None where there is nothing, if that may be."""
        try:
            with quiet():
                answer = self._http.get(f"{self._url}{path}", allow_redirects=False)
                if answer.status_code == 404 and missing:
                    return None
                if answer.status_code < 300:
                    return answer.json()
                answer.raise_for_status()
                trouble = Trouble("answer", answer.status_code)
        except Exception as error:
            trouble = trouble_in(error, Trouble)
        raise trouble.told(what)


def _open(patience: Patience) -> IonQAccount | None:
    """Return the account of the key that the client finds; None if there is none, or it has letters that no key has."""
    from qiskit_ionq.helpers import resolve_credentials
    from qiskit_ionq.ionq_client import IonQClient

    with quiet():
        found = resolve_credentials()
        key = str(found["token"] or "").strip()
        if not key.isascii() or not key.isprintable() or not key:
            return None
        remember_secret(key)
        return IonQAccount(found["url"], IonQClient(key, found["url"]).api_headers, patience)


def _as_it_is(request: Any) -> Any:
    return request


def _own_name(name: str) -> str:
    """Return what the service calls a device."""
    own = name.removeprefix(PREFIX)
    if own == "simulator":
        raise InputError(
            "IonQ's simulator gives exact probabilities and no shots; name a device of IonQ's, or simulate here with "
            "aer_statevector."
        )
    return own if own.startswith("qpu.") else f"qpu.{own}"


def _body(device: RemoteDevice, circuit: QuantumCircuit, shots: int, tags: list[str]) -> str:
    """Return what is sent for a circuit, as IonQ's client writes it."""
    from qiskit_ionq.constants import ErrorMitigation
    from qiskit_ionq.exceptions import IonQError
    from qiskit_ionq.helpers import circuit_requires_qasm3, qiskit_to_ionq

    sent = circuit.copy(name=tags[-1])
    sent.metadata = {}
    if circuit_requires_qasm3(sent):
        raise InputError(f"{device.name} takes circuits that are measured at their end alone; take another device.")
    try:
        return str(
            qiskit_to_ionq(
                sent,
                _Named(device.handle),
                # Debiasing, which long jobs get unasked, would run the circuit in other versions of it.
                {"shots": shots, "name": tags[-1], "error_mitigation": ErrorMitigation.NO_DEBIASING},
                extra_metadata={"tickets_run": tags[0], "tickets_job": tags[-1]},
            )
        )
    except IonQError as error:
        raise InputError(one_line(f"The circuit does not fit {device.name}: {error.message}")) from None


class _Named:
    """A device as IonQ's client asks for it while it writes a circuit: its name, and that it takes native gates."""

    def __init__(self, own: str) -> None:
        self.name, self.options = f"{PREFIX}{own}", {"error_mitigation": None}

    def gateset(self) -> str:
        return "native"


def _state(job: dict[str, Any]) -> JobState:
    word = job["status"].lower()
    failure = job.get("failure")
    failure = failure if isinstance(failure, dict) else {}
    reason = ": ".join(str(failure[key]) for key in ("code", "error", "message") if failure.get(key))
    if word not in _STATES:
        return JobState("running", one_line(f"the service says {word!r}"))  # a word that is newer than this
    took = real_number(job.get("execution_duration_ms"))
    execution = seconds_between(job.get("started_at"), job.get("completed_at")) if took is None else took / 1000
    times = JobTimes(
        queue=seconds_between(job.get("submitted_at"), job.get("started_at")),
        execution=execution,
        total=seconds_between(job.get("submitted_at"), job.get("completed_at")),
    )
    name = _STATES[word]
    return JobState(name, one_line(reason), times if name == "done" else None)


def _reset(known: dict[str, Any] | None) -> float | None:
    timing = (known or {}).get("timing")
    reset = real_number(timing.get("reset")) if isinstance(timing, dict) else None
    return reset if reset is not None and 0 <= reset < 1 else None


def _compiled_id(job: dict[str, Any]) -> str | None:
    """Return where the native circuit stands that the service says it ran, if it says so."""
    try:
        circuits = job["output"]["compilation"]["compiled_circuits"]
        found = next(one["id"] for name, one in sorted(circuits.items()) if name.split(".")[1:2] == ["native"])
    except (KeyError, TypeError, AttributeError, StopIteration):
        return None
    return found if isinstance(found, str) else None


def _quoted(name: str) -> str:
    """Return a name as one part of a path, whatever stands in it."""
    return quote(name.encode("utf-8", "replace"), safe="")


def _id_in(text: str) -> str | None:
    try:
        made = json.loads(text)["id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return made if isinstance(made, str) and made else None
