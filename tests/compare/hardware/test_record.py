import json
import shutil

import numpy as np
import pytest
from qiskit import qpy

from compare.durable import folder_at_once
from compare.hardware import record
from compare.hardware.record import FIELDS, JOB_FIELDS, KIND, HardwareRun, file_digest, find_run, open_runs
from compare.hardware.submit import create
from problems.errors import InputError
from tests.compare.hardware.runs import SHOTS, bring, counts, first_job, in_one_line, submitted, unfinished


@pytest.fixture(scope="module")
def original(served, tmp_path_factory):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path_factory.mktemp("runs"))
    bring(run, account)
    run.write("batch.json", "batch", {"id": "s0", "closed": True})
    return run


@pytest.fixture
def fetched(original, server, tmp_path):
    """A run of one job that is on disk, with all the files a run can have."""
    return HardwareRun(shutil.copytree(original.path, tmp_path / "runs" / original.name))


@pytest.fixture
def schema_2(monkeypatch):
    """A later version, whose records of jobs have a reason: older ones had none."""

    def migrate(kind, content):
        if kind == "job":
            return content | {"reason": f"none ({content['id']})"}
        return content

    monkeypatch.setattr(record, "SCHEMA", 2)
    monkeypatch.setattr(record, "MIGRATIONS", {1: migrate})


def change(path, **changes):
    """Change a record by hand; a value of None leaves the field out."""
    content = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({name: value for name, value in content.items() if value is not None}))


def change_job(path, **changes):
    content = json.loads(path.read_text())
    change(path, jobs=[{k: v for k, v in (content["jobs"][0] | changes).items() if v is not None}])


def contents(run):
    return {path.name: path.read_bytes() for path in run.path.iterdir()}


RECORDS = {
    KIND: "run.json",
    "batch": "batch.json",
    "intent": "job-000.intent.json",
    "job": "job-000.json",
    "result": "result-000.json",
}


def test_the_problem_and_the_circuit_come_back_as_they_were(served, tmp_path):
    plan = served[2]
    run = HardwareRun(create(plan, tmp_path).path)
    for job, planned in zip(run.jobs, plan.jobs, strict=True):
        problem = run.problem(job)
        assert problem.digest == planned.task.problem.digest
        for name in ("points", "counts", "labels", "ridgelet"):
            np.testing.assert_array_equal(getattr(problem, name), getattr(planned.task.problem, name))
        assert run.circuit(job) == planned.circuit
        assert job.entry["fit"] == planned.fitted.summary()
        assert job.entry["seed"] == planned.seed
    assert [job.tag for job in run.jobs] == [f"{run.name}-000", f"{run.name}-001"]
    assert (run.record["shots"], run.record["backend"], run.record["local"]) == (SHOTS, "ibm_fez", False)
    assert set(run.record["versions"]) >= {"qiskit", "qiskit-ibm-runtime", "quantum-tickets"}


def test_a_result_has_one_density_for_each_valid_shot(fetched):
    job = fetched.jobs[0]
    result = fetched.result(job)
    assert result.bits.shape == (SHOTS, job.entry["bits"])
    assert result.valid.shape == (SHOTS,)
    assert len(result.nodes) == len(result.density) == np.count_nonzero(result.valid)
    assert result.surviving == np.mean(result.valid)
    np.testing.assert_array_equal(result.density, fetched.problem(job).density(result.nodes))


def test_an_older_record_is_migrated(fetched, schema_2):
    change(fetched.path / "job-000.json", reason=None)
    run = HardwareRun(fetched.path)
    known = run.read("job-000.json", "job")
    assert known["reason"] == f"none ({run.job_id(run.jobs[0])})"
    assert run.record["schema"] == known["schema"] == 2
    assert run.has_result(run.jobs[0])


def test_a_run_of_an_older_schema_is_fetched_on_and_nothing_is_fetched_twice(served, server, tmp_path, request):
    _, account, plan = served
    run = submitted(plan, account, tmp_path)
    first, second = (run.job_id(job) for job in run.jobs)
    server.set_state(second, "Cancelled")
    with unfinished("001 cancelled"):
        bring(run, account)
    known = {path.name: path.read_bytes() for path in run.path.glob("result-000.*")}
    for path in run.path.glob("job-*[0-9].json"):
        change(path, reason=None)
    server.set_state(second, "Completed")
    server.log.clear()
    request.getfixturevalue("schema_2")
    bits = bring(run, account)
    assert len(bits) == 2
    assert {name: (run.path / name).read_bytes() for name in known} == known
    assert server.count("GET", f"{first}/results") == server.count("POST", "/jobs") == 0
    assert counts(server, run) == [1, 1]
    assert json.loads((run.path / "result-001.json").read_text())["schema"] == 2
    assert json.loads((run.path / "result-000.json").read_text())["schema"] == 1


