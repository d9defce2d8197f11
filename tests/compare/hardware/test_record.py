import json
import shutil

import msgspec
import numpy as np
import pytest
from qiskit import qpy

from compare.durable import folder_at_once
from compare.engine.record import sealed
from compare.hardware.create import create
from compare.hardware.listing import find_run, open_runs
from compare.hardware.record import Batch, Intent, Job, Outcome, RunRecord, Submission
from compare.hardware.run import HardwareRun, file_digest
from compare.studies.ridgelet.jobs import measurement_of, problem_of
from problems.errors import InputError
from tests.compare.hardware.runs import SHOTS, bring, first_job, in_one_line, small_plan, submitted


@pytest.fixture(scope="module")
def original(served, tmp_path_factory):
    _, account, plan = served
    run = submitted(first_job(plan), account, tmp_path_factory.mktemp("runs"))
    bring(run, account)
    run.write(Batch(id="s0", closed=True))
    return run


@pytest.fixture
def fetched(original, server, tmp_path):
    """A run of one job that is on disk, with all the files a run can have."""
    return HardwareRun(shutil.copytree(original.path, tmp_path / "runs" / original.name))


def change(path, **changes):
    """Change a record by hand; a value of None leaves the field out."""
    content = json.loads(path.read_text()) | changes
    content = {name: value for name, value in content.items() if value is not None}
    path.write_text(json.dumps(content | {"digest": sealed(content)}))


def change_job(path, **changes):
    content = json.loads(path.read_text())
    change(path, jobs=[{k: v for k, v in (content["jobs"][0] | changes).items() if v is not None}])


def contents(run):
    return {path.name: path.read_bytes() for path in run.path.iterdir()}


KINDS = (RunRecord, Batch, Intent, Submission, Outcome)


def path_of(run, kind):
    return run.path / kind.file.format("000")


def read_anew(run, kind):
    return HardwareRun(run.path).read(kind, None if kind in (RunRecord, Batch) else run.jobs[0])


def required(kind):
    return [field for field in msgspec.structs.fields(kind) if field.required]


def test_the_payload_and_the_circuit_come_back_as_they_were(served, tmp_path):
    plan = served[2]
    run = HardwareRun(create(plan, tmp_path).path)
    for job, planned in zip(run.jobs, plan.jobs, strict=True):
        found, wanted = (problem_of(payload) for payload in (run.payload(job), planned.payload))
        assert found.digest == wanted.digest
        for name in ("points", "counts", "labels", "ridgelet"):
            np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))
        assert run.circuit(job) == planned.circuit
        assert job.fit == planned.fitted.summary() | {"layout": planned.fitted.layout}
        assert job.seed == planned.seed
    assert [job.tag for job in run.jobs] == [f"{run.name}-000", f"{run.name}-001"]
    assert (run.record.shots, run.record.backend, run.record.local) == (SHOTS, "ibm_fez", False)
    assert set(run.record.versions) >= {"qiskit", "qiskit-ibm-runtime", "quantum-tickets"}


def test_the_date_of_the_calibration_is_recorded(served, tmp_path):
    assert create(served[2], tmp_path).record.calibrated.startswith("2025-02-26T")  # the server has a snapshot's
    assert create(small_plan("fake_fez"), tmp_path).record.calibrated.startswith("2025-02-26T")
    assert create(small_plan("aer_statevector"), tmp_path).record.calibrated is None


@pytest.mark.parametrize("name", ["../../x", "0", "\u0660\u0660\u0660", "000\n", ""])
def test_a_job_s_name_leads_nowhere_else(fetched, name):
    change_job(fetched.path / "run.json", name=name)
    with pytest.raises(InputError, match=r"no record of a hardware run .*name"):
        HardwareRun(fetched.path)


def test_a_job_stands_in_a_record_once(fetched):
    path = fetched.path / "run.json"
    change(path, jobs=2 * json.loads(path.read_text())["jobs"])
    with pytest.raises(InputError, match=r"run\.json has a job twice; copy the run's folder whole again"):
        HardwareRun(fetched.path)


def test_a_circuit_that_is_none_is_refused(fetched):
    content = b"QISKIT\x10\x01\x00"
    (fetched.path / "circuit-000.qpy").write_bytes(content)
    files = fetched.jobs[0].files | {"circuit-000.qpy": file_digest(content)}
    change_job(fetched.path / "run.json", files=files)
    run = HardwareRun(fetched.path)
    with pytest.raises(InputError, match=r"circuit-000\.qpy (is no circuit|cannot be read)") as refusal:
        run.circuit(run.jobs[0])
    in_one_line(refusal)


