"""Connecting to the service and to a device: what is refused, what is waited for, and what is told."""

import json
import sys
import time

import pytest

from problems.errors import InputError
from quantum.backends.errors import ServiceError
from quantum.backends.ibm import Account
from tests.loopback import CRN, TOKEN, RuntimeServer, cut, hang, refuse
from tests.loopback.environment import HASTY, PATIENCE, account_file, connected, fitted_example, no_account


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with connected(tmp_path_factory.mktemp("account")) as pair:
        yield pair


@pytest.fixture
def server(service):
    server, _ = service
    server.log.clear()
    yield server
    server.faults.clear()
    server.gone, server.operational, server.remaining = False, True, 588


@pytest.fixture
def account(service):
    return service[1]


def test_without_an_account_one_is_told_how_to_save_it(tmp_path):
    with no_account(tmp_path), pytest.raises(InputError, match="save_account") as refusal:
        Account.connect(PATIENCE)
    assert "No IBM Quantum account is saved" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_without_the_client_one_is_told_how_to_install_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "quantum.backends.ibm.client", raising=False)
    monkeypatch.setitem(sys.modules, "qiskit_ibm_runtime", None)
    with pytest.raises(InputError, match=r"pip install 'quantum-tickets\[ibm\]'"):
        Account.connect(PATIENCE)


@pytest.mark.parametrize(
    "content",
    [
        f'{{"default": {{"token": "{TOKEN}"',
        json.dumps({"default-ibm-quantum-platform": {"channel": "sundial", "token": TOKEN, "instance": CRN}}),
        json.dumps({"default-ibm-quantum-platform": {"channel": "ibm_quantum_platform", "token": [TOKEN]}}),
    ],
    ids=["half", "channel", "token"],
)
def test_a_broken_account_file_is_refused_without_showing_it(tmp_path, content):
    account_file(tmp_path).write_text(content)
    with no_account(tmp_path), pytest.raises(InputError, match="save it again") as refusal:
        Account.connect(PATIENCE)
    assert TOKEN not in str(refusal.value)


def test_an_instance_of_somebody_else_is_refused_without_its_name(server, monkeypatch):
    other = CRN.replace("0123456789abcdef", "fedcba9876543210")
    monkeypatch.setenv("QISKIT_IBM_INSTANCE", other)
    with pytest.raises(InputError, match="does not have access") as refusal:
        Account.connect(PATIENCE)
    assert "fedcba" not in str(refusal.value)
    assert "crn" not in str(refusal.value)


def test_a_refused_connection_is_told_as_one(monkeypatch, tmp_path):
    with RuntimeServer() as stopped, no_account(tmp_path) as patch:
        stopped.stop()
        for name, value in stopped.environ.items():
            patch.setenv(name, value)
        with pytest.raises(ServiceError, match="the connection was refused"):
            Account.connect(PATIENCE)


@pytest.mark.parametrize(
    ("fault", "told", "requests"),
    [
        (refuse("POST", "/identity/token", 400, payload={"errorMessage": "unknown key"}), "status 401", 1),
        (refuse("POST", "/identity/token", 500), "status 500", 3),
        (refuse("POST", "/identity/token", 429, retry_after=0), "status 429", 3),
        (refuse("POST", "/identity/token", 429, retry_after=60), "in 60 seconds", 1),
        (refuse("POST", "/resources/search", 403), "status 403", 1),
        (refuse("POST", "/resources/search", 503), "status 503", 3),
        (cut("POST", "/resources/search"), "broke off", 3),
        (refuse("GET", "/backends", 500), "status 500", 3),
        (refuse("GET", "/backends", 401), "status 401", 1),
        (refuse("GET", "/backends", 200, payload="<html>"), "could not be read", 1),
    ],
)
def test_an_outage_while_connecting_is_told_after_a_few_attempts(server, fault, told, requests):
    with server.failing(fault), pytest.raises(ServiceError, match=told) as refusal:
        Account.connect(PATIENCE)
    assert fault.struck == requests
    assert "\n" not in str(refusal.value)
    assert refusal.value.__context__ is None


@pytest.mark.parametrize(
    "fault",
    [
        refuse("POST", "/identity/token", 500, times=2),
        refuse("POST", "/identity/token", 429, retry_after=0, times=1),
        cut("POST", "/resources/search", times=1),
        refuse("GET", "/backends", 503, times=1),
        refuse("GET", "/backends", 429, retry_after=0, times=2),
        refuse("GET", "/backends", 429, times=2),
    ],
)
def test_a_short_outage_while_connecting_is_waited_out(server, fault):
    with server.failing(fault):
        assert Account.connect(PATIENCE).device_names() == ["ibm_fez"]
    assert fault.struck == fault.times