@pytest.mark.parametrize("kind", RECORDS)
def test_an_older_record_without_a_migration_is_refused(fetched, monkeypatch, kind):
    monkeypatch.setattr(record, "SCHEMA", 2)
    before = contents(fetched)
    with pytest.raises(InputError, match=r"has schema 1, which this version \(schema 2\) no longer reads") as refusal:
        fetched.read(RECORDS[kind], kind)
    in_one_line(refusal)
    assert contents(fetched) == before


@pytest.mark.parametrize("kind", RECORDS)
def test_a_newer_record_is_refused_and_left_as_it_is(fetched, served, kind):
    change(fetched.path / RECORDS[kind], schema=2)
    before = contents(fetched)
    with pytest.raises(InputError, match=r"has schema 2, newer than 1.*upgrade quantum-tickets") as refusal:
        HardwareRun(fetched.path).read(RECORDS[kind], kind)
    in_one_line(refusal)
    if kind == "result":
        with pytest.raises(InputError, match="newer than 1"):
            bring(fetched, served[1])
    assert contents(fetched) == before


@pytest.mark.parametrize("schema", [None, "1", True, 1.0])
def test_a_record_without_a_version_is_refused(fetched, schema):
    change(fetched.path / "run.json", schema=schema)
    with pytest.raises(InputError, match="no version of its schema"):
        HardwareRun(fetched.path)


def test_an_old_record_that_lacks_what_its_migration_needs_is_damaged(fetched, schema_2):
    change(fetched.path / "job-000.json", id=None, reason=None)
    with pytest.raises(InputError, match="no whole record of schema 1") as refusal:
        fetched.job_id(fetched.jobs[0])
    in_one_line(refusal)


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"', "\udc80"])
def test_damaged_json_is_told_in_one_line(fetched, kind, content):
    path = fetched.path / RECORDS[kind]
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(InputError, match=f"{path.name} (cannot be read|is no record)") as refusal:
        HardwareRun(fetched.path).read(path.name, kind)
    in_one_line(refusal)


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("share", [0.2, 0.9])
def test_half_a_record_is_told_in_one_line(fetched, kind, share):
    path = fetched.path / RECORDS[kind]
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(InputError, match=f"{path.name} cannot be read") as refusal:
        HardwareRun(fetched.path).read(path.name, kind)
    in_one_line(refusal)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, fields in FIELDS.items() for name in fields])
def test_a_field_that_is_missing_is_named(fetched, kind, name):
    for wrong in (None, ["wrong"] if FIELDS[kind][name] is not list else "wrong"):
        change(fetched.path / RECORDS[kind], **{name: wrong})
        with pytest.raises(InputError, match=f"{RECORDS[kind]} is damaged: '{name}'") as refusal:
            HardwareRun(fetched.path).read(RECORDS[kind], kind)
        in_one_line(refusal)


@pytest.mark.parametrize("name", JOB_FIELDS)
def test_a_field_of_a_job_that_is_missing_is_named(fetched, name):
    change_job(fetched.path / "run.json", **{name: None})
    with pytest.raises(InputError, match=f"run.json is damaged: '{name}'"):
        HardwareRun(fetched.path)


