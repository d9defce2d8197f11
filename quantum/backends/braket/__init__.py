"""Quantum computers on Amazon Braket, of whichever maker: their devices, tasks and results.

`account` speaks to the service through the sessions of `session`, which are Amazon's own with a token of ours on each
submission; `result` reads the text of a finished task, and `trouble` says in one line what went wrong.
"""

from quantum.backends.adapter import Guarantee, Vendor
from quantum.backends.braket.account import BraketAccount
from quantum.backends.braket.result import read_result

__all__ = ["VENDOR", "BraketAccount", "read_result"]

VENDOR = Vendor("Amazon Braket", Guarantee.TOKEN, BraketAccount.connect, read_result)
"""Devices on Amazon Braket: a submission that is repeated with its token returns the task that there is."""
