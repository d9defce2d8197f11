"""Tasks of a study for a device: submitted with the study's flags, fetched as records, and what needs them runs."""

import dataclasses
import errno
import json
import os
import re
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

import compare
from compare import cli, studies
from compare.engine.flags import command
from compare.engine.folder import ASKS, RECORDS, Ledger, opened
from compare.engine.running import plan
from compare.engine.session import run_command
from compare.hardware import submit
from compare.hardware.listing import open_runs
from compare.hardware.plan import Order, make_plan
from compare.hardware.record import Submission
from compare.hardware.tasks import create_for, find_orders, keep
from problems.errors import InputError
from tests.compare.hardware import ghz, placed
from tests.compare.hardware.in_process import Killed
from tests.compare.hardware.runs import bring, in_one_line

FOLDER = "runs/ghz"


@pytest.fixture(autouse=True)
def working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def run(monkeypatch, tickets):
    """The command line with the studies of `ghz` beside the others, which takes a line."""
    monkeypatch.setattr(cli.app, "registered_commands", [*cli.app.registered_commands])
    for study in (ghz.STUDY, placed.STUDY):
        monkeypatch.setitem(studies.STUDIES._modules, study.name, f"tests.compare.hardware.{study.name}")
        cli.app.command(study.name, help=study.summary)(command(study, run_command))
    # One worker, which is this process: others would import everything anew.
    return lambda line: tickets(*shlex.split(f"{line} --workers 1" if line.startswith("ghz") else line))


def lines(folder=FOLDER):
    return [json.loads(line) for line in Path(folder, RECORDS).read_text().splitlines()]


def run_in(folder=FOLDER):
    *_, last = open_runs(folder).values()
    return last


def test_what_a_device_measured_becomes_records_and_what_needs_them_runs(served, server, run, tmp_path):
    code, _, errors = run("ghz --seed 5")
    assert code == 1
    told = "2 tasks (ghz/shots) wait for a device: tickets submit --study ghz with the same flags, then tickets fetch."
    assert told in errors
    assert "2 tasks (ghz/share) wait for 'ghz/shots', which has no result." in errors
    code, out, errors = run("submit --study ghz --seed 5 --backend ibm_fez --yes")
    assert (code, errors) == (0, "")
    said = out.splitlines()
    found = run_in()
    assert said[0] == "ibm_fez: 2 jobs, 60 shots each"
    assert said[1].startswith("  000  GHZ of 2: 2 qubits, depth ")
    assert (said[-4], said[-1]) == (f"Run: {found.path}", found.name)
    assert [len(server.tagged(job.tag)) for job in found.jobs] == [1, 1]
    tasks = [ghz.SHOTS(ghz.Shots(qubits, 60, False, 5)) for qubits in (2, 3)]
    assert found.record.study == "ghz"
    assert [(job.answers.task, job.answers.settings) for job in found.jobs] == [(one.id, one.settings) for one in tasks]
    assert [(job.answers.kind, job.answers.version) for job in found.jobs] == [("ghz/shots", 1)] * 2

    code, out, errors = run(f"fetch {found.name} --wait")  # found in the study's folder, which is below runs
    assert (code, errors) == (0, "")
    told = f"2 records: {FOLDER}/records.jsonl; with the same flags as before, go on with: tickets ghz"
    assert [line.replace(".venv/bin/", "") for line in out.splitlines()][-3] == told
    assert f"000: GHZ of 2: 60 shots, 0 broken: {found.path / 'result-000.npz'}" in out
    first, second = lines()
    assert [line["task"] for line in (first, second)] == [one.id for one in tasks]
    assert first["machine"]["device"] == {
        "backend": "ibm_fez",
        "calibrated": found.record.calibrated,
        "run": found.name,
    }
    assert first["result"]["ones"] == found.result(found.jobs[0]).numbers["ones"]

    code, out, errors = run("ghz --seed 5")
    assert (code, errors) == (0, "")
    assert "2 tasks run, 2 were finished before" in out
    assert "2 states were measured." in out
    runs = compare.run(ghz.STUDY, seed=5, progress=False, workers=1)
    assert [row["intact"] for row in runs[ghz.SHARE]] == [1.0, 1.0]
    assert sorted(line["inputs"] for line in lines()[2:]) == sorted([one.id] for one in tasks)
    code, out, errors = run(f"report {FOLDER}")
    assert (code, errors) == (0, "")


