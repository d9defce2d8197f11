"""Runs made again from their records alone; whatever is altered in a record is refused in one line."""

import json
import shutil

import msgspec
import numpy as np
import pytest

from compare.cli import main
from compare.engine.record import sealed
from compare.hardware.bill import Bill, Charge, counts_of
from compare.hardware.create import create
from compare.hardware.fetch import fetch
from compare.hardware.prices import Rates, charge
from compare.hardware.record import Outcome, RunRecord
from compare.hardware.replay import NEAR, replay
from compare.hardware.run import HardwareRun, file_digest, npz_bytes
from problems.errors import InputError
from tests.compare.hardware.runs import bring, first_job, in_one_line, small_plan, submitted
from tests.loopback import CRN, TOKEN
from tests.loopback.server import SIGNATURE


@pytest.fixture(scope="module")
def fetched(served, tmp_path_factory):
    """A run of one job on a service, fetched."""
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path_factory.mktemp("replay"))
    bring(run, account)
    return run


def tickets(capsys, *given):
    with pytest.raises(SystemExit) as end:
        main(list(map(str, given)))
    told = capsys.readouterr()
    return end.value.code, told.out, told.err


def test_a_run_of_a_device_is_made_again_without_its_service(fetched, monkeypatch, capsys):
    monkeypatch.setattr("quantum.backends.ibm.Account.connect", None)
    (one,) = replay(fetched)
    assert one.source == "read again from the service's answer"
    assert one.arrays == len(fetched.result(fetched.jobs[0]).arrays)
    assert one.numbers >= 8
    assert one.farthest <= NEAR
    assert (one.queue, one.execution) == (None, 2.0)
    assert one.fetched > 0
    code, out, _ = tickets(capsys, "replay", fetched.name, "--out", fetched.path.parent)
    assert code == 0
    assert f"{fetched.name} is what its record says; it holds the calibration of 2025-02-26T15:16:25+00:00" in out
    assert "unknown seconds in the queue, 2 s on the device" in out
    assert "what the service ran: not known" in out


def test_without_the_client_the_bits_on_disk_are_taken(fetched, monkeypatch):
    import quantum.backends.ibm as ibm

    def missing(text, circuit):
        raise InputError("Decoding a job's result needs qiskit-ibm-runtime, which is not installed.")

    monkeypatch.setattr(ibm, "decode_result", missing)
    (one,) = replay(fetched)
    assert "from disk, as the answer itself is not read here (Decoding a job's result needs" in one.source


def test_a_run_of_a_snapshot_is_made_again(tmp_path):
    run = create(small_plan("fake_fez"), tmp_path)
    with pytest.raises(InputError, match="has no result yet"):
        replay(run)
    fetch(run)
    (one,) = replay(HardwareRun(run.path))
    assert one.source == "as they were simulated"
    assert one.numbers >= 8


def seal(path, **changes):
    """Change a JSON file, and seal it again."""
    content = json.loads(path.read_text())
    content.update(changes)
    content["digest"] = sealed(content)
    path.write_text(json.dumps(content))


def other_bits(run):
    path = run.path / "result-000.npz"
    arrays = dict(np.load(path))
    arrays["bits"] = ~arrays["bits"]
    path.write_bytes(npz_bytes(arrays))
    seal(run.path / "result-000.json", sha256=file_digest(path.read_bytes()))


def other_nodes(run):
    path = run.path / "result-000.npz"
    arrays = dict(np.load(path))
    name = next(name for name in arrays if name != "bits")
    arrays[name] = arrays[name] + 1
    path.write_bytes(npz_bytes(arrays))
    seal(run.path / "result-000.json", sha256=file_digest(path.read_bytes()))


def other_number(run):
    numbers = dict(run.read(Outcome, run.jobs[0]).numbers)
    name = next(iter(numbers))
    seal(run.path / "result-000.json", numbers=numbers | {name: numbers[name] + 1})


def other_fidelity(run):
    record = msgspec.to_builtins(run.record)
    record["jobs"][0]["fit"]["fidelity"] *= 1 + 1e-9
    seal(run.path / "run.json", jobs=record["jobs"])


