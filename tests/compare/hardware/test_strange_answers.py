"""Answers that no service gave yet, written by hand: fields missing, of other types or sizes, pages, other letters.

Each is handled, or is told in one line; no result is lost, and nothing is submitted twice.
"""

import dataclasses
import itertools
import json
import shutil

import pytest

from compare.hardware.create import create
from compare.hardware.fetch import fetch
from compare.hardware.plan import Order, make_plan
from compare.hardware.record import Submission
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from compare.unfinished import Unfinished
from problems.errors import InputError
from quantum.backends.adapter import RemoteDevice
from quantum.backends.errors import ServiceError
from quantum.backends.wire import Patience
from tests.compare.hardware.runs import QUICK, bring, counts, first_job, in_one_line, resume, small_payloads, submitted
from tests.loopback import AFTER, refuse
from tests.loopback.ionq import IonQServer

DEEP, HALF, LONG = "[" * 100_000, '"\\ud800"', "9" * 400
PAGE = "<html><head><title>502 Bad Gateway</title></head>\n<body>\u00e9\u4e16 \u001b[31m</body></html>"

ANY = ["", "null", "5", "[]", "{}", '"text"', "[null]", "[5]", '{"a": 1}', "NaN", PAGE, DEEP, HALF, LONG]
"""Texts that any request may be answered with."""

FEW = ["null", "{}", PAGE, DEEP, HALF]

WAITS = ("soon", "-3", "0.5", "1e9", LONG, "Fri, 31 Dec 99999 23:59:59 GMT", "Fri, 31 Dec 1999", "\u00bd", " ")

IONQ = "ionq_qpu.forte-1"


def attempted(action):
    """Return the result of an action, or None if it was told in one line why there is nothing."""
    try:
        return action()
    except (InputError, ServiceError, Unfinished) as error:
        told = in_one_line(error)
    if len(told) > 2500:
        raise AssertionError(told[:2500])
    return None


def strange(path, text, **where):
    return refuse("GET", path, 200, payload=text, **where)


@pytest.fixture(scope="module")
def ionq():
    pytest.importorskip("qiskit_ionq", reason="IonQ's client is not installed: it comes with the extra [ionq]")
    from quantum.backends.ionq import IonQAccount

    with pytest.MonkeyPatch.context() as patch, IonQServer(qubits=3) as server:
        for name, value in server.environ.items():
            patch.setenv(name, value)
        account = IonQAccount.connect(Patience(total=0, backoff=0.01, connect=2.0, read=5.0, submit=5.0))
        yield server, make_plan(small_payloads(1), Order(IONQ, 20, 3), account)


@pytest.fixture(scope="module")
def waiting(ionq, tmp_path_factory):
    """A run at IonQ that is submitted, and not fetched."""
    run = create(ionq[1], tmp_path_factory.mktemp("ionq"))
    send(run, ionq[1].account, ionq[1].device, fresh=True, pace=QUICK)
    return run


DEVICES = [
    *ANY,
    json.dumps({"qubits": "three"}),
    json.dumps({"qubits": 10**9}),
    json.dumps({"qubits": True}),
    json.dumps({"Qubits": 3}),
    json.dumps({"qubits": 3, "status": 5}),
]

CHARACTERIZATIONS = [
    json.dumps({"characterizations": found})
    for found in (
        5,
        {"0": 1},
        ["x"],
        [{"fidelity": [], "timing": "fast", "connectivity": 5, "date": 7}],
        [{"fidelity": {"1q": [], "2q": {"median": "high"}, "spam": {"mean": 1e300}}, "timing": {"reset": "x"}}],
        [{"timing": {"1q": 10**400, "t1": 10**400, "reset": 10**400}, "connectivity": [[0], [0, 0], ["a", 1], 7]}],
        [{"connectivity": {"0": [1]}, "fidelity": {"1q": {"median": None}}}],
    )
]


def test_whatever_ionq_says_of_a_device(ionq):
    account, made = ionq[1].account, 0
    for path, texts in (("/qpu.forte-1", DEVICES), ("/characterizations", [*ANY, *CHARACTERIZATIONS])):
        for text in texts:
            with ionq[0].failing(strange(path, text)):
                found = attempted(lambda: account.device(IONQ))
            assert found is None or isinstance(found, RemoteDevice)
            made += found is not None
    with ionq[0].failing(strange("/backends", "5")), ionq[0].failing(refuse("GET", "", 404)):
        assert attempted(lambda: account.device(IONQ)) is None
    assert made > len(CHARACTERIZATIONS)


