"""Circuits that run at once in one job: one submission, one answer, and of it each circuit's own result."""

import dataclasses
import json
import shlex

import msgspec
import numpy as np
import pytest
from qiskit_aer import AerSimulator
from qiskit_ibm_runtime.executor_sampler import Sampler

from compare.hardware.at_once import AtOnce, groups_of
from compare.hardware.bill import make_bill
from compare.hardware.create import create, resumable
from compare.hardware.fetch import fetch
from compare.hardware.listing import list_runs, open_runs
from compare.hardware.payload import Ordered
from compare.hardware.plan import Order, make_plan
from compare.hardware.prices import PriceList, Rates
from compare.hardware.record import Outcome, Submission
from compare.hardware.replay import replay
from compare.hardware.run import HardwareRun
from compare.hardware.submit import send
from problems.errors import InputError
from problems.seeds import integer_seed
from quantum.backends import resolve
from quantum.backends.fitting import expect
from tests.compare.hardware.in_process import killed_at, points_of
from tests.compare.hardware.runs import QUICK, SHOTS, bring, counts, resume, small_payloads, submitted, unfinished

LINE = shlex.split("submit --dataset digits --prime 2 --features 1 --points 2 --shots 60 --yes --out DIR")


@pytest.fixture(scope="module")
def plan(served):
    """Three circuits, of which two run at once, and these also alone."""
    payloads = [*small_payloads(2), Ordered(small_payloads(1)[0], 30, 5)]
    return make_plan(payloads, Order("ibm_fez", SHOTS, 3, at_once=AtOnce(2, buffer=1, alone=True)), served[1])


@pytest.fixture(scope="module")
def shared(plan):
    """Two circuits in one job, and nothing else."""
    return dataclasses.replace(plan, jobs=plan.jobs[:2])


def test_those_of_one_number_of_shots_go_together():
    assert groups_of([10, 10, 20, 10, 20, 10], 2) == [[0, 1], [2, 4], [3, 5]]
    assert groups_of([10, 10, 10], 2) == [[0, 1], [2]]
    assert groups_of([10, 20], 1) == [[0], [1]]


def test_a_plan_says_what_is_submitted_and_what_it_takes(plan):
    first, second, third, *twins = plan.jobs
    assert [job.shared and job.shared.lead for job in plan.jobs] == [0, 0, None, None, None]
    assert [twin.circuit == job.circuit for twin, job in zip(twins, (first, second), strict=True)] == [True, True]
    assert len({job.seed for job in plan.jobs}) == 5
    assert plan.submitted == (first, third, *twins)
    whole = plan.together[0]
    assert [register.name for register in whole.cregs] == ["circuit_000", "circuit_001"]
    assert expect(whole, plan.target, 0).fidelity == pytest.approx(first.fitted.fidelity * second.fitted.fidelity)
    longest = max(first.fitted.duration, second.fitted.duration)
    assert plan.estimate.seconds[0] == np.ceil(2 + SHOTS * (longest + 1.6e-6 + 250e-6))
    assert plan.estimate.seconds[1] == 0.0


def test_a_job_is_submitted_once_and_its_answer_split(served, server, plan, tmp_path):
    _, account, _ = served
    before = len(server.jobs)
    run = submitted(plan, account, tmp_path)
    assert len(server.jobs) - before == 4
    assert counts(server, run) == [1, 0, 1, 1, 1]
    assert run.job_id(run.jobs[0]) == run.job_id(run.jobs[1]) is not None
    bring(run, account)
    (made,) = server.tagged(run.jobs[0].tag)
    sampler = Sampler(AerSimulator(), options={"simulator": {"seed_simulator": made["_seed"]}})
    data = sampler.run([plan.together[0]], shots=SHOTS).result()[0].data
    for job in run.jobs[:2]:
        measured = data[f"circuit_{job.name}"].to_bool_array(order="little")
        np.testing.assert_array_equal(run.result(job).arrays["bits"], measured)
        assert run.read(Outcome, job).source == "fetched, and split from what ran at once in job 000"
        assert (job.shared.lead, job.shared.buffer) == ("000", 1)
        assert set(job.fit["layout"]) <= set(job.shared.region)
        assert job.shared.best >= job.fit["fidelity"]
    assert not set(run.jobs[0].shared.region) & set(run.jobs[1].shared.region)
    assert run.sent(run.jobs[1]) == plan.together[0]
    assert [one.source for one in replay(run)] == ["read again from the service's answer"] * 5
    (listed,) = list_runs(tmp_path)
    assert (listed["status"], listed["jobs"], len(listed["job_ids"])) == ("done", 5, 4)
    (run.path / "result-001.json").unlink()
    server.log.clear()
    bring(run, account)  # made again of the answer that is on disk
    assert server.log == []


