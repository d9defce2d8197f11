"""IonQ's quantum computers: their devices, jobs and results.

`account` speaks to the service in the words of IonQ's own client and within our limits; `target` describes a device
from its characterization, `result` reads the text of a finished job, and `trouble` says in one line what went wrong.
"""

from quantum.backends.adapter import Guarantee, Vendor
from quantum.backends.ionq.account import IonQAccount
from quantum.backends.ionq.result import read_result

__all__ = ["VENDOR", "IonQAccount", "read_result"]

VENDOR = Vendor("IonQ", Guarantee.NONE, IonQAccount.connect, read_result)
"""IonQ's devices, to which a submission carries no token, and whose client lists no jobs."""
