"""One job for one submission, whatever happens on the way."""

import pytest

from problems.errors import InputError
from quantum.backends.errors import ServiceError, SubmissionUnknown
from quantum.backends.ibm import Account, decode_result
from quantum.backends.options import Suppression
from tests.loopback import AFTER, RuntimeServer, cut, hang, refuse
from tests.loopback.environment import HASTY, PATIENCE, connected, fitted_example, no_account


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with connected(tmp_path_factory.mktemp("account")) as (server, account):
        device = account.device("ibm_fez")
        yield server, account, device, fitted_example(device.target)


@pytest.fixture
def server(service):
    server = service[0]
    server.log.clear()
    yield server
    server.faults.clear()


@pytest.fixture
def submit(service, request):
    """Submit with a tag of the test's own."""
    _, account, device, circuit = service

    def once(shots=20, **more):
        return account.submit(device, circuit, shots, ["run", request.node.name], **more)

    return once


def jobs(server, request):
    return server.tagged(request.node.name)


def test_a_submission_is_one_post_with_its_tags_and_shots(server, submit, request):
    job_id = submit(shots=31)
    (job,) = jobs(server, request)
    assert (job["id"], job["tags"], job["session_id"]) == (job_id, ["run", request.node.name], None)
    assert job["params"]["quantum_program"]["shots"] == 31
    assert server.count("POST") == server.count("POST", "/jobs") == 1


# (fault, error, posts that arrive, jobs that exist afterwards)
LOST = [
    (refuse("POST", "/jobs", 500), SubmissionUnknown, 1, 0),
    (refuse("POST", "/jobs", 500, retry_after=0), SubmissionUnknown, 1, 0),
    (refuse("POST", "/jobs", 502), SubmissionUnknown, 1, 0),
    (refuse("POST", "/jobs", 503, retry_after=0), SubmissionUnknown, 1, 0),
    (refuse("POST", "/jobs", 408), SubmissionUnknown, 1, 0),
    (refuse("POST", "/jobs", 500, when=AFTER), SubmissionUnknown, 1, 1),
    (refuse("POST", "/jobs", 503, when=AFTER, retry_after=0), SubmissionUnknown, 1, 1),
    (refuse("POST", "/jobs", 504, when=AFTER), SubmissionUnknown, 1, 1),
    (refuse("POST", "/jobs", 200, when=AFTER, payload="<html>"), SubmissionUnknown, 1, 1),
    (refuse("POST", "/jobs", 200, when=AFTER, payload='{"id": "d12'), SubmissionUnknown, 1, 1),
    (refuse("POST", "/jobs", 200, when=AFTER, payload={"id": None}), SubmissionUnknown, 1, 1),
    (refuse("POST", "/jobs", 302, when=AFTER), SubmissionUnknown, 1, 1),
    (cut("POST", "/jobs"), SubmissionUnknown, 1, 0),
    (cut("POST", "/jobs", when=AFTER), SubmissionUnknown, 1, 1),
    (refuse("POST", "/jobs", 200, when=AFTER, headers={"Content-Length": "9999"}), SubmissionUnknown, 1, 1),
]


@pytest.mark.parametrize(("fault", "error", "posts", "made"), LOST)
def test_a_lost_answer_leaves_at_most_one_job_and_says_so(server, service, submit, request, fault, error, posts, made):
    with server.failing(fault), pytest.raises(error, match="it is not known whether it did") as refusal:
        submit()
    assert server.count("POST", "/jobs") == fault.struck == posts
    assert len(jobs(server, request)) == made
    assert [job.id for job in service[1].find(request.node.name)] == [job["id"] for job in jobs(server, request)]
    assert "\n" not in str(refusal.value)
    assert refusal.value.__context__ is None


REFUSED = [
    (refuse("POST", "/jobs", 400), "status 400", 1),
    (refuse("POST", "/jobs", 401), "status 401", 1),
    (refuse("POST", "/jobs", 403), "status 403", 1),
    (refuse("POST", "/jobs", 404), "status 404", 1),
    (refuse("POST", "/jobs", 409), "status 409", 1),
    (refuse("POST", "/jobs", 429), "status 429", 3),
    (refuse("POST", "/jobs", 429, retry_after=0.01), "status 429", 3),
    (refuse("POST", "/jobs", 429, retry_after=0), "in 0 seconds", 3),
    (refuse("POST", "/jobs", 429, retry_after=3600), "in 3600 seconds", 1),
]