def changed(name):
    def change(run):
        content = bytearray((run.path / name).read_bytes())
        content[len(content) // 2] ^= 1
        (run.path / name).write_bytes(bytes(content))

    return change


def billed(run, **changes):
    """Give a run a bill, in which a count is another."""
    job, rates = run.jobs[0], Rates("ibm_fez", {"task": 1.0, "two_qubit_gate": 0.001})
    counts = counts_of(run.sent(job), run.shots(job), True, 3.0) | changes
    credits, amount = charge(rates, counts)
    bill = Bill("2024-11-20", "EUR", "invented", "0" * 64, "ibm_fez", rates, (Charge(counts, credits, amount),))
    run.write(msgspec.structs.replace(run.record, bill=bill))


def test_a_bill_of_the_run_s_own_counts_is_what_comes_out(fetched, tmp_path):
    run = HardwareRun(shutil.copytree(fetched.path, tmp_path / fetched.name))
    billed(run)
    assert replay(HardwareRun(run.path))[0].arrays > 0


ALTERED = {
    "gates that are paid for": (
        lambda run: billed(run, two_qubit_gate=1.0),
        "The bill of .* gives counts of job 000 two_qubit_gate = .* where 1.0 is recorded",
    ),
    "shots that are paid for": (lambda run: billed(run, shot=30.0), "gives counts of job 000 shot = 60.0 where 30.0"),
    "a job that is not paid for": (lambda run: billed(run, task=0.0), "gives counts of job 000 task = 1.0 where 0.0"),
    "minutes": (lambda run: billed(run, quantum_minute=0.0), "gives counts of job 000 quantum_minute = 0.05 where 0.0"),
    "a number": (other_number, "gives numbers .* is recorded: the record was altered"),
    "bits": (other_bits, "has other bits than result-000.npz"),
    "nodes": (other_nodes, "the record was altered, or another version wrote it"),
    "fidelity": (other_fidelity, "gives fit fidelity = .* is recorded: the record was altered"),
    "calibration": (changed("calibration.json"), "calibration.json is not what the run wrote"),
    "circuit": (changed("circuit-000.qpy"), "circuit-000.qpy is not what the run wrote"),
    "payload": (changed("payload-000.npz"), "payload-000.npz is not what the run wrote"),
    "answer": (changed("result-000.raw"), "result-000.raw was changed"),
    "result": (changed("result-000.npz"), "result-000.npz is damaged"),
    "record": (changed("run.json"), "run.json"),
}


@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_record_is_refused_in_one_line(fetched, tmp_path, what, capsys):
    alter, message = ALTERED[what]
    run = HardwareRun(shutil.copytree(fetched.path, tmp_path / fetched.name))
    alter(run)
    with pytest.raises(InputError, match=message) as refusal:
        replay(HardwareRun(run.path))
    in_one_line(refusal)
    code, out, err = tickets(capsys, "replay", run.name, "--out", tmp_path)
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1


def test_a_run_that_is_older_than_calibrations_is_made_again(fetched, tmp_path):
    run = HardwareRun(shutil.copytree(fetched.path, tmp_path / fetched.name))
    record = msgspec.to_builtins(run.record)
    for name in ("files", "guarantee", "digest"):
        record.pop(name, None)
    (run.path / "calibration.json").unlink()
    record["digest"] = sealed(record)
    (run.path / "run.json").write_text(json.dumps(record))
    run = HardwareRun(run.path)
    assert run.read(RunRecord).files == {}
    assert run.target() is None
    assert replay(run)[0].arrays > 0


def test_no_credential_is_in_any_file_of_a_run(fetched):
    planted = (TOKEN, SIGNATURE, CRN, "0123456789abcdef")  # the key, the bearer tokens, the account's name and its id
    for path in fetched.path.rglob("*"):
        content = b"" if path.is_dir() else path.read_bytes()
        assert [secret for secret in planted if secret.encode() in content] == []