def test_a_result_is_one_record_however_often_it_is_fetched(served, server, run):
    run("submit --study ghz --backend ibm_fez --yes")
    found = run_in()
    assert run(f"fetch {found.name} --wait")[0] == 0
    before = (found.path.parent / RECORDS).read_bytes()
    code, out, errors = run(f"fetch {found.name}")
    assert (code, errors) == (0, "")
    assert "record" not in out
    assert (found.path.parent / RECORDS).read_bytes() == before
    assert len(lines()) == 2


def killed_submission(moment, patch):
    """Kill the next submission when its run is written and nothing is submitted, or when the first of two jobs is."""
    known = submit._submit

    def kill(*arguments, **options):
        raise Killed

    def once(*arguments):
        known(*arguments)
        raise Killed

    patch.setattr(submit, *(("_send", kill) if moment == "before" else ("_submit", once)))


@pytest.mark.parametrize("moment", ["before", "between"])
def test_killed_before_all_is_submitted_nothing_is_lost_or_submitted_twice(served, server, run, moment, monkeypatch):
    with monkeypatch.context() as patch:
        killed_submission(moment, patch)
        with pytest.raises(Killed):
            run("submit --study ghz --backend ibm_fez --yes")
    monkeypatch.setattr("compare.trusted._trusted", set())  # as in another process
    found, before = run_in(), len(server.jobs)
    assert len(server.tagged(found.tag)) == (moment == "between")
    assert len(found.jobs) == 2
    code, out, errors = run("submit --study ghz --backend ibm_fez --yes")
    assert (code, out) == (2, "")
    advice = f"tickets fetch {found.name} --out {FOLDER}"
    assert errors == f"tickets: Of 2 tasks for a device: 2 submitted ({advice}); nothing is left to submit.\n"
    assert (len(server.jobs), len(open_runs(FOLDER))) == (before, 1)
    advice = f"{advice} --trust {ghz.PARITY}"
    code, _, errors = run(advice.partition(" --trust")[0].removeprefix("tickets "))
    assert (code, f"if you know it, repeat it: --trust {ghz.PARITY}" in errors) == (2, True)
    code, _, errors = run(advice.removeprefix("tickets "))
    assert code == 1
    assert "never submitted" in errors
    (resume,) = re.findall(r"tickets (submit --resume .*?)$", errors)
    assert len(lines()) == (moment == "between")
    code, _, errors = run(f"submit --study placed --resume={found.name}")
    assert (code, "is of the study ghz, and not of placed; leave --study out" in errors) == (2, True)
    assert run(resume)[0] == 0
    assert run(resume.replace("--resume ", "--study ghz --resume="))[0] == 0
    assert run(f"{advice.removeprefix('tickets ')} --wait")[0] == 0
    assert [len(server.tagged(job.tag)) for job in found.jobs] == [1, 1]
    assert len(lines()) == 2
    assert run("ghz")[0] == 0


def test_killed_between_a_result_and_its_record_it_is_appended_by_the_next_fetch(run):
    run("submit --study ghz --backend aer_statevector --yes")
    found = run_in()
    bring(found, None)  # the results are on disk, and no record is
    assert "nothing is left to submit" in run("submit --study ghz --backend aer_statevector --yes")[2]
    assert run(f"fetch {found.name}")[0] == 0
    assert len(lines()) == 2


