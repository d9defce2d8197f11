"""Runs on Amazon Braket, against a server on loopback: nothing twice or lost, by the token of each submission."""

import dataclasses
import itertools
import json
import logging
import shutil

import pytest

from compare.cli import main
from compare.hardware.create import create
from compare.hardware.fetch import fetch
from compare.hardware.gather import gather
from compare.hardware.listing import list_runs
from compare.hardware.mitigation import Mitigation
from compare.hardware.plan import Order, make_plan
from compare.hardware.record import Outcome, Submission
from compare.hardware.replay import replay
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from compare.unfinished import Unfinished
from quantum.backends.adapter import Guarantee
from quantum.backends.errors import ServiceError
from quantum.backends.wire import Patience
from tests.compare.hardware.runs import QUICK, entangled_payloads, in_one_line, small_payloads, unfinished
from tests.compare.hardware.vendor_kills import KILLS, VendorKills
from tests.compare.hardware.vendor_sharing import Sharing
from tests.loopback import AFTER, cut, refuse
from tests.loopback.braket import DEVICE, KEY_ID, SECRET, BraketServer

pytest.importorskip(
    "qiskit_braket_provider",
    reason="Amazon's client excludes dask's distributed, and stands in an environment of its own: make braket",
)

SHOTS = 20
PATIENCE = Patience(total=0, backoff=0.01, connect=2.0, read=5.0, submit=5.0)


@pytest.fixture(scope="module")
def served():
    from quantum.backends.braket import BraketAccount

    with pytest.MonkeyPatch.context() as patch, BraketServer() as server:
        for name, value in server.environ.items():
            patch.setenv(name, value)
        patch.delenv("AWS_PROFILE", raising=False)
        account = BraketAccount.connect(PATIENCE)
        yield server, make_plan(small_payloads(2), Order(DEVICE, SHOTS, 3), account)


@pytest.fixture
def server(served):
    yield served[0]
    served[0].faults.clear()


def one(plan):
    return dataclasses.replace(plan, jobs=plan.jobs[:1])


def counts(server, run):
    return [len(server.tagged(job.tag)) for job in run.jobs]


def bring(run, plan):
    fetch(HardwareRun(run.path), connect=lambda: plan.account, pace=QUICK)


def test_no_kill_submits_twice_or_loses_a_task(served, server, tmp_path, record_property):
    kills = VendorKills(tmp_path, served[1], Guarantee.TOKEN, lambda tag: len(server.tagged(tag)))
    moments = kills.run(KILLS)
    kills.report(record_property, "Amazon Braket", moments)
    assert kills.unknown == 0


def test_a_lost_answer_is_asked_for_again_with_the_same_token(served, server, tmp_path):
    plan = one(served[1])
    run = create(plan, tmp_path)
    said = []
    with server.failing(cut("POST", "/quantum-task", when=AFTER, times=1)):
        send(run, plan.account, plan.device, fresh=True, pace=QUICK, say=said.append)
    assert "it is not known whether it did" in said[0]
    tokens = [request.body["clientToken"] for request in server.log if request.method == "POST"][-2:]
    assert tokens == [run.jobs[0].tag] * 2
    assert counts(server, run) == [1]


def test_a_submission_that_broke_off_is_settled_by_resuming(served, server, tmp_path):
    plan = one(served[1])
    run = create(plan, tmp_path)
    with server.failing(cut("POST", "/quantum-task", when=AFTER)), unfinished("not known.*submit --resume"):
        send(run, plan.account, plan.device, fresh=True, pace=QUICK)
    with unfinished("000 unknown .*ask again, which submits nothing twice: tickets submit --resume"):
        bring(run, plan)
    assert [entry["status"] for entry in list_runs(tmp_path)] == ["prepared"]
    send(HardwareRun(run.path), plan.account, pace=QUICK)
    assert counts(server, run) == [1]
    bring(run, plan)


KINDS = {
    "429": lambda **where: refuse("*", "", 429, payload={"message": "Rate exceeded", "code": "Throttling"}, **where),
    "500": lambda **where: refuse("*", "", 500, **where),
    "503 after it took effect": lambda **where: refuse("*", "", 503, when=AFTER, **where),
    "no JSON": lambda **where: refuse("*", "", 200, payload="<html>", when=AFTER, **where),
    "cut after it took effect": lambda **where: cut("*", "", when=AFTER, **where),
}