@pytest.mark.parametrize(("fault", "told", "posts"), REFUSED)
def test_a_refusal_is_certain_to_have_made_no_job(server, submit, request, fault, told, posts):
    with server.failing(fault), pytest.raises(ServiceError, match=told) as refusal:
        submit()
    assert not isinstance(refusal.value, SubmissionUnknown)
    assert server.count("POST", "/jobs") == fault.struck == posts
    assert jobs(server, request) == []


@pytest.mark.parametrize("retry_after", [None, 0])
def test_too_many_requests_are_waited_out(server, submit, request, retry_after):
    with server.failing(refuse("POST", "/jobs", 429, retry_after=retry_after, times=2)):
        job_id = submit()
    assert server.count("POST", "/jobs") == 3
    assert [job["id"] for job in jobs(server, request)] == [job_id]


def test_the_wait_that_the_service_asks_for_is_kept(server, submit, monkeypatch):
    waits = []
    monkeypatch.setattr("quantum.backends.ibm.account.time.sleep", waits.append)
    with server.failing(refuse("POST", "/jobs", 429, retry_after=7, times=1)):
        submit()
    with server.failing(refuse("POST", "/jobs", 429, times=2)):
        submit()
    assert waits == [7.0, PATIENCE.backoff, 2 * PATIENCE.backoff]


@pytest.mark.parametrize(
    "fault",
    [
        refuse("GET", "", 500, times=1),
        refuse("GET", "", 503, retry_after=0, times=1),
        refuse("GET", "", 429, times=2),
        refuse("GET", "/usage", 429, retry_after=0, times=2),
        refuse("GET", "/status", 500, times=2),
        cut("GET", "/status", times=2),
        cut("GET", "/usage", times=1),
    ],
)
def test_what_is_read_before_the_post_is_read_again(server, submit, request, fault):
    with server.failing(fault):
        submit()
    assert fault.struck == fault.times
    assert server.count("POST", "/jobs") == len(jobs(server, request)) == 1


@pytest.mark.parametrize("path", ["/usage", "/status"])
def test_an_outage_before_the_post_submits_nothing(server, submit, request, path):
    with server.failing(refuse("GET", path, 500)), pytest.raises(ServiceError, match="status 500") as refusal:
        submit()
    assert not isinstance(refusal.value, SubmissionUnknown)
    assert server.count("POST") == len(jobs(server, request)) == 0


def test_an_answer_that_names_the_job_is_enough(server, submit):
    answer = {"id": "d0123456789"}  # without what else the client wants to read in it
    with server.failing(refuse("POST", "/jobs", 200, payload=answer)):
        assert submit() == "d0123456789"
    assert server.count("POST", "/jobs") == 1


def test_what_fails_after_the_post_is_no_refusal(server, service, submit, request, monkeypatch):
    lost = ServiceError("no token for what came next")
    monkeypatch.setattr("qiskit_ibm_runtime.qiskit_runtime_service.RuntimeJobV2", _raising(lost))
    job_id = submit()
    assert [job["id"] for job in jobs(server, request)] == [job_id]
    assert server.count("POST", "/jobs") == 1


def _raising(error):
    def raising(*_, **__):
        raise error

    return raising


def test_a_submission_that_hangs_is_given_up_and_found_again(server, request):
    account = Account.connect(HASTY)
    device = account.device("ibm_fez")
    fault = hang("POST", "/jobs", when=AFTER)
    with server.failing(fault), pytest.raises(SubmissionUnknown, match="no answer came in time"):
        account.submit(device, fitted_example(device.target), 10, [request.node.name])
    assert server.count("POST", "/jobs") == fault.struck == 1
    (found,) = account.find(request.node.name)
    assert found.id == jobs(server, request)[0]["id"]