def test_a_task_that_failed_on_the_device_stays_waiting_and_is_submitted_alone(served, server, run):
    run("submit --study ghz --backend ibm_fez --yes")
    found = run_in()
    server.set_state(found.job_id(found.jobs[1]), "Failed", reason="too hot")
    code, _, errors = run(f"fetch {found.name} --wait")
    assert code == 1
    assert "what has failed needs a new run: tickets submit --study ghz" in errors
    assert [line["settings"]["qubits"] for line in lines()] == [2]
    code, out, errors = run("ghz")
    assert code == 1
    assert "1 task (ghz/shots) waits for a device" in errors
    assert "1 states were measured." in out
    assert found.read(Submission, found.jobs[1]).state == "failed"
    code, out, errors = run("submit --study ghz --backend ibm_fez --yes")
    assert (code, errors) == (0, "")
    assert out.splitlines()[:2] == ["Of 2 tasks for a device: 1 finished.", "ibm_fez: 1 job, 60 shots each"]
    assert run(f"fetch {out.splitlines()[-1]} --wait")[0] == 0
    assert run("ghz")[0] == 0
    assert len(lines()) == 4


def test_more_is_submitted_beside_what_is_under_way(run):
    run("submit --study ghz --qubits 2 --shots 60 --backend aer_statevector --yes")
    first = run_in()
    code, out, _ = run("submit --study ghz --qubits 2,4 --shots 60,10 --backend aer_statevector --yes")
    assert code == 0
    under_way = f"1 submitted (tickets fetch {first.name} --out {FOLDER})"
    assert out.splitlines()[:2] == [
        f"Of 4 tasks for a device: {under_way}.",
        "aer_statevector: 3 jobs, 10 to 60 shots each",
    ]
    second = next(one for one in open_runs(FOLDER).values() if one.name != first.name)
    for one in (first, second):
        assert run(f"fetch {one.name}")[0] == 0
    assert [len(second.result(job).arrays["bits"]) for job in second.jobs] == [
        job.answers.settings["shots"] for job in second.jobs
    ]
    assert len(lines()) == 4
    assert len(list((first.path.parent / ASKS).iterdir())) == 2
    assert run("ghz --qubits 2,4 --shots 60,10")[0] == 0


def test_numbers_of_a_simulated_device_depend_on_the_task_alone(run):
    def ones(folder, qubits):
        run(f"submit --study ghz --qubits {qubits} --backend fake_fez --yes --out {folder}")
        assert run(f"fetch {run_in(folder).name} --out {folder}")[0] == 0
        return {line["settings"]["qubits"]: line["result"] for line in lines(folder)}

    assert ones("one", "3") == {3: ones("two", "2,3")[3]}


def test_a_task_for_a_device_may_need_others(run):
    line = "submit --study ghz --drawn --backend aer_statevector --yes"
    code, out, errors = run(line)
    assert (code, out) == (2, "")
    told = "2 waiting for others (tickets ghz runs them); nothing is left to submit."
    assert errors == f"tickets: Of 2 tasks for a device: {told}\n"
    assert not os.path.exists(FOLDER)
    assert run("ghz --drawn")[0] == 1
    assert run(line)[0] == 0
    flips = {line["settings"]["qubits"]: line["task"] for line in lines()}
    assert run(f"fetch {run_in().name}")[0] == 0
    assert [line["inputs"] for line in lines() if line["kind"] == "ghz/shots"] == [[flips[2]], [flips[3]]]
    payload = run_in().payload(run_in().jobs[1])
    (drawn,) = [line["result"]["flips"] for line in lines() if line["task"] == flips[3]]
    np.testing.assert_array_equal(payload.arrays["flips"], drawn["values"])
    assert run("ghz --drawn")[0] == 0


def test_a_folder_in_which_another_command_is_at_work_is_told_in_one_line(run):
    run("submit --study ghz --backend aer_statevector --yes")
    found = run_in()
    with opened(found.path.parent):
        code, _, errors = run(f"fetch {found.name}")
        assert code == 2
        busy = f"tickets: Another command writes in {FOLDER} now; wait until it ends, "
        assert errors == f"{busy}and fetch again: what came is kept.\n"
        code, _, errors = run("submit --study ghz --qubits 5 --backend aer_statevector --yes")
        assert (code, errors.count("\n")) == (2, 1)
        assert errors.startswith(busy)
    assert len(open_runs(FOLDER)) == 1
    assert found.has_result(found.jobs[0])
    assert run(f"fetch {found.name}")[0] == 0
    assert len(lines()) == 2


