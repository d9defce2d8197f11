"""IonQ's answers, written by hand; circuits in its native gates; the key, and whatever goes wrong."""

import json
import pickle
import traceback

import numpy as np
import pytest
from qiskit import QuantumCircuit

from problems.errors import InputError
from quantum.backends import ibm, resolve
from quantum.backends.adapter import JobState
from quantum.backends.errors import ServiceError, SubmissionUnknown
from quantum.backends.ionq.result import read_result
from quantum.backends.wire import Patience
from tests.loopback import AFTER, cut, hang, refuse
from tests.loopback.ionq import KEY, IonQServer

PATIENCE = Patience(total=1, backoff=0.01, connect=1.0, read=1.0, submit=1.0)


def circuit():
    """Qubits 0 and 2 measured into bits 1 and 0; bit 2 is not measured."""
    made = QuantumCircuit(3, 3)
    made.measure([0, 2], [1, 0])
    return made


def test_outcomes_are_numbers_whose_bits_are_qubits():
    reading = read_result(json.dumps({"job": {}, "shots": ["4", 5, 0]}), circuit(), 3)
    np.testing.assert_array_equal(reading.bits, [[1, 0, 0], [1, 1, 0], [0, 0, 0]])
    said = json.dumps({"job": {}, "probabilities": {"5": 0.25, "4": 0.75}, "compiled": [{"gate": "gpi"}]})
    reading = read_result(said, circuit(), 4)
    np.testing.assert_array_equal(reading.bits, [[1, 0, 0]] * 3 + [[1, 1, 0]])
    assert json.loads(reading.compiled) == [{"gate": "gpi"}]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("<html>", "cannot be read"),
        ("{}", "cannot be read"),
        ('{"shots": 5}', "cannot be read"),
        ('{"shots": [1.5, 0]}', "cannot be read"),
        ('{"shots": [true, 0]}', "cannot be read"),
        ('{"shots": [0]}', "holds 1 of 2 shots"),
        ('{"shots": [0, 8]}', "the outcome 8, which 3 qubits do not have"),
        ('{"shots": [0, -1]}', "the outcome -1"),
        ('{"probabilities": {"0": 0.3, "1": 0.7}}', "exact probabilities .* and no shots"),
        ('{"probabilities": {"0": 0.5}}', "holds 1 of 2 shots"),
        ('{"probabilities": {"0": 7}}', "as a share of the shots"),
    ],
)
def test_what_is_no_result_is_told_in_one_line(said, told):
    with pytest.raises(ServiceError, match=told) as refusal:
        read_result(said, circuit(), 2)
    assert "\n" not in str(refusal.value)


@pytest.fixture
def served(monkeypatch):
    pytest.importorskip("qiskit_ionq", reason="IonQ's client is not installed: it comes with the extra [ionq]")
    from quantum.backends.ionq import IonQAccount

    with IonQServer(qubits=3) as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        yield server, IonQAccount.connect(PATIENCE)


def entangled():
    """Three qubits whose outcomes have eight different weights, measured crosswise."""
    made = QuantumCircuit(3, 3)
    made.h(0)
    made.cx(0, 1)
    made.ry(0.7, 2)
    made.cp(0.3, 1, 2)
    made.ry(0.4, 1)
    made.cx(1, 2)
    made.measure([0, 1, 2], [2, 0, 1])
    return made


@pytest.mark.parametrize(("device", "gate"), [("qpu.forte-1", "zz"), ("qpu.aria-1", "ms")])
def test_native_gates_have_the_distribution_of_the_circuit(monkeypatch, device, gate):
    pytest.importorskip("qiskit_ionq")
    from qiskit.quantum_info import Statevector

    with IonQServer(device, qubits=3, histogram=gate == "ms") as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        program = resolve(f"ionq_{device}").prepare(entangled(), 1)
        assert set(program.circuit.count_ops()) <= {"gpi", "gpi2", gate, "measure"}
        bits = program.run(10_000, 0)
    exact = Statevector(entangled().remove_final_measurements(inplace=False)).probabilities([1, 2, 0])
    seen = np.bincount(bits @ [1, 2, 4], minlength=8) / len(bits)
    # Of 10,000 shots a share deviates by .005 once in three; the seed is the server's own.
    np.testing.assert_allclose(seen, exact, atol=0.015)


def test_what_it_cannot_run_is_refused_before_it_is_sent(served):
    server, account = served
    device = account.device("ionq_qpu.forte-1")
    before = len(server.log)
    again = QuantumCircuit(1, 2)
    again.measure(0, 0)
    again.measure(0, 1)
    again.reset(0)
    foreign = QuantumCircuit(1, 1)
    foreign.h(0)
    foreign.measure(0, 0)
    for bad, told in ((again, "measured at their end alone"), (foreign, "does not fit ionq_qpu.forte-1: gate 'h'")):
        with pytest.raises(InputError, match=told):
            account.submit(device, bad, 10, ["run", "job"])
    with pytest.raises(InputError, match="20000 shots are more than the 10000"):
        account.submit(device, foreign, 20_000, ["run", "job"])
    assert len(server.log) == before


