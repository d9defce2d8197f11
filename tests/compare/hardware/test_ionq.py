"""Runs on IonQ, against a server on loopback: nothing twice, and what nobody can know is said to be unknown."""

import dataclasses
import itertools
import json
import logging

import numpy as np
import pytest

from compare.cli import main
from compare.hardware.averages_record import AveragesRecord
from compare.hardware.create import create
from compare.hardware.fetch import fetch
from compare.hardware.gather import gather
from compare.hardware.listing import list_runs
from compare.hardware.mitigation import Mitigation
from compare.hardware.plan import Order, make_plan
from compare.hardware.record import Intent, Outcome, Submission
from compare.hardware.replay import replay
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from compare.unfinished import Unfinished
from problems.errors import InputError
from quantum.backends.adapter import Guarantee
from quantum.backends.options import Suppression
from quantum.backends.wire import Patience
from tests.compare.hardware.runs import QUICK, entangled_payloads, in_one_line, small_payloads, unfinished
from tests.compare.hardware.vendor_kills import KILLS, VendorKills
from tests.compare.hardware.vendor_sharing import Sharing
from tests.loopback import AFTER, cut, refuse
from tests.loopback.ionq import KEY, IonQServer

pytest.importorskip("qiskit_ionq", reason="IonQ's client is not installed: it comes with the extra [ionq]")

DEVICE, SHOTS = "ionq_qpu.forte-1", 20
PATIENCE = Patience(total=0, backoff=0.01, connect=2.0, read=5.0, submit=5.0)


@pytest.fixture(scope="module")
def served():
    from quantum.backends.ionq import IonQAccount

    with pytest.MonkeyPatch.context() as patch, IonQServer(qubits=5) as server:
        for name, value in server.environ.items():
            patch.setenv(name, value)
        account = IonQAccount.connect(PATIENCE)
        yield server, make_plan(small_payloads(2), Order(DEVICE, SHOTS, 3), account)


@pytest.fixture
def server(served):
    yield served[0]
    served[0].faults.clear()
    served[0].compiled = None


def one(plan):
    return dataclasses.replace(plan, jobs=plan.jobs[:1])


def counts(server, run):
    return [len(server.named(job.tag)) for job in run.jobs]


def submit(plan, out):
    run = create(plan, out)
    send(run, plan.account, plan.device, fresh=True, pace=QUICK)
    return run


def bring(run, plan):
    fetch(HardwareRun(run.path), connect=lambda: plan.account, pace=QUICK)


def test_no_kill_submits_twice_and_what_is_unknown_is_said(served, server, tmp_path, record_property):
    kills = VendorKills(tmp_path, served[1], Guarantee.NONE, lambda tag: len(server.named(tag)))
    moments = kills.run(KILLS)
    kills.report(record_property, "IonQ", moments)
    assert kills.unknown > 0
    assert kills.risked <= kills.unknown


def test_a_lost_answer_leaves_the_job_unknown_until_a_second_is_risked(served, server, tmp_path):
    plan = one(served[1])
    run = create(plan, tmp_path)
    told = f"it is not known whether it did.*look for {run.jobs[0].tag}.*--resume {run.name} --out .* --again"
    with server.failing(cut("POST", "/jobs", when=AFTER)), unfinished(told):
        send(run, plan.account, plan.device, fresh=True, pace=QUICK)
    for _ in range(2):
        with unfinished("The submission of job 000 broke off, and IonQ cannot be asked"):
            send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK)
    with unfinished("000 unknown .*--again"):
        bring(run, plan)
    assert [entry["status"] for entry in list_runs(tmp_path)] == ["unknown"]
    assert counts(server, run) == [1]
    send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK, again=True)
    assert counts(server, run) == [2]
    assert run.read(Submission, run.jobs[0]).attempt == 2
    bring(run, plan)
    assert [entry["status"] for entry in list_runs(tmp_path)] == ["done"]