def test_no_fault_of_the_service_submits_twice_or_loses_a_result(served, server, tmp_path):
    plan = one(served[1])
    requests = 1 + 3  # the task; its state; where its result is, and the result
    for kind, request in itertools.product(KINDS.values(), range(requests)):
        run = create(plan, tmp_path)
        with server.failing(kind(skip=request, times=1)) as fault:
            try:
                send(run, plan.account, plan.device, fresh=True, pace=QUICK)
                bring(run, plan)
            except Unfinished as stopped:
                in_one_line(stopped)
        assert fault.struck == 1
        send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK)
        assert counts(server, run) == [1]
        bring(run, plan)
        assert run.has_result(run.jobs[0])


@pytest.fixture(scope="module")
def sharing(served):
    return Sharing(DEVICE, served[1].account, lambda tag: len(served[0].tagged(tag)))


def test_circuits_that_share_a_job_have_their_own_bits_of_one_answer(sharing, server, tmp_path):
    def outcomes(raw, qubit):
        said = json.loads(raw)
        return [row[said["measuredQubits"].index(qubit + 1)] for row in said["measurements"]]

    sharing.split(tmp_path, outcomes)


def test_no_fault_submits_a_shared_job_twice_or_loses_a_part(sharing, server, tmp_path):
    sharing.faults(server, KINDS, (0, 3), tmp_path)  # the job, and its answer


def test_what_holds_up_one_circuit_of_a_job_holds_up_the_other(sharing, server, tmp_path):
    def fail(job_id):
        server.tasks[job_id] |= {"status": "FAILED", "failureReason": "too hot"}

    sharing.held_up(fail, tmp_path)


def test_no_kill_submits_a_shared_job_twice(sharing, server, tmp_path):
    found = sharing.kills(tmp_path, Guarantee.TOKEN, KILLS // 3)
    assert found.unknown == 0


DEEP = "[" * 100_000
TASKS = ["", "null", "5", "[]", "{}", "<html>", DEEP, '{"Status": "COMPLETED"}', '{"status": 5}']
TASKS += ['{"status": "\\ud800"}', '{"status": "COMPLETED", "createdAt": [], "endedAt": {}}']
TASKS += ['{"status": "COMPLETED", "outputS3Bucket": 5}']
RESULTS = ["", "null", "{}", "<html>", DEEP, '{"measuredQubits": [1, 2], "measurementProbabilities": {"00": 1e300}}',
           '{"measuredQubits": [1, 2], "measurements": [[0, 0]]}', '{"measuredQubits": 5}', "\u00e9\u4e16"]  # fmt: skip
MADE = ["", "null", "5", "[]", "{}", "<html>", DEEP, '{"quantumTaskArn": 5}', '{"quantumTaskArn": "\\ud800"}',
        '{"QuantumTaskArn": "x"}', '{"quantumTaskArn": "arn:aws:other"}']  # fmt: skip


def test_answers_that_no_service_gave_yet_submit_nothing_twice_and_lose_nothing(served, server, tmp_path):
    plan = one(served[1])
    for text in MADE:
        run = create(plan, tmp_path)
        with server.failing(refuse("POST", "/quantum-task", 201, payload=text, when=AFTER)), unfinished("not known"):
            send(run, plan.account, plan.device, fresh=True, pace=QUICK)
        send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK)
        assert counts(server, run) == [1]
    task_id = run.job_id(run.jobs[0]).rpartition("/")[2]
    whole = run
    for path, text in (*((task_id, text) for text in TASKS), *(("/results.json", text) for text in RESULTS)):
        run = HardwareRun(shutil.copytree(whole.path, tmp_path / "copy" / whole.name))
        with server.failing(refuse("GET", path, 200, payload=text)):
            try:
                bring(run, plan)
            except Unfinished as stopped:
                in_one_line(stopped)
        bring(run, plan)
        assert run.has_result(run.jobs[0])
        shutil.rmtree(run.path)
    for text in ("", "5", "{}", "<html>", '{"deviceType": "QPU"}', '{"deviceType": "QPU", "deviceCapabilities": "{}"}'):
        with server.failing(refuse("GET", "Loopback", 200, payload=text)), pytest.raises(ServiceError) as refusal:
            plan.account.device(DEVICE)
        in_one_line(refusal)


