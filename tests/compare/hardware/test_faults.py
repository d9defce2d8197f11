"""Each request of a submission and of a fetch goes wrong in every way, one at a time.

Whatever it is, resuming and fetching leads to each job's result, and the service has each job once.
"""

import dataclasses
import shutil

import pytest

from compare.hardware.create import create
from compare.hardware.fetch import fetch
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from compare.unfinished import Unfinished
from tests.compare.hardware.runs import (
    PATIENCE,
    QUICK,
    bring,
    connect,
    counts,
    first_job,
    in_one_line,
    one_answer,
    resume,
    submitted,
    unfinished,
)
from tests.loopback import AFTER, cut, hang, refuse
from tests.loopback.environment import HASTY

PACE = dataclasses.replace(QUICK, settle=0.05, submission=0.05)

ONCE = dataclasses.replace(PATIENCE, total=0)
"""Repeats nothing: each fault comes through."""

KINDS = {
    "429": lambda **where: refuse("*", "", 429, retry_after=0, **where),
    "500": lambda **where: refuse("*", "", 500, retry_after=0, **where),
    "503 after it took effect": lambda **where: refuse("*", "", 503, retry_after=0, when=AFTER, **where),
    "no JSON": lambda **where: refuse("*", "", 200, payload="<html>", when=AFTER, **where),
    "cut after it took effect": lambda **where: cut("*", "", when=AFTER, **where),
}


class Campaign:
    """Trials and what they found."""

    def __init__(self, served, out):
        self.server, self.account, plan = served
        self.device = plan.device
        self.once = connect(ONCE)
        self.plan = dataclasses.replace(plan, device=self.once.device(self.server.device))
        self.out = out
        self.trials = self.stopped = self.duplicates = self.losses = 0

    def send(self):
        run = create(self.plan, self.out)
        self.stopping(lambda: send(run, self.once, self.plan.device, fresh=True, pace=PACE))
        return run

    def fetch(self, run):
        self.stopping(lambda: fetch(HardwareRun(run.path), False, lambda: self.once, QUICK))

    def stopping(self, action):
        try:
            action()
        except Unfinished as error:
            in_one_line(error)
            self.stopped += 1

    def requests(self, action):
        """How many requests an action makes."""
        self.server.log.clear()
        action()
        return len(self.server.log)

    def trial(self, kind, request, action):
        """Let the request of this number go wrong, and see what can be had afterwards."""
        with self.server.failing(KINDS[kind](skip=request, times=1)) as fault:
            run = action()
        self.trials += fault.struck
        assert fault.struck == 1
        assert counts(self.server, run) in ([1, 1], [1, 0], [0, 0], [1])
        resume(run, self.account, self.device)
        bits = bring(run, self.account)
        self.losses += len(run.jobs) - len(bits)
        self.duplicates += sum(count - 1 for count in counts(self.server, run))
        assert len(self.server.tagged(run.tag)) == len(run.jobs)
        assert [run.job_id(job) for job in run.jobs] == [self.server.tagged(job.tag)[0]["id"] for job in run.jobs]

    def report(self, record_property, what):
        text = (
            f"faults of the service while {what}: {self.trials} of {len(KINDS)} kinds, {self.stopped} stopped it: "
            f"{self.duplicates} duplicates, {self.losses} losses"
        )
        print(text)
        record_property("measured", text)
        assert (self.duplicates, self.losses) == (0, 0)
        assert self.stopped > self.trials / 3


@pytest.fixture
def campaign(served, server, tmp_path, monkeypatch):
    monkeypatch.setattr(server, "result_text", one_answer(server))
    return Campaign(served, tmp_path)


def test_no_fault_while_submitting_loses_or_doubles_a_job(campaign, record_property):
    requests = campaign.requests(campaign.send)
    assert campaign.stopped == 0
    assert requests >= 2 + 2 * 2  # a batch opened and closed, and two jobs
    for kind in KINDS:
        for request in range(requests):
            campaign.trial(kind, request, campaign.send)
    campaign.report(record_property, f"submitting ({requests} requests)")


def test_no_fault_while_fetching_loses_or_doubles_a_job(campaign, served, record_property):
    campaign.plan = first_job(campaign.plan)
    run = campaign.send()
    requests = campaign.requests(lambda: campaign.fetch(run))
    assert requests == 3  # its state, its times and its result

    whole = submitted(campaign.plan, campaign.account, campaign.out)
    for kind in KINDS:
        for request in range(requests):
            # Fetching only reads at the service: a copy of the folder serves as well as a run of its own.
            run = HardwareRun(shutil.copytree(whole.path, campaign.out / f"{campaign.trials}" / whole.name))

            def action(run=run):
                campaign.fetch(run)
                return run

            campaign.trial(kind, request, action)
    campaign.report(record_property, f"fetching ({requests} requests)")


def test_a_submission_without_an_answer_is_found_again(served, server, tmp_path):
    _, account, plan = served
    run = create(first_job(plan), tmp_path)
    hasty = connect(HASTY)
    with server.failing(hang("POST", "/jobs", when=AFTER)) as fault:
        send(run, hasty, hasty.device(server.device), fresh=True, pace=PACE)
    assert fault.struck == 1
    assert counts(server, run) == [1]
    assert len(bring(run, account)) == 1


def test_a_result_that_does_not_come_is_told_and_asked_for_again(served, server, tmp_path):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path)
    with server.failing(hang("GET", "/results", when=AFTER)), unfinished("000 unreachable .*no answer came in time"):
        bring(run, connect(dataclasses.replace(HASTY, total=0)), wait=False)
    assert len(bring(run, account)) == 1
