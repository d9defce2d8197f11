"""Runs of version 2, stored as older code wrote them, are read; what that code would misread is of version 3.

`stored/fetched.zip` and `stored/prepared.zip` are of code that knew IBM's devices and simulators alone, one job each on
the device of `tests.loopback`; `stored/shared.zip` has two rounds of circuits that run at once on a snapshot, and also
alone, as they were written before version 3.
"""

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest

from compare.hardware.at_once import AtOnce
from compare.hardware.create import create
from compare.hardware.plan import Order, make_plan
from compare.hardware.record import schema_of
from compare.hardware.replay import replay
from compare.hardware.run import HardwareRun
from tests.compare.hardware.runs import bring, counts, resume, small_payloads, unfinished
from tests.loopback.environment import connected

STORED = Path(__file__).parent / "stored"


@pytest.fixture
def stored(tmp_path):
    """A stored run, unpacked."""

    def unpack(name):
        with ZipFile(STORED / f"{name}.zip") as archive:
            archive.extractall(tmp_path)
        return HardwareRun(next(tmp_path.glob("hw-*")))

    return unpack


def test_a_fetched_run_is_replayed(stored):
    run = stored("fetched")
    assert (run.record.schema, run.record.guarantee, run.target()) == (2, None, None)
    (again,) = replay(run)
    assert (again.shots, again.source) == (60, "read again from the service's answer")
    assert again.numbers == 1


def test_a_prepared_run_is_submitted_and_fetched(stored, tmp_path):
    run = stored("prepared")
    with connected(tmp_path, qubits=None) as (server, account):
        with unfinished("000 never submitted"):
            bring(run, account)
        resume(run, account)
        assert counts(server, run) == [1]
        assert len(bring(run, account)) == 1


def test_rounds_and_shared_jobs_of_version_2_are_what_they_were(stored):
    run = stored("shared")
    assert run.record.schema == 2
    assert [job.round for job in run.jobs] == 4 * [0] + 4 * [1]
    assert [job.shared and job.shared.lead for job in run.jobs] == ["000", "000", None, None, "004", "004", None, None]
    assert [job.alone for job in run.jobs] == [None, None, "000", "001", None, None, "004", "005"]
    again = replay(run)
    assert len(again) == 8
    assert max(one.farthest for one in again) <= 1e-12
    (run.path / "result-005.npz").unlink()
    before = run.jobs[5]
    bits = bring(run, None)
    assert len(bits) == 8
    assert replay(HardwareRun(run.path))[5].shots == run.shots(before)


def test_only_what_older_code_would_misread_is_of_version_3(served, tmp_path):
    plan = served[2]
    assert create(plan, tmp_path).record.schema == 2
    turns = replace(plan, jobs=[*plan.jobs, *(replace(job, round=1) for job in plan.jobs)])
    assert create(turns, tmp_path).record.schema == 3
    alone = replace(plan, jobs=[*plan.jobs, replace(plan.jobs[0], alone=0)])
    assert create(alone, tmp_path).record.schema == 3
    local = make_plan([*small_payloads(1)] * 2, Order("fake_yorktown", 20, at_once=AtOnce(2)))
    assert create(local, tmp_path).record.schema == 3
    record = create(plan, tmp_path).record
    for backend, version in (("ionq_qpu.forte-1", 3), ("arn:aws:braket:eu-north-1::device/qpu/x", 3), ("ibm_kyiv", 2)):
        assert schema_of(msgspec.structs.replace(record, backend=backend)) == version
    assert schema_of(msgspec.structs.replace(record, backend="aer_mps", local=True)) == 2
