import dataclasses
import importlib
import shutil
import threading

import numpy as np
import pytest
from qiskit_aer import AerSimulator
from qiskit_ibm_runtime.executor_sampler import Sampler

from compare.hardware.create import create
from compare.hardware.fetch import fetch
from compare.hardware.listing import list_runs
from compare.hardware.record import Batch, Intent, Submission
from compare.hardware.run import HardwareRun
from compare.studies.ridgelet.jobs import measurement_of, problem_of
from compare.unfinished import Unfinished
from problems.errors import InputError
from quantum.ridgelet import ENCODINGS
from tests.compare.hardware.runs import (
    QUICK,
    SHOTS,
    bring,
    connect,
    counts,
    first_job,
    in_one_line,
    resume,
    small_plan,
    submitted,
    unfinished,
)
from tests.loopback import RuntimeServer, cut, refuse


def nobody():
    raise AssertionError("the service was asked")


def test_the_bits_are_those_that_the_device_measured(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    bring(run, account)
    for job, planned in zip(run.jobs, plan.jobs, strict=True):
        (made,) = server.tagged(job.tag)
        sampler = Sampler(AerSimulator(), options={"simulator": {"seed_simulator": made["_seed"]}})
        measured = sampler.run([planned.circuit], shots=SHOTS).result()[0].data.node.to_bool_array(order="little")
        result = run.result(job).arrays
        assert result["bits"].tobytes() == measured.tobytes()
        problem = problem_of(planned.payload)
        digits, valid = ENCODINGS["binary"](problem.prime).decode(measured)
        np.testing.assert_array_equal(result["valid"], valid)
        np.testing.assert_array_equal(result["a"], digits[valid][:, :-1])
        np.testing.assert_array_equal(result["b"], digits[valid][:, -1])
        np.testing.assert_allclose(result["density"], problem.density(measurement_of(result).nodes), rtol=0)
        raw = (run.path / f"result-{job.name}.raw").read_text()
        assert raw == server.result_text(run.job_id(job))


def test_what_is_on_disk_is_not_asked_for_again(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    first = bring(run, account)
    before = {path.name: path.read_bytes() for path in run.path.iterdir()}
    server.log.clear()
    fetch(HardwareRun(run.path), True, nobody)
    assert server.log == []
    assert {path.name: path.read_bytes() for path in run.path.iterdir()} == before
    assert len(first) == 2


def test_a_copied_folder_is_fetched_when_everything_else_is_gone(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path / "here")
    other = shutil.copytree(run.path, tmp_path / "there" / "renamed")
    shutil.rmtree(tmp_path / "here")
    copy = HardwareRun(other)
    bits = bring(copy, account)
    assert len(bits) == 2
    assert counts(server, copy) == [1, 1]
    for job, planned in zip(copy.jobs, plan.jobs, strict=True):
        nodes = measurement_of(copy.result(job).arrays).nodes
        assert np.all(problem_of(planned.payload).probability(nodes) > 0)


def test_without_waiting_it_says_where_the_jobs_are(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    first, second = (run.job_id(job) for job in run.jobs)
    server.delay = 3600.0
    server.set_state(first, "Running")
    with unfinished(f"job 000 running; 001 queued; later: tickets fetch {run.name} --out {tmp_path}"):
        bring(run, account, wait=False)
    server.set_state(second, "Completed")
    with unfinished("job 000 running; 001 done"):
        bring(run, account, wait=False)
    assert run.has_result(run.jobs[1])
    server.delay = 0.0
    assert len(bring(run, account, wait=False)) == 2


def test_waiting_lasts_until_all_jobs_have_ended(served, server, tmp_path):
    _, account, plan = served
    server.delay = 0.4
    run = submitted(plan, account, tmp_path)
    said = []
    fetch(run, True, lambda: account, QUICK, said.append)
    assert all(run.has_result(job) for job in run.jobs)
    waited = [line for line in said if "queued" in line]
    assert waited
    assert len(set(said)) == len(said)  # what has not changed is not said again
    assert all("\n" not in line for line in said)


ENDS = {
    "failed": ({"status": "Failed", "reason": "Circuit too deep", "reason_code": 6073}, r"Circuit too deep .code 6073"),
    "cancelled": ({"status": "Cancelled"}, r"001 cancelled; what has failed needs a new run"),
}


@pytest.mark.parametrize("end", [*ENDS, "gone"])
def test_a_job_that_ends_badly_is_told_and_the_others_are_fetched(served, server, tmp_path, end):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    second = run.job_id(run.jobs[1])
    if end == "gone":
        del server.jobs[second]
        told = "001 gone .the service does not know the job"
    else:
        state, told = ENDS[end]
        server.set_state(second, **state)
    server.log.clear()
    for _ in range(2):  # each time alike, and never submitted anew
        with unfinished(told):
            bring(run, account)
    assert run.has_result(run.jobs[0])
    assert not run.has_result(run.jobs[1])
    assert server.count("POST", "/jobs") == 0
    assert run.read(Submission, run.jobs[1]).state == end
    (listed,) = list_runs(tmp_path)
    assert (listed["status"], listed["done"]) == ("failed", 1)


def test_a_device_that_is_gone_still_gives_its_results(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    server.gone = True
    assert len(bring(run, account)) == 2
    assert counts(server, run) == [1, 1]


def half(server, run):
    text = server.result_text(run.job_id(run.jobs[0]))
    return text[: len(text) // 2]


def few_shots(server, run):
    return server.result_text(run.job_id(run.jobs[0])).replace(f'"shots_asked":{SHOTS}', f'"shots_asked":{SHOTS + 1}')


HALVES = {
    "half": (half, "half .The result breaks off after"),
    "other text": (lambda *_: "<html>busy</html>", "half .The result is no result but some other text"),
    "other content": (lambda *_: '{"data": []}', "half .The result"),
    "too few shots": (few_shots, f"half .The result holds {SHOTS} of {SHOTS + 1} shots"),
}


@pytest.mark.parametrize("kind", HALVES)
def test_half_a_result_is_kept_aside_and_asked_for_again(served, server, tmp_path, kind):
    make, told = HALVES[kind]
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path)
    text = make(server, run)
    with server.failing(refuse("GET", "/results", 200, payload=text)) as fault, unfinished(told):
        bring(run, account, wait=False)
    assert fault.struck == 1
    assert (run.path / "result-000.half").read_text() == text
    assert not list(run.path.glob("result-000.[rnj]*"))
    bring(run, account, wait=False)
    assert run.has_result(run.jobs[0])
    assert (run.path / "result-000.half").read_text() == text


def test_half_a_result_is_waited_out(served, server, tmp_path):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path)
    with server.failing(refuse("GET", "/results", 200, payload="{", times=QUICK.outages)):
        bring(run, account)
    assert run.has_result(run.jobs[0])


def test_half_results_that_never_end_are_given_up(served, server, tmp_path):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path)
    with (
        server.failing(refuse("GET", "/results", 200, payload="{")) as fault,
        unfinished("half .*later: tickets fetch"),
    ):
        bring(run, account)
    assert fault.struck == QUICK.outages + 1


def test_bits_of_another_circuit_are_no_result(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    other = server.result_text(run.job_id(run.jobs[1]))
    wrong = refuse("GET", f"{run.job_id(run.jobs[0])}/results", 200, payload=other)
    with (
        server.failing(wrong),
        unfinished("000 half .It has bits of shape .*60, 5.*60 shots of 2 bits were asked for"),
    ):
        bring(run, account, wait=False)
    assert run.has_result(run.jobs[1])
    assert len(bring(run, account)) == 2


def test_an_outage_is_waited_out_and_keeps_what_was_fetched(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    gone_after = refuse("GET", f"{run.job_id(run.jobs[1])}/results", 503, retry_after=0)
    with server.failing(gone_after), unfinished("000 done; 001 unreachable .*status 503"):
        bring(run, account, wait=False)
    assert run.has_result(run.jobs[0])
    # The client itself asks twice.
    with server.failing(refuse("GET", f"{run.job_id(run.jobs[1])}/results", 503, retry_after=0, times=3)):
        assert len(bring(run, account)) == 2
    assert counts(server, run) == [1, 1]


def test_a_service_that_is_down_is_not_asked_for_each_job(served, server, tmp_path):
    _, account, plan = served
    run = submitted(dataclasses.replace(plan, jobs=[*plan.jobs] * 3), account, tmp_path)
    server.log.clear()
    with server.failing(cut("GET", "")), unfinished("000 unreachable .*; 001, 002, 003, 004, 005 unreachable "):
        bring(run, account, wait=False)
    assert len(server.log) == 2 * 2  # two jobs, each asked for twice
    assert len(bring(run, account)) == 6


def test_a_job_that_was_never_submitted_is_told(served, server, tmp_path):
    _, account, plan = served
    run = create(plan, tmp_path)
    server.log.clear()
    with unfinished(f"000, 001 never submitted .*tickets submit --resume {run.name} --out"):
        bring(run, account)
    assert server.count("POST") == 0


def test_the_service_is_asked_once_for_all_jobs_that_have_no_id_here(served, server, tmp_path):
    _, account, plan = served
    run = create(dataclasses.replace(plan, jobs=[*plan.jobs] * 3), tmp_path)
    server.log.clear()
    with unfinished("000, 001, 002, 003, 004, 005 never submitted"):
        bring(run, account, wait=False)
    assert server.count("GET", "/jobs") == len(server.log) == 1
    with server.failing(refuse("GET", "/jobs", 400, times=1)), unfinished("000 unreachable .*; 001, 002, .* never"):
        bring(run, account, wait=False)


def test_a_submission_that_broke_off_a_moment_ago_is_not_called_lost(served, server, tmp_path):
    _, account, plan = served
    run = create(first_job(plan), tmp_path)
    run.write(Intent(at="2999-01-01T00:00:00+00:00", attempt=1, batch=None), run.jobs[0])
    with unfinished("000 unclear .its submission broke off"):
        bring(run, account, wait=False)


def test_a_job_whose_id_was_never_written_is_found_and_fetched(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    (run.path / "job-001.json").unlink()
    server.log.clear()
    assert len(bring(run, account)) == 2
    assert server.count("POST") == 0
    assert run.job_id(run.jobs[1]) == server.tagged(run.jobs[1].tag)[0]["id"]


def test_a_batch_that_was_left_open_is_closed(served, server, tmp_path):
    _, account, plan = served
    with server.failing(refuse("PATCH", "", 400)):
        run = submitted(plan, account, tmp_path)
    batch = run.read(Batch)
    assert (batch.closed, server.sessions[batch.id]["accepting_jobs"]) == (False, True)
    bring(run, account)
    assert run.read(Batch).closed is True
    assert server.sessions[batch.id]["accepting_jobs"] is False


def test_an_answer_that_is_on_disk_is_read_without_an_account(served, server, tmp_path):
    _, account, plan = served
    with server.failing(refuse("PATCH", "", 400)):
        run = submitted(plan, account, tmp_path)
    for job in run.jobs:
        (run.path / f"result-{job.name}.raw").write_text(server.result_text(run.job_id(job)))

    def no_account():
        raise InputError("No IBM Quantum account is saved on this computer.")

    fetch(run, False, no_account, QUICK)
    assert all(run.has_result(job) for job in run.jobs)
    assert run.read(Batch).closed is False


def test_a_service_that_refuses_connections_is_told_and_fetched_from_later(served, tmp_path):
    _, _, plan = served
    with RuntimeServer() as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environ.items():
            patch.setenv(name, value)
        account = connect()
        prepared, run = create(plan, tmp_path), create(first_job(plan), tmp_path)
        resume(run, account)
        server.stop()
        with unfinished("the connection was refused.*tickets submit --resume"):
            resume(prepared, account)
        assert not list(prepared.path.glob("job-*"))
        for asked in (lambda: account, connect):
            with unfinished("the connection was refused.*tickets fetch"):
                fetch(run, False, asked, QUICK)
        with RuntimeServer(port=server.port) as again:
            again.jobs, again.sessions = server.jobs, server.sessions
            assert len(bring(run, account)) == 1
            resume(prepared, account)
            assert len(bring(prepared, account)) == 2
            assert counts(again, run) + counts(again, prepared) == [1, 1, 1]


def test_of_two_fetches_at_once_one_waits(served, server, tmp_path):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    server.log.clear()
    with run.lock(wait=False):
        with unfinished(f"Another process works on {run.name}; .*tickets fetch {run.name} --wait"):
            bring(run, account, wait=False)
        waiting = threading.Thread(target=bring, args=(run, account))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        assert server.log == []
    waiting.join(20)
    assert not waiting.is_alive()
    assert all(run.has_result(job) for job in run.jobs)


def test_a_result_is_fetched_by_one_of_many_at_once(served, server, tmp_path):
    _, account, plan = served
    server.delay = 0.3
    run = submitted(plan, account, tmp_path)
    start, found = threading.Barrier(4), []

    def work():
        start.wait()
        found.append(bring(run, account))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [found[0]] * 4
    assert [server.count("GET", f"{run.job_id(job)}/results") for job in run.jobs] == [1, 1]
    assert not list(run.path.glob(".*.part"))


def test_answers_come_to_disk_before_they_are_read(served, server, tmp_path, monkeypatch):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path)
    module = importlib.import_module("quantum.backends.ibm")

    def stumbles(text, circuit):
        del circuit
        assert (run.path / "result-000.raw").read_text() == text
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(module, "decode_result", stumbles)
        with pytest.raises(RuntimeError, match="a fault of ours"):
            bring(run, account)
    server.log.clear()
    fetch(run, False, nobody, QUICK)
    assert server.log == []
    assert run.has_result(run.jobs[0])


def test_a_simulated_run_asks_no_service_and_runs_once(tmp_path):
    plan = small_plan("aer_statevector", 2)
    run = create(plan, tmp_path)
    said = []
    fetch(run, False, nobody, QUICK, said.append)
    assert said == [f"Job {name}: running {SHOTS} shots on aer_statevector." for name in ("000", "001")]
    fetch(run, False, nobody, QUICK, said.append)
    assert len(said) == 2


def test_a_folder_that_may_not_be_written_is_read_once_it_is_whole(served, server, tmp_path):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path)
    bring(run, account)
    (run.path / ".lock").unlink()
    run.path.chmod(0o500)
    try:
        fetch(run, True, nobody)
        assert not (run.path / ".lock").exists()
    finally:
        run.path.chmod(0o700)


def test_what_is_told_is_one_line(served, server, tmp_path):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path)
    server.set_state(run.job_id(run.jobs[0]), "Failed", reason="first line\nsecond line")
    with pytest.raises(Unfinished) as stop:
        bring(run, account)
    assert "first line second line" in in_one_line(stop)
    assert "\n" not in run.read(Submission, run.jobs[0]).reason