def test_two_commands_never_submit_the_same_task(run, tmp_path):
    asked = plan(ghz.STUDY, [ghz.Settings()])
    orders = [find_orders(asked, tmp_path / "out") for _ in range(2)]
    planned = make_plan(orders[0].ordered, Order("aer_statevector", 60))
    first = create_for(orders[0], planned, tmp_path / "out")
    with pytest.raises(
        InputError, match=f"{first.name} has tasks of these by now; the same command submits"
    ) as refusal:
        create_for(orders[1], planned, tmp_path / "out")
    in_one_line(refusal)
    assert len(open_runs(tmp_path / "out")) == 1


def changed(**kind):
    """The study as another version has it."""
    return dataclasses.replace(ghz.STUDY, kinds=(dataclasses.replace(ghz.SHOTS, **kind),))


@pytest.mark.parametrize(
    ("study", "told"),
    [
        (changed(version=2), r"answers 'ghz/shots' version 1, which tickets ghz does not have now; fetch"),
        (
            changed(name="ghz/more"),
            r"answers 'ghz/shots' version 1, which tickets ghz does not have now; fetch it with",
        ),
        (
            changed(result=ghz.Share),
            r"The results of '.*PARITY' are no Share of 'ghz/shots' \(.*'intact'.*\); name its",
        ),
        (changed(task=ghz.Flips), r"Flips has no field 'drawn'"),
    ],
)
def test_a_result_that_is_none_of_the_study_is_refused_and_kept(run, study, told):
    run("submit --study ghz --qubits 2 --backend aer_statevector --yes")
    found = run_in()
    bring(found, None)
    with pytest.raises(InputError, match=told) as refusal:
        keep(found, study)
    in_one_line(refusal)
    assert lines() == []
    assert keep(found, ghz.STUDY) == len(lines()) == 1


def test_a_run_without_its_study_s_folder_says_where_it_belongs(run, tmp_path):
    run("submit --study ghz --qubits 2 --backend aer_statevector --yes")
    found = run_in()
    (tmp_path / "there").mkdir()
    shutil.move(found.path, tmp_path / "there")
    code, _, errors = run(f"fetch {found.name} --out there")
    assert (code, errors.count("\n")) == (2, 1)
    assert "there is no folder of tickets ghz, and the results of" in errors
    assert (tmp_path / "there" / found.name / "result-000.npz").exists()
    shutil.move(tmp_path / "there" / found.name, found.path)
    assert run(f"fetch {found.name}")[0] == 0
    assert len(lines()) == 1


def test_a_full_disk_keeps_what_was_fetched(run, monkeypatch):
    run("submit --study ghz --backend aer_statevector --yes")
    found = run_in()

    def full(self, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "_append", full)
        code, _, errors = run(f"fetch {found.name}")
    assert (code, errors.count("\n")) == (1, 1)
    assert "(No space left on device); make room, and fetch again: what came is kept." in errors
    assert run(f"fetch {found.name}")[0] == 0
    assert len(lines()) == 2


def test_what_a_study_leaves_out_is_named(tmp_path):
    without = dataclasses.replace(ghz.SHOTS, measure="")
    other = dataclasses.replace(ghz.SHOTS, measure=lambda task, seeds, inputs: 3)
    for kind, told in ((without, "'ghz/shots' has no measure that says"), (other, "of 'ghz/shots' gave a int; return")):
        asked = plan(dataclasses.replace(ghz.STUDY, tasks=kind.product, kinds=(kind,)), [ghz.Settings()])
        with pytest.raises(InputError, match=told) as refusal:
            find_orders(asked, tmp_path / "out")
        in_one_line(refusal)
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_unless_one_agrees(run, tmp_path, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "n")
    code, _, errors = run("submit --study ghz --backend aer_statevector")
    assert (code, errors) == (1, "tickets: nothing was submitted.\n")
    assert list(tmp_path.iterdir()) == []


