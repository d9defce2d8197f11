"""The disk is full at each write of a submission and of a fetch, one at a time; afterwards there is room again."""

import errno
import os
import resource
import shutil

import pytest

from compare import durable
from compare.hardware.create import create
from compare.hardware.fetch import fetch
from compare.hardware.listing import open_runs
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from compare.unfinished import Unfinished
from tests.compare.hardware.runs import QUICK, bring, counts, first_job, in_one_line, resume, small_plan, submitted
from tests.compare.hardware.vendor_kills import KILLS

STRIDE = 1 if KILLS >= 200 else 3
"""Of the four steps that each file of a submission takes, by default every third of all is tried; all by make kills."""


class FullDisk:
    """Counts the steps of writing files, and fails at one of them; in the midst of a file, half of it is written."""

    def __init__(self, patch, fatal=None):
        self.fatal, self.steps = fatal, 0
        write = durable._write
        patch.setattr(durable, "_write", lambda path, content: self.write(write, path, content))
        for name in ("fsync", "replace", "rename"):
            patch.setattr(os, name, self.around(getattr(os, name)))

    def step(self):
        self.steps += 1
        if self.steps == self.fatal:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def write(self, write, path, content):
        try:
            self.step()
        except OSError:
            path.write_bytes(content[: len(content) // 2])
            raise
        write(path, content)

    def around(self, function):
        def counted(*arguments, **options):
            self.step()
            return function(*arguments, **options)

        return counted


def steps(monkeypatch, action):
    with monkeypatch.context() as patch:
        disk = FullDisk(patch)
        action()
    return disk.steps


def stops(monkeypatch, step, action):
    """Run into the full disk at this step; what is told is one line that says so."""
    with monkeypatch.context() as patch:
        FullDisk(patch, step)
        with pytest.raises(Unfinished, match=r"cannot be written \(No space left on device\)") as stop:
            action()
    in_one_line(stop)
    assert stop.value.code == 1
    return str(stop.value)


def runs_in(out):
    assert not out.exists() or [path.name for path in out.rglob("*.part")] == []
    return list(open_runs(out).values()) if out.exists() else []


def test_a_submission_into_a_full_disk_is_taken_up_again(served, server, tmp_path, monkeypatch, record_property):
    _, account, plan = served

    def submit(out):
        send(create(plan, out), account, plan.device, fresh=True, pace=QUICK)

    count = steps(monkeypatch, lambda: submit(tmp_path / "whole" / "runs"))
    assert count > 30
    without_run = 0
    chosen = range(1, count + 1, STRIDE)
    for step in chosen:
        out, known = tmp_path / str(step) / "runs", set(server.jobs)
        told = stops(monkeypatch, step, lambda out=out: submit(out))
        runs = runs_in(out)
        if not runs or "--resume" not in told:  # the run itself was not written
            without_run += 1
            assert set(server.jobs) == known
            continue
        (run,) = runs
        assert f"tickets submit --resume {run.name}" in told
        resume(run, account, plan.device)
        assert counts(server, run) == [1, 1]
        assert [run.job_id(job) for job in run.jobs] == [server.tagged(job.tag)[0]["id"] for job in run.jobs]
        assert set(bring(run, account)) == {"000", "001"}
    assert 5 // STRIDE < without_run < len(chosen) - 15 // STRIDE
    record_property(
        "measured",
        f"full disk while submitting: at {len(chosen)} of {count} steps, {without_run} before there was a run: "
        "0 duplicates, 0 losses",
    )


@pytest.mark.parametrize("where", ["service", "simulator"])
def test_a_fetch_into_a_full_disk_is_taken_up_again(served, server, tmp_path, monkeypatch, record_property, where):
    _, account, plan = served
    plan = first_job(plan) if where == "service" else small_plan("aer_statevector")

    def submit(out):
        return submitted(plan, account, out) if where == "service" else create(plan, out)

    def bring_once(run):
        fetch(HardwareRun(run.path), False, lambda: account, QUICK)

    first = submit(tmp_path / "first")
    whole = shutil.copytree(first.path, tmp_path / "whole" / first.name)
    count = steps(monkeypatch, lambda: bring_once(first))
    assert count == (16 if where == "service" else 8)  # of each file: content, to disk, its name, the folder
    for step in range(1, count + 1):
        # Fetching only reads at the service: a copy of the folder serves as well as a run of its own.
        run = HardwareRun(shutil.copytree(whole, tmp_path / str(step) / first.name))
        told = stops(monkeypatch, step, lambda run=run: bring_once(run))
        assert told.endswith(
            f"make room. What was fetched is kept, and goes on with: tickets fetch {run.name} --out {run.path.parent}"
        )
        assert not list(run.path.glob(".*.part"))
        bits = bring(run, account)
        if where == "service":
            assert counts(server, run) == [1]
        else:
            assert bits == bring(first, account)
    record_property("measured", f"full disk while fetching from a {where}: at each of {count} steps: 0 losses")


def test_files_that_do_not_fit_are_not_half_there(served, server, tmp_path):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path / "runs")
    size = len(server.result_text(run.job_id(run.jobs[0])))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = sorted(path.name for path in run.path.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (size - 1, hard))
    try:
        with pytest.raises(Unfinished, match=r"result-000.raw cannot be written \(File too large\); make room"):
            bring(run, account)
        with pytest.raises(Unfinished, match="cannot be written"):
            create(small_plan("ibm_fez", 2, account=account), tmp_path / "new")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(path.name for path in run.path.iterdir()) == before
    assert list((tmp_path / "new").iterdir()) == []
    assert len(bring(run, account)) == 1


def test_a_full_disk_at_the_lock_is_told(served, server, tmp_path, monkeypatch):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path)
    (run.path / ".lock").unlink()

    whole = os.open

    def full(path, *rest, **more):
        if str(path).endswith(".lock"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return whole(path, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", full)
        with pytest.raises(Unfinished, match=r"\.lock cannot be written \(No space left on device\); make room"):
            bring(run, account)
    assert len(bring(run, account)) == 1
