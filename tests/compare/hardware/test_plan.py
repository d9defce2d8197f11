import dataclasses
import math

import pytest

from compare.hardware.mitigation import Mitigation
from compare.hardware.plan import ExpectedTime, Order, is_local, make_plan
from compare.studies.ridgelet.jobs import nodes_payload, payloads_of_data, problem_of
from problems.errors import InputError
from quantum.backends.fitting import fit_circuit
from tests.compare.hardware.runs import SHOTS, connect, entangled_payloads, in_one_line, small_payloads, small_plan


def refused(told, payloads, *order):
    with pytest.raises(InputError, match=told) as refusal:
        make_plan(payloads, Order(*order))
    return in_one_line(refusal)


def test_quantum_seconds_follow_from_overhead_duration_reset_and_delay():
    plan = make_plan(small_payloads(2), Order("fake_fez", 20_000))
    durations = [job.fitted.duration for job in plan.jobs]
    assert plan.estimate.seconds == tuple(math.ceil(2 + 20_000 * (time + 1.6e-6 + 250e-6)) for time in durations)
    assert plan.estimate.total == sum(plan.estimate.seconds) == 16
    assert (plan.estimate.budget, plan.estimate.left) == (600.0, False)
    assert plan.local


def test_the_account_says_what_is_left(served, server, monkeypatch):
    _, account, plan = served
    assert plan.estimate == ExpectedTime((3, 3), 588.0, True)
    assert (plan.device.name, plan.local) == ("ibm_fez", False)
    monkeypatch.setattr(server, "remaining", 2)
    assert small_plan("ibm_fez", account=account).estimate.budget == 2.0


def test_a_share_of_the_shots_that_a_device_does_not_take_is_refused_before_anything_is_submitted(served, monkeypatch):
    account, device = served[1], dataclasses.replace(served[2].device, min_shots=10)
    monkeypatch.setattr(type(account), "device", lambda self, name: device)
    pec = Order("ibm_fez", 300, mitigation=Mitigation(("pec",), pec_circuits=8))
    with pytest.raises(
        InputError, match=r"ibm_fez takes 10 shots of a circuit at least, and . are those of .*; pec, ran"
    ):
        make_plan(entangled_payloads(), pec, account)
    with pytest.raises(InputError, match=r"and 9 are those of .*; take more shots\.$"):
        make_plan(small_payloads(1), Order("ibm_fez", 9), account)
    assert len(make_plan(small_payloads(1), Order("ibm_fez", 10), account).jobs) == 1


def test_what_is_not_known_of_one_job_is_not_known_of_all():
    assert ExpectedTime((2.0, 3.5), 600.0, False).total == 5.5
    assert ExpectedTime((2.0, None), 600.0, False).total is None


def test_ideal_simulators_cost_nothing_and_are_handed_the_state():
    plan = small_plan("aer_statevector")
    assert plan.estimate is None
    assert plan.jobs[0].fitted is None
    assert plan.jobs[0].payload.settings["loader"] == "ideal"
    assert plan.jobs[0].qpy is None
    gates = make_plan([nodes_payload(problem_of(small_payloads(1)[0]), loader="sparse")], Order("aer_statevector", 10))
    assert gates.jobs[0].qpy.startswith(b"QISKIT")


def test_copies_of_a_circuit_are_built_and_fitted_once(monkeypatch):
    fitted = []

    def fit(circuit, *where):
        fitted.append(circuit)
        return fit_circuit(circuit, *where)

    monkeypatch.setattr("compare.hardware.plan.fit_circuit", fit)
    first, second = small_payloads(2)
    called = dataclasses.replace(first, description="the same by another name")
    plan = make_plan([first, first, second, called, first], Order("fake_yorktown", SHOTS))
    assert len(fitted) == 3
    assert [job.fitted is plan.jobs[0].fitted for job in plan.jobs] == [True, True, False, False, True]
    assert len({job.seed for job in plan.jobs}) == 5
    names = [job.payload.description for job in plan.jobs]
    assert len(set(names)) == 3
    assert names[3] == "the same by another name, sparse loader"


def test_names_tell_where_a_circuit_runs():
    assert [is_local(name) for name in ("fake_fez", "aer_mps", "ibm_fez", "ibmq_lima")] == [True, True, False, False]


def test_bad_orders_are_refused():
    payloads = small_payloads(1)
    refused("There is no problem to submit", [], "fake_fez", 10)
    refused("shots = 0 is too small", payloads, "fake_fez", 0)
    refused("shots = 2.5 is no whole number", payloads, "fake_fez", 2.5)
    refused("seed = -3 is too small", payloads, "fake_fez", 10, -3)
    refused(
        "shots = 100000000000 is beyond the limit of aer_statevector, 2147483647", payloads, "aer_statevector", 10**11
    )
    refused("shots = 100001 is beyond the limit of fake_fez, 100000 a run", payloads, "fake_fez", 100_001)
    refused("There is no backend 'fake_fes'. Did you mean 'fake_fez'", payloads, "fake_fes", 10)
    refused("There is no backend 'aer_statevectors'. Did you mean 'aer_statevector'", payloads, "aer_statevectors", 10)


def test_a_circuit_that_is_too_wide_or_too_deep_is_refused_with_figures():
    wide = payloads_of_data(["digits"], [3], [3], [4], ["binary"], None, 1e-3, "relu", 0)
    refused("has 8 qubits, but fake_yorktown connects 5 by working gates", wide, "fake_yorktown", 100)
    deep = payloads_of_data(["digits"], [5], [1], [4], ["binary"], None, 1e-3, "relu", 0)
    told = refused("too deep for fake_melbourne: depth ", deep, "fake_melbourne", 100)
    assert "two-qubit gates" in told
    assert "microseconds, an expected fidelity of 0.0" in told


def test_a_circuit_that_cannot_be_simulated_is_refused_before_it_is_submitted():
    wide = payloads_of_data(["digits"], [2], [40], [1], ["binary"], None, 1e-3, "relu", 0)
    refused(r"Simulating 41 qubits of fake_fez needs 48 TiB", wide, "fake_fez", 100)
    refused(r"A state vector of 41 qubits needs", wide, "aer_statevector", 100)


def test_limits_of_a_device_are_told(served, server):
    _, account, plan = served
    most = plan.device.max_shots
    with pytest.raises(InputError, match=f"shots = {most + 1} is beyond the limit of ibm_fez, {most} a run"):
        make_plan(small_payloads(1), Order("ibm_fez", most + 1), account)
    with pytest.raises(InputError, match=r"There is no IBM device 'ibm_fes'. Did you mean 'ibm_fez'"):
        make_plan(small_payloads(1), Order("ibm_fes", SHOTS), connect())