def test_flags_are_those_of_the_study_and_of_an_order(run):
    code, out, _ = run("submit --study ghz --help")
    words = " ".join(re.sub(r"[│╭╮╰╯─]", " ", out).split())
    assert code == 0
    for flag in ("--qubits", "--shots INTEGER,...", "--drawn", "--seed", "--preset", "--grid", "--backend", "--yes"):
        assert flag in words
    for flag in ("--prime", "--encoding", "--workers", "--resume"):
        assert flag not in words
    code, out, _ = run("submit --study=ghz --preset tiny --dd --backend fake_fez --yes --out here")
    assert code == 0
    assert [job.answers.settings["qubits"] for job in run_in("here").jobs] == [1]
    assert run_in("here").suppression.dynamical_decoupling
    assert run(f"fetch {run_in('here').name} --out here")[0] == 0
    assert run("submit --study ghz --help")[0] == 0


def test_a_file_of_one_s_own_is_read_where_tasks_are_submitted_and_kept_with_the_records(tmp_path):
    Path("my.csv").write_text("one,way\n1.5,up\n2.5,down\n0.5,up\n1.0,down\n")
    asked = plan(placed.OF_FILE, [placed.FileSettings(("my.csv",), "way")])
    orders = find_orders(asked, tmp_path / "out")
    assert [(one.shots, one.payload.arrays["flips"].tolist()) for one in orders.ordered] == [(4, [True, False])]
    found = create_for(orders, make_plan(orders.ordered, Order("aer_statevector", 4)), tmp_path / "out")
    Path("my.csv").unlink()
    bring(found, None)
    assert keep(found, placed.OF_FILE) == 1
    table, shots = lines("out")
    assert (table["kind"], shots["kind"], shots["inputs"]) == ("data/table", "rows/shots", [table["task"]])


BAD = {
    "submit --study gzh --backend aer_mps": "There is no study 'gzh'. Did you mean 'ghz'",
    "submit --study": "Option '--study' requires an argument",
    "submit --study ghz": "No backend is named; give --backend",
    "submit --study ghz --backend aer_mp": "There is no backend 'aer_mp'. Did you mean 'aer_mps'",
    "submit --study ghz --qubits 0 --backend aer_mps": "qubits = 0 is too small",
    "submit --study ghz --qubits 101 --backend aer_mps": "qubits = 101 is more than any device has",
    "submit --study ghz --shots 100001 --backend fake_fez": "shots = 100001 is beyond the limit of fake_fez",
    "submit --study ghz --prime 3 --backend aer_mps": "No such option: --prime",
    "submit --study ghz --qubits 9 --backend fake_yorktown": "has 9 qubits, but fake_yorktown connects 5",
    "submit --study ghz --backend aer_mps --out file": "--out file cannot be a folder: file is a file",
    "submit --study scale --backend aer_mps": "With these settings tickets scale has no tasks for a device; run it",
    "submit --study placed": "A run is on one backend; give --backend one of aer_mps, aer_statevector",
}


@pytest.mark.parametrize("line", BAD)
def test_bad_orders_are_refused_in_one_line(run, tmp_path, line):
    (tmp_path / "file").write_text("")
    code, out, errors = run(f"{line} --yes" if line != "submit --study" else line)
    assert (code, out, errors.count("\n")) == (2, "", 1)
    assert BAD[line] in errors
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_study_may_have_the_backend_in_its_tasks(run):
    for backend in ("aer_mps", "aer_statevector"):
        assert run(f"submit --study placed --backend {backend} --yes --out out")[0] == 0
    for found in open_runs("out").values():
        assert {job.answers.settings["backend"] for job in found.jobs} == {found.record.backend}
        assert run(f"fetch {found.name} --out out")[0] == 0
    assert sorted(line["settings"]["backend"] for line in lines("out")) == ["aer_mps", "aer_statevector"]