def test_no_kill_submits_twice_or_loses_a_part(served, server, shared, tmp_path):
    _, account, _ = served

    def act(out):
        run = create(shared, out)
        send(run, account, shared.device, fresh=True, pace=QUICK)
        fetch(run, True, lambda: account, QUICK)

    whole = points_of(lambda: act(tmp_path / "whole"))
    (first,) = open_runs(tmp_path / "whole").values()
    shapes = [first.result(job).arrays["bits"].shape for job in first.jobs]
    found = 0
    for point in range(3, whole + 1, 9):
        out = tmp_path / str(point)
        killed_at(point, lambda out=out: act(out))
        for run in open_runs(out).values() if out.exists() else ():
            resume(run, account, shared.device)
            bring(run, account)
            assert counts(server, run) == [1, 0]
            assert [run.result(job).arrays["bits"].shape for job in run.jobs] == shapes
            found += 1
    assert found > 3


def test_what_holds_one_up_holds_up_the_other(served, server, shared, tmp_path):
    _, account, _ = served
    run = submitted(shared, account, tmp_path)
    server.set_state(run.job_id(run.jobs[0]), "Failed", reason="too hot")
    server.log.clear()
    with unfinished(r"job 000, 001 failed \(too hot\)"):
        bring(run, account)
    assert sum("/jobs/" in request.path for request in server.log) == 1
    assert [entry["status"] for entry in list_runs(tmp_path)] == ["failed"]
    assert run.read(Submission, run.jobs[0]).state == "failed"
    assert run.read(Submission, run.jobs[1]) is None


def test_an_altered_record_of_parts_is_named(served, shared, tmp_path):
    run = create(shared, tmp_path)
    (run.path / "together-000.qpy").write_bytes(b"QISKIT")
    with pytest.raises(InputError, match=r"together-000\.qpy is not what the run wrote"):
        HardwareRun(run.path).sent(run.jobs[1])
    lost = msgspec.structs.replace(run.jobs[1], shared=msgspec.structs.replace(run.jobs[1].shared, lead="7"))
    with pytest.raises(InputError, match="says that job 001 runs with '7', which leads no such jobs"):
        run.lead(lost)