def test_a_refusal_while_a_second_is_risked_keeps_the_doubt_about_the_first(served, server, tmp_path):
    plan = one(served[1])
    run = create(plan, tmp_path)
    with server.failing(cut("POST", "/jobs", when=AFTER)), unfinished("not known"):
        send(run, plan.account, plan.device, fresh=True, pace=QUICK)
    with server.failing(refuse("POST", "/jobs", 400)), unfinished("status 400"):
        send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK, again=True)
    assert run.read(Intent, run.jobs[0]).attempt == 1
    with unfinished("--again"):
        send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK)
    assert counts(server, run) == [1]


def test_jobs_that_were_not_begun_go_on_beside_one_that_is_unknown(served, server, tmp_path):
    plan = served[1]
    run = create(plan, tmp_path)
    with server.failing(cut("POST", "/jobs", when=AFTER, times=1)), unfinished("not known"):
        send(run, plan.account, plan.device, fresh=True, pace=QUICK)
    with unfinished("submission of job 000 broke off"):
        send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK)
    assert counts(server, run) == [1, 1]


KINDS = {
    "429": lambda **where: refuse("*", "", 429, retry_after=0, **where),
    "500": lambda **where: refuse("*", "", 500, **where),
    "503 after it took effect": lambda **where: refuse("*", "", 503, when=AFTER, **where),
    "no JSON": lambda **where: refuse("*", "", 200, payload="<html>", when=AFTER, **where),
    "cut after it took effect": lambda **where: cut("*", "", when=AFTER, **where),
}


def test_no_fault_of_the_service_submits_twice_or_loses_a_result(served, server, tmp_path):
    plan = one(served[1])
    requests = 1 + 3  # the job; its state; its description and its shots
    for (name, kind), request in itertools.product(KINDS.items(), range(requests)):
        run = create(plan, tmp_path)
        with server.failing(kind(skip=request, times=1)) as fault:
            try:
                send(run, plan.account, plan.device, fresh=True, pace=QUICK)
                bring(run, plan)
            except Unfinished as stopped:
                in_one_line(stopped)
        assert fault.struck == 1
        assert counts(server, run)[0] <= 1
        certain = name == "429" or request > 0
        if certain:
            send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK)
            assert counts(server, run) == [1]
        else:
            with unfinished("--again"):
                send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK)
            send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK, again=True)
        bring(run, plan)
        assert run.has_result(run.jobs[0])


@pytest.fixture(scope="module")
def sharing(served):
    return Sharing(DEVICE, served[1].account, lambda tag: len(served[0].named(tag)))


def test_circuits_that_share_a_job_have_their_own_bits_of_one_answer(sharing, server, tmp_path):
    def outcomes(raw, qubit):
        said = json.loads(raw)["shots"]
        return [int(outcome) >> qubit & 1 for outcome in said]

    sharing.split(tmp_path, outcomes)


def test_no_fault_submits_a_shared_job_twice_or_loses_a_part(sharing, server, tmp_path):
    sharing.faults(server, KINDS, (0, 3), tmp_path)  # the job, and its answer


def test_what_holds_up_one_circuit_of_a_job_holds_up_the_other(sharing, server, tmp_path):
    def fail(job_id):
        server.jobs[job_id] |= {"status": "failed", "failure": {"error": "too hot"}}

    sharing.held_up(fail, tmp_path)


