"""The key, the bearer tokens and the account's name are planted at the server, and looked for wherever text is made."""

import copy
import io
import itertools
import logging
import pickle
import traceback

import pytest

from problems.errors import InputError
from quantum.backends.errors import ServiceError
from quantum.backends.ibm import Account, redact
from quantum.backends.wire import quiet, remember_secret
from tests.loopback import CRN, TOKEN, refuse
from tests.loopback.environment import PATIENCE, connected, fitted_example
from tests.loopback.server import SIGNATURE

ACCOUNT_ID = "0123456789abcdef"
SECRETS = (TOKEN, SIGNATURE, ACCOUNT_ID, "eyJhbGciOiAiUlMyNTYi", "crn:v1", "crn%3A")
LOGGERS = ("qiskit_ibm_runtime", "ibm-cloud-sdk-core", "urllib3", "")


def exposed(text):
    return [secret for secret in SECRETS if secret.lower() in text.lower()]


@pytest.fixture
def logs():
    """All that is logged, at DEBUG."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s:%(levelname)s: %(message)s"))
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).addHandler(handler)
    yield stream
    for name in LOGGERS:
        logging.getLogger(name).setLevel(levels[name])
        logging.getLogger(name).removeHandler(handler)


def test_the_secrets_are_at_the_server(tmp_path):
    with connected(tmp_path) as (server, _):
        sent = str([(request.headers, request.body) for request in server.log])
    assert f"Bearer {'eyJhbGciOiAiUlMyNTYi'}" in sent
    assert SIGNATURE in sent
    assert CRN in sent


def test_nothing_that_is_logged_raised_shown_or_written_exposes_a_secret(tmp_path, logs, capsys):
    told = []
    echo = {"error": {"code": 1, "message": f"Bearer {TOKEN}, {CRN} and apikey {TOKEN} are not allowed"}}
    page = f"<html>{TOKEN} {CRN}</html>"
    with connected(tmp_path) as (server, account):
        device = account.device("ibm_fez")
        circuit = fitted_example(device.target)
        batch = account.open_batch(device)
        job_id = account.submit(device, circuit, 10, ["secret"], batch=batch)
        account.close_batch(batch)
        told += [repr(account), str(account), repr(device), repr(account.find("secret")), account.result_text(job_id)]
        server.set_state(job_id, "Failed", reason=f"run of {CRN} with {TOKEN} failed")
        told += [repr(account.state(job_id)), repr(account.find("secret"))]
        actions = [
            lambda: account.state(job_id),
            lambda: account.find("secret"),
            lambda: account.submit(device, circuit, 10, ["secret"]),
            lambda: account.open_batch(device),
            lambda: account.device("ibm_fez"),
            account.remaining_seconds,
            lambda: Account.connect(PATIENCE),
        ]
        refused = 0
        for status, payload in ((400, echo), (401, page), (403, echo), (429, page), (500, echo)):
            for action, method in itertools.product(actions, ("POST", "*")):
                with server.failing(refuse(method, "", status, payload=payload)):
                    try:
                        action()
                    except (ServiceError, InputError) as error:
                        refused += 1
                        told += _written(error)
        usage = {"usage_limit_reached": True, "usage_limit_seconds": 600, "usage_consumed_seconds": 600}
        with server.failing(refuse("GET", "/usage", 200, payload=usage)):
            account.submit(device, circuit, 10, ["spent"])  # the client warns, with the account's name
    assert refused >= 40
    assert exposed("\n".join(told)) == []
    text = logs.getvalue()
    assert "qiskit_ibm_runtime" in text
    assert "/jobs" in text  # it was the DEBUG level
    assert "[redacted]" in text
    assert exposed(text) == []
    out = capsys.readouterr()
    assert exposed(out.out + out.err) == []
    for file in tmp_path.rglob("*"):
        assert exposed(file.read_text() if file.is_file() else "") == []


def _written(error):
    """Return an error in all the ways that it may be written, values of variables included."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    ours = [frame for frame in shown.stack if "/tests/" not in frame.filename]
    values = [f"{name} = {value}" for frame in ours for name, value in (frame.locals or {}).items()]
    return [str(error), repr(error), *traceback.format_exception(error), *values]


def test_by_default_nothing_is_logged_at_all(tmp_path, capsys):
    with connected(tmp_path) as (_, account):
        account.device("ibm_fez")
    out = capsys.readouterr()
    assert out.out + out.err == ""


def test_outside_our_calls_the_client_speaks_as_before_but_redacted():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("qiskit_ibm_runtime.qiskit_runtime_service")
    remember_secret(TOKEN)
    logger.addHandler(handler)
    try:
        with quiet():
            logger.warning("chatter of %s", TOKEN)
            logger.error("trouble with %s", CRN)
        logger.warning("in use by %s", TOKEN)
        try:
            raise ValueError(f"no {TOKEN}")
        except ValueError:
            logger.exception("It failed")
    finally:
        logger.removeHandler(handler)
    lines = stream.getvalue().splitlines()
    assert lines[:3] == ["trouble with [redacted]", "in use by [redacted]", "It failed"]
    assert lines[-1] == "ValueError: no [redacted]"
    assert exposed(stream.getvalue()) == []


def test_an_account_is_neither_copied_nor_written(tmp_path):
    with connected(tmp_path) as (_, account):
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="holds credentials"):
                attempt(account)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"at {CRN} now", "at [redacted] now"),
        ("https://x/crn%3Av1%3Abluemix%3Aa%2F12 it", "https://x/[redacted] it"),
        ('{"crn": "crn:v1:a:b::"}', '{"crn": "[redacted]"}'),
        ("Authorization: Bearer abc.def-g", "Authorization: Bearer [redacted]"),
        ("Authorization: apikey abc", "Authorization: apikey [redacted]"),
        ("token eyJhbGciOiJIUzI1NiJ9.eyJpYXQ.c2ln end", "token [redacted] end"),
        ("nothing to hide: a discrete bearer", "nothing to hide: a discrete bearer"),
    ],
)
def test_text_is_redacted(text, expected):
    assert redact(text) == expected


def test_known_secrets_are_redacted_wherever_they_stand_and_short_words_are_not():
    remember_secret("s3cr3t-s3cr3t")
    remember_secret("the")
    remember_secret(None)
    assert redact("xs3cr3t-s3cr3ty, the other") == "x[redacted]y, the other"