def test_names_that_are_none_are_refused_with_the_nearest(served):
    _, account = served
    with pytest.raises(InputError, match=r"no IonQ device 'ionq_qpu\.fort-1'\. Did you mean 'ionq_qpu\.forte-1'"):
        account.device("ionq_qpu.fort-1")
    with pytest.raises(InputError, match="exact probabilities and no shots"):
        account.device("ionq_simulator")


@pytest.mark.parametrize(
    ("fault", "kind", "told"),
    [
        (
            refuse("POST", "/jobs", 400, payload={"error": "Bad Request", "message": "no\nsuch"}),
            ServiceError,
            "no such",
        ),
        (refuse("POST", "/jobs", 401), ServiceError, "does not accept the credentials"),
        (refuse("POST", "/jobs", 429, retry_after=3600), ServiceError, "try again in 3600 seconds"),
        (refuse("POST", "/jobs", 503), SubmissionUnknown, "it is not known whether it did"),
        (refuse("POST", "/jobs", 307, headers={"Location": "/v0.4/jobs"}), SubmissionUnknown, "status 307"),
        (cut("POST", "/jobs", when=AFTER), SubmissionUnknown, "the connection broke off"),
        (hang("POST", "/jobs", when=AFTER), SubmissionUnknown, "no answer came in time"),
        (refuse("POST", "/jobs", 200, payload="{}", when=AFTER), SubmissionUnknown, "could not be read"),
    ],
    ids=lambda value: getattr(value, "__name__", None) or getattr(value, "kind", None),
)
def test_a_request_whose_answer_is_lost_is_sent_once(served, fault, kind, told):
    server, account = served
    device = account.device("ionq_qpu.forte-1")
    fault.struck = 0
    with server.failing(fault), pytest.raises(ServiceError, match=told) as refusal:
        account.submit(device, QuantumCircuit(1, 1), 10, ["run", "job"])
    assert type(refusal.value) is kind
    assert "\n" not in str(refusal.value)
    assert server.count("POST", "/jobs") == 1
    assert len(server.jobs) == (fault.when == AFTER)


def test_states_are_told(served):
    server, account = served
    assert account.state("nowhere").name == "gone"
    job_id = account.submit(account.device("ionq_qpu.forte-1"), circuit(), 10, ["run", "job"])
    assert account.state(job_id) == JobState("done")
    for status, found in (("ready", "queued"), ("started", "running"), ("canceled", "cancelled"), ("odd", "running")):
        server.jobs[job_id]["status"] = status
        assert account.state(job_id).name == found
    server.jobs[job_id].update(status="failed", failure={"code": "internal_error", "error": "An\nerror"})
    assert account.state(job_id) == JobState("failed", "internal_error: An error")
    server.jobs[job_id].update(status="completed", results={"probabilities": {"url": "https://elsewhere/x"}})
    with pytest.raises(ServiceError, match="none of its own; it is not followed"):
        account.result_text(job_id)


def test_the_key_is_in_no_error_and_no_account_is_written(served, monkeypatch):
    server, account = served
    from quantum.backends.ionq import IonQAccount

    assert KEY not in repr(account)
    with pytest.raises(TypeError, match="holds credentials"):
        pickle.dumps(account)
    told = []
    echo = {"error": "Forbidden", "message": f"apiKey {KEY} may not"}
    for status in (400, 401, 403, 500):
        with server.failing(refuse("*", "", status, payload=echo)), pytest.raises(ServiceError) as refusal:
            account.device("ionq_qpu.forte-1")
        shown = traceback.TracebackException.from_exception(refusal.value, capture_locals=True)
        ours = [frame for frame in shown.stack if "/tests/" not in frame.filename]
        told += [str(refusal.value), *(str(value) for frame in ours for value in (frame.locals or {}).values())]
    assert KEY not in "\n".join(told)
    for bad in ("", "  ", "schlüssel"):
        monkeypatch.setenv("IONQ_API_KEY", bad)
        with pytest.raises(InputError, match="no key for IonQ, or none that can be one; set IONQ_API_KEY"):
            IonQAccount.connect()


@pytest.mark.parametrize(("found", "told"), [(None, "is not installed"), ("0.6.1", "and 0.6.1 is installed")])
def test_a_client_that_is_missing_or_does_not_fit_is_told_with_what_to_install(monkeypatch, found, told):
    from importlib.metadata import PackageNotFoundError

    from quantum.backends.braket import BraketAccount
    from quantum.backends.ionq import IonQAccount

    def version(package):
        if found is None:
            raise PackageNotFoundError(package)
        return found

    monkeypatch.setattr("quantum.backends.wire.clients.version", version)
    if found is not None:
        pytest.importorskip("qiskit_ibm_runtime")
        with pytest.raises(InputError, match=f"0.51 to below 0.52, {told}; .*requirements.lock"):
            ibm.Account.connect()
    for account, lock in ((IonQAccount, r"quantum-tickets\[ionq\]"), (BraketAccount, "make braket, from locks/braket")):
        with pytest.raises(InputError, match=f"{told}; .*{lock}") as refusal:
            account.connect()
        assert "\n" not in str(refusal.value)