STATES = [
    *ANY,
    json.dumps({"Status": "completed"}),
    json.dumps({"status": 5}),
    json.dumps({"status": "vanished\u2028\ud800\u001b[2J"}),
    json.dumps({"status": "failed", "failure": {"error": "\ud800 " + "long " * 10_000}}),
    json.dumps({"status": "completed"}),
    json.dumps({"status": "COMPLETED", "results": []}),
    json.dumps({"status": "completed", "results": {"shots": {"url": 5}}}),
    json.dumps({"status": "completed", "results": {"shots": {"url": "https://elsewhere"}}, "output": 5}),
    json.dumps({"status": "completed", "execution_duration_ms": 10**400, "submitted_at": 5, "started_at": []}),
    '{"status": "completed", "execution_duration_ms": NaN, "submitted_at": "0001-01-01T00:00:00+23:59",'
    ' "started_at": "9999-12-31T23:59:59-23:59"}',
]

SHOTS = [
    *FEW,
    json.dumps(["0"] * 19),
    json.dumps(["0"] * 21),
    json.dumps(["0x0"] * 20),
    json.dumps([8] * 20),
    json.dumps([10**400] * 20),
    json.dumps([[0]] * 20),
    '["0", "1"',
]

SHARES = [
    *FEW,
    json.dumps({"0": 0.5}),
    json.dumps({str(outcome): 1.0 for outcome in range(100_000)}),
    json.dumps({"00": 0.5, "01": 0.5, "10": 0.5}),
    json.dumps({"0": "1"}),
    '{"0": 1e999}',
    json.dumps({"0": -1, "1": 2}),
]


def test_whatever_ionq_says_of_a_job_its_result_is_fetched_later(ionq, waiting, tmp_path):
    server, plan = ionq
    (job_id,) = server.jobs
    before, number = len(server.jobs), itertools.count()

    def bring_copy():
        copy = HardwareRun(shutil.copytree(waiting.path, tmp_path / str(next(number)) / waiting.name))
        return copy, lambda: fetch(copy, connect=lambda: plan.account, pace=QUICK)

    for path, texts in ((f"/{job_id}", STATES), ("/shots", SHOTS), ("/probabilities", SHARES)):
        for text in texts:
            copy, action = bring_copy()
            with (
                server.failing(strange(path, text)),
                server.failing(refuse("GET", "/shots" if path == "/probabilities" else "/none", 404)),
            ):
                attempted(action)
            known = copy.read(Submission, copy.jobs[0])
            assert known.id == job_id
            if not copy.has_result(copy.jobs[0]):
                action()
            assert copy.result(copy.jobs[0]).arrays["bits"].shape == (20, copy.jobs[0].bits)
            shutil.rmtree(copy.path)
    assert len(server.jobs) == before


MADE = [
    *ANY,
    json.dumps({"ID": "x"}),
    json.dumps({"id": 5}),
    json.dumps({"id": ""}),
    json.dumps({"id": "a\nb"}),
    json.dumps({"id": "\ud800"}),
    json.dumps({"id": "x" * 5000}),
]


def test_whatever_ionq_answers_a_submission_the_job_is_known_or_said_to_be_unknown(ionq, tmp_path):
    server, plan = ionq
    for text in MADE:
        run = create(plan, tmp_path)
        with server.failing(refuse("POST", "/jobs", 201, payload=text, when=AFTER)):
            assert attempted(lambda run=run: send(run, plan.account, plan.device, fresh=True, pace=QUICK)) is None
        attempted(lambda run=run: send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK))
        assert len(server.named(run.jobs[0].tag)) == 1
        assert run.job_id(run.jobs[0]) is None  # and the user is told to look for it
        shutil.rmtree(run.path)
    for wait in WAITS:
        run = create(plan, tmp_path)
        with server.failing(refuse("POST", "/jobs", 429, retry_after=wait, payload=DEEP)):
            assert attempted(lambda run=run: send(run, plan.account, plan.device, fresh=True, pace=QUICK)) is None
        send(HardwareRun(run.path), plan.account, plan.device, pace=QUICK)
        assert len(server.named(run.jobs[0].tag)) == 1
        with server.failing(refuse("GET", "", 429, retry_after=wait, payload=PAGE)):
            attempted(lambda run=run: fetch(run, connect=lambda: plan.account, pace=QUICK))
        shutil.rmtree(run.path)