def test_the_lines_of_a_script(tickets, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, errors = tickets(
        *LINE, "--backend", "fake_fez", "--copies", "2", "--at-once", "2", "--buffer", "1", "--alone"
    )
    assert (code, errors) == (0, "")
    said = out.splitlines()
    assert said[0] == "fake_fez: 3 jobs of 4 circuits, up to 2 at once, 60 shots each"
    assert "on qubits" in said[1]
    assert "of fidelity less than in the best place), about 3 quantum seconds" in said[1]
    assert said[2].endswith("of fidelity less than in the best place), at once with 000")
    assert said[-3] == "Circuits that run at once are simulated apart: a snapshot's noise is local, without crosstalk."
    code, out, errors = tickets("fetch", said[-1], "--out", "DIR", "--json")
    assert (code, len(json.loads(out))) == (0, 4)
    run, backend = HardwareRun(tmp_path / "DIR" / said[-1]), resolve("fake_fez")
    for job in run.jobs[:2]:  # simulated apart
        own = backend.program(run.circuit(job)).run(60, integer_seed(job.seed))
        np.testing.assert_array_equal(run.result(job).arrays["bits"], own)
        assert run.read(Outcome, job).source == "simulated here, apart from what would run at once with it"
    assert not np.array_equal(*(run.result(job).arrays["bits"] for job in run.jobs[:2]))
    assert len(replay(run)) == 4
    code, out, errors = tickets("crosstalk", said[-1], "--out", "DIR")
    assert (code, errors) == (0, "")
    assert out.splitlines()[0].startswith("000 beside others, 002 alone: digits, P = 2, D = 1, K = 2, binary")
    assert out.splitlines()[-1].startswith("Simulated apart: noise of a snapshot is local and holds no crosstalk")


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ("--at-once 0", "at_once = 0 is too small"),
        ("--at-once 2 --buffer -1", "buffer = -1 is too small"),
        ("--buffer 1", "give --at-once 2 or more"),
        ("--alone", "give --at-once 2 or more"),
        ("--copies 0", "copies = 0 is too small"),
        ("--copies 1001", "copies = 1001 is too many; order at most 1000"),
        ("--at-once 2 --region 0-1", "1 region cannot hold 2 circuits at once"),
        ("--at-once 2 --region 0-1 --region 0-x", "'0-x' names no region"),
        ("--at-once 2 --copies 2 --region 0-1 --region 155-156", "There is no region 155-156 on fake_fez: qubit 156"),
        ("--at-once 3 --copies 3 --backend fake_yorktown", "fake_yorktown has room for 2 of these 3 circuits at once"),
        ("--at-once 2 --copies 2 --backend aer_mps", "aer_mps has no qubits to be shared out; leave --at-once out"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(tickets, tmp_path, monkeypatch, flags, told):
    monkeypatch.chdir(tmp_path)
    code, out, errors = tickets(*LINE, "--backend", "fake_fez", *shlex.split(flags))
    assert (code, out, errors.count("\n")) == (2, "", 1)
    assert told in errors
    assert list(tmp_path.iterdir()) == []


def test_a_run_without_circuits_alone_shows_no_crosstalk(tickets, served, shared, tmp_path):
    run = create(shared, tmp_path)
    code, _, errors = tickets("crosstalk", run.name, "--out", tmp_path)
    assert code == 2
    assert "has no circuit that ran at once with others and also alone; submit with --at-once 2 --alone" in errors


def test_in_rounds_each_round_has_a_job_of_its_own_and_is_paid_once(served, server, plan, tmp_path):
    order = Order("ibm_fez", SHOTS, 3, rounds=2, at_once=AtOnce(2))
    turns = make_plan(small_payloads(2), order, served[1])
    assert [(job.round, job.shared.lead) for job in turns.jobs] == [(0, 0), (0, 0), (1, 2), (1, 2)]
    assert len({job.seed for job in turns.jobs}) == 4
    assert list(turns.together) == [0, 2]
    assert turns.together[2] == turns.together[0]
    rates = Rates("ibm_*", {"task": 0.25, "two_qubit_gate": 0.001}, least=1.0)
    gates = sum(job.fitted.two_qubit_gates for job in turns.jobs[:2])
    bill = make_bill(turns, PriceList("2024-11-20", "EUR", "invented", "0" * 64, (rates,)))
    assert [one.amount for one in bill.jobs] == pytest.approx([max(1.0, 0.25 + 0.001 * gates * SHOTS), 0.0] * 2)
    assert bill.again() == bill.jobs
    run = create(turns, tmp_path)
    # Another day's calibration chooses other regions, and the same command still goes on with the run.
    regions = [dataclasses.replace(job.shared.region, qubits=(0, 1 + job.shared.lead), best=0.5) for job in turns.jobs]
    jobs = [
        dataclasses.replace(job, shared=dataclasses.replace(job.shared, region=region))
        for job, region in zip(turns.jobs, regions, strict=True)
    ]
    later = dataclasses.replace(turns, jobs=jobs)
    assert resumable(later, tmp_path).path == run.path
    named = dataclasses.replace(order, at_once=AtOnce(2, regions=((0, 1), (2, 3))))
    assert resumable(dataclasses.replace(later, order=named), tmp_path) is None
    send(run, served[1], turns.device, fresh=True, pace=QUICK)
    assert counts(server, run) == [1, 0, 1, 0]
    bring(run, served[1])
    assert [run.read(Outcome, job).source[-3:] for job in run.jobs] == ["000", "000", "002", "002"]
