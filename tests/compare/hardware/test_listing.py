import json

import pytest

from compare.engine.record import sealed
from compare.hardware.create import create
from compare.hardware.listing import find_run, list_runs
from compare.hardware.submit import send
from problems.errors import InputError
from tests.compare.hardware.runs import QUICK, SHOTS, bring, first_job, small_plan, submitted, unfinished
from tests.loopback import refuse


def test_a_run_is_listed_from_its_beginning_to_its_end(served, server, tmp_path):
    _, account, plan = served

    def status():
        (listed,) = list_runs(tmp_path)
        assert (listed["run"], listed["jobs"], listed["shots"]) == (run.name, 2, SHOTS)
        assert (listed["backend"], listed["started"]) == ("ibm_fez", run.record.started)
        assert listed["job_ids"] == [run.job_id(job) for job in run.jobs if run.job_id(job) is not None]
        return listed["status"], listed["done"], len(listed["job_ids"])

    run = create(plan, tmp_path)
    assert status() == ("prepared", 0, 0)
    with server.failing(refuse("POST", "/jobs", 400, skip=1)), unfinished("status 400"):
        send(run, account, plan.device, fresh=True, pace=QUICK)
    assert status() == ("partly submitted", 0, 1)
    send(run, account, plan.device, pace=QUICK)
    assert status() == ("submitted", 0, 2)
    server.delay = 3600.0
    server.set_state(run.job_id(run.jobs[0]), "Completed")
    with unfinished("001 queued"):
        bring(run, account, wait=False)
    assert status() == ("partly done", 1, 2)
    server.set_state(run.job_id(run.jobs[1]), "Failed")
    with unfinished("001 failed"):
        bring(run, account, wait=False)
    assert status() == ("failed", 1, 2)
    server.set_state(run.job_id(run.jobs[1]), "Completed")
    bring(run, account)
    assert status() == ("done", 2, 2)


def test_a_simulated_run_is_submitted_as_soon_as_it_is_written(tmp_path):
    run = create(small_plan("aer_statevector"), tmp_path)
    assert [(one["status"], one["job_ids"]) for one in list_runs(tmp_path)] == [("submitted", [])]
    bring(run, None)
    assert [(one["status"], one["job_ids"]) for one in list_runs(tmp_path)] == [("done", [])]


def test_runs_are_listed_oldest_first_and_no_service_is_asked(served, server, tmp_path):
    _, account, plan = served
    runs = [submitted(first_job(plan), account, tmp_path) for _ in range(3)]
    for run, day in zip(runs, ("03", "01", "02"), strict=True):
        path = run.path / "run.json"
        content = json.loads(path.read_text()) | {"started": f"2026-11-{day}T00:00:00+00:00"}
        path.write_text(json.dumps(content | {"digest": sealed(content)}))
    server.log.clear()
    assert [one["run"] for one in list_runs(tmp_path)] == [runs[1].name, runs[2].name, runs[0].name]
    assert server.log == []


@pytest.mark.parametrize("name", ["run.json", "job-000.json"])
def test_a_run_that_cannot_be_read_is_listed_with_the_reason(served, server, tmp_path, name):
    _, account, plan = served
    whole, broken = (submitted(first_job(plan), account, tmp_path) for _ in range(2))
    (broken.path / name).write_text("{")
    listed = {one["run"]: one for one in list_runs(tmp_path)}
    assert listed[whole.name]["status"] == "submitted"
    assert listed[broken.name]["status"] == "unreadable"
    assert f"{name} cannot be read" in listed[broken.name]["reason"]
    assert set(listed[broken.name]) == {*listed[whole.name], "reason"}
    json.dumps(list(listed.values()))


def test_a_folder_without_runs_lists_none_and_has_none_to_fetch(tmp_path):
    assert list_runs(tmp_path) == []
    with pytest.raises(InputError, match="holds no hardware runs; make one with tickets submit"):
        find_run(tmp_path, "hw-1")