@pytest.mark.parametrize("name", ["problem-000.npz", "circuit-000.qpy"])
@pytest.mark.parametrize("damage", ["changed", "cut", "removed"])
def test_a_file_that_is_not_what_the_run_wrote_is_refused(fetched, name, damage):
    path = fetched.path / name
    content = bytearray(path.read_bytes())
    if damage == "changed":
        content[len(content) // 2] ^= 1
    path.write_bytes(content[: -10 if damage == "cut" else None])
    if damage == "removed":
        path.unlink()
    told = "cannot be read" if damage == "removed" else "is not what the run wrote"
    run = HardwareRun(fetched.path)
    with pytest.raises(InputError, match=f"{name} {told}") as refusal:
        run.problem(run.jobs[0]) if name.startswith("problem") else run.circuit(run.jobs[0])
    in_one_line(refusal)


@pytest.mark.parametrize("change_to", [{"prime": 3}, {"regularization": 0.01}, {"digest": "0" * 64}])
def test_a_problem_that_was_changed_in_the_record_is_refused(fetched, change_to):
    change_job(fetched.path / "run.json", **change_to)
    run = HardwareRun(fetched.path)
    with pytest.raises(InputError, match=r"run.json does not describe the problem of job 000 as it was submitted"):
        run.problem(run.jobs[0])


def test_an_encoding_that_was_changed_in_the_record_is_refused(fetched, served):
    change_job(fetched.path / "run.json", encoding="unary")
    (fetched.path / "result-000.json").unlink()
    with pytest.raises(InputError, match="There is no encoding 'unary'"):
        bring(fetched, served[1])


@pytest.mark.parametrize("wrong", [{"twirl": True}, {"twirling": "yes"}])
def test_suppression_that_was_changed_in_the_record_is_refused(fetched, wrong):
    change(fetched.path / "run.json", suppression=wrong)
    with pytest.raises(InputError, match=r"'suppression' = |twirling = 'yes'") as refusal:
        _ = HardwareRun(fetched.path).suppression
    in_one_line(refusal)


def test_a_circuit_of_a_newer_version_of_qiskit_is_refused(fetched):
    path = fetched.path / "circuit-000.qpy"
    content = bytearray(path.read_bytes())
    content[6] = qpy.common.QPY_VERSION + 1
    path.write_bytes(content)
    files = json.loads((fetched.path / "run.json").read_text())["jobs"][0]["files"]
    change_job(fetched.path / "run.json", files=files | {path.name: file_digest(bytes(content))})
    run = HardwareRun(fetched.path)
    with pytest.raises(InputError, match=r"circuit-000.qpy cannot be read \(.*\); upgrade qiskit") as refusal:
        run.circuit(run.jobs[0])
    in_one_line(refusal)


def test_a_damaged_result_is_read_again_from_the_answer(fetched, served, server):
    before = contents(fetched)
    (fetched.path / "result-000.npz").write_bytes(before["result-000.npz"][:-1])
    with pytest.raises(InputError, match=r"result-000.npz is damaged .*fetch it again"):
        fetched.result(fetched.jobs[0])
    assert not fetched.has_result(fetched.jobs[0])
    server.log.clear()
    bring(fetched, served[1])
    assert contents(fetched)["result-000.npz"] == before["result-000.npz"]
    assert server.log == []


def test_a_result_that_is_not_there_says_how_to_fetch_it(served, tmp_path):
    run = create(served[2], tmp_path)
    with pytest.raises(InputError, match=f"has no result yet; fetch it: tickets fetch {run.name}"):
        run.result(run.jobs[0])
    assert not run.has_result(run.jobs[0])


def test_runs_are_found_by_the_name_of_their_folder(fetched):
    out = fetched.path.parent
    shutil.copytree(fetched.path, out / "renamed")
    folder_at_once(out / "study", {"run.json": b'{"schema": 1, "kind": "ridgelet"}'})
    (out / "empty").mkdir()
    assert set(open_runs(out)) == {fetched.name, "renamed"}
    run = find_run(out, "renamed")
    assert (run.name, run.tag) == ("renamed", fetched.name)
    with pytest.raises(InputError, match=f"There is no run '{fetched.name}0'. Did you mean '{fetched.name}'"):
        find_run(out, fetched.name + "0")


def test_a_run_that_cannot_be_read_stands_in_for_itself(fetched):
    (fetched.path / "run.json").write_text("{")
    out = fetched.path.parent
    assert isinstance(open_runs(out)[fetched.name], InputError)
    with pytest.raises(InputError, match=r"run\.json cannot be read"):
        find_run(out, fetched.name)


def test_a_folder_without_runs_says_so(tmp_path):
    with pytest.raises(InputError, match="holds no hardware runs"):
        find_run(tmp_path, "hw-1")
    with pytest.raises(InputError, match="holds no run"):
        HardwareRun(tmp_path)
    with pytest.raises(InputError, match="No such file or directory"):
        open_runs(tmp_path / "missing")
