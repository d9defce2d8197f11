import dataclasses
import threading
from datetime import UTC, datetime, timedelta

import pytest

from compare.hardware.create import create
from compare.hardware.doubt import unsettled
from compare.hardware.listing import find_run
from compare.hardware.pace import Pace
from compare.hardware.record import Batch, Intent, Submission
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from problems.errors import InputError
from quantum.backends.ibm import Account
from tests.compare.hardware.runs import (
    QUICK,
    SHOTS,
    bring,
    connect,
    counts,
    first_job,
    in_one_line,
    resume,
    submitted,
    unfinished,
)
from tests.loopback import AFTER, refuse


def names(run):
    return sorted(path.name for path in run.path.iterdir() if not path.name.startswith("."))


WHOLE = ["calibration.json", "circuit-000.qpy", "circuit-001.qpy", "payload-000.npz", "payload-001.npz", "run.json"]


def test_a_run_is_whole_on_disk_before_the_service_hears_of_it(served, server, tmp_path, monkeypatch):
    _, account, plan = served
    server.log.clear()
    run = create(plan, tmp_path / "new" / "runs")
    assert names(run) == WHOLE
    assert server.log == []
    seen = []
    submit = Account.submit

    def watched(self, device, circuit, shots, tags, *more):
        seen.append((tags, names(run)))
        return submit(self, device, circuit, shots, tags, *more)

    monkeypatch.setattr(Account, "submit", watched)
    send(run, account, plan.device, fresh=True, pace=QUICK)
    intents = [f"job-{job.name}.intent.json" for job in run.jobs]
    assert seen == [
        ([run.name, f"{run.name}-000"], sorted([*WHOLE, "batch.json", intents[0]])),
        ([run.name, f"{run.name}-001"], sorted([*WHOLE, "batch.json", *intents, "job-000.json"])),
    ]
    for job in run.jobs:
        (made,) = server.tagged(job.tag)
        assert (made["id"], made["tags"]) == (run.job_id(job), [run.tag, job.tag])
        assert made["params"]["quantum_program"]["shots"] == SHOTS


