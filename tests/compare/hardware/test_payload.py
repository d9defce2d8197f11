"""Jobs of another kind than the ridgelet's go the same way: nothing there looks into a payload."""

import subprocess
import sys

import numpy as np
import pytest

from compare.hardware.create import create
from compare.hardware.payload import KINDS, Payload, find_kind
from compare.hardware.plan import Order, make_plan
from compare.hardware.record import Outcome
from compare.studies.ridgelet.jobs import NODES
from problems.errors import InputError
from tests.compare.hardware.parity import KIND, PARITY, parity_payload
from tests.compare.hardware.runs import bring, counts, in_one_line, small_payloads, submitted

SHOTS = 400


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(KINDS, KIND, "tests.compare.hardware.parity:PARITY")


def test_a_parity_circuit_is_submitted_to_a_service_and_fetched(served, server, tmp_path, tickets):
    payloads = [parity_payload([0, 1, 0]), parity_payload([1, 1]), *small_payloads(1)]
    plan = make_plan(payloads, Order("ibm_fez", SHOTS), served[1])
    run = submitted(plan, served[1], tmp_path)
    assert [job.payload for job in run.jobs] == [KIND, KIND, "ridgelet/nodes"]
    bring(run, served[1])
    assert counts(server, run) == [1, 1, 1]
    for job, payload in zip(run.jobs[:2], payloads, strict=False):
        result = run.result(job)
        flipped = result.arrays["bits"] ^ payload.arrays["flips"]
        assert result.arrays["bits"].shape == (SHOTS, payload.settings["qubits"])
        assert np.all(flipped == flipped[:, :1])
        assert not result.arrays["broken"].any()
        assert 100 < result.numbers["ones"] < 300
        np.testing.assert_array_equal(run.payload(job).arrays["flips"], payload.arrays["flips"])
    code, out, _ = tickets("fetch", run.name, "--out", str(tmp_path))
    assert code == 0
    assert out.splitlines()[0] == f"000: GHZ of 3: {SHOTS} shots, 0 broken: {run.path / 'result-000.npz'}"


@pytest.mark.parametrize("backend", ["fake_fez", "aer_mps", "aer_statevector"])
def test_a_parity_circuit_runs_on_this_machine(tmp_path, backend):
    run = create(make_plan([parity_payload([0, 1, 1, 0])], Order(backend, SHOTS, seed=2)), tmp_path)
    bring(run, None)
    result = run.result(run.jobs[0])
    assert np.count_nonzero(result.arrays["broken"]) < (0.2 * SHOTS if backend == "fake_fez" else 1)
    assert 100 < result.numbers["ones"] < 300


def test_seeds_of_further_circuits_are_named_by_what_they_measure():
    first, second, third = (parity_payload(flips) for flips in ([0, 0], [0, 1], [1, 1]))

    def seeds(*payloads):
        jobs = make_plan(payloads, Order("aer_statevector", 10, seed=5)).jobs
        return {job.payload.digest: job.seed for job in jobs}

    known = seeds(first, second, third)
    assert known[first.digest] == 5
    assert len(set(known.values())) == 3
    assert seeds(first, third, second) == known
    assert seeds(first, third) == {payload.digest: known[payload.digest] for payload in (first, third)}
    twice = make_plan([first, second, second], Order("aer_statevector", 10, seed=5)).jobs
    assert len({job.seed for job in twice}) == 3


def test_a_digest_knows_kind_settings_and_arrays():
    def digest(kind="a", settings=None, arrays=None, description=""):
        return Payload(kind, settings or {"x": 1}, arrays or {"y": np.zeros(2)}, description).digest

    others = [
        digest("b"),
        digest(settings={"x": 1.0}),
        digest(arrays={"y": np.zeros(3)}),
        digest(arrays={"z": np.zeros(2)}),
    ]
    others += [digest(arrays={"y": np.zeros(2, dtype=np.float32)}), digest(arrays={"y": np.ones(2)})]
    assert len({digest(), *others}) == 7
    assert digest(description="a label") == digest()


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, np.zeros(2)])
def test_settings_that_are_no_plain_data_are_refused(value):
    with pytest.raises(
        InputError, match=r"settings of the payload 'a' are no plain data .*; give finite numbers"
    ) as no:
        Payload("a", {"x": value})
    in_one_line(no)


def test_kinds_are_found_by_name_when_they_are_needed():
    assert find_kind(KIND) is PARITY
    assert find_kind("ridgelet/nodes") is NODES
    with pytest.raises(InputError, match=r"There is no kind of payload 'ridgelet/node'. Did you mean 'ridgelet/nodes'"):
        find_kind("ridgelet/node")


def test_a_kind_may_be_named_by_where_it_stands():
    assert find_kind("tests.compare.hardware.parity:PARITY") is PARITY
    with pytest.raises(InputError, match=r"The kind of payload 'nowhere:KIND' cannot be found \(No module named") as no:
        find_kind("nowhere:KIND")
    in_one_line(no)
    with pytest.raises(InputError, match=r"'os:sep' is no kind of payload; name a compare.hardware.payload.Payl"):
        find_kind("os:sep")


def test_what_the_code_of_jobs_needs_knows_no_study():
    modules = "fetch, listing, local, payload, plan, record, run, submit"
    studies = "[name for name in sys.modules if name.startswith('compare.studies')]"
    code = f"import sys; from compare.hardware import {modules}; print(*{studies})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_results_of_another_kind_have_their_own_numbers(tmp_path):
    run = create(make_plan([parity_payload([0, 1])], Order("aer_statevector", SHOTS)), tmp_path)
    bring(run, None)
    outcome = run.read(Outcome, run.jobs[0])
    assert (outcome.shots, set(outcome.numbers), outcome.told) == (SHOTS, {"ones"}, "0 broken")
