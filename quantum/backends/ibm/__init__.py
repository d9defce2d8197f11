"""IBM's quantum computers: their accounts, jobs and results.

`account` speaks to the service through the client of `client`, which is IBM's own within limits (`patience`), without
showing a key (`secrets`); `trouble` says in one line what went wrong, and `result` decodes the text of a finished job.
"""

from quantum.backends.errors import ServiceError, SubmissionUnknown
from quantum.backends.ibm.account import Account, FoundJob, IBMDevice, JobState
from quantum.backends.ibm.patience import Patience
from quantum.backends.ibm.result import decode_result
from quantum.backends.ibm.secrets import redact

__all__ = [
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
