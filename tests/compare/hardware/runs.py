"""Small runs that the tests submit and fetch."""

import contextlib
import dataclasses

import pytest

from compare.hardware.create import create
from compare.hardware.fetch import fetch
from compare.hardware.pace import Pace
from compare.hardware.plan import Order, make_plan
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from compare.studies.ridgelet.jobs import payloads_of_data
from compare.unfinished import Unfinished
from quantum.backends.ibm import Account, Patience

SHOTS = 60

QUICK = Pace(settle=0.15, submission=0.15, first=0.02, longest=0.1, outages=2)

PATIENCE = Patience(total=1, backoff=0.01, connect=2.0, read=5.0, submit=5.0)


def small_payloads(count):
    """So many problems of two or three qubits; no two are equal."""
    return payloads_of_data(["digits"], [2], [1, 4][:count], [2], ["binary"], None, 1e-3, "relu", 0)


def entangled_payloads():
    """A problem of four qubits, with gates between them on any device."""
    return payloads_of_data(["digits"], [3], [1], [4], ["rader"], None, 1e-3, "relu", 0)


def small_plan(backend, count=1, seed=3, account=None):
    return make_plan(small_payloads(count), Order(backend, SHOTS, seed), account)


def connect(patience=PATIENCE):
    return Account.connect(patience)


def first_job(plan):
    """The plan's first job alone: it needs no batch."""
    return dataclasses.replace(plan, jobs=plan.jobs[:1])


def submitted(plan, account, out):
    """A run of which all jobs were submitted."""
    run = create(plan, out)
    send(run, account, plan.device, fresh=True, pace=QUICK)
    return run


def resume(run, account, device=None):
    """Submit what is missing, as another process does."""
    send(HardwareRun(run.path), account, device, pace=QUICK)


def bring(run, account, wait=True):
    """Fetch all results, as another process does, and return their bits by job."""
    run = HardwareRun(run.path)
    fetch(run, wait, lambda: account, QUICK)
    return {job.name: run.result(job).arrays["bits"].tobytes() for job in run.jobs}


def counts(server, run):
    """How many jobs the service has of each job of the run."""
    return [len(server.tagged(job.tag)) for job in run.jobs]


def one_answer(server):
    """A service's way to a job's result, where all runs are equal: the first job of each number runs alone."""
    texts, known = {}, server.result_text

    def result_text(job_id):
        (number,) = {tag[-3:] for tag in server.jobs[job_id]["tags"] if tag.count("-") == 3}
        if number not in texts:
            texts[number] = known(job_id)
        return texts[number]

    return result_text


def in_one_line(error):
    """The one line that was printed."""
    text = str(error.value if hasattr(error, "value") else error)
    assert text
    assert "\n" not in text
    return text


@contextlib.contextmanager
def unfinished(told, code=1):
    """See that it ends without a result, in one line that tells why, and what continues."""
    with pytest.raises(Unfinished, match=told) as stop:
        yield
    in_one_line(stop)
    assert stop.value.code == code
    assert stop.value.__suppress_context__ or stop.value.__context__ is None
