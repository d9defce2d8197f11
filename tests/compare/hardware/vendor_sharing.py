"""Jobs that circuits share, on a vendor's service: one submission, one answer, and of it each circuit's own bits."""

import dataclasses
import itertools
import shutil

import numpy as np

from compare.hardware.at_once import AtOnce
from compare.hardware.create import create
from compare.hardware.fetch import fetch
from compare.hardware.listing import list_runs
from compare.hardware.payload import Ordered
from compare.hardware.plan import Order, make_plan
from compare.hardware.record import Outcome, Submission
from compare.hardware.replay import replay
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from compare.unfinished import Unfinished
from quantum.backends.adapter import Guarantee
from tests.compare.hardware.runs import QUICK, in_one_line, small_payloads, unfinished
from tests.compare.hardware.vendor_kills import VendorKills

__all__ = ["Sharing"]

SHOTS = 20


class Sharing:
    """A plan of three circuits, two of which share a job and also run alone, and what becomes of it.

    Parameters
    ----------
    device, account
        Where it runs.
    submitted
        How many jobs the service has of a tag.
    """

    def __init__(self, device, account, submitted):
        (payload,) = small_payloads(1)
        payloads = [payload, payload, Ordered(payload, 10, 5)]
        self.plan = make_plan(payloads, Order(device, SHOTS, 3, at_once=AtOnce(2, alone=True)), account)
        self.shared = dataclasses.replace(self.plan, jobs=self.plan.jobs[:2])
        self.submitted = submitted

    def counts(self, run):
        return [self.submitted(job.tag) for job in run.jobs]

    def send(self, run, fresh=False, **options):
        send(HardwareRun(run.path), self.plan.account, self.plan.device, fresh=fresh, pace=QUICK, **options)

    def bring(self, run):
        fetch(HardwareRun(run.path), connect=lambda: self.plan.account, pace=QUICK)

    def split(self, out, outcomes):
        """Each circuit has the bits of its own qubits, in one answer; `outcomes` reads a qubit's column in it."""
        run = create(self.plan, out)
        assert run.record.schema == 3
        self.send(run, fresh=True)
        assert self.counts(run) == [1, 0, 1, 1, 1]
        self.bring(run)
        for job in run.jobs:
            circuit, raw = run.circuit(job), (run.path / f"result-{run.lead(job).name}.raw").read_text()
            bits = run.result(job).arrays["bits"]
            measures = [one for one in circuit.data if one.operation.name == "measure"]
            assert len(measures) == job.bits
            for one in measures:
                column = outcomes(raw, circuit.find_bit(one.qubits[0]).index)
                np.testing.assert_array_equal(bits[:, circuit.find_bit(one.clbits[0]).index], column)
            of_both = "fetched, and split from what ran at once in job 000"
            assert run.read(Outcome, job).source == ("fetched" if job.shared is None else of_both)
        assert not set(run.jobs[0].shared.region) & set(run.jobs[1].shared.region)
        assert [job.alone for job in run.jobs] == [None, None, None, "000", "001"]
        assert [one.source for one in replay(run)] == ["read again from the service's answer"] * 5
        assert [entry["status"] for entry in list_runs(out)] == ["done"]

    def faults(self, server, kinds, requests, out):
        """No fault of the service submits the job twice, or loses a part of its answer."""
        for (name, kind), request in itertools.product(kinds.items(), requests):
            run = create(self.shared, out)
            with server.failing(kind(skip=request, times=1)) as fault:
                try:
                    self.send(run, fresh=True)
                    self.bring(run)
                except Unfinished as stopped:
                    in_one_line(stopped)
            assert fault.struck == 1
            in_doubt = run.record.guarantee == Guarantee.NONE.value and request == 0 and name != "429"
            if in_doubt:
                with unfinished("submission of job 000 broke off.*--again"):
                    self.send(run)
                with unfinished("job 000, 001 unknown .*--again"):
                    self.bring(run)
            assert self.counts(run)[0] <= 1
            self.send(run, again=in_doubt)
            assert self.counts(run)[1] == 0
            assert in_doubt or self.counts(run)[0] == 1
            self.bring(run)
            assert all(run.has_result(job) for job in run.jobs)
            shutil.rmtree(run.path)

    def held_up(self, fail, out):
        """One circuit that is held up holds up the other: `fail` lets a job of this id fail, too hot."""
        run = create(self.shared, out)
        self.send(run, fresh=True)
        fail(run.job_id(run.jobs[1]))
        with unfinished(r"job 000, 001 failed \(.*too hot\)"):
            self.bring(run)
        assert run.read(Submission, run.jobs[0]).state == "failed"
        assert run.read(Submission, run.jobs[1]) is None

    def kills(self, out, guarantee, kills):
        """Kill it so often, and return what was found."""
        found = VendorKills(out, self.shared, guarantee, self.submitted)
        found.run(kills)
        assert (found.twice, found.lost, found.damaged) == (0, 0, 0)
        return found
