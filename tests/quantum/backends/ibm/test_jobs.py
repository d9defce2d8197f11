"""Jobs found by tag, followed and fetched, by any process and through outages."""

import re
import time

import numpy as np
import pytest
from qiskit_aer import AerSimulator

from quantum.backends.errors import ServiceError
from quantum.backends.ibm import Account, JobState, decode_result
from quantum.backends.ibm.account import PAGE
from tests.loopback import cut, hang, refuse
from tests.loopback.environment import HASTY, PATIENCE, connected, fitted_example
from tests.loopback.server import QUBITS


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with connected(tmp_path_factory.mktemp("account")) as (server, account):
        device = account.device("ibm_fez")
        circuit = fitted_example(device.target)
        job_id = account.submit(device, circuit, 50, ["first", "common"])
        server.result_text(job_id)
        yield server, account, device, circuit, job_id


@pytest.fixture
def server(service):
    server = service[0]
    server.log.clear()
    yield server
    server.faults.clear()
    server.delay = server.tag_lag = 0.0


@pytest.fixture
def account(service):
    return service[1]


@pytest.fixture
def job_id(service, server):
    server.set_state(service[4], "Completed")
    return service[4]


def test_a_fetched_job_is_the_simulator_bit_for_bit(server, service):
    from qiskit_ibm_runtime.executor_sampler import Sampler

    _, account, device, circuit, _ = service
    number = len(server.jobs)
    job_id = account.submit(device, circuit, 300, ["bits"])
    other = Account.connect(PATIENCE)  # as another process would
    assert other.state(job_id) == JobState("done")
    (bits,) = decode_result(other.result_text(job_id))
    options = {"simulator": {"seed_simulator": server.seed + number}}
    result = Sampler(AerSimulator(), options=options).run([circuit], shots=300).result()
    expected = result[0].data.node.to_bool_array(order="little")
    assert bits.dtype == np.bool_
    assert np.array_equal(bits, expected)
    assert (bits[:, 0] == bits[:, 1]).all()
    assert 0 < bits[:, 0].mean() < 1
    assert 0 < bits[:, 2].mean() < 0.3  # sin(0.35)^2 = 0.12: bit 0 comes first


@pytest.mark.parametrize(
    ("status", "more", "state"),
    [
        ("Queued", {}, JobState("queued")),
        ("Running", {}, JobState("running")),
        ("Completed", {}, JobState("done")),
        ("COMPLETED", {}, JobState("done")),
        ("Cancelled", {}, JobState("cancelled")),
        ("Cancelled", {"reason": "by the user"}, JobState("cancelled", "by the user")),
        ("Failed", {"reason": "too\n deep", "reason_code": 6073}, JobState("failed", "too deep (code 6073)")),
        ("Cancelled", {"reason_code": 1305}, JobState("failed", "it ran longer than its time limit")),
        ("Cancelled - Ran too long", {}, JobState("failed", "it ran longer than its time limit")),
        ("Pondering", {}, JobState("running", "the service says 'Pondering'")),
    ],
)
def test_a_job_tells_its_state(server, account, job_id, status, more, state):
    server.delay = 1e6  # or the server would finish it
    server.set_state(job_id, status, **more)
    assert account.state(job_id) == state
    assert account.find("first")[0].state == state


def test_a_job_that_the_service_does_not_know_is_gone(server, account):
    assert account.state("d0").name == "gone"
    with pytest.raises(ServiceError, match="does not know the job d0"):
        account.result_text("d0")


def test_a_device_taken_away_leaves_its_jobs(server, job_id):
    server.gone = True
    try:
        account = Account.connect(PATIENCE)
        assert account.state(job_id) == JobState("done")
        assert decode_result(account.result_text(job_id))[0].shape == (50, 3)
        assert [job.id for job in account.find("first")] == [job_id]
    finally:
        server.gone = False


READINGS = {
    "state": lambda account, job_id: account.state(job_id),
    "find": lambda account, job_id: account.find("first"),
    "result_text": lambda account, job_id: account.result_text(job_id),
    "remaining_seconds": lambda account, job_id: account.remaining_seconds(),
    "device_names": lambda account, job_id: account.device_names(),
    "device": lambda account, job_id: account.device("ibm_fez").name,
}


@pytest.mark.parametrize("reading", [name for name in READINGS if name != "device"])
@pytest.mark.parametrize(
    "make",
    [
        lambda: refuse("GET", "", 429, times=2),
        lambda: refuse("GET", "", 429, retry_after=0, times=2),
        lambda: refuse("GET", "", 500, times=2),
        lambda: refuse("GET", "", 500, retry_after=0, times=2),
        lambda: refuse("GET", "", 503, retry_after=0, times=1),
        lambda: cut("GET", "", times=2),
    ],
    ids=["429", "429-after", "500", "500-after", "503-after", "cut"],
)
def test_a_short_outage_is_read_through(server, account, job_id, reading, make):
    expected = READINGS[reading](account, job_id)
    with server.failing(make()) as fault:
        assert READINGS[reading](account, job_id) == expected
    assert fault.struck == fault.times
    assert server.count("POST") == 0


