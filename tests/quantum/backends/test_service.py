"""IBM's devices by name: one job, found again, waited for, read, or told in one line."""

import numpy as np
import pytest

from problems.errors import InputError
from quantum.backends import Suppression, ibm, resolve, service
from quantum.backends.errors import ServiceError, SubmissionUnknown
from quantum.backends.ibm import FoundJob, IBMDevice, JobState
from quantum.backends.snapshots import shared_snapshot
from tests.quantum.backends.circuits import chain

pytest.importorskip("qiskit_ibm_runtime")

BITS = np.random.default_rng(0).integers(0, 2, (30, 3)).astype(bool)


class Account:
    """An account whose service answers as the test chose."""

    def __init__(self):
        self.submitted, self.looked, self.waited = [], 0, []
        self.states = [JobState("queued"), JobState("running"), JobState("done")]
        self.lost, self.found_after, self.operational, self.read = False, 0, True, "archived"

    def device(self, name):
        if name != "ibm_fez":
            raise InputError(f"There is no device {name!r}.")
        fields = dict.fromkeys(IBMDevice.__dataclass_fields__)
        fields.update(
            name=name, target=shared_snapshot("fake_fez").target, max_shots=1000, operational=self.operational
        )
        return IBMDevice(**fields)

    def submit(self, device, circuit, shots, tags, suppression, batch=None):
        self.submitted.append((device.name, circuit, shots, tags, suppression, batch))
        if self.lost:
            raise SubmissionUnknown("no answer")
        return "job1"

    def find(self, tag):
        self.looked += 1
        assert [tag] == self.submitted[0][3]
        return [FoundJob("job1", [tag], JobState("queued"))] if self.looked > self.found_after else []

    def state(self, job):
        assert job == "job1"
        return self.states.pop(0)

    def result_text(self, job):
        assert job == "job1"
        if isinstance(self.read, Exception):
            raise self.read
        return self.read


@pytest.fixture
def account(monkeypatch):
    made = Account()
    monkeypatch.setattr(ibm.Account, "connect", lambda *_: made)
    monkeypatch.setattr(ibm, "decode_result", lambda text, circuit: {"archived": [BITS], "short": [BITS[:20]]}[text])
    monkeypatch.setattr(service.time, "sleep", made.waited.append)
    return made


def test_one_job_is_submitted_waited_for_and_read(account):
    backend = resolve("ibm_fez", Suppression(twirling=True))
    assert (backend.name, backend.device, backend.max_shots) == ("ibm_fez", True, 1000)
    program = backend.prepare(chain(3), 1)
    assert account.submitted == []
    np.testing.assert_array_equal(program.run(30, seed=0), BITS)
    ((name, circuit, shots, tags, suppression, batch),) = account.submitted
    assert (name, shots, suppression, batch) == ("ibm_fez", 30, Suppression(twirling=True), None)
    assert circuit is program.fitted.circuit
    assert account.waited == [2.0, 2.0]
    (tag,) = tags
    assert tag.startswith("tickets-")


def test_every_run_is_a_job_of_its_own(account):
    program = resolve("ibm_fez").prepare(chain(3), 1)
    for _ in range(2):
        account.states = [JobState("done")]
        program.run(30, seed=0)
    first, second = (tags for _, _, _, tags, _, _ in account.submitted)
    assert first != second


def test_a_recorded_circuit_is_submitted_as_it_is(account):
    fitted = resolve("ibm_fez").prepare(chain(3), 1).fitted
    resolve("ibm_fez").program(fitted.circuit, 1).run(30, seed=0)
    assert account.submitted[0][1] is fitted.circuit


def test_more_shots_than_asked_for_are_left_out(account):
    np.testing.assert_array_equal(resolve("ibm_fez").prepare(chain(3), 1).run(25, seed=0), BITS[:25])


@pytest.mark.parametrize("after", [0, 3])
def test_a_job_whose_submission_had_no_answer_is_found_by_its_tag(account, after):
    account.lost, account.found_after = True, after
    np.testing.assert_array_equal(resolve("ibm_fez").prepare(chain(3), 1).run(30, seed=0), BITS)
    assert len(account.submitted) == 1
    assert account.looked == after + 1


def test_a_job_that_is_nowhere_is_not_submitted_again(account):
    account.lost, account.found_after = True, 100
    with pytest.raises(SubmissionUnknown, match="no answer"):
        resolve("ibm_fez").prepare(chain(3), 1).run(30, seed=0)
    assert len(account.submitted) == 1
    assert account.looked == service.LOOKS


@pytest.mark.parametrize("name", ["failed", "cancelled", "gone"])
def test_a_job_that_ends_otherwise_is_named_with_the_reason(account, name):
    account.states[1:] = [JobState(name, "no luck")]
    with pytest.raises(ServiceError, match=f"Job job1 on ibm_fez is {name}: no luck"):
        resolve("ibm_fez").prepare(chain(3), 1).run(30, seed=0)


def test_the_job_is_named_where_the_service_fails_while_it_waits(account):
    account.read = ServiceError("too many 500 error responses")
    with pytest.raises(ServiceError, match="Job job1 on ibm_fez: too many 500"):
        resolve("ibm_fez").prepare(chain(3), 1).run(30, seed=0)


def test_half_a_result_is_an_error(account):
    account.read = "short"
    with pytest.raises(ServiceError, match="job1 on ibm_fez returned half a result: 20 shots of 3 bits where 30 of 3"):
        resolve("ibm_fez").prepare(chain(3), 1).run(30, seed=0)


def test_a_device_out_of_operation_is_not_waited_for(account):
    account.operational = False
    with pytest.raises(ServiceError, match="ibm_fez is out of operation"):
        resolve("ibm_fez").prepare(chain(3), 1).run(30, seed=0)
    assert account.submitted == []


def test_refusals(account):
    with pytest.raises(InputError, match="no device 'ibm_nowhere'"):
        resolve("ibm_nowhere")
    with pytest.raises(InputError, match="has 157 qubits, but ibm_fez connects"):
        resolve("ibm_fez").check(157, 1)
    with pytest.raises(InputError, match="bond_dimension = 3 says nothing to ibm_fez"):
        resolve("ibm_fez").check(4, 1, 3)
    assert account.submitted == []