@pytest.mark.parametrize("path", ["/identity/token", "/backends"])
def test_a_service_that_never_answers_is_given_up(server, path):
    start = time.monotonic()
    with server.failing(hang("*", path)), pytest.raises(ServiceError, match="no answer came in time"):
        Account.connect(HASTY)
    assert 1.9 < time.monotonic() - start < 8


def test_a_device_tells_what_it_is(tmp_path):
    with connected(tmp_path, qubits=None) as (server, account):
        server.operational = False
        device = account.device("ibm_fez")
    assert (device.name, device.target.num_qubits, device.max_shots, device.operational) == (
        "ibm_fez",
        156,
        100000,
        False,
    )
    assert device.rep_delay == pytest.approx(250e-6)
    assert device.pending == 0
    assert {"cz", "measure"} <= set(device.target.operation_names)


def test_an_unknown_device_is_refused_with_the_nearest_names(server, account):
    with pytest.raises(InputError, match=r"no IBM device 'ibm_fex'\. Did you mean 'ibm_fez'\?"):
        account.device("ibm_fex")


@pytest.mark.parametrize("path", ["/backends", "/configuration", "/properties", "/ibm_fez/status"])
def test_an_outage_is_not_told_as_an_unknown_device(server, path):
    account = Account.connect(PATIENCE)
    with server.failing(refuse("GET", path, 500)), pytest.raises(ServiceError, match="status 500"):
        account.device("ibm_fez")


def test_a_device_taken_away_is_no_longer_found_and_takes_no_job(server, account):
    device = account.device("ibm_fez")
    circuit = fitted_example(device.target)
    server.gone = True
    with pytest.raises(InputError, match="the account has no devices"):
        account.device("ibm_fez")
    with pytest.raises(ServiceError, match="status 404"):
        account.submit(device, circuit, 10, ["gone"])
    assert (server.count("POST", "/jobs"), server.tagged("gone")) == (0, [])


def test_the_time_left_is_told_where_the_service_tells_it(server, account):
    server.remaining = 17
    assert account.remaining_seconds() == 17
    with server.failing(refuse("GET", "/usage", 200, payload={})):
        assert account.remaining_seconds() is None


def test_an_expired_token_that_cannot_be_renewed_never_exposes_the_key(server):
    account = Account.connect(PATIENCE)
    for client in account._service.clients():
        client._session.auth._tokens.expire_time = client._session.auth._tokens.refresh_time = 0
    server.log.clear()
    start = time.monotonic()
    with server.failing(refuse("POST", "/identity/token", 500)):
        for _ in range(2):
            with pytest.raises(ServiceError, match=r"status 500 \(while an access token was asked for"):
                account.find("anything")
    assert time.monotonic() - start < 5
    assert server.counts() == {"POST token": 2}
    assert account.find("anything") == []  # once the cloud is back
    assert all(not request.headers.get("Authorization", "").startswith("apikey") for request in server.log)


def test_a_renewal_ahead_of_time_may_fail(server):
    account = Account.connect(PATIENCE)
    for client in account._service.clients():
        client._session.auth._tokens.refresh_time = 0
    with server.failing(refuse("POST", "/identity/token", 500)) as fault:
        assert account.find("anything") == []
    assert fault.struck == 1


def test_an_account_of_several_instances_is_asked_in_all_of_them(server, monkeypatch, capsys):
    server.empty_instance = True
    try:
        monkeypatch.delenv("QISKIT_IBM_INSTANCE")
        account = Account.connect(PATIENCE)
        device = account.device("ibm_fez")
        job_id = account.submit(device, fitted_example(device.target), 10, ["several"])
        account.close_batch(account.open_batch(device))
        other = Account.connect(PATIENCE)
        assert [job.id for job in other.find("several")] == [job_id]
        assert Account.connect(PATIENCE).state(job_id).name == "done"
        assert Account.connect(PATIENCE).state("d0").name == "gone"
        assert len({request.headers["Service-CRN"] for request in server.log if "Service-CRN" in request.headers}) == 2
        with server.failing(refuse("GET", "/backends", 403, skip=1, times=1)):
            assert account.device_names() == ["ibm_fez"]  # the other does not answer
        with server.failing(refuse("GET", "/backends", 403, times=1)), pytest.raises(ServiceError, match="status 403"):
            account.device("ibm_fez")  # the one that does not answer may have the device
        with server.failing(refuse("GET", "/jobs", 403, times=1)), pytest.raises(ServiceError, match="status 403"):
            account.find("several")  # the one that does not answer may have the job
    finally:
        server.empty_instance = False
    assert [session["accepting_jobs"] for session in server.sessions.values()][-1] is False
    assert capsys.readouterr().err == ""