LISTS = [
    *ANY,
    json.dumps({"jobs": 5, "count": 1}),
    json.dumps({"jobs": [], "count": 3}),
    json.dumps({"jobs": [5], "count": 1}),
    json.dumps({"jobs": [{}], "count": 1}),
    *(
        json.dumps({"jobs": [{"id": "x", "state": {"status": "Queued"}} | tags], "count": 1})
        for tags in ({}, {"tags": None}, {"tags": 5}, {"tags": "TAG"}, {"tags": {}})
    ),
    json.dumps({"jobs": [{"ID": "x", "Tags": [], "State": {}}], "count": "1"}),
    json.dumps({"jobs": [{"id": "x", "tags": "TAG", "state": {"status": []}}], "count": 10**9}),
]


def test_whatever_ibm_lists_nothing_is_submitted_twice(served, server, tmp_path):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path)
    listed = {"tags": [run.tag, run.jobs[0].tag], "state": {"status": "Queued"}}
    nameless = [json.dumps({"jobs": [listed | {"id": wrong}], "count": 1}) for wrong in (None, 5, "", "a\nb", "\ud800")]
    for text in (*LISTS, *nameless):
        copy = HardwareRun(shutil.copytree(run.path, tmp_path / "copy" / run.name))
        (copy.path / "job-000.json").unlink()
        with server.failing(strange("/jobs", text)):
            if attempted(lambda copy=copy: bring(copy, account, wait=False)) is None:
                attempted(lambda copy=copy: resume(copy, account, plan.device))
        assert counts(server, run) == [1]
        resume(copy, account, plan.device)
        assert copy.job_id(run.jobs[0]) == run.job_id(run.jobs[0])
        shutil.rmtree(copy.path)


IBM_STATES = [
    *ANY,
    json.dumps({"state": "Completed"}),
    json.dumps({"State": {"Status": "Completed"}}),
    json.dumps({"state": {"status": 5, "reason": {"a": "\ud800"}, "reason_code": []}}),
    json.dumps({"state": {"status": "Failed", "reason": "\ud800 " + "long " * 10_000}}),
]

TIMES = [
    *FEW,
    json.dumps({"timestamps": 5, "usage": []}),
    json.dumps({"timestamps": {"created": [], "finished": 10**400}, "usage": {"quantum_seconds": 10**400}}),
    '{"timestamps": {"created": "0001-01-01T00:00:00+23:59", "finished": "9999-12-31T00:00:00-23:59"},'
    ' "usage": {"quantum_seconds": -Infinity}}',
]


def test_whatever_ibm_says_of_a_job_its_result_is_fetched_later(served, server, tmp_path):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path)
    job_id = run.job_id(run.jobs[0])
    for path, texts in ((job_id, IBM_STATES), ("/metrics", TIMES), ("/results", FEW)):
        for text in texts:
            copy = HardwareRun(shutil.copytree(run.path, tmp_path / "copy" / run.name))
            with server.failing(strange(path, text)):
                attempted(lambda copy=copy: bring(copy, account, wait=False))
            if not copy.has_result(copy.jobs[0]):
                bring(copy, account, wait=False)
            assert copy.has_result(copy.jobs[0])
            known = copy.read(Submission, copy.jobs[0])
            assert all(one is None or one >= 0 for one in (known.queue, known.execution, known.total))
            shutil.rmtree(copy.path)
    assert counts(server, run) == [1]
    for text in (*ANY, '{"usage_remaining_seconds": "many"}', f'{{"usage_remaining_seconds": {LONG}}}'):
        with server.failing(strange("/usage", text)):
            attempted(account.remaining_seconds)


def test_an_id_that_no_record_holds_leaves_the_job_to_be_found_by_its_tag(served, server, tmp_path, monkeypatch):
    _, account, plan = served
    known = type(account).submit
    for wrong in (5, "", "a\nb", "\ud800", None):
        run = create(first_job(plan), tmp_path)

        def answers(self, *order, wrong=wrong):
            known(self, *order)
            return wrong

        with monkeypatch.context() as patch:
            patch.setattr(type(account), "submit", answers)
            send(run, account, plan.device, fresh=True, pace=dataclasses.replace(QUICK, settle=0.0, submission=0.0))
        assert counts(server, run) == [1]
        assert run.job_id(run.jobs[0]) == server.tagged(run.tag)[0]["id"]
