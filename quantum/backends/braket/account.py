"""Quantum computers on Amazon Braket through the credentials that Amazon's client finds: submit once, and fetch."""

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from qiskit import QuantumCircuit

from problems.errors import InputError, choose, whole_number
from quantum.backends.adapter import FoundJob, HoldsCredentials, JobState, JobTimes, RemoteDevice, seconds_between
from quantum.backends.braket.result import LABELS
from quantum.backends.braket.trouble import CREDENTIALS, Trouble, trouble_in
from quantum.backends.errors import ServiceError, SubmissionUnknown
from quantum.backends.options import Suppression
from quantum.backends.plain_gates import plain_gates
from quantum.backends.wire import Patience, one_line, quiet
from quantum.backends.wire.clients import require_client

if TYPE_CHECKING:
    from quantum.backends.braket.session import TokenSession

__all__ = ["BraketAccount"]

T = TypeVar("T")

FOLDER = "tickets"
"""Where in the account's bucket the service puts results."""

_STATES = {
    "CREATED": "queued",
    "QUEUED": "queued",
    "RUNNING": "running",
    "CANCELLING": "running",
    "COMPLETED": "done",
    "FAILED": "failed",
    "CANCELLED": "cancelled",
}


class BraketAccount(HoldsCredentials):
    """A connection to Amazon Braket, in whichever regions its devices are; see `connect`."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._sessions: dict[tuple[str, bool], TokenSession] = {}

    def __repr__(self) -> str:
        return "BraketAccount()"

    @classmethod
    def connect(cls, patience: Patience | None = None) -> "BraketAccount":
        """Connect with the credentials that Amazon's client finds; nothing is asked yet.

        Raises
        ------
        InputError
            If the client is missing or does not fit, or there are no credentials.
        """
        require_client(
            "A device on Amazon Braket",
            "qiskit-braket-provider",
            "0.27",
            "0.28",
            "it excludes the extra [cluster], and stands in an environment of its own: make braket, from locks/braket",
        )
        with quiet():
            import boto3

            try:
                missing = boto3.Session().get_credentials() is None
            except Exception as error:
                raise InputError(one_line(f"The credentials for AWS cannot be used: {error}")) from None
        if missing:
            raise InputError(f"There are no credentials for AWS on this computer; give some: {CREDENTIALS}.")
        return cls(patience or Patience())

    def device(self, name: str) -> RemoteDevice:
        """Return a device.

        Raises
        ------
        InputError
            If the name is no ARN of a quantum computer, or there is none of it, or no such region.
        ServiceError
            If the service cannot be reached.
        """
        region = _region(name)
        session = self._opened(region)
        what = f"describe {name}"
        from braket.aws import AwsDevice
        from qiskit_braket_provider.providers.adapter import aws_device_to_target

        def described() -> RemoteDevice | None:
            try:
                device = AwsDevice(name, session)
            except ValueError as error:
                if "not found" in str(error):  # the client's words for one that is not known
                    return None
                raise
            target = aws_device_to_target(device)
            labels = [int(label) for label in sorted(device.topology_graph.nodes)]
            service = device.properties.service
            updated = getattr(service, "updatedAt", None)
            return RemoteDevice(
                name=name,
                target=target,
                max_shots=int(service.shotsRange[1]),
                min_shots=int(service.shotsRange[0]),
                rep_delay=None,
                operational=device.status == "ONLINE",
                pending=0,
                calibrated=None if updated is None else updated.isoformat(),
                handle=labels,
                recorded=lambda circuit: _recorded(circuit, target, labels),
            )

        found = self._ask(what, described)
        if found is None:
            raise InputError(f"There is no device {name!r} on Amazon Braket; see its console for those of {region}.")
        return found

    def submit(
        self,
        device: RemoteDevice,
        circuit: QuantumCircuit,
        shots: int,
        tags: list[str],
        suppression: Suppression | None = None,
        batch: str | None = None,
    ) -> str:
        """Submit one circuit verbatim as one task, by one request, and return the task's ARN.

        The last of the tags is the request's token: a service that has a task of it returns that one, and makes none.

        Raises
        ------
        InputError
            If the device cannot run the circuit as it is.
        SubmissionUnknown
            If a task may exist: the same submission again returns it.
        ServiceError
            If there is certainly no task.
        """
        del suppression, batch
        shots = whole_number("shots", shots, 1)
        what = f"submit the task to {device.name}"
        program = _program(device, circuit)
        session = self._opened(_region(device.name), repeated=False)
        from braket.aws import AwsQuantumTask

        session.token, session.sent, session.made = tags[-1], False, None
        try:
            with quiet(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                place = (self._opened(_region(device.name)).default_bucket(), FOLDER)
                named = {"tickets_run": tags[0], "tickets_job": tags[-1]}
                AwsQuantumTask.create(
                    session, device.name, program, place, shots, disable_qubit_rewiring=True, tags=named, quiet=True
                )
            trouble = Trouble("unreadable")
        except Exception as error:
            trouble = trouble_in(error)
        if session.made is not None and _is_task(session.made, _region(device.name)):
            return session.made
        if session.sent and not trouble.refused:
            raise SubmissionUnknown(
                one_line(
                    f"Amazon Braket was asked to {what}, and it is not known whether it did: {trouble.reason}; the "
                    "same again returns the task, if there is one."
                )
            )
        raise trouble.told(what)

    def find(self, tag: str) -> list[FoundJob]:
        """Refuse: a submission that is repeated says more than a list."""
        raise ServiceError(f"Amazon Braket is not asked for the task {tag}: submitting it again returns it.")

    def state(self, job_id: str) -> JobState:
        """Return how far a task is, and of one that is done, how long it took; how long it waited is not told.

        Raises
        ------
        ServiceError
            If the service cannot be reached.
        """
        session = self._opened(_region(job_id))
        try:
            task = self._ask(f"tell the state of the task {job_id}", lambda: dict(session.get_quantum_task(job_id)))
        except _Missing:
            return JobState("gone", "the service does not know the task")
        word = str(task.get("status"))
        if word not in _STATES:
            return JobState("running", one_line(f"the service says {word!r}"))  # a word that is newer than this
        times = JobTimes(total=seconds_between(task.get("createdAt"), task.get("endedAt")))
        name = _STATES[word]
        return JobState(name, one_line(str(task.get("failureReason") or "")), times if name == "done" else None)

    def result_text(self, job_id: str) -> str:
        """Return the result of a finished task as the service put it into the account's bucket, for `read_result`.

        Raises
        ------
        ServiceError
            If the service cannot be reached, has no such task, or has no result for it.
        """
        session = self._opened(_region(job_id))

        def text() -> str:
            task = session.get_quantum_task(job_id)
            place = f"{task['outputS3Directory']}/results.json"
            return str(session.retrieve_s3_object_body(task["outputS3Bucket"], place))

        found = self._ask(f"give the result of the task {job_id}", text)
        if not found.strip():
            raise ServiceError(f"Amazon Braket gave an empty result for the task {job_id}; fetch it again later.")
        return found

    def open_batch(self, device: RemoteDevice) -> None:
        """Return None: tasks are submitted one by one."""
        del device

    def close_batch(self, batch: str) -> None:
        """Do nothing: there are no batches."""
        del batch

    def remaining_seconds(self) -> None:
        """Return None: Amazon counts tasks and shots, no seconds."""
        return

    def _opened(self, region: str, repeated: bool = True) -> "TokenSession":
        from quantum.backends.braket.session import open_session

        if (region, repeated) not in self._sessions:
            self._sessions[region, repeated] = self._ask(
                "open a session", lambda: open_session(region, self._patience, repeated)
            )
        return self._sessions[region, repeated]

    def _ask(self, what: str, request: Callable[[], T]) -> T:
        """Make a request that changes nothing (its repetitions are the session's)."""
        try:
            with quiet(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return request()
        except Exception as error:
            trouble = trouble_in(error)
        if trouble.status == 404:
            raise _Missing(*trouble.told(what).args)
        raise trouble.told(what)


class _Missing(ServiceError):
    """The service has nothing of that name."""


def _region(arn: str) -> str:
    """Return the region in the ARN of a device or a task."""
    parts = arn.split(":")
    if len(parts) < 6 or parts[2] != "braket" or not parts[5].startswith(("device/qpu/", "quantum-task/")):
        raise InputError(
            f"{arn!r} is no quantum computer on Amazon Braket; name one by its ARN, such as "
            "arn:aws:braket:eu-north-1::device/qpu/iqm/Garnet (simulators are here: aer_statevector, aer_mps)."
        )
    from quantum.backends.braket.session import regions

    choose("region of Amazon Braket", parts[3], dict.fromkeys(regions()))
    return parts[3]


def _is_task(made: str, region: str) -> bool:
    """Tell whether what the service calls a task is the ARN of one, by which it can be asked for."""
    return made.startswith(f"arn:aws:braket:{region}:") and ":quantum-task/" in made


def _recorded(circuit: QuantumCircuit, target: Any, labels: list[int]) -> QuantumCircuit:
    """Return a fitted circuit in the gates that the device has, with its own names of the qubits."""
    substitute = getattr(target, "_substitute", None)
    if substitute is not None:  # gates of one angle, by the names that the provider has for them
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            circuit = substitute(circuit)
    plain = plain_gates(circuit)
    plain.metadata = {**(circuit.metadata or {}), LABELS: labels}
    return plain


def _program(device: RemoteDevice, circuit: QuantumCircuit) -> Any:
    """Return a recorded circuit as Braket writes it: all of it in one verbatim box, and then the measurements."""
    from qiskit_braket_provider import to_braket

    sent = circuit.copy_empty_like()
    sent.global_phase = 0
    for one in circuit.data:
        if one.operation.name not in ("barrier", "delay"):
            sent.append(one.operation, one.qubits, one.clbits)
    labels = (circuit.metadata or {}).get(LABELS) or device.handle
    try:
        with quiet(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return to_braket(sent, qubit_labels=labels, verbatim=True)
    except (ValueError, KeyError, NotImplementedError, TypeError) as error:
        raise InputError(one_line(f"The circuit does not fit {device.name}: {error}")) from None
