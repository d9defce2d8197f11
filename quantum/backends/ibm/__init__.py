"""IBM's quantum computers: their accounts, jobs and results.

`account` speaks to the service through the client of `client`, which is IBM's own within limits, without showing a
key; `trouble` says in one line what went wrong, and `result` decodes the text of a finished job.
"""

from qiskit import QuantumCircuit

from quantum.backends.adapter import FoundJob, Guarantee, JobState, Reading, RemoteDevice, Vendor
from quantum.backends.errors import ServiceError, SubmissionUnknown
from quantum.backends.ibm.account import Account
from quantum.backends.ibm.result import decode_result
from quantum.backends.wire import Patience, redact

__all__ = [
    "VENDOR",
    "Account",
    "FoundJob",
    "IBMDevice",
    "JobState",
    "Patience",
    "ServiceError",
    "SubmissionUnknown",
    "decode_result",
    "redact",
]

IBMDevice = RemoteDevice


def _connect() -> Account:
    return Account.connect()


def _read(text: str, circuit: QuantumCircuit, shots: int) -> Reading:
    """Read a result; the service says nothing of what became of the circuit, which it got in the device's own gates."""
    del shots
    found = decode_result(text, circuit)
    if len(found) != 1:
        raise ServiceError(f"The result holds {len(found)} circuits where one was submitted; fetch it again.")
    return Reading(found[0])


VENDOR = Vendor("IBM Quantum", Guarantee.LISTED, _connect, _read, plan_seconds=600.0, suppresses=True)
"""IBM's devices; seconds are those of its open plan, in 28 days."""