def test_a_result_has_one_density_for_each_valid_shot(fetched):
    job = fetched.jobs[0]
    result = fetched.result(job)
    measured = measurement_of(result.arrays)
    assert measured.bits.shape == (SHOTS, job.bits)
    assert measured.valid.shape == (SHOTS,)
    assert len(measured.nodes) == len(result.arrays["density"]) == np.count_nonzero(measured.valid)
    assert result.numbers == {"valid": len(measured.nodes)}
    density = problem_of(fetched.payload(job)).density(measured.nodes)
    np.testing.assert_array_equal(result.arrays["density"], density)


@pytest.mark.parametrize("kind", KINDS)
def test_an_older_record_is_refused_and_left_as_it_is(fetched, kind):
    change(path_of(fetched, kind), schema=1)
    before = contents(fetched)
    with pytest.raises(
        InputError, match=r"schema 1, which this version \(from schema 2 on\) no longer reads"
    ) as refusal:
        read_anew(fetched, kind)
    in_one_line(refusal)
    assert contents(fetched) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_newer_record_is_refused_and_left_as_it_is(fetched, served, kind):
    newest = 3 if kind is RunRecord else 2
    change(path_of(fetched, kind), schema=newest + 1)
    before = contents(fetched)
    told = rf"has schema {newest + 1}, newer than {newest}, .*upgrade quantum-tickets"
    with pytest.raises(InputError, match=told) as refusal:
        read_anew(fetched, kind)
    in_one_line(refusal)
    if kind is Outcome:
        with pytest.raises(InputError, match="newer than 2"):
            bring(fetched, served[1])
    assert contents(fetched) == before


@pytest.mark.parametrize("schema", [None, "1", True, 1.0])
def test_a_record_without_a_version_is_refused(fetched, schema):
    change(fetched.path / "run.json", schema=schema)
    with pytest.raises(InputError, match=r"no record of a hardware run .*schema"):
        HardwareRun(fetched.path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"', "\udc80"])
def test_damaged_json_is_told_in_one_line(fetched, kind, content):
    path = path_of(fetched, kind)
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(InputError, match=f"{path.name} (cannot be read|is damaged, or no record)") as refusal:
        read_anew(fetched, kind)
    in_one_line(refusal)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.2, 0.9])
def test_half_a_record_is_told_in_one_line(fetched, kind, share):
    path = path_of(fetched, kind)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(InputError, match=f"{path.name} cannot be read") as refusal:
        read_anew(fetched, kind)
    in_one_line(refusal)


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, field.encode_name) for kind in KINDS for field in required(kind)], ids=str
)
def test_a_field_that_is_missing_is_named(fetched, kind, name):
    path = path_of(fetched, kind)
    known = path.read_text()
    for wrong in (None, ["wrong"]):
        path.write_text(known)
        change(path, **{name: wrong})
        with pytest.raises(InputError, match=rf"{path.name} is damaged, .*{name}") as refusal:
            read_anew(fetched, kind)
        in_one_line(refusal)


@pytest.mark.parametrize("name", [field.encode_name for field in required(Job)])
def test_a_field_of_a_job_that_is_missing_is_named(fetched, name):
    change_job(fetched.path / "run.json", **{name: None})
    with pytest.raises(InputError, match=f"run.json is damaged, .*{name}"):
        HardwareRun(fetched.path)


@pytest.mark.parametrize("name", ["payload-000.npz", "circuit-000.qpy"])
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
        run.payload(run.jobs[0]) if name.startswith("payload") else run.circuit(run.jobs[0])
    in_one_line(refusal)


@pytest.mark.parametrize("change_to", [{"payload": "other"}, {"settings": {}}, {"digest": "0" * 64}])
def test_a_payload_that_was_changed_in_the_record_is_refused(fetched, served, change_to):
    change_job(fetched.path / "run.json", **change_to)
    (fetched.path / "result-000.json").unlink()
    told = (
        "There is no kind of payload 'other'" if "payload" in change_to else "does not describe the payload of job 000"
    )
    with pytest.raises(InputError, match=told) as refusal:
        bring(fetched, served[1])
    in_one_line(refusal)


@pytest.mark.parametrize("wrong", [{"twirl": True}, {"twirling": "yes", "dynamical_decoupling": True}])
def test_suppression_that_was_changed_in_the_record_is_refused(fetched, wrong):
    change(fetched.path / "run.json", suppression=wrong)
    with pytest.raises(InputError, match=r"run.json is damaged, .*suppression") as refusal:
        HardwareRun(fetched.path)
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
    with pytest.raises(
        InputError, match=r"missing cannot be read \(there is no such folder\); name the folder of your runs with --out"
    ):
        open_runs(tmp_path / "missing")


def test_a_number_that_could_not_be_read_again_is_not_written(tmp_path):
    from compare.hardware.create import create
    from compare.hardware.plan import Order, make_plan
    from tests.compare.hardware.runs import small_payloads

    plan = make_plan(small_payloads(1), Order("aer_statevector", 10, 10**25))
    with pytest.raises(InputError, match="The run cannot be recorded"):
        create(plan, tmp_path)
    assert list(tmp_path.iterdir()) == []
