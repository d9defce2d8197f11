"""Small runs that the tests submit and fetch."""

from compare.hardware.plan import Order, make_plan, tasks_of_data
from compare.hardware.submit import Pace
from quantum.backends.ibm import Account, Patience

SHOTS = 60

QUICK = Pace(settle=0.15, submission=0.15, first=0.02, longest=0.1, outages=2)

PATIENCE = Patience(total=1, backoff=0.01, connect=2.0, read=5.0, submit=5.0)


def small_tasks(count):
    """So many problems of two or three qubits; no two are equal."""
    return tasks_of_data(["digits"], [2], [1, 4][:count], [2], ["binary"], None, 1e-3, "relu", 0)


def small_plan(backend, count=1, seed=3, account=None):
    return make_plan(small_tasks(count), Order(backend, SHOTS, seed), account)


def connect():
    return Account.connect(PATIENCE)