def test_a_connection_refused_at_the_post_alone_is_no_job(tmp_path, monkeypatch):
    with RuntimeServer() as server, no_account(tmp_path) as patch:
        for name, value in server.environ.items():
            patch.setenv(name, value)
        account = Account.connect(PATIENCE)
        device = account.device("ibm_fez")
        session = account._service._active_api_client._session
        send = session.request

        def moved(method, url, **more):  # the server is gone between the last reading and the post
            if method == "POST":
                server.stop()
            return send(method, url, **more)

        monkeypatch.setattr(session, "request", moved)
        with pytest.raises(ServiceError, match="the connection was refused") as refusal:
            account.submit(device, fitted_example(device.target), 10, ["refused"])
        assert not isinstance(refusal.value, SubmissionUnknown)
        assert (server.count("POST", "/jobs"), server.jobs) == (0, {})


def test_a_circuit_that_does_not_fit_the_device_is_not_submitted(server, service):
    from qiskit import QuantumCircuit

    _, account, device, circuit = service
    bell = QuantumCircuit(2, 2)
    bell.h(0)
    bell.measure([0, 1], [0, 1])
    with pytest.raises(InputError, match=r"does not fit ibm_fez: .*Fit it to the device first"):
        account.submit(device, bell, 10, ["bell"])
    with pytest.raises(InputError, match="157 qubits"):
        account.submit(device, QuantumCircuit(157, 1), 10, ["wide"])
    with pytest.raises(InputError, match="100001 shots are more than the 100000 that ibm_fez takes"):
        account.submit(device, circuit, 100_001, ["long"])
    with pytest.raises(InputError, match="shots = 0 is too small"):
        account.submit(device, circuit, 0, ["none"])
    assert server.log == []


def test_suppression_reaches_the_device_and_the_shots_asked_for_come_back(server, service, submit, request):
    job_id = submit(shots=100, suppression=Suppression(dynamical_decoupling=True, twirling=True))
    (job,) = jobs(server, request)
    options = job["params"]["quantum_program"]["passthrough_data"]["post_processor"]["options"]
    assert options["dynamical_decoupling"]["enable"] is True
    assert (options["twirling"]["enable_gates"], options["twirling"]["enable_measure"]) == (True, True)
    (bits,) = decode_result(service[1].result_text(job_id))
    assert bits.shape == (100, 3)


def test_nothing_is_suppressed_unless_asked(server, submit, request):
    submit()
    (job,) = jobs(server, request)
    options = job["params"]["quantum_program"]["passthrough_data"]["post_processor"]["options"]
    assert options["dynamical_decoupling"]["enable"] is False
    assert (options["twirling"]["enable_gates"], options["twirling"]["enable_measure"]) == (False, False)


def test_jobs_of_a_batch_belong_to_it_and_a_closed_one_takes_no_more(server, service, submit, request):
    _, account, device, _ = service
    batch = account.open_batch(device)
    made = [submit(shots=shots, batch=batch) for shots in (10, 20)]
    account.close_batch(batch)
    account.close_batch(batch)
    assert [(job["id"], job["session_id"]) for job in jobs(server, request)] == [(name, batch) for name in made]
    assert server.sessions[batch]["mode"] == "batch"
    assert server.sessions[batch]["accepting_jobs"] is False
    assert (server.count("POST", "/sessions"), server.count("POST", "/jobs")) == (1, 2)
    with pytest.raises(ServiceError, match="The session is closed"):
        submit(batch=batch)
    submit()  # and one of none
    assert jobs(server, request)[-1]["session_id"] is None


def test_a_batch_may_be_closed_by_another_process_or_have_ended(server, service):
    _, account, device, _ = service
    batch = account.open_batch(device)
    other = Account.connect(PATIENCE)
    with server.failing(refuse("PATCH", batch, 500, times=2)):
        other.close_batch(batch)
    assert server.sessions[batch]["accepting_jobs"] is False
    other.close_batch("ended-long-ago")


@pytest.mark.parametrize(
    ("fault", "told", "posts"),
    [
        (refuse("POST", "/sessions", 400), "status 400", 1),
        (refuse("POST", "/sessions", 500), "status 500", 1),
        (refuse("POST", "/sessions", 429, retry_after=0), "status 429", 3),
        (cut("POST", "/sessions", when=AFTER), "broke off", 1),
    ],
)
def test_a_batch_that_cannot_be_opened_is_told(server, service, fault, told, posts):
    _, account, device, _ = service
    with server.failing(fault), pytest.raises(ServiceError, match=told) as refusal:
        account.open_batch(device)
    assert server.count("POST", "/sessions") == posts
    assert type(refusal.value) is ServiceError
