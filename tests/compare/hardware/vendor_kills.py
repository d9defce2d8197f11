"""Submitting, fetching and resuming on a vendor's service, killed at every write and request."""

import contextlib
import itertools
import os
import shutil

import numpy as np

from compare.hardware.create import create
from compare.hardware.fetch import fetch
from compare.hardware.listing import open_runs
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from compare.unfinished import Unfinished
from quantum.backends.adapter import Guarantee
from tests.compare.hardware.in_process import killed_at, points_of
from tests.compare.hardware.runs import QUICK, in_one_line

KILLS = int(os.environ.get("KILLS", "12"))
"""For each vendor; `make kills` asks for 200."""


class VendorKills:
    """Trials and what they found.

    Parameters
    ----------
    out
        A folder.
    plan
        What is submitted.
    guarantee
        The vendor's.
    submitted
        How many jobs the service has of a tag.
    """

    def __init__(self, out, plan, guarantee, submitted):
        self.out, self.plan, self.guarantee, self.submitted = out, plan, guarantee, submitted
        self.trials = self.twice = self.lost = self.unknown = self.risked = self.damaged = 0
        self.whole = self._submit(out / "whole")
        fetch(self.whole, connect=lambda: plan.account, pace=QUICK)
        assert [submitted(job.tag) for job in self.whole.submitted] == [1] * len(self.whole.submitted)

    def _submit(self, out):
        run = create(self.plan, out)
        send(run, self.plan.account, self.plan.device, fresh=True, pace=QUICK)
        return run

    def _fetch(self, path):
        fetch(HardwareRun(path), connect=lambda: self.plan.account, pace=QUICK)

    def run(self, kills):
        """Kill so often: spread over all moments of submitting, of resuming what was killed, and of fetching."""
        submitting = points_of(lambda: self._submit(self.out / "counted"))
        (counted,) = open_runs(self.out / "counted").values()
        shutil.copytree(counted.path, self.out / "unfetched")
        fetching = points_of(lambda: self._fetch(counted.path))
        moments = [("submit", point, None) for point in range(1, submitting + 1)]
        moments += [("fetch", point, None) for point in range(1, fetching + 1)]
        middle = submitting // 2
        moments += [("submit", first, second) for first, second in itertools.product(range(middle, submitting), (3, 7))]
        chosen = np.linspace(0, len(moments) - 1, min(kills, len(moments))).round().astype(int)
        for number in itertools.islice(itertools.cycle(chosen), kills):
            self.trial(*moments[number])
        return len(moments)

    def trial(self, what, point, again):
        self.trials += 1
        out = self.out / f"trial-{self.trials}"
        if what == "fetch":
            path = shutil.copytree(self.out / "unfetched", out / "copy")
            killed_at(point, lambda: self._fetch(path))
            self.recover(HardwareRun(path))
        else:
            killed_at(point, lambda: self._submit(out))
            runs = list(open_runs(out).values()) if out.is_dir() else []
            if not runs:
                return  # nothing was submitted: requests follow the folder
            (run,) = runs
            if again is not None:
                with contextlib.suppress(AssertionError, Unfinished):  # it had ended, or had stopped, before
                    killed_at(again, lambda: self.resume(run))
            self.recover(run)
        shutil.rmtree(out)

    def resume(self, run, **options):
        send(HardwareRun(run.path), self.plan.account, self.plan.device, pace=QUICK, **options)

    def recover(self, run):
        """Resume and fetch, and count what there is twice, or not at all."""
        run = HardwareRun(run.path)
        told = None
        try:
            self.resume(run)
        except Unfinished as stopped:
            told = in_one_line(stopped)
        if told is not None:
            assert self.guarantee is Guarantee.NONE
            assert f"tickets submit --resume {run.name} --out" in told
            in_doubt = [job for job in run.submitted if run.job_id(job) is None]
            assert in_doubt[0].tag in told
            self.unknown += len(in_doubt)
            before = [self.submitted(job.tag) for job in run.submitted]
            self.twice += sum(max(count - 1, 0) for count in before)
            self.resume(run, again=True)
            self.risked += sum(self.submitted(job.tag) - 1 for job in run.submitted)
        else:
            self.twice += sum(self.submitted(job.tag) - 1 for job in run.submitted)
        self._fetch(run.path)
        self.lost += sum(not run.has_result(job) for job in run.jobs)
        for own, other in zip(run.jobs, self.whole.jobs, strict=True):
            shapes = [one.result(job).arrays["bits"].shape for one, job in ((run, own), (self.whole, other))]
            self.damaged += shapes[0] != shapes[1]

    def report(self, record_property, name, moments):
        text = (
            f"killed on {name} {self.trials} times, of {moments} moments: {self.twice} submitted twice, {self.lost} "
            f"lost, {self.unknown} unknown until submitted again at the user's risk, {self.risked} then twice"
        )
        print(text)
        record_property("measured", text)
        assert (self.twice, self.lost, self.damaged) == (0, 0, 0)