def test_circuits_go_verbatim_and_what_ran_is_recorded(served, server, tmp_path):
    plan = one(served[1])
    run = create(plan, tmp_path)
    send(run, plan.account, plan.device, fresh=True, pace=QUICK)
    bring(run, plan)
    job = run.jobs[0]
    (task,) = server.tagged(job.tag)
    assert "#pragma braket verbatim" in task["_source"]
    assert run.read(Outcome, job).compiled == task["_source"]
    known = run.read(Submission, job)
    assert (known.queue, known.execution, known.total) == (None, None, 97.0)
    assert run.record.calibrated == "2026-11-28T06:00:00+00:00"
    (again,) = replay(run)
    assert again.source == "read again from the service's answer"
    assert again.farthest <= 1e-12
    assert again.numbers > 5
    assert run.target()["cz"][(0, 1)].error == pytest.approx(0.005)
    assert run.circuit(job).metadata["qubit_labels"] == [1, 2, 3, 4, 5]


def test_folded_gates_go_verbatim_and_are_counted_in_what_ran(served, server, tmp_path):
    account = served[1].account
    ordered = Mitigation(("raw", "zne", "pec"), (1, 3, 5), "linear", 2)
    plan = make_plan(entangled_payloads(), Order(DEVICE, 60, 3, mitigation=ordered), account)
    run = create(plan, tmp_path)
    send(run, plan.account, plan.device, fresh=True, pace=QUICK)
    bring(run, plan)
    sent = []
    for job in run.jobs:
        (task,) = server.tagged(job.tag)
        assert "#pragma braket verbatim" in task["_source"]
        sent.append(sum(line.strip().startswith("cz ") for line in task["_source"].splitlines()))
    assert sent[0] > 0
    assert sent == [sent[0] * factor for factor in (1, 1, 3, 5, 1, 1, 1)]
    (row,) = gather([run.path])
    assert row.averages[0].compiled["zne"] == (sent[0], 3 * sent[0], 5 * sent[0])
    assert len(replay(HardwareRun(run.path))) == 7


def test_what_cannot_be_is_refused_and_no_secret_is_in_any_file_or_line(served, server, tmp_path, capsys, caplog):
    caplog.set_level(logging.DEBUG)

    def tickets(*given):
        with pytest.raises(SystemExit) as end:
            main([*map(str, given), "--out", str(tmp_path)])
        return end.value.code

    def submit(backend):
        words = f"submit --backend {backend} --prime 2 --features 1 --points 2 --shots 20 --yes"
        return tickets(*f"{words} --copies 2 --at-once 2 --alone --turns 2".split())

    assert submit(DEVICE) == 0
    assert tickets("fetch", capsys.readouterr().out.split()[-1]) == 0
    told = []
    for backend, code, message in (
        (DEVICE.replace("eu-north-1", "eu-nort-1"), 2, "There is no region of Amazon Braket 'eu-nort-1'. Did you mean"),
        (DEVICE + "2", 2, "There is no device"),
        ("arn:aws:braket:::device/quantum-simulator/amazon/sv1", 2, "is no quantum computer on Amazon Braket"),
    ):
        assert submit(backend) == code
        told.append(capsys.readouterr().err)
        assert message in told[-1]
    payload = {"message": f"{KEY_ID} is not valid", "code": "UnrecognizedClientException"}
    with server.failing(refuse("*", "", 403, payload=payload)):
        assert submit(DEVICE) == 1
    told.append(capsys.readouterr().err)
    assert "it does not accept the credentials, status 401" in told[-1]
    assert "check the credentials (aws configure" in told[-1]
    assert "/quantum-task" in caplog.text  # it was the DEBUG level
    for secret in (KEY_ID, SECRET):
        assert secret not in caplog.text
    for line in told:
        assert line.count("\n") == 1
        assert KEY_ID not in line
    for path in tmp_path.rglob("*"):
        content = b"" if path.is_dir() else path.read_bytes()
        assert KEY_ID.encode() not in content
        assert SECRET.encode() not in content


def test_without_credentials_one_is_told_where_they_are_looked_for(served, monkeypatch):
    from problems.errors import InputError
    from quantum.backends.braket import BraketAccount

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(InputError, match="There are no credentials for AWS on this computer; give some: aws configure"):
        BraketAccount.connect()