def test_several_jobs_share_a_batch_that_is_closed(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    (batch,) = {job["session_id"] for job in server.tagged(run.tag)}
    assert server.sessions[batch]["accepting_jobs"] is False
    assert run.read(Batch).closed is True
    assert run.read(Batch).id == batch


def test_one_job_needs_no_batch(served, server, tmp_path):
    _, account, plan = served
    server.log.clear()
    run = submitted(first_job(plan), account, tmp_path)
    assert server.count("POST", "/sessions") == 0
    assert server.tagged(run.tag)[0]["session_id"] is None
    assert "batch.json" not in names(run)


def test_a_fresh_run_is_not_looked_for(served, server, tmp_path):
    _, account, plan = served
    server.log.clear()
    submitted(plan, account, tmp_path)
    assert server.count("GET", "/jobs") == 0


def test_resuming_a_whole_run_submits_nothing(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    server.log.clear()
    resume(run, account)
    assert server.count("POST") == 0
    assert counts(server, run) == [1, 1]


def test_a_run_that_was_only_written_is_submitted_by_another_process(served, server, tmp_path):
    _, account, plan = served
    run = create(plan, tmp_path)
    resume(run, account)
    assert counts(server, run) == [1, 1]
    assert len(bring(run, account)) == 2


def test_a_job_whose_id_was_never_written_is_found_by_its_tag(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    known = [run.job_id(job) for job in run.jobs]
    for job in run.jobs:
        (run.path / f"job-{job.name}.json").unlink()
    server.log.clear()
    resume(run, account)
    assert [run.job_id(job) for job in run.jobs] == known
    assert server.count("POST", "/jobs") == 0
    known = run.read(Submission, run.jobs[0])
    assert (known.found_by, known.attempt, known.batch) == ("tag", 1, run.read(Batch).id)


def test_a_job_that_is_listed_late_is_waited_for(served, server, tmp_path):
    _, account, plan = served
    server.tag_lag = 0.3
    patient = dataclasses.replace(QUICK, settle=5.0)
    run = create(first_job(plan), tmp_path)
    said = []
    with server.failing(refuse("POST", "/jobs", 500, when=AFTER)):
        send(run, account, plan.device, fresh=True, pace=patient, say=said.append)
    assert counts(server, run) == [1]
    assert run.job_id(run.jobs[0]) == server.tagged(run.tag)[0]["id"]
    assert "it is not known whether it did" in said[0]
    assert any("still be under way" in line for line in said)


def test_a_submission_whose_answer_was_lost_and_that_made_no_job_is_left_to_be_resumed(served, server, tmp_path):
    _, account, plan = served
    run = create(first_job(plan), tmp_path)
    fault = refuse("POST", "/jobs", 500)
    with server.failing(fault), unfinished(f"not known whether it did.* tickets submit --resume {run.name} --out"):
        send(run, account, plan.device, fresh=True, pace=QUICK)
    assert (fault.struck, counts(server, run)) == (1, [0])
    assert run.read(Intent, run.jobs[0]).attempt == 1
    resume(run, account)
    assert run.read(Intent, run.jobs[0]).attempt == 2
    assert counts(server, run) == [1]


def test_after_a_certain_refusal_there_is_nothing_to_look_for(served, server, tmp_path):
    _, account, plan = served
    before = set(server.sessions)
    run = create(plan, tmp_path)
    with server.failing(refuse("POST", "/jobs", 429, retry_after=3600)), unfinished("try again in 3600 seconds"):
        send(run, account, plan.device, fresh=True, pace=QUICK)
    assert [name for name in names(run) if name.startswith("job")] == []
    assert unsettled(run, run.jobs[0], QUICK) is None
    resume(run, account)
    assert counts(server, run) == [1, 1]
    batches = [batch for name, batch in server.sessions.items() if name not in before]
    assert [batch["accepting_jobs"] for batch in batches] == [False, False]


def test_a_device_that_is_gone_between_submission_and_resuming_is_told(served, server, tmp_path):
    _, account, plan = served
    run = create(plan, tmp_path)
    with server.failing(refuse("POST", "/jobs", 400, skip=1)), unfinished("status 400"):
        send(run, account, plan.device, fresh=True, pace=QUICK)
    server.gone = True
    with pytest.raises(InputError, match="There is no IBM device 'ibm_fez'") as refusal:
        resume(run, connect())
    in_one_line(refusal)
    assert counts(server, run) == [1, 0]
    assert run.read(Batch).closed is False
    with unfinished("000 done; 001 never submitted .*tickets submit --resume"):
        bring(run, account)
    assert run.has_result(run.jobs[0])
    server.gone = False
    resume(run, account)
    assert counts(server, run) == [1, 1]
    assert len(bring(run, account)) == 2


def test_an_interruption_says_how_to_go_on(served, server, tmp_path, monkeypatch):
    _, account, plan = served
    run = create(plan, tmp_path)

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Account, "submit", interrupted)
        with unfinished(f"interrupted.*tickets submit --resume {run.name}", code=130):
            send(run, account, plan.device, fresh=True, pace=QUICK)
    resume(run, account)
    assert counts(server, run) == [1, 1]


def test_two_processes_that_resume_at_once_submit_once(served, server, tmp_path):
    _, _, plan = served
    run = create(plan, tmp_path)
    start, failures = threading.Barrier(3), []

    def work(account):
        start.wait()
        try:
            send(HardwareRun(run.path), account, pace=QUICK)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(connect(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert counts(server, run) == [1, 1]


def test_of_two_jobs_with_one_tag_the_one_with_a_result_is_taken(served, server, tmp_path):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path)
    first = run.job_id(run.jobs[0])
    bring(run, account)
    copy = create(first_job(plan), tmp_path / "other")
    second = account.submit(plan.device, run.circuit(run.jobs[0]), SHOTS, [run.tag, run.jobs[0].tag])
    assert copy.tag != run.tag
    for failed, whole in ((first, second), (second, first)):
        server.set_state(failed, "Failed")
        server.set_state(whole, "Completed")
        (run.path / "job-000.json").unlink()
        resume(run, account)
        known = run.read(Submission, run.jobs[0])
        assert (known.id, known.others) == (whole, (failed,))


@pytest.mark.parametrize(("age", "left"), [(0, 60.0), (200, 60.0), (330, 30.0), (360, 0.0), (1e6, 0.0), (-100, 60.0)])
def test_a_submission_is_settled_a_while_after_the_longest_it_can_take(served, tmp_path, age, left):
    run = create(first_job(served[2]), tmp_path)
    assert unsettled(run, run.jobs[0], Pace()) is None
    at = (datetime.now(UTC) - timedelta(seconds=age)).isoformat()
    run.write(Intent(at=at, attempt=1, batch=None), run.jobs[0])
    assert unsettled(run, run.jobs[0], Pace(settle=60.0, submission=300.0)) == pytest.approx(left, abs=2.0)


def test_a_submission_begun_at_no_time_is_named(served, tmp_path):
    run = create(first_job(served[2]), tmp_path)
    run.write(Intent(at="no time", attempt=1, batch=None), run.jobs[0])
    with pytest.raises(InputError, match=r"job-000\.intent\.json is damaged"):
        unsettled(run, run.jobs[0], Pace())


def test_a_job_without_a_recorded_circuit_is_not_submitted(served, server, tmp_path):
    _, account, plan = served
    run = create(first_job(plan), tmp_path)
    del run.jobs[0].files["circuit-000.qpy"]
    with pytest.raises(InputError, match="has no recorded circuit"):
        send(run, account, plan.device, fresh=True, pace=QUICK)
    assert counts(server, run) == [0]


def test_names_of_runs_are_not_taken_twice(served, tmp_path, monkeypatch):
    plan = first_job(served[2])
    drawn = iter(["aaaaaa", "aaaaaa", "bbbbbb"])
    monkeypatch.setattr("compare.hardware.create.secrets.token_hex", lambda _: next(drawn))
    first, second = create(plan, tmp_path), create(plan, tmp_path)
    assert (first.name[-6:], second.name[-6:]) == ("aaaaaa", "bbbbbb")
    assert find_run(tmp_path, first.name).tag == first.tag != second.tag


def test_further_jobs_have_seeds_of_their_own(served):
    plan = served[2]
    assert plan.jobs[0].seed == plan.order.seed
    assert len({job.seed for job in plan.jobs}) == 2
    assert all(isinstance(job.seed, int) for job in plan.jobs)