@pytest.mark.parametrize("path", ["/ibm_fez/status", "/properties"])
def test_a_short_outage_while_a_device_is_read_is_read_through(server, account, path):
    with server.failing(refuse("GET", path, 500, times=2)) as fault:
        assert account.device("ibm_fez").target.num_qubits == QUBITS
    assert fault.struck == 2


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(
    ("make", "told", "requests"),
    [
        (lambda: refuse("GET", "", 429), "too many requests, status 429", 3),
        (lambda: refuse("GET", "", 429, retry_after=3600), "try again in 3600 seconds", 1),
        (lambda: refuse("GET", "", 500), "status 500", 3),
        (lambda: refuse("GET", "", 503, retry_after=0), "status 503", 3),
        (lambda: refuse("GET", "", 401), "does not accept the credentials, status 401.*save_account", 1),
        (lambda: refuse("GET", "", 403), "no access, status 403", 1),
        (lambda: refuse("GET", "", 502, payload="<html>bad gateway</html>"), r"status 502; try", 3),
        (lambda: cut("GET", ""), "broke off", 3),
    ],
    ids=["429", "429-after", "500", "503-after", "401", "403", "html", "cut"],
)
def test_a_long_outage_is_told_in_one_line(server, account, job_id, reading, make, told, requests):
    with server.failing(make()) as fault, pytest.raises(ServiceError, match=told) as refusal:
        READINGS[reading](account, job_id)
    assert fault.struck == requests
    assert "\n" not in str(refusal.value)
    assert refusal.value.__context__ is None


@pytest.mark.parametrize("reading", ["state", "find", "remaining_seconds", "device_names"])
def test_half_an_answer_is_told_as_that(server, account, job_id, reading):
    with (
        server.failing(refuse("GET", "", 200, payload='{"id": "x", "sta')),
        pytest.raises(ServiceError, match="the answer could not be read"),
    ):
        READINGS[reading](account, job_id)


def test_an_answer_without_a_state_is_told_as_unreadable(server, account, job_id):
    with (
        server.failing(refuse("GET", job_id, 200, payload={"id": job_id})),
        pytest.raises(ServiceError, match="the answer could not be read"),
    ):
        account.state(job_id)


def test_a_service_that_never_answers_is_given_up(server, job_id):
    account = Account.connect(HASTY)
    start = time.monotonic()
    with server.failing(hang("GET", job_id)) as fault, pytest.raises(ServiceError, match="no answer came in time"):
        account.state(job_id)
    assert fault.struck == 2
    assert 1.9 < time.monotonic() - start < 8


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (refuse("GET", "/results", 204, payload=""), "empty result"),
        (refuse("GET", "/results", 200, payload="  "), "empty result"),
        (refuse("GET", "/results", 200, payload="{}", headers={"Content-Length": "99"}), "broke off"),
        (refuse("GET", "/results", 404), "does not know the job"),
    ],
)
def test_a_result_that_did_not_come_is_no_result(server, account, job_id, fault, told):
    with server.failing(fault), pytest.raises(ServiceError, match=told):
        account.result_text(job_id)
    assert decode_result(account.result_text(job_id))[0].shape == (50, 3)


def test_half_a_result_is_handed_on_and_refused_when_decoded(server, account, job_id):
    whole = server.result_text(job_id)
    with server.failing(refuse("GET", "/results", 200, payload=whole[: len(whole) // 2])):
        half = account.result_text(job_id)
    with pytest.raises(ServiceError, match=re.escape(f"breaks off after {len(whole) // 2} characters")):
        decode_result(half)


def crowd(server, tag, count):
    """Copy a job under new names."""
    pattern = next(iter(server.jobs.values()))
    for i in range(count):
        name = f"copy-{tag}-{i:03d}"
        server.jobs[name] = {**pattern, "id": name, "tags": [tag, "crowd"], "state": {"status": "Queued"}}


def test_all_pages_of_jobs_are_read_oldest_first(server, account):
    crowd(server, "pages", 2 * PAGE + 7)
    found = account.find("pages")
    assert [job.id for job in found] == [f"copy-pages-{i:03d}" for i in range(2 * PAGE + 7)]
    assert server.count("GET", "/jobs") == 3
    assert {job.tags for job in found} == {("pages", "crowd")}
    assert account.find("page") == []
    crowd(server, "full", PAGE)
    server.log.clear()
    assert len(account.find("full")) == PAGE
    assert server.count("GET", "/jobs") == 1


def test_a_job_submitted_between_two_pages_hides_none(server, account, monkeypatch):
    crowd(server, "moving", PAGE + 3)
    listing = server._list

    def listed(query):
        answer = listing(query)
        crowd(server, "late", 1)
        server.jobs["copy-late-000"]["tags"] = ["moving"]
        return answer

    monkeypatch.setattr(server, "_list", listed)
    found = [job.id for job in account.find("moving")]
    assert found[: PAGE + 3] == [f"copy-moving-{i:03d}" for i in range(PAGE + 3)]


def test_half_a_list_is_never_taken_for_all(server, account):
    crowd(server, "broken", PAGE + 3)
    with server.failing(refuse("GET", "/jobs", 500, skip=1)), pytest.raises(ServiceError, match="list the jobs"):
        account.find("broken")


def test_a_list_that_ignores_the_tag_yields_no_other_job(server, account, job_id, monkeypatch):
    listing = server._list
    monkeypatch.setattr(server, "_list", lambda query: listing({**query, "tags": []}))
    assert [job.id for job in account.find("first")] == [job_id]


def test_a_job_may_be_listed_late(server, service):
    _, account, device, circuit, _ = service
    server.tag_lag = 3600
    job_id = account.submit(device, circuit, 10, ["late"])
    assert account.find("late") == []
    server.tag_lag = 0.0
    assert [job.id for job in account.find("late")] == [job_id]