def test_no_kill_submits_a_shared_job_twice(sharing, server, tmp_path):
    found = sharing.kills(tmp_path, Guarantee.NONE, KILLS // 3)
    assert found.risked <= found.unknown


def test_the_record_holds_calibration_layout_times_and_what_was_compiled(served, server, tmp_path):
    plan = one(served[1])
    server.compiled = [{"gate": "gpi", "target": 0, "phase": 0.5}]
    run = submit(plan, tmp_path)
    bring(run, plan)
    job = run.jobs[0]
    known, outcome = run.read(Submission, job), run.read(Outcome, job)
    assert (known.queue, known.execution, known.total) == (90.0, 6.5, 97.0)
    assert outcome.seconds > 0
    assert json.loads(outcome.compiled) == server.compiled
    assert run.record.calibrated == "2026-11-20T00:00:00Z"
    assert sorted(job.fit["layout"]) == sorted(job.fit["qubits"])
    (again,) = replay(run)
    assert again.source == "read again from the service's answer"
    assert again.farthest <= 1e-12
    assert again.numbers > 5
    target = run.target()
    assert target["zz"][(0, 1)].error == pytest.approx(1 - 0.9928)
    assert target["measure"][(2,)].duration == 0.00015
    (sent,) = [request.body for request in server.log if request.body and request.body.get("name") == job.tag]
    assert sent["settings"]["error_mitigation"] == {"debiasing": False}
    assert {gate["gate"] for gate in sent["input"]["circuit"]} <= {"gpi", "gpi2", "zz"}
    assert sent["metadata"]["tickets_job"] == job.tag


@pytest.mark.parametrize("device", ["qpu.forte-1", "qpu.aria-1"])  # ZZ and MS
def test_folded_gates_go_over_the_wire_and_undo_one_another(device, tmp_path, monkeypatch):
    from quantum.backends.ionq import IonQAccount

    with IonQServer(device, qubits=5) as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        account = IonQAccount.connect(PATIENCE)
        ordered = Mitigation(("raw", "zne", "pec"), (1, 3, 5), "linear", 2)
        plan = make_plan(entangled_payloads(), Order(f"ionq_{device}", 300, 3, mitigation=ordered), account)
        run = submit(plan, tmp_path)
        bring(run, plan)
        sent = {}
        for request in server.log:
            if request.body and request.body.get("name"):
                gates = [gate["gate"] for gate in request.body["input"]["circuit"]]
                assert set(gates) <= {"gpi", "gpi2", "ms", "zz"}
                sent[request.body["name"]] = sum(gate in ("ms", "zz") for gate in gates)
    gates = sent[run.jobs[0].tag]
    assert gates > 0
    assert [sent[job.tag] for job in run.jobs] == [gates, gates, 3 * gates, 5 * gates, *[gates] * 3]
    # The service has no noise: folded gates change nothing.
    kept = run.read(AveragesRecord, run.jobs[0])
    zne = kept.by_name["zne"]
    shown = [run.result(job).arrays["bits"].mean(axis=0) for job in run.jobs[1:4]]
    assert max(np.abs(one - shown[0]).max() for one in shown) < 4 * 0.5 * (2 / 100) ** 0.5
    assert abs(zne.values[0] - kept.by_name["raw"].values[0]) < 5 * zne.errors[0]
    assert len(replay(HardwareRun(run.path))) == 7
    # What the service compiled is not known.
    (row,) = gather([run.path])
    assert row.averages[0].compiled["zne"] is None


def test_measures_against_noise_that_it_does_not_take_are_refused(served):
    with pytest.raises(InputError, match="IonQ takes no dynamical decoupling; leave it out"):
        make_plan(small_payloads(1), Order(DEVICE, SHOTS, 3, Suppression(dynamical_decoupling=True)), served[1].account)


def test_the_commands_reach_it_and_no_key_is_in_any_file_or_line(served, server, tmp_path, capsys, caplog):
    caplog.set_level(logging.DEBUG)
    words = f"submit --backend {DEVICE} --prime 2 --features 1 --points 2 --shots 20 --yes".split()
    words += ["--copies", "2", "--at-once", "2", "--alone", "--turns", "2"]  # shared jobs, alone too, in rounds

    def tickets(*given):
        with pytest.raises(SystemExit) as end:
            main([*map(str, given), "--out", str(tmp_path)])
        return end.value.code

    assert tickets(*words) == 0
    name = capsys.readouterr().out.split()[-1]
    assert tickets("fetch", name) == 0
    with server.failing(refuse("*", "", 401, payload={"message": f"apiKey {KEY} is refused"})):
        assert tickets(*words) == 1
    told = capsys.readouterr()
    assert "IonQ could not describe ionq_qpu.forte-1: it does not accept the credentials, status 401" in told.err
    assert "check the API key in IONQ_API_KEY" in told.err
    assert tickets("submit", "--again") == 2
    assert "--again says nothing without a run" in capsys.readouterr().err
    assert "/v0.4/jobs" in caplog.text  # it was the DEBUG level
    assert KEY not in told.out + told.err + caplog.text
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes()
