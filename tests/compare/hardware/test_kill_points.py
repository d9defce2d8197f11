"""A process that submits or fetches is killed at its writes and requests, and at random moments.

Whatever moment it is, resuming and fetching leads to each job's result, and the service has each job once.
"""

import random
import shutil
import time

import numpy as np
import pytest

from compare.hardware.fetch import fetch
from compare.hardware.listing import open_runs
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from tests.compare.hardware.prepared import Prepared
from tests.compare.hardware.runs import QUICK, SHOTS, connect, one_answer
from tests.compare.hardware.vendor_kills import KILLS
from tests.copies import KILLED
from tests.loopback import RuntimeServer

RANDOM_KILLS = KILLS // 4
"""Kills at random moments, beside those at writes and requests: spread over all, and one at each in `make kills`."""

TWICE = max(KILLS // 3, 3)
"""At most so many of the service's trials have the first recovery killed too."""

SHARE = 0.8
"""Random moments lie in this part of the measured time, as a machine under load becomes faster again."""


def kept(run):
    """The results of a run that are on disk, whole."""
    return {job.name: run.result(job).arrays["bits"].tobytes() for job in run.jobs if run.has_result(job)}


class Campaign:
    """Trials and what they found."""

    def __init__(self, out, prepared, backend, server, account):
        self.out, self.prepared, self.backend, self.server, self.account = out, prepared, backend, server, account
        self.device = None if account is None else account.device(server.device)
        self.trials = self.killed = self.duplicates = self.losses = self.without_run = self.killed_again = 0
        _, self.submit_points, self.first = self.submitted(out / "first")
        _, self.fetch_points = self.timed("fetch", self.first.path)
        # The first of all is the slowest: random moments come from the second.
        self.submit_seconds, _, second = self.submitted(out / "second")
        shutil.copytree(second.path, out / "unfetched")  # fetching only reads at the service: a copy serves as well
        self.fetch_seconds, _ = self.timed("fetch", second.path)
        self.expected = kept(self.first)
        assert kept(second) == self.expected
        assert len(self.expected) == len(self.first.jobs)

    def timed(self, action, path):
        start = time.perf_counter()
        code, points = self.prepared.trial(self.backend, action, path)
        assert code == 0
        return time.perf_counter() - start, points

    def submitted(self, out):
        seconds, points = self.timed("submit", out)
        (run,) = self.runs(out)
        return seconds, points, run

    def runs(self, out):
        return list(open_runs(out).values()) if out.exists() else []

    def during_submit(self, killed_again=False, **moment):
        out = self.out / f"trial-{self.trials}"
        before = set() if self.server is None else set(self.server.jobs)
        code, _ = self.prepared.trial(self.backend, "submit", out, **moment)
        runs = self.runs(out)
        self.count(code)
        if not runs:
            self.without_run += 1
            if self.server is not None:  # nothing is submitted that could not be found again
                self.losses += len(set(self.server.jobs) - before)
            return
        self.recover(runs[0], {}, killed_again)

    def during_fetch(self, **moment):
        run = HardwareRun(shutil.copytree(self.out / "unfetched", self.out / f"trial-{self.trials}" / "copy"))
        code, _ = self.prepared.trial(self.backend, "fetch", run.path, **moment)
        self.count(code)
        self.recover(run, kept(run))

    def count(self, code):
        self.trials += 1
        self.killed += code == KILLED
        assert code in (0, KILLED)

    def recover(self, run, before, killed_again=False):
        if killed_again:
            point = random.Random(self.trials).randint(1, self.submit_points // 2)
            self.killed_again += self.prepared.trial(self.backend, "resume", run.path, point=point)[0] == KILLED
        run = HardwareRun(run.path)
        if self.account is not None:
            send(run, self.account, self.device, pace=QUICK)
        fetch(run, True, lambda: self.account, QUICK)
        after = kept(run)
        self.losses += sum(after.get(name) != bits for name, bits in (before | self.expected).items())
        if self.server is not None:
            for job in run.jobs:
                submitted = self.server.tagged(job.tag)
                self.duplicates += len(submitted) - 1
                assert run.job_id(job) in [one["id"] for one in submitted]
            assert len(self.server.tagged(run.tag)) == len(run.jobs)
        assert not [path for path in run.path.iterdir() if path.suffix == ".half"]
        shutil.rmtree(run.path.parent)

    def report(self, record_property, name):
        text = (
            f"killed while submitting and fetching, {name}: {self.killed} times of {self.trials} and "
            f"{self.killed_again} in recovery, {self.without_run} before there was a run: "
            f"{self.duplicates} duplicates, {self.losses} losses"
        )
        print(text)
        record_property("measured", text)
        assert (self.duplicates, self.losses) == (0, 0)


def spread(points, kills):
    """So many of the moments from 1 to `points`, first and last among them, or all of them."""
    return np.linspace(1, points, min(kills, points)).round().astype(int).tolist()


@pytest.fixture(scope="module")
def campaigns():
    """A service and the process whose copies are killed."""
    with pytest.MonkeyPatch.context() as patch, RuntimeServer() as server:
        patch.setattr(server, "result_text", one_answer(server))
        for name, value in server.environ.items():
            patch.setenv(name, value)
        prepared = Prepared(server.environ, {"ibm_fez": 2, "fake_fez": 1})
        yield server, prepared
        prepared.close()


def test_no_job_is_lost_or_submitted_twice_on_a_service(campaigns, tmp_path, record_property):
    server, prepared = campaigns
    campaign = Campaign(tmp_path, prepared, "ibm_fez", server, connect())
    rng = random.Random(5)
    submits, fetches = campaign.submit_points, campaign.fetch_points
    chosen = spread(submits, KILLS)
    for place, point in enumerate(chosen):
        campaign.during_submit(point=point, killed_again=0 <= place - len(chosen) // 2 < TWICE)
    for point in spread(fetches, KILLS // 2):
        campaign.during_fetch(point=point)
    at_points = campaign.trials
    assert campaign.killed == at_points
    while campaign.killed < at_points + RANDOM_KILLS:
        if campaign.trials % 3:
            campaign.during_submit(after=rng.uniform(0, SHARE * campaign.submit_seconds))
        else:
            campaign.during_fetch(after=rng.uniform(0, SHARE * campaign.fetch_seconds))
    campaign.report(record_property, f"service ({submits} + {fetches} points)")


def test_no_result_is_lost_on_a_fake_device(campaigns, tmp_path, record_property):
    campaign = Campaign(tmp_path, campaigns[1], "fake_fez", None, None)
    assert campaign.first.record.shots == SHOTS
    rng = random.Random(6)
    submits, fetches = campaign.submit_points, campaign.fetch_points
    for point in spread(fetches, KILLS // 2):
        campaign.during_fetch(point=point)
    for point in spread(submits, KILLS // 2):
        campaign.during_submit(point=point)
    at_points = campaign.trials
    assert campaign.killed == at_points
    while campaign.killed < at_points + RANDOM_KILLS:
        campaign.during_fetch(after=rng.uniform(0, SHARE * campaign.fetch_seconds))
    campaign.report(record_property, f"fake ({submits} + {fetches} points)")
